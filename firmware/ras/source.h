/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An error source, as the files that work on it share it:
 *
 *   source.c   requests come in, the numbers that people ask for
 *   publish.c  the queue and the block: which record the kernel sees
 *   raise.c    the event: which PE, and again until the kernel acknowledges
 *   drain.c    how much the kernel has taken and not yet worked on
 *
 * All of them run under source.c's lock.
 */
#ifndef RAS_SOURCE_H
#define RAS_SOURCE_H

#include <ras/internal.h>

#include <platform.h>

#define QUEUE_LENGTH   32
#define POLL_US        10000
#define RAISE_AGAIN_US 1000000 /* POLL_US at first, then twice that */
#define NO_PE          (-1)

/*
 * A handler that ended without an acknowledgement may belong to a kernel that
 * acknowledges later. After the second one, 10 ms later at least, an uncorrected
 * record makes way.
 */
#define MISSES_MAX 2

struct waiting {
	struct ras_error error;
	uint32_t sequence;
	unsigned lost; /* how many lost ones it tells of, once shown */
	bool shown;    /* was in the block, and made way */
	bool held;     /* counted as held back */
};

struct source {
	struct waiting queue[QUEUE_LENGTH];
	unsigned first, queued;
	struct waiting current;
	bool busy;     /* `current` is out and not acknowledged */
	unsigned lost; /* dropped, and not yet told of */
	uint64_t injected, published, acknowledged, dropped;
	uint64_t held, raised_again, withdrawn;
	/* Handlers: PEs in one now; of this record, any; ended in vain. */
	unsigned running;
	bool entered;
	unsigned misses;
	unsigned put_back; /* records of the queue that made way */
	/* When its event is raised again, and how long after that. */
	uint64_t due;
	unsigned wait_us;
	/* The latest raising: where to, and what came of it. */
	unsigned target;
	int taker;
	const char *reason;
};

/* What a source is: fixed, in the order of the HEST (acpi/hest.asl). */
struct source_kind {
	const char *name;
	uint32_t event;
	bool private;
	enum ras_severity severity;
};

extern const struct source_kind ras_kinds[PLAT_RAS_SOURCES];
extern struct source ras_sources[PLAT_RAS_SOURCES];
extern struct sdei_dispatcher *ras_dispatcher;

/* source.c: the system counter `microseconds` from now. */
uint64_t ras_after(unsigned microseconds);

/* publish.c: set a source's registers up for an empty block. */
void publish_start(unsigned index);
/* Append to the queue, which has room. */
void publish_queue(unsigned index, const struct ras_error *error,
		   uint32_t sequence);
/* See whether the record was acknowledged, and show what can be. */
void publish_look(unsigned index);
/* A handler of the source's event ended. */
void publish_left(unsigned index);
/*
 * The record's time is up: it makes way for one that waits, or its event is
 * raised again, unless it waits still or a handler runs.
 */
void publish_again(unsigned index);

/* raise.c: raise a source's event for `current`'s PE, or who can take it. */
void raise_event(unsigned index, unsigned wanted);
/* Is the latest raising still pending, or its handler running? */
bool raise_is_out(unsigned index);
/* The event waits on a PE that cannot take it: does another one by now? */
void raise_elsewhere(unsigned index);

/* drain.c: at the start; and for a new kernel, which holds nothing yet. */
void drain_start(void);
void drain_new_client(void);
/* A handler of an error's event is entered on `pe`; ends there; `pe` goes off. */
void drain_entered(unsigned pe);
void drain_left(unsigned pe);
void drain_pe_off(unsigned pe);
/* The kernel acknowledged a record of source `index`. */
void drain_taken(unsigned index);
/* May one more of source `index` be shown? */
bool drain_has_room(unsigned index);

#endif
