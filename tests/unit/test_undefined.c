/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What trapped to EL3 is given back: to which exception level, by which vector,
 * with which PSTATE (DDI0487, AArch64.TakeException).
 */
#include <el3/reflect.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define RW   (1ull << 31)
#define TGE  (1ull << 27)
#define E2H  (1ull << 34)
#define EL0T 0x0u
#define EL1T 0x4u
#define EL1H 0x5u
#define EL2T 0x8u
#define EL2H 0x9u
#define USR  0x10u
#define SVC  0x13u
#define DAIF 0x3c0u

static void target(void **state)
{
	static const struct {
		uint64_t pstate;
		bool has_el2;
		uint64_t hcr;
		unsigned el;
	} cases[] = {
		{ EL2H, true, RW, 2 },
		{ EL2T, true, TGE | RW, 2 },
		{ EL1H, true, RW, 1 },
		{ EL1T, false, RW, 1 },
		{ EL0T, true, RW, 1 },
		{ EL0T, true, RW | TGE, 2 },
		{ EL0T, true, TGE, 2 },
		{ EL0T, false, RW, 1 },
		{ USR, true, RW, 1 },
		{ USR, true, RW | TGE, 2 },
		{ USR, false, RW, 1 },
		/* A 32-bit guest's kernel, and its processes: EL2 injects. */
		{ SVC, true, 0, 2 },
		{ USR, true, 0, 2 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(reflect_target(cases[i].pstate | 0xf0000000,
						cases[i].has_el2, cases[i].hcr),
				 cases[i].el);
}

static void vector(void **state)
{
	(void)state;
	assert_int_equal(reflect_offset(EL2T, 2, RW), 0x000);
	assert_int_equal(reflect_offset(EL2H, 2, RW), 0x200);
	assert_int_equal(reflect_offset(EL1H, 1, RW), 0x200);
	assert_int_equal(reflect_offset(EL1H, 2, RW), 0x400);
	assert_int_equal(reflect_offset(EL0T, 2, RW | TGE), 0x400);
	assert_int_equal(reflect_offset(EL0T, 1, RW), 0x400);
	assert_int_equal(reflect_offset(USR, 1, RW), 0x600);
	assert_int_equal(reflect_offset(SVC, 2, 0), 0x600);
	assert_int_equal(reflect_offset(USR, 2, 0), 0x600);
	/* A 32-bit process of EL2's: what EL1 would be, unless EL2 is its host. */
	assert_int_equal(reflect_offset(USR, 2, TGE | RW), 0x400);
	assert_int_equal(reflect_offset(USR, 2, TGE), 0x600);
	assert_int_equal(reflect_offset(USR, 2, TGE | RW | E2H), 0x600);
	assert_int_equal(reflect_offset(USR, 2, TGE | E2H), 0x600);
}

static void pstate(void **state)
{
	struct reflect_to to = { .el = 1, .has_user = true };
	const uint64_t all = ~0x1full;

	(void)state;
	/* Nothing there: flags stay, everything else is new. */
	assert_int_equal(reflect_pstate(EL1T | all, &to),
			 0xf0000000 | DAIF | EL1H);
	assert_int_equal(reflect_pstate(EL0T, &to), DAIF | EL1H);
	to.features = SDEI_FEAT_PAN | SDEI_FEAT_DIT;
	to.sctlr = 1ull << 23;
	assert_int_equal(reflect_pstate(EL0T, &to), DAIF | EL1H);
	assert_int_equal(reflect_pstate(EL0T | 1u << 22 | 1u << 24, &to),
			 DAIF | EL1H | 1u << 22 | 1u << 24);
	to.sctlr = 0;
	assert_int_equal(reflect_pstate(EL0T, &to), DAIF | EL1H | 1u << 22);
	to.has_user = false;
	to.el = 2;
	assert_int_equal(reflect_pstate(EL2H, &to), DAIF | EL2H);
	to.features = SDEI_FEAT_SSBS | SDEI_FEAT_MTE2 | SDEI_FEAT_EBEP;
	to.sctlr = 1ull << 44;
	assert_int_equal(reflect_pstate(EL2H, &to),
			 DAIF | EL2H | 1u << 12 | 1u << 25 | 1ull << 32);
	to.features = SDEI_FEAT_NMI | SDEI_FEAT_GCS;
	to.gcscr = 1u << 6;
	to.sctlr = 0;
	assert_int_equal(reflect_pstate(EL2H, &to),
			 DAIF | EL2H | 1u << 13 | 1ull << 34);
	to.sctlr = 1ull << 62;
	assert_int_equal(reflect_pstate(EL0T, &to), DAIF | EL2H);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(target),
		cmocka_unit_test(vector),
		cmocka_unit_test(pstate),
	};

	return cmocka_run_group_tests_name("undefined", tests, NULL, NULL);
}
