/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What platforms have in common: how the firmware uses the bottom of Non-secure RAM
 * (from PLAT_RAM_BASE, a multiple of 1 GiB), its limits and its events' numbers. For
 * platform.h, which can differ in any of it. Plain numbers only.
 */
#ifndef PLATFORM_AREAS_H
#define PLATFORM_AREAS_H

#include "offsets.h"

#define PLAT_SGI_KICK 8 /* Group 0: ours */

/*
 * From the bottom: the machine's device tree, what firmware and kernel share for error
 * reports, the ACPI tables, the live trace (trace_format.h), UEFI's runtime services
 * (64 KiB, as pages of a kernel may be), the boot stage (gone once the kernel runs), and
 * the kernel. A live trace that wants more room (opt/opensdei/trace-size) has it where
 * the kernel would begin, and the kernel begins behind it.
 */
#define PLAT_DTB_BASE     PLAT_RAM_BASE
#define PLAT_DTB_SIZE     0x00100000
#define PLAT_RAS_BASE     (PLAT_RAM_BASE + 0x00100000)
#define PLAT_RAS_SIZE     0x00040000
#define PLAT_ACPI_BASE    (PLAT_RAM_BASE + 0x00140000)
#define PLAT_ACPI_SIZE    0x00070000
#define PLAT_TRACE_BASE   (PLAT_RAM_BASE + 0x001B0000)
#define PLAT_TRACE_SIZE   0x00040000
#define PLAT_RUNTIME_BASE (PLAT_RAM_BASE + 0x001F0000)
#define PLAT_RUNTIME_SIZE 0x00010000
#define PLAT_BOOT_BASE    (PLAT_RAM_BASE + 0x00200000)
#define PLAT_BOOT_SIZE    0x00200000
#define PLAT_KERNEL_BASE  (PLAT_RAM_BASE + 0x00400000)
/* Without a kernel. */
#define PLAT_PAYLOAD_BASE (PLAT_RAM_BASE + PAYLOAD_OFFSET)

/* Inside the shared error-report area (ACPI 6.5, chapter 18). */
#define PLAT_RAS_SOURCES 12
/* Records of a source that the HEST asks the kernel to make room for. */
#define PLAT_RAS_PREALLOCATED 0x40
/* Per source 16 bytes: pointer to its status block, read acknowledgement. */
#define PLAT_RAS_REGISTERS PLAT_RAS_BASE
#define PLAT_RAS_EINJ \
	(PLAT_RAS_BASE + 0x01000) /* apei.h: SDEI_EINJ_SIZE bytes */
#define PLAT_RAS_ERST       (PLAT_RAS_BASE + 0x02000) /* SDEI_ERST_SIZE bytes */
#define PLAT_RAS_BERT       (PLAT_RAS_BASE + 0x03000)
#define PLAT_RAS_BERT_SIZE  0x1000
#define PLAT_RAS_BLOCKS     (PLAT_RAS_BASE + 0x04000)
#define PLAT_RAS_BLOCK_SIZE 0x1000
/* Where the kernel's records go through to and from the ERST's store. */
#define PLAT_RAS_ERST_RANGE      (PLAT_RAS_BASE + 0x10000)
#define PLAT_RAS_ERST_RANGE_SIZE 0x2000
/* Bytes of a source's queue, in Secure memory: with its state, 4 KiB. */
#define PLAT_RAS_QUEUE_SIZE 3904

/* The store: 31 records, in Secure memory that nothing initialises. */
#define PLAT_RAS_ERST_STORE 0x40000

/* The doorbell of EINJ and ERST: the RTC's interrupt mask (RTCIMSC of the PL031). */
#define PLAT_DOORBELL 0x10

/* As many interrupts can the client bind, at most (opt/opensdei/slots). */
#define PLAT_PRIVATE_SLOTS 3
#define PLAT_SHARED_SLOTS  64

/* Events, beside 0. HEST (sources.h) and the firmware's event list both name them. */
#define PLAT_EVENT_MEMORY_CE      0x40000100 /* shared, normal */
#define PLAT_EVENT_MEMORY_UE      0x40000101 /* shared, critical */
#define PLAT_EVENT_CPU_CE         0x40000102 /* private, normal */
#define PLAT_EVENT_CPU_UE         0x40000103 /* private, critical */
#define PLAT_EVENT_MEMORY_FATAL   0x40000104 /* shared, critical */
#define PLAT_EVENT_CPU_FATAL      0x40000105 /* private, critical */
#define PLAT_EVENT_PCIE_CE        0x40000106 /* shared, normal */
#define PLAT_EVENT_PCIE_UE        0x40000107 /* shared, critical */
#define PLAT_EVENT_PCIE_FATAL     0x40000108 /* shared, critical */
#define PLAT_EVENT_PLATFORM_CE    0x40000109 /* shared, normal */
#define PLAT_EVENT_PLATFORM_UE    0x4000010A /* shared, critical */
#define PLAT_EVENT_PLATFORM_FATAL 0x4000010B /* shared, critical */
#define PLAT_EVENT_DUMP           0x4000010C /* shared, critical: AGDI */
/* Of one of these: is it a corrected error's? The first, third, seventh and tenth. */
#define PLAT_EVENT_IS_CORRECTED(event) \
	(0x245u >> ((event) - PLAT_EVENT_MEMORY_CE) & 1)

#endif
