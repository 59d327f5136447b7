/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Secure monitor calls: who serves which (SMCCC 1.2, Arm DEN0028). SDEI's come
 * here only before there is a dispatcher; then the vector sends them there.
 */
#include "dispatch.h"
#include "machine.h"
#include "psci.h"
#include "reflect.h"
#include "ram.h"
#include "test.h"

#include <handoff.h>

#define SMCCC_VERSION       0x80000000
#define SMCCC_ARCH_FEATURES 0x80000001
#define SMCCC_1_2           0x00010002
#define NOT_SUPPORTED       (~UINT64_C(0))

#define ESR_CLASS(esr) ((esr) >> 26 & 0x3f)
#define CLASS_SMC32    0x13
#define CLASS_SMC64    0x17

void el3_smc(struct sdei_context *c);
void el3_other_sync(struct sdei_context *c, uint64_t esr);

static uint64_t other_call(const struct sdei_context *c)
{
	switch ((uint32_t)c->x[0]) {
	case SMCCC_VERSION:
		return SMCCC_1_2;
	case SMCCC_ARCH_FEATURES:
		return (uint32_t)c->x[1] == SMCCC_VERSION ||
				       (uint32_t)c->x[1] == SMCCC_ARCH_FEATURES
			       ? 0
			       : NOT_SUPPORTED;
	case BOOT_FID_HANDOFF:
		return (uint64_t)dispatch_handoff(&(struct handoff){
			.ram_base = c->x[1],
			.ram_size = c->x[2],
			.flags = c->x[3],
		});
	case BOOT_FID_MEMORY:
		return dispatch_instance() || !ram_add(c->x[1], c->x[2])
			       ? NOT_SUPPORTED
			       : 0;
	case BOOT_FID_PCIE:
		return dispatch_instance() || !pcie_set(c->x[1], c->x[2])
			       ? NOT_SUPPORTED
			       : 0;
	case TEST_FID_RAISE:
		return (uint64_t)test_raise(c->x[1], c->x[2]);
	default:
		return NOT_SUPPORTED;
	}
}

void el3_smc(struct sdei_context *c)
{
	if (psci_is_call(c->x[0]))
		psci_call(c);
	else
		c->x[0] = other_call(c);
}

/*
 * A synchronous exception that is not an SMC64 with immediate 0. A non-zero
 * immediate is reserved (SMCCC 2.9); from AArch32 there are 32-bit calls only, so
 * none of SDEI's.
 */
void el3_other_sync(struct sdei_context *c, uint64_t esr)
{
	switch (ESR_CLASS(esr)) {
	case CLASS_SMC64:
		c->x[0] = NOT_SUPPORTED;
		break;
	case CLASS_SMC32:
		if (c->x[0] & (1u << 30) || esr & 0xffff)
			c->x[0] = NOT_SUPPORTED;
		else
			el3_smc(c);
		break;
	default:
		reflect(c, esr);
		break;
	}
}
