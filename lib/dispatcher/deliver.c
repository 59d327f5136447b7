/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Delivery: entering an event's handler, leaving it.
 *
 * An event runs on a PE iff it is pending, enabled, the PE is one of its
 * targets and unmasked, and no handler of the same or a higher priority runs
 * there (4.3.2, 5.2.1): critical pre-empts normal, nothing else pre-empts.
 * pending.c knows what waits.
 */
#include "internal.h"

/* Two registers at a time: no call to memcpy on this path. */
typedef unsigned __int128 __attribute__((aligned(8), may_alias)) pair;

static inline void copy_context(struct sdei_context *to,
				const struct sdei_context *from)
{
	pair *t = (pair *)to;
	const pair *f = (const pair *)from;

#define COPY5(i) \
	(t[i] = f[i], t[i + 1] = f[i + 1], t[i + 2] = f[i + 2], \
	 t[i + 3] = f[i + 3], t[i + 4] = f[i + 4])
	COPY5(0);
	COPY5(5);
#undef COPY5
	_Static_assert(sizeof(*to) == 10 * sizeof(*t), "copy_context");
}

/*
 * The frame becomes the handler's (5.2.1); x4 to x17 stay as they were. The PE
 * is able to take the event, so no critical handler runs. Returns true.
 */
bool disp_enter(struct sdei_dispatcher *d, struct pe *p,
		struct sdei_context *frame, struct event *e,
		uint64_t entry_point)
{
	unsigned priority = priority_of(e);

	p->running[priority] = e;
	copy_context(&p->saved[priority], frame);
	store(&p->able, priority ? 0 : ABLE_CRITICAL);
	frame->x[0] = e->info->number;
	frame->x[1] = e->argument;
	frame->x[2] = frame->pc;
	frame->x[3] = frame->pstate;
	return disp_take_exception(d, p, frame, entry_point);
}

/* Any event: tell whom it concerns, find where its entry point lies (5.1.2). */
static void enter(struct sdei_dispatcher *d, struct pe *p,
		  struct sdei_context *frame, struct event *e)
{
	const struct sdei_config *c = &d->config;
	uint64_t base = 0;

	if (e->traits & WATCHED && c->ops->entered)
		c->ops->entered(c->context, p->index, e->info->number, frame);
	if (e->relative)
		base = c->ops->read(c->context, p->index, SDEI_VBAR_ELC);
	disp_enter(d, p, frame, e, base + e->entry_point);
}

bool disp_deliver(struct sdei_dispatcher *d, struct pe *p,
		  struct sdei_context *frame)
{
	struct event *e = NULL;

	store(&p->look, 0);
	look_after_writing();
	disp_collect(d, p);
	if (is_able(p, SDEI_PRIORITY_CRITICAL))
		e = disp_next(d, p, SDEI_PRIORITY_CRITICAL);
	if (!e && is_able(p, SDEI_PRIORITY_NORMAL))
		e = disp_next(d, p, SDEI_PRIORITY_NORMAL);
	if (e)
		enter(d, p, frame, e);
	if (load(&p->ready[0].summary) | load(&p->ready[1].summary) |
	    load(&p->routed[0].summary) | load(&p->routed[1].summary))
		store(&p->look, 1);
	if (load(&d->any[0].summary) | load(&d->any[1].summary))
		disp_pass_on(d, p);
	return e != NULL;
}

bool sdei_deliver(struct sdei_dispatcher *d, unsigned pe,
		  struct sdei_context *frame)
{
	return disp_deliver(d, &d->pes[pe], frame);
}

static __attribute__((noinline)) bool
take_slowly(struct sdei_dispatcher *d, unsigned pe, uint32_t interrupt,
	    struct sdei_context *frame)
{
	bool known = sdei_interrupt(d, pe, interrupt);

	sdei_deliver(d, pe, frame);
	return known;
}

bool sdei_take_interrupt(struct sdei_dispatcher *d, unsigned pe,
			 uint32_t interrupt, struct sdei_context *frame)
{
	struct pe *p = &d->pes[pe];
	struct event *e = triggered(d, p, interrupt);

	if (!e)
		return take_slowly(d, pe, interrupt, frame);
	event_lock(e);
	/* If its handler is registered, it cannot be released now. */
	if (load(&e->info->interrupt) != interrupt || !at_once(d, p, e)) {
		event_unlock(e);
		return take_slowly(d, pe, interrupt, frame);
	}
	step_from(e, ENABLED, IN_DISPATCH);
	store(&e->running_on, (int16_t)p->index);
	event_unlock(e);
	return disp_enter(d, p, frame, e, e->entry_point);
}

/* A handler is done: its event, its interrupt, whoever wants to know. */
static __attribute__((noinline)) void
finish(struct sdei_dispatcher *d, struct pe *p, struct event *e,
       enum sdei_ending how, uint32_t status)
{
	const struct sdei_config *c = &d->config;

	if (e->traits & INTERRUPT && load(&e->info->interrupt))
		c->ops->interrupt_end(c->context, p->index, e->info->interrupt);
	/* Signals that came before the registration ended go with it. */
	if (is_signalable(e) && e->state == UNREGISTER_PENDING)
		disp_collect(d, p);
	event_lock(e);
	store(&e->running_on, -1);
	disp_step(d, p, e, IN_COMPLETE);
	event_unlock(e);
	if (e->traits & WATCHED && c->ops->completed)
		c->ops->completed(c->context, p->index, e->info->number, how,
				  status);
}

/* The innermost handler, of this priority, gives its frame back. */
static inline struct event *leave(struct pe *p, unsigned priority,
				  struct sdei_context *frame)
{
	struct event *e = p->running[priority];

	copy_context(frame, &p->saved[priority]);
	p->running[priority] = NULL;
	if (!p->masked)
		store(&p->able, p->running[SDEI_PRIORITY_NORMAL]
					? ABLE_CRITICAL
					: ABLE_CRITICAL | ABLE_NORMAL);
	return e;
}

static __attribute__((noinline)) void
complete_special(struct sdei_dispatcher *d, struct pe *p,
		 struct sdei_context *frame, struct event *e, uint32_t status)
{
	finish(d, p, e, SDEI_COMPLETED, status);
	deliver_any(d, p, frame);
}

/*
 * EVENT_COMPLETE (5.1.6). On success the frame is what the PE goes on with, and
 * nothing of it is a result.
 */
void disp_complete(struct sdei_dispatcher *d, struct pe *p,
		   struct sdei_context *frame, struct event *e)
{
	uint32_t status = (uint32_t)frame->x[1];
	int priority = innermost(p);

	if (priority < 0) {
		frame->x[0] = (uint64_t)SDEI_DENIED;
		return;
	}
	e = leave(p, (unsigned)priority, frame);
	/* In this order: others may change what is shared. */
	if (e->traits & (SHARED | INTERRUPT | WATCHED) ||
	    e->state != RUNNING_ENABLED || is_pending(e)) {
		complete_special(d, p, frame, e, status);
		return;
	}
	step_from(e, RUNNING_ENABLED, IN_COMPLETE);
	deliver_any(d, p, frame);
}

/* EVENT_COMPLETE_AND_RESUME (5.1.7). */
void disp_complete_resume(struct sdei_dispatcher *d, struct pe *p,
			  struct sdei_context *frame, struct event *e)
{
	const struct sdei_config *c = &d->config;
	uint64_t address = frame->x[1];
	int priority = innermost(p);

	if (priority < 0 || address % 4 != 0) {
		frame->x[0] = priority < 0 ? (uint64_t)SDEI_DENIED
					   : (uint64_t)SDEI_INVALID_PARAMETERS;
		return;
	}
	e = leave(p, (unsigned)priority, frame);
	c->ops->resume(c->context, p->index, frame->pc, frame->pstate);
	disp_take_exception(d, p, frame, address);
	finish(d, p, e, SDEI_RESUMED, SDEI_EV_HANDLED);
	deliver_any(d, p, frame);
}

/* The PE goes off: its handlers end, innermost first (6.5.4). */
void disp_abandon(struct sdei_dispatcher *d, struct pe *p)
{
	struct sdei_context gone;
	int priority;

	while ((priority = innermost(p)) >= 0)
		finish(d, p, leave(p, (unsigned)priority, &gone),
		       SDEI_POWERED_OFF, SDEI_EV_HANDLED);
}
