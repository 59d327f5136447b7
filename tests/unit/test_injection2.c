/* SPDX-License-Identifier: BSD-2-Clause */
/* EINJ version 2: several components at once (ACPI 6.5, 18.6.4). */
#include "einj_rig.h"

/* Several components at once: as many sections, as severe as the worst. */
static void version_2(void **state)
{
	const struct sdei_cper_memory *m;
	const struct sdei_cper_pcie *pcie;

	(void)state;
	target(0, ADDRESS, 0);
	components(3, C(4, 0), C(5, 1), C(0xffff, 0));
	assert_int_equal(einj(2, 0xa), 0);
	assert_int_equal(record()->sections, 3);
	assert_int_equal(record()->severity, 0);
	m = section(0, SDEI_SECTION_MEMORY, 2);
	assert_int_equal(m->valid, 0x4086);
	assert_int_equal(m->device, 4);
	assert_int_equal(m->physical_address, ADDRESS);
	m = section(1, SDEI_SECTION_MEMORY, 0);
	assert_int_equal(m->device, 5);
	m = section(2, SDEI_SECTION_MEMORY, 2);
	assert_int_equal(m->device, 0xffff);
	components(8, C(3, 0), C(0, 0), C(1, 2), C(2, 1), C(3, 0), C(3, 0),
		   C(3, 0), C(3, 0));
	assert_int_equal(einj(1, 8), 0);
	assert_int_equal(record()->sections, 8);
	assert_int_equal(record()->severity, 1);
	assert_int_equal(record()->pe, 3);
	for (unsigned i = 0; i < 8; i++) {
		static const uint8_t uids[] = { 3, 0, 1, 2, 3, 3, 3, 3 };
		const struct sdei_cper_processor *p =
			section(i, SDEI_SECTION_PROCESSOR,
				i == 2   ? 1
				: i == 3 ? 0
					 : 2);

		assert_int_equal(p->mpidr, 0x100 + uids[i]);
	}
	components(1, C(SBDF, 1));
	assert_int_equal(einj(4, 8), 0);
	pcie = section(0, SDEI_SECTION_PCIE, 0);
	assert_int_equal(pcie->id.bus, 2);
	/* Eight of the largest kind. */
	components(8, C(SBDF, 0), C(SBDF, 0), C(SBDF, 0), C(SBDF, 0),
		   C(SBDF, 0), C(SBDF, 0), C(SBDF, 0), C(SBDF, 0));
	assert_int_equal(einj(4, 8), 0);
	assert_int_equal(record()->severity, 2);
	assert_int_equal(reports, 4);
}

static void version_2_refused(void **state)
{
	(void)state;
	target(0, ADDRESS, SBDF);
	components(1, C(4, 0));
	assert_int_equal(einj(2, 8), 2);
	assert_int_equal(einj(3, 0xa), 2);
	assert_int_equal(einj(8, 0xa), 2);
	assert_int_equal(einj(0x80000000, 0xa), 2);
	assert_int_equal(einj(2, 0x1a), 2);
	put(TARGET + 42, 0, 2);
	assert_int_equal(einj(2, 0xa), 2);
	put(TARGET + 42, 9, 2);
	assert_int_equal(einj(2, 0xa), 2);
	put(TARGET + 42, 0xffff, 2);
	assert_int_equal(einj(2, 0xa), 2);
	components(2, C(4, 0), C(4, 3));
	assert_int_equal(einj(2, 0xa), 2);
	components(2, C(4, 0), C(4, 0x100));
	assert_int_equal(einj(2, 0xa), 2);
	components(2, C(4, 0), C(0x10000, 0));
	assert_int_equal(einj(2, 0xa), 2);
	components(2, C(4, 0), C(4ull << 32 | 4, 0));
	assert_int_equal(einj(2, 0xa), 2);
	components(1, C(4, 0));
	put(TARGET + 44 + 15, 1, 1);
	assert_int_equal(einj(2, 0xa), 2);
	components(1, C(4, 0));
	put(TARGET + 60 + 15, 1, 1);
	assert_int_equal(einj(2, 0xa), 2);
	components(1, C(PES, 0));
	assert_int_equal(einj(1, 8), 2);
	components(2, C(SBDF, 0), C(SBDF + 0x100, 0));
	assert_int_equal(einj(4, 8), 2);
	assert_int_equal(reports, 0);
	components(1, C(4, 0));
	config.types2 = 5;
	assert_int_equal(einj(2, 0xa), 2);
	config.types2 = 2;
	assert_int_equal(einj(2, 0xa), 0);
}

static const struct sdei_cper_cxl_protocol *
cxl_error(uint32_t type, unsigned severity, const struct sdei_cxl_ras **log)
{
	const struct sdei_cper_cxl_protocol *c;

	target(77, 0, SBDF);
	assert_int_equal(einj(type, 4), 0);
	assert_int_equal(record()->severity, severity);
	assert_int_equal(record()->sections, 1);
	c = section(0, SDEI_SECTION_CXL_PROTOCOL, severity);
	assert_int_equal(sdei_record_next(record(), NULL)->size, 116 + 88);
	assert_int_equal(c->dvsec_length, 0);
	assert_int_equal(c->log_length, 88);
	*log = (const struct sdei_cxl_ras *)(const void *)(c + 1);
	return c;
}

/* CXL.cache and CXL.mem: bits 12 to 17 (ACPI 6.5, 18.6.1); the log's bits are CXL
 * 3.1's (8.2.4.17): data ECC, of the one and of the other. */
static void cxl_errors(void **state)
{
	static const uint32_t corrected[] = { 1u << 0, 1u << 1 };
	static const uint32_t uncorrected[] = { 1u << 3, 1u << 7 };
	const struct sdei_cxl_ras *log;

	(void)state;
	config.types |= 0x3f000;
	for (unsigned i = 0; i < 6; i++) {
		const unsigned severity = severities[i % 3];
		const struct sdei_cper_cxl_protocol *c =
			cxl_error(0x1000u << i, severity, &log);

		/* Agent, address, ids and log: N.2.13. */
		assert_int_equal(c->valid, 0x47);
		assert_int_equal(c->agent_type, 5);
		assert_int_equal(c->address.segment, 1);
		assert_int_equal(c->address.bus, 2);
		assert_int_equal(c->address.device, 3);
		assert_int_equal(c->address.function, 3);
		assert_int_equal(c->vendor_id, 0x1b36);
		assert_int_equal(c->class_code, 0x0604);
		assert_int_equal(c->slot, 7 << 3);
		assert_int_equal(log->corrected_status,
				 i % 3 ? 0 : corrected[i / 3]);
		assert_int_equal(log->uncorrected_status,
				 i % 3 ? uncorrected[i / 3] : 0);
		assert_int_equal(log->uncorrected_severity,
				 i % 3 == 2 ? uncorrected[i / 3] : 0);
	}
}

/* The port's kind is its PCIe capability's (PCI Express 6.0, 7.5.3.2). */
static void cxl_agents(void **state)
{
	static const uint8_t agents[][2] = {
		{ 0, 2 }, { 4, 5 }, { 5, 7 }, { 6, 6 }, { 9, 5 },
	};
	const struct sdei_cper_cxl_protocol *c;
	const struct sdei_cxl_ras *log;

	(void)state;
	config.types |= 0x3f000;
	for (unsigned i = 0; i < sizeof(agents) / sizeof(agents[0]); i++) {
		port_valid = 1 | 1 << 6; /* port type, capability */
		port_type = agents[i][0];
		c = cxl_error(0x8000, 2, &log);
		assert_int_equal(c->agent_type, agents[i][1]);
		assert_int_equal(c->valid, 0x57);
		for (unsigned k = 0; k < 60; k++)
			assert_int_equal(c->capability[k], 0x55);
		assert_int_equal(log->corrected_status, 2);
	}
}

static void cxl_refused(void **state)
{
	(void)state;
	target(77, ADDRESS, SBDF);
	/* Not offered; then each alone. */
	for (unsigned bit = 12; bit < 18; bit++)
		assert_int_equal(einj(1u << bit, 4), 2);
	config.types |= 0x07000;
	assert_int_equal(einj(0x8000, 4), 2);
	config.types |= 0x38000;
	/* Nobody says where; a restricted host's port (an address); two at once; a
	 * port that there is not. */
	assert_int_equal(einj(0x1000, 0), 2);
	assert_int_equal(einj(0x8000, 2), 2);
	assert_int_equal(einj(0x9000, 4), 2);
	assert_int_equal(einj(0x80001000, 4), 2);
	target(77, ADDRESS, SBDF + 0x100);
	assert_int_equal(einj(0x8000, 4), 2);
	assert_int_equal(reports, 0);
	target(77, ADDRESS, SBDF);
	assert_int_equal(einj(0x8000, 4), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(version_2, setup),
		cmocka_unit_test_setup(version_2_refused, setup),
		cmocka_unit_test_setup(cxl_errors, setup),
		cmocka_unit_test_setup(cxl_agents, setup),
		cmocka_unit_test_setup(cxl_refused, setup),
	};

	return cmocka_run_group_tests_name("injection2", tests, NULL, NULL);
}
