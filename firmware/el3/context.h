/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher's context in this firmware (sdei/context.h): the frame that the
 * vectors save, as C and assembly see it. Nothing is copied when a handler is
 * entered or ends. A frame stays on the PE's stack while a handler runs that
 * interrupted it, and what the handler brings to EL3 is saved below it; `go_on`
 * tells the vectors with which frame the PE goes on.
 *
 * x8 to x15 are in a frame only while a handler runs on top of it: EL3's C code
 * preserves them (EL3_ABI in rules.mk), as everybody's does x19 to x29, and leaves
 * x18 alone.
 */
#ifndef EL3_CONTEXT_H
#define EL3_CONTEXT_H

#define FRAME_X8    64
#define FRAME_PC    144
#define FRAME_LR    160
#define FRAME_GO_ON 168
#define FRAME_SIZE  176
/* A frame, and behind it the one that a handler starts with. */
#define FRAME_ROOM (2 * FRAME_SIZE)

/* In `go_on`: this frame, moved to where the stack begins: frames_restart(). */
#define FRAME_RESTART 1

#ifndef __ASSEMBLER__
#include <sdei/abi.h>

#include <stddef.h>
#include <stdint.h>

struct sdei_context {
	uint64_t x[SDEI_CONTEXT_REGISTERS];
	uint64_t pc, pstate;
	uint64_t lr; /* x30 */
	struct sdei_context
		*go_on; /* NULL: with this one, PC and PSTATE as they are */
};

_Static_assert(offsetof(struct sdei_context, x[8]) == FRAME_X8, "FRAME_X8");
_Static_assert(offsetof(struct sdei_context, pc) == FRAME_PC, "FRAME_PC");
_Static_assert(offsetof(struct sdei_context, lr) == FRAME_LR, "FRAME_LR");
_Static_assert(offsetof(struct sdei_context, go_on) == FRAME_GO_ON,
	       "FRAME_GO_ON");
_Static_assert(sizeof(struct sdei_context) == FRAME_SIZE, "FRAME_SIZE");

#define sdei_x(context, n)   ((context)->x[n])
#define sdei_pc(context)     ((context)->pc)
#define sdei_pstate(context) ((context)->pstate)

struct sdei_kept {
	struct sdei_context *frame;
};

#define sdei_kept_context(kept) ((const struct sdei_context *)(kept)->frame)

static inline struct sdei_context *sdei_keep(struct sdei_kept *kept,
					     struct sdei_context *frame)
{
	kept->frame = frame;
	frame->go_on = frame + 1;
	return frame + 1;
}

static inline struct sdei_context *sdei_give_back(struct sdei_kept *kept,
						  struct sdei_context *frame)
{
	struct sdei_context *interrupted = kept->frame;

	interrupted->go_on = NULL;
	frame->go_on = interrupted;
	return interrupted;
}

/* SCTLR of the client's exception level, which every dispatch needs. */
#define SDEI_INLINE_SCTLR
static inline uint64_t sdei_sctlr(unsigned client_el)
{
	uint64_t value;

	if (client_el == 2)
		__asm__ volatile("mrs %0, sctlr_el2" : "=r"(value));
	else
		__asm__ volatile("mrs %0, sctlr_el1" : "=r"(value));
	return value;
}

/*
 * Leave EL3 for good from wherever the C code is: the stack is emptied, every
 * general register that the context does not hold is zero.
 */
void __attribute__((noreturn)) el3_enter(const struct sdei_context *context);
/* The same without leaving EL3: what has come this far is not returned to. */
void __attribute__((noreturn)) el3_start_over(void (*function)(void));
#endif

#endif
