/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For an embedder that dispatches an event as a function call: the handler is
 * entered now or not at all. The caller holds the PE before, so that its COMPLETE
 * delivers nothing else, lets it go after, and then calls sdei_deliver(): letting go
 * delivers nothing.
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
	disp_collect(p);
	lock_event(e);
	/* As is_able() has it, but for a hold. */
	now = e->state == ENABLED && may_run_on(e, p) && !p->masked &&
	      (int)priority_of(e) > p->inner;
	waits = is_pending(e);
	if (now) {
		if (is_shared(e))
			set_running_on(e, p);
		begin_handler(e);
		if (waits)
			disp_place(p, e);
	}
	unlock_event(e);
	if (now)
		disp_enter(p, frame, e);
	return now;
}

static void hold_at(struct sdei_pe *p, int8_t priority)
{
	p->held = priority;
	update_closed(p, p->masked);
	pass_on(p);
}

void sdei_hold(struct sdei_dispatcher *d, unsigned pe, bool hold)
{
	struct sdei_pe *p = pe_at(d, pe);

	hold_at(p, hold ? p->inner : NOT_HELD);
}

void sdei_hold_at(struct sdei_dispatcher *d, unsigned pe, int priority)
{
	hold_at(pe_at(d, pe), priority == SDEI_PRIORITY_NORMAL ||
					      priority == SDEI_PRIORITY_CRITICAL
				      ? (int8_t)priority
				      : NO_PRIORITY);
}
