/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EL3_REFLECT_H
#define EL3_REFLECT_H

#include <sdei/dispatcher.h>

/*
 * Instead of the instruction at context->pc, which trapped to EL3 from a lower
 * exception level with this syndrome, that level takes an Undefined exception.
 */
void reflect(struct sdei_context *context, uint64_t esr);
/* How often on this PE. */
uint64_t reflect_count(unsigned pe);

/* The exception level that takes it, and what its PSTATE depends on. */
struct reflect_to {
	unsigned el;
	uint32_t features; /* SDEI_FEAT_* */
	uint64_t sctlr, gcscr;
	bool has_user; /* which PAN keeps it from */
};

/* EL1 or EL2, for a PE that was at `pstate` (in the layout of SPSR_EL3). */
unsigned reflect_target(uint64_t pstate, bool has_el2, uint64_t hcr);
/* Of its vector, from VBAR. */
unsigned reflect_offset(uint64_t pstate, unsigned target, uint64_t hcr);
uint64_t reflect_pstate(uint64_t from, const struct reflect_to *to);

#endif
