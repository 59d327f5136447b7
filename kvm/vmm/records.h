/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libsdei-ras in this VMM, as the files share it that embed it:
 *
 *   sources.c         the table of sources, and of events
 *   records.c         errors come in; time, locks, what the guest is behind with
 *   records_event.c   a source's event: raised, and who is to take it
 *   records_memory.c  the sources' memory, pages of which may go bad
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "state.h"

#define AGAIN_MS      10   /* at first, then twice that, */
#define AGAIN_MOST_MS 1000 /* up to this */

/* records_event.c: operations of struct sdei_ras_ops, `context` is the VMM. */
int records_raise(void *context, unsigned source, unsigned vcpu,
		  const char **why);
bool records_out(void *context, unsigned source, unsigned vcpu);
enum sdei_ras_readiness records_readiness(void *context, unsigned source,
					  unsigned vcpu);
/* All begin anew: nothing is raised, or everything may have been just now. */
void records_event_reset(bool raised);
/* A handler of the source's event is entered. */
void records_event_entered(unsigned source);

/* records_memory.c: two more operations. */
bool records_read(void *context, uint64_t address, void *to, size_t bytes);
bool records_write(void *context, uint64_t address, const void *from,
		   size_t bytes);
/* All pages are good. */
void records_memory_reset(void);
/* A new page for the one at `address`, a source's. False: there is none. */
bool records_memory_new(struct vmm *vmm, uint64_t address);
/*
 * Fill what was made new since. After each call of the library: not in an
 * operation, for it takes every source's lock. False: that went bad, too.
 */
bool records_memory_fill(struct sdei_ras *ras);

#endif
