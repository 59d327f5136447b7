/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The GICv3 and the tick, as a Non-secure kernel sees them. Group registers are
 * written in case nobody did: with a Secure world behind, that is ignored.
 */
#include "host.h"

#define GICD(offset)       (LINEAR_BASE + GICD_BASE + (offset))
#define GICD_CTLR          GICD(0x0000)
#define GICD_CTLR_GRP1_ARE ((1u << 4) | (1u << 1) | (1u << 0))
#define GICR_SGI(cpu)      ((cpu)->redistributor + 0x10000)
#define GICR_IGROUPR0      0x0080
#define GICR_ISENABLER0    0x0100
#define GICR_ICENABLER0    0x0180
#define GICR_ISACTIVER0    0x0300
#define GICR_ICACTIVER0    0x0380
#define GICR_IPRIORITYR(n) (0x0400 + (n))
#define PRIORITY           0xa0

#define ICC_PMR     S3_0_C4_C6_0
#define ICC_IAR1    S3_0_C12_C12_0
#define ICC_EOIR1   S3_0_C12_C12_1
#define ICC_SRE_EL1 S3_0_C12_C12_5
#define ICC_IGRPEN1 S3_0_C12_C12_7
#define ICC_RPR     S3_0_C12_C11_3
#define ICC_SGI1R   S3_0_C12_C11_5
#define RPR_IDLE    0xff

static uint64_t tick_length;

static void write32(uint64_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

void gic_start(void)
{
	write32(GICD_CTLR, GICD_CTLR_GRP1_ARE);
}

/*
 * A crash may have been between an acknowledgement and its end, which leaves a
 * priority active that holds back all others. Its own end is the way to lower
 * it: QEMU does not let a Non-secure kernel write ICC_AP1R0.
 */
static void end_active(const struct cpu *cpu)
{
	uint32_t active =
		*(volatile uint32_t *)(GICR_SGI(cpu) + GICR_ISACTIVER0);

	for (unsigned intid = 0; active; intid++, active >>= 1)
		if (active & 1 && read_sysreg(ICC_RPR) != RPR_IDLE)
			gic_end(intid);
	write32(GICR_SGI(cpu) + GICR_ICACTIVER0, ~0u);
}

void gic_start_cpu(struct cpu *cpu)
{
	volatile uint8_t *priority =
		(volatile uint8_t *)(GICR_SGI(cpu) + GICR_IPRIORITYR(0));

	write_sysreg(ICC_SRE_EL1, read_sysreg(ICC_SRE_EL1) | 1);
	isb();
	write32(GICR_SGI(cpu) + GICR_IGROUPR0, ~0u);
	priority[SGI_CALL] = PRIORITY;
	priority[SGI_WAKE] = PRIORITY;
	priority[IRQ_TICK] = PRIORITY;
	priority[IRQ_EVENT] = PRIORITY;
	write32(GICR_SGI(cpu) + GICR_ICENABLER0, 1u << IRQ_EVENT);
	write32(GICR_SGI(cpu) + GICR_ISENABLER0,
		1u << IRQ_TICK | 1u << SGI_CALL | 1u << SGI_WAKE);
	end_active(cpu);
	write_sysreg(ICC_PMR, 0xff);
	write_sysreg(ICC_IGRPEN1, 1);
	isb();
}

void gic_send(const struct cpu *cpu, unsigned sgi)
{
	uint64_t m = cpu->mpidr;

	dsb();
	write_sysreg(ICC_SGI1R,
		     (m >> 32 & 0xff) << 48 | (m >> 16 & 0xff) << 32 |
			     (m >> 8 & 0xff) << 16 | (m >> 4 & 0xf) << 44 |
			     (uint64_t)sgi << 24 | UINT64_C(1) << (m & 0xf));
	isb();
}

unsigned gic_acknowledge(void)
{
	unsigned intid = (unsigned)read_sysreg(ICC_IAR1);

	dsb();
	return intid;
}

void gic_end(unsigned intid)
{
	write_sysreg(ICC_EOIR1, intid);
	isb();
}

void tick_again(void)
{
	write_sysreg(cntp_cval_el0, read_sysreg(cntpct_el0) + tick_length);
	write_sysreg(cntp_ctl_el0, tick_length ? 1 : 0);
	isb();
}

void tick_once(uint64_t us)
{
	write_sysreg(cntp_cval_el0, read_sysreg(cntpct_el0) + microseconds(us));
	write_sysreg(cntp_ctl_el0, 1);
	isb();
}

void tick_start(uint64_t us)
{
	tick_length = microseconds(us);
	tick_again();
}
