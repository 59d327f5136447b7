/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CPU's features, the generic timer and the GICv3, as far as a Non-secure
 * payload sees them. Group registers are written in case nobody did: with a
 * Secure world behind, such writes are ignored.
 */
#include "machine.h"

#include "arch.h"

#define GICD_CTLR          (GICD_BASE + 0x0000)
#define GICD_CTLR_GRP1_ARE ((1u << 4) | (1u << 1) | (1u << 0))
#define GICR_SGI(pe)       ((pe)->redistributor + 0x10000)
#define GICR_IGROUPR0      0x0080
#define GICR_ISENABLER0    0x0100
#define GICR_IPRIORITYR(n) (0x0400 + (n))

#define ICC_PMR     S3_0_C4_C6_0
#define ICC_IAR1    S3_0_C12_C12_0
#define ICC_EOIR1   S3_0_C12_C12_1
#define ICC_SRE_EL1 S3_0_C12_C12_5
#define ICC_SRE_EL2 S3_4_C12_C9_5
#define ICC_IGRPEN1 S3_0_C12_C12_7
#define ICC_SGI1R   S3_0_C12_C11_5
/* ICC_CTLR_EL1 is left alone: EOImode 0 is how everyone starts. */

#define CTL_ENABLE 1

unsigned client_el;
struct features features;

static void mmio_write32(uint64_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

static unsigned field(uint64_t value, unsigned shift)
{
	return value >> shift & 0xf;
}

struct pe *this_pe(void)
{
	return (struct pe *)read_client(tpidr);
}

static void find_features(void)
{
	uint64_t pfr0 = read_sysreg(id_aa64pfr0_el1);
	uint64_t pfr1 = read_sysreg(id_aa64pfr1_el1);
	uint64_t mmfr1 = read_sysreg(id_aa64mmfr1_el1);
	uint64_t mmfr2 = read_sysreg(S3_0_C0_C7_2);
	/* Probes run with their MMU off: can a PC of 32 bits reach theirs? */
	const bool low = PROBE_ALIAS <= UINT32_MAX;

	features = (struct features){
		.pan = field(mmfr1, 20) != 0,
		.uao = field(mmfr2, 4) != 0,
		.dit = field(pfr0, 48) != 0,
		.ssbs = field(pfr1, 4) >= 2,
		.mte2 = field(pfr1, 8) >= 2,
		.nmi = field(pfr1, 36) != 0,
		.bti = field(pfr1, 0) != 0,
		.el0_32 = low && field(pfr0, 0) == 2,
		.el1_32 = low && field(pfr0, 4) == 2,
	};
}

uint64_t now(void)
{
	isb();
	return read_sysreg(cntpct_el0);
}

uint64_t microseconds(uint64_t us)
{
	return us * (read_sysreg(cntfrq_el0) / 1000) / 1000;
}

void delay(uint64_t us)
{
	uint64_t end = now() + microseconds(us);

	while (now() < end)
		__asm__ volatile("yield");
}

unsigned timer_intid(void)
{
	return client_el == 2 ? IRQ_EL2_TIMER : IRQ_EL1_TIMER;
}

void timer_set(uint64_t us)
{
	uint64_t when = now() + microseconds(us);

	if (client_el == 2) {
		write_sysreg(cnthp_cval_el2, when);
		write_sysreg(cnthp_ctl_el2, CTL_ENABLE);
	} else {
		write_sysreg(cntp_cval_el0, when);
		write_sysreg(cntp_ctl_el0, CTL_ENABLE);
	}
	isb();
}

void timer_stop(void)
{
	if (client_el == 2)
		write_sysreg(cnthp_ctl_el2, 0);
	else
		write_sysreg(cntp_ctl_el0, 0);
	isb();
}

void irq_unmask(void)
{
	__asm__ volatile("msr daifclr, #2" : : : "memory");
}

void irq_mask(void)
{
	__asm__ volatile("msr daifset, #2" : : : "memory");
}

unsigned irq_take(void)
{
	unsigned intid = (unsigned)read_sysreg(ICC_IAR1);

	if (intid < 1020)
		write_sysreg(ICC_EOIR1, intid);
	isb();
	return intid;
}

void gic_start_pe(struct pe *pe)
{
	unsigned timer = timer_intid();
	volatile uint8_t *priority =
		(volatile uint8_t *)(GICR_SGI(pe) + GICR_IPRIORITYR(0));

	if (client_el == 2)
		write_sysreg(ICC_SRE_EL2, read_sysreg(ICC_SRE_EL2) | 9);
	isb();
	write_sysreg(ICC_SRE_EL1, read_sysreg(ICC_SRE_EL1) | 1);
	isb();
	mmio_write32(GICR_SGI(pe) + GICR_IGROUPR0, ~0u);
	priority[0] = 0xa0;
	priority[timer] = 0xa0;
	mmio_write32(GICR_SGI(pe) + GICR_ISENABLER0, 1u << timer | 1);
	write_sysreg(ICC_PMR, 0xff);
	write_sysreg(ICC_IGRPEN1, 1);
	isb();
}

/* SGI 0 is the others' wake-up call. */
void gic_wake(const struct pe *pe)
{
	uint64_t m = pe->mpidr;

	dsb();
	write_sysreg(ICC_SGI1R,
		     (m >> 32 & 0xff) << 48 | (m >> 16 & 0xff) << 32 |
			     (m >> 8 & 0xff) << 16 | (m >> 4 & 0xf) << 44 |
			     UINT64_C(1) << (m & 0xf));
	isb();
}

void machine_start(void)
{
	client_el = read_sysreg(CurrentEL) >> 2 & 3;
	find_features();
	mmio_write32(GICD_CTLR, GICD_CTLR_GRP1_ARE);
}
