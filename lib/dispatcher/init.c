/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making a dispatcher: cut the embedder's memory up and fill the tables.
 *
 * The same function measures and places: with no memory it only counts, so
 * sdei_dispatcher_size() and sdei_dispatcher_init() cannot disagree.
 */
#include "check.h"
#include "internal.h"

_Static_assert(sizeof(struct event) <= 40, "SDEI_DISPATCHER_BOUND");
_Static_assert(sizeof(struct pe) <= 512, "SDEI_DISPATCHER_BOUND");
_Static_assert(sizeof(struct sdei_dispatcher) <= 512, "SDEI_DISPATCHER_BOUND");
_Static_assert(sizeof(struct sdei_event_info) <= 24, "SDEI_DISPATCHER_BOUND");

/* Hands out zeroed memory, or only counts it when there is none. */
struct arena {
	unsigned char *base;
	size_t used;
};

static void *take(struct arena *a, size_t count, size_t size)
{
	unsigned char *p = a->base ? a->base + a->used : NULL;
	size_t bytes = (count * size + 7) & ~(size_t)7;

	a->used += bytes;
	for (size_t i = 0; p && i < bytes; i++)
		p[i] = 0;
	return p;
}

static void take_set(struct arena *a, struct set *set, unsigned n)
{
	*set = (struct set){
		.word = take(a, SET_WORDS(n), sizeof(uint64_t)),
	};
}

static void place_pe(struct arena *a, struct pe *p,
		     const struct sdei_dispatcher *d)
{
	p->events = take(a, d->privates, sizeof(struct event));
	take_set(a, &p->inbox, d->privates);
	for (unsigned i = 0; i < PRIORITIES; i++) {
		take_set(a, &p->ready[i], d->privates);
		take_set(a, &p->routed[i], d->shareds);
	}
}

/* Measure, or place, all that belongs to a dispatcher beside its struct. */
static void place_all(struct arena *a, struct sdei_dispatcher *d)
{
	const struct sdei_config *c = &d->config;
	struct pe measured;

	d->hash_factor = UINT32_C(0x9E3779B1);	/* 2^32 / golden ratio */
	d->hash_size = 2 * c->event_count;
	d->client_mode = c->client_el << 2;
	d->fid_block = SDEI_FID_FIRST / 32;
	d->pes = take(a, c->pe_count, sizeof(struct pe));
	d->shared = take(a, d->shareds, sizeof(struct event));
	d->slots = take(a, c->private_slots + c->shared_slots,
			sizeof(struct sdei_event_info));
	d->hash = take(a, d->hash_size, sizeof(uint64_t));
	d->interrupts = take(a, c->interrupt_count, sizeof(uint32_t));
	for (unsigned i = 0; i < PRIORITIES; i++)
		take_set(a, &d->any[i], d->shareds);
	for (unsigned i = 0; i < c->pe_count; i++)
		place_pe(a, a->base ? &d->pes[i] : &measured, d);
}

static uint8_t traits(const struct sdei_event_info *info)
{
	bool slot = info->number >= SDEI_EVENT_BOUND;

	return (uint8_t)((info->type == SDEI_TYPE_SHARED ? SHARED : 0) |
			 (info->priority ? CRITICAL : 0) |
			 (info->signalable ? 0 : NOT_SIGNALABLE) |
			 (slot ? SLOT : 0) |
			 (slot || info->interrupt ? INTERRUPT : 0) |
			 (info->watched ? WATCHED : 0));
}

/* Make the registrations of an event, one or one a PE, at its place. */
static void start_event(struct sdei_dispatcher *d,
			const struct sdei_event_info *info, unsigned place)
{
	unsigned n = place & PLACE_SHARED ? 1 : d->config.pe_count;

	for (unsigned pe = 0; pe < n; pe++)
		*event_at(d, &d->pes[pe], place) = (struct event){
			.info = info,
			.index = (uint16_t)((place & ~PLACE_SHARED) /
					    sizeof(struct event)),
			.routed_to = -1,
			.running_on = -1,
			.traits = traits(info),
		};
	if (info->interrupt)
		d->interrupts[info->interrupt] = place + 1;
}

/* Enter an event of the table where it will be found by its number. */
static void start_table_event(struct sdei_dispatcher *d,
			      const struct sdei_event_info *info,
			      unsigned place)
{
	uint32_t i = hash(d, info->number);

	while (info->number && (!i || d->hash[i]))
		i = i + 1 == d->hash_size ? 0 : i + 1;
	d->hash[i] = HASH_ENTRY(place, info->number);
	start_event(d, info, place);
}

static void start_slots(struct sdei_dispatcher *d)
{
	const struct sdei_config *c = &d->config;

	for (unsigned i = 0; i < c->private_slots + c->shared_slots; i++) {
		d->slots[i] = (struct sdei_event_info){
			.number = SDEI_EVENT_BOUND + i,
			.type = i < c->private_slots ? SDEI_TYPE_PRIVATE
						     : SDEI_TYPE_SHARED,
			.watched = c->slots_watched,
			.name = "bound",
		};
		start_event(d, &d->slots[i], disp_place_of_slot(d, i));
	}
}

/* Fill the tables of a dispatcher that is placed. False: something twice. */
static bool start(struct sdei_dispatcher *d, const char **why)
{
	unsigned privates = 0, shareds = 0;

	for (unsigned i = 0; i < d->config.event_count; i++) {
		const struct sdei_event_info *e = &d->config.events[i];

		if (e->number && disp_find_entry(d, e->number))
			*why = "an event number is given twice";
		else if (e->interrupt && d->interrupts[e->interrupt])
			*why = "an interrupt is given twice";
		if (*why)
			return false;
		start_table_event(d, e,
				  e->type == SDEI_TYPE_SHARED
					  ? PLACE_SHARED | PLACE_OF(shareds++)
					  : PLACE_OF(privates++));
	}
	start_slots(d);
	for (unsigned i = 0; i < d->config.pe_count; i++) {
		d->pes[i].index = i;
		d->pes[i].masked = true;
	}
	return true;
}

static void count(struct sdei_dispatcher *d)
{
	const struct sdei_config *c = &d->config;

	for (unsigned i = 0; i < c->event_count; i++)
		if (c->events[i].type == SDEI_TYPE_SHARED)
			d->shared_count++;
		else
			d->private_count++;
	d->privates = d->private_count + c->private_slots;
	d->shareds = d->shared_count + c->shared_slots;
}

size_t sdei_dispatcher_size(const struct sdei_config *config)
{
	struct sdei_dispatcher measured = { .config = *config };
	struct arena a = { .used = sizeof(measured) };

	if (disp_check_config(config))
		return 0;
	count(&measured);
	place_all(&a, &measured);
	return a.used;
}

struct sdei_dispatcher *sdei_dispatcher_init(void *memory, size_t size,
					     const struct sdei_config *config,
					     const char **why)
{
	struct sdei_dispatcher *d = memory;
	struct arena a = { .base = memory, .used = sizeof(*d) };
	const char *ignored;

	why = why ? why : &ignored;
	*why = disp_check_config(config);
	if (!*why && (!memory || (uintptr_t)memory % 16 != 0))
		*why = "the memory is not aligned to 16";
	if (!*why && size < sdei_dispatcher_size(config))
		*why = "the memory is too small";
	if (*why)
		return NULL;
	*d = (struct sdei_dispatcher){ .config = *config };
	count(d);
	place_all(&a, d);
	disp_prepare_pstate(d);
	return start(d, why) ? d : NULL;
}
