/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Storms of errors for the guest: <sdei/storm.h>, by the main thread between what else
 * it serves. The vcpus have threads of their own and are not held up by it.
 */
#include "vmm.h"

#include <sdei/storm.h>

#include <string.h>

#define NS_PER_MS UINT64_C(1000000)
/* At a time: the main thread sleeps for whole milliseconds. */
#define STEPS (SDEI_STORM_PACE / 1000)

static const char *report(void *context, struct sdei_record *record,
			  struct sdei_ras_outcome *outcome)
{
	struct outcome o;
	const char *why = records_report(context, record, &o);

	*outcome = o.report;
	return why;
}

static struct sdei_storms storms;

void storm_reset(struct vmm *vmm)
{
	memset(&storms, 0, sizeof(storms));
	storms.hz = 1000 * NS_PER_MS;
	storms.report = report;
	storms.context = vmm;
}

struct sdei_storm *storm_begin(const struct sdei_record *record, uint64_t count,
			       uint64_t rate, const char **why)
{
	return sdei_storm_add(&storms, record, count, rate, why);
}

uint32_t storm_go_on(struct sdei_storm *storm, const struct outcome *outcome)
{
	storm->event = outcome->event;
	sdei_storm_reported(&storms, storm, trace_now(), &outcome->report);
	return storm->id;
}

int storm_poll(void)
{
	unsigned steps = 0;
	uint64_t due, now;

	while (steps < STEPS && sdei_storm_step(&storms, trace_now()))
		steps++;
	due = sdei_storm_due(&storms);
	now = trace_now();
	if (due == UINT64_MAX)
		return -1;
	/* A storm waits for a second at most. */
	return due <= now ? 1 : (int)((due - now + NS_PER_MS - 1) / NS_PER_MS);
}

unsigned storm_stop(uint32_t id)
{
	return sdei_storm_stop(&storms, id);
}

void storm_show(FILE *out, uint32_t id)
{
	for (unsigned i = 0; i < SDEI_STORMS; i++) {
		const struct sdei_storm *s = &storms.storm[i];
		const uint32_t *fates = s->fates;

		if (!s->first || (id && s->id != id))
			continue;
		fprintf(out,
			"storm id=%u event=0x%x running=%d count=%u rate=%u injected=%u skipped=%u left=%u delivered=%u pending=%u queued=%u dropped=%u first=%u last=%u\n",
			s->id, s->event, s->running, s->count, s->rate,
			sdei_storm_sent(s), s->skipped, sdei_storm_left(s),
			fates[SDEI_RAS_DELIVERED], fates[SDEI_RAS_PENDING],
			fates[SDEI_RAS_QUEUED], fates[SDEI_RAS_DROPPED],
			s->first, s->last);
	}
}
