/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One timer, four moments: it is set to the nearest one.
 */
#include "timer.h"

#include "pe.h"

#define NEVER UINT64_MAX

static void set(void)
{
	const uint64_t *at = this_pe()->timer;
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
	this_pe()->timer[use] = machine_time() + ticks;
	set();
}

void timer_stop(enum timer_use use)
{
	this_pe()->timer[use] = 0;
	set();
}

bool timer_take(enum timer_use use)
{
	uint64_t *at = &this_pe()->timer[use];
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
