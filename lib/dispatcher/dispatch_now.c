/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For an embedder that dispatches an event as a function call: the handler is
 * entered now or not at all, and when it completes nothing else is delivered before
 * the caller has gone on.
 */
#include "internal.h"

bool sdei_dispatch_now(struct sdei_dispatcher *d, unsigned pe, uint32_t number,
		       struct sdei_context *frame)
{
	struct sdei_pe *p = pe_at(d, pe);
	struct event *e = disp_find(p, number);
	bool now, waits;

	if (!e || is_slot(e))
		return false;
	lock_event(e);
	now = e->state == ENABLED && may_run_on(e, p) && !p->masked &&
	      (int)priority_of(e) > p->inner;
	waits = is_pending(e);
	if (now)
		begin_handler(p, e);
	if (now && waits)
		disp_place(p, e);
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
