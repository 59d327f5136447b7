/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that the payload knows of the machine, QEMU's `virt`: addresses and
 * interrupt numbers. C, assembly and the linker script read this file.
 */
#ifndef CONFORMANCE_PLATFORM_H
#define CONFORMANCE_PLATFORM_H

#define GICD_BASE   0x08000000
#define GICR_BASE   0x080A0000
#define GICR_END    0x09000000
#define GICR_STRIDE 0x20000
/* Redistributors that have no room there. */
#define GICR2_BASE 0x4000000000
#define FWCFG_BASE 0x09020000
#define UART_BASE  0x09000000
#define RTC_BASE   0x09010000

#define DTB_BASE  0x40000000
#define LOAD_BASE 0x60000000
#define LOAD_SIZE 0x00400000
/*
 * The page that probes run in, seen twice: read-only and executable for every
 * exception level, and writable for the client's.
 */
#define PROBE_BASE  0x60400000
#define PROBE_ALIAS 0x60600000
/* What grows with the machine: not part of the image, and not cleared. */
#define FAR_BASE 0x60800000

#define IRQ_EL1_VIRTUAL_TIMER 27
#define IRQ_EL1_TIMER         30
#define IRQ_EL2_TIMER         26
#define IRQ_UART              33
#define IRQ_RTC               34

#define MAX_PES 512

#endif
