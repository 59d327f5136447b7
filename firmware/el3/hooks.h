/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What EL3 needs of the machine and cannot take from hardware.h: each platform's el3.c.
 */
#ifndef EL3_HOOKS_H
#define EL3_HOOKS_H

/* How many PEs the machine has, at most PLAT_MAX_PES or not. PE 0 asks once. */
unsigned platform_pes(void);
void __attribute__((noreturn)) platform_power_off(void);
/* All PEs and devices start over; RAM keeps what it has. */
void __attribute__((noreturn)) platform_reset(void);

#endif
