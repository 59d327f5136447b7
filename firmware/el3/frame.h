/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frame that the vectors save for an exception from a lower exception
 * level, as C and assembly see it. Its first part is the dispatcher's context,
 * so an event is delivered by changing what the vector will restore. x18-x29
 * are not in it: the C compiler leaves x18 alone and preserves the others.
 */
#ifndef EL3_FRAME_H
#define EL3_FRAME_H

#define FRAME_PC   144
#define FRAME_LR   160
#define FRAME_SIZE 176

#ifndef __ASSEMBLER__
#include <sdei/dispatcher.h>

struct frame {
	struct sdei_context context;
	uint64_t lr; /* x30 */
	uint64_t unused;
};

_Static_assert(offsetof(struct frame, context.pc) == FRAME_PC, "FRAME_PC");
_Static_assert(offsetof(struct frame, lr) == FRAME_LR, "FRAME_LR");
_Static_assert(sizeof(struct frame) == FRAME_SIZE, "FRAME_SIZE");

/*
 * Leave EL3 for good from wherever the C code is: the stack is emptied, every
 * general register that the context does not hold is zero.
 */
void __attribute__((noreturn)) el3_enter(const struct sdei_context *context);
#endif

#endif
