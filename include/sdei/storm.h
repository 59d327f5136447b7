/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Storms: one record reported again and again at a rate, for who tests what a client
 * makes of that. A table of them, their times and their sums; the embedder reports,
 * and has sdei_storm_step() called.
 *
 * A step reports one error, so that whoever calls it between two steps is never kept
 * for longer than one takes. Errors that are late are made up for, one a step; one
 * that is late by a tenth of a second is skipped, and counted.
 *
 * No locks: no two of these functions are called at a time.
 */
#ifndef SDEI_STORM_H
#define SDEI_STORM_H

#include <sdei/ras.h>

SDEI_BEGIN_C

#define SDEI_STORMS         16    /* at a time */
#define SDEI_STORM_RATE_MAX 10000 /* errors a second */
/* Of all together: the client, which works on each, is not to be kept from all else. */
#define SDEI_STORM_PACE 20000

struct sdei_storm {
	uint32_t id; /* counts storms from 1; 0: there was none here yet */
	bool running;
	uint32_t count; /* = reported, by fate, + skipped + what is left */
	uint32_t
		rate; /* 0: as many as it goes, up to the most; none is skipped */
	uint32_t skipped;
	uint32_t fates[SDEI_RAS_DROPPED + 1];
	uint32_t first, last; /* sequence numbers; 0: there is none */
	uint32_t event;       /* the embedder's to use */
	uint64_t start, due;
	uint64_t record[SDEI_RECORD_MAX / 8];
};

struct sdei_storms {
	uint64_t hz; /* of `now`, below: 1000 to 2^32 - 1 */
	/* Reports a record, as it was given to sdei_storm_add(); it may change it. A
	 * message, instead of NULL, ends the storm. */
	const char *(*report)(void *context, struct sdei_record *record,
			      struct sdei_ras_outcome *outcome);
	void *context;
	uint32_t ids; /* so many were given */
	struct sdei_storm storm[SDEI_STORMS];
	uint64_t copy[SDEI_RECORD_MAX / 8];
};

/*
 * One more, which does not run yet: its first error is the embedder's to report, and
 * sdei_storm_reported() then starts it. `record` is sound and copied. NULL, and *why
 * says what is wrong and what is allowed: a count other than 1 to 2^32 - 1, a rate
 * above SDEI_STORM_RATE_MAX, SDEI_STORMS that run. The sums of one that has ended are
 * there until its place is needed.
 */
struct sdei_storm *sdei_storm_add(struct sdei_storms *all,
				  const struct sdei_record *record,
				  uint64_t count, uint64_t rate,
				  const char **why);
void sdei_storm_reported(const struct sdei_storms *all,
			 struct sdei_storm *storm, uint64_t now,
			 const struct sdei_ras_outcome *outcome);

/* Report the error that is due for longest. False: none is, at `now`. */
bool sdei_storm_step(struct sdei_storms *all, uint64_t now);
/* When the next one is due; UINT64_MAX: no storm runs. */
uint64_t sdei_storm_due(const struct sdei_storms *all);

/* End the storm of that id; 0: all. How many ran. */
unsigned sdei_storm_stop(struct sdei_storms *all, uint32_t id);

/* Errors reported so far; and those still to come, also of one that was ended. */
uint32_t sdei_storm_sent(const struct sdei_storm *storm);
static inline uint32_t sdei_storm_left(const struct sdei_storm *storm)
{
	return storm->count - storm->skipped - sdei_storm_sent(storm);
}

SDEI_END_C

#endif
