/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making a dispatcher: cut the embedder's memory up and fill the tables.
 *
 * The same function measures and places: with no memory it only counts, so
 * sdei_dispatcher_size() and sdei_dispatcher_init() cannot disagree.
 */
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

static void place_pe(struct arena *a, struct sdei_dispatcher *d, unsigned pe)
{
	struct pe measured, *p = a->base ? &d->pes[pe] : &measured;

	p->d = d;
	p->index = pe;
	p->masked = true;
	p->inner = NO_PRIORITY;
	update_floor(p);
	p->events = take(a, d->privates, sizeof(struct event));
	for (unsigned i = 0; i < SETS; i++)
		take_set(a, &p->set[i], i < ROUTED ? d->privates : d->shareds);
}

/* Measure, or place, a dispatcher and all that belongs to it. */
static size_t place_all(struct sdei_dispatcher *d,
			const struct sdei_config *c, void *memory)
{
	struct arena a = { .base = memory, .used = sizeof(*d) };

	*d = (struct sdei_dispatcher){
		.hash_factor = UINT32_C(0x9E3779B1), /* 2^32 / golden ratio */
		.hash_size = 2 * c->event_count,
		.client_mode = c->client_el << 2,
		.fid_first = SDEI_FID_FIRST,
	};
	d->config = *c;
	for (unsigned i = 0; i < c->event_count; i++)
		d->shared_count += c->events[i].type == SDEI_TYPE_SHARED;
	d->private_count = c->event_count - d->shared_count;
	d->privates = d->private_count + c->private_slots;
	d->shareds = d->shared_count + c->shared_slots;
	d->pes = take(&a, c->pe_count, sizeof(struct pe));
	d->shared = take(&a, d->shareds, sizeof(struct event));
	d->slots = take(&a, disp_slot_count(d), sizeof(struct sdei_event_info));
	d->hash = take(&a, d->hash_size, sizeof(uint64_t));
	d->interrupts = take(&a, c->interrupt_count, sizeof(uint32_t));
	for (unsigned i = 0; i < PRIORITIES; i++)
		take_set(&a, &d->any[i], d->shareds);
	for (unsigned i = 0; i < c->pe_count; i++)
		place_pe(&a, d, i);
	return a.used;
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
	for (unsigned pe = 0; pe < d->config.pe_count; pe++)
		*disp_at(&d->pes[pe], place) = (struct event){
			.info = info,
			.index = (uint16_t)((place & ~PLACE_SHARED) /
					    sizeof(struct event)),
			.routed_to = -1,
			.running_on = -1,
			.traits = traits(info),
		};
}

/* Let an event of the table be found. Returns what is given twice, or NULL. */
static const char *enter_event(struct sdei_dispatcher *d,
			       const struct sdei_event_info *info,
			       unsigned place)
{
	uint32_t i = hash(d, info->number);

	while (info->number && (!i || d->hash[i])) {
		if (HASH_NUMBER(d->hash[i]) == info->number)
			return disp_twice;
		i = hash_next(d, i);
	}
	d->hash[i] = HASH_ENTRY(place, info->number);
	if (!info->interrupt)
		return NULL;
	if (d->interrupts[info->interrupt])
		return "an interrupt is given twice";
	d->interrupts[info->interrupt] = place + 1;
	return NULL;
}

static const struct sdei_event_info *start_slot(struct sdei_dispatcher *d,
						unsigned slot)
{
	d->slots[slot] = (struct sdei_event_info){
		.number = SDEI_EVENT_BOUND + slot,
		.type = slot < d->config.private_slots ? SDEI_TYPE_PRIVATE
						       : SDEI_TYPE_SHARED,
		.watched = d->config.slots_watched,
		.name = "bound",
	};
	return &d->slots[slot];
}

/* Fill the tables of a dispatcher that is placed: events, then slots. */
static const char *start(struct sdei_dispatcher *d)
{
	const struct sdei_config *c = &d->config;
	unsigned next[] = { PLACE_OF(0), PLACE_SHARED | PLACE_OF(0) };
	const char *why = NULL;

	for (unsigned i = 0; i < c->event_count + disp_slot_count(d); i++) {
		const struct sdei_event_info *info =
			i < c->event_count ? &c->events[i]
					   : start_slot(d, i - c->event_count);
		unsigned *place = &next[info->type];

		if (i < c->event_count && !why)
			why = enter_event(d, info, *place);
		start_event(d, info, *place);
		*place += PLACE_OF(1);
	}
	return why;
}

size_t sdei_dispatcher_size(const struct sdei_config *config)
{
	struct sdei_dispatcher measured;

	return disp_check_config(config) ? 0
					 : place_all(&measured, config, NULL);
}

struct sdei_dispatcher *sdei_dispatcher_init(void *memory, size_t size,
					     const struct sdei_config *config,
					     const char **why)
{
	struct sdei_dispatcher *d = memory;
	const char *wrong = disp_check_config(config);

	if (!wrong && (!memory || (uintptr_t)memory % 16 != 0))
		wrong = "the memory is not aligned to 16";
	if (!wrong && size < sdei_dispatcher_size(config))
		wrong = "the memory is too small";
	if (!wrong) {
		place_all(d, config, memory);
		disp_prepare_pstate(d);
		wrong = start(d);
	}
	if (why)
		*why = wrong;
	return wrong ? NULL : d;
}
