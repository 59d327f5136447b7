/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live trace: while somebody asks for it, all that passes through EL3, in rings that
 * are read from outside (trace_format.h). While nobody does it costs calls and
 * events nothing: the vectors of who is traced are others (live_vectors). What is rarer
 * (kicks, reports, power) asks.
 */
#ifndef EL3_LIVE_H
#define EL3_LIVE_H

#include "machine.h"

#include <sdei/dispatcher.h>
#include <trace_format.h>

extern bool live_on;

/*
 * Called at the hand-off, and only then. The first sets the rings' size in KiB
 * (BOOT_HANDOFF_TRACE_SIZE), of a machine with so many bytes of RAM; false: it cannot be
 * that. The second says that their memory is the firmware's, and whether to begin.
 */
bool live_size(uint64_t kib, uint64_t ram_size);
void live_own(bool on);
/* Before the hand-off: trace from then on, if the memory will be the firmware's. */
void live_ask(bool on);
/* Is that why it is on, and not by the option? */
bool live_is_asked(void);
/* Have each PE traced, or none; false: the rings' memory is not the firmware's. */
bool live_set(bool on);
/*
 * This PE's vectors, as asked. Each PE is kicked for it; other kicks pay for these
 * instructions, too. The ERET that follows makes it seen.
 */
extern const uint8_t *live_table;
static inline void live_switch(void)
{
	__asm__ volatile("msr vbar_el3, %0"
			 :
			 : "r"(__atomic_load_n(&live_table, __ATOMIC_RELAXED)));
}
/* Where the rings are, and how many entries a PE's has. */
uint64_t live_base(void);
unsigned live_slots(void);

/* Since when a PE masks events, by which call (0: none) from where; all 0: not seen. */
struct live_mask {
	uint64_t since, at;
	uint32_t by;
};
extern struct live_mask live_masks[];

/* An entry in the calling PE's ring, if there is a live trace. */
#define live_note(kind, code, ...) \
	do { \
		if (__atomic_load_n(&live_on, __ATOMIC_RELAXED)) \
			live_add(machine_time(), kind, code, \
				 (const uint64_t[TRACE_VALUES]){ \
					 __VA_ARGS__ }); \
	} while (0)
void live_add(uint64_t time, enum trace_kind kind, uint32_t code,
	      const uint64_t value[TRACE_VALUES]);

/* Why the event of this report waits, for PE `pe` or (-1) for any. */
static inline enum trace_why live_why(const struct sdei_dispatcher *d,
				      const struct sdei_report *r, int pe)
{
	if (!r->pending)
		return TRACE_WAITS_NOT;
	if (!(r->status & SDEI_STATUS_REGISTERED))
		return TRACE_UNREGISTERED;
	if (!(r->status & SDEI_STATUS_ENABLED))
		return TRACE_DISABLED;
	if (r->status & SDEI_STATUS_RUNNING)
		return TRACE_RUNNING;
	if (pe < 0)
		return TRACE_ALL;
	if (!machine_pe_is_on((unsigned)pe))
		return TRACE_OFF;
	return sdei_pe_masked(d, (unsigned)pe) ? TRACE_MASKED : TRACE_BUSY;
}

#endif
