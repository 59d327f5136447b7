/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live trace (live.h). A PE writes its own ring and no other; the rings are output
 * only, since they lie in Non-secure memory: nothing is ever read back from there.
 */
#include "live.h"

#include "gic.h"
#include "handoff.h"
#include "pe.h"
#include "watch.h"

#include <platform.h>

extern const uint8_t vectors[], live_vectors[];

_Static_assert(PLAT_MAX_PES * sizeof(uint64_t) <= TRACE_HEADS, "a number each");

bool live_on;
const uint8_t *live_table = vectors;
struct live_mask live_masks[PLAT_MAX_PES];
/* Of the rings' memory, as the hand-off says; before, as it mostly does. */
static uint64_t base = PLAT_TRACE_BASE, size = PLAT_TRACE_SIZE;
static bool owned;
/* Asked for before it was known whose the memory is. */
static bool asked;

bool live_size(uint64_t kib, uint64_t ram_size)
{
	const uint64_t bytes = kib * 1024;

	if (bytes == PLAT_TRACE_SIZE)
		return true;
	if (bytes < TRACE_SIZE_MIN || bytes > TRACE_SIZE_MAX ||
	    bytes % TRACE_ALIGNMENT ||
	    PLAT_KERNEL_BASE - PLAT_RAM_BASE + bytes > ram_size)
		return false;
	size = bytes;
	base = PLAT_KERNEL_BASE;
	return true;
}

void live_own(bool on)
{
	if (base == PLAT_KERNEL_BASE)
		mmu_map_trace(size);
	__builtin_memset((void *)base, 0, TRACE_HEADS);
	owned = true;
	asked &= !on;
	if (on || asked)
		live_set(true);
}

bool live_is_asked(void)
{
	return asked;
}

void live_ask(bool on)
{
	asked = on;
}

uint64_t live_base(void)
{
	return base;
}

unsigned live_slots(void)
{
	return (unsigned)((size - TRACE_HEADS) /
			  (machine_pe_count() * sizeof(struct trace_slot)));
}

bool live_set(bool on)
{
	if (!owned)
		return false;
	asked &= on;
	if (on && !live_on)
		watch_begin();
	__atomic_store_n(&live_on, on, __ATOMIC_RELAXED);
	__atomic_store_n(&live_table, on ? live_vectors : vectors,
			 __ATOMIC_RELEASE);
	live_switch();
	/* Nobody has seen since when. */
	__builtin_memset(live_masks, 0, sizeof(live_masks));
	for (unsigned i = 0; i < machine_pe_count(); i++)
		if (i != machine_self())
			gic_kick(i);
	return true;
}

void live_add(uint64_t time, enum trace_kind kind, uint32_t code,
	      const uint64_t value[TRACE_VALUES])
{
	struct pe *pe = this_pe();
	struct trace_slot *ring = (struct trace_slot *)(base + TRACE_HEADS) +
				  (size_t)pe->index * live_slots();
	struct trace_slot *slot = &ring[pe->live_written++ % live_slots()];

	/* A reader that sees some of this sees that the one before it is written. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	slot->time = time;
	slot->kind = kind;
	slot->code = code;
	for (unsigned i = 0; i < TRACE_VALUES; i++)
		slot->value[i] = value[i];
	__atomic_store_n((uint64_t *)base + pe->index, pe->live_written,
			 __ATOMIC_RELEASE);
}
