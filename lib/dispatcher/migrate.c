/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saving and loading a dispatcher's state (docs/state.md).
 *
 * One walk over the state serves for both: each of its words is passed through
 * word(), which writes it, or reads it, or compares it. A state is loaded by
 * reading it, refusing what could harm, and then comparing all of it with what
 * the dispatcher would save now: so it is what a dispatcher has saved, or it is
 * refused, to the last bit.
 */
#include "internal.h"

/* "SDEIstat", read as a little-endian word; then the version. */
#define STATE_MAGIC	UINT64_C(0x7461747349454453)
#define STATE_VERSION	1

/* Words of each part. */
#define HEADER_WORDS	7u
#define SHARED_WORDS	4u
#define PRIVATE_WORDS	3u
#define CONTEXT_WORDS	(SDEI_CONTEXT_REGISTERS + 2u)
#define PE_WORDS	(1 + PRIORITIES + PRIORITIES * CONTEXT_WORDS)

_Static_assert(sizeof(struct sdei_context) == 8 * CONTEXT_WORDS, "context");

/* An event's flags: its state in [2:0]. */
#define FLAG_PENDING	(1u << 3)
#define FLAG_RELATIVE	(1u << 4)
#define FLAG_ROUTED	(1u << 5)	/* shared: RM_PE */

/* A PE's running handler: 0 for none, else one of these and the index. */
#define RUNNING_PRIVATE	(1u << 16)
#define RUNNING_SHARED	(2u << 16)
#define RUNNING_INDEX	0xFFFFu

#define FIRST_PPI	16u
#define FIRST_SPI	32u

struct walk {
	struct sdei_dispatcher *d;
	unsigned char *at;
	enum { SAVE, LOAD, COMPARE } mode;
	unsigned running;	/* events whose handler runs */
	const char *why;	/* what is wrong first; NULL: nothing */
};

static void refuse_if(struct walk *w, bool wrong, const char *why)
{
	if (wrong && !w->why)
		w->why = why;
}

/* The next word: `value` when saving, what is there when loading. */
static uint64_t word(struct walk *w, uint64_t value)
{
	uint64_t there = 0;

	for (unsigned i = 0; i < 64; i += 8) {
		if (w->mode == SAVE)
			*w->at = (unsigned char)(value >> i);
		there |= (uint64_t)*w->at++ << i;
	}
	refuse_if(w, w->mode == COMPARE && there != value,
		  "a word is what no dispatcher saves there");
	return there;
}

static void same(struct walk *w, uint64_t value, const char *why)
{
	refuse_if(w, word(w, value) != value, why);
}

static void walk_header(struct walk *w)
{
	const struct sdei_config *c = &w->d->config;

	same(w, STATE_MAGIC, "it does not begin like a saved state");
	same(w, STATE_VERSION, "its version is not 1");
	same(w, c->client_el, "its client is at another exception level");
	same(w, c->pe_count, "it has another number of PEs");
	same(w, c->event_count, "it has another number of events");
	same(w, c->private_slots, "it has another number of private slots");
	same(w, c->shared_slots, "it has another number of shared slots");
	for (unsigned i = 0; i < c->event_count; i++) {
		const struct sdei_event_info *e = &c->events[i];

		same(w,
		     (uint64_t)e->number | (uint64_t)e->type << 32 |
			     (uint64_t)e->priority << 33 |
			     (uint64_t)e->interrupt << 34,
		     "its events are others");
	}
}

static void walk_slot(struct walk *w, unsigned slot)
{
	struct sdei_dispatcher *d = w->d;
	struct sdei_event_info *info = &d->slots[slot];
	uint64_t interrupt = word(w, info->interrupt);

	if (w->mode != LOAD || !interrupt)
		return;
	if (interrupt < FIRST_PPI || interrupt >= d->config.interrupt_count ||
	    (interrupt < FIRST_SPI) != (info->type == SDEI_TYPE_PRIVATE) ||
	    d->interrupts[interrupt]) {
		refuse_if(w, true, "a slot has an interrupt that it cannot have");
		return;
	}
	info->interrupt = (uint32_t)interrupt;
	d->interrupts[interrupt] = disp_place_of_slot(d, slot) + 1;
}

static void load_event(struct walk *w, struct pe *p, struct event *e,
		       const uint64_t value[SHARED_WORDS])
{
	static const uint8_t exists =
		1 << UNREGISTERED | 1 << REGISTERED | 1 << ENABLED |
		1 << UNREGISTER_PENDING | 1 << RUNNING_DISABLED |
		1 << RUNNING_ENABLED;
	uint64_t flags = value[0];
	bool relative = flags & FLAG_RELATIVE;
	int routed_to = disp_routing(w->d,
				     flags & FLAG_ROUTED ? SDEI_RM_PE
							 : SDEI_RM_ANY,
				     value[3]);

	refuse_if(w, !(exists >> (flags & 7) & 1),
		  "an event is in a state that does not exist");
	refuse_if(w, is_slot(e) && flags && !e->info->interrupt,
		  "a free slot is in use");
	refuse_if(w, routed_to < -1, "an event is routed to no PE");
	refuse_if(w,
		  flags & SDEI_STATUS_REGISTERED &&
			  bad_entry(value[1], relative),
		  "an entry point is one that REGISTER refuses");
	if (w->why)
		return;
	w->running += flags >> 2 & 1;
	e->state = flags & 7;
	set_handler(e, value[1], value[2], relative);
	set_routing(e, value[3], routed_to);
	disp_set_pending(w->d, p, e, flags & FLAG_PENDING);
}

static void walk_event(struct walk *w, struct pe *p, struct event *e)
{
	bool registered = e->state & SDEI_STATUS_REGISTERED;
	bool routed = registered && is_shared(e) && e->routed_to >= 0;
	uint64_t value[SHARED_WORDS] = { 0 };

	value[0] = word(w, e->state | (seems_pending(p, e) ? FLAG_PENDING : 0) |
				   (registered && e->relative ? FLAG_RELATIVE
							      : 0) |
				   (routed ? FLAG_ROUTED : 0));
	value[1] = word(w, registered ? e->entry_point : 0);
	value[2] = word(w, registered ? e->argument : 0);
	if (is_shared(e))
		value[3] = word(w, routed ? unpack_affinity(e->affinity) : 0);
	if (w->mode == LOAD)
		load_event(w, p, e, value);
}

/* Could a handler have interrupted this: AArch64 up to ELc, or AArch32? */
static bool can_be_interrupted(const struct sdei_dispatcher *d, uint64_t pstate)
{
	/* User, FIQ, IRQ, Supervisor, Abort, Undefined, System. */
	const uint32_t aarch32 = 1u << 0x10 | 1u << 0x11 | 1u << 0x12 |
				 1u << 0x13 | 1u << 0x17 | 1u << 0x1b |
				 1u << 0x1f;
	unsigned mode = pstate & 0x1f, el = mode >> 2;

	if (mode & 0x10)
		return aarch32 >> mode & 1;
	return el <= d->config.client_el && !(mode & 2) && (el || !(mode & 1));
}

/* The event that a PE's word names and could run there, or NULL. */
static struct event *running_event(const struct sdei_dispatcher *d,
				   const struct pe *p, unsigned priority,
				   uint64_t value)
{
	unsigned index = value & RUNNING_INDEX;
	struct event *e = NULL;

	value -= index;
	if (value == RUNNING_SHARED && index < d->shareds)
		e = &d->shared[index];
	if (value == RUNNING_PRIVATE && index < d->privates)
		e = &p->events[index];
	return e && priority_of(e) == priority ? e : NULL;
}

static void walk_running(struct walk *w, struct pe *p, unsigned priority)
{
	struct event *e = p->running[priority];
	uint64_t value = 0;

	if (e)
		value = e->index |
			(is_shared(e) ? RUNNING_SHARED : RUNNING_PRIVATE);
	value = word(w, value);
	if (w->mode != LOAD)
		return;
	p->running[priority] = running_event(w->d, p, priority, value);
	refuse_if(w, value && !p->running[priority],
		  "a PE runs an event that it cannot run");
}

static void walk_context(struct walk *w, struct pe *p, unsigned priority)
{
	struct sdei_context *saved = &p->saved[priority];
	uint64_t *value = saved->x;
	bool runs = p->running[priority];

	for (unsigned i = 0; i < CONTEXT_WORDS; i++) {
		uint64_t there = word(w, runs ? value[i] : 0);

		if (w->mode == LOAD)
			value[i] = there;
	}
	refuse_if(w, runs && !can_be_interrupted(w->d, saved->pstate),
		  "a handler interrupted what it could not");
}

static void walk_pe(struct walk *w, struct pe *p)
{
	uint64_t masked = word(w, p->masked);

	if (w->mode == LOAD)
		p->masked = masked;
	for (unsigned i = 0; i < PRIORITIES; i++)
		walk_running(w, p, i);
	for (unsigned i = 0; i < PRIORITIES; i++)
		walk_context(w, p, i);
	for (unsigned i = 0; i < w->d->privates; i++)
		walk_event(w, p, &p->events[i]);
}

static unsigned slot_count(const struct sdei_dispatcher *d)
{
	return d->config.private_slots + d->config.shared_slots;
}

static struct walk walk(const struct sdei_dispatcher *d, const void *buffer,
			int mode)
{
	struct walk w = {
		.d = (struct sdei_dispatcher *)(uintptr_t)d,
		.at = (unsigned char *)(uintptr_t)buffer,
		.mode = mode,
	};

	walk_header(&w);
	for (unsigned i = 0; i < slot_count(d); i++)
		walk_slot(&w, i);
	for (unsigned i = 0; i < d->shareds; i++)
		walk_event(&w, &d->pes[0], &d->shared[i]);
	for (unsigned i = 0; i < d->config.pe_count; i++)
		walk_pe(&w, &d->pes[i]);
	return w;
}

/* Each handler is one event's, each running event has one handler. */
static void join_running(struct walk *w, struct pe *p)
{
	update_able(p);
	for (unsigned i = 0; i < PRIORITIES; i++) {
		struct event *e = p->running[i];

		if (!e)
			continue;
		refuse_if(w,
			  !(e->state & SDEI_STATUS_RUNNING) ||
				  e->running_on >= 0,
			  "a PE runs an event that does not run there");
		e->running_on = (int16_t)p->index;
		w->running--;
	}
}

static const char *load_all(struct sdei_dispatcher *d, const void *buffer)
{
	struct walk w = walk(d, buffer, LOAD);

	for (unsigned i = 0; i < d->config.pe_count; i++)
		join_running(&w, &d->pes[i]);
	refuse_if(&w, w.running, "an event runs on no PE");
	return w.why ? w.why : walk(d, buffer, COMPARE).why;
}

static size_t state_bytes(const struct sdei_dispatcher *d)
{
	const struct sdei_config *c = &d->config;

	return 8 * (HEADER_WORDS + c->event_count + slot_count(d) +
		    SHARED_WORDS * d->shareds +
		    (PE_WORDS + PRIVATE_WORDS * (size_t)d->privates) *
			    c->pe_count);
}

size_t sdei_save(const struct sdei_dispatcher *d, void *buffer, size_t size)
{
	if (size >= state_bytes(d))
		walk(d, buffer, SAVE);
	return state_bytes(d);
}

bool sdei_load(struct sdei_dispatcher *d, const void *buffer, size_t size,
	       const char **why)
{
	const struct sdei_config c = d->config;
	const char *wrong;

	wrong = size == state_bytes(d)
			? load_all(d, buffer)
			: "it is too short or too long for this dispatcher";
	if (why)
		*why = wrong;
	if (wrong) {
		sdei_dispatcher_init(d, SIZE_MAX, &c, NULL);
		return false;
	}
	for (unsigned i = 0; i < slot_count(d); i++)
		if (d->slots[i].interrupt)
			c.ops->interrupt_take(c.context, 0,
					      d->slots[i].interrupt);
	return true;
}
