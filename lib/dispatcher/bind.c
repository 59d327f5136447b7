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

static unsigned slot_count(const struct sdei_dispatcher *d)
{
	return d->config.private_slots + d->config.shared_slots;
}

static struct event *slot_event(const struct sdei_dispatcher *d,
				const struct pe *p, unsigned slot)
{
	return event_at(d, p, disp_place_of_slot(d, slot));
}

/* The number of the event that the interrupt triggers, with what it answers. */
static int64_t bound_already(const struct sdei_dispatcher *d, struct pe *p,
			     uint32_t interrupt)
{
	unsigned place = d->interrupts[interrupt];
	struct event *e = event_at(d, p, place - 1);

	/* One of the platform's is not the client's to bind. */
	return is_slot(e) ? (int64_t)e->info->number : SDEI_INVALID_PARAMETERS;
}

/* The first free slot of the interrupt's type, or -1. */
static int free_slot(const struct sdei_dispatcher *d, uint32_t interrupt)
{
	unsigned type = interrupt < FIRST_SPI ? SDEI_TYPE_PRIVATE
					      : SDEI_TYPE_SHARED;

	for (unsigned i = 0; i < slot_count(d); i++)
		if (d->slots[i].type == type && !d->slots[i].interrupt)
			return (int)i;
	return -1;
}

static int64_t bind_locked(struct sdei_dispatcher *d, struct pe *p,
			   uint32_t interrupt)
{
	const struct sdei_config *c = &d->config;
	int64_t result;
	int slot;

	if (d->interrupts[interrupt])
		return bound_already(d, p, interrupt);
	result = c->ops->interrupt_check(c->context, interrupt);
	if (result != SDEI_SUCCESS)
		return result;
	slot = free_slot(d, interrupt);
	if (slot < 0)
		return SDEI_OUT_OF_RESOURCE;
	store(&d->slots[slot].interrupt, interrupt);
	store(&d->interrupts[interrupt],
	      disp_place_of_slot(d, (unsigned)slot) + 1);
	/* It may fire from here on. */
	c->ops->interrupt_take(c->context, p->index, interrupt);
	return d->slots[slot].number;
}

int64_t disp_bind(struct sdei_dispatcher *d, struct pe *p, uint32_t interrupt)
{
	int64_t result;

	/* Anything else has no place in the table below. */
	if (interrupt < FIRST_PPI || interrupt >= d->config.interrupt_count)
		return slot_count(d) || interrupt < FIRST_PPI
			       ? SDEI_INVALID_PARAMETERS
			       : SDEI_OUT_OF_RESOURCE;
	spin_acquire(&d->bind_lock);
	result = bind_locked(d, p, interrupt);
	spin_release(&d->bind_lock);
	return result;
}

/* On how many PEs a slot has a handler of its own. */
static unsigned handlers(const struct sdei_dispatcher *d, unsigned slot)
{
	return d->slots[slot].type == SDEI_TYPE_SHARED ? 1 : d->config.pe_count;
}

static bool unregistered_everywhere(const struct sdei_dispatcher *d,
				    unsigned slot)
{
	for (unsigned pe = 0; pe < handlers(d, slot); pe++)
		if (__atomic_load_n(&slot_event(d, &d->pes[pe], slot)->state,
				    __ATOMIC_ACQUIRE) != UNREGISTERED)
			return false;
	return true;
}

static int release_locked(struct sdei_dispatcher *d, unsigned slot)
{
	const struct sdei_config *c = &d->config;
	uint32_t interrupt = d->slots[slot].interrupt;

	if (!unregistered_everywhere(d, slot))
		return SDEI_DENIED;
	store(&d->interrupts[interrupt], 0);
	store(&d->slots[slot].interrupt, 0);
	look_after_writing();
	for (unsigned pe = 0; pe < handlers(d, slot); pe++) {
		struct event *e = slot_event(d, &d->pes[pe], slot);

		disp_lock(e);
		store(&e->pending, false);
		disp_unlock(e);
	}
	c->ops->interrupt_give(c->context, interrupt);
	return SDEI_SUCCESS;
}

int disp_release(struct sdei_dispatcher *d, uint32_t number)
{
	uint32_t slot = number - SDEI_EVENT_BOUND;
	int result = SDEI_INVALID_PARAMETERS;

	if (slot >= slot_count(d))
		return result;
	spin_acquire(&d->bind_lock);
	if (d->slots[slot].interrupt)
		result = release_locked(d, slot);
	spin_release(&d->bind_lock);
	return result;
}

/* Release what can be; DENIED if something could not (5.1.19). */
int disp_release_all(struct sdei_dispatcher *d)
{
	int result = SDEI_SUCCESS;

	spin_acquire(&d->bind_lock);
	for (unsigned slot = 0; slot < slot_count(d); slot++)
		if (d->slots[slot].interrupt &&
		    release_locked(d, slot) != SDEI_SUCCESS)
			result = SDEI_DENIED;
	spin_release(&d->bind_lock);
	return result;
}
