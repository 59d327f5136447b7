/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PSTATE that a handler starts with, and COMPLETE_AND_RESUME's (5.2.1, 5.1.7).
 */
#include "fake.h"

#define NZCV      0xF0000000u
#define PAN       (1u << 22)
#define DIT       (1u << 24)
#define TCO       (1u << 25)
#define SSBS      (1u << 12)
#define ALLINT    (1u << 13)
#define UAO       (1u << 23)
#define SPAN      (1ull << 23)
#define DSSBS     (1ull << 44)
#define SPINTMASK (1ull << 62)
#define E2H_TGE   (1ull << 34 | 1ull << 27)

/* The PSTATE a handler gets when `interrupted` is; features as given. */
static uint64_t entry_pstate(struct machine *m, unsigned client_el,
			     uint32_t features, uint64_t interrupted)
{
	struct sdei_context *f = &m->frame[0];
	uint64_t entered;

	m->config.client_el = client_el;
	m->config.features = features;
	m->d = sdei_dispatcher_init(m->memory, sizeof(m->memory), &m->config,
				    NULL);
	f->pstate = client_el << 2 | 1;
	listen(m, 0, PRIVATE);
	f->pstate = client_el << 2 | 1;
	CALL(m, 0, SDEI_FID_PE_UNMASK, 0);
	sdei_raise(m->d, 0, PRIVATE, 0);
	f->pstate = interrupted;
	assert_true(deliver(m, 0));
	assert_int_equal(f->x[3], interrupted);
	/* COMPLETE_AND_RESUME goes on as if by the same exception (5.1.7). */
	entered = f->pstate;
	CALL(m, 0, SDEI_FID_EVENT_COMPLETE_RESUME, ENTRY);
	assert_int_equal(f->pc, ENTRY);
	assert_int_equal(f->pstate, entered);
	return entered;
}

/* 5.2.1: DAIF set, ELc with SP_ELx; IL, SS, UAO and AArch32's bits clear. */
static void plain_pstate(void **state)
{
	struct machine *m = *state;

	assert_int_equal(entry_pstate(m, 2, 0, 0x0), 0x3c9);
	assert_int_equal(entry_pstate(m, 1, 0, 0x0), 0x3c5);
	/* All bits of an AArch64 SPSR: only NZCV is inherited. */
	assert_int_equal(entry_pstate(m, 2, 0, 0xFFFFFFEFu & ~0xFull),
			 NZCV | 0x3c9);
	/* AArch32 user mode, Thumb, with IT, GE, Q and E bits. */
	assert_int_equal(entry_pstate(m, 2, 0, 0x8FFFFE30u),
			 0x80000000u | 0x3c9);
}

static void pstate_of_features(void **state)
{
	struct machine *m = *state;

	assert_int_equal(entry_pstate(m, 1, SDEI_FEAT_DIT, DIT), DIT | 0x3c5);
	assert_int_equal(entry_pstate(m, 1, SDEI_FEAT_DIT, 0), 0x3c5);
	assert_int_equal(entry_pstate(m, 1, SDEI_FEAT_MTE2, 0), TCO | 0x3c5);
	m->sctlr = 0;
	assert_int_equal(entry_pstate(m, 1, SDEI_FEAT_SSBS, SSBS), 0x3c5);
	assert_int_equal(entry_pstate(m, 1, SDEI_FEAT_NMI, 0), ALLINT | 0x3c5);
	m->sctlr = DSSBS | SPINTMASK;
	assert_int_equal(entry_pstate(m, 1, SDEI_FEAT_SSBS, 0), SSBS | 0x3c5);
	assert_int_equal(entry_pstate(m, 1, SDEI_FEAT_NMI, ALLINT), 0x3c5);
	assert_int_equal(entry_pstate(m, 1, SDEI_FEAT_EBEP, 0),
			 1ull << 32 | 0x3c5);
}

/* Forced where SPAN is 0 and the EL has a user; inherited otherwise. */
static void pstate_pan(void **state)
{
	struct machine *m = *state;
	const uint32_t pan = SDEI_FEAT_PAN;

	m->sctlr = 0;
	assert_int_equal(entry_pstate(m, 1, pan, 0), PAN | 0x3c5);
	m->hcr = 0;
	assert_int_equal(entry_pstate(m, 2, pan, 0), 0x3c9);
	m->hcr = E2H_TGE;
	assert_int_equal(entry_pstate(m, 2, pan, 0), PAN | 0x3c9);
	m->hcr = 1ull << 34; /* E2H alone: a guest was running */
	assert_int_equal(entry_pstate(m, 2, pan, 0), 0x3c9);
	m->sctlr = SPAN;
	m->hcr = E2H_TGE;
	assert_int_equal(entry_pstate(m, 2, pan, 0), 0x3c9);
	assert_int_equal(entry_pstate(m, 2, pan, PAN), PAN | 0x3c9);
	assert_int_equal(entry_pstate(m, 1, 0, PAN), 0x3c5);
}

/* The lock is open when the interrupted context was at a lower EL. */
static void pstate_exlock(void **state)
{
	struct machine *m = *state;
	const uint64_t exlock = 1ull << 34;

	m->gcscr = 1 << 6;
	assert_int_equal(entry_pstate(m, 2, SDEI_FEAT_GCS, 0x9),
			 exlock | 0x3c9);
	assert_int_equal(entry_pstate(m, 2, SDEI_FEAT_GCS, 0x5), 0x3c9);
	m->gcscr = 0;
	assert_int_equal(entry_pstate(m, 2, SDEI_FEAT_GCS, 0x9), 0x3c9);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, start_machine, stop_machine)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(plain_pstate),
		TEST(pstate_of_features),
		TEST(pstate_pan),
		TEST(pstate_exlock),
	};

	return cmocka_run_group_tests_name("pstate", tests, NULL, NULL);
}
