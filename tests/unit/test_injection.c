/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EINJ, as a kernel drives it (ACPI 6.5, 18.6.5) and as a hostile one does.
 */
#include "einj_rig.h"

static void registers_at_start(void **state)
{
	(void)state;
	assert_int_equal(get(REGISTERS + SDEI_EINJ_BUSY, 8), 0);
	/* Bit 30: version 2 (18.6.1, GET_ERROR_TYPE). */
	assert_int_equal(get(REGISTERS + SDEI_EINJ_TYPES, 8), 0xc0000fff);
	assert_int_equal(get(REGISTERS + SDEI_EINJ_TYPES2, 8), 7);
	/* The extension's length, revision and count: 8 components. */
	assert_int_equal(get(TARGET + 36, 4), 8 + 8 * 32);
	assert_int_equal(get(TARGET + 40, 2), 1);
	assert_int_equal(get(TARGET + 42, 2), 0);
	/* The vendor's, where the target says. */
	assert_int_equal(get(TARGET + 4, 4), 0x130);
	assert_int_equal(get(TARGET + 0x130, 4), 16 + 20);
	assert_int_equal(get(TARGET + 0x134, 4), SBDF);
	assert_int_equal(get(TARGET + 0x138, 4), 0x56781234);
	assert_int_equal(get(TARGET + 0x13c, 4), 9);
	/* Trigger table: header size, revision, table size, entries. */
	assert_in_range(get(REGISTERS + SDEI_EINJ_TRIGGER, 8),
			TARGET + 0x140 + SDEI_EINJ_VENDOR_MAX,
			REGISTERS + SDEI_EINJ_SIZE - 16);
	assert_int_equal(get(get(REGISTERS + SDEI_EINJ_TRIGGER, 8), 8), 16);
	assert_int_equal(get(get(REGISTERS + SDEI_EINJ_TRIGGER, 8) + 8, 8), 16);
	assert_int_equal(client[0x1000 + SDEI_EINJ_SIZE], 0xa5);
	/* Neither. */
	config.types = 0x3f;
	config.types2 = 0;
	assert_true(sdei_einj_publish(&config));
	assert_int_equal(get(REGISTERS + SDEI_EINJ_TYPES, 8), 0x3f);
	for (unsigned i = 0; i < 0x140; i++)
		assert_int_equal(get(TARGET + i, 1), 0);
	client_is_bad = true;
	assert_false(sdei_einj_publish(&config));
}

static void memory_errors(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		const struct sdei_cper_memory *m;

		target(3, ADDRESS, SBDF);
		assert_int_equal(einj(8u << i, 2), 0);
		assert_int_equal(record()->severity, severities[i]);
		assert_int_equal(record()->sections, 1);
		m = section(0, SDEI_SECTION_MEMORY, severities[i]);
		assert_int_equal(m->valid, 0x4006);
		assert_int_equal(m->physical_address, ADDRESS);
		assert_int_equal(m->physical_address_mask, MASK);
		assert_int_equal(m->error_type, i ? 3 : 2);
	}
	/* More flags, as a tool may set them, do no harm. */
	assert_int_equal(einj(8, 7), 0);
	assert_int_equal(reports, 4);
}

static const struct sdei_cper_arm_error *
arm_error(const struct sdei_cper_processor *p)
{
	return (const struct sdei_cper_arm_error *)(p + 1);
}

static void processor_errors(void **state)
{
	const struct sdei_cper_processor *p;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		target(3, ADDRESS, SBDF);
		assert_int_equal(einj(1u << i, 1), 0);
		assert_int_equal(record()->severity, severities[i]);
		assert_int_equal(record()->pe, 3);
		p = section(0, SDEI_SECTION_PROCESSOR, severities[i]);
		assert_int_equal(p->mpidr, 0x103);
		assert_int_equal(p->length, 40 + 32);
		assert_int_equal(arm_error(p)->valid, 5);
	}
	/* With an address; without a UID it is the PE's that nobody named. */
	target(1, ADDRESS, 0);
	assert_int_equal(einj(1, 3), 0);
	assert_int_equal(record()->pe, 1);
	p = section(0, SDEI_SECTION_PROCESSOR, 2);
	assert_int_equal(arm_error(p)->valid, 0x15);
	assert_int_equal(arm_error(p)->physical_address, ADDRESS);
	target(77, ADDRESS, 0);
	assert_int_equal(einj(1, 0), 0);
	assert_int_equal(record()->pe, 2);
}

static void pcie_errors(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		const struct sdei_cper_pcie *p;

		target(77, 0, SBDF);
		assert_int_equal(einj(0x40u << i, 4), 0);
		assert_int_equal(record()->severity, severities[i]);
		p = section(0, SDEI_SECTION_PCIE, severities[i]);
		assert_int_equal(p->valid, 8);
		assert_int_equal(p->id.segment, 1);
		assert_int_equal(p->id.bus, 2);
		assert_int_equal(p->id.device, 3);
		assert_int_equal(p->id.function, 3);
		assert_int_equal(p->id.vendor_id, 0x1b36);
	}
}

static void platform_errors(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		const struct sdei_cper_firmware *f;

		assert_int_equal(einj(0x200u << i, 0), 0);
		assert_int_equal(record()->severity, severities[i]);
		f = section(0, SDEI_SECTION_FIRMWARE, severities[i]);
		assert_int_equal(f->revision, 2);
		assert_memory_equal(f->record_guid, platform_guid, 16);
	}
}

static void vendor_errors(void **state)
{
	static const struct {
		uint32_t type;
		unsigned severity;
	} cases[] = { { 0x80000000, 2 },
		      { 0x80000200, 2 },
		      { 0x80000400, 0 },
		      { 0x80000800, 1 } };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		const uint8_t *v;

		for (unsigned k = 0; k < SDEI_EINJ_VENDOR_MAX; k++)
			put(TARGET + 0x140 + k, 0x40 + k, 1);
		assert_int_equal(einj(cases[i].type, 0), 0);
		assert_int_equal(record()->severity, cases[i].severity);
		v = section(0, SDEI_SECTION_VENDOR, cases[i].severity);
		assert_int_equal(sdei_record_next(record(), NULL)->size, 36);
		assert_memory_equal(v, vendor_guid, 16);
		for (unsigned k = 0; k < 20; k++)
			assert_int_equal(v[16 + k], 0x40 + k);
	}
	/* By SET_ERROR_TYPE, too. */
	put(REGISTERS + SDEI_EINJ_TYPE, 0x80000400, 8);
	put(TARGET + 0x140 + 19, 0x99, 1);
	assert_int_equal(einj(0, 8), 0);
	assert_int_equal(record()->severity, 0);
	assert_int_equal(((const uint8_t *)section(0, SDEI_SECTION_VENDOR,
						   0))[16 + 19],
			 0x99);
	assert_int_equal(einj(0x80000008, 2), 2);
	assert_int_equal(einj(0x80000600, 0), 2);
	assert_int_equal(einj(0x80001000, 0), 2);
	assert_int_equal(einj(0xc0000000, 0), 2);
}

/* SET_ERROR_TYPE alone: enough for a processor, not for memory. */
static void type_without_target(void **state)
{
	(void)state;
	target(3, ADDRESS, SBDF);
	put(REGISTERS + SDEI_EINJ_TYPE, 2, 8);
	assert_int_equal(einj(0, 1), 0);
	assert_int_equal(record()->pe, 2);
	put(REGISTERS + SDEI_EINJ_TYPE, 8, 8);
	assert_int_equal(einj(0, 2), 2);
	assert_int_equal(reports, 1);
}

/* A request is served once, however often the doorbell rings, for whomever. */
static void served_once(void **state)
{
	(void)state;
	target(0, ADDRESS, 0);
	assert_int_equal(einj(8, 2), 0);
	assert_int_equal(ring(), 2);
	put(REGISTERS + SDEI_EINJ_STATUS, 77, 8);
	put(TARGET, 8, 4);
	sdei_einj_serve(&config);
	assert_int_equal(get(REGISTERS + SDEI_EINJ_STATUS, 8), 77);
	assert_int_equal(get(TARGET, 4), 8);
	assert_int_equal(reports, 1);
	assert_int_equal(ring(), 0);
	assert_int_equal(reports, 2);
	answer = SDEI_EINJ_UNKNOWN_FAILURE;
	assert_int_equal(einj(8, 2), 1);
}

static void refused(void **state)
{
	(void)state;
	target(0, ADDRESS, SBDF);
	assert_int_equal(einj(0, 2), 2);
	assert_int_equal(einj(0x18, 2), 2);
	assert_int_equal(einj(0x1000, 7), 2);
	assert_int_equal(einj(0x40000000, 7), 2);
	assert_int_equal(einj(8, 0x12), 2);
	assert_int_equal(einj(8, 1), 2);
	assert_int_equal(einj(0x40, 3), 2);
	target(PES, 0x60000000, SBDF + 0x100);
	assert_int_equal(einj(1, 1), 2);
	assert_int_equal(einj(8, 2), 2);
	assert_int_equal(einj(0x40, 4), 2);
	target(UINT32_MAX, 0x3fffffff, 0);
	assert_int_equal(einj(1, 1), 2);
	assert_int_equal(einj(8, 2), 2);
	config.types = 0x38;
	target(0, ADDRESS, SBDF);
	assert_int_equal(einj(1, 1), 2);
	assert_int_equal(einj(0x40, 4), 2);
	assert_int_equal(einj(0x200, 0), 2);
	assert_int_equal(einj(0x80000000, 0), 2);
	assert_int_equal(reports, 0);
	assert_int_equal(einj(0x20, 2), 0);
	/* What has no severity or no section, whatever is said to be offered. */
	config.types = UINT32_MAX;
	for (unsigned bit = 18; bit < 31; bit++)
		assert_int_equal(einj(1u << bit, 7), 2);
	assert_int_equal(reports, 1);
}

/* Another PE rewrites the registers once they were read. */
static void rewrite(void)
{
	static unsigned accesses;

	/* First whether there is a request, then what. */
	if (accesses++ > 1) {
		put(TARGET, 0x20, 4);
		target(0xffffffff, 0, 0);
	}
}

static void rewritten_meanwhile(void **state)
{
	const struct sdei_cper_memory *m;

	(void)state;
	target(0, ADDRESS, 0);
	put(TARGET, 8, 4);
	put(TARGET + 8, 2, 4);
	put(REGISTERS + SDEI_EINJ_BUSY, 1, 8);
	on_access = rewrite;
	sdei_einj_serve(&config);
	assert_int_equal(reports, 1);
	m = section(0, SDEI_SECTION_MEMORY, 2);
	assert_int_equal(m->physical_address, ADDRESS);
}

/* Memory that fails: nothing is reported that was not read. */
static void poisoned(void **state)
{
	(void)state;
	target(0, ADDRESS, 0);
	put(TARGET, 8, 4);
	put(TARGET + 8, 2, 4);
	put(REGISTERS + SDEI_EINJ_BUSY, 1, 8);
	client_is_bad = true;
	sdei_einj_serve(&config);
	assert_int_equal(reports, 0);
}

/*
 * Everything shared holds anything, and changes: the record is sound (report()
 * looks), the answer one of three.
 */
static void hostile(void **state)
{
	(void)state;
	srand(1);
	on_access = hostile_byte;
	for (unsigned round = 0; round < 50000; round++) {
		for (unsigned i = 0; i < SDEI_EINJ_SIZE; i++)
			put(REGISTERS + i, (unsigned)rand(), 1);
		put(REGISTERS + SDEI_EINJ_BUSY, 1, 8);
		if (round & 1)
			put(TARGET, 1u << rand() % 32, 4);
		if (round & 2)
			put(TARGET + 8, (unsigned)rand() % 16, 4);
		if (round & 4)
			target((unsigned)rand() % 5, ADDRESS,
			       SBDF + 0x100 * (rand() % 2));
		if (round & 8)
			components((unsigned)rand() % 3,
				   C(rand() % 5, rand() % 4),
				   C(SBDF, rand() % 2));
		sdei_einj_serve(&config);
	}
	assert_true(reports > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(registers_at_start, setup),
		cmocka_unit_test_setup(memory_errors, setup),
		cmocka_unit_test_setup(processor_errors, setup),
		cmocka_unit_test_setup(pcie_errors, setup),
		cmocka_unit_test_setup(platform_errors, setup),
		cmocka_unit_test_setup(vendor_errors, setup),
		cmocka_unit_test_setup(type_without_target, setup),
		cmocka_unit_test_setup(served_once, setup),
		cmocka_unit_test_setup(refused, setup),
		cmocka_unit_test_setup(rewritten_meanwhile, setup),
		cmocka_unit_test_setup(poisoned, setup),
		cmocka_unit_test_setup(hostile, setup),
	};

	return cmocka_run_group_tests_name("injection", tests, NULL, NULL);
}
