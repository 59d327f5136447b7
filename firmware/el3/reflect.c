/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What traps to EL3 from a lower exception level and is no call: an instruction or
 * a register that EL3 does not let it use. It is the caller's mistake, and the
 * caller gets what a machine without that instruction would give: an Undefined
 * exception at its own exception level. The rules are in undefined.c.
 */
#include "reflect.h"

#include "pe.h"

#include <platform.h>

#define read_sysreg(name) \
	({ \
		uint64_t value_; \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)); \
		value_; \
	})
#define write_sysreg(name, value) \
	__asm__ volatile("msr " #name ", %0" : : "r"((uint64_t)(value)))

#define HCR_TGE (UINT64_C(1) << 27)
#define HCR_RW  (UINT64_C(1) << 31)
#define HCR_E2H (UINT64_C(1) << 34)

#define ESR_UNKNOWN (UINT64_C(1) << 25) /* EC 0, IL (D24.2.40) */

static uint64_t next_line; /* when one may be printed again */

/* Count it; print at most one line a second, of whichever PE. */
static void tell(const struct sdei_context *c, uint64_t esr, unsigned target)
{
	struct pe *self = this_pe();
	const uint64_t now = machine_time();
	uint64_t when = __atomic_load_n(&next_line, __ATOMIC_RELAXED);

	__atomic_store_n(&self->undefined, self->undefined + 1,
			 __ATOMIC_RELAXED);
	if (now < when ||
	    !__atomic_compare_exchange_n(&next_line, &when,
					 now + machine_time_hz(), false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	console_printf(
		"opensdei: PE %u: what trapped at 0x%lx (ESR 0x%lx, PSTATE 0x%lx) is Undefined at EL%u; %lu so far\n",
		self->index, c->pc, esr, c->pstate, target, self->undefined);
}

uint64_t reflect_count(unsigned pe)
{
	return __atomic_load_n(&pe_of(pe)->undefined, __ATOMIC_RELAXED);
}

void reflect(struct sdei_context *c, uint64_t esr)
{
	const bool has_el2 = cpu_client_el() == 2;
	const uint64_t hcr = has_el2 ? read_sysreg(hcr_el2) : HCR_RW;
	struct reflect_to to = {
		.el = reflect_target(c->pstate, has_el2, hcr),
		.features = cpu_sdei_features(),
	};
	const unsigned offset = reflect_offset(c->pstate, to.el, hcr);
	const bool gcs = to.features & SDEI_FEAT_GCS;
	uint64_t vectors;

	tell(c, esr, to.el);
	if (to.el == 2) {
		to.sctlr = read_sysreg(sctlr_el2);
		to.gcscr = gcs ? read_sysreg(S3_4_C2_C5_0) : 0;
		to.has_user = (hcr & (HCR_E2H | HCR_TGE)) ==
			      (HCR_E2H | HCR_TGE);
		vectors = read_sysreg(vbar_el2);
		write_sysreg(elr_el2, c->pc);
		write_sysreg(spsr_el2, c->pstate);
		write_sysreg(esr_el2, ESR_UNKNOWN);
	} else {
		to.sctlr = read_sysreg(sctlr_el1);
		to.gcscr = gcs ? read_sysreg(S3_0_C2_C5_0) : 0;
		to.has_user = true;
		vectors = read_sysreg(vbar_el1);
		write_sysreg(elr_el1, c->pc);
		write_sysreg(spsr_el1, c->pstate);
		write_sysreg(esr_el1, ESR_UNKNOWN);
	}
	c->pc = vectors + offset;
	c->pstate = reflect_pstate(c->pstate, &to);
}
