/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fuzzing client: every PE makes random calls, also in its handlers, while
 * timers fire, signals fly and PEs go off and on. Each answer is judged by what
 * the specification allows and this PE knows (judge.c), then it must all still
 * work (after.c).
 */
#ifndef STORM_STORM_H
#define STORM_STORM_H

#include "base.h"
#include "number.h"
#include "track.h"

struct made {
	uint64_t before[18], after[18];
	unsigned level;            /* handlers that ran around the call */
	bool masked;               /* surely; not masked: perhaps */
	bool alone;                /* no handler ran meanwhile */
	int number;                /* what x1 means as an event, or -1 */
	enum knowledge registered; /* here; of private events */
};

/* The dispatcher's constant answers, from before the storm. */
extern int64_t version, offered[2];
/* No more random calls in handlers: they only count. */
extern bool calm;

/* On this PE: a random call, a random doing of some device. */
void random_call(struct client *c);
void random_device(struct client *c);
void quiet_timer(unsigned intid);
void quiet_timers(void);
/* This PE off, perhaps; asleep, perhaps. */
void power_off(struct client *c);
void power_sleep(struct client *c);

void judge(const struct client *c, const struct made *m);
bool affinity_known(uint64_t affinity);

/* ep_argument: whose registration it is, of what. */
#define ANYONE 0xff
#define ARGUMENT(pe, number) \
	(UINT64_C(0x5de1) << 48 | (uint64_t)(pe) << 40 | (uint32_t)(number))
uint64_t argument_for(unsigned pe, uint32_t number);

void after(void);

static inline unsigned below(struct client *c, unsigned n)
{
	return (unsigned)((next_random(&c->random) >> 32) % n);
}

static inline bool one_in(struct client *c, unsigned n)
{
	return below(c, n) == 0;
}

#endif
