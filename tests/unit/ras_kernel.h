/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel and a dispatcher for test_ras_flow.c.
 *
 * The kernel works as Linux does: a handler copies the record into one pool
 * and asks for an interrupt on its own PE, unless one is asked for already; that
 * interrupt empties the pool. A full pool: no acknowledgement, whatever the
 * severity. The dispatcher is a small one.
 */
#ifndef RAS_KERNEL_H
#define RAS_KERNEL_H

#include "ras_fake.h"

#define SOURCES     6
#define FIRST_EVENT 0x40000100u
#define NOBODY      (-1)
#define ENOUGH      (SOURCES * PLAT_RAS_PREALLOCATED)

static const bool private[SOURCES] = { false, false, true, true, false, true };
static const bool critical[SOURCES] = { false, true, false, true, true, true };

/* The dispatcher. */
static bool waits[SOURCES][PES]; /* shared ones: on PE 0 */
static int runs[PES][2];         /* by priority; NOBODY: no handler */

/* The kernel. */
static unsigned pool, room, list, claimed, starved, panics, logged[200000];
static unsigned working[PES]; /* records that its interrupt holds */
static bool irqs_masked[PES], listens;

static unsigned index_of_event(uint32_t number)
{
	return number - FIRST_EVENT;
}

static bool can_take(unsigned pe, unsigned source)
{
	return listens && pe_on[pe] && !masked_pe[pe] &&
	       runs[pe][1] == NOBODY &&
	       (critical[source] || runs[pe][0] == NOBODY);
}

static int my_raise(uint32_t number, unsigned target)
{
	unsigned s = index_of_event(number);

	waits[s][private[s] ? target : 0] = true;
	if (private[s])
		return can_take(target, s) ? (int)target : SDEI_RAISE_PENDING;
	for (unsigned i = 0; i < PES; i++)
		if (can_take((self + i) % PES, s))
			return (int)((self + i) % PES);
	return SDEI_RAISE_PENDING;
}

static void my_query(uint32_t number, unsigned pe, struct sdei_report *report)
{
	unsigned s = index_of_event(number);

	if (!number)
		return;
	report->status = listens ? SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED
				 : 0;
	report->pending = waits[s][private[s] ? pe : 0];
	for (unsigned p = 0; p < PES; p++)
		if ((p == pe || !private[s]) && runs[p][critical[s]] == (int)s)
			report->status |= SDEI_STATUS_RUNNING;
	busy_pe[pe] = runs[pe][0] != NOBODY || runs[pe][1] != NOBODY;
}

static int setup_kernel(void **state)
{
	setup(state);
	memset(waits, 0, sizeof(waits));
	memset(logged, 0, sizeof(logged));
	memset(working, 0, sizeof(working));
	memset(irqs_masked, 0, sizeof(irqs_masked));
	for (unsigned pe = 0; pe < PES; pe++)
		runs[pe][0] = runs[pe][1] = NOBODY;
	pool = list = claimed = starved = panics = 0;
	room = ENOUGH;
	listens = true;
	on_raise = my_raise;
	on_query = my_query;
	return 0;
}

/* Enter what can be entered on a PE; false if nothing can. */
static bool enter(unsigned pe)
{
	static const unsigned order[SOURCES] = { 4, 5, 1, 3, 0, 2 };

	for (unsigned i = 0; i < SOURCES; i++) {
		unsigned s = order[i];
		bool *wait = &waits[s][private[s] ? pe : 0];
		bool elsewhere = false;

		for (unsigned p = 0; p < PES; p++)
			elsewhere |= !private[s] &&
				     runs[p][critical[s]] == (int)s;
		if (!*wait || elsewhere || !can_take(pe, s))
			continue;
		*wait = false;
		runs[pe][critical[s]] = (int)s;
		self = pe;
		ras_entered(FIRST_EVENT + s, pe);
		return true;
	}
	return false;
}

/* Linux's ghes_in_nmi_queue_one_entry(), and the irq_work behind it. */
static void handle(unsigned pe, unsigned s)
{
	if (!get(block(s), 4))
		return;
	if (pool == room) {
		starved++;
		return;
	}
	assert_in_range(get(block(s) + 16, 4), 0, 2);
	logged[atoi(text(block(s)) + 4)]++;
	if (get(block(s) + 16, 4) == 1)
		panics++;
	acknowledge(s);
	pool++;
	list++;
	if (!claimed) {
		claimed = pe + 1;
		sgi[pe] = true;
	}
}

/* The innermost handler on a PE runs to its end; false if there is none. */
static bool leave(unsigned pe)
{
	int *run = &runs[pe][runs[pe][1] != NOBODY];
	unsigned s = (unsigned)*run;

	if (*run == NOBODY)
		return false;
	handle(pe, s);
	*run = NOBODY;
	self = pe;
	ras_completed(FIRST_EVENT + s, pe);
	return true;
}

/* The interrupt that the kernel sent itself, in two steps: taken, and done. */
static bool interrupt(unsigned pe)
{
	if (irqs_masked[pe] || runs[pe][0] != NOBODY || runs[pe][1] != NOBODY)
		return false;
	if (working[pe]) {
		pool -= working[pe];
		working[pe] = 0;
		sgi[pe] = claimed == pe + 1;
		return true;
	}
	if (!sgi[pe])
		return false;
	working[pe] = list;
	list = claimed = 0;
	if (!working[pe])
		sgi[pe] = false;
	return true;
}

/* Everything that can happen on one PE, and everywhere, without time passing. */
static inline void settle_pe(unsigned pe)
{
	while (enter(pe) || leave(pe) || interrupt(pe))
		;
}

static void settle(void)
{
	bool more;

	do {
		more = false;
		for (unsigned pe = 0; pe < PES; pe++) {
			more |= enter(pe);
			more |= leave(pe);
			more |= interrupt(pe);
		}
	} while (more);
}

static void pass(unsigned microseconds)
{
	uint64_t end = now + microseconds;

	while (poll_at && poll_at <= end) {
		next_poll();
		settle();
	}
	now = end;
}

/* Nothing is lost uncounted. */
static void check_sums(void)
{
	for (unsigned s = 0; s < SOURCES; s++) {
		struct sdei_ras_counters c = counters(s);

		assert_int_equal(c.injected,
				 c.acknowledged + c.dropped + c.queued +
					 (c.state != SDEI_RAS_IS_FREE));
		assert_true(c.queued <= QUEUED_CPU);
	}
}

/* All sources have nothing to do and the poll timer rests. */
static void check_idle(void)
{
	check_sums();
	pass(2000000); /* another PE's timer, in vain */
	for (unsigned s = 0; s < SOURCES; s++)
		assert_false(busy(s) || counters(s).queued);
	assert_int_equal(poll_at, 0);
}

#endif
