/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saved state: everything comes back, and nothing that no dispatcher could have
 * saved gets in.
 */
#include "fake.h"

#include <string.h>

#define MAX_WORDS 2048u

/* Word numbers of the format for the fake machine (docs/state.md). */
enum {
	EVENTS = 7,   /* 7 of them */
	SLOTS = 14,   /* 5 */
	SHAREDS = 19, /* 3 and 3 slots, 4 words each */
	FIRST_PE = 43,
	RUNNING = FIRST_PE + 1,
	CONTEXTS = FIRST_PE + 3,
	PRIVATES = FIRST_PE + 43, /* 4 and 2 slots, 3 words each */
	PE_WORDS = 61,
	WORDS = FIRST_PE + PES * PE_WORDS,
};

struct saved {
	uint64_t word[MAX_WORDS];
	size_t size;
};

static void save(const struct machine *m, struct saved *s)
{
	assert_int_equal(sdei_save(m->d, NULL, 0), 8 * WORDS);
	assert_int_equal(sdei_save(m->d, s->word, 8 * WORDS - 1), 8 * WORDS);
	s->size = sdei_save(m->d, s->word, sizeof(s->word));
	assert_int_equal(s->size, 8 * WORDS);
}

/* Another machine like the first, just made. */
static struct machine *another(void)
{
	void *state;
	struct machine *m;

	start_machine(&state);
	m = state;
	m->d = sdei_dispatcher_init(m->memory, sizeof(m->memory), &m->config,
				    NULL);
	return m;
}

/* Nested handlers, pending, masked, routed, relative, bound, disabled. */
static void make_rich(struct machine *m)
{
	uint32_t spi = (uint32_t)CALL(m, 0, SDEI_FID_INTERRUPT_BIND, 33);
	uint32_t ppi = (uint32_t)CALL(m, 0, SDEI_FID_INTERRUPT_BIND, 30);

	listen(m, 0, SHARED);
	listen(m, 0, PRIVATE_CRIT);
	listen(m, 1, spi);
	listen(m, 2, ppi);
	CALL(m, 0, SDEI_FID_EVENT_REGISTER, SHARED_2, ENTRY, ARGUMENT,
	     SDEI_REGISTER_RM_PE, 0x102);
	CALL(m, 3, SDEI_FID_EVENT_REGISTER, PRIVATE, 0x280, 7,
	     SDEI_REGISTER_RELATIVE);
	fill_frame(m, 0);
	sdei_raise(m->d, 0, SHARED, 0);
	assert_true(deliver(m, 0));
	sdei_raise(m->d, 0, PRIVATE_CRIT, 0);
	assert_true(deliver(m, 0));
	CALL(m, 2, SDEI_FID_PE_MASK, 0);
	fire(m, 2, 30);
	fire(m, 1, 33);
	sdei_raise(m->d, 0, SHARED_2, 0);
	CALL(m, 0, SDEI_FID_EVENT_SIGNAL, SIGNALLED, 0x103);
	CALL(m, 1, SDEI_FID_EVENT_UNREGISTER, SHARED);
}

static void round_trip(void **state)
{
	struct machine *m = *state, *n = another();
	struct saved first, second;
	const char *why;

	make_rich(m);
	save(m, &first);
	assert_true(sdei_load(n->d, first.word, first.size, &why));
	assert_null(why);
	save(n, &second);
	assert_memory_equal(first.word, second.word, first.size);
	assert_true(n->taken >> 30 & 1 && n->taken >> 33 & 1);

	/* And it goes on where it was: the handlers end, the pending run. */
	memcpy(n->frame, m->frame, sizeof(m->frame));
	for (unsigned pe = 0; pe < PES; pe++) {
		m->active = n->active = 0;
		CALL(m, pe, SDEI_FID_PE_UNMASK, 0);
		CALL(n, pe, SDEI_FID_PE_UNMASK, 0);
		for (unsigned i = 0; i < 4; i++) {
			deliver(m, pe), deliver(n, pe);
			CALL(m, pe, SDEI_FID_EVENT_COMPLETE, 0);
			CALL(n, pe, SDEI_FID_EVENT_COMPLETE, 0);
			assert_memory_equal(&m->frame[pe], &n->frame[pe],
					    sizeof(m->frame[pe]));
		}
	}
	save(m, &first);
	save(n, &second);
	assert_memory_equal(first.word, second.word, first.size);
	stop_machine((void **)&n);
}

struct wrong {
	const char *what;
	size_t at;
	uint64_t value;
};

/* One word changed in a state where PE 0 runs SHARED and PRIVATE_CRIT. */
static const struct wrong wrongs[] = {
	{ "magic", 0, 1 },
	{ "version", 1, 2 },
	{ "client's level", 2, 1 },
	{ "PEs", 3, 5 },
	{ "events", 4, 8 },
	{ "private slots", 5, 3 },
	{ "shared slots", 6, 2 },
	{ "an event", EVENTS + 2, PRIVATE + 1 },
	{ "slot: an SGI", SLOTS, 15 },
	{ "slot: an SPI in a private one", SLOTS, 34 },
	{ "slot: a PPI in a shared one", SLOTS + 2, 31 },
	{ "slot: out of range", SLOTS + 2, INTERRUPTS },
	{ "slot: the platform's", SLOTS, WATCHDOG_PPI },
	{ "slot: twice", SLOTS + 3, 33 },
	{ "slot: in use and free", SLOTS + 2, 0 },
	{ "state 2", SHAREDS, 2 },
	{ "unknown flag", SHAREDS + 4 * 2, 1 << 6 },
	{ "entry of nothing", SHAREDS + 1, ENTRY },
	{ "argument of nothing", SHAREDS + 2, 1 },
	{ "affinity of nothing", SHAREDS + 3, 0x101 },
	{ "no entry", SHAREDS + 4 * 2 + 1, 0 },
	{ "odd entry", SHAREDS + 4 * 2 + 1, ENTRY + 2 },
	{ "route to nowhere", SHAREDS + 4 * 2 + 3, 0x104 },
	{ "route beyond affinity", SHAREDS + 4 * 2 + 3, 1ull << 63 | 0x102 },
	{ "a mask of 2", FIRST_PE, 2 },
	{ "nothing runs, but its context", RUNNING, 0 },
	{ "another event runs", RUNNING, 0x20002 },
	{ "runs on another PE too", RUNNING + PE_WORDS, 0x20001 },
	{ "an event of the other priority", RUNNING, 0x10002 },
	{ "index out of range", RUNNING, 0x20006 },
	{ "neither kind", RUNNING, 0x30001 },
	{ "private index out of range", RUNNING + 1, 0x10006 },
	{ "interrupted EL3", CONTEXTS + 19, 0xd },
	{ "interrupted Hyp", CONTEXTS + 19, 0x1a },
	{ "interrupted Monitor", CONTEXTS + 19, 0x16 },
	{ "interrupted EL0 with SP_EL1", CONTEXTS + 19, 0x1 },
	{ "interrupted reserved mode", CONTEXTS + 19, 0x6 },
	{ "context of nothing", CONTEXTS + PE_WORDS + 3, 1 },
	{ "runs without a PE", PRIVATES, 7 },
	{ "routed private event", PRIVATES + 6, 1 << 5 | 1 },
	{ "free private slot pending", PRIVATES + 15, 8 },
};

static void refusals(void **state)
{
	struct machine *m = *state;
	struct saved good, bad, after;
	const char *why;

	make_rich(m);
	save(m, &good);
	for (unsigned i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		struct machine *n = another();

		save(n, &after);
		bad = good;
		assert_int_not_equal(bad.word[wrongs[i].at], wrongs[i].value);
		bad.word[wrongs[i].at] = wrongs[i].value;
		if (sdei_load(n->d, bad.word, bad.size, &why))
			fail_msg("loaded with a wrong %s", wrongs[i].what);
		assert_non_null(why);
		/* As it was made, and nothing taken. */
		save(n, &bad);
		assert_memory_equal(bad.word, after.word, after.size);
		assert_int_equal(n->taken, 1ull << WATCHDOG_PPI);
		stop_machine((void **)&n);
	}
}

static void sizes(void **state)
{
	struct machine *m = *state;
	struct saved s;

	save(m, &s);
	assert_false(sdei_load(m->d, s.word, s.size - 1, NULL));
	assert_false(sdei_load(m->d, s.word, s.size + 8, NULL));
	assert_false(sdei_load(m->d, s.word, 0, NULL));
}

/* What can have been interrupted: user, guest, AArch32, the client. */
static void interrupted_modes(void **state)
{
	static const uint64_t modes[] = { 0x0,  0x4,  0x5,  0x8,  0x9,  0x10,
					  0x11, 0x12, 0x13, 0x17, 0x1b, 0x1f };
	struct machine *m = *state;
	struct saved s;

	make_rich(m);
	save(m, &s);
	for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct machine *n = another();

		s.word[CONTEXTS + 19] = modes[i];
		assert_true(sdei_load(n->d, s.word, s.size, NULL));
		stop_machine((void **)&n);
	}
}

/* A client at EL1: nothing at EL2 can have been interrupted. */
static void client_at_el1(void **state)
{
	struct machine *m = *state;
	struct saved s;

	m->config.client_el = 1;
	m->d = sdei_dispatcher_init(m->memory, sizeof(m->memory), &m->config,
				    NULL);
	m->frame[0].pstate = 0x5;
	listen(m, 0, PRIVATE);
	CALL(m, 0, SDEI_FID_PE_UNMASK, 0);
	sdei_raise(m->d, 0, PRIVATE, 0);
	assert_true(deliver(m, 0));
	save(m, &s);
	for (unsigned el = 1; el <= 2; el++) {
		s.word[CONTEXTS + 19] = el << 2 | 1;
		m->d = sdei_dispatcher_init(m->memory, sizeof(m->memory),
					    &m->config, NULL);
		assert_int_equal(sdei_load(m->d, s.word, s.size, NULL),
				 el == 1);
	}
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, start_machine, stop_machine)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(round_trip),        TEST(refusals),      TEST(sizes),
		TEST(interrupted_modes), TEST(client_at_el1),
	};

	return cmocka_run_group_tests_name("save", tests, NULL, NULL);
}
