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
 * is able to take the event, so it is not masked. Returns true.
 */
bool disp_enter(struct event *e, struct pe *p, struct sdei_context *frame,
		uint64_t entry_point)
{
	unsigned priority = priority_of(e);
	struct handler *h = &p->handler[priority];

	h->event = e;
	copy_context(&h->interrupted, frame);
	store(&p->inner, (int8_t)priority);
	store(&p->floor, (int8_t)priority);
	frame->x[0] = e->info->number;
	frame->x[1] = e->argument;
	frame->x[2] = frame->pc;
	/* copy_context() has filled what disp_abandon() has for a frame. */
	frame->x[3] = frame->pstate; /* NOLINT(clang-analyzer-core.*) */
	return disp_take_exception(entry_point, p, frame);
}

/* Any event: tell whom it concerns, find where its entry point lies (5.1.2). */
static void enter(struct event *e, struct pe *p, struct sdei_context *frame)
{
	const struct sdei_config *c = &p->d->config;
	uint64_t entry_point = e->entry_point;

	if (e->traits & WATCHED && c->ops->entered)
		c->ops->entered(c->context, p->index, e->info->number, frame);
	if (e->relative)
		entry_point += disp_read(p, SDEI_VBAR_ELC);
	disp_enter(e, p, frame, entry_point);
}

SELDOM bool disp_deliver(struct pe *p, struct sdei_context *frame)
{
	struct event *e = NULL;

	store(&p->look, 0);
	look_after_writing();
	disp_collect(p);
	for (int i = SDEI_PRIORITY_CRITICAL; !e && i > load(&p->floor); i--)
		e = disp_next(p, (unsigned)i);
	if (e)
		enter(e, p, frame);
	for (const struct set *s = &p->set[READY]; s < &p->set[SETS]; s++)
		if (load(&s->summary))
			store(&p->look, 1);
	disp_pass_on(p);
	return e;
}

SELDOM void disp_deliver_any(struct pe *p, struct sdei_context *frame)
{
	deliver_any(p, frame);
}

bool sdei_deliver(struct sdei_dispatcher *d, unsigned pe,
		  struct sdei_context *frame)
{
	return disp_deliver(&d->pes[pe], frame);
}

bool sdei_take_interrupt(struct sdei_dispatcher *d, unsigned pe,
			 uint32_t interrupt, struct sdei_context *frame)
{
	struct pe *p = &d->pes[pe];
	struct event *e = disp_triggered(p, interrupt);
	bool now = false;

	if (e) {
		disp_lock(e);
		/* If its handler is registered, it cannot be released now. */
		now = load(&e->info->interrupt) == interrupt && at_once(p, e);
		if (now) {
			step_from(e, ENABLED, IN_DISPATCH);
			store(&e->running_on, (int16_t)pe);
		}
		disp_unlock(e);
	}
	if (now)
		return disp_enter(e, p, frame, e->entry_point);
	now = sdei_interrupt(p->d, p->index, interrupt);
	disp_deliver(p, frame);
	return now;
}

/*
 * A handler is done: its event, its interrupt, whoever wants to know; then the
 * PE goes on, or is masked and takes nothing.
 */
static SELDOM void finish(struct event *e, struct pe *p,
			  struct sdei_context *frame, enum sdei_ending how,
			  uint32_t status)
{
	const struct sdei_config *c = &p->d->config;
	uint32_t interrupt = load(&e->info->interrupt);

	if (interrupt)
		c->ops->interrupt_end(c->context, p->index, interrupt);
	/* Signals that came before the registration ended go with it. */
	disp_collect(p);
	disp_step_locked(p, e, IN_COMPLETE);
	if (e->traits & WATCHED && c->ops->completed)
		c->ops->completed(c->context, p->index, e->info->number, how,
				  status);
	disp_deliver_any(p, frame);
}

/* The innermost handler gives its frame back. Returns its event. */
static __attribute__((noinline)) struct event *leave(struct pe *p,
						     struct sdei_context *frame)
{
	struct handler *h = &p->handler[p->inner];
	struct event *e = h->event;

	copy_context(frame, &h->interrupted);
	h->event = NULL;
	store(&p->inner, p->handler[SDEI_PRIORITY_NORMAL].event
				 ? SDEI_PRIORITY_NORMAL
				 : NO_PRIORITY);
	update_floor(p);
	return e;
}

/*
 * EVENT_COMPLETE (5.1.6). On success the frame is what the PE goes on with, and
 * nothing of it is a result.
 */
void disp_complete(struct event *e, struct pe *p, struct sdei_context *frame)
{
	uint32_t status = (uint32_t)frame->x[1];

	if (p->inner < 0) {
		frame->x[0] = (uint64_t)SDEI_DENIED;
		return;
	}
	e = leave(p, frame);
	if (e->traits & (SHARED | SLOT | INTERRUPT | WATCHED) ||
	    e->state != RUNNING_ENABLED || is_pending(e)) {
		finish(e, p, frame, SDEI_COMPLETED, status);
		return;
	}
	step_from(e, RUNNING_ENABLED, IN_COMPLETE);
	deliver_any(p, frame);
}

/* EVENT_COMPLETE_AND_RESUME (5.1.7). */
SELDOM void disp_complete_resume(struct event *e, struct pe *p,
				 struct sdei_context *frame)
{
	const struct sdei_config *c = &p->d->config;
	uint64_t address = frame->x[1];

	if (p->inner < 0 || address % 4 != 0) {
		frame->x[0] = p->inner < 0 ? (uint64_t)SDEI_DENIED
					   : (uint64_t)SDEI_INVALID_PARAMETERS;
		return;
	}
	e = leave(p, frame);
	c->ops->resume(c->context, p->index, frame->pc, frame->pstate);
	disp_take_exception(address, p, frame);
	finish(e, p, frame, SDEI_RESUMED, SDEI_EV_HANDLED);
}

/* The PE goes off, masked: its handlers end, innermost first (6.5.4). */
SELDOM void disp_abandon(struct pe *p)
{
	struct sdei_context gone;

	while (p->inner >= 0)
		finish(leave(p, &gone), p, &gone, SDEI_POWERED_OFF,
		       SDEI_EV_HANDLED);
}
