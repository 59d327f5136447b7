/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which event numbers there are, and of what kind. Bound events' numbers are
 * found out once, by taking every slot.
 */
#ifndef STORM_NUMBER_H
#define STORM_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

enum kind {
	GARBAGE,   /* no such event, ever */
	SIGNALLED, /* event 0 */
	PRIVATE,
	SHARED,
	PRIVATE_SLOT, /* an event while it is bound */
	SHARED_SLOT,
};

struct number {
	uint32_t number;
	enum kind kind;
	bool critical;
};

#define MAX_NUMBERS 128

extern struct number numbers[MAX_NUMBERS];
extern unsigned number_count;
extern unsigned private_slots, shared_slots; /* from FEATURES */

static inline bool kind_is_private(enum kind k)
{
	return k == SIGNALLED || k == PRIVATE || k == PRIVATE_SLOT;
}

static inline bool kind_is_slot(enum kind k)
{
	return k == PRIVATE_SLOT || k == SHARED_SLOT;
}

/* Index in `numbers`, or -1. */
int number_find(uint32_t number);
enum kind number_kind(uint32_t number);

/*
 * Bind until no slot is left, then release. The first time the numbers are
 * noted, afterwards each must be one of those. False, with a complaint, if not
 * every slot could be had.
 */
bool number_all_slots(void);
void number_start(void);

/* Interrupts without a device, so never pending: enough for all slots. */
unsigned spare_interrupt(bool shared, unsigned i);

#endif
