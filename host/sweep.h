/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sweeps: a path through the host that is run over and over, with an event one
 * instruction later each time (test_sweep.c); the paths are in paths.c.
 */
#ifndef HOST_SWEEP_H
#define HOST_SWEEP_H

#include "test.h"

/* What a path leaves behind, its event apart. */
struct outcome {
	struct state found, guest_found;
	struct frame looked;
	uint64_t value[16];
};

struct path {
	const char *name;
	/* Calls sweep_arm() once, where the first position is. */
	void (*run)(struct outcome *outcome);
	unsigned priority; /* of the event */
	unsigned least;    /* steps, or it went wrong */
	/*
	 * 0: until the event comes too late. Else so many positions, and the
	 * event may be lost, for its CPU is off: then `run` calls sweep_took()
	 * when it was to be seen.
	 */
	unsigned span;
};

void sweep_arm(void);
void sweep_took(unsigned cpu);
extern unsigned sweep_priority;
void sweep(const struct path *path);
/* After all paths: was each instruction of entry and exit interrupted? */
void sweep_covered(void);
void test_sweep(void);

#endif
