/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What both payloads share: parameters, TAP, and what is wrong. Any PE may
 * complain, also from a handler that interrupted another complaint; PE 0
 * prints it all at the end.
 */
#ifndef STORM_BASE_H
#define STORM_BASE_H

#include "arch.h"
#include "call.h"
#include "machine.h"

/* The loader may put words here; 0 is the default. */
#define PARAMETERS 0x60300000

struct parameters {
	uint64_t seed;    /* storm */
	uint64_t calls;   /* storm: all PEs together */
	uint64_t seconds; /* stress */
};

#define parameters (*(const volatile struct parameters *)PARAMETERS)

/* What a handler found (entry.S), and the call it will end with. */
struct event_frame {
	uint64_t x[18];
	uint64_t x18, x30;
	uint64_t fid, argument;
};

extern char event_entry[], event_entry_relative[], vectors[], resumed[],
	secondary_entry[];
#define ENTRY ((uint64_t)event_entry)

/* Each payload's own: a handler; an interrupt that was taken. */
void handle_event(struct event_frame *f);
void interrupted(struct pe *pe, unsigned intid);
void run(void);

/* Something is wrong, in printf's words. */
void fail(const char *why, ...) PRINTF(1, 2);
unsigned failures(void);
/* A line of TAP: ok if the condition holds. */
void tap(bool ok, const char *name, ...) PRINTF(2, 3);
/* Everything that failed so far and was not told yet, as comments. */
void tell_failures(void);
void __attribute__((noreturn)) finish(void);
void __attribute__((noreturn)) bail_out(const char *why, ...) PRINTF(1, 2);

/* Run `job` on every PE in turn, PE 0 first; each must come back. */
void on_each(work *job, uint64_t argument);

/* A pseudo-random number of 64 bits; the state is not 0. */
uint64_t next_random(uint64_t *state);

#endif
