/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the library says of its state, against the model's.
 */
#include "machine.h"

#include <stdio.h>

static const char *const names[] = { "U", "R", "?", "E", "P", "R*", "?", "E*" };

static bool same_shared(const struct event *event, const char *name,
			const struct sdei_report *r)
{
	if (r->routing_mode != event->to_one)
		return differs("%s has routing mode %u", name, r->routing_mode);
	if (event->to_one && r->affinity != AFFINITY(event->target))
		return differs("%s has affinity %#llx", name,
			       (unsigned long long)r->affinity);
	return true;
}

static bool same_event(unsigned e, unsigned pe)
{
	const struct model *m = &machine.model;
	const struct event *event = &m->event[e];
	unsigned status = model_status(m, e, pe);
	int runs_on = !(status & SDEI_STATUS_RUNNING) ? -1
		      : kinds[e].shared               ? event->runs_on
						      : (int)pe;
	struct sdei_report r;

	if (!sdei_query((void *)machine.library, pe, e, &r))
		return differs("sdei_query() does not know %s", kinds[e].name);
	if (!r.info != !event->exists)
		return differs("slot of %s: bound is %d", kinds[e].name,
			       !!r.info);
	if (!event->exists)
		return true;
	if (r.info->number != kinds[e].number ||
	    r.info->type != kinds[e].shared ||
	    r.info->priority != kinds[e].critical)
		return differs(
			"sdei_query() gives another event's information");
	if (kinds[e].slot && r.info->interrupt != event->interrupt)
		return differs("%s is bound to interrupt %u", kinds[e].name,
			       r.info->interrupt);
	if (r.status != status)
		return differs("on PE %u, %s is in state %s; the model says %s",
			       pe, kinds[e].name, names[r.status & 7],
			       names[status]);
	if (r.pending != model_pending(m, e, pe))
		return differs("on PE %u, %s has pending %d; the model says %d",
			       pe, kinds[e].name, r.pending,
			       model_pending(m, e, pe));
	if (r.running_on != runs_on)
		return differs("%s runs on %d; the model says %d",
			       kinds[e].name, r.running_on, runs_on);
	if (kinds[e].shared && (status & SDEI_STATUS_REGISTERED))
		return same_shared(event, kinds[e].name, &r);
	return true;
}

bool same_state(void)
{
	const struct model *m = &machine.model;

	for (unsigned pe = 0; pe < machine.pes; pe++) {
		bool inside = model_running(m, pe, false) >= 0 ||
			      model_running(m, pe, true) >= 0;

		for (unsigned e = 0; e < EVENTS; e++)
			if (!same_event(e, pe))
				return false;
		if (sdei_pe_masked((void *)machine.library, pe) !=
		    m->pe[pe].masked)
			return differs("PE %u masked: the model says %d", pe,
				       m->pe[pe].masked);
		if (sdei_pe_in_handler((void *)machine.library, pe) != inside)
			return differs("PE %u in a handler: the model says %d",
				       pe, inside);
	}
	return true;
}

void print_model(const struct model *m)
{
	for (unsigned pe = 0; pe < machine.pes; pe++)
		printf("  PE %u %s%s%s", pe, m->pe[pe].on ? "on" : "off",
		       m->pe[pe].masked ? ", masked" : "",
		       machine.owed[pe] ? ", to deliver;" : ";");
	printf("\n");
	for (unsigned e = 0; e < EVENTS; e++) {
		const struct event *event = &m->event[e];

		printf("  %#010x %s:%s", kinds[e].number, kinds[e].name,
		       event->exists ? "" : " free");
		for (unsigned pe = 0; pe < (kinds[e].shared ? 1 : machine.pes);
		     pe++)
			printf(" %s%s%s", names[model_status(m, e, pe)],
			       event->handler[pe].relative ? " relative" : "",
			       event->pending[pe] ? " pending" : "");
		if (event->to_one)
			printf(" to PE %u", event->target);
		if (kinds[e].shared && event->handler[0].running)
			printf(" on PE %u", event->runs_on);
		printf("\n");
	}
}
