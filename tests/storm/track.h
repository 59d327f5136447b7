/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a PE knows of its own SDEI state while events interrupt it at any
 * instruction and change that state as well. A handler is done before the
 * interrupted code goes on, so a piece of knowledge is exact if nobody else
 * touched it between before the call and after.
 */
#ifndef STORM_TRACK_H
#define STORM_TRACK_H

#include "base.h"
#include "number.h"

enum knowledge { UNKNOWN, NO, YES };

struct client {
	uint64_t random;
	/* Survives CPU_OFF and CPU_ON: */
	uint64_t calls, quota, handled[MAX_NUMBERS], irqs, offs, sleeps;
	uint64_t resumes, deepest;
	uint64_t counts[32][2]; /* of each function: all, not negative */
	/* Not: */
	unsigned level; /* handlers that run now */
	struct event_frame *inner[3];
	unsigned unmasking; /* calls of PE_UNMASK that are on their way */
	bool masked;
	/* Is this private event registered here? [63:8] changes, [7:0] answer. */
	uint64_t registered[MAX_NUMBERS];
	uint64_t runs;
} __attribute__((aligned(64)));

extern struct client clients[MAX_PES];

static inline struct client *self(void)
{
	return &clients[this_pe()->index];
}

/* The state of a PE that just came on. */
void track_on(struct client *c);

/* A call that may change a registration; what it was known to be before. */
struct touch {
	uint64_t before, during;
};

struct touch touch_begin(struct client *c, unsigned number);
void touch_end(struct client *c, unsigned number, struct touch t,
	       enum knowledge now_known);

static inline enum knowledge known(const struct client *c, unsigned number)
{
	return (enum knowledge)(load(c->registered[number]) & 0xff);
}

/* The PE that runs a shared event's handler: one at a time. */
void owner_take(unsigned number);
void owner_drop(unsigned number);
void owner_drop_all(void);

#endif
