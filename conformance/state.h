/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What assembly and C both know: everything visible of a PE at one moment
 * (struct state), and what belongs to one PE (struct pe). TPIDR of the
 * client's exception level points at the PE's struct pe, always.
 */
#ifndef CONFORMANCE_STATE_H
#define CONFORMANCE_STATE_H

#include "platform.h"

#define STATE_X      0
#define STATE_SP     248
#define STATE_PC     256
#define STATE_PSTATE 264
#define STATE_ELR    272
#define STATE_SPSR   280
#define STATE_ESR    288
#define STATE_FAR    296
#define STATE_SP_EL0 304
#define STATE_SP_EL1 312
#define STATE_FPCR   320
#define STATE_FPSR   328
#define STATE_V      336
#define STATE_SIZE   848

#define RECORD_FID      STATE_SIZE
#define RECORD_ARGUMENT (STATE_SIZE + 8)
#define RECORD_SIZE     (STATE_SIZE + 16)

#define PE_MPIDR             0
#define PE_EXCEPTION_SCRATCH 8
#define PE_EVENT_SCRATCH     16
#define PE_VECTOR            24
#define PE_RECORD            32
#define PE_STACK_TOP         40
#define PE_EXCEPTION_TOP     48
#define PE_ENTRY_SPSR        56
#define PE_WOKEN             64
#define PE_EXCEPTION         80
#define PE_BACK              (PE_EXCEPTION + STATE_SIZE)
#define PE_WAKE              (PE_BACK + CONTEXT_SIZE)
#define PE_SIZE              0x10000

#define CONTEXT_SIZE 112
#define LEVEL_SIZE   0x2000
#define LEVELS       3

/* Vectors are numbered as the architecture lays them out; and one of ours. */
#define VECTOR_SP0  0
#define VECTOR_SYNC 0
#define VECTOR_IRQ  1
#define VECTOR_LEFT 16 /* a probe came to probe_exit */

/* BRK immediates. */
#define BRK_LEAVE 0x50 /* the probe ends here */
#define BRK_ENTRY 0x51 /* SPSR is the handler's first PSTATE */

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct state {
	uint64_t x[31];
	uint64_t sp; /* of the client's exception level */
	uint64_t pc, pstate;
	uint64_t elr, spsr, esr, far;
	uint64_t sp_el0, sp_el1;
	uint64_t fpcr, fpsr;
	uint64_t v[64];
};

/* A running handler: what it found, and the call it will end with. */
struct record {
	struct state at;
	uint64_t fid, argument;
};

/* x19-x30 and SP: where context_load() goes back to. */
struct context {
	uint64_t x[12], sp, unused;
};

struct pe;
typedef uint64_t work(struct pe *pe, uint64_t argument);
typedef void on_event(struct pe *pe, struct record *r);

struct pe {
	uint64_t mpidr;
	uint64_t exception_scratch, event_scratch;
	uint64_t vector;
	struct record *record; /* of the next handler to run */
	uint64_t stack_top, exception_top;
	uint64_t entry_spsr;
	uint64_t woken_argument, unused;
	struct state exception;
	struct context back; /* where a probe or a failure returns */
	struct context wake; /* where a power-down returns */

	unsigned index;
	bool online, used, in_exception;
	uint64_t redistributor;
	/* Mailbox: `job` is set by PE 0 and cleared when `answer` is there. */
	work *job;
	uint64_t argument, answer;
	/* Events: how many ran here, how deep, what a check wants done. */
	unsigned runs, level;
	on_event *handler;
	/* One came once; since that check none does. */
	bool heard;
	unsigned deaf_since;

	uint8_t exception_stack[0x2000] __attribute__((aligned(16)));
	uint8_t levels[LEVELS][LEVEL_SIZE] __attribute__((aligned(16)));
	uint8_t stack[0x4000] __attribute__((aligned(16)));
} __attribute__((aligned(PE_SIZE)));

_Static_assert(sizeof(struct state) == STATE_SIZE, "STATE_SIZE");
_Static_assert(offsetof(struct state, elr) == STATE_ELR, "STATE_ELR");
_Static_assert(offsetof(struct state, v) == STATE_V, "STATE_V");
_Static_assert(sizeof(struct record) == RECORD_SIZE, "RECORD_SIZE");
_Static_assert(sizeof(struct context) == CONTEXT_SIZE, "CONTEXT_SIZE");
_Static_assert(offsetof(struct pe, record) == PE_RECORD, "PE_RECORD");
_Static_assert(offsetof(struct pe, woken_argument) == PE_WOKEN, "PE_WOKEN");
_Static_assert(offsetof(struct pe, exception) == PE_EXCEPTION, "PE_EXCEPTION");
_Static_assert(offsetof(struct pe, back) == PE_BACK, "PE_BACK");
_Static_assert(offsetof(struct pe, wake) == PE_WAKE, "PE_WAKE");
_Static_assert(sizeof(struct pe) == PE_SIZE, "PE_SIZE");

/* Of a variable: begins at FAR_BASE, with anything in it. */
#define FAR __attribute__((section(".bss.far")))

extern struct pe pes[MAX_PES];
#endif

#endif
