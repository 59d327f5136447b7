/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probes (launch.S) as checks use them: choose a place and its PSTATE, run it,
 * look at what the handler found and at what the probe was left with.
 */
#ifndef CONFORMANCE_PROBE_H
#define CONFORMANCE_PROBE_H

#include "state.h"

enum place {
	AT_CLIENT,      /* waits at the client's exception level */
	AT_CLIENT_CALL, /* calls the dispatcher, then waits there */
	AT_LOWER,       /* waits at a lower one */
	AT_LOWER_CALL,  /* SMC there, then waits */
	AT_LOWER_32,    /* waits there in AArch32 */
};

/* How the probe ends. */
enum way_out {
	BY_BRANCH, /* ELR, SPSR, ESR and FAR can be seen; at ELc */
	BY_BRK,    /* PC and PSTATE can be seen */
};

struct probe {
	enum place place;
	enum way_out way_out;
	uint64_t pstate;
	uint64_t x[4]; /* x0-x3 of a call */
	/* The event that interrupts it; entry NULL: none, it leaves at once. */
	const char *entry;
	/* Handler's last call; 0 is COMPLETE. */
	uint64_t fid, argument;
	on_event *in_handler; /* may be NULL */

	/* Afterwards: */
	uint32_t event; /* that interrupted: 0, or one that was bound */
	struct state start, handler, end;
	uint64_t entry_pstate; /* with event_entry_brk only */
	uint64_t context[18];  /* answers of EVENT_CONTEXT */
	uint64_t wait;         /* the PC that is interrupted */
	bool handled, returned;
};

extern char probe_resumed[], probe_code[];
/* The place of a label of launch.S in the page that probes run in. */
#define IN_PROBE(label) (PROBE_BASE + (uint64_t)(label) - (uint64_t)probe_code)

void probe_install(void);
/* On PE 0. Skips the check if nothing can raise an event while it waits. */
extern const char no_event_there[];
bool probe_possible(enum place place);
void probe_run(struct probe *p);
void probe_left(const struct state *s);

#endif
