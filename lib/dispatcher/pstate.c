/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PSTATE a handler starts with, and the one COMPLETE_AND_RESUME gives: as
 * if an exception had been taken to the client's exception level (5.2.1, and
 * AArch64.TakeException in the Arm ARM). The bits are those of SPSR_ELx.
 */
#include "internal.h"

#define PSTATE_SP_ELX	(UINT64_C(1) << 0)
#define PSTATE_EL(n)	((uint64_t)(n) << 2)
#define PSTATE_DAIF	(UINT64_C(0xf) << 6)
#define PSTATE_SSBS	(UINT64_C(1) << 12)
#define PSTATE_ALLINT	(UINT64_C(1) << 13)
#define PSTATE_PAN	(UINT64_C(1) << 22)
#define PSTATE_DIT	(UINT64_C(1) << 24)
#define PSTATE_TCO	(UINT64_C(1) << 25)
#define PSTATE_NZCV	(UINT64_C(0xf) << 28)
#define PSTATE_PM	(UINT64_C(1) << 32)
#define PSTATE_EXLOCK	(UINT64_C(1) << 34)
#define PSTATE_EL_MASK	UINT64_C(0x1c)	/* with nRW: AArch32 never matches */

#define SCTLR_SPAN	(UINT64_C(1) << 23)
#define SCTLR_DSSBS	(UINT64_C(1) << 44)
#define SCTLR_SPINTMASK	(UINT64_C(1) << 62)
#define HCR_TGE		(UINT64_C(1) << 27)
#define HCR_E2H		(UINT64_C(1) << 34)
#define GCSCR_EXLOCKEN	(UINT64_C(1) << 6)

/* Features whose bit of PSTATE depends on SCTLR_ELC. */
#define ASK_SCTLR	(SDEI_FEAT_PAN | SDEI_FEAT_SSBS | SDEI_FEAT_NMI)

void disp_prepare_pstate(struct sdei_dispatcher *d)
{
	const struct sdei_config *c = &d->config;

	d->inherited = PSTATE_NZCV;
	d->fixed = PSTATE_EL(c->client_el) | PSTATE_SP_ELX | PSTATE_DAIF;
	if (c->features & SDEI_FEAT_DIT)
		d->inherited |= PSTATE_DIT;
	if (c->features & SDEI_FEAT_PAN)
		d->inherited |= PSTATE_PAN;
	if (c->features & SDEI_FEAT_MTE2)
		d->fixed |= PSTATE_TCO;
	if (c->features & SDEI_FEAT_EBEP)
		d->fixed |= PSTATE_PM;
}

/* PAN is forced where the client's EL has a user it can be kept away from. */
static bool forces_pan(const struct sdei_config *c, const struct pe *p,
		       uint64_t sctlr)
{
	const uint64_t host = HCR_E2H | HCR_TGE;

	if (sctlr & SCTLR_SPAN)
		return false;
	return c->client_el == 1 ||
	       (c->ops->read(c->context, p->index, SDEI_HCR_EL2) & host) ==
		       host;
}

static uint64_t from_sctlr(const struct sdei_config *c, const struct pe *p)
{
	uint64_t sctlr = c->ops->read(c->context, p->index, SDEI_SCTLR_ELC);
	uint64_t pstate = 0;

	if ((c->features & SDEI_FEAT_PAN) && forces_pan(c, p, sctlr))
		pstate |= PSTATE_PAN;
	if ((c->features & SDEI_FEAT_SSBS) && (sctlr & SCTLR_DSSBS))
		pstate |= PSTATE_SSBS;
	if ((c->features & SDEI_FEAT_NMI) && !(sctlr & SCTLR_SPINTMASK))
		pstate |= PSTATE_ALLINT;
	return pstate;
}

uint64_t disp_entry_pstate(const struct sdei_dispatcher *d, const struct pe *p,
			   uint64_t interrupted)
{
	const struct sdei_config *c = &d->config;
	uint64_t pstate = d->fixed | (interrupted & d->inherited);

	if (c->features & ASK_SCTLR)
		pstate |= from_sctlr(c, p);
	/* From a lower EL the lock starts open (GCS). */
	if ((c->features & SDEI_FEAT_GCS) &&
	    (interrupted & PSTATE_EL_MASK) == PSTATE_EL(c->client_el) &&
	    (c->ops->read(c->context, p->index, SDEI_GCSCR_ELC) &
	     GCSCR_EXLOCKEN))
		pstate |= PSTATE_EXLOCK;
	return pstate;
}
