/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The model's state: triggers, the dispatch rule, entering and leaving
 * handlers, power. The calls are in calls.c.
 */
#include "model.h"

#include <string.h>

const struct kind kinds[EVENTS] = {
	[SIGNALLED] = { .name = "event 0", .number = 0, .watched = true },
	[PRIVATE_CRIT] = { .name = "private critical",
			   .number = 0x40000011,
			   .critical = true,
			   .watched = true,
			   .interrupt = PPI_OF_TABLE },
	[SHARED] = { .name = "shared",
		     .number = 0x40000020,
		     .shared = true,
		     .interrupt = SPI_OF_TABLE },
	[SHARED_CRIT] = { .name = "shared critical",
			  .number = 0x40000021,
			  .shared = true,
			  .critical = true,
			  .watched = true },
	[PRIVATE_SLOT] = { .name = "private bound",
			   .number = FIRST_BOUND,
			   .slot = true },
	[SHARED_SLOT] = { .name = "shared bound",
			  .number = FIRST_BOUND + 1,
			  .shared = true,
			  .slot = true },
};

void model_reset(struct model *m)
{
	memset(m, 0, sizeof(*m));
	for (unsigned e = 0; e < EVENTS; e++)
		m->event[e].exists = !kinds[e].slot;
	for (unsigned pe = 0; pe < MAX_PES; pe++)
		m->pe[pe].masked = true;
}

int model_find(const struct model *m, uint32_t number)
{
	for (unsigned e = 0; e < EVENTS; e++)
		if (m->event[e].exists && kinds[e].number == number)
			return (int)e;
	return -1;
}

/* Which of the arrays' elements counts for this PE. */
static unsigned view(unsigned e, unsigned pe)
{
	return kinds[e].shared ? 0 : pe;
}

struct handler *model_handler(struct model *m, unsigned e, unsigned pe)
{
	return &m->event[e].handler[view(e, pe)];
}

unsigned model_status(const struct model *m, unsigned e, unsigned pe)
{
	const struct handler *h = &m->event[e].handler[view(e, pe)];

	return (h->registered ? SDEI_STATUS_REGISTERED : 0) |
	       (h->enabled ? SDEI_STATUS_ENABLED : 0) |
	       (h->running ? SDEI_STATUS_RUNNING : 0);
}

bool model_pending(const struct model *m, unsigned e, unsigned pe)
{
	return m->event[e].pending[view(e, pe)];
}

/*
 * A handler is gone. Signals were meant for it; all other events report a
 * condition, which stays.
 */
static void gone(struct model *m, unsigned e, unsigned pe)
{
	if (e == SIGNALLED)
		m->event[e].pending[pe] = false;
	m->event[e].to_one = false;
	m->event[e].target = 0;
}

/*
 * UNREGISTER or a reset. Returns true if the handler is running and so is only
 * unregister-pending now: it is gone when it ends.
 */
bool model_drop(struct model *m, unsigned e, unsigned pe)
{
	struct handler *h = model_handler(m, e, pe);

	h->registered = h->enabled = h->relative = false;
	if (!h->running)
		gone(m, e, pe);
	return h->running;
}

static void trigger(struct model *m, unsigned e, unsigned pe)
{
	m->event[e].pending[view(e, pe)] = true;
}

bool model_raise(struct model *m, unsigned pes, uint32_t number,
		 unsigned target)
{
	int e = model_find(m, number);

	/* What is bound is triggered by its interrupt only. */
	if (e < 0 || kinds[e].slot || (!kinds[e].shared && target >= pes))
		return false;
	trigger(m, (unsigned)e, target);
	return true;
}

bool model_interrupt(struct model *m, unsigned pe, uint32_t interrupt)
{
	for (unsigned e = 0; e < EVENTS; e++) {
		uint32_t its = kinds[e].slot ? m->event[e].interrupt
					     : kinds[e].interrupt;

		if (m->event[e].exists && its && its == interrupt) {
			trigger(m, e, pe);
			return true;
		}
	}
	return false;
}

int model_running(const struct model *m, unsigned pe, bool critical)
{
	for (unsigned e = 0; e < EVENTS; e++) {
		bool here = !kinds[e].shared || m->event[e].runs_on == pe;

		if (kinds[e].critical == critical && here &&
		    m->event[e].handler[view(e, pe)].running)
			return (int)e;
	}
	return -1;
}

bool model_may_enter(const struct model *m, unsigned e, unsigned pe)
{
	const struct event *event = &m->event[e];
	const struct handler *h = &event->handler[view(e, pe)];

	if (!event->exists || !event->pending[view(e, pe)])
		return false;
	if (!h->registered || !h->enabled || h->running)
		return false;
	if (!m->pe[pe].on || m->pe[pe].masked)
		return false;
	if (kinds[e].shared && event->to_one && event->target != pe)
		return false;
	if (model_running(m, pe, true) >= 0)
		return false;
	return kinds[e].critical || model_running(m, pe, false) < 0;
}

void model_enter(struct model *m, unsigned e, unsigned pe)
{
	struct event *event = &m->event[e];

	event->pending[view(e, pe)] = false;
	event->handler[view(e, pe)].running = true;
	if (kinds[e].shared)
		event->runs_on = (uint8_t)pe;
}

/* The innermost handler on this PE ends. There is one. */
void model_leave(struct model *m, unsigned pe, struct outcome *o)
{
	int critical = model_running(m, pe, true);
	int normal = model_running(m, pe, false);
	unsigned e = (unsigned)(critical >= 0 ? critical : normal);
	struct event *event = &m->event[e];
	struct handler *h = model_handler(m, e, pe);

	h->running = false;
	event->runs_on = 0;
	if (!h->registered)
		gone(m, e, pe);
	o->ended[o->ends++] = (uint8_t)e;
}

/*
 * What a PE that comes on finds: nothing is registered, events are masked, and
 * signals to the software that was there before are gone. Nobody can tell
 * whether that happens when it goes off or when it comes on, but RELEASE: a PE
 * that is off must not hold a binding for ever.
 */
static void forget(struct model *m, unsigned pe)
{
	m->pe[pe].masked = true;
	for (unsigned e = 0; e < EVENTS; e++)
		if (!kinds[e].shared)
			memset(&m->event[e].handler[pe], 0,
			       sizeof(struct handler));
	m->event[SIGNALLED].pending[pe] = false;
}

void model_pe_on(struct model *m, unsigned pe)
{
	m->pe[pe].on = true;
	forget(m, pe);
}

/* Power states that lose what the PE does end its handlers (6.5.4). */
struct outcome model_suspend(struct model *m, unsigned pe)
{
	struct outcome o = { 0 };

	while (model_running(m, pe, true) >= 0 ||
	       model_running(m, pe, false) >= 0)
		model_leave(m, pe, &o);
	m->pe[pe].masked = true;
	return o;
}

struct outcome model_pe_off(struct model *m, unsigned pe)
{
	struct outcome o = model_suspend(m, pe);

	m->pe[pe].on = false;
	forget(m, pe);
	return o;
}
