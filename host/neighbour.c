/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events where the dispatcher has none but event 0 and lets no interrupt be
 * bound: the last CPU is no longer one of the kernel's and signals the others,
 * each when it wants to be. So nothing of the firmware but SIGNAL is needed.
 */
#include "test.h"

#define PATIENCE SECONDS(2)

bool neighbour;
static struct cpu *its;        /* the last CPU */
static uint64_t due[MAX_CPUS]; /* when to signal each; 0: not at all */
static bool leaving;

static void signal_whose_time_has_come(void)
{
	for (unsigned i = 0; i < cpu_count; i++) {
		uint64_t when = load(due[i]);

		if (when && now() >= when &&
		    __atomic_compare_exchange_n(&due[i], &when, 0, false,
						__ATOMIC_ACQ_REL,
						__ATOMIC_ACQUIRE))
			sdei_client_signal(client, i);
	}
}

/* As that CPU's last job. */
static void serve(void *unused)
{
	(void)unused;
	irq_off();
	host_client_down();
	store(its->online, false);
	while (!load(leaving))
		signal_whose_time_has_come();
	psci(PSCI_CPU_OFF, 0, 0, 0);
	panic("CPU_OFF came back");
}

static bool neighbour_raise(unsigned priority, uint64_t ticks)
{
	if (priority)
		return false;
	store(due[this_cpu()->index], ticks ? now() + ticks : 0);
	return true;
}

void neighbour_start(void)
{
	static const struct raiser signals = { .raise = neighbour_raise };

	its = &cpus[--cpu_count];
	cpu_begin(its->index, serve, NULL);
	if (!wait_until(!load(its->online), PATIENCE))
		panic("CPU %u does not take its job", its->index);
	neighbour = true;
	raiser = &signals;
	event_enable(SDEI_PRIORITY_NORMAL, SDEI_EVENT_SIGNALLED);
	print("# event 0 is all there is: CPU %u signals it to the others\n",
	      its->index);
}

bool neighbour_stop(void)
{
	if (!neighbour)
		return true;
	store(leaving, true);
	return wait_until(cpu_is_off(its->index), PATIENCE);
}
