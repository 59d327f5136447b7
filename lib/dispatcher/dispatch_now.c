/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For an embedder that dispatches an event as a function call: the handler is
 * entered now or not at all, and when it completes nothing else is delivered before
 * the caller has gone on.
 */
#include "internal.h"

/* Ready, waiting or not; its handler runs on this PE from here on. */
static void start(struct sdei_pe *p, struct event *e)
{
	store(&e->running_on, (int16_t)p->index);
	set_state(e, RUNNING_ENABLED); /* IN_DISPATCH */
	if (!is_pending(e))
		return;
	__atomic_store_n(&e->pending, 0, __ATOMIC_RELEASE);
	disp_place(p, e);
}

bool sdei_dispatch_now(struct sdei_dispatcher *d, unsigned pe, uint32_t number,
		       struct sdei_context *frame)
{
	struct sdei_pe *p = pe_at(d, pe);
	struct event *e = disp_find(p, number);
	bool now;

	if (!e || is_slot(e))
		return false;
	lock_event(e);
	now = e->state == ENABLED && may_run_on(e, p) && !p->masked &&
	      (int)priority_of(e) > p->inner;
	if (now)
		start(p, e);
	unlock_event(e);
	if (now)
		disp_enter(p, frame, e);
	return now;
}

void sdei_hold(struct sdei_dispatcher *d, unsigned pe, bool hold)
{
	struct sdei_pe *p = pe_at(d, pe);

	p->held = hold ? p->inner : NOT_HELD;
	update_closed(p);
	pass_on(p);
}
