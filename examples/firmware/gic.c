/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The GICv3 (Arm IHI 0069). Every interrupt is the client's, in Group 1, until it binds
 * it: that one is in Group 0 then, which comes to EL3 as FIQ, with a priority above all
 * that Non-secure software can give.
 */
#include "machine.h"

#include <sdei/abi.h>

#define GICD_CTLR  reg32(GICD_BASE + 0x0000)
#define GICR_CTLR  reg32(GICR_BASE + 0x0000)
#define GICR_WAKER reg32(GICR_BASE + 0x0014)

/*
 * A bit for each interrupt, and a byte. A PPI's are in the redistributor's second
 * frame, an SPI's in the distributor, at the same offsets.
 */
#define FRAME(i)      ((i) < 32 ? GICR_BASE + 0x10000 : GICD_BASE)
#define WORD(i, at)   reg32(FRAME(i) + (at) + (i) / 32 * 4)
#define BIT(i)        (1u << (i) % 32)
#define GROUP1(i)     WORD(i, 0x080) /* IGROUPR */
#define ENABLE(i)     WORD(i, 0x100) /* ISENABLER */
#define DISABLE(i)    WORD(i, 0x180) /* ICENABLER */
#define PENDING(i)    WORD(i, 0x200) /* ISPENDR */
#define ACTIVE(i)     WORD(i, 0x300) /* ISACTIVER */
#define DEACTIVATE(i) WORD(i, 0x380) /* ICACTIVER */
#define PRIORITY(i)   (*(volatile uint8_t *)(uint64_t)(FRAME(i) + 0x400 + (i)))

static uint8_t priority_before[INTERRUPTS]; /* of those that are bound */

static void wait_for_writes(void)
{
	while (GICD_CTLR >> 31 || GICR_CTLR >> 3 & 1)
		;
}

void gic_start(void)
{
	GICD_CTLR = 3 << 4; /* affinity routing, Secure and Non-secure */
	GICR_WAKER &= ~2u;  /* ProcessorSleep; then ChildrenAsleep */
	while (GICR_WAKER & 4)
		;
	for (uint32_t i = 0; i < INTERRUPTS; i++) {
		DISABLE(i) = BIT(i);
		GROUP1(i) |= BIT(i);
		PRIORITY(i) = 0xa0;
	}
	GROUP1(29) &= ~BIT(29); /* the Secure timer is not the client's */
	wait_for_writes();
	GICD_CTLR = 3 << 4 | 1 << 1 | 1 << 0; /* Groups 1 and 0 */
	write_sysreg(S3_6_C12_C12_5, 0xf);    /* ICC_SRE_EL3 */
	write_sysreg(S3_4_C12_C9_5, 0xf);     /* ICC_SRE_EL2 */
	write_sysreg(S3_0_C12_C12_5, 0x7);    /* ICC_SRE_EL1 */
	write_sysreg(S3_6_C12_C12_4, 1 << 2); /* ICC_CTLR_EL3: EOImode_EL3 */
	write_sysreg(S3_0_C4_C6_0, 0xff);     /* ICC_PMR_EL1 */
	write_sysreg(S3_0_C12_C12_6, 1);      /* ICC_IGRPEN0_EL1 */
}

int gic_check(void *context, uint32_t i)
{
	if (!(GROUP1(i) & BIT(i)))
		return SDEI_INVALID_PARAMETERS;
	return (PENDING(i) | ACTIVE(i)) & BIT(i) ? SDEI_DENIED : SDEI_SUCCESS;
}

void gic_take(void *context, unsigned pe, uint32_t i)
{
	priority_before[i] = PRIORITY(i);
	PRIORITY(i) = 0x20;
	GROUP1(i) &= ~BIT(i);
	ENABLE(i) = BIT(i);
}

void gic_end(void *context, unsigned pe, uint32_t i)
{
	__asm__ volatile("dsb sy" ::: "memory");
	DEACTIVATE(i) = BIT(i);
}

void gic_give(void *context, uint32_t i)
{
	DISABLE(i) = BIT(i);
	wait_for_writes();
	DEACTIVATE(i) = BIT(i);
	GROUP1(i) |= BIT(i);
	PRIORITY(i) = priority_before[i];
}
