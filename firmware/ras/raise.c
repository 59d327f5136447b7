/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A source's event at the dispatcher: raising it, and why it waits if no PE takes
 * it.
 */
#include <ras/internal.h>
#include <el3/live.h>
#include <el3/machine.h>
#include <sources.h>

static struct sdei_dispatcher *dispatcher;
/* Where the dispatcher has each source's event. */
static unsigned event_index[PLAT_RAS_SOURCES + 1];

/* One event beside the sources': the kernel is to dump its state (AGDI). */
static uint32_t number_of(unsigned source)
{
	return source == RAISE_DUMP ? PLAT_EVENT_DUMP
				    : platform_sources[source].vector;
}

static bool is_private(unsigned source)
{
	return source != RAISE_DUMP && platform_sources[source].is_private;
}

void raise_start(struct sdei_dispatcher *d)
{
	struct sdei_report report;

	dispatcher = d;
	for (unsigned i = 0; sdei_query(d, 0, i, &report); i++)
		for (unsigned s = 0; s <= RAISE_DUMP; s++)
			if (report.info && report.info->number == number_of(s))
				event_index[s] = i;
}

/* A source's event as PE `pe` sees it. */
static struct sdei_report report_of(unsigned source, unsigned pe)
{
	struct sdei_report report = { 0 };

	sdei_query(dispatcher, pe, event_index[source], &report);
	return report;
}

/* Why does the event wait that is pending in this report? */
static const char *why_pending(unsigned source, unsigned pe,
			       const struct sdei_report *report)
{
	if (!(report->status & SDEI_STATUS_REGISTERED))
		return "no handler is registered for the event";
	if (!(report->status & SDEI_STATUS_ENABLED))
		return "the event is not enabled";
	if (report->status & SDEI_STATUS_RUNNING)
		return "the event's handler is still running";
	if (is_private(source))
		return sdei_pe_masked(dispatcher, pe)
			       ? "events are masked on its PE"
			       : "its PE runs another handler";
	if (report->routing_mode == SDEI_RM_PE)
		return "the PE it is routed to masks events or is busy";
	return "every PE masks events or is busy";
}

/* The event waited when it was raised: why, or who has it by now? */
static int look_again(unsigned source, unsigned pe, const char **why)
{
	const struct sdei_report report = report_of(source, pe);

	if (report.pending)
		*why = why_pending(source, pe, &report);
	else if (is_private(source))
		return (int)pe;
	else if (report.running_on >= 0)
		return report.running_on;
	else
		*why = "no PE could take it at once, one has since";
	return SDEI_RAS_WAITS;
}

/* For the live trace, if there is one. */
static void note_pending(unsigned source, unsigned pe)
{
	const int its = is_private(source) ? (int)pe : -1;
	struct sdei_report report;

	if (!__atomic_load_n(&live_on, __ATOMIC_RELAXED))
		return;
	report = report_of(source, pe);
	live_note(TRACE_PENDING, number_of(source), (uint64_t)(int64_t)its,
		  live_why(dispatcher, &report, its));
}

int raise_event(void *context, unsigned source, unsigned pe, const char **why)
{
	const uint32_t event = number_of(source);
	const unsigned self = machine_self();
	int taker;

	(void)context;
	if (!is_private(source))
		pe = self;
	taker = sdei_raise(dispatcher, self, event, pe);
	if (taker == SDEI_RAISE_UNKNOWN)
		panic("ras: the dispatcher refuses event 0x%x for PE %u",
		      (unsigned)event, pe);
	if (taker == SDEI_RAISE_PENDING)
		note_pending(source, pe);
	return taker == SDEI_RAISE_PENDING ? look_again(source, pe, why)
					   : taker;
}

bool raise_is_out(void *context, unsigned source, unsigned pe)
{
	const struct sdei_report report = report_of(source, pe);

	(void)context;
	return report.pending || report.status & SDEI_STATUS_RUNNING;
}

enum sdei_ras_readiness raise_readiness(void *context, unsigned source,
					unsigned pe)
{
	const unsigned wanted = SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED;

	(void)context;
	if (!machine_pe_is_on(pe))
		return SDEI_RAS_OFF;
	if (sdei_pe_masked(dispatcher, pe) ||
	    (report_of(source, pe).status & wanted) != wanted)
		return SDEI_RAS_ON;
	return sdei_pe_in_handler(dispatcher, pe) ? SDEI_RAS_ABLE
						  : SDEI_RAS_FREE;
}
