/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals from PE to PE (5.1.16): they reach the one PE they are for, whatever
 * its state; private events are each PE's own.
 */
#include "check.h"
#include "event.h"
#include "suites.h"

#define NEED_TWO() \
	do { \
		if (pe_count < 2) \
			skip("one PE"); \
	} while (0)

/* One signal to each other PE; each runs one handler, nobody else's. */
static void to_each(uint64_t unused)
{
	(void)unused;
	NEED_TWO();
	for (unsigned i = 0; i < pe_count; i++)
		listen(i, NULL);
	for (unsigned i = 1; i < pe_count; i++) {
		signal(i);
		ran(i, 1);
	}
	for (unsigned i = 1; i < pe_count; i++)
		expect(load(pes[i].runs), 1, "handlers that ran on PE %u", i);
	expect(load(pes[0].runs), 0, "handlers that ran on PE 0");
}

static uint64_t signal_job(struct pe *pe, uint64_t target)
{
	(void)pe;
	signal((unsigned)target);
	return 0;
}

static void from_other(uint64_t unused)
{
	(void)unused;
	NEED_TWO();
	listen(0, NULL);
	pe_run(pe_count - 1, signal_job, 0);
	ran(0, 1);
	pe_run(pe_count - 1, signal_job, 0);
	ran(0, 2);
}

static void note_argument(struct pe *pe, struct record *r)
{
	expect(r->at.x[1], ARGUMENT(pe->index), "x1 on PE %u", pe->index);
	expect(r->at.x[0], 0, "x0 on PE %u", pe->index);
}

static void own_argument(uint64_t unused)
{
	(void)unused;
	NEED_TWO();
	for (unsigned i = 0; i < pe_count; i++)
		listen(i, note_argument);
	for (unsigned i = 0; i < pe_count; i++) {
		signal(i);
		ran(i, 1);
	}
}

/* What one PE does to its event 0 is not seen by another. */
static void own_state(uint64_t unused)
{
	(void)unused;
	NEED_TWO();
	ASK(OK, REGISTER, 0, ENTRY, 0, 0, 0);
	expect((uint64_t)CALL_ON(1, STATUS, 0), 0, "STATUS on PE 1");
	ASK(OK, ENABLE, 0);
	expect((uint64_t)CALL_ON(1, STATUS, 0), 0, "STATUS on PE 1");
	expect((uint64_t)CALL_ON(1, REGISTER, 0, ENTRY, 0, 0, 0), 0,
	       "REGISTER on PE 1");
	expect((uint64_t)CALL_ON(1, STATUS, 0), 1, "STATUS on PE 1");
	ASK(OK, UNREGISTER, 0);
	expect((uint64_t)CALL_ON(1, STATUS, 0), 1, "STATUS on PE 1");
	ASK(OK, PRIVATE_RESET);
	expect((uint64_t)CALL_ON(1, STATUS, 0), 1, "STATUS on PE 1");
	expect((uint64_t)CALL_ON(1, PRIVATE_RESET), 0, "PRIVATE_RESET on PE 1");
	ASK_VALUE(0, STATUS, 0);
}

static void own_mask(uint64_t unused)
{
	(void)unused;
	NEED_TWO();
	ASK_VALUE(0, PE_UNMASK);
	expect((uint64_t)CALL_ON(1, PE_MASK), 0, "PE_MASK on PE 1");
	ASK_VALUE(1, PE_MASK);
	expect((uint64_t)CALL_ON(1, PE_UNMASK), 0, "PE_UNMASK on PE 1");
	ASK_VALUE(0, PE_MASK);
	expect((uint64_t)CALL_ON(1, PE_MASK), 1, "PE_MASK on PE 1");
}

/* `how_many` signals to a PE that cannot take them arrive as one, when `by`. */
static void wait_for(uint64_t by, uint64_t against, unsigned how_many)
{
	NEED_TWO();
	listen(1, NULL);
	CALL_ON(1, against, 0);
	for (unsigned i = 0; i < how_many; i++)
		signal(1);
	ran_not(1, 0);
	expect((uint64_t)CALL_ON(1, by, 0), 0, "%s on PE 1", function_name(by));
	ran(1, 1);
}

static void target_masked(uint64_t how_many)
{
	wait_for(PE_UNMASK, PE_MASK, (unsigned)how_many);
}

static void target_disabled(uint64_t how_many)
{
	wait_for(ENABLE, DISABLE, (unsigned)how_many);
}

static void target_unregistered(uint64_t unused)
{
	(void)unused;
	NEED_TWO();
	CALL_ON(1, PE_UNMASK);
	signal(1);
	signal(1);
	ran_not(1, 0);
	expect((uint64_t)CALL_ON(1, STATUS, 0), 0, "STATUS on PE 1");
}

/* A handler on PE 1 that waits until PE 0 has looked at it. */
static bool inside, go_on;

static void wait_inside(struct pe *pe, struct record *r)
{
	(void)r;
	if (pe->runs)
		return;
	store(inside, true);
	wait_until(load(go_on), SOON);
}

static void hold(unsigned pe)
{
	inside = go_on = false;
	listen(pe, wait_inside);
	signal(pe);
	wait_until(load(inside), SOON);
	expect(load(inside), true, "the handler on PE %u runs", pe);
}

static void target_running(uint64_t unused)
{
	(void)unused;
	NEED_TWO();
	hold(1);
	signal(1);
	signal(1);
	delay(A_WHILE);
	expect(load(pes[1].runs), 0, "handlers completed on PE 1");
	ASK_VALUE(0, STATUS, 0);
	ASK(DENIED, COMPLETE, 0);
	ASK(DENIED, CONTEXT, 0);
	ASK(OK, PRIVATE_RESET);
	store(go_on, true);
	ran(1, 2);
}

/* Both run their handlers at the same time: private means per PE. */
static void both_running(uint64_t unused)
{
	(void)unused;
	NEED_TWO();
	hold(1);
	listen(0, NULL);
	signal(0);
	ran(0, 1);
	store(go_on, true);
	ran(1, 1);
}

/* The caller's earlier stores are seen by the handler, without a barrier. */
#define WORDS 64
static uint64_t message[WORDS];
static uint64_t mismatches;

static void read_message(struct pe *pe, struct record *r)
{
	uint64_t first = *(volatile uint64_t *)&message[0];

	(void)pe, (void)r;
	for (unsigned i = 1; i < WORDS; i++)
		if (((volatile uint64_t *)message)[i] != first)
			mismatches++;
	if (first != pe->runs + 1)
		mismatches++;
}

static void stores_visible(uint64_t rounds)
{
	NEED_TWO();
	mismatches = 0;
	listen(1, read_message);
	for (uint64_t n = 1; n <= rounds; n++) {
		for (unsigned i = 0; i < WORDS; i++)
			((volatile uint64_t *)message)[WORDS - 1 - i] = n;
		signal(1);
		if (!wait_until(load(pes[1].runs) == n, SOON))
			break;
	}
	ran(1, (unsigned)rounds);
	expect(mismatches, 0, "stores before SIGNAL that the handler missed");
}

/* All PEs signal PE 0 at once: at least one handler, and none too many. */
static uint64_t signal_often(struct pe *pe, uint64_t n)
{
	(void)pe;
	for (uint64_t i = 0; i < n; i++)
		if (CALL(SIGNAL, 0, pes[0].mpidr) != 0)
			return i;
	return n;
}

static void crowd(uint64_t n)
{
	uint64_t signals = 0, answer, runs;

	NEED_TWO();
	listen(0, NULL);
	for (unsigned i = 1; i < pe_count; i++)
		pe_begin(i, signal_often, n);
	for (unsigned i = 1; i < pe_count; i++) {
		if (pe_wait(i, &answer))
			expect(answer, n, "signals accepted from PE %u", i);
		signals += n;
	}
	delay(A_WHILE);
	runs = load(pes[0].runs);
	expect(runs >= 1 && runs <= signals, true,
	       "between 1 and %lu handlers (%lu)", signals, runs);
	signal(0);
	ran(0, (unsigned)runs + 1);
}

static const struct check checks[] = {
	{ "5.1.16", "to each other PE: it arrives there and nowhere else",
	  to_each, 0 },
	{ "5.1.16", "from another PE", from_other, 0 },
	{ "5.1.2", "each PE's handler gets its own argument", own_argument, 0 },
	{ "6.1", "a private event's state is each PE's own", own_state, 0 },
	{ "5.1.12", "the mask is each PE's own", own_mask, 0 },
	{ "5.1.16", "to a masked PE: arrives at its UNMASK", target_masked, 1 },
	{ "5.1.16", "twice to a masked PE: arrives once", target_masked, 2 },
	{ "5.1.16", "to a PE where it is disabled: arrives at ENABLE",
	  target_disabled, 1 },
	{ "5.1.16", "twice to a PE where it is disabled: arrives once",
	  target_disabled, 2 },
	{ "5.1.16", "to a PE where it is unregistered: succeeds",
	  target_unregistered, 0 },
	{ "5.1.16", "twice to a PE in its handler: once more after COMPLETE",
	  target_running, 0 },
	{ "4.3.2", "handlers of event 0 run on two PEs at once", both_running,
	  0 },
	{ "5.1.16", "the caller's earlier stores are seen by the handler",
	  stores_visible, 500 },
	{ "5.1.16", "all PEs signal one at once: coalesced, none lost", crowd,
	  500 },
};

void suite_signal(void)
{
	CHECKS(checks);
}
