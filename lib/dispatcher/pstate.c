/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a handler's PSTATE takes from where: see pstate.h.
 */
#include "pstate.h"

SELDOM void disp_prepare_pstate(struct sdei_dispatcher *d)
{
	const uint64_t features = d->config.features;

	d->inherited = PSTATE_NZCV | WITH(SDEI_FEAT_DIT, PSTATE_DIT) |
		       WITH(SDEI_FEAT_PAN, PSTATE_PAN);
	d->fixed = PSTATE_EL(d->config.client_el) | PSTATE_SP_ELX |
		   PSTATE_DAIF | WITH(SDEI_FEAT_MTE2, PSTATE_TCO) |
		   WITH(SDEI_FEAT_EBEP, PSTATE_PM);
	d->dssbs = WITH(SDEI_FEAT_SSBS, SCTLR_DSSBS);
	d->span = WITH(SDEI_FEAT_PAN, SCTLR_SPAN);
	d->spintmask = WITH(SDEI_FEAT_NMI, SCTLR_SPINTMASK);
}
