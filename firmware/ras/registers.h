/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers through which the kernel and error reporting talk: EINJ's, and
 * the pair that every error source has. Plain numbers, because the ACPI tables
 * that describe the registers to the kernel are made from this file too.
 *
 * All of this is Non-secure memory: anything may be in it at any time.
 */
#ifndef RAS_REGISTERS_H
#define RAS_REGISTERS_H

/* A source's pair, at PLAT_RAS_REGISTERS + index * RAS_PAIR_SIZE. */
#define RAS_PAIR_SIZE  0x10
#define RAS_PAIR_BLOCK 0x00 /* address of its status block */
#define RAS_PAIR_ACK   0x08 /* bit 0: the block may be rewritten */

/* struct einj_registers, at PLAT_RAS_EINJ; 64 bits each up to the target. */
#define EINJ_BUSY         0x00
#define EINJ_STATUS       0x08
#define EINJ_CAPABILITIES 0x10
#define EINJ_TRIGGER      0x18 /* address of the trigger table */
#define EINJ_TYPE         0x20
#define EINJ_TARGET       0x40 /* SET_ERROR_TYPE_WITH_ADDRESS */

/* The doorbell: the RTC's interrupt mask, whose interrupt is kept raised. */
#define EINJ_DOORBELL 0x10 /* RTCIMSC of the PL031 */

#endif
