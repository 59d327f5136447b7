/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The invariants, and the shadow they are judged by. What a callback says
 * happened is checked against the dispatch rule (5.1.2) there and then; the
 * rest after every step.
 */
#include "world.h"

#include <string.h>

#define PSTATE_NZCV UINT64_C(0xF0000000)
/* M, DAIF, BTYPE, IL, SS, UAO: the same for every entry (5.2.1). */
#define PSTATE_FIXED UINT64_C(0x00B00FDF)

static unsigned priority_of(const struct world *w, unsigned e)
{
	return e < TABLE ? w->config.events[e].priority : SDEI_PRIORITY_NORMAL;
}

/* May a handler of this priority start on this PE, as the shadow knows it? */
static bool able(const struct pe *p, unsigned priority)
{
	return p->on && !p->masked &&
	       p->running[SDEI_PRIORITY_CRITICAL].event < 0 &&
	       (priority == SDEI_PRIORITY_CRITICAL ||
		p->running[SDEI_PRIORITY_NORMAL].event < 0);
}

static bool is_target(const struct world *w, unsigned pe, unsigned e)
{
	return !is_shared_index(w, e) || w->routed[e] < 0 ||
	       w->routed[e] == (int)pe;
}

bool deliverable(const struct world *w, unsigned pe, unsigned e)
{
	return w->pending[home(w, pe, e)][e] && w->now[pe][e].info &&
	       w->now[pe][e].status == 3 && is_target(w, pe, e) &&
	       able(&w->pe[pe], priority_of(w, e));
}

void check_nothing_waits(const struct world *w)
{
	for (unsigned pe = 0; pe < PES; pe++)
		for (unsigned e = 0; e < EVENTS; e++)
			if (deliverable(w, pe, e))
				fail(w, "event %x is left waiting for PE %u",
				     w->now[pe][e].info->number, pe);
}

void observe(struct world *w)
{
	struct sdei_report beyond;

	for (unsigned pe = 0; pe < PES; pe++)
		for (unsigned e = 0; e < EVENTS; e++)
			if (!sdei_query(w->d, pe, e, &w->now[pe][e]))
				fail(w, "no event %u on PE %u", e, pe);
	if (sdei_query(w->d, 0, EVENTS, &beyond))
		fail(w, "there are too many events");
}

/* The callbacks tell of watched events only: they are counted. */
void on_entered(void *context, unsigned pe, uint32_t number,
		const struct sdei_context *interrupted)
{
	struct world *w = context;

	if (pe != w->acting)
		fail(w, "PE %u enters %x in a step of PE %u", pe, number,
		     w->acting);
	w->told_entered++;
	w->told = *interrupted;
}

void on_completed(void *context, unsigned pe, uint32_t number,
		  enum sdei_ending how, uint32_t status)
{
	struct world *w = context;

	(void)how, (void)status;
	if (pe != w->acting || w->told_entered)
		fail(w, "PE %u completes %x in a step of PE %u", pe, number,
		     w->acting);
	w->told_completed++;
}

static bool is_watched(const struct world *w, int e)
{
	return e < (int)TABLE && w->config.events[e].watched;
}

void pop(struct world *w, unsigned pe)
{
	struct handler *h = &w->pe[pe].running[innermost_of(&w->pe[pe])];

	trace(w, "\tPE %u ends %x\n", pe, w->now[pe][h->event].info->number);
	w->completed_now++;
	w->watched_completed += is_watched(w, h->event);
	w->popped = *h;
	h->event = -1;
}

/* A handler was found to run that did not before the step. */
static void entered(struct world *w, unsigned pe, unsigned e)
{
	uint32_t number = w->now[pe][e].info->number;
	unsigned priority = priority_of(w, e);

	trace(w, "\tPE %u enters %x\n", pe, number);
	if (pe != w->acting || w->entered_now++)
		fail(w, "event %x entered on PE %u in a step of PE %u", number,
		     pe, w->acting);
	if (!able(&w->pe[pe], priority))
		fail(w,
		     "event %x entered on PE %u, which is off, masked or busy",
		     number, pe);
	if (!is_target(w, pe, e))
		fail(w, "event %x entered on PE %u, but is for PE %d", number,
		     pe, w->routed[e]);
	if (!w->pending[home(w, pe, e)][e])
		fail(w, "event %x entered on PE %u without a trigger", number,
		     pe);
	for (unsigned i = 0; is_shared_index(w, e) && i < PES; i++)
		if (w->pe[i].running[priority].event == (int)e)
			fail(w, "event %x entered on PE %u, runs on PE %u",
			     number, pe, i);
	if (w->told_entered != is_watched(w, (int)e))
		fail(w, "event %x entered: %u told", number, w->told_entered);
	w->pending[home(w, pe, e)][e] = false;
	w->pe[pe].running[priority] = (struct handler){ .event = (int)e };
}

void find_entered(struct world *w)
{
	observe(w);
	if (w->told_completed != w->watched_completed)
		fail(w, "%u handlers ended, %u told", w->watched_completed,
		     w->told_completed);
	for (unsigned pe = 0; pe < PES; pe++)
		for (unsigned e = 0; e < EVENTS; e++)
			if (w->now[pe][e].info &&
			    w->now[pe][e].running_on == (int)pe &&
			    w->pe[pe].running[priority_of(w, e)].event !=
				    (int)e)
				entered(w, pe, e);
	if (w->told_entered && !w->entered_now)
		fail(w, "told of a handler that does not run");
}

/* What the innermost handler interrupted, in x0: asked as a client may. */
uint64_t interrupted_x0(struct world *w, unsigned pe)
{
	struct sdei_context scratch = w->pe[pe].frame;

	scratch.x[0] = SDEI_FID_EVENT_CONTEXT;
	scratch.x[1] = 0;
	sdei_call(w->d, pe, &scratch);
	return scratch.x[0];
}

static void check_entry(struct world *w, unsigned pe)
{
	const struct handler *h = &w->pe[pe].running[innermost_of(&w->pe[pe])];
	unsigned e = (unsigned)h->event;
	const struct registration *r = &w->registered[home(w, pe, e)][e];
	const struct sdei_context *f = &w->pe[pe].frame, *was = &h->interrupted;
	uint64_t base = 0;

	if (r->flags & SDEI_REGISTER_RELATIVE)
		base = w->config.ops->read(w, pe, SDEI_VBAR_ELC);
	if (f->x[0] != w->now[pe][e].info->number || f->x[2] != was->pc ||
	    f->x[3] != was->pstate ||
	    memcmp(&f->x[4], &was->x[4], 14 * sizeof(f->x[0])) != 0)
		fail(w, "entry of event %x: wrong registers",
		     w->now[pe][e].info->number);
	if (r->known && (f->x[1] != r->argument || f->pc != base + r->entry))
		fail(w, "entry of event %x: argument %lx, PC %lx",
		     w->now[pe][e].info->number, f->x[1], f->pc);
	if ((f->pstate & PSTATE_FIXED) !=
		    (w->config.client_el << 2 | 1 | 0x3c0) ||
	    ((f->pstate ^ was->pstate) & PSTATE_NZCV))
		fail(w, "entry PSTATE %lx from %lx", f->pstate, was->pstate);
}

void check_frame(struct world *w, unsigned pe,
		 const struct sdei_context *expected)
{
	const struct sdei_context *f = &w->pe[pe].frame;
	struct handler *h;

	if (w->entered_now) {
		h = &w->pe[pe].running[innermost_of(&w->pe[pe])];
		h->known = true;
		h->interrupted = *expected;
		check_entry(w, pe);
		f = w->told_entered ? &w->told : expected;
	}
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		if (f->x[i] != expected->x[i])
			fail(w, "PE %u: x%u is %lx, not %lx", pe, i, f->x[i],
			     expected->x[i]);
	if (f->pc != expected->pc || f->pstate != expected->pstate)
		fail(w, "PE %u: PC %lx, PSTATE %lx, not %lx, %lx", pe, f->pc,
		     f->pstate, expected->pc, expected->pstate);
}

void begin(struct world *w, unsigned pe)
{
	memcpy(w->was, w->now, sizeof(w->was));
	w->acting = pe;
	w->resets = false;
	w->entered_now = w->completed_now = w->resumed = 0;
	w->told_entered = w->told_completed = w->watched_completed = 0;
}

/*
 * A signal goes with its registration, and with a reset (docs/choices.md). One
 * sent while the handler was on its way out may go or stay (5.1.16).
 */
static void drop_signals(struct world *w)
{
	unsigned pe = w->acting;
	unsigned e = (unsigned)index_of(w, SDEI_EVENT_SIGNALLED);

	if (pe >= PES || w->now[pe][e].status)
		return;
	if (w->was[pe][e].status == SDEI_STATUS_RUNNING)
		w->pending[pe][e] &= w->now[pe][e].pending;
	else if (w->was[pe][e].status || w->resets)
		w->pending[pe][e] = false;
}

static void check_event(struct world *w, unsigned pe, unsigned e)
{
	const struct sdei_report *now = &w->now[pe][e], *was = &w->was[pe][e];
	bool running = w->pe[pe].running[priority_of(w, e)].event == (int)e;
	bool elsewhere = false;

	if (e >= TABLE)
		w->bound[e] = now->info ? now->info->interrupt : 0;
	if (!now->info) {
		w->pending[pe][e] = false;
		return;
	}
	if (now->status > 7 || now->status == 2 || now->status == 6)
		fail(w, "event %x: status %u", now->info->number, now->status);
	if (now->pending != w->pending[home(w, pe, e)][e])
		fail(w, "event %x on PE %u: pending is %d", now->info->number,
		     pe, now->pending);
	for (unsigned i = 0; is_shared_index(w, e) && i < PES; i++)
		elsewhere |= w->pe[i].running[priority_of(w, e)].event ==
			     (int)e;
	if (!(now->status & SDEI_STATUS_RUNNING) != !(running || elsewhere))
		fail(w, "event %x on PE %u: status is %u, running is %d",
		     now->info->number, pe, now->status, running);
	if (running && now->running_on != (int)pe)
		fail(w, "event %x runs on PE %u, not %d", now->info->number, pe,
		     now->running_on);
	if (is_shared_index(w, e) || pe == w->acting || was->info != now->info)
		return;
	if (now->status != was->status || now->entry_point != was->entry_point)
		fail(w, "event %x on PE %u changed in a step of PE %u",
		     now->info->number, pe, w->acting);
}

/* An interrupt is active exactly while its event waits or runs. */
static void check_interrupts(struct world *w, unsigned pe, unsigned e)
{
	uint32_t interrupt = interrupt_of(w, e);
	bool due = w->pending[home(w, pe, e)][e] ||
		   (w->now[pe][e].info &&
		    w->now[pe][e].status & SDEI_STATUS_RUNNING);

	if (!interrupt)
		return;
	if (w->line[home(w, pe, e)][interrupt].active && !due)
		fail(w, "interrupt %u is left active on PE %u", interrupt, pe);
	if (e >= TABLE && due && !w->line[home(w, pe, e)][interrupt].active)
		fail(w, "interrupt %u ended too soon on PE %u", interrupt, pe);
}

void look(struct world *w)
{
	drop_signals(w);
	for (unsigned pe = 0; pe < PES; pe++) {
		const struct pe *p = &w->pe[pe];

		for (unsigned e = 0; e < EVENTS; e++) {
			check_event(w, pe, e);
			check_interrupts(w, pe, e);
		}
		if (sdei_pe_masked(w->d, pe) != p->masked)
			fail(w, "PE %u: masked is %d", pe, !p->masked);
		if (sdei_pe_in_handler(w->d, pe) != (innermost_of(p) >= 0))
			fail(w, "PE %u: in a handler is %d", pe,
			     innermost_of(p) < 0);
	}
}

/* What a loaded dispatcher runs on a PE. More than one of a class is wrong. */
static void adopt_running(struct world *w, unsigned pe, unsigned e)
{
	struct handler *h = &w->pe[pe].running[priority_of(w, e)];

	if (w->now[pe][e].running_on != (int)pe)
		return;
	if (h->event >= 0)
		fail(w, "events %d and %u both run on PE %u", h->event, e, pe);
	*h = (struct handler){ .event = (int)e };
}

static void adopt_event(struct world *w, unsigned pe, unsigned e)
{
	const struct sdei_report *now = &w->now[pe][e];

	w->pending[pe][e] = false;
	w->registered[pe][e] = (struct registration){ 0 };
	if (!now->info)
		return;
	adopt_running(w, pe, e);
	w->pending[pe][e] = now->pending;
	if (is_shared_index(w, e) && now->routing_mode == SDEI_RM_PE) {
		w->routed[e] = w->config.ops->pe_of_affinity(w, now->affinity);
		if (w->routed[e] < 0)
			fail(w, "loaded: routed to nobody, %lx", now->affinity);
	}
	w->bound[e] = e >= TABLE ? now->info->interrupt : 0;
	/* The interrupt is in the state in which the old machine left it. */
	if (interrupt_of(w, e))
		w->line[home(w, pe, e)][interrupt_of(w, e)].active =
			now->pending || now->status & SDEI_STATUS_RUNNING;
}

void adopt(struct world *w)
{
	observe(w);
	for (unsigned pe = 0; pe < PES; pe++) {
		struct pe *p = &w->pe[pe];

		p->masked = sdei_pe_masked(w->d, pe);
		p->on = p->kicked = true;
		p->running[0].event = p->running[1].event = -1;
		for (unsigned e = 0; e < EVENTS; e++)
			adopt_event(w, pe, e);
	}
	begin(w, PES);
	find_entered(w);
	look(w);
}
