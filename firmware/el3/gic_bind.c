/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts that the client binds: from its Group 1 to our Group 0 and back.
 * Their trigger, edge or level, is the client's business and stays as it is.
 *
 * The dispatcher's bind lock keeps two of these from concerning the same
 * interrupt at once.
 */
#include "gic.h"
#include "gic_registers.h"
#include "pe.h"

#include <sdei/abi.h>

extern spinlock gic_lock;

/* How the client had configured the SPIs that it has bound. */
static struct {
	uint8_t priority[1020];
	uint64_t router[1020];
} before;

static bool bit_of(uint64_t address, unsigned intid)
{
	return mmio_read32(address) >> intid % 32 & 1;
}

static int check_private(unsigned intid)
{
	for (unsigned pe = 0; pe < machine_pe_count(); pe++) {
		uint64_t gicr = pe_of(pe)->gicr;

		/* Before its first CPU_ON a PE has all of them in Group 1. */
		if (!bit_of(gicr + GICR_IGROUPR0, intid))
			return SDEI_INVALID_PARAMETERS;
		if (bit_of(gicr + GICR_ISACTIVER0, intid) ||
		    bit_of(gicr + GICR_ISPENDR0, intid))
			return SDEI_DENIED;
	}
	return SDEI_SUCCESS;
}

int gic_bind_check(unsigned intid)
{
	unsigned n = intid / 32;

	if (intid < FIRST_SPI)
		return check_private(intid);
	if (!bit_of(GICD_IGROUPR(n), intid))
		return SDEI_INVALID_PARAMETERS;
	if (bit_of(GICD_ISACTIVER(n), intid) || bit_of(GICD_ISPENDR(n), intid))
		return SDEI_DENIED;
	return SDEI_SUCCESS;
}

static void take_private(unsigned intid)
{
	for (unsigned pe = 0; pe < machine_pe_count(); pe++) {
		uint64_t gicr = pe_of(pe)->gicr;
		uint64_t priorities = gicr + GICR_IPRIORITYR(0);

		pe_of(pe)->priority[intid - FIRST_PPI] =
			read_priority(priorities, intid);
		write_priority(priorities, intid, PRIORITY_OURS);
		set_bits(gicr + GICR_IGROUPR0, 1u << intid, 0);
		mmio_write32(gicr + GICR_ISENABLER0, 1u << intid);
	}
}

void gic_bind_take(unsigned intid, unsigned pe)
{
	spin_lock(&gic_lock);
	if (intid < FIRST_SPI) {
		take_private(intid);
	} else {
		before.priority[intid] = read_priority(GICD_IPRIORITYR(0),
						       intid);
		before.router[intid] = mmio_read64(GICD_IROUTER(intid));
		write_priority(GICD_IPRIORITYR(0), intid, PRIORITY_OURS);
		mmio_write64(GICD_IROUTER(intid), machine_affinity(pe));
		set_bits(GICD_IGROUPR(intid / 32), 1u << intid % 32, 0);
		mmio_write32(GICD_ISENABLER(intid / 32), 1u << intid % 32);
	}
	spin_unlock(&gic_lock);
}

static void give_private(unsigned intid)
{
	for (unsigned pe = 0; pe < machine_pe_count(); pe++) {
		uint64_t gicr = pe_of(pe)->gicr;

		mmio_write32(gicr + GICR_ICENABLER0, 1u << intid);
		while (mmio_read32(gicr + GICR_CTLR) & GICR_CTLR_RWP)
			;
		mmio_write32(gicr + GICR_ICACTIVER0, 1u << intid);
		set_bits(gicr + GICR_IGROUPR0, 0, 1u << intid);
		write_priority(gicr + GICR_IPRIORITYR(0), intid,
			       pe_of(pe)->priority[intid - FIRST_PPI]);
	}
}

void gic_bind_give(unsigned intid)
{
	spin_lock(&gic_lock);
	if (intid < FIRST_SPI) {
		give_private(intid);
	} else {
		mmio_write32(GICD_ICENABLER(intid / 32), 1u << intid % 32);
		while (mmio_read32(GICD_CTLR) & GICD_CTLR_RWP)
			;
		mmio_write32(GICD_ICACTIVER(intid / 32), 1u << intid % 32);
		set_bits(GICD_IGROUPR(intid / 32), 0, 1u << intid % 32);
		write_priority(GICD_IPRIORITYR(0), intid,
			       before.priority[intid]);
		mmio_write64(GICD_IROUTER(intid), before.router[intid]);
	}
	spin_unlock(&gic_lock);
}
