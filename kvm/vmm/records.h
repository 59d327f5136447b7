/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An error source, as the files that work on it share it:
 *
 *   records.c  errors come in; which record the guest sees, and again
 *   records_state.c  all of it in a saved guest
 *   record.c   what a record looks like, in the guest's memory
 *   drain.c    how much the guest has taken and not yet worked on
 *
 * All of them run under records.c's lock.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "state.h"

#define QUEUE_LENGTH  32
#define AGAIN_MS      10   /* at first, then twice that, */
#define AGAIN_MOST_MS 1000 /* up to this */
#define LOST_MAX      999  /* more are told of by the next record */

struct error {
	uint64_t address;
	uint64_t stamp; /* time_stamp() */
	uint32_t sequence;
	enum severity severity;
	unsigned lost; /* how many lost ones it tells of, once shown */
	bool shown;    /* was in the block, and made way */
	bool held;     /* counted as held back */
};

struct source {
	struct error queue[QUEUE_LENGTH];
	unsigned first;
	struct error current; /* in the block, while counts.busy */
	bool broken;          /* its memory is bad, and nothing helps */
	bool entered;         /* a handler, since the event was raised */
	unsigned misses;      /* handlers that did not acknowledge it */
	unsigned lost;        /* dropped, and not yet told of */
	unsigned wait;        /* ms from one raising to the next */
	uint64_t due;         /* time_ms() of that */
	struct source_counts counts;
};

extern struct source sources[SOURCES];
extern uint32_t last_sequence;

/* record.c. False: the source's memory went bad, and cannot be made new. */
bool record_start(struct vmm *vmm, unsigned source);
bool record_show(struct vmm *vmm, unsigned source, const struct error *error);
bool record_acknowledged(struct vmm *vmm, unsigned source, bool *yes);
/* The guest has taken the record out of the block. */
bool record_gone(struct vmm *vmm, unsigned source, bool *yes);
/*
 * New memory for the page at `address`, if it is a source's, with what was there;
 * `shown` has for each source its record, or NULL.
 */
bool record_renew(struct vmm *vmm, uint64_t address,
		  const struct error *const shown[SOURCES]);

/* drain.c: forget all; suspect all. */
void drain_reset(void);
void drain_suspect(struct vmm *vmm);
/* A handler of an error's event is entered on a vcpu. */
void drain_entered(unsigned vcpu);
/* The guest acknowledged a record of this source. */
void drain_taken(unsigned source);
/* May one more of it be shown? */
bool drain_has_room(unsigned source);
/* Look whether the guest has worked on what it took: all vcpus stand still. */
void drain_look(struct vmm *vmm);

#endif
