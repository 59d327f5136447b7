/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An exception that is taken to EL1 or EL2, as AArch64.TakeException does it
 * (DDI0487): to which of them, by which vector, with which PSTATE.
 *
 * AArch32 at EL1 is always a guest of EL2's here (SCR_EL3.RW is 1). Its exceptions
 * go to EL2, with the same syndrome: a hypervisor injects what it does not know.
 */
#include "reflect.h"

#define HCR_TGE         (UINT64_C(1) << 27)
#define HCR_RW          (UINT64_C(1) << 31)
#define HCR_E2H         (UINT64_C(1) << 34)
#define SCTLR_SPAN      (UINT64_C(1) << 23)
#define SCTLR_DSSBS     (UINT64_C(1) << 44)
#define SCTLR_SPINTMASK (UINT64_C(1) << 62)
#define GCSCR_EXLOCKEN  (UINT64_C(1) << 6)

#define PSTATE_SP_ELX  (UINT64_C(1) << 0)
#define PSTATE_AARCH32 (UINT64_C(1) << 4)
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

unsigned reflect_target(uint64_t pstate, bool has_el2, uint64_t hcr)
{
	const bool aarch32 = pstate & PSTATE_AARCH32;
	const bool user = aarch32 ? !(pstate & 0xf) : !(pstate & 0xc);

	if (!has_el2)
		return 1;
	if (user && hcr & HCR_TGE)
		return 2;
	if (aarch32)
		return hcr & HCR_RW ? 1 : 2;
	return user ? 1 : (unsigned)(pstate >> 2 & 3);
}

/*
 * Synchronous exceptions: from where they come (DDI0487, D1.3.2). From a lower level
 * counts what the level below the target is: at EL2 that is EL1, even for EL0 with
 * TGE, unless EL2 is its host (E2H, too).
 */
unsigned reflect_offset(uint64_t pstate, unsigned target, uint64_t hcr)
{
	const bool in_host = (hcr & (HCR_E2H | HCR_TGE)) == (HCR_E2H | HCR_TGE);

	if (pstate & PSTATE_AARCH32)
		return target == 2 && hcr & HCR_RW && !in_host ? 0x400 : 0x600;
	if ((pstate >> 2 & 3) != target)
		return 0x400;
	return pstate & PSTATE_SP_ELX ? 0x200 : 0;
}

uint64_t reflect_pstate(uint64_t from, const struct reflect_to *to)
{
	const uint32_t has = to->features;
	const bool same = (from & 0x1c) == PSTATE_EL(to->el);
	uint64_t pstate = PSTATE_EL(to->el) | PSTATE_SP_ELX | PSTATE_DAIF |
			  (from & PSTATE_NZCV);

	if (has & SDEI_FEAT_DIT)
		pstate |= from & PSTATE_DIT;
	if (has & SDEI_FEAT_PAN) {
		pstate |= from & PSTATE_PAN;
		if (!(to->sctlr & SCTLR_SPAN) && to->has_user)
			pstate |= PSTATE_PAN;
	}
	if (has & SDEI_FEAT_SSBS && to->sctlr & SCTLR_DSSBS)
		pstate |= PSTATE_SSBS;
	if (has & SDEI_FEAT_NMI && !(to->sctlr & SCTLR_SPINTMASK))
		pstate |= PSTATE_ALLINT;
	if (has & SDEI_FEAT_MTE2)
		pstate |= PSTATE_TCO;
	if (has & SDEI_FEAT_EBEP)
		pstate |= PSTATE_PM;
	if (has & SDEI_FEAT_GCS && same && to->gcscr & GCSCR_EXLOCKEN)
		pstate |= PSTATE_EXLOCK;
	return pstate;
}
