/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saving and loading a dispatcher's state (docs/state.md).
 *
 * One walk over the state serves for all: each of its words is passed through
 * word(), which counts it, or writes it, or reads it, or compares it. A state is
 * loaded by reading it, refusing what could harm, and then comparing all of it
 * with what the dispatcher would save now: so it is what a dispatcher has saved,
 * or it is refused, to the last bit.
 */
#include "internal.h"

#ifdef SDEI_CONTEXT_H
#error "saving is for dispatchers that keep contexts by a copy (sdei/context.h)"
#endif

/* "SDEIstat", read as a little-endian word; then the version. */
#define STATE_MAGIC   UINT64_C(0x7461747349454453)
#define STATE_VERSION 1

/* Words of each part. */
#define SHARED_WORDS  4u
#define PRIVATE_WORDS 3u
#define CONTEXT_WORDS (SDEI_CONTEXT_REGISTERS + 2u)

_Static_assert(sizeof(struct sdei_context) == 8 * CONTEXT_WORDS, "context");

/* An event's flags: its state in [2:0]. */
#define FLAG_PENDING  (1u << 3)
#define FLAG_RELATIVE (1u << 4)
#define FLAG_ROUTED   (1u << 5) /* shared: RM_PE */

/* A PE's running handler: 0 for none, else one of these and the index. */
#define RUNNING_PRIVATE (1u << 16)
#define RUNNING_SHARED  (2u << 16)
#define RUNNING_INDEX   0xFFFFu
#define RUNS_WRONGLY    "a handler runs where it cannot"

struct walk {
	struct sdei_dispatcher *d;
	uintptr_t at;
	enum mode { COUNT, SAVE, LOAD, COMPARE } mode;
	const char *why;               /* what is wrong; NULL: nothing */
	uint64_t zeros[CONTEXT_WORDS]; /* of a handler that does not run */
};

static void refuse_if(struct walk *w, bool wrong, const char *why)
{
	if (wrong)
		w->why = why;
}

/* The next word: `value`, or, when loading, what is there. */
static uint64_t word(struct walk *w, uint64_t value)
{
	const enum mode mode = w->mode;
	unsigned char *at = (unsigned char *)w->at;
	uint64_t there = 0;

	w->at += sizeof(value);
	if (mode == COUNT)
		return value;
	for (unsigned i = 0; i < 64; i += 8, at++) {
		if (mode == SAVE)
			*at = (unsigned char)(value >> i);
		there |= (uint64_t)*at << i;
	}
	if (mode == LOAD)
		return there;
	refuse_if(w, there != value, "a word is saved by no dispatcher");
	return value;
}

static void words(struct walk *w, uint64_t *value, unsigned n)
{
	for (; n; n--, value++) {
		uint64_t there = word(w, *value);

		if (w->mode == LOAD)
			*value = there;
	}
}

static void walk_header(struct walk *w)
{
	const struct sdei_config *c = &w->d->config;
	uint64_t header[] = { STATE_MAGIC,    STATE_VERSION,  c->client_el,
			      c->pe_count,    c->event_count, c->private_slots,
			      c->shared_slots };

	words(w, header, sizeof(header) / sizeof(header[0]));
	for (unsigned i = 0; i < c->event_count; i++) {
		const struct sdei_event_info *e = &c->events[i];

		word(w, (uint64_t)e->number | (uint64_t)e->type << 32 |
				(uint64_t)e->priority << 33 |
				(uint64_t)e->interrupt << 34);
	}
}

static void walk_slot(struct walk *w, struct slot *slot)
{
	struct sdei_dispatcher *d = w->d;
	uint64_t interrupt = word(w, slot->info.interrupt);

	if (w->mode != LOAD || !interrupt)
		return;
	if (disp_fits(&d->config, interrupt, slot->info.type) &&
	    !d->interrupts[interrupt])
		disp_connect(d, slot, (uint32_t)interrupt);
	else
		w->why = "a slot has a wrong interrupt";
}

/*
 * What was registered is registered again, and must pass for that: the frame is
 * the call's, but for its x1, the flags, and x4, where the affinity still is. What
 * is refused may be loaded, too: the dispatcher is made anew in the end.
 */
static void load_event(struct walk *w, struct sdei_pe *p, struct event *e,
		       struct sdei_context *frame)
{
	uint64_t flags = frame->x[1];

	frame->x[5] = frame->x[4];
	frame->x[4] = (flags & FLAG_RELATIVE ? SDEI_REGISTER_RELATIVE : 0) |
		      (flags & FLAG_ROUTED ? SDEI_REGISTER_RM_PE : 0);
	if (flags & SDEI_STATUS_REGISTERED)
		disp_register(p, frame, e);
	refuse_if(w,
		  frame->x[0] || (flags & ENABLED) == SDEI_STATUS_ENABLED ||
			  (is_slot(e) && flags && !e->info->interrupt),
		  "an event's state cannot be, or its slot is free");
	e->state = flags & 7;
	disp_set_pending(p, e, flags & FLAG_PENDING);
}

/* Of a dispatcher that is being loaded. */
static bool has_handler(const struct sdei_pe *p, const struct event *e)
{
	return is_shared(e) ? of_shared(e)->running_on >= 0
			    : p->handler[priority_of(e)].event == e;
}

static void walk_event(struct walk *w, struct sdei_pe *p, struct event *e)
{
	struct sdei_context frame = { 0 };
	uint64_t *value = &frame.x[1], flags = e->state;

	if (disp_waits(p, e))
		flags |= FLAG_PENDING;
	if (flags & SDEI_STATUS_REGISTERED) {
		flags |= e->relative ? FLAG_RELATIVE : 0;
		value[1] = e->entry_point;
		value[2] = e->argument;
		if (e->routed_to >= 0) {
			flags |= FLAG_ROUTED;
			value[3] = unpack_affinity(of_shared(e)->affinity);
		}
	}
	value[0] = flags;
	words(w, value, is_shared(e) ? SHARED_WORDS : PRIVATE_WORDS);
	if (w->mode == LOAD)
		load_event(w, p, e, &frame);
	/* Each running event has a handler, now that all are loaded. */
	if (w->mode == COMPARE)
		refuse_if(w,
			  !(e->state & SDEI_STATUS_RUNNING) ==
				  has_handler(p, e),
			  RUNS_WRONGLY);
}

/* Could a handler have interrupted this: AArch64 up to ELc, or AArch32? */
static bool can_be_interrupted(const struct sdei_dispatcher *d, uint64_t pstate)
{
	/* EL0t, EL1t, EL1h; User, FIQ, IRQ, Supervisor, Abort, Undefined, System. */
	uint32_t modes = 1u << 0 | 1u << 4 | 1u << 5 | 1u << 0x10 | 1u << 0x11 |
			 1u << 0x12 | 1u << 0x13 | 1u << 0x17 | 1u << 0x1b |
			 1u << 0x1f;

	/* EL2t, EL2h. */
	if (d->config.client_el == 2)
		modes |= 1u << 8 | 1u << 9;
	return modes >> (pstate & 0x1f) & 1;
}

static void walk_running(struct walk *w, struct sdei_pe *p, unsigned priority)
{
	struct event *e = p->handler[priority].event;
	unsigned index, count;
	uint64_t value = 0;

	if (e)
		value = e->index |
			(is_shared(e) ? RUNNING_SHARED : RUNNING_PRIVATE);
	value = word(w, value);
	if (w->mode != LOAD || !value)
		return;
	count = value & RUNNING_SHARED ? w->d->shareds : w->d->privates;
	index = value & RUNNING_INDEX;
	e = index < count ? nth_event(p, value & RUNNING_SHARED, index) : NULL;
	if (!e || priority_of(e) != priority || has_handler(p, e)) {
		w->why = RUNS_WRONGLY;
		return;
	}
	if (is_shared(e))
		set_running_on(e, p);
	p->handler[priority].event = e;
	p->inner = (int8_t)priority;
}

static void walk_context(struct walk *w, struct handler *h)
{
	words(w, h->event ? h->kept.context.x : w->zeros, CONTEXT_WORDS);
	refuse_if(w,
		  h->event && !can_be_interrupted(w->d, h->kept.context.pstate),
		  "a handler interrupted what it cannot");
}

static SELDOM void walk_events(struct walk *w, struct sdei_pe *p, bool shared)
{
	const unsigned n = shared ? w->d->shareds : w->d->privates;

	for (unsigned i = 0; i < n; i++)
		walk_event(w, p, nth_event(p, shared, i));
}

static void walk_pe(struct walk *w, struct sdei_pe *p)
{
	uint64_t masked = word(w, p->masked);

	for (unsigned i = 0; i < PRIORITIES; i++)
		walk_running(w, p, i);
	if (w->mode == LOAD) {
		p->masked = masked;
		update_closed(p, masked);
	}
	for (unsigned i = 0; i < PRIORITIES; i++)
		walk_context(w, &p->handler[i]);
	walk_events(w, p, false);
}

/* Returns the bytes; *why tells what is wrong with them, NULL: nothing. */
static size_t walk(struct sdei_dispatcher *d, void *buffer, enum mode mode,
		   const char **why)
{
	struct walk w = {
		.d = d,
		.at = (uintptr_t)buffer,
		.mode = mode == LOAD ? COMPARE : mode,
	};

	walk_header(&w);
	if (w.why) {
		w.why = "other version, client_el, PEs, events or slots";
	} else {
		w.mode = mode;
		for (unsigned i = 0; i < d->slot_count; i++)
			walk_slot(&w, &d->slots[i]);
		walk_events(&w, pe_at(d, 0), true);
		for (unsigned i = 0; i < d->config.pe_count; i++)
			walk_pe(&w, pe_at(d, i));
	}
	*why = w.why;
	return w.at - (uintptr_t)buffer;
}

size_t sdei_save(const struct sdei_dispatcher *d, void *buffer, size_t size)
{
	struct sdei_dispatcher *same = (struct sdei_dispatcher *)(uintptr_t)d;
	const char *why;
	size_t needed = walk(same, NULL, COUNT, &why);

	if (size >= needed)
		walk(same, buffer, SAVE, &why);
	return needed;
}

bool sdei_load(struct sdei_dispatcher *d, const void *buffer, size_t size,
	       const char **why)
{
	const struct sdei_config *c = &d->config;
	void *state = (void *)(uintptr_t)buffer;
	const char *wrong;

	if (walk(d, NULL, COUNT, &wrong) != size)
		wrong = "too short or too long for this dispatcher";
	for (enum mode mode = LOAD; !wrong && mode <= COMPARE; mode++)
		walk(d, state, mode, &wrong);
	if (why)
		*why = wrong;
	if (wrong) {
		sdei_dispatcher_init(d, SIZE_MAX, c, NULL);
		return false;
	}
	for (unsigned i = 0; i < d->slot_count; i++)
		if (d->slots[i].info.interrupt)
			c->ops->interrupt_take(c->context, 0,
					       d->slots[i].info.interrupt);
	return true;
}
