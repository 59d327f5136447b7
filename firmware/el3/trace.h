/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last deliveries and completions of each PE, for `sdei trace`; those of corrected
 * errors apart, so that a storm of them hides nothing else.
 */
#ifndef EL3_TRACE_H
#define EL3_TRACE_H

#include <platform.h>

#include <sdei/dispatcher.h>

#define TRACE_ENTRIES 128u /* kept of each PE, twice; a power of two */
#define TRACE_ENTER   ~0u  /* `kind` of a delivery */

struct trace_entry {
	uint64_t time;       /* system counter */
	uint64_t pc, pstate; /* what a delivery interrupted */
	uint32_t event;
	uint32_t kind; /* TRACE_ENTER, or enum sdei_ending */
};

/* Two rings a PE, written by that PE alone and without a lock. */
struct trace_ring {
	uint32_t written;
	struct trace_entry entry[TRACE_ENTRIES];
};

#define TRACE_RINGS (2 * PLAT_MAX_PES)
extern struct trace_ring trace_rings[TRACE_RINGS];

/* The next entry of a PE, with the time filled in. On every event's path. */
static inline struct trace_entry *trace_next_entry(unsigned pe, uint32_t event)
{
	struct trace_ring *ring =
		&trace_rings[2 * pe + PLAT_EVENT_IS_CORRECTED(event)];
	struct trace_entry *e = &ring->entry[ring->written++ % TRACE_ENTRIES];

	__asm__ volatile("mrs %0, cntpct_el0" : "=r"(e->time));
	return e;
}

static inline void trace_enter(unsigned pe, uint32_t event, uint64_t pc,
			       uint64_t pstate)
{
	struct trace_entry *e = trace_next_entry(pe, event);

	e->pc = pc;
	e->pstate = pstate;
	e->event = event;
	e->kind = TRACE_ENTER;
}

static inline void trace_complete(unsigned pe, uint32_t event,
				  enum sdei_ending how)
{
	struct trace_entry *e = trace_next_entry(pe, event);

	e->event = event;
	e->kind = (uint32_t)how;
}

/* Where reading has got to in each ring. */
struct trace_reader {
	uint32_t next[TRACE_RINGS], end[TRACE_RINGS];
	uint64_t lost; /* entries overwritten before */
};

void trace_begin(struct trace_reader *r);
/* The oldest entry that is left and the PE it is of, or NULL at the end. */
const struct trace_entry *trace_next(struct trace_reader *r, unsigned *pe);

#endif
