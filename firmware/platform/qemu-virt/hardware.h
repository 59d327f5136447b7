/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's `virt` machine with secure=on: addresses and interrupt numbers, all of them
 * fixed by QEMU. Plain numbers only: C, assembly and linker scripts of the firmware and
 * of conformance/ read this file through the C preprocessor.
 */
#ifndef PLATFORM_HARDWARE_H
#define PLATFORM_HARDWARE_H

#define PLAT_FLASH_BASE  0x00000000 /* -bios; Secure */
#define PLAT_FLASH_SIZE  0x04000000
#define PLAT_DEVICE_BASE 0x08000000 /* what is below, up to the next GiB */
#define PLAT_DEVICE_SIZE 0x04000000
#define PLAT_GICD_BASE   0x08000000
#define PLAT_GICR_BASE   0x080A0000
#define PLAT_GICR_END    0x09000000
#define PLAT_GICR_STRIDE 0x20000
/* Redistributors for which the first region has no room; 0: there are none. */
#define PLAT_GICR2_BASE 0x4000000000
#define PLAT_UART0_BASE 0x09000000 /* Non-secure console */
#define PLAT_RTC_BASE   0x09010000
#define PLAT_RTC_SIZE   0x00010000 /* nothing else is in it */
#define PLAT_FWCFG_BASE 0x09020000 /* 0: the machine has none */
#define PLAT_UART1_BASE 0x09040000 /* Secure: control line */
#define PLAT_GPIO_BASE  0x090B0000 /* Secure: power and reset */
#define PLAT_SRAM_BASE  0x0E000000 /* Secure RAM */
#define PLAT_SRAM_SIZE  0x01000000
#define PLAT_RAM_BASE   0x40000000

/* Interrupts. */
#define PLAT_IRQ_UART0        33
#define PLAT_IRQ_RTC          34
#define PLAT_IRQ_UART1        40
#define PLAT_IRQ_SECURE_TIMER 29

/* PEs, and how many to a cluster (Aff0): a power of two. */
#define PLAT_MAX_PES       512 /* of QEMU, too */
#define PLAT_CLUSTER_SHIFT 4

#endif
