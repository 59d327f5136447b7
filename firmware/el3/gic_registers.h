/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of the GICv3 (Arm IHI 0069, chapter 12), and the two priorities
 * that the firmware gives.
 */
#ifndef EL3_GIC_REGISTERS_H
#define EL3_GIC_REGISTERS_H

#include "machine.h"

#include <platform.h>

#define GICD_CTLR           (PLAT_GICD_BASE + 0x0000)
#define GICD_TYPER          (PLAT_GICD_BASE + 0x0004)
#define GICD_IGROUPR(n)     (PLAT_GICD_BASE + 0x0080 + 4 * (n))
#define GICD_ISENABLER(n)   (PLAT_GICD_BASE + 0x0100 + 4 * (n))
#define GICD_ICENABLER(n)   (PLAT_GICD_BASE + 0x0180 + 4 * (n))
#define GICD_ISPENDR(n)     (PLAT_GICD_BASE + 0x0200 + 4 * (n))
#define GICD_ISACTIVER(n)   (PLAT_GICD_BASE + 0x0300 + 4 * (n))
#define GICD_ICACTIVER(n)   (PLAT_GICD_BASE + 0x0380 + 4 * (n))
#define GICD_IPRIORITYR(n)  (PLAT_GICD_BASE + 0x0400 + 4 * (n))
#define GICD_ICFGR(n)       (PLAT_GICD_BASE + 0x0C00 + 4 * (n))
#define GICD_IGRPMODR(n)    (PLAT_GICD_BASE + 0x0D00 + 4 * (n))
#define GICD_IROUTER(intid) (PLAT_GICD_BASE + 0x6000 + 8 * (intid))
#define GICD_CTLR_GROUP0    (1u << 0)
#define GICD_CTLR_GROUP1_NS (1u << 1)
#define GICD_CTLR_ARE       (3u << 4) /* both security states */
#define GICD_CTLR_RWP       (1u << 31)

#define GICR_CTLR          0x0000
#define GICR_CTLR_RWP      (1u << 3)
#define GICR_TYPER         0x0008
#define GICR_TYPER_VLPIS   (1u << 1) /* two more frames (GICv4) */
#define GICR_TYPER_LAST    (1u << 4)
#define GICR_WAKER         0x0014
#define GICR_WAKER_SLEEP   (1u << 1)
#define GICR_WAKER_ASLEEP  (1u << 2)
#define GICR_SGI           0x10000 /* second frame: SGIs, PPIs */
#define GICR_IGROUPR0      (GICR_SGI + 0x0080)
#define GICR_ISENABLER0    (GICR_SGI + 0x0100)
#define GICR_ICENABLER0    (GICR_SGI + 0x0180)
#define GICR_ISPENDR0      (GICR_SGI + 0x0200)
#define GICR_ISACTIVER0    (GICR_SGI + 0x0300)
#define GICR_ICACTIVER0    (GICR_SGI + 0x0380)
#define GICR_IPRIORITYR(n) (GICR_SGI + 0x0400 + 4 * (n))
#define GICR_IGRPMODR0     (GICR_SGI + 0x0D00)

#define PRIORITY_OURS   0x20u
#define PRIORITY_CLIENT 0xA0u
#define FOUR(byte)      (0x01010101u * (byte))

#define FIRST_PPI 16u
#define FIRST_SPI 32u

static inline void set_bits(uint64_t address, uint32_t clear, uint32_t set)
{
	mmio_write32(address, (mmio_read32(address) & ~clear) | set);
}

/* Priorities are bytes, and can be accessed as such. */
static inline uint8_t read_priority(uint64_t base, unsigned intid)
{
	return *(volatile uint8_t *)(base + intid);
}

static inline void write_priority(uint64_t base, unsigned intid,
				  uint8_t priority)
{
	*(volatile uint8_t *)(base + intid) = priority;
}

#endif
