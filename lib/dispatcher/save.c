/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saving a dispatcher's state (docs/state.md). What a state does not use is
 * written as zero, so that equal states are equal bytes.
 */
#include "state_format.h"

struct writer {
	unsigned char *at;
};

static void put(struct writer *w, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		*w->at++ = (unsigned char)(value >> 8 * i);
}

static void save_header(struct writer *w, const struct sdei_dispatcher *d)
{
	const struct sdei_config *c = &d->config;

	put(w, STATE_MAGIC);
	put(w, STATE_VERSION);
	put(w, c->client_el);
	put(w, c->pe_count);
	put(w, c->event_count);
	put(w, c->private_slots);
	put(w, c->shared_slots);
	for (unsigned i = 0; i < c->event_count; i++)
		put(w, event_word(&c->events[i]));
	for (unsigned i = 0; i < c->private_slots + c->shared_slots; i++)
		put(w, d->slots[i].interrupt);
}

static void save_event(struct writer *w, const struct event *e, bool pending)
{
	bool registered = e->state & SDEI_STATUS_REGISTERED;
	uint64_t flags = e->state;

	if (pending)
		flags |= FLAG_PENDING;
	if (registered && e->relative)
		flags |= FLAG_RELATIVE;
	if (registered && e->routed_to >= 0)
		flags |= FLAG_ROUTED;
	put(w, flags);
	put(w, registered ? e->entry_point : 0);
	put(w, registered ? e->argument : 0);
	if (is_shared(e))
		put(w, flags & FLAG_ROUTED ? unpack_affinity(e->affinity) : 0);
}

static void save_context(struct writer *w, const struct sdei_context *c,
			 bool used)
{
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		put(w, used ? c->x[i] : 0);
	put(w, used ? c->pc : 0);
	put(w, used ? c->pstate : 0);
}

static uint64_t running_word(const struct event *e)
{
	if (!e)
		return 0;
	return e->index | (is_shared(e) ? RUNNING_SHARED : RUNNING_PRIVATE);
}

static void save_pe(struct writer *w, const struct sdei_dispatcher *d,
		    const struct pe *p)
{
	put(w, p->masked);
	for (unsigned i = 0; i < PRIORITIES; i++)
		put(w, running_word(p->running[i]));
	for (unsigned i = 0; i < PRIORITIES; i++)
		save_context(w, &p->saved[i], p->running[i]);
	for (unsigned i = 0; i < d->privates; i++)
		save_event(w, &p->events[i],
			   p->events[i].pending || set_has(&p->inbox, i));
}

size_t sdei_save(const struct sdei_dispatcher *d, void *buffer, size_t size)
{
	struct writer w = { .at = buffer };
	size_t needed = 8 * state_words(d);

	if (size < needed)
		return needed;
	save_header(&w, d);
	for (unsigned i = 0; i < d->shareds; i++)
		save_event(&w, &d->shared[i], d->shared[i].pending);
	for (unsigned i = 0; i < d->config.pe_count; i++)
		save_pe(&w, d, &d->pes[i]);
	return needed;
}
