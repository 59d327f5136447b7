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

struct event *disp_at(const struct pe *p, unsigned place)
{
	return event_at(p->d, p, place);
}

struct event *disp_triggered(const struct pe *p, uint32_t interrupt)
{
	const struct sdei_dispatcher *d = p->d;
	unsigned place = 0;

	if (interrupt < d->config.interrupt_count)
		place = load(&d->interrupts[interrupt]);
	return place ? disp_at(p, place - 1) : NULL;
}

uint64_t *disp_entry(const struct sdei_dispatcher *d, uint32_t number)
{
	uint32_t i = hash(d, number);

	while (HASH_NUMBER(d->hash[i]) != number && (!i || d->hash[i]))
		i = i + 1 == d->hash_size ? 0 : i + 1;
	return &d->hash[i];
}

struct event *disp_find(const struct pe *p, uint32_t number)
{
	const struct sdei_dispatcher *d = p->d;
	uint32_t slot = number - SDEI_EVENT_BOUND;
	uint64_t entry;
	unsigned place;

	if (number < SDEI_EVENT_BOUND) {
		entry = *disp_entry(d, number);
		if (HASH_NUMBER(entry) != number)
			return NULL;
		place = HASH_PLACE(entry);
	} else {
		if (slot >= d->slot_count ||
		    !load(&d->slots[slot].info.interrupt))
			return NULL;
		place = d->slots[slot].place;
	}
	return disp_at(p, place);
}

bool sdei_query(const struct sdei_dispatcher *d, unsigned pe, unsigned index,
		struct sdei_report *report)
{
	const struct sdei_config *c = &d->config;
	const struct pe *p = &d->pes[pe];
	const struct event *e;

	if (pe >= c->pe_count || index >= c->event_count + d->slot_count)
		return false;
	e = disp_find(p, index < c->event_count
				 ? c->events[index].number
				 : SDEI_EVENT_BOUND + index - c->event_count);
	*report = (struct sdei_report){ .running_on = -1 };
	if (!e)
		return true;
	report->info = e->info;
	report->status = state_of(e);
	report->pending = disp_waits(p, e);
	report->entry_point = load(&e->entry_point);
	report->affinity = unpack_affinity(load(&e->affinity));
	report->routing_mode = load(&e->routed_to) < 0 ? SDEI_RM_ANY
						       : SDEI_RM_PE;
	if (report->status & SDEI_STATUS_RUNNING)
		report->running_on = is_shared(e) ? load(&e->running_on)
						  : (int)pe;
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
