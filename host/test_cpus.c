/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several CPUs: private events on each, signals from each to each, the watchdog
 * and the backtrace; through hotplug and through suspend.
 */
#include "test.h"
#include "watchdog.h"

#define ROUNDS                  3
#define TICK_US                 (outside ? 10000u : 1000u)
#define DOG_US                  20000
#define PSCI_INVALID_PARAMETERS (-2)

void spin_masked(void *argument);
extern char spin_masked_loop[], spin_masked_end[]; /* probe.S */

static unsigned arrived[MAX_CPUS];

/* As a job on any CPU: one event of this priority, at this CPU. */
static void one_event(void *argument)
{
	unsigned priority = (unsigned)(uint64_t)argument;
	struct seen *s = &seen[priority][this_cpu()->index];

	store(s->count, 0);
	s->wrong = NULL;
	raise_after(priority, microseconds(100));
	wait_until(load(s->count), patience(SECONDS(1)));
}

bool do_on(unsigned cpu, work *job, void *argument)
{
	if (cpu == this_cpu()->index) {
		job(argument);
		return true;
	}
	cpu_begin(cpu, job, argument);
	return cpu_wait(cpu, patience(SECONDS(3)));
}

static void check_events(unsigned cpu)
{
	for (uint64_t priority = 0; priority < 2; priority++) {
		struct seen *s = &seen[priority][cpu];

		if (events[priority] == NO_EVENT)
			continue;
		event_route((unsigned)priority, cpu);
		check(sdei_client_status(client, events[priority], cpu) ==
			      (SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED),
		      "event 0x%x on CPU %u: status %d", events[priority], cpu,
		      sdei_client_status(client, events[priority], cpu));
		check(do_on(cpu, one_event, (void *)priority),
		      "CPU %u does not come back", cpu);
		check(s->count == 1, "%u events of priority %lu on CPU %u",
		      s->count, priority, cpu);
		check(!s->wrong, "CPU %u: %s", cpu, s->wrong);
		event_route((unsigned)priority, this_cpu()->index);
	}
}

/* ---- Signals. */

static int on_signal(const struct sdei_interrupted *at, void *argument)
{
	unsigned *counts = argument;

	counts[at->cpu]++;
	return SDEI_HANDLED;
}

static void signal_all(void *argument)
{
	(void)argument;
	for (unsigned to = 0; to < cpu_count; to++) {
		unsigned before = load(arrived[to]);

		check(!sdei_client_signal(client, to), "CPU %u", to);
		check(wait_until(load(arrived[to]) == before + 1,
				 patience(SECONDS(1))),
		      "a signal from CPU %u to CPU %u: %u came",
		      this_cpu()->index, to, load(arrived[to]) - before);
	}
}

/* The tests' event, for another use. */
static void lend_event(bool lend)
{
	uint32_t number = events[SDEI_PRIORITY_NORMAL];

	if (!lend)
		event_enable(SDEI_PRIORITY_NORMAL, number);
	else
		check(!sdei_client_disable(client, number) &&
			      !sdei_client_unregister(client, number),
		      "the event is not to be had");
}

static void test_signals(void)
{
	if (neighbour)
		lend_event(true);
	check(!sdei_client_register(client, 0, on_signal, arrived), "register");
	check(!sdei_client_enable(client, 0), "enable");
	for (unsigned i = 0; i < cpu_count; i++)
		check(do_on(i, signal_all, NULL), "CPU %u is lost", i);
	check(!sdei_client_disable(client, 0), "disable");
	check(!sdei_client_unregister(client, 0), "unregister");
	if (neighbour)
		lend_event(false);
	tap("signals from each of %u CPUs to each", cpu_count);
}

/* ---- Watchdog and backtrace. */

static bool in_spin(const struct trace *t)
{
	return t->pc[0] >= (uint64_t)spin_masked_loop &&
	       t->pc[0] < (uint64_t)spin_masked_end;
}

static bool all_bitten(unsigned from)
{
	struct trace t;

	for (unsigned i = from; i < cpu_count; i++)
		if (watchdog_bites(i, &t) < 2)
			return false;
	return true;
}

static void start_tick(void *unused)
{
	(void)unused;
	tick_again();
}

/* Time for so many looks of the dog at each CPU. */
static void looks(unsigned n)
{
	if (!outside) {
		wait_until(false, n * DOG_US);
		return;
	}
	while (n--) {
		wait_until(false, DOG_US);
		for (unsigned i = 0; i < cpu_count; i++) {
			unsigned before = watchdog_looks(i);

			outside_ask(events[SDEI_PRIORITY_NORMAL], i);
			check(wait_until(watchdog_looks(i) != before,
					 patience(SECONDS(1))),
			      "no look at CPU %u", i);
		}
	}
}

static void test_watchdog(void)
{
	struct trace traces[MAX_CPUS], t;
	uint64_t spinning = 1;
	unsigned got;

	tick_start(TICK_US);
	cpu_call_all(start_tick, NULL);
	/* Raised outside, the dog's event is the one that the tests have. */
	if (outside)
		lend_event(true);
	check(!watchdog_start(DOG_US, outside ? events[0] : 0),
	      "the watchdog does not start");
	looks(4);
	for (unsigned i = 0; i < cpu_count; i++)
		check(!watchdog_bites(i, &t), "CPU %u was bitten early", i);
	for (unsigned i = 1; i < cpu_count; i++)
		cpu_begin(i, spin_masked, &spinning);
	for (unsigned n = 0; n < 100 && !all_bitten(1); n++)
		looks(1);
	check(all_bitten(1), "not all were bitten");
	check(!watchdog_bites(0, &t), "CPU 0 was bitten");
	for (unsigned i = 1; i < cpu_count; i++) {
		watchdog_bites(i, &t);
		check(in_spin(&t) && t.depth >= 2, "CPU %u spins at 0x%lx", i,
		      t.pc[0]);
	}
	tap("the watchdog finds %u CPUs that spin with interrupts masked, and where",
	    cpu_count - 1);
	got = backtrace_all(traces, patience(SECONDS(1)));
	check(got == (1u << cpu_count) - 1, "CPUs 0x%x answered", got);
	for (unsigned i = 1; i < cpu_count; i++)
		check(in_spin(&traces[i]) && traces[i].depth >= 2,
		      "CPU %u is at 0x%lx", i, traces[i].pc[0]);
	store(spinning, 0);
	for (unsigned i = 1; i < cpu_count; i++)
		check(cpu_wait(i, patience(SECONDS(1))),
		      "CPU %u does not come back", i);
	tap("a backtrace of all %u CPUs, masked or not", cpu_count);
	watchdog_stop();
	if (outside)
		lend_event(false);
	tick_start(0);
	cpu_call_all(start_tick, NULL);
}

/* ---- Power. */

static void test_hotplug(void)
{
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned i = 1; i < cpu_count; i++) {
			check(cpu_down(i), "CPU %u does not go off", i);
			check_events(0);
			check(cpu_up(i), "CPU %u does not come back on", i);
			check_events(i);
		}
	tap("private events on every CPU through %u rounds of hotplug", ROUNDS);
}

static uint64_t interrupts(void)
{
	return this_cpu()->irqs - this_cpu()->spurious;
}

/* Until a tick; or the SGI of who sent it here, which may be late. */
static void sleep(void *argument)
{
	struct seen *s = &seen[SDEI_PRIORITY_NORMAL][this_cpu()->index];
	uint64_t irqs = interrupts();
	int64_t *result = argument;

	store(s->count, neighbour);
	if (!neighbour)
		raise_after(SDEI_PRIORITY_NORMAL, microseconds(500));
	tick_start(3000 + 4 * lateness);
	*result = cpu_suspend();
	/* A standby may end for any reason; under KVM an event is one. */
	check(interrupts() != irqs || *result <= 0, "no interrupt woke CPU %u",
	      this_cpu()->index);
	tick_start(0);
	wait_until(load(s->count), patience(SECONDS(1)));
}

static void test_suspend(void)
{
	for (unsigned i = 0; i < cpu_count; i++) {
		struct seen *s = &seen[SDEI_PRIORITY_NORMAL][i];
		int64_t result = 0;

		check(do_on(i, sleep, &result), "CPU %u is lost", i);
		if (result == PSCI_INVALID_PARAMETERS) {
			tap_skip("PSCI has no such state", "suspend");
			return;
		}
		/* PSCI may make a standby of it, and say success. */
		check(result == 1 || (psci_by_hvc && !result),
		      "CPU %u did not sleep: %ld", i, result);
		check(s->count == 1, "%u events came of one while asleep",
		      s->count);
		check(!s->wrong, "%s", s->wrong);
		check_events(i);
	}
	tap("each CPU sleeps and wakes%s%s",
	    neighbour ? "" : "; an event meanwhile comes after",
	    neighbour || psci_by_hvc ? "" : ", none wakes it");
}

void check_all_events(void)
{
	for (unsigned i = 0; i < cpu_count; i++)
		check_events(i);
}

void test_cpus(void)
{
	check_all_events();
	tap("private events on each of %u CPUs", cpu_count);
	test_signals();
	if (cpu_count > 1) {
		if (exact || outside)
			test_watchdog();
		else
			tap_skip(neighbour
					 ? "there is no event for it"
					 : "its timer raises the tests' events",
				 "watchdog and backtrace");
		test_hotplug();
	}
	test_suspend();
}
