/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A context as another firmware may have it: more registers than the dispatcher's
 * between x17 and PSTATE, which comes before PC; and a word beside it that belongs to
 * the context on whose behalf the PE goes on, a mitigation that is off for it, say.
 */
#ifndef UNIT_OWN_CONTEXT_H
#define UNIT_OWN_CONTEXT_H

#include <sdei/abi.h>

#include <stdint.h>

struct sdei_context {
	uint64_t general[31], sp;
	uint64_t spsr, elr;
	uint64_t mitigation;
};

#define sdei_x(context, n)   ((context)->general[n])
#define sdei_pc(context)     ((context)->elr)
#define sdei_pstate(context) ((context)->spsr)

/* x18 to x30 are the handler's to preserve, so they need no keeping. */
struct sdei_kept {
	uint64_t general[SDEI_CONTEXT_REGISTERS];
	uint64_t spsr, elr;
	uint64_t mitigation;
};

#define sdei_kept_context(kept) (kept)

static inline struct sdei_context *sdei_keep(struct sdei_kept *kept,
					     struct sdei_context *frame)
{
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		kept->general[i] = frame->general[i];
	kept->spsr = frame->spsr;
	kept->elr = frame->elr;
	kept->mitigation = frame->mitigation;
	frame->mitigation = 0;
	return frame;
}

static inline struct sdei_context *sdei_give_back(struct sdei_kept *kept,
						  struct sdei_context *frame)
{
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		frame->general[i] = kept->general[i];
	frame->spsr = kept->spsr;
	frame->elr = kept->elr;
	frame->mitigation = kept->mitigation;
	return frame;
}

/* Asked in place of ops->read: a PE whose SCTLR asks for SSBS. */
#define SDEI_INLINE_SCTLR
static inline uint64_t sdei_sctlr(unsigned client_el)
{
	return client_el == 2 ? UINT64_C(1) << 44 : 0;
}

#endif
