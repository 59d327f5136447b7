/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The GICv3 as the firmware uses it: Group 0 is ours and arrives at EL3 as FIQ,
 * everything else is Non-secure Group 1 and the client's.
 */
#ifndef EL3_GIC_H
#define EL3_GIC_H

#include <stdint.h>

/* Find the redistributors of so many PEs. PE 0, once. */
void gic_find_pes(unsigned cpus);
/* Everything to Non-secure Group 1; then Group 0 on, which frees other PEs. */
void gic_start_distributor(void);
/* The calling PE's redistributor and CPU interface. */
void gic_start_pe(void);
/* Keep the client's interrupts from waking a PE that is off, or let them. */
void gic_client_interrupts(int on);
/* Is one of the client's interrupts pending for this PE, ignoring masks? */
int gic_client_pending(void);
/*
 * Is an SGI of the client's that is enabled pending or active on PE `pe`, which
 * may be another one? Active it is until the client's handler of it is done.
 */
int gic_has_sgi(unsigned pe);
/* One more than the highest INTID that the distributor implements. */
unsigned gic_interrupt_count(void);
/* Make an SPI ours: Group 0, level, to PE `pe`, enabled. */
void gic_take_spi(unsigned intid, unsigned pe);
/* Send all our SPIs, the bound ones too, to PE `pe`. */
void gic_route_ours(unsigned pe);

/* Acknowledge the highest Group 0 interrupt: 1020 up if there is none. */
static inline unsigned gic_acknowledge(void)
{
	uint64_t intid;

	__asm__ volatile("mrs %0, icc_iar0_el1\n"
			 "dsb sy"
			 : "=r"(intid)
			 :
			 : "memory");
	return (unsigned)intid;
}

/* It stops holding back others, and stays active. */
static inline void gic_drop(unsigned intid)
{
	__asm__ volatile("msr icc_eoir0_el1, %0\n"
			 "isb"
			 :
			 : "r"((uint64_t)intid)
			 : "memory");
}

/* It is over: inactive. A private one's: on PE `pe`. */
void gic_deactivate(unsigned intid, unsigned pe);
/* Make PE `pe` take an FIQ. */
void gic_kick(unsigned pe);

/*
 * A PPI or SPI that the client binds (DEN0054C 5.1.14, 5.1.15): may it, take it
 * and remember how it was configured, give it back.
 */
int gic_bind_check(unsigned intid);
void gic_bind_take(unsigned intid, unsigned pe);
void gic_bind_give(unsigned intid);

#endif
