/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of `sdei explain` share: an answer to `status` and one to `trace`, and
 * what is found in them.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "sdei.h"

#define PES_MAX 512

/* What keeps an event from a PE: the first that holds, in this order. */
enum cause {
	UNREGISTERED,
	DISABLED,
	RUNNING,
	OFF,
	MASKED,
	BUSY,
	NOTHING,
};

/* One answer; of a shared event's registration there is one for all PEs. */
struct finding {
	unsigned pe;
	enum cause cause;
	const struct line *by; /* the event that runs, or the PE that masks */
};

struct view {
	struct reply status, trace;
	const char *one; /* what a PE is called here */
	const char *many;
	const char *number; /* the event's, as status has it */
	uint64_t now;       /* ns */
	json_t *json;       /* an array of what is found, or NULL */
};

/* A word of a line: as a number, 0 without it; is the line of a kind, is its word this? */
uint64_t number_of(const struct line *line, const char *key);
bool is_kind(const struct line *line, const char *kind);
bool says(const struct line *line, const char *key, const char *value);

/* The event of that number, in any base, or of that name; NULL: there is none. */
const struct line *find_event(const struct reply *status, const char *wanted);
bool has_pe(const struct reply *status, const char *pe);
/* UNREGISTERED, DISABLED, RUNNING or NOTHING, as the event's line says. */
enum cause state_of(const struct line *event);
bool is_pending(const struct view *v);
/* What keeps it, for each PE that can take it, or only for that one. How many. */
unsigned find_all(const struct view *v, const struct line *event,
		  const char *only, struct finding f[PES_MAX]);

#endif
