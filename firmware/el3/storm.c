/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control line's storms: <sdei/storm.h> on a PE's timer. All of this but storm_later()
 * is under the control line's lock.
 *
 * The timer fires for one error, which ends as any other does: in its handler, if that
 * can begin. After that the PE has twice as long as the error took before the next,
 * and 50 us at least.
 */
#include "control.h"

#include "timer.h"

#include <ras.h>
#include <sdei/storm.h>

static const char *report_one(void *context, struct sdei_record *record,
			      struct sdei_ras_outcome *outcome)
{
	struct ras_outcome o;
	const char *why = ras_report(record, &o);

	(void)context;
	*outcome = o.report;
	return why;
}

static struct sdei_storms storms = { .report = report_one };
static unsigned
	runner; /* the PE on whose timer they are: the latest to begin one */

struct sdei_storm *storm_begin(const struct sdei_record *record, uint64_t count,
			       uint64_t rate)
{
	struct sdei_storm *storm;
	const char *why;

	storms.hz = machine_time_hz();
	storm = sdei_storm_add(&storms, record, count, rate, &why);
	if (!storm)
		reply("error %s\n", why);
	return storm;
}

/* Not before that time. */
static void set_timer(uint64_t earliest)
{
	const uint64_t due = sdei_storm_due(&storms), now = machine_time();
	const uint64_t at = due > earliest ? due : earliest;

	if (due != UINT64_MAX)
		timer_start(TIMER_STORM, at > now ? at - now : 1);
}

void storm_go_on(struct sdei_storm *storm, const struct ras_outcome *outcome)
{
	const uint64_t now = machine_time();

	storm->event = outcome->event;
	sdei_storm_reported(&storms, storm, now, &outcome->report);
	runner = machine_self();
	set_timer(now);
}

void storm_later(void)
{
	timer_start(TIMER_STORM, machine_time_hz() / SDEI_STORM_PACE);
}

void storm_step(void)
{
	const uint64_t pace = machine_time_hz() / SDEI_STORM_PACE;
	const uint64_t before = machine_time();
	uint64_t after, gap;

	if (machine_self() != runner)
		return;
	sdei_storm_step(&storms, before);
	after = machine_time();
	gap = 2 * (after - before);
	set_timer(after + (gap > pace ? gap : pace));
}

void storm_stop(uint32_t id)
{
	reply("ok stopped=%u\n", sdei_storm_stop(&storms, id));
}

void storm_print(uint32_t id)
{
	for (unsigned i = 0; i < SDEI_STORMS; i++) {
		const struct sdei_storm *s = &storms.storm[i];
		const uint32_t *fates = s->fates;

		if (!s->first || (id && s->id != id))
			continue;
		reply("storm id=%u event=0x%x running=%u count=%u rate=%u injected=%u skipped=%u left=%u delivered=%u pending=%u queued=%u dropped=%u first=%u last=%u\n",
		      s->id, s->event, s->running, s->count, s->rate,
		      sdei_storm_sent(s), s->skipped, sdei_storm_left(s),
		      fates[SDEI_RAS_DELIVERED], fates[SDEI_RAS_PENDING],
		      fates[SDEI_RAS_QUEUED], fates[SDEI_RAS_DROPPED], s->first,
		      s->last);
	}
}
