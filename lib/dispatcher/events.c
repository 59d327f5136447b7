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

uint64_t *disp_entry(const struct sdei_dispatcher *d, uint32_t number)
{
	uint32_t i = hash(d, number);

	while (HASH_NUMBER(d->hash[i]) != number && (!i || d->hash[i]))
		i = i + 1 == d->hash_size ? 0 : i + 1;
	return &d->hash[i];
}

struct event *disp_find(const struct sdei_pe *p, uint32_t number)
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
	return event_at(p, place);
}

bool sdei_query(const struct sdei_dispatcher *d, unsigned pe, unsigned index,
		struct sdei_report *report)
{
	const struct sdei_config *c = &d->config;
	const struct sdei_pe *p = pe_at(d, pe);
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
	if (load(&e->routed_to) >= 0) {
		report->routing_mode = SDEI_RM_PE;
		report->affinity =
			unpack_affinity(load(&of_shared(e)->affinity));
	}
	if (report->status & SDEI_STATUS_RUNNING)
		report->running_on = is_shared(e)
					     ? load(&of_shared(e)->running_on)
					     : (int)pe;
	return true;
}

bool sdei_pe_masked(const struct sdei_dispatcher *d, unsigned pe)
{
	return load(&pe_at(d, pe)->masked);
}

int sdei_pe_priority(const struct sdei_dispatcher *d, unsigned pe)
{
	return load(&pe_at(d, pe)->inner);
}

unsigned sdei_pe_handlers(const struct sdei_dispatcher *d, unsigned pe)
{
	const struct sdei_pe *p = pe_at(d, pe);

	return (load(&p->handler[SDEI_PRIORITY_NORMAL].event) != NULL) +
	       (load(&p->handler[SDEI_PRIORITY_CRITICAL].event) != NULL);
}

bool sdei_pe_in_handler(const struct sdei_dispatcher *d, unsigned pe)
{
	return sdei_pe_priority(d, pe) >= 0;
}
