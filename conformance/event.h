/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events as checks use them: event 0 registered with a handler that counts and
 * then does what the check wants (pe->handler); and signals.
 */
#ifndef CONFORMANCE_EVENT_H
#define CONFORMANCE_EVENT_H

#include "call.h"
#include "machine.h"

/* Handler entries (entry.S): the usual one, and one that shows PSTATE. */
extern char event_entry[], event_entry_brk[];
#define ENTRY     ((uint64_t)event_entry)
#define ENTRY_BRK ((uint64_t)event_entry_brk)

/* Marks this PE's argument so that another's would be noticed. */
#define ARGUMENT(pe) (UINT64_C(0xa46000005dea1000) | (pe))

/* Around each check: everything unregistered, masked, nothing pending. */
void events_start(void);
void events_end(void);
/*
 * On one PE, after it was given up in the middle of a handler as well. Fails the
 * check if no event comes to the PE any longer, though there was one before.
 */
void events_reset(unsigned pe);

/*
 * Register, enable, unmask: event 0 runs `handler` on this PE from now on. Leaves
 * the check, skipped, if an earlier one has made the PE deaf.
 */
void listen(unsigned pe, on_event *handler);
/* Signal event 0 to a PE from this one; the call must succeed. */
void signal(unsigned target);

/* `n` handlers have run on the PE, soon; and a while later no more. */
bool ran(unsigned pe, unsigned n);
/* Nothing arrives although one waits a while. */
bool ran_not(unsigned pe, unsigned n);

#endif
