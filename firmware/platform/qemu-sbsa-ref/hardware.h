/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's `sbsa-ref` machine: addresses and interrupt numbers, all of them fixed by
 * QEMU, and the same in its releases 7.2, 10.0 and 11.1. Plain numbers only: C, assembly
 * and linker scripts of the firmware and of conformance/ read this file through the C
 * preprocessor.
 */
#ifndef PLATFORM_HARDWARE_H
#define PLATFORM_HARDWARE_H

#define PLAT_FLASH_BASE  0x00000000 /* flash 0, -bios; Secure */
#define PLAT_FLASH_SIZE  0x10000000
#define PLAT_SRAM_BASE   0x20000000 /* Secure RAM */
#define PLAT_SRAM_SIZE   0x20000000
#define PLAT_DEVICE_BASE 0x40000000 /* what is below */
#define PLAT_DEVICE_SIZE 0x40000000
#define PLAT_GICD_BASE   0x40060000
#define PLAT_GICR_BASE   0x40080000
#define PLAT_GICR_END    0x44080000
#define PLAT_GICR_STRIDE 0x20000
/* Redistributors for which the first region has no room; 0: there are none. */
#define PLAT_GICR2_BASE 0
#define PLAT_EC_BASE    0x50000000 /* Secure: power and reset */
#define PLAT_UART0_BASE 0x60000000 /* Non-secure console */
#define PLAT_RTC_BASE   0x60010000
#define PLAT_RTC_SIZE   0x00010000 /* nothing else is in it */
#define PLAT_FWCFG_BASE 0          /* 0: the machine has none */
#define PLAT_UART1_BASE 0x60030000 /* Secure: control line */
#define PLAT_PCIE_BASE  0xF0000000 /* configuration space of 256 buses */
#define PLAT_PCIE_SIZE  0x10000000
#define PLAT_RAM_BASE   0x10000000000

/* Interrupts. */
#define PLAT_IRQ_UART0        33
#define PLAT_IRQ_RTC          34
#define PLAT_IRQ_UART1        40
#define PLAT_IRQ_SECURE_TIMER 29

/* PEs, and how many to a cluster (Aff0): a power of two. */
#define PLAT_MAX_PES       512 /* of QEMU, too */
#define PLAT_CLUSTER_SHIFT 3

#endif
