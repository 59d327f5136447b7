/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PSTATE a handler starts with, and the one COMPLETE_AND_RESUME gives: as
 * if an exception had been taken to the client's exception level (5.2.1, and
 * AArch64.TakeException in the Arm ARM). The bits are those of SPSR_ELx. What
 * depends on the configuration alone is worked out once, in pstate.c.
 */
#ifndef DISPATCHER_PSTATE_H
#define DISPATCHER_PSTATE_H

#include "internal.h"

#define PSTATE_SP_ELX  (UINT64_C(1) << 0)
#define PSTATE_EL(n)   ((uint64_t)(n) << 2)
#define PSTATE_DAIF    (UINT64_C(0xf) << 6)
#define PSTATE_SSBS    (UINT64_C(1) << 12)
#define PSTATE_ALLINT  (UINT64_C(1) << 13)
#define PSTATE_PAN     (UINT64_C(1) << 22)
#define PSTATE_DIT     (UINT64_C(1) << 24)
#define PSTATE_TCO     (UINT64_C(1) << 25)
#define PSTATE_NZCV    (UINT64_C(0xf) << 28)
#define PSTATE_PM      (UINT64_C(1) << 32)
#define PSTATE_EXLOCK  (UINT64_C(1) << 34)
#define PSTATE_EL_MASK UINT64_C(0x1c) /* with nRW: AArch32 never matches */

#define SCTLR_SPAN      (UINT64_C(1) << 23)
#define SCTLR_DSSBS     (UINT64_C(1) << 44)
#define SCTLR_SPINTMASK (UINT64_C(1) << 62)
#define HCR_TGE         (UINT64_C(1) << 27)
#define HCR_E2H         (UINT64_C(1) << 34)
#define GCSCR_EXLOCKEN  (UINT64_C(1) << 6)

/* A bit of a register where PSTATE has it; a bit that a feature brings. */
#define MOVED(value, from, to) ((value) / ((from) / (to)))
#define WITH(feature, bit)     ((features & (feature)) * ((bit) / (feature)))

/* Where the client's exception level has a user that PAN keeps it from. */
static inline bool has_user(const struct sdei_pe *p)
{
	const uint64_t host = HCR_E2H | HCR_TGE;

	return p->d->config.client_el == 1 ||
	       (disp_read(p, SDEI_HCR_EL2) & host) == host;
}

/* The lock of GCS, which starts open from a lower exception level. */
static inline bool is_locked(const struct sdei_pe *p, uint64_t interrupted)
{
	const struct sdei_dispatcher *d = p->d;

	return d->config.features & SDEI_FEAT_GCS &&
	       (interrupted & PSTATE_EL_MASK) == d->client_mode &&
	       disp_read(p, SDEI_GCSCR_ELC) & GCSCR_EXLOCKEN;
}

/* By the embedder's header where it has that, else by its operation. */
static inline uint64_t read_sctlr(const struct sdei_pe *p)
{
#ifdef SDEI_INLINE_SCTLR
	return sdei_sctlr(p->d->config.client_el);
#else
	return disp_read(p, SDEI_SCTLR_ELC);
#endif
}

static inline __attribute__((always_inline)) uint64_t
exception_pstate(const struct sdei_pe *p, uint64_t interrupted)
{
	const struct sdei_dispatcher *d = p->d;
	const uint64_t sctlr = read_sctlr(p);
	uint64_t pstate = d->fixed | (interrupted & d->inherited) |
			  MOVED(sctlr & d->dssbs, SCTLR_DSSBS, PSTATE_SSBS) |
			  MOVED(~sctlr & d->spintmask, SCTLR_SPINTMASK,
				PSTATE_ALLINT);

	if (~sctlr & d->span && has_user(p))
		pstate |= PSTATE_PAN;
	if (is_locked(p, interrupted))
		pstate |= PSTATE_EXLOCK;
	return pstate;
}

#endif
