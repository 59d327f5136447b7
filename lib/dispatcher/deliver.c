/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Delivery: entering an event's handler, leaving it.
 *
 * An event runs on a PE iff it is pending, enabled, the PE is one of its
 * targets, unmasked and not held (sdei_hold()), and no handler of the same or a
 * higher priority runs there (4.3.2, 5.2.1): critical pre-empts normal, nothing else
 * pre-empts.
 * pending.c knows what waits.
 *
 * There are two ways in. What is triggered where it can run at once goes straight
 * to its handler, runs_at_once(); everything else becomes pending, and disp_deliver()
 * takes it out of where it waits.
 */
#include "pstate.h"

/* The frame becomes the handler's (5.2.1); x4 to x17 stay as they were. */
static __attribute__((noinline)) void enter_at(struct sdei_pe *p,
					       struct sdei_context *frame,
					       struct event *e,
					       uint64_t entry_point)
{
	const unsigned priority = priority_of(e);
	struct handler *h = &p->handler[priority];
	const uint64_t pc = sdei_pc(frame), pstate = sdei_pstate(frame);

	h->event = e;
	/*
	 * It is above `closed`, on a held PE as well (sdei_dispatch_now()): this is
	 * what update_floor() would find.
	 */
	store(&p->inner, (int8_t)priority);
	store(&p->floor, (int8_t)priority);
	frame = sdei_keep(&h->kept, frame);
	sdei_x(frame, 0) = e->info->number;
	sdei_x(frame, 1) = e->argument;
	sdei_x(frame, 2) = pc;
	sdei_x(frame, 3) = pstate;
	sdei_pc(frame) = entry_point;
	sdei_pstate(frame) = exception_pstate(p, pstate);
}

static inline bool takes_care(const struct event *e)
{
	return (e->traits & WATCHED) | e->relative;
}

/* Tell whom it concerns, find where its entry point lies (5.1.2). */
static SELDOM void enter_with_care(struct sdei_pe *p,
				   struct sdei_context *frame, struct event *e)
{
	const struct sdei_config *c = &p->d->config;
	uint64_t entry_point = e->entry_point;

	if (e->traits & WATCHED && c->ops->entered)
		c->ops->entered(c->context, p->index, e->info->number, frame);
	if (e->relative)
		entry_point += disp_read(p, SDEI_VBAR_ELC);
	enter_at(p, frame, e, entry_point);
}

void disp_enter(struct sdei_pe *p, struct sdei_context *frame, struct event *e)
{
	if (takes_care(e))
		enter_with_care(p, frame, e);
	else
		enter_at(p, frame, e, e->entry_point);
}

/* For when it cannot run here at once. */
static SELDOM bool interrupt_and_deliver(struct sdei_pe *p, uint32_t interrupt,
					 struct sdei_context *frame)
{
	if (!sdei_interrupt(p->d, p->index, interrupt))
		return false;
	disp_deliver(p, frame);
	return true;
}

bool sdei_pe_take_interrupt(struct sdei_pe *p, uint32_t interrupt,
			    struct sdei_context *frame)
{
	const uint32_t place = triggered_place(p->d, interrupt);
	struct event *e;
	bool now;

	if (!place)
		return false;
	e = event_at(p, place - 1);
	lock_event(e);
	/*
	 * While its handler is registered the slot cannot be released: interrupt and
	 * state belong together.
	 */
	now = load(&e->info->interrupt) == interrupt && may_run_on(e, p) &&
	      runs_at_once(p, e);
	unlock_event(e);
	if (!now)
		return interrupt_and_deliver(p, interrupt, frame);
	disp_enter(p, frame, e);
	return true;
}

bool sdei_take_interrupt(struct sdei_dispatcher *d, unsigned pe,
			 uint32_t interrupt, struct sdei_context *frame)
{
	struct sdei_pe *p = pe_at(d, pe);

	if (sdei_pe_take_interrupt(p, interrupt, frame))
		return true;
	disp_deliver(p, frame);
	return false;
}

/*
 * A handler is done: its event, its interrupt, whoever wants to know; then the
 * PE goes on, or is masked and takes nothing.
 */
static void finish(struct sdei_pe *p, struct sdei_context *frame,
		   struct event *e, enum sdei_ending how, uint32_t status)
{
	const struct sdei_config *c = &p->d->config;
	uint32_t interrupt = load(&e->info->interrupt);

	if (interrupt)
		c->ops->interrupt_end(c->context, p->index, interrupt);
	/* Signals that came before the registration ended go with it. */
	collect(p);
	step(p, e, IN_COMPLETE);
	if (e->traits & WATCHED && c->ops->completed)
		c->ops->completed(c->context, p->index, e->info->number, how,
				  status);
	deliver_any(p, frame);
}

/* The innermost handler gives its frame back. Returns its event. */
static inline struct event *leave_handler(struct sdei_pe *p,
					  struct sdei_context **frame)
{
	struct handler *h = &p->handler[p->inner];
	struct event *e = h->event;

	h->event = NULL;
	*frame = sdei_give_back(&h->kept, *frame);
	store(&p->inner, p->handler[SDEI_PRIORITY_NORMAL].event
				 ? SDEI_PRIORITY_NORMAL
				 : NO_PRIORITY);
	update_floor(p);
	return e;
}

/* Private, nobody's interrupt, nobody watches it, nothing happened meanwhile. */
static inline bool ends_quietly(const struct event *e)
{
	return !(e->traits & (SHARED | SLOT | INTERRUPT | WATCHED)) &&
	       e->state == RUNNING_ENABLED && !is_pending(e);
}

/*
 * EVENT_COMPLETE (5.1.6). On success the frame is what the PE goes on with, and
 * nothing of it is a result.
 */
void disp_complete(struct sdei_pe *p, struct sdei_context *frame,
		   struct event *e)
{
	const uint32_t status = (uint32_t)sdei_x(frame, 1);

	if (p->inner < 0) {
		answer(frame, SDEI_DENIED);
		return;
	}
	e = leave_handler(p, &frame);
	if (!ends_quietly(e)) {
		finish(p, frame, e, SDEI_COMPLETED, status);
		return;
	}
	/* IN_COMPLETE of RUNNING_ENABLED, which need not be looked up. */
	set_state(e, ENABLED);
	deliver_any(p, frame);
}

static __attribute__((noinline)) uint64_t
resumed_pstate(const struct sdei_pe *p, uint64_t interrupted)
{
	return exception_pstate(p, interrupted);
}

/* EVENT_COMPLETE_AND_RESUME (5.1.7). */
void disp_complete_resume(struct sdei_pe *p, struct sdei_context *frame,
			  struct event *e)
{
	const struct sdei_config *c = &p->d->config;
	const uint64_t address = sdei_x(frame, 1);

	if (p->inner < 0 || address % 4 != 0) {
		answer(frame,
		       p->inner < 0 ? SDEI_DENIED : SDEI_INVALID_PARAMETERS);
		return;
	}
	e = leave_handler(p, &frame);
	c->ops->resume(c->context, p->index, sdei_pc(frame),
		       sdei_pstate(frame));
	sdei_pc(frame) = address;
	sdei_pstate(frame) = resumed_pstate(p, sdei_pstate(frame));
	finish(p, frame, e, SDEI_RESUMED, SDEI_HANDLED);
}

/* The PE goes off, masked: its handlers end, innermost first (6.5.4). */
SELDOM void disp_abandon(struct sdei_pe *p)
{
	struct sdei_context nowhere, *gone = &nowhere;

	while (p->inner >= 0) {
		struct event *e = leave_handler(p, &gone);

		finish(p, gone, e, SDEI_POWERED_OFF, SDEI_HANDLED);
	}
}
