/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading a saved state (docs/state.md). The bytes may come from anybody: first
 * all of them are checked against what a dispatcher like this one could have
 * saved, and nothing is touched; then they are taken over.
 */
#include "state_format.h"

#define FIRST_PPI	16u
#define FIRST_SPI	32u

/* The state being loaded. `why` stays NULL while nothing is wrong. */
struct loader {
	const unsigned char *buffer;
	struct sdei_dispatcher *d;
	const char *why;
};

static uint64_t word(const struct loader *l, size_t at)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		value |= (uint64_t)l->buffer[8 * at + i] << 8 * i;
	return value;
}

static void refuse_if(struct loader *l, bool wrong, const char *why)
{
	if (wrong && !l->why)
		l->why = why;
}

static void check_header(struct loader *l)
{
	const struct sdei_config *c = &l->d->config;

	refuse_if(l, word(l, 0) != STATE_MAGIC,
		  "it does not begin like a saved state");
	refuse_if(l, word(l, 1) != STATE_VERSION, "its version is not 1");
	refuse_if(l, word(l, 2) != c->client_el,
		  "its client is at another exception level");
	refuse_if(l, word(l, 3) != c->pe_count,
		  "it has another number of PEs");
	refuse_if(l, word(l, 4) != c->event_count,
		  "it has another number of events");
	refuse_if(l, word(l, 5) != c->private_slots ||
			     word(l, 6) != c->shared_slots,
		  "it has another number of bind slots");
	for (unsigned i = 0; i < c->event_count; i++)
		refuse_if(l,
			  word(l, HEADER_WORDS + i) != event_word(&c->events[i]),
			  "its events are others");
}

static uint64_t slot_word(const struct loader *l, unsigned slot)
{
	return word(l, slots_at(l->d) + slot);
}

static void check_slot(struct loader *l, unsigned slot)
{
	const struct sdei_dispatcher *d = l->d;
	uint64_t interrupt = slot_word(l, slot);

	if (!interrupt)
		return;
	if (interrupt < FIRST_PPI || interrupt >= d->config.interrupt_count ||
	    (interrupt < FIRST_SPI) !=
		    (d->slots[slot].type == SDEI_TYPE_PRIVATE)) {
		refuse_if(l, true, "a slot has an interrupt that it cannot have");
		return;
	}
	refuse_if(l, d->interrupts[interrupt],
		  "an interrupt of the platform is bound");
	for (unsigned i = 0; i < slot; i++)
		refuse_if(l, slot_word(l, i) == interrupt,
			  "an interrupt is bound twice");
}

/* PE index that an affinity routes to, or -1. */
static int route(const struct loader *l, uint64_t affinity)
{
	const struct sdei_config *c = &l->d->config;
	int pe;

	if (affinity & ~SDEI_AFFINITY_MASK)
		return -1;
	pe = c->ops->pe_of_affinity(c->context, affinity);
	return pe < 0 || (unsigned)pe >= c->pe_count ? -1 : pe;
}

/* An event's words: flags, entry point, argument, and a shared one's affinity. */
static void check_event(struct loader *l, const struct event *e, size_t at)
{
	static const uint8_t exists =
		1 << UNREGISTERED | 1 << REGISTERED | 1 << ENABLED |
		1 << UNREGISTER_PENDING | 1 << RUNNING_DISABLED |
		1 << RUNNING_ENABLED;
	uint64_t flags = word(l, at), entry_point = word(l, at + 1);
	uint64_t affinity = is_shared(e) ? word(l, at + 3) : 0;

	refuse_if(l,
		  flags & ~(uint64_t)(is_shared(e) ? FLAGS_SHARED
						   : FLAGS_PRIVATE) ||
			  !(exists >> (flags & 7) & 1),
		  "an event is in a state that does not exist");
	refuse_if(l,
		  is_slot(e) && flags &&
			  !slot_word(l, e->info->number - SDEI_EVENT_BOUND),
		  "a free slot is in use");
	refuse_if(l, flags & FLAG_ROUTED ? route(l, affinity) < 0 : affinity,
		  "an event is routed to no PE");
	if (flags & SDEI_STATUS_REGISTERED)
		refuse_if(l,
			  entry_point % 4 != 0 ||
				  (!entry_point && !(flags & FLAG_RELATIVE)),
			  "an entry point is one that REGISTER refuses");
	else
		refuse_if(l,
			  entry_point || word(l, at + 2) ||
				  flags & (FLAG_RELATIVE | FLAG_ROUTED),
			  "an event that is not registered has a handler");
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

/* Where a PE's word for the handler of a priority is, and its context. */
static size_t running_at(const struct sdei_dispatcher *d, unsigned pe,
			 unsigned priority)
{
	return pe_at(d, pe) + 1 + priority;
}

static size_t context_at(const struct sdei_dispatcher *d, unsigned pe,
			 unsigned priority)
{
	return pe_at(d, pe) + 1 + PRIORITIES + CONTEXT_WORDS * priority;
}

static size_t private_at(const struct sdei_dispatcher *d, unsigned pe,
			 unsigned i)
{
	return pe_at(d, pe) + PE_WORDS + PRIVATE_WORDS * (size_t)i;
}

/* The event that a PE's word names and could run there, or NULL. */
static struct event *running_event(const struct loader *l, unsigned pe,
				   unsigned priority)
{
	const struct sdei_dispatcher *d = l->d;
	uint64_t value = word(l, running_at(d, pe, priority));
	unsigned index = value & RUNNING_INDEX;
	struct event *e = NULL;

	value -= index;
	if (value == RUNNING_SHARED && index < d->shareds)
		e = &d->shared[index];
	if (value == RUNNING_PRIVATE && index < d->privates)
		e = &d->pes[pe].events[index];
	return e && e->info->priority == priority ? e : NULL;
}

static void check_running(struct loader *l, unsigned pe, unsigned priority)
{
	const struct sdei_dispatcher *d = l->d;
	size_t context = context_at(d, pe, priority);
	bool runs = word(l, running_at(d, pe, priority));

	refuse_if(l, runs && !running_event(l, pe, priority),
		  "a PE runs an event that it cannot run");
	refuse_if(l,
		  runs && !can_be_interrupted(d, word(l, context +
							 CONTEXT_WORDS - 1)),
		  "a handler interrupted what it could not");
	for (unsigned i = 0; !runs && i < CONTEXT_WORDS; i++)
		refuse_if(l, word(l, context + i),
			  "a PE has a context and no handler");
}

/* An event's running bit is set iff one PE, its own if private, runs it. */
static void check_runs(struct loader *l, const struct event *e, size_t at,
		       unsigned first, unsigned end)
{
	unsigned count = 0;

	for (unsigned pe = first; pe < end; pe++)
		count += running_event(l, pe, e->info->priority) == e;
	refuse_if(l, count != (word(l, at) >> 2 & 1),
		  "what events and PEs say of running handlers differs");
}

static void check_pe(struct loader *l, unsigned pe)
{
	const struct sdei_dispatcher *d = l->d;

	refuse_if(l, word(l, pe_at(d, pe)) > 1, "a mask is neither 0 nor 1");
	for (unsigned i = 0; i < PRIORITIES; i++)
		check_running(l, pe, i);
	for (unsigned i = 0; i < d->privates; i++) {
		const struct event *e = &d->pes[pe].events[i];

		check_event(l, e, private_at(d, pe, i));
		check_runs(l, e, private_at(d, pe, i), pe, pe + 1);
	}
}

static void check_all(struct loader *l)
{
	const struct sdei_dispatcher *d = l->d;

	check_header(l);
	for (unsigned i = 0;
	     i < d->config.private_slots + d->config.shared_slots; i++)
		check_slot(l, i);
	for (unsigned i = 0; i < d->shareds; i++) {
		check_event(l, &d->shared[i], shared_at(d, i));
		check_runs(l, &d->shared[i], shared_at(d, i), 0,
			   d->config.pe_count);
	}
	for (unsigned pe = 0; pe < d->config.pe_count; pe++)
		check_pe(l, pe);
}

static void take_slot(struct loader *l, unsigned slot)
{
	struct sdei_dispatcher *d = l->d;
	uint32_t interrupt = (uint32_t)slot_word(l, slot);

	if (!interrupt)
		return;
	d->slots[slot].interrupt = interrupt;
	d->interrupts[interrupt] = disp_place_of_slot(d, slot) + 1;
	d->config.ops->interrupt_take(d->config.context, 0, interrupt);
}

static void take_event(struct loader *l, struct pe *p, struct event *e,
		       size_t at)
{
	uint64_t flags = word(l, at);

	e->state = flags & 7;
	set_handler(e, word(l, at + 1), word(l, at + 2),
		    flags & FLAG_RELATIVE);
	if (flags & FLAG_ROUTED)
		set_routing(e, word(l, at + 3), route(l, word(l, at + 3)));
	set_pending(l->d, p, e, flags & FLAG_PENDING);
}

static void take_running(struct loader *l, struct pe *p, unsigned priority)
{
	struct event *e = running_event(l, p->index, priority);
	struct sdei_context *c = &p->saved[priority];
	size_t at = context_at(l->d, p->index, priority);

	if (!e)
		return;
	p->running[priority] = e;
	if (is_shared(e))
		e->running_on = (int16_t)p->index;
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		c->x[i] = word(l, at + i);
	c->pc = word(l, at + SDEI_CONTEXT_REGISTERS);
	c->pstate = word(l, at + SDEI_CONTEXT_REGISTERS + 1);
}

static void take_pe(struct loader *l, struct pe *p)
{
	p->masked = word(l, pe_at(l->d, p->index));
	for (unsigned i = 0; i < PRIORITIES; i++)
		take_running(l, p, i);
	for (unsigned i = 0; i < l->d->privates; i++)
		take_event(l, p, &p->events[i],
			   private_at(l->d, p->index, i));
	update_able(p);
}

bool sdei_load(struct sdei_dispatcher *d, const void *buffer, size_t size,
	       const char **why)
{
	struct loader l = { .buffer = buffer, .d = d };

	if (size != 8 * state_words(d))
		l.why = "it is too short or too long for this dispatcher";
	else
		check_all(&l);
	if (why)
		*why = l.why;
	if (l.why)
		return false;
	for (unsigned i = 0;
	     i < d->config.private_slots + d->config.shared_slots; i++)
		take_slot(&l, i);
	for (unsigned i = 0; i < d->shareds; i++)
		take_event(&l, &d->pes[0], &d->shared[i], shared_at(d, i));
	for (unsigned i = 0; i < d->config.pe_count; i++)
		take_pe(&l, &d->pes[i]);
	return true;
}
