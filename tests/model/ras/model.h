/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error sources once more, as a model that is slow and plainly right. It was
 * written from include/sdei/ras.h, docs/ras.md and ACPI's GHESv2, and shares
 * nothing with the library but their numbers. The library is compared with it.
 */
#ifndef MODEL_RAS_MODEL_H
#define MODEL_RAS_MODEL_H

#include "world.h"

#define ERRORS 3u /* that are in a queue, the one that is out included */

struct source {
	/* In the order in which they came. */
	struct error error[ERRORS + 1];
	uint8_t count;
	int8_t out; /* which of them the client is shown, or -1 */
	uint8_t state;
	uint8_t misses; /* handlers that saw it and did not acknowledge */
	bool broken;
	uint8_t target; /* PE that the event was raised for */
	uint8_t taken;  /* acknowledged since the client was seen to be done */
	uint32_t lost;  /* dropped, and nobody was told */
	uint64_t due, wait;
	uint64_t at; /* the client sees it since then */
	struct sdei_ras_counters counters;
};

struct model {
	struct source source[SOURCES];
	bool suspect
		[PES]; /* a handler ran there, since it was seen to be done */
	bool full;
	unsigned preallocated;
	uint32_t sequence;
};

void model_start(struct model *m, unsigned preallocated);
bool model_publish(struct model *m, struct world *w);
void model_report(struct model *m, struct world *w, unsigned s, unsigned pe,
		  struct sdei_ras_outcome *outcome);
void model_entered(struct model *m, struct world *w, unsigned s, unsigned pe);
void model_left(struct model *m, struct world *w, unsigned s);
void model_poll(struct model *m, struct world *w);
void model_pe_off(struct model *m, struct world *w, unsigned pe);
void model_client_reset(struct model *m, struct world *w);
bool model_renew(struct model *m, struct world *w, unsigned s, bool pair,
		 bool block);
void model_count(struct model *m, struct world *w, unsigned s,
		 struct sdei_ras_counters *counters);
/* What is known behind a save and a load. */
void model_reload(struct model *m, const struct world *w);

/* How many wait; is one waiting that was never shown? */
unsigned model_waiting(const struct source *s);
/* When somebody must have looked at it, at the latest. UINT64_MAX: never. */
uint64_t model_wanted(const struct source *s, const struct world *w);

#endif
