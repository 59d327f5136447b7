/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a kernel can build on SDEI: a watchdog that no masked interrupt holds
 * back, and a backtrace of every CPU (watchdog.c).
 */
#ifndef HOST_WATCHDOG_H
#define HOST_WATCHDOG_H

#include "host.h"

#define TRACE_DEPTH 6

/* Where a CPU was: the interrupted PC, then its callers. */
struct trace {
	unsigned depth;
	uint64_t pc[TRACE_DEPTH];
};

/*
 * Every CPU must take a tick every `us`; 0, or why there is no watchdog. `number`
 * is a private event that somebody raises as often; if it is 0 a timer is bound.
 */
int watchdog_start(uint64_t us, uint32_t number);
void watchdog_stop(void);
/* How often this CPU was found stuck, and where, the last time. */
unsigned watchdog_bites(unsigned cpu, struct trace *trace);
/* How often it was looked at. */
unsigned watchdog_looks(unsigned cpu);

/* Ask all CPUs where they are; which of them answered, as bits. */
unsigned backtrace_all(struct trace traces[MAX_CPUS], uint64_t us);

#endif
