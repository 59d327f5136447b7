/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making a dispatcher: cut the embedder's memory up and fill the tables.
 *
 * The same function measures and places: with no memory it only counts, so
 * sdei_dispatcher_size() and sdei_dispatcher_init() cannot disagree.
 */
#include "internal.h"

_Static_assert(sizeof(struct event) <= 32, "SDEI_PE_BOUND");
_Static_assert(sizeof(struct shared_event) <= 40, "SDEI_COMMON_BOUND");
_Static_assert(sizeof(struct sdei_pe) <= 144 + 2 * sizeof(struct sdei_kept),
	       "SDEI_PE_BOUND");
_Static_assert(sizeof(struct sdei_dispatcher) <= 768, "SDEI_DISPATCHER_BOUND");
_Static_assert(sizeof(struct slot) <= 32, "SDEI_DISPATCHER_BOUND");

/* Hands out memory, or only counts it: from `at` on. */
static void *take(uintptr_t *at, size_t count, size_t size)
{
	uintptr_t here = *at;

	*at = here + count * size;
	return (void *)here;
}

/* What follows begins a line, if `start` does. */
static void align(uintptr_t *at, uintptr_t start)
{
	*at += -(*at - start) & (LINE - 1);
}

/* A PE with what follows it; NULL: measure it. Returns what it takes. */
static size_t place_pe(struct sdei_dispatcher *d, struct sdei_pe *p,
		       uintptr_t at)
{
	const uintptr_t start = at;

	take(&at, 1, sizeof(*p));
	take(&at, d->privates, sizeof(struct event));
	for (unsigned s = 0; s < SETS; s++) {
		uint64_t *word =
			take(&at,
			     SET_WORDS(s < ROUTED ? d->privates : d->shareds),
			     sizeof(uint64_t));

		if (p)
			p->set[s].word = word;
	}
	align(&at, start);
	return at - start;
}

static void start_pe(struct sdei_dispatcher *d, struct sdei_pe *p,
		     unsigned index)
{
	__builtin_memset(p, 0, d->pe_size);
	place_pe(d, p, (uintptr_t)p);
	p->d = d;
	p->index = index;
	p->affinity = NAMED_BY_NONE;
	p->masked = true;
	p->inner = NO_PRIORITY;
	p->held = NOT_HELD;
	update_closed(p, true);
	/* It may be able, until somebody finds that it is not: pending.c. */
	for (unsigned i = 0; i < PRIORITIES; i++)
		set_add(&d->able[i], index);
}

/* Measure, or place, all that belongs to a dispatcher; the memory is zero. */
static size_t place_all(struct sdei_dispatcher *d, void *memory)
{
	const struct sdei_config *c = &d->config;
	uintptr_t at = (uintptr_t)memory + sizeof(*d);

	for (unsigned i = 0; i < PRIORITIES; i++) {
		d->any[i].word = take(&at, SET_WORDS(d->shareds),
				      sizeof(uint64_t));
		d->able[i].word = take(&at, SET_WORDS(c->pe_count),
				       sizeof(uint64_t));
	}
	d->shared = take(&at, d->shareds, sizeof(struct shared_event));
	d->slots = take(&at, d->slot_count, sizeof(struct slot));
	d->hash = take(&at, d->hash_size, sizeof(uint64_t));
	d->interrupts = take(&at, c->interrupt_count, sizeof(uint32_t));
	align(&at, (uintptr_t)memory);
	d->pe_size = (unsigned)place_pe(d, NULL, 0);
	if (c->pe_memory) {
		d->pes = c->pe_memory;
		d->pe_stride = c->pe_stride;
	} else {
		d->pes = take(&at, c->pe_count, d->pe_size);
		d->pe_stride = d->pe_size;
	}
	for (unsigned i = 0; memory && i < c->pe_count; i++)
		start_pe(d, pe_at(d, i), i);
	return at - (uintptr_t)memory;
}

/*
 * A dispatcher that has no memory yet, and how much it needs. Returns what is
 * wrong, or NULL.
 */
static SELDOM const char *prepare(struct sdei_dispatcher *d,
				  const struct sdei_config *c, size_t *needed)
{
	const char *why;

	*d = (struct sdei_dispatcher){
		.hash_factor = UINT32_C(0x9E3779B1), /* 2^32 / golden ratio */
		.hash_size = 2 * c->event_count,
		.client_mode = c->client_el << 2,
		.fid_first = SDEI_FID_FIRST,
	};
	d->config = *c;
	why = disp_check_config(d);
	*needed = why ? 0 : place_all(d, NULL);
	if (*needed && ((uintptr_t)d->pes % LINE || d->pe_stride % LINE ||
			d->pe_stride < d->pe_size)) {
		*needed = 0;
		why = "the PEs' parts are not aligned to 64, or overlap";
	}
	return why;
}

static uint8_t traits(const struct sdei_event_info *info)
{
	bool slot = info->number >= SDEI_EVENT_BOUND;

	return (uint8_t)(info->type * SHARED | info->priority * CRITICAL |
			 !info->signalable * NOT_SIGNALABLE | slot * SLOT |
			 (info->interrupt > 0) * INTERRUPT |
			 info->watched * WATCHED);
}

/*
 * Make the registrations of an event, one or one a PE, at the next place for one
 * of its type, and return this.
 */
static unsigned start_event(struct sdei_dispatcher *d,
			    const struct sdei_event_info *info, unsigned *next)
{
	const uint8_t its_traits = traits(info);
	const unsigned index = next[info->type]++;
	const unsigned place = info->type == SDEI_TYPE_SHARED
				       ? PLACE_OF_SHARED(index)
				       : PLACE_OF_PRIVATE(index);

	for (unsigned pe = d->config.pe_count; pe-- > 0;) {
		struct event *e = event_at(pe_at(d, pe), place);

		e->info = info;
		e->index = (uint16_t)index;
		e->routed_to = -1;
		e->traits = its_traits;
		if (is_shared(e))
			of_shared(e)->running_on = -1;
	}
	return place;
}

/*
 * Let an event of the table be found. Returns what is given twice, or NULL: but
 * for event 0, whose entry may be 0, and which check.c has counted.
 */
static const char *enter_event(struct sdei_dispatcher *d,
			       const struct sdei_event_info *info,
			       unsigned place)
{
	uint64_t *entry = disp_entry(d, info->number);

	if (*entry)
		return disp_twice;
	*entry = HASH_ENTRY(place, info->number);
	if (!info->interrupt)
		return NULL;
	if (d->interrupts[info->interrupt])
		return "an interrupt is given twice";
	d->interrupts[info->interrupt] = place + 1;
	return NULL;
}

static struct slot *start_slot(struct sdei_dispatcher *d, unsigned index)
{
	struct slot *slot = &d->slots[index];

	slot->info.number = SDEI_EVENT_BOUND + index;
	slot->info.type = index >= d->config.private_slots;
	slot->info.watched = d->config.slots_watched;
	slot->info.name = "bound";
	return slot;
}

/* Fill the tables of a dispatcher that is placed: events, then slots. */
static const char *start(struct sdei_dispatcher *d)
{
	const struct sdei_config *c = &d->config;
	unsigned next[] = { 0, 0 };
	const char *why = NULL;

	for (unsigned i = 0; !why && i < c->event_count + d->slot_count; i++) {
		struct slot *slot = i < c->event_count
					    ? NULL
					    : start_slot(d, i - c->event_count);
		const struct sdei_event_info *info = slot ? &slot->info
							  : &c->events[i];
		unsigned place = start_event(d, info, next);

		if (slot)
			slot->place = place;
		else
			why = enter_event(d, info, place);
	}
	return why;
}

size_t sdei_dispatcher_size(const struct sdei_config *config)
{
	struct sdei_dispatcher measured;
	size_t needed;

	prepare(&measured, config, &needed);
	return needed;
}

/*
 * `config` may be that of the dispatcher which is made anew: sdei_load(). It is made
 * in its place, not on the stack, which is small in some firmware.
 */
struct sdei_dispatcher *sdei_dispatcher_init(void *memory, size_t size,
					     const struct sdei_config *config,
					     const char **why)
{
	const struct sdei_config asked = *config;
	struct sdei_dispatcher *d = memory;
	size_t needed = sizeof(*d);
	const char *wrong = NULL;

	if (!memory || (uintptr_t)memory % 16 != 0)
		wrong = "the memory is not aligned to 16";
	else if (size >= needed)
		wrong = prepare(d, &asked, &needed);
	if (!wrong && size < needed)
		wrong = "the memory is too small";
	if (!wrong) {
		__builtin_memset(d + 1, 0, needed - sizeof(*d));
		place_all(d, memory);
		disp_prepare_pstate(d);
		wrong = start(d);
	}
	if (why)
		*why = wrong;
	return wrong ? NULL : d;
}

struct sdei_pe *sdei_pe(struct sdei_dispatcher *d, unsigned pe)
{
	return pe_at(d, pe);
}

bool sdei_client_at(struct sdei_dispatcher *d, unsigned client_el)
{
	if (client_el < 1 || client_el > 2)
		return false;
	d->config.client_el = client_el;
	d->client_mode = client_el << 2;
	disp_prepare_pstate(d);
	return true;
}
