/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PE's context: what the embedder saves when the PE comes in, what the dispatcher
 * changes, what the embedder loads when it lets the PE go on.
 *
 * This is the plain one, kept by a copy while a handler runs. An embedder whose
 * frames have another layout, or carry more, or last until the handler has ended
 * and need no copy, writes a header with the same names and gives it as
 * SDEI_CONTEXT_H to all that includes <sdei/dispatcher.h>, the library's own
 * sources among them: -DSDEI_CONTEXT_H='"my_context.h"'. docs/dispatcher.md has
 * two examples.
 */
#ifndef SDEI_CONTEXT_DEFAULT_H
#define SDEI_CONTEXT_DEFAULT_H

#ifdef SDEI_CONTEXT_H
#include SDEI_CONTEXT_H
#else

#include <sdei/abi.h>
#include <sdei/language.h>

#include <stdint.h>

SDEI_BEGIN_C

/* What an event interrupts and what its handler starts with (5.1.5, 5.2.1). */
struct sdei_context {
	uint64_t x[SDEI_CONTEXT_REGISTERS];
	uint64_t pc;
	uint64_t pstate; /* in the layout of SPSR_ELx */
};

/* Its fields, to read and to write; n from 0 to 17. */
#define sdei_x(context, n)      ((context)->x[n])
#define sdei_pc(context)        ((context)->pc)
#define sdei_pstate(context)    ((context)->pstate)

/*
 * What the dispatcher holds of an interrupted context while the handler runs; one
 * for each PE and priority, zero at first. Anything of the embedder's that belongs
 * to that context has its place here, too.
 */
struct sdei_kept {
	struct sdei_context context;
};

/* The interrupted context, to read: EVENT_CONTEXT (5.1.5). */
#define sdei_kept_context(kept) (&(kept)->context)

/* Two registers at a time: no call to memcpy on this path. */
static inline void sdei_context_copy(struct sdei_context *to,
				     const struct sdei_context *from)
{
	SDEI_EXTENSION typedef unsigned __int128
		__attribute__((aligned(8), may_alias)) pair;
	pair *t = SDEI_POINTER(pair, to);
	const pair *f = SDEI_POINTER(const pair, from);

	SDEI_ASSERT(sizeof(*to) == 10 * sizeof(*t), "sdei_context_copy");
	t[0] = f[0], t[1] = f[1], t[2] = f[2], t[3] = f[3], t[4] = f[4];
	t[5] = f[5], t[6] = f[6], t[7] = f[7], t[8] = f[8], t[9] = f[9];
}

/*
 * A handler is about to be entered from *frame. Keep what is there until
 * sdei_give_back(), and return the frame that the handler goes on with: its x4 to
 * x17 are as interrupted (5.2.1), x0 to x3, PC and PSTATE are set afterwards.
 */
static inline struct sdei_context *sdei_keep(struct sdei_kept *kept,
					     struct sdei_context *frame)
{
	sdei_context_copy(&kept->context, frame);
	return frame;
}

/*
 * The handler is done; *frame is what it ended with, and dead. Return the frame
 * that holds the interrupted context again.
 */
static inline struct sdei_context *sdei_give_back(struct sdei_kept *kept,
						  struct sdei_context *frame)
{
	sdei_context_copy(frame, &kept->context);
	return frame;
}

SDEI_END_C

#endif

#endif
