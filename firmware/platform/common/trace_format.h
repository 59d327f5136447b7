/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live trace in Non-secure memory, as the firmware writes it and `sdei trace` reads
 * it from outside (docs/tracing.md). Little-endian, of any size of pointer. Whoever
 * changes it changes TRACE_FORMAT.
 *
 * It begins with a number for each PE: how many entries that has written, ever. From
 * TRACE_HEADS on follow the PEs' rings, `slots` entries each; entry n is in slot
 * n % slots, and is whole once the PE's number is larger than n.
 */
#ifndef PLATFORM_TRACE_FORMAT_H
#define PLATFORM_TRACE_FORMAT_H

#include <stdint.h>

#define TRACE_FORMAT 1
#define TRACE_HEADS  0x1000 /* bytes: room for 512 PEs */
/* Bytes of all: a ring of seven for each of 512 PEs, of a million for one. */
#define TRACE_SIZE_MIN 0x40000
#define TRACE_SIZE_MAX 0x4000000
#define TRACE_VALUES   6
/* In a guest's, the number that is no PE's: another one if its VMM is another. */
#define TRACE_STAMP 511

struct trace_slot {
	uint64_t time; /* system counter */
	uint32_t kind; /* enum trace_kind */
	uint32_t code;
	uint64_t value[TRACE_VALUES];
};

/* What `code` is, and `value`; those that are not named are 0. */
enum trace_kind {
	TRACE_NONE,      /* never written */
	TRACE_CALL,      /* an SMC: its identifier; the caller's PC, x1 to x5 */
	TRACE_RESULT,    /* the call's identifier; x0 to x3 as it returns */
	TRACE_INTERRUPT, /* its INTID; interrupted PC, PSTATE */
	TRACE_TRAP,      /* ESR_EL3; PC: given back as Undefined */
	TRACE_ENTERED,   /* event; interrupted PC, PSTATE */
	TRACE_COMPLETED, /* event; how: enum sdei_ending */
	TRACE_PENDING,   /* event; its PE or ~0; why: enum trace_why */
	TRACE_POWER,     /* enum trace_power of the PE whose ring it is in */
	/* An error's report begins: event; sequence number, severity (CPER's). */
	TRACE_REPORTED,
	/* And what became of it: event; sequence number, enum sdei_ras_fate, the PE
	 * that takes it or ~0. */
	TRACE_DISPOSED,
	TRACE_PUBLISHED,    /* event; records of its source so far */
	TRACE_ACKNOWLEDGED, /* the same */
	TRACE_KINDS
};

/* Why an event waits. */
enum trace_why {
	TRACE_WAITS_NOT, /* any more */
	TRACE_UNREGISTERED,
	TRACE_DISABLED,
	TRACE_RUNNING, /* its own handler */
	TRACE_OFF,     /* its PE */
	TRACE_MASKED,  /* its PE masks events */
	TRACE_BUSY,    /* its PE: another handler */
	TRACE_ALL,     /* PEs mask events or are busy */
	TRACE_WHYS
};

enum trace_power {
	TRACE_POWER_ON,
	TRACE_POWER_OFF,
	TRACE_POWER_SUSPENDED,
	TRACE_POWER_RESUMED,
	TRACE_POWERS
};

#endif
