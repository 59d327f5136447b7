/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that the payload knows of the machine, from the platform's hardware.h, and where
 * it lies in its RAM. C, assembly and the linker script read this file.
 */
#ifndef CONFORMANCE_PLATFORM_H
#define CONFORMANCE_PLATFORM_H

#include <hardware.h>
#include <offsets.h>

#define GICD_BASE   PLAT_GICD_BASE
#define GICR_BASE   PLAT_GICR_BASE
#define GICR_END    PLAT_GICR_END
#define GICR_STRIDE PLAT_GICR_STRIDE
/* Redistributors that have no room there; 0: there are none. */
#define GICR2_BASE  PLAT_GICR2_BASE
#define FWCFG_BASE  PLAT_FWCFG_BASE
#define UART_BASE   PLAT_UART0_BASE
#define RTC_BASE    PLAT_RTC_BASE
#define DEVICE_BASE PLAT_DEVICE_BASE

#define RAM_BASE  PLAT_RAM_BASE
#define DTB_BASE  RAM_BASE
#define LOAD_BASE (RAM_BASE + PAYLOAD_OFFSET)
#define LOAD_SIZE 0x00400000
/*
 * The page that probes run in, seen twice: read-only and executable for every
 * exception level, and writable for the client's.
 */
#define PROBE_BASE  (LOAD_BASE + 0x00400000)
#define PROBE_ALIAS (LOAD_BASE + 0x00600000)
/* What grows with the machine: not part of the image, and not cleared. */
#define FAR_BASE (LOAD_BASE + 0x00800000)

#define IRQ_EL1_VIRTUAL_TIMER 27
#define IRQ_EL1_TIMER         30
#define IRQ_EL2_TIMER         26
#define IRQ_UART              PLAT_IRQ_UART0
#define IRQ_RTC               PLAT_IRQ_RTC

#define MAX_PES PLAT_MAX_PES

#endif
