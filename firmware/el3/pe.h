/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One PE as the firmware sees it, and the start-up steps that each takes.
 * TPIDR_EL3 points to the calling PE's struct, which is the upper part of a page of
 * its own: below it is its stack (layout.h).
 */
#ifndef EL3_PE_H
#define EL3_PE_H

/* Offsets in struct pe, for the vectors. */
#define PE_INDEX      0
#define PE_SDEI       16
#define PE_SDEI_BLOCK 24

#ifndef __ASSEMBLER__
#include "layout.h"
#include "machine.h"
#include "timer.h"
#include "trace.h"

#include <events.h>
#include <sdei/dispatcher.h>

/* As PSCI's AFFINITY_INFO knows it, and asleep beside. */
enum power { POWER_OFF, POWER_ON, POWER_ON_PENDING, POWER_SUSPENDED };

struct pe {
	uint32_t index;
	uint32_t power; /* enum power; under psci.c's lock */
	struct sdei_dispatcher *dispatcher; /* NULL before the hand-off */
	struct sdei_pe *sdei;               /* its part of it */
	/* SDEI's block of 32 function identifiers, and 0 before the hand-off. */
	uint64_t sdei_block;
	uint64_t entry_point; /* CPU_ON's, while POWER_ON_PENDING */
	uint64_t context_id;
	uint64_t gicr;   /* this PE's redistributor frame */
	uint64_t table;  /* of the client's translations; takeover.c */
	uint32_t epoch;  /* and takeovers when that client came */
	bool leave;      /* another PE wants this one off */
	bool shot_armed; /* test.c */
	uint32_t shot;
	uint64_t timer
		[TIMER_USES]; /* timer.c: in ticks of the counter; 0 is never */
	uint64_t undefined;   /* what reflect.c has counted */
	/* gic_bind.c: as the client had it, of each PPI. */
	uint8_t priority[16];
	/* The dispatcher's part. */
	_Alignas(64) uint8_t
		sdei_memory[SDEI_PE_BOUND(PLATFORM_PRIVATES, PLATFORM_SHAREDS)];
	struct trace_ring trace[TRACE_RINGS];
	/* The live trace: what this PE has written of it, what it serves now. */
	uint64_t live_written;
	uint32_t live_call, live_event;
	bool live_masked;
};

_Static_assert(sizeof(struct pe) <= PE_PAGE - STACK_SIZE, "layout.h");

_Static_assert(offsetof(struct pe, index) == PE_INDEX, "PE_INDEX");
_Static_assert(offsetof(struct pe, sdei_block) == PE_SDEI_BLOCK,
	       "PE_SDEI_BLOCK");
_Static_assert(offsetof(struct pe, sdei) == PE_SDEI, "PE_SDEI");

static inline struct pe *pe_of(unsigned index)
{
	return (struct pe *)(PES + (uintptr_t)index * PE_STRIDE);
}

static inline struct pe *this_pe(void)
{
	struct pe *pe;

	__asm__ volatile("mrs %0, tpidr_el3" : "=r"(pe));
	return pe;
}

/* cpu.c: EL3's own registers, and what lower levels may use without a trap. */
void cpu_init(void);
/* cpu.c: the client's exception level: 2, or 1 on a machine without EL2. */
unsigned cpu_client_el(void);
/* cpu.c: are there system registers of a GICv3? */
bool cpu_has_gicv3(void);
/* cpu.c: SDEI_FEAT_* of this PE. */
uint32_t cpu_sdei_features(void);
/*
 * cpu.c: put the client's exception level into the state in which PSCI starts
 * a PE (DEN0022F, 6.4): MMU and caches off, and fill *context: x0 = argument.
 */
void cpu_reset_client(struct sdei_context *context, uint64_t entry_point,
		      uint64_t argument);

#endif

#endif
