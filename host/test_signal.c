/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals that a handler raises for a process, and for the VMM while its guest
 * runs: how many instructions of a loop pass until they are there. There is no
 * tick meanwhile, so whoever waits for one waits for ever.
 */
#include "test.h"

#define SIGNALS     50
#define DISTANCE_US 300
#define PATIENCE_MS 5000 /* then the loops end anyway */

extern char user_count[], user_count_loop[], user_count_end[], user_vmm[],
	guest_count[];

static struct {
	struct thread *thread;
	unsigned raised, late; /* and those that were not there at once */
	uint64_t count;        /* of the loop, when the last was raised */
} signals;

static uint64_t *words(const void *data)
{
	return (uint64_t *)data;
}

static void again(void)
{
	if (signals.raised < SIGNALS)
		raise_after(SDEI_PRIORITY_NORMAL, microseconds(DISTANCE_US));
}

/* Raise one more; `there`: the one before was noted as it should be. */
static void raise(uint64_t count, bool there)
{
	if (signals.raised && !there)
		signals.late++;
	signals.count = count;
	signals.raised++;
	thread_signal(signals.thread);
	again();
}

/* Only in its loop: signals do not add up while one is served. */
static void to_process(struct seen *s)
{
	const volatile uint64_t *data = words(signals.thread->data);

	if (s->at.pc < user_address(user_count_loop) ||
	    s->at.pc >= user_address(user_count_end))
		return again();
	raise(s->at.x[20],
	      data[1] == signals.raised && data[2] == signals.count);
}

static void to_vmm(struct seen *s)
{
	const struct thread *t = signals.thread;

	if (!s->guest)
		return again();
	raise(s->at.x[1], t->signals == signals.raised &&
				  t->vcpu->at_signal == signals.count);
	if (signals.raised == SIGNALS)
		words(t->vcpu->data)[0] = 0;
}

static void run(struct thread *t, void (*action)(struct seen *))
{
	struct seen *s = &seen[SDEI_PRIORITY_NORMAL][this_cpu()->index];
	uint64_t ticks = this_cpu()->ticks;

	memset(&signals, 0, sizeof(signals));
	signals.thread = t;
	s->action = action;
	raise_after(SDEI_PRIORITY_NORMAL, microseconds(DISTANCE_US));
	process_run(t);
	s->action = NULL;
	check(signals.raised == SIGNALS, "%u events", signals.raised);
	check(t->signals == SIGNALS, "%lu signals", t->signals);
	check(!signals.late, "%u signals were not there at once", signals.late);
	check(this_cpu()->ticks == ticks, "there were ticks");
}

void test_signal(void)
{
	struct thread *t = process_new(user_count, this_cpu()->index);

	words(t->data)[0] = SIGNALS;
	words(t->data)[3] = patience(PATIENCE_MS) * spins_ms;
	run(t, to_process);
	check(words(t->data)[2] == signals.count, "the last one was late");
	process_free(t);
	tap("%u signals from handlers reach a process before its next instruction, without a tick",
	    SIGNALS);
	if (!at_el2)
		return;
	t = process_new(user_vmm, this_cpu()->index);
	t->vcpu = guest_new(guest_count);
	words(t->vcpu->data)[0] = patience(PATIENCE_MS) * spins_ms;
	run(t, to_vmm);
	check(t->vcpu->at_signal == signals.count, "the last one was late");
	guest_free(t->vcpu);
	process_free(t);
	tap("%u signals from handlers reach the VMM before its guest's next instruction, without a tick",
	    SIGNALS);
}
