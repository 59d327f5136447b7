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

unsigned disp_place_of_slot(const struct sdei_dispatcher *d, unsigned slot)
{
	unsigned private_slots = d->config.private_slots;

	if (slot < private_slots)
		return PLACE_OF(d->private_count + slot);
	return PLACE_SHARED | PLACE_OF(d->shared_count + slot - private_slots);
}

const uint64_t *disp_find_entry(const struct sdei_dispatcher *d,
				uint32_t number)
{
	uint32_t i = hash(d, number);

	while (HASH_NUMBER(d->hash[i]) != number) {
		if (i && !d->hash[i])
			return NULL;
		i = i + 1 == d->hash_size ? 0 : i + 1;
	}
	return &d->hash[i];
}

struct event *disp_find(const struct sdei_dispatcher *d, const struct pe *p,
			uint32_t number)
{
	uint32_t slot = number - SDEI_EVENT_BOUND;
	const uint64_t *entry;

	if (number >= SDEI_EVENT_BOUND)
		return slot < d->config.private_slots +
					     d->config.shared_slots &&
				       load(&d->slots[slot].interrupt)
			       ? event_at(d, p, disp_place_of_slot(d, slot))
			       : NULL;
	entry = disp_find_entry(d, number);
	return entry ? event_at(d, p, HASH_PLACE(*entry)) : NULL;
}

/* The place of the `index`th event of the table, or of a slot behind it. */
static unsigned place_of(const struct sdei_dispatcher *d, unsigned index)
{
	const struct sdei_config *c = &d->config;

	if (index >= c->event_count)
		return disp_place_of_slot(d, index - c->event_count);
	return HASH_PLACE(*disp_find_entry(d, c->events[index].number));
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
	unsigned slots = c->private_slots + c->shared_slots;
	const struct pe *p = &d->pes[pe];
	const struct event *e;

	if (pe >= c->pe_count || index >= c->event_count + slots)
		return false;
	e = event_at(d, p, place_of(d, index));
	*report = (struct sdei_report){
		.info = is_slot(e) && !load(&e->info->interrupt) ? NULL
								 : e->info,
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
	return innermost(&d->pes[pe]) >= 0;
}
