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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(version_2, setup),
		cmocka_unit_test_setup(version_2_refused, setup),
	};

	return cmocka_run_group_tests_name("injection2", tests, NULL, NULL);
}
