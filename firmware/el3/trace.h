/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last deliveries and completions of each PE, for `sdei trace`; those of corrected
 * errors apart, so that a storm of them hides nothing else.
 */
#ifndef EL3_TRACE_H
#define EL3_TRACE_H

#include <platform.h>

#include <sdei/dispatcher.h>

#define TRACE_RINGS   2u  /* of each PE: of corrected errors, and of all else */
#define TRACE_ENTRIES 16u /* in each; a power of two */
#define TRACE_ENTER   ~0u /* `kind` of a delivery */

struct trace_entry {
	uint64_t time;       /* system counter */
	uint64_t pc, pstate; /* what a delivery interrupted */
	uint32_t event;
	uint32_t kind; /* TRACE_ENTER, or enum sdei_ending */
};

/* In struct pe. Written by that PE alone and without a lock. */
struct trace_ring {
	uint32_t written;
	uint32_t next, end; /* how far whoever reads has got; of how many */
	struct trace_entry entry[TRACE_ENTRIES];
};

/* The next entry, with the time filled in. On every event's path. */
static inline struct trace_entry *trace_next_entry(struct trace_ring *rings,
						   uint32_t event)
{
	struct trace_ring *ring = &rings[PLAT_EVENT_IS_CORRECTED(event)];
	struct trace_entry *e = &ring->entry[ring->written++ % TRACE_ENTRIES];

	__asm__ volatile("mrs %0, cntpct_el0" : "=r"(e->time));
	return e;
}

static inline void trace_enter(struct trace_ring *rings, uint32_t event,
			       uint64_t pc, uint64_t pstate)
{
	struct trace_entry *e = trace_next_entry(rings, event);

	e->pc = pc;
	e->pstate = pstate;
	e->event = event;
	e->kind = TRACE_ENTER;
}

static inline void trace_complete(struct trace_ring *rings, uint32_t event,
				  enum sdei_ending how)
{
	struct trace_entry *e = trace_next_entry(rings, event);

	e->event = event;
	e->kind = (uint32_t)how;
}

/* Begin to read; one reader at a time. Returns how many entries are lost. */
uint64_t trace_begin(void);
/* The oldest entry that is left and the PE it is of, or NULL at the end. */
const struct trace_entry *trace_next(unsigned *pe);

#endif
