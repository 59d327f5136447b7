/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Secure physical timer of each PE, which four share: ras/ polls by it
 * (machine.h), the control line answers by it and has its storms, and the test service
 * raises by it.
 * None moves another's moment.
 */
#ifndef EL3_TIMER_H
#define EL3_TIMER_H

#include <stdbool.h>
#include <stdint.h>

enum timer_use {
	TIMER_POLL,
	TIMER_ANSWER,
	TIMER_STORM,
	TIMER_TEST,
	TIMER_USES
};

/* On the calling PE: fire after so many ticks, at least 1; or do not. */
void timer_start(enum timer_use use, uint64_t ticks);
void timer_stop(enum timer_use use);
/* The timer fired: is it this use's time? Once; then the next is awaited. */
bool timer_take(enum timer_use use);

#endif
