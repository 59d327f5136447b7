/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Storms: when each of their errors is due, and what became of them. Nothing else here
 * knows of them: a storm reports as anybody does.
 */
#include <sdei/storm.h>

/* Late by so much: skipped. */
#define LATE(hz) ((hz) / 10)

uint32_t sdei_storm_sent(const struct sdei_storm *s)
{
	uint32_t sent = 0;

	for (unsigned i = 0; i <= SDEI_RAS_DROPPED; i++)
		sent += s->fates[i];
	return sent;
}

/* A place that is free, or of the storm that ended first to begin. */
static struct sdei_storm *place(struct sdei_storms *all)
{
	struct sdei_storm *best = NULL;

	for (unsigned i = 0; i < SDEI_STORMS; i++) {
		struct sdei_storm *s = &all->storm[i];

		if (!s->running && (!best || s->id < best->id))
			best = s;
	}
	return best;
}

struct sdei_storm *sdei_storm_add(struct sdei_storms *all,
				  const struct sdei_record *record,
				  uint64_t count, uint64_t rate,
				  const char **why)
{
	struct sdei_storm *s = place(all);

	if (!count || count > UINT32_MAX)
		*why = "the count of a storm is 1 to 4294967295";
	else if (rate > SDEI_STORM_RATE_MAX)
		*why = "the rate of a storm is 1 to 10000 errors a second, or 0: as it goes";
	else if (!s)
		*why = "16 storms run, and no more can, `inject stop` ends them";
	else
		*why = NULL;
	if (*why)
		return NULL;
	*s = (struct sdei_storm){
		.id = ++all->ids,
		.count = (uint32_t)count,
		.rate = (uint32_t)rate,
	};
	__builtin_memcpy(s->record, record, record->size);
	return s;
}

/* No factor has more than 32 bits. */
static void set_due(const struct sdei_storms *all, struct sdei_storm *s)
{
	const uint64_t gone = s->count - sdei_storm_left(s);

	s->due = s->start +
		 gone * all->hz / (s->rate ? s->rate : SDEI_STORM_RATE_MAX);
}

void sdei_storm_reported(const struct sdei_storms *all, struct sdei_storm *s,
			 uint64_t now, const struct sdei_ras_outcome *outcome)
{
	if (!s->first) {
		s->first = outcome->sequence;
		s->start = now;
	}
	s->last = outcome->sequence;
	s->fates[outcome->fate]++;
	s->running = sdei_storm_left(s) != 0;
	set_due(all, s);
}

static struct sdei_storm *most_urgent(const struct sdei_storms *all)
{
	const struct sdei_storm *best = NULL;

	for (unsigned i = 0; i < SDEI_STORMS; i++) {
		const struct sdei_storm *s = &all->storm[i];

		if (s->running && (!best || s->due < best->due))
			best = s;
	}
	return (struct sdei_storm *)best;
}

/* All that are late, but the last one; or they are still to come, if none is to be. */
static void skip(const struct sdei_storms *all, struct sdei_storm *s,
		 uint64_t late)
{
	const uint64_t most = sdei_storm_left(s) - 1u;
	uint64_t errors;

	if (late < LATE(all->hz))
		return;
	if (!s->rate) {
		s->start += late;
		return;
	}
	/* In two steps, or a machine that stood still for days overflows it. */
	late -= LATE(all->hz);
	errors = late / all->hz * s->rate + late % all->hz * s->rate / all->hz +
		 1;
	s->skipped += (uint32_t)(errors < most ? errors : most);
}

bool sdei_storm_step(struct sdei_storms *all, uint64_t now)
{
	struct sdei_storm *s = most_urgent(all);
	struct sdei_record *copy = (struct sdei_record *)all->copy;
	struct sdei_ras_outcome outcome;

	if (!s || s->due > now)
		return false;
	skip(all, s, now - s->due);
	__builtin_memcpy(copy, s->record,
			 ((const struct sdei_record *)s->record)->size);
	if (all->report(all->context, copy, &outcome))
		s->running = false;
	else
		sdei_storm_reported(all, s, now, &outcome);
	return true;
}

uint64_t sdei_storm_due(const struct sdei_storms *all)
{
	const struct sdei_storm *s = most_urgent(all);

	return s ? s->due : UINT64_MAX;
}

unsigned sdei_storm_stop(struct sdei_storms *all, uint32_t id)
{
	unsigned ran = 0;

	for (unsigned i = 0; i < SDEI_STORMS; i++) {
		struct sdei_storm *s = &all->storm[i];

		if (!s->running || (id && s->id != id))
			continue;
		s->running = false;
		ran++;
	}
	return ran;
}
