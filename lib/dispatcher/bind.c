/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts as triggers: binding (5.1.14) and release (5.1.15).
 *
 * A slot is an event that is there from the start and has no interrupt while it
 * is free. Its number is SDEI_EVENT_BOUND and the slot's. What is bound changes
 * under the bind lock.
 */
#include "internal.h"

#define FIRST_PPI 16u
#define FIRST_SPI 32u

bool disp_fits(const struct sdei_config *c, uint64_t interrupt, unsigned type)
{
	return interrupt >= FIRST_PPI && interrupt < c->interrupt_count &&
	       (interrupt >= FIRST_SPI) == type;
}

void disp_connect(struct sdei_dispatcher *d, struct slot *slot,
		  uint32_t interrupt)
{
	store(&slot->info.interrupt, interrupt);
	store(&d->interrupts[interrupt], slot->place + 1);
}

static int64_t bind_locked(struct sdei_pe *p, uint32_t interrupt)
{
	struct sdei_dispatcher *d = p->d;
	const struct sdei_config *c = &d->config;
	const struct event *e = triggered(p, interrupt);
	int64_t result;

	/* One of the platform's is not the client's to bind. */
	if (e)
		return is_slot(e) ? (int64_t)e->info->number
				  : SDEI_INVALID_PARAMETERS;
	result = c->ops->interrupt_check(c->context, interrupt);
	if (result != SDEI_SUCCESS)
		return result;
	for (unsigned i = 0; i < d->slot_count; i++) {
		struct slot *slot = &d->slots[i];

		if (slot->info.interrupt ||
		    slot->info.type != (interrupt >= FIRST_SPI))
			continue;
		disp_connect(d, slot, interrupt);
		/* It may fire from here on. */
		c->ops->interrupt_take(c->context, p->index, interrupt);
		return slot->info.number;
	}
	return SDEI_OUT_OF_RESOURCE;
}

void disp_bind(struct sdei_pe *p, struct sdei_context *frame, struct event *e)
{
	struct sdei_dispatcher *d = p->d;
	uint32_t interrupt = (uint32_t)sdei_x(frame, 1);
	int64_t result = SDEI_INVALID_PARAMETERS;

	(void)e;
	if (interrupt >= FIRST_PPI) {
		/* Anything else has no place in the table of interrupts. */
		if (interrupt < d->config.interrupt_count) {
			spin_acquire(&d->bind_lock);
			result = bind_locked(p, interrupt);
			spin_release(&d->bind_lock);
		} else if (!d->slot_count) {
			result = SDEI_OUT_OF_RESOURCE;
		}
	}
	answer(frame, result);
}

/* Is the event at a place unregistered, wherever it has a handler? */
static bool unregistered(const struct sdei_dispatcher *d, unsigned place)
{
	for (unsigned pe = d->config.pe_count; pe-- > 0;)
		if (__atomic_load_n(&event_at(pe_at(d, pe), place)->state,
				    __ATOMIC_ACQUIRE) != UNREGISTERED)
			return false;
	return true;
}

static int64_t release_locked(struct sdei_dispatcher *d, struct slot *slot)
{
	const struct sdei_config *c = &d->config;
	uint32_t interrupt = slot->info.interrupt;

	if (!interrupt)
		return SDEI_INVALID_PARAMETERS;
	if (!unregistered(d, slot->place))
		return SDEI_DENIED;
	store(&d->interrupts[interrupt], 0);
	store(&slot->info.interrupt, 0);
	look_after_writing();
	for (unsigned pe = c->pe_count; pe-- > 0;) {
		struct event *e = event_at(pe_at(d, pe), slot->place);

		lock_event(e);
		store(&e->pending, false);
		unlock_event(e);
	}
	c->ops->interrupt_give(c->context, interrupt);
	return SDEI_SUCCESS;
}

int64_t disp_release(struct sdei_dispatcher *d, uint32_t number)
{
	uint32_t slot = number - SDEI_EVENT_BOUND;
	int64_t result;

	if (slot >= d->slot_count)
		return SDEI_INVALID_PARAMETERS;
	spin_acquire(&d->bind_lock);
	result = release_locked(d, &d->slots[slot]);
	spin_release(&d->bind_lock);
	return result;
}
