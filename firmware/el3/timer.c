/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One timer, four moments: it is set to the nearest one.
 */
#include "timer.h"

#include "machine.h"

#include <platform.h>

#define NEVER UINT64_MAX

/* When each use wants it, in ticks of the counter; 0 is never, too. */
static struct {
	uint64_t at[TIMER_USES];
} timers[PLAT_MAX_PES];

static void set(void)
{
	const uint64_t *at = timers[machine_self()].at;
	uint64_t next = NEVER;

	for (unsigned use = 0; use < TIMER_USES; use++)
		if (at[use] && at[use] < next)
			next = at[use];
	__asm__ volatile("msr cntps_cval_el1, %0\n"
			 "msr cntps_ctl_el1, %1\n"
			 "isb"
			 :
			 : "r"(next), "r"((uint64_t)(next != NEVER)));
}

void timer_start(enum timer_use use, uint64_t ticks)
{
	timers[machine_self()].at[use] = machine_time() + ticks;
	set();
}

void timer_stop(enum timer_use use)
{
	timers[machine_self()].at[use] = 0;
	set();
}

bool timer_take(enum timer_use use)
{
	uint64_t *at = &timers[machine_self()].at[use];
	bool due = *at && machine_time() >= *at;

	if (due)
		*at = 0;
	set();
	return due;
}

void machine_poll_after(uint64_t ticks)
{
	timer_start(TIMER_POLL, ticks);
}
