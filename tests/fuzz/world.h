/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A world for the fuzzers: a dispatcher with three PEs and what surrounds it,
 * played from bytes; and a shadow of what must be true of it, kept by what the
 * steps asked for and by the callbacks, compared after every step with what
 * the public functions say. Nothing here looks into the library.
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include <sdei/dispatcher.h>

#define PES           3u
#define TABLE         8u /* events of the configuration */
#define PRIVATE_SLOTS 2u
#define SHARED_SLOTS  2u
#define EVENTS        (TABLE + PRIVATE_SLOTS + SHARED_SLOTS)
#define INTERRUPTS    48u
#define NONE          UINT32_MAX /* number of a free slot */
#define STATE_MAX     8192u      /* bytes that sdei_save() may want */

/* A handler that runs. Of a loaded one only the client's view is known. */
struct handler {
	int event;  /* index, or -1 */
	bool known; /* *interrupted and ours */
	struct sdei_context interrupted;
};

struct registration {
	uint64_t entry, argument, flags;
	bool known;
};

struct pe {
	struct sdei_context frame;
	struct handler running[2]; /* by priority */
	bool on, masked, kicked;
};

/* What an interrupt is doing. A PPI has one of these on each PE. */
struct line {
	bool active;
};

struct world {
	/* What bytes are left to play. */
	const uint8_t *next, *end;
	struct sdei_dispatcher *d;
	struct sdei_config config;
	uint64_t sctlr, hcr, gcscr;
	struct pe pe[PES];
	/* The interrupt controller. */
	struct line line[PES][INTERRUPTS]; /* SPIs: of PE 0 */
	bool owned[INTERRUPTS], busy[INTERRUPTS];
	uint32_t bound[EVENTS]; /* interrupt of a slot, or 0 */
	/* The shadow. Shared events: of PE 0. */
	bool pending[PES][EVENTS];
	struct registration registered[PES][EVENTS];
	int routed[EVENTS]; /* PE, or -1 */
	struct sdei_report now[PES][EVENTS], was[PES][EVENTS];
	/* The step that is being made. */
	unsigned acting;       /* PE whose state it may change */
	bool resets;           /* it resets or changes power */
	struct handler popped; /* the handler that ended */
	unsigned entered_now, completed_now, watched_completed;
	unsigned told_entered, told_completed; /* by the callbacks */
	struct sdei_context told;
	uint64_t elr, spsr;
	unsigned resumed;
	bool trace;
	_Alignas(16) unsigned char memory[32768];
};

/* Say what is wrong and abort, which the fuzzer reports with its input. */
void fail(const struct world *w, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));
void trace(const struct world *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* world.c */
void make_world(struct world *w, const uint8_t *bytes, size_t size);
void make_dispatcher(struct world *w);
/* The next byte; 0 when there is none left. */
unsigned take(struct world *w);
bool is_shared_index(const struct world *w, unsigned e);
/* Where the shadow keeps what belongs to event e as PE `pe` sees it. */
unsigned home(const struct world *w, unsigned pe, unsigned e);
int index_of(const struct world *w, uint32_t number);
/* Interrupt of event e, or 0. */
uint32_t interrupt_of(const struct world *w, unsigned e);
/* Index of the innermost handler's priority on a PE, or -1. */
int innermost_of(const struct pe *p);

/* check.c */
void on_entered(void *context, unsigned pe, uint32_t number,
		const struct sdei_context *interrupted);
void on_completed(void *context, unsigned pe, uint32_t number,
		  enum sdei_ending how, uint32_t status);
/* Ask the dispatcher about everything. */
void observe(struct world *w);
/*
 * A step: begin() with the PE that it may change (PES: none), pop() the handlers
 * that it must end, make it, find_entered(), keep the shadow, look().
 */
void begin(struct world *w, unsigned pe);
void pop(struct world *w, unsigned pe);
void find_entered(struct world *w);
void look(struct world *w);
uint64_t interrupted_x0(struct world *w, unsigned pe);
/*
 * The frame of PE `pe` is `expected`, or that of a handler which was entered
 * from it.
 */
void check_frame(struct world *w, unsigned pe,
		 const struct sdei_context *expected);
bool deliverable(const struct world *w, unsigned pe, unsigned e);
void check_nothing_waits(const struct world *w);
/* The shadow of a dispatcher that was loaded: what can be seen of it. */
void adopt(struct world *w);

/* calls.c */
void call(struct world *w, unsigned pe, uint32_t fid, const uint64_t x[5]);

/* steps.c */
void one_call(struct world *w);
void one_step(struct world *w);
void drain(struct world *w);
/* Let every handler end, as far as that goes. */
void settle(struct world *w);

#endif
