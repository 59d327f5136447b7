/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls' parameters: what each refuses, with which code, in which order;
 * who may call; how results look in x0.
 */
#include "fake.h"

#define BAD SDEI_INVALID_PARAMETERS
#define NO  SDEI_DENIED
#define OK  SDEI_SUCCESS

/* 5.1.1 */
static void version(void **state)
{
	struct machine *m = *state;

	assert_int_equal(CALL(m, 0, SDEI_FID_VERSION, 0), 0x0001000112345678);
}

/* Results are 64 bits wide: Linux compares all of x0. */
static void results_are_sign_extended(void **state)
{
	struct machine *m = *state;

	CALL(m, 0, SDEI_FID_EVENT_ENABLE, UNKNOWN);
	assert_int_equal(m->frame[0].x[0], 0xFFFFFFFFFFFFFFFE);
	CALL(m, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_int_equal(m->frame[0].x[0], 0xFFFFFFFFFFFFFFFD);
	CALL(m, 0, 0xC4000033, 0);
	assert_int_equal(m->frame[0].x[0], 0xFFFFFFFFFFFFFFFF);
}

/* Only x0 carries a result; the client's other registers stay. */
static void other_registers_stay(void **state)
{
	struct machine *m = *state;

	fill_frame(m, 0);
	m->frame[0].x[0] = SDEI_FID_EVENT_STATUS;
	m->frame[0].x[1] = PRIVATE;
	sdei_call(m->d, 0, &m->frame[0]);
	assert_int_equal(m->frame[0].x[1], PRIVATE);
	for (unsigned i = 2; i < SDEI_CONTEXT_REGISTERS; i++)
		assert_int_equal(m->frame[0].x[i], 0xAB00000000000000u | i);
	assert_int_equal(m->frame[0].pstate, EL2H);
}

/* The client is AArch64 at EL2 here; nobody else is served. */
static void wrong_callers(void **state)
{
	static const uint64_t callers[] = {
		0x0,  /* EL0t */
		0x4,  /* EL1t */
		0x5,  /* EL1h */
		0xd,  /* EL3h */
		0x1a, /* AArch32 Hyp */
		0x13, /* AArch32 Supervisor */
	};
	struct machine *m = *state;

	for (unsigned i = 0; i < sizeof(callers) / sizeof(callers[0]); i++) {
		m->frame[0].pstate = callers[i];
		assert_int_equal(CALL(m, 0, SDEI_FID_VERSION, 0),
				 SDEI_NOT_SUPPORTED);
		assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_REGISTER, PRIVATE,
				      ENTRY, 0, 0, 0),
				 SDEI_NOT_SUPPORTED);
	}
	m->frame[0].pstate = 0x8; /* EL2t is EL2 */
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS, PRIVATE), 0);
}

static void unknown_functions(void **state)
{
	struct machine *m = *state;

	for (uint32_t fid = SDEI_FID_SHARED_RESET + 1; fid <= SDEI_FID_LAST;
	     fid++)
		assert_int_equal(CALL(m, 0, fid, 0), SDEI_NOT_SUPPORTED);
	assert_false(sdei_is_call(SDEI_FID_FIRST - 1));
	assert_false(sdei_is_call(SDEI_FID_LAST + 1));
	/* The 32-bit aliases are not SDEI's. */
	assert_false(sdei_is_call(0x84000020));
	assert_int_equal(CALL(m, 0, 0x84000020, 0), SDEI_NOT_SUPPORTED);
}

/* Every call that names an event answers INVALID to an unknown one. */
static void unknown_events(void **state)
{
	static const uint32_t fids[] = {
		SDEI_FID_EVENT_REGISTER,    SDEI_FID_EVENT_ENABLE,
		SDEI_FID_EVENT_DISABLE,     SDEI_FID_EVENT_UNREGISTER,
		SDEI_FID_EVENT_STATUS,      SDEI_FID_EVENT_GET_INFO,
		SDEI_FID_EVENT_ROUTING_SET, SDEI_FID_EVENT_SIGNAL,
		SDEI_FID_INTERRUPT_RELEASE,
	};
	static const uint32_t events[] = { 1, UNKNOWN, 0x80000000, 0xFFFFFFFF };
	struct machine *m = *state;

	for (unsigned i = 0; i < sizeof(fids) / sizeof(fids[0]); i++)
		for (unsigned e = 0; e < 4; e++)
			assert_int_equal(CALL(m, 0, fids[i], events[e], ENTRY,
					      0, 0, 0),
					 BAD);
}

/* The event is a 32-bit parameter: x1[63:32] is ignored (SMCCC 2.7). */
static void upper_half_is_ignored(void **state)
{
	struct machine *m = *state;

	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS,
			      0xDEAD000000000000 | PRIVATE),
			 0);
	assert_int_equal(CALL(m, 0, SDEI_FID_FEATURES, 0xDEAD000000000001), 1);
}

/* 5.1.2 */
static void register_parameters(void **state)
{
	struct machine *m = *state;
	const uint32_t r = SDEI_FID_EVENT_REGISTER;

	assert_int_equal(CALL(m, 0, r, PRIVATE, 0, 0, 0, 0), BAD);
	assert_int_equal(CALL(m, 0, r, PRIVATE, ENTRY + 2, 0, 0, 0), BAD);
	assert_int_equal(CALL(m, 0, r, PRIVATE, ENTRY, 0, 4, 0), BAD);
	assert_int_equal(CALL(m, 0, r, PRIVATE, ENTRY, 0, 1ull << 63, 0), BAD);
	/* Relative: an offset may be 0, and must be aligned as well. */
	assert_int_equal(CALL(m, 0, r, PRIVATE_CRIT, 2, 0, 2, 0), BAD);
	assert_int_equal(CALL(m, 0, r, PRIVATE_CRIT, 0, 0, 2, 0), OK);
	/* Routing is a shared event's; a private one ignores it. */
	assert_int_equal(CALL(m, 0, r, PRIVATE, ENTRY, 0, 1, 0xFFFF), OK);
	assert_int_equal(CALL(m, 0, r, SHARED, ENTRY, 0, 1, 0xFFFF), BAD);
	assert_int_equal(CALL(m, 0, r, SHARED, ENTRY, 0, 1, 0x0100000000000101),
			 BAD);
	assert_int_equal(CALL(m, 0, r, SHARED, ENTRY, 0, 1, 0x800101), BAD);
	assert_int_equal(CALL(m, 0, r, SHARED, ENTRY, 0, 1, 0x101), OK);
	/* With RM_ANY the affinity means nothing. */
	assert_int_equal(CALL(m, 0, r, SHARED_2, ENTRY, 0, 0, ~0ull), OK);
	/* Parameters before state. */
	assert_int_equal(CALL(m, 0, r, PRIVATE, 0, 0, 0, 0), BAD);
	assert_int_equal(CALL(m, 0, r, PRIVATE, ENTRY, 0, 0, 0), NO);
}

/* 5.1.10: 0 means "can be signalled"; others have had it inverted. */
static void get_info(void **state)
{
	struct machine *m = *state;
	const uint32_t g = SDEI_FID_EVENT_GET_INFO;

	assert_int_equal(CALL(m, 0, g, SIGNALLED, SDEI_INFO_SIGNALED), 0);
	assert_int_equal(CALL(m, 0, g, PRIVATE, SDEI_INFO_SIGNALED), 1);
	assert_int_equal(CALL(m, 0, g, SIGNALLED, SDEI_INFO_TYPE), 0);
	assert_int_equal(CALL(m, 0, g, SHARED, SDEI_INFO_TYPE), 1);
	assert_int_equal(CALL(m, 0, g, SHARED_CRIT, SDEI_INFO_PRIORITY), 1);
	assert_int_equal(CALL(m, 0, g, PRIVATE_CRIT, SDEI_INFO_PRIORITY), 1);
	assert_int_equal(CALL(m, 0, g, PRIVATE, 5), BAD);
	assert_int_equal(CALL(m, 0, g, PRIVATE, 0xFFFFFFFF), BAD);
	/* A bad question is bad in any state. */
	assert_int_equal(CALL(m, 0, g, SHARED, 5), BAD);
}

/* 5.1.10, 5.1.11 */
static void routing(void **state)
{
	struct machine *m = *state;
	const uint32_t g = SDEI_FID_EVENT_GET_INFO;
	const uint32_t s = SDEI_FID_EVENT_ROUTING_SET;

	CALL(m, 0, SDEI_FID_EVENT_REGISTER, SHARED, ENTRY, 0, 1, 0x102);
	assert_int_equal(CALL(m, 0, g, SHARED, SDEI_INFO_ROUTING_MODE), 1);
	assert_int_equal(CALL(m, 0, g, SHARED, SDEI_INFO_ROUTING_AFF), 0x102);
	assert_int_equal(CALL(m, 0, s, SHARED, 2, 0x101), BAD);
	assert_int_equal(CALL(m, 0, s, SHARED, 1ull << 32, 0x101), BAD);
	assert_int_equal(CALL(m, 0, s, SHARED, 1, 0x104), BAD);
	assert_int_equal(CALL(m, 0, s, SHARED, 1, 0x103), OK);
	assert_int_equal(CALL(m, 0, g, SHARED, SDEI_INFO_ROUTING_AFF), 0x103);
	assert_int_equal(CALL(m, 0, s, SHARED, 0, ~0ull), OK);
	assert_int_equal(CALL(m, 0, g, SHARED, SDEI_INFO_ROUTING_MODE), 0);
	assert_int_equal(CALL(m, 0, g, SHARED, SDEI_INFO_ROUTING_AFF), BAD);
	/* Parameters before state. */
	CALL(m, 0, SDEI_FID_EVENT_ENABLE, SHARED);
	assert_int_equal(CALL(m, 0, s, SHARED, 2, 0), BAD);
	assert_int_equal(CALL(m, 0, s, SHARED, 0, 0), NO);
}

/*
 * A PE is named as its MPIDR_EL1 reads, bits 31 to 24 and all; nothing above Aff3
 * is ignored. The answer is an affinity.
 */
static void as_mpidr_reads(void **state)
{
	static const uint64_t noise[] = { 0x80000000, 0xC1000000, 0xFF000000,
					  0x01000000, 0x40000000 };
	struct machine *m = *state;
	const uint32_t g = SDEI_FID_EVENT_GET_INFO;
	const uint32_t s = SDEI_FID_EVENT_ROUTING_SET;

	for (unsigned i = 0; i < sizeof(noise) / sizeof(noise[0]); i++) {
		assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_REGISTER, SHARED,
				      ENTRY, 0, 1, noise[i] | 0x101),
				 OK);
		assert_int_equal(CALL(m, 0, g, SHARED, SDEI_INFO_ROUTING_AFF),
				 0x101);
		assert_int_equal(CALL(m, 0, s, SHARED, 1, noise[i] | 0x102),
				 OK);
		assert_int_equal(CALL(m, 0, g, SHARED, SDEI_INFO_ROUTING_AFF),
				 0x102);
		assert_int_equal(CALL(m, 0, s, SHARED, 1, noise[i] | 0x104),
				 BAD);
		assert_int_equal(CALL(m, 0, s, SHARED, 1,
				      noise[i] | 1ull << 40 | 0x101),
				 BAD);
		assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_SIGNAL, SIGNALLED,
				      noise[i] | 0x102),
				 OK);
		CALL(m, 0, SDEI_FID_EVENT_ENABLE, SHARED);
		assert_int_equal(sdei_raise(m->d, 0, SHARED, 0), 2);
		assert_true(deliver(m, 2));
		CALL(m, 2, SDEI_FID_EVENT_COMPLETE, 0);
		CALL(m, 0, SDEI_FID_EVENT_UNREGISTER, SHARED);
	}
}

/* 5.1.12, 5.1.13: 1 from the call that did the masking; UNMASK always 0. */
static void masking(void **state)
{
	struct machine *m = *state;

	assert_int_equal(CALL(m, 0, SDEI_FID_PE_MASK, 0), 1);
	assert_int_equal(CALL(m, 0, SDEI_FID_PE_MASK, 0), 0);
	assert_true(sdei_pe_masked(m->d, 0));
	assert_false(sdei_pe_masked(m->d, 1));
	assert_int_equal(CALL(m, 0, SDEI_FID_PE_UNMASK, 0), 0);
	assert_int_equal(CALL(m, 0, SDEI_FID_PE_UNMASK, 0), 0);
	assert_false(sdei_pe_masked(m->d, 0));
}

/* 5.1.17 */
static void features(void **state)
{
	struct machine *m = *state;
	const uint32_t f = SDEI_FID_FEATURES;

	assert_int_equal(CALL(m, 0, f, SDEI_FEATURE_BIND_SLOTS),
			 SHARED_SLOTS << 16 | PRIVATE_SLOTS);
	assert_int_equal(CALL(m, 0, f, SDEI_FEATURE_RELATIVE_MODE), 1);
	assert_int_equal(CALL(m, 0, f, 2), BAD);
	assert_int_equal(CALL(m, 0, f, 0xFFFFFFFF), BAD);
}

/* 5.1.16: event 0 only, an existing PE, as MPIDR_EL1 tells it; nothing else. */
static void signal_parameters(void **state)
{
	struct machine *m = *state;
	const uint32_t s = SDEI_FID_EVENT_SIGNAL;

	assert_int_equal(CALL(m, 0, s, PRIVATE, 0x100), BAD);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, 0x104), BAD);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, ~0ull), BAD);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, 1ull << 40 | 0x100), BAD);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, 1ull << 23 | 0x100), BAD);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, 0x100), OK);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, 0xC1000100), OK);
	CALL(m, 1, SDEI_FID_PE_MASK, 0);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, 0x101), OK);
	sdei_pe_off(m->d, 2);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, 0x102), OK);
	assert_int_equal(m->kicks[2], 0);
}

/* The same where a signal to the caller goes straight to its handler. */
static void signal_to_nobody(void **state)
{
	struct machine *m = *state;
	const uint32_t s = SDEI_FID_EVENT_SIGNAL;

	listen(m, 0, SIGNALLED);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, ~0ull), BAD);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, 0xFF00FFFFFFull), BAD);
	CALL(m, 0, s, SIGNALLED, 0x100);
	assert_true(at_handler(m, 0, SIGNALLED));
	CALL(m, 0, SDEI_FID_EVENT_COMPLETE, SDEI_HANDLED);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, ~0ull), BAD);
	assert_int_equal(CALL(m, 0, s, SIGNALLED, 0x104), BAD);
}

/* 5.1.5, 5.1.6, 5.1.7 outside of a handler. */
static void outside_a_handler(void **state)
{
	struct machine *m = *state;

	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_CONTEXT, 0), NO);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_CONTEXT, 18), BAD);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_COMPLETE, 0), NO);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_COMPLETE_RESUME, 0), NO);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_COMPLETE_RESUME, 1), NO);
	assert_int_equal(m->resumed, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, start_machine, stop_machine)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(version),
		TEST(results_are_sign_extended),
		TEST(other_registers_stay),
		TEST(wrong_callers),
		TEST(unknown_functions),
		TEST(unknown_events),
		TEST(upper_half_is_ignored),
		TEST(register_parameters),
		TEST(get_info),
		TEST(routing),
		TEST(as_mpidr_reads),
		TEST(masking),
		TEST(features),
		TEST(signal_parameters),
		TEST(signal_to_nobody),
		TEST(outside_a_handler),
	};

	return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
