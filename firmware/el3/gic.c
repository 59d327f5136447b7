/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The GICv3 (Arm IHI 0069). Interrupts of Group 0 get a priority in the upper
 * half, which Non-secure software can neither name nor mask.
 */
#include "gic.h"

#include "gic_registers.h"
#include "pe.h"

#define OUR_PRIVATE (1u << PLAT_SGI_KICK | 1u << PLAT_IRQ_SECURE_TIMER)

/*
 * Which SPIs are ours is which are in Group 0. The lock is for registers that
 * several interrupts share.
 */
spinlock gic_lock;

static unsigned pe_count;

unsigned machine_pe_count(void)
{
	return pe_count;
}

void gic_find_pes(unsigned cpus)
{
	const uint64_t second = PLAT_GICR2_BASE;
	uint64_t frame = PLAT_GICR_BASE;
	unsigned n = 0;

	while (n < cpus && n < PLAT_MAX_PES) {
		struct pe *pe = pe_of(n);
		uint64_t typer = mmio_read64(frame + GICR_TYPER);

		/* Or an event would be sent to a PE that is not there. */
		if (typer >> 32 != machine_affinity(n))
			refuse("redistributor %u is that of affinity 0x%lx, not of 0x%lx",
			       n, typer >> 32, machine_affinity(n));
		__builtin_memset(pe, 0, sizeof(*pe));
		pe->index = n++;
		pe->gicr = frame;
		if (typer & GICR_TYPER_LAST) {
			if (!second || frame >= second || n == cpus)
				break;
			mmu_map_gicr2();
			frame = second;
		} else {
			frame += typer & GICR_TYPER_VLPIS ? 2 * PLAT_GICR_STRIDE
							  : PLAT_GICR_STRIDE;
		}
	}
	if (n != cpus)
		refuse("the firmware has found %u of %u CPUs, and has memory for %u",
		       n, cpus, PLAT_MAX_PES);
	pe_count = n;
}

static void wait_for_writes(void)
{
	while (mmio_read32(GICD_CTLR) & GICD_CTLR_RWP)
		;
}

void gic_start_distributor(void)
{
	unsigned words = (mmio_read32(GICD_TYPER) & 0x1f) + 1;

	mmio_write32(GICD_CTLR, GICD_CTLR_ARE);
	wait_for_writes();
	for (unsigned n = 1; n < words; n++) {
		mmio_write32(GICD_ICENABLER(n), ~0u);
		mmio_write32(GICD_IGROUPR(n), ~0u);
		mmio_write32(GICD_IGRPMODR(n), 0);
		for (unsigned i = 8 * n; i < 8 * (n + 1); i++)
			mmio_write32(GICD_IPRIORITYR(i), FOUR(PRIORITY_CLIENT));
	}
	wait_for_writes();
	__asm__ volatile("dsb sy");
	mmio_write32(GICD_CTLR,
		     GICD_CTLR_ARE | GICD_CTLR_GROUP1_NS | GICD_CTLR_GROUP0);
	wait_for_writes();
}

/*
 * The end of an interrupt at EL3 drops its priority and leaves it active: a
 * bound one must not hold back the client's while its handler runs.
 */
#define EOI_MODE_EL3 (UINT64_C(1) << 2)

/* Register interface, priority mask, Group 0 on. */
static void start_cpu_interface(void)
{
	__asm__ volatile("msr icc_sre_el3, %0\n"
			 "isb"
			 :
			 : "r"(UINT64_C(0xf)));
	if (cpu_client_el() == 2)
		__asm__ volatile("msr icc_sre_el2, %0" : : "r"(UINT64_C(0xf)));
	__asm__ volatile("msr icc_sre_el1, %0\n"
			 "isb\n"
			 "msr icc_pmr_el1, %1\n"
			 "msr icc_bpr0_el1, %2\n"
			 "msr icc_ctlr_el3, %3\n"
			 "msr icc_igrpen0_el1, %4\n"
			 "isb"
			 :
			 : "r"(UINT64_C(0x7)), "r"(UINT64_C(0xff)),
			   "r"(UINT64_C(0)), "r"(EOI_MODE_EL3),
			   "r"(UINT64_C(1)));
}

void gic_start_pe(void)
{
	uint64_t gicr = this_pe()->gicr;

	set_bits(gicr + GICR_WAKER, GICR_WAKER_SLEEP, 0);
	while (mmio_read32(gicr + GICR_WAKER) & GICR_WAKER_ASLEEP)
		;
	mmio_write32(gicr + GICR_IGROUPR0, ~OUR_PRIVATE);
	mmio_write32(gicr + GICR_IGRPMODR0, 0);
	for (unsigned i = 0; i < 8; i++)
		mmio_write32(gicr + GICR_IPRIORITYR(i), FOUR(PRIORITY_CLIENT));
	write_priority(gicr + GICR_IPRIORITYR(0), PLAT_SGI_KICK, PRIORITY_OURS);
	write_priority(gicr + GICR_IPRIORITYR(0), PLAT_IRQ_SECURE_TIMER,
		       PRIORITY_OURS);
	mmio_write32(gicr + GICR_ISENABLER0, OUR_PRIVATE);
	start_cpu_interface();
}

void gic_client_interrupts(int on)
{
	/* ICC_IGRPEN1_EL3.EnableGrp1NS */
	__asm__ volatile("msr icc_igrpen1_el3, %0\n"
			 "isb"
			 :
			 : "r"((uint64_t)(on != 0)));
}

int gic_client_pending(void)
{
	uint64_t intid;

	__asm__ volatile("mrs %0, icc_hppir1_el1" : "=r"(intid));
	return intid < 1020 || intid >= 8192;
}

int gic_has_sgi(unsigned pe)
{
	uint64_t gicr = pe_of(pe)->gicr;
	uint32_t some = mmio_read32(gicr + GICR_ISPENDR0) |
			mmio_read32(gicr + GICR_ISACTIVER0);

	return (some & mmio_read32(gicr + GICR_ISENABLER0) & 0xffff &
		~OUR_PRIVATE) != 0;
}

unsigned gic_interrupt_count(void)
{
	unsigned lines = 32 * ((mmio_read32(GICD_TYPER) & 0x1f) + 1);

	return lines < 1020 ? lines : 1020;
}

void gic_take_spi(unsigned intid, unsigned pe)
{
	spin_lock(&gic_lock);
	set_bits(GICD_IGROUPR(intid / 32), 1u << intid % 32, 0);
	set_bits(GICD_ICFGR(intid / 16), 3u << intid % 16 * 2, 0);
	write_priority(GICD_IPRIORITYR(0), intid, PRIORITY_OURS);
	mmio_write64(GICD_IROUTER(intid), machine_affinity(pe));
	mmio_write32(GICD_ISENABLER(intid / 32), 1u << intid % 32);
	spin_unlock(&gic_lock);
}

void gic_route_ours(unsigned pe)
{
	uint64_t affinity = machine_affinity(pe);

	spin_lock(&gic_lock);
	for (unsigned n = 1; n < gic_interrupt_count() / 32; n++) {
		uint32_t ours = ~mmio_read32(GICD_IGROUPR(n));

		for (; ours; ours &= ours - 1)
			mmio_write64(GICD_IROUTER(
					     32 * n +
					     (unsigned)__builtin_ctz(ours)),
				     affinity);
	}
	spin_unlock(&gic_lock);
}

void gic_deactivate(unsigned intid, unsigned pe)
{
	__asm__ volatile("dsb sy" : : : "memory");
	if (intid < FIRST_SPI)
		mmio_write32(pe_of(pe)->gicr + GICR_ICACTIVER0, 1u << intid);
	else
		mmio_write32(GICD_ICACTIVER(intid / 32), 1u << intid % 32);
}

void gic_kick(unsigned pe)
{
	uint64_t aff = machine_affinity(pe);
	uint64_t sgi = (aff >> 32 & 0xff) << 48 | (aff >> 16 & 0xff) << 32 |
		       (aff >> 8 & 0xff) << 16 | (uint64_t)PLAT_SGI_KICK << 24 |
		       UINT64_C(1) << (aff & 0xf);

	/* What the target is to see is written before it is woken. */
	__asm__ volatile("dsb ish\n"
			 "msr icc_sgi0r_el1, %0\n"
			 "isb"
			 :
			 : "r"(sgi)
			 : "memory");
}
