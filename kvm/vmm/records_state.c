/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error sources in a saved guest: what is queued, and what it was shown and has
 * not acknowledged. The lock is not taken: nobody else runs.
 */
#include "records.h"

static void error_put(struct state *s, const struct error *e)
{
	state_put(s, e->address);
	state_put(s, e->stamp);
	state_put(s, e->sequence);
	state_put(s, e->severity);
	state_put(s, e->lost);
	state_put(s, e->shown);
	state_put(s, e->held);
}

void records_put(struct state *s)
{
	state_put(s, last_sequence);
	for (unsigned i = 0; i < SOURCES; i++) {
		const struct source *from = &sources[i];
		const struct source_counts *c = &from->counts;

		state_put(s, c->injected);
		state_put(s, c->published);
		state_put(s, c->acknowledged);
		state_put(s, c->dropped);
		state_put(s, c->held);
		state_put(s, c->again);
		state_put(s, c->withdrawn);
		state_put(s, from->lost);
		state_put(s, c->busy);
		if (c->busy)
			error_put(s, &from->current);
		state_put(s, c->queued);
		for (unsigned n = 0; n < c->queued; n++)
			error_put(
				s,
				&from->queue[(from->first + n) % QUEUE_LENGTH]);
	}
}

static struct error error_get(struct vmm *vmm, struct state *s, unsigned source)
{
	struct error e = { .address = state_get(s), .stamp = state_get(s) };

	e.sequence = (uint32_t)state_get(s);
	e.severity = (enum severity)state_get_upto(s, SEVERITY_CORRECTED,
						   "an error's severity");
	e.lost = (unsigned)state_get_upto(s, LOST_MAX,
					  "what an error tells of");
	e.shown = state_get_upto(s, 1, "whether an error was shown");
	e.held = state_get_upto(s, 1, "whether an error was held back");
	if (source_of(e.severity) != source)
		state_fail(s, "a queued error has another's severity");
	if (!vmm_memory(vmm, e.address, 1))
		state_fail(s, "a queued error is not in its memory");
	return e;
}

static void source_get(struct vmm *vmm, struct state *s, unsigned source)
{
	struct source *to = &sources[source];
	struct source_counts *c = &to->counts;

	*to = (struct source){ .wait = AGAIN_MS, .due = time_ms() };
	c->injected = state_get(s);
	c->published = state_get(s);
	c->acknowledged = state_get(s);
	c->dropped = state_get(s);
	c->held = state_get(s);
	c->again = state_get(s);
	c->withdrawn = state_get(s);
	to->lost = (unsigned)state_get_upto(s, UINT32_MAX, "what was lost");
	c->busy = state_get_upto(s, 1, "a busy error source");
	if (c->busy)
		to->current = error_get(vmm, s, source);
	c->queued = (unsigned)state_get_upto(s, QUEUE_LENGTH,
					     "an error queue's length");
	for (unsigned n = 0; n < c->queued; n++)
		to->queue[n] = error_get(vmm, s, source);
}

/* Nothing is known of what the guest still has to work on. */
void records_get(struct vmm *vmm, struct state *s)
{
	last_sequence = (uint32_t)state_get(s);
	for (unsigned i = 0; i < SOURCES; i++)
		source_get(vmm, s, i);
	drain_suspect(vmm);
}
