/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Measuring single passages. A counter that ticks once in 16 instructions is
 * exact on average if passages start at each of the 16 phases equally often:
 * `delay` instructions before each, counting 0 to 31 over and over, do that
 * exactly (triangular numbers modulo 16), as long as the rest of a round takes
 * the same time each time.
 */
#ifndef BENCH_SHOT_H
#define BENCH_SHOT_H

#define SHOT_PHASES 32

/* Where it runs: on firmware at EL2, or in bench_guest.bin at EL1. */
#ifdef GUEST
#define CONDUIT hvc
#define VBAR    vbar_el1
#define ESR     esr_el1
#define ELR     elr_el1
#define FAR     far_el1
#else
#define CONDUIT smc
#define VBAR    vbar_el2
#define ESR     esr_el2
#define ELR     elr_el2
#define FAR     far_el2
#endif

#define SHOT_START   0
#define SHOT_ENTERED 8
#define SHOT_LEAVING 16
#define SHOT_BACK    24
#define SHOT_CALLED  32

/*
 * Instructions between two stamps that are not the firmware's. The read of the
 * first stamp counts, the read of the second does not. An SMC counts as part of
 * what it asks for.
 */
#define OWN_CALL                 1 /* mrs, [smc] */
#define OWN_STORE                2 /* mrs, str */
#define OWN_LEAVING              2 /* mrs, str, [smc] */
#define OWN_HANDLER              5 /* handler_context without its call */
#define OWN_BARE                 3 /* all of handler_bare but its [smc] */
#define HANDLER_CONTEXT_REGISTER 3

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* What CNTVCT_EL0 said. */
struct shot {
	uint64_t start;   /* before the trigger */
	uint64_t entered; /* the handler's first instruction */
	uint64_t leaving; /* before the handler's last call */
	uint64_t back;    /* the first instruction after the handler */
	uint64_t called;  /* the client's callback */
};

_Static_assert(offsetof(struct shot, entered) == SHOT_ENTERED, "shot");
_Static_assert(offsetof(struct shot, leaving) == SHOT_LEAVING, "shot");
_Static_assert(offsetof(struct shot, back) == SHOT_BACK, "shot");
_Static_assert(offsetof(struct shot, called) == SHOT_CALLED, "shot");

/* An SMC's arguments. */
struct arguments {
	uint64_t x[6];
};

/* Fill start and back, with an SMC between them; its result. */
uint64_t shot_call(struct shot *shot, unsigned delay,
		   const struct arguments *arguments);
/*
 * The same with a store. If it makes an interrupt pending, an event comes
 * right after it.
 */
void shot_store(struct shot *shot, unsigned delay, uint64_t address,
		uint64_t value);

/*
 * `count` SMCs one after another, the whole `times` times; the ticks it took.
 * loop_empty does all but the SMCs.
 */
uint64_t loop_calls(const struct arguments *arguments, unsigned count,
		    unsigned times);
uint64_t loop_empty(const struct arguments *arguments, unsigned count,
		    unsigned times);

/* One SMC. */
uint64_t call(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4,
	      uint64_t x5);

/*
 * Handlers; their argument is the struct shot. All end with EVENT_COMPLETE
 * but handler_resume, with EVENT_COMPLETE_AND_RESUME.
 */
void handler(void);
void handler_resume(void);
void handler_context(void);    /* asks for a saved register meanwhile */
void handler_no_context(void); /* the same without asking */
void handler_bare(void);       /* completes at once */
void handler_quiet(void);      /* silences the UART's transmit interrupt */
#endif

#endif
