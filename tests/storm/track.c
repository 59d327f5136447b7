/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeping track: registrations as one PE knows them, owners of shared events.
 */
#include "track.h"

#define CHANGE 0x100

struct client clients[MAX_PES];
/* PE index + 1. */
static unsigned owners[MAX_NUMBERS];

void track_on(struct client *c)
{
	c->level = 0;
	c->unmasking = 0;
	c->masked = true;
	for (unsigned i = 0; i < number_count; i++)
		store(c->registered[i],
		      (c->registered[i] + CHANGE) >> 8 << 8 | NO);
}

struct touch touch_begin(struct client *c, unsigned number)
{
	struct touch t;

	t.before = load(c->registered[number]);
	for (;;) {
		t.during = ((t.before >> 8) + 1) << 8 | UNKNOWN;
		if (__atomic_compare_exchange_n(&c->registered[number],
						&t.before, t.during, false,
						__ATOMIC_ACQ_REL,
						__ATOMIC_ACQUIRE))
			return t;
	}
}

/* If a handler touched it meanwhile, nobody knows whose call came last. */
void touch_end(struct client *c, unsigned number, struct touch t,
	       enum knowledge now_known)
{
	uint64_t value = t.during;
	uint64_t to = t.during | now_known;

	while (!__atomic_compare_exchange_n(&c->registered[number], &value, to,
					    false, __ATOMIC_ACQ_REL,
					    __ATOMIC_ACQUIRE))
		to = ((value >> 8) + 1) << 8 | UNKNOWN;
}

void owner_take(unsigned number)
{
	unsigned nobody = 0, me = this_pe()->index + 1;

	if (!__atomic_compare_exchange_n(&owners[number], &nobody, me, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		fail("shared event 0x%x runs here and on PE %u",
		     numbers[number].number, nobody - 1);
}

void owner_drop(unsigned number)
{
	store(owners[number], 0);
}

void owner_drop_all(void)
{
	unsigned me = this_pe()->index + 1;

	for (unsigned i = 0; i < number_count; i++)
		if (load(owners[i]) == me)
			owner_drop(i);
}
