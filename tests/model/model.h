/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The specification once more, as a model that is slow and plainly right: what
 * state there is, what each call answers, which event may be delivered where.
 *
 * It was written from SDEI.md and docs/choices.md and shares nothing with the
 * library but the numbers of abi.h. The library is compared with it.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include <sdei/abi.h>

#define MAX_PES     3u
#define EVENTS      6u
#define INTERRUPTS  64u         /* one more than the highest SPI */
#define FIRST_BOUND 0x40F00000u /* number of the first bind slot */

/* The events, one of each kind; the last two are bind slots. */
enum {
	SIGNALLED,
	PRIVATE_CRIT,
	SHARED,
	SHARED_CRIT,
	PRIVATE_SLOT,
	SHARED_SLOT
};

struct kind {
	const char *name;
	uint32_t number;
	bool shared, critical, slot;
	bool watched;       /* the embedder is told of its handler */
	uint32_t interrupt; /* the table's; 0 if none */
};

extern const struct kind kinds[EVENTS];

struct handler {
	bool registered, enabled, running;
	bool relative; /* entry relative to VBAR */
};

struct event {
	bool exists;       /* false: a slot that is free */
	uint8_t interrupt; /* what a slot is bound to */
	/* Private events: one a PE. Shared events: the first is everybody's. */
	struct handler handler[MAX_PES];
	bool pending[MAX_PES];
	/* Shared events only. */
	bool to_one; /* RM_PE, to: */
	uint8_t target;
	uint8_t runs_on;
};

struct pe {
	bool on, masked;
};

struct model {
	struct event event[EVENTS];
	struct pe pe[MAX_PES];
};

/* What happens in a step, besides the new state. */
struct outcome {
	int64_t x0;    /* the call's answer, unless: */
	bool left;     /* a handler was left, its context comes back */
	unsigned ends; /* how many handlers ended, innermost first */
	uint8_t ended[2];
	uint8_t taken, given; /* interrupts: one bit an event */
};

/* All PEs off, nothing registered, nothing bound. */
void model_reset(struct model *m);

/* PE `pe` makes a call with x[0] to x[5]. `pes` is how many PEs there are. */
struct outcome model_call(struct model *m, unsigned pes, unsigned pe,
			  const uint64_t x[6]);

/* Triggers: false if there is no such event. */
bool model_raise(struct model *m, unsigned pes, uint32_t number,
		 unsigned target);
bool model_interrupt(struct model *m, unsigned pe, uint32_t interrupt);

void model_pe_on(struct model *m, unsigned pe);
struct outcome model_pe_off(struct model *m, unsigned pe);
struct outcome model_suspend(struct model *m, unsigned pe);

/* The dispatch rule: may a handler of event `e` be entered on `pe` now? */
bool model_may_enter(const struct model *m, unsigned e, unsigned pe);
void model_enter(struct model *m, unsigned e, unsigned pe);

/* The index of an event number, or -1. Free slots have no number. */
int model_find(const struct model *m, uint32_t number);

/* EVENT_STATUS, and what is pending, as PE `pe` sees them. */
unsigned model_status(const struct model *m, unsigned e, unsigned pe);
bool model_pending(const struct model *m, unsigned e, unsigned pe);
/* The event whose handler runs at this priority on `pe`, or -1. */
int model_running(const struct model *m, unsigned pe, bool critical);

/* Power and deliveries below, for the calls in calls.c. */
struct handler *model_handler(struct model *m, unsigned e, unsigned pe);
void model_leave(struct model *m, unsigned pe, struct outcome *o);
bool model_drop(struct model *m, unsigned e, unsigned pe);

/* The client's call parameters are these PEs and interrupts. */
#define AFFINITY(pe) (0x100u + (pe))
#define AS_READ(pe)  (0x81000000u | AFFINITY(pe)) /* from MPIDR_EL1 */
#define PPI_OF_TABLE 25u
#define PPI_1        20u
#define PPI_2        21u
#define PPI_BUSY     22u /* not Inactive in the GIC */
#define SPI_OF_TABLE 40u
#define SPI_1        50u
#define SPI_2        51u
#define SPI_SECURE   52u
#define SPI_BUSY     53u

#endif
