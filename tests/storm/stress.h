/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The counting client. Every PE signals every other, has a bound timer, masks
 * and disables, and raises the lines of two devices whose events any PE may
 * get; one PE, the manager, also routes, binds and releases. Whatever is
 * triggered is counted where it is triggered and where it is handled.
 */
#ifndef STORM_STRESS_H
#define STORM_STRESS_H

#include "base.h"
#include "source.h"

/* A shared event. A line is raised by who moves it from IDLE to RAISED. */
enum { IDLE, RAISED, CLOSED };

struct line {
	const struct source *source;
	uint32_t event;
	unsigned state;
	int only;       /* RM_PE: the PE, else -1 */
	unsigned owner; /* PE index + 1 that runs the handler */
	uint64_t raised, handled;
} __attribute__((aligned(64)));

#define LINES 2
extern struct line lines[LINES];

struct client {
	uint64_t random;
	bool masked;
	unsigned level;
	/* Event 0: to each PE; what must have been begun there since. */
	uint64_t sent[MAX_PES], due[MAX_PES];
	/* Handlers begun here; what each PE had sent when the last began. */
	uint64_t begun, seen[MAX_PES];
	uint64_t armed, expired; /* the bound timer */
	uint64_t own;            /* handlers of the manager's own event */
	uint64_t masks, disables;
} __attribute__((aligned(64)));

extern struct client clients[MAX_PES];
extern uint32_t timer_event, own_event;
extern bool stop;

#define ARGUMENT(event) (UINT64_C(0x57e5) << 48 | (event))

#define WANT(result, ...) want(result, (const uint64_t[6]){ __VA_ARGS__ })
bool want(int64_t result, const uint64_t c[6]);

void arm(struct client *c);
void send(struct client *c, unsigned target);
void raise_line(struct line *l);
void listen(uint32_t event);

/* Something that only the manager does. */
void manage(struct client *c);
extern uint64_t routings, rebinds, cycles;

static inline unsigned below(struct client *c, unsigned n)
{
	return (unsigned)((next_random(&c->random) >> 32) % n);
}

#endif
