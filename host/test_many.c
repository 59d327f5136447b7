/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest cannot choose the instruction that an event comes at: so there are
 * many, in each place and on each CPU in turn, each with other registers.
 */
#include "test.h"

#define EVENTS  500
#define A_ROUND 8 /* contexts_here() has seven */

static void a_round(void *unused)
{
	(void)unused;
	contexts_here(SDEI_PRIORITY_NORMAL);
	aarch32_here(SDEI_PRIORITY_NORMAL);
}

void test_many(void)
{
	unsigned cpu = 0, came = 0;

	while (came < EVENTS) {
		if (cpu == this_cpu()->index) {
			a_round(NULL);
		} else {
			cpu_begin(cpu, a_round, NULL);
			/* Asleep: who raises events may need this CPU. */
			for (unsigned n = 0; n < 60000 && !cpu_wait(cpu, 0);
			     n++)
				nap();
			check(cpu_wait(cpu, 0), "CPU %u does not come back",
			      cpu);
		}
		cpu = (cpu + 1) % cpu_count;
		came += A_ROUND;
	}
	tap("%u events on %u CPUs find and leave the kernel and its processes as they were",
	    came, cpu_count);
}
