/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A source's event: which PE is to take it, and why it waits if none does.
 */
#include <ras/source.h>
#include <el3/machine.h>

/* A source's event as PE `pe` sees it. */
static bool report_of(unsigned index, unsigned pe, struct sdei_report *report)
{
	unsigned i = 0;

	do {
		if (!sdei_query(ras_dispatcher, pe, i++, report))
			return false;
	} while (!report->info ||
		 report->info->number != ras_kinds[index].event);
	return true;
}

/* Why does the event wait that is pending in this report? */
static const char *why_pending(unsigned index, const struct sdei_report *report)
{
	if (!(report->status & SDEI_STATUS_REGISTERED))
		return "no handler is registered for the event";
	if (!(report->status & SDEI_STATUS_ENABLED))
		return "the event is not enabled";
	if (report->status & SDEI_STATUS_RUNNING)
		return "the event's handler is still running";
	if (ras_kinds[index].private)
		return sdei_pe_masked(ras_dispatcher, ras_sources[index].target)
			       ? "events are masked on its PE"
			       : "its PE runs another handler";
	if (report->routing_mode == SDEI_RM_PE)
		return "the PE it is routed to masks events or is busy";
	return "every PE masks events or is busy";
}

/* The event waited when it was raised: why, or who has it by now? */
static void look_again(unsigned index)
{
	struct source *s = &ras_sources[index];
	struct sdei_report report;

	s->reason = "";
	if (!report_of(index, s->target, &report))
		return;
	if (report.pending)
		s->reason = why_pending(index, &report);
	else if (ras_kinds[index].private)
		s->taker = (int)s->target;
	else if (report.running_on >= 0)
		s->taker = report.running_on;
	else
		s->reason = "no PE could take it at once, one has since";
}

/* Can this PE take a private event, if not now then when its handlers end? */
static bool is_able(unsigned index, unsigned pe)
{
	const unsigned wanted = SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED;
	struct sdei_report report;

	return machine_pe_is_on(pe) && !sdei_pe_masked(ras_dispatcher, pe) &&
	       report_of(index, pe, &report) &&
	       (report.status & wanted) == wanted;
}

/* A fatal error waits for no other handler, if there is a PE without one. */
static bool is_free(unsigned index, unsigned pe)
{
	return is_able(index, pe) && (ras_kinds[index].severity != RAS_FATAL ||
				      !sdei_pe_in_handler(ras_dispatcher, pe));
}

static bool is_on(unsigned index, unsigned pe)
{
	(void)index;
	return machine_pe_is_on(pe);
}

/*
 * The PE that a private event for `wanted` is raised on: the best that there is,
 * and among equals itself. Its record says whose error it is.
 */
static unsigned choose_pe(unsigned index, unsigned wanted)
{
	static bool (*const good[])(unsigned, unsigned) = { is_free, is_able,
							    is_on };

	for (unsigned i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (good[i](index, wanted))
			return wanted;
		for (unsigned pe = 0; pe < machine_pe_count(); pe++)
			if (good[i](index, pe))
				return pe;
	}
	return wanted;
}

void raise_event(unsigned index, unsigned wanted)
{
	struct source *s = &ras_sources[index];
	const unsigned self = machine_self();

	s->entered = false;
	s->target = ras_kinds[index].private ? choose_pe(index, wanted) : self;
	s->taker = sdei_raise(ras_dispatcher, self, ras_kinds[index].event,
			      s->target);
	if (s->taker == SDEI_RAISE_UNKNOWN)
		panic("ras: the dispatcher refuses event 0x%x for PE %u",
		      (unsigned)ras_kinds[index].event, s->target);
	if (s->taker == SDEI_RAISE_PENDING)
		look_again(index);
	if (s->taker == SDEI_RAISE_PENDING)
		return;
	if (!ras_kinds[index].private || s->target == wanted)
		s->reason = "";
	else if (machine_pe_is_on(wanted))
		s->reason =
			"the PE cannot take events now, another one takes this one";
	else
		s->reason = "the PE is off, another one takes its event";
}

bool raise_is_out(unsigned index)
{
	const struct source *s = &ras_sources[index];
	struct sdei_report report;

	return s->running ||
	       (report_of(index, s->target, &report) &&
		(report.pending || report.status & SDEI_STATUS_RUNNING));
}

void raise_elsewhere(unsigned index)
{
	struct source *s = &ras_sources[index];
	const unsigned wanted = s->current.error.pe;

	if (s->busy && !s->entered && ras_kinds[index].private &&
	    choose_pe(index, wanted) != s->target)
		raise_event(index, wanted);
}
