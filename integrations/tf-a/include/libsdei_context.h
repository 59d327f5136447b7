/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher's context is TF-A's own (docs/dispatcher.md, "The context"): what the
 * vectors save in a cpu_context_t and load from it. Where things are in it differs from
 * release to release, so it is asked of TF-A's header.
 */
#ifndef LIBSDEI_CONTEXT_H
#define LIBSDEI_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include <context.h>

#include <sdei/abi.h>

#define LIBSDEI_WORD(offset) ((offset) / 8U)
#define LIBSDEI_X0           LIBSDEI_WORD(CTX_GPREGS_OFFSET + CTX_GPREG_X0)
#define LIBSDEI_PC           LIBSDEI_WORD(CTX_EL3STATE_OFFSET + CTX_ELR_EL3)
#define LIBSDEI_PSTATE       LIBSDEI_WORD(CTX_EL3STATE_OFFSET + CTX_SPSR_EL3)
#if DYNAMIC_WORKAROUND_CVE_2018_3639
/* Set: the PE goes on there without the mitigation, as it has asked for. */
#define LIBSDEI_UNMITIGATED \
	LIBSDEI_WORD(CTX_CVE_2018_3639_OFFSET + CTX_CVE_2018_3639_DISABLE)
#define LIBSDEI_LAST LIBSDEI_UNMITIGATED
#else
#define LIBSDEI_LAST (LIBSDEI_PC > LIBSDEI_PSTATE ? LIBSDEI_PC : LIBSDEI_PSTATE)
#endif

_Static_assert(CTX_GPREG_X17 == CTX_GPREG_X0 + 17 * 8 && LIBSDEI_X0 == 0U,
	       "x0 to x17 do not lead TF-A's context");

/* The beginning of a cpu_context_t. */
struct sdei_context {
	uint64_t word[LIBSDEI_LAST + 1U];
};

#define sdei_x(context, n)   ((context)->word[n])
#define sdei_pc(context)     ((context)->word[LIBSDEI_PC])
#define sdei_pstate(context) ((context)->word[LIBSDEI_PSTATE])

/* x18 to x30 are the handler's to preserve, so they need no keeping. */
struct sdei_kept {
	uint64_t word[SDEI_CONTEXT_REGISTERS];
	uint64_t pc, pstate;
#if DYNAMIC_WORKAROUND_CVE_2018_3639
	uint64_t unmitigated;
#endif
};

#define sdei_kept_context(kept) (kept)

/* Two registers at a time. */
static inline void libsdei_copy(uint64_t *to, const uint64_t *from)
{
	typedef unsigned __int128 __attribute__((aligned(8), may_alias)) pair;
	pair *t = (pair *)to;
	const pair *f = (const pair *)from;

	_Static_assert(SDEI_CONTEXT_REGISTERS == 2 * 9, "libsdei_copy");
	t[0] = f[0], t[1] = f[1], t[2] = f[2], t[3] = f[3], t[4] = f[4];
	t[5] = f[5], t[6] = f[6], t[7] = f[7], t[8] = f[8];
}

static inline struct sdei_context *sdei_keep(struct sdei_kept *kept,
					     struct sdei_context *frame)
{
	libsdei_copy(kept->word, frame->word);
	kept->pc = sdei_pc(frame);
	kept->pstate = sdei_pstate(frame);
#if DYNAMIC_WORKAROUND_CVE_2018_3639
	/* Whoever is interrupted, the handler has the mitigation. */
	kept->unmitigated = frame->word[LIBSDEI_UNMITIGATED];
	frame->word[LIBSDEI_UNMITIGATED] = 0;
#endif
	return frame;
}

static inline struct sdei_context *sdei_give_back(struct sdei_kept *kept,
						  struct sdei_context *frame)
{
	libsdei_copy(frame->word, kept->word);
	sdei_pc(frame) = kept->pc;
	sdei_pstate(frame) = kept->pstate;
#if DYNAMIC_WORKAROUND_CVE_2018_3639
	frame->word[LIBSDEI_UNMITIGATED] = kept->unmitigated;
#endif
	return frame;
}

/* SCTLR of the client's exception level; the Non-secure world's registers are live. */
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

#endif
