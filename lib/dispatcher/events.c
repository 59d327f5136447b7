/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding bound events, and looking at any from outside.
 *
 * Numbers of the platform's table are looked up in an open hash table that is
 * half full, built once by sdei_dispatcher_init(); calls.c makes the
 * first try, which mostly hits. Numbers of bound events say which slot
 * they are. Both cost the same with 8 events or with 4096.
 */
#include "internal.h"

unsigned disp_slot_count(const struct sdei_dispatcher *d)
{
	return d->config.private_slots + d->config.shared_slots;
}

unsigned disp_place_of_slot(const struct sdei_dispatcher *d, unsigned slot)
{
	unsigned private_slots = d->config.private_slots;

	if (slot < private_slots)
		return PLACE_OF(d->private_count + slot);
	return PLACE_SHARED | PLACE_OF(d->shared_count + slot - private_slots);
}

struct event *disp_at(const struct pe *p, unsigned place)
{
	return event_at(p->d, p, place);
}

struct event *disp_slot(const struct pe *p, unsigned slot)
{
	return disp_at(p, disp_place_of_slot(p->d, slot));
}

struct event *disp_triggered(const struct pe *p, uint32_t interrupt)
{
	const struct sdei_dispatcher *d = p->d;
	unsigned place = 0;

	if (interrupt < d->config.interrupt_count)
		place = load(&d->interrupts[interrupt]);
	return place ? disp_at(p, place - 1) : NULL;
}

struct event *disp_find(const struct pe *p, uint32_t number)
{
	const struct sdei_dispatcher *d = p->d;
	uint32_t slot = number - SDEI_EVENT_BOUND, i;

	if (number >= SDEI_EVENT_BOUND)
		return slot < disp_slot_count(d) &&
				       load(&d->slots[slot].interrupt)
			       ? disp_slot(p, slot)
			       : NULL;
	for (i = hash(d, number); HASH_NUMBER(d->hash[i]) != number;
	     i = hash_next(d, i))
		if (i && !d->hash[i])
			return NULL;
	return disp_at(p, HASH_PLACE(d->hash[i]));
}

static int running_on(const struct pe *p, const struct event *e)
{
	if (is_shared(e))
		return load(&e->running_on);
	return state_of(e) & SDEI_STATUS_RUNNING ? (int)p->index : -1;
}

bool sdei_query(const struct sdei_dispatcher *d, unsigned pe, unsigned index,
		struct sdei_report *report)
{
	const struct sdei_config *c = &d->config;
	const struct pe *p = &d->pes[pe];
	const struct event *e;

	if (pe >= c->pe_count || index >= c->event_count + disp_slot_count(d))
		return false;
	e = disp_find(p, index < c->event_count
				 ? c->events[index].number
				 : SDEI_EVENT_BOUND + index - c->event_count);
	*report = (struct sdei_report){ .running_on = -1 };
	if (!e)
		return true;
	*report = (struct sdei_report){
		.info = e->info,
		.status = state_of(e),
		.pending = seems_pending(p, e),
		.entry_point = load(&e->entry_point),
		.routing_mode = load(&e->routed_to) < 0 ? SDEI_RM_ANY
							: SDEI_RM_PE,
		.affinity = unpack_affinity(load(&e->affinity)),
		.running_on = running_on(p, e),
	};
	return true;
}

bool sdei_pe_masked(const struct sdei_dispatcher *d, unsigned pe)
{
	return load(&d->pes[pe].masked);
}

bool sdei_pe_in_handler(const struct sdei_dispatcher *d, unsigned pe)
{
	return load(&d->pes[pe].inner) >= 0;
}
