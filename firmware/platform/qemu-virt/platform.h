/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's `virt` machine with secure=on: addresses, interrupt numbers, limits.
 *
 * Plain numbers only: C, assembly, linker scripts and the ACPI table sources
 * all read this file through the C preprocessor.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

/* Fixed by QEMU. */
#define PLAT_FLASH_BASE    0x00000000 /* -bios; Secure */
#define PLAT_FLASH_SIZE    0x04000000
#define PLAT_DEVICE_BASE   0x08000000
#define PLAT_DEVICE_SIZE   0x04000000
#define PLAT_GICD_BASE     0x08000000
#define PLAT_GICR_BASE     0x080A0000
#define PLAT_GICR_STRIDE   0x20000
#define PLAT_UART0_BASE    0x09000000 /* Non-secure console */
#define PLAT_RTC_BASE      0x09010000
#define PLAT_RTC_SIZE      0x00010000 /* nothing else is in it */
#define PLAT_FWCFG_BASE    0x09020000
#define PLAT_UART1_BASE    0x09040000 /* Secure: control line */
#define PLAT_GPIO_BASE     0x090B0000 /* Secure: power and reset */
#define PLAT_GPIO_POWEROFF 0
#define PLAT_GPIO_RESET    1
#define PLAT_SRAM_BASE     0x0E000000 /* Secure RAM */
#define PLAT_SRAM_SIZE     0x01000000
#define PLAT_RAM_BASE      0x40000000
/* Redistributors for which the first region has no room. */
#define PLAT_GICR2_BASE 0x4000000000

/* Interrupts. */
#define PLAT_IRQ_RTC          34
#define PLAT_IRQ_UART1        40
#define PLAT_IRQ_SECURE_TIMER 29
#define PLAT_SGI_KICK         8 /* Group 0: ours */

/* PEs: 16 to a cluster, as QEMU numbers them with a GICv3. */
#define PLAT_MAX_PES         512 /* of QEMU, too */
#define PLAT_PES_PER_CLUSTER 16

/*
 * Non-secure RAM that the firmware uses, from the bottom: QEMU's device tree,
 * what firmware and kernel share for error reports, the ACPI tables, UEFI's
 * runtime services (64 KiB, as pages of a kernel may be), the boot stage (gone
 * once the kernel runs), and the kernel.
 */
#define PLAT_DTB_BASE     0x40000000
#define PLAT_DTB_SIZE     0x00100000
#define PLAT_RAS_BASE     0x40100000
#define PLAT_RAS_SIZE     0x00040000
#define PLAT_ACPI_BASE    0x40140000
#define PLAT_ACPI_SIZE    0x000B0000
#define PLAT_RUNTIME_BASE 0x401F0000
#define PLAT_RUNTIME_SIZE 0x00010000
#define PLAT_BOOT_BASE    0x40200000
#define PLAT_BOOT_SIZE    0x00200000
#define PLAT_KERNEL_BASE  0x40400000
#define PLAT_PAYLOAD_BASE 0x60000000 /* without -kernel */

/* Inside the shared error-report area (ACPI 6.5, chapter 18). */
#define PLAT_RAS_SOURCES 12
/* Records of a source that the HEST asks the kernel to make room for. */
#define PLAT_RAS_PREALLOCATED 0x40
/* Per source 16 bytes: pointer to its status block, read acknowledgement. */
#define PLAT_RAS_REGISTERS  0x40100000
#define PLAT_RAS_EINJ       0x40101000 /* apei.h: SDEI_EINJ_SIZE bytes */
#define PLAT_RAS_ERST       0x40102000 /* SDEI_ERST_SIZE bytes */
#define PLAT_RAS_BERT       0x40103000
#define PLAT_RAS_BERT_SIZE  0x1000
#define PLAT_RAS_BLOCKS     0x40104000
#define PLAT_RAS_BLOCK_SIZE 0x1000
/* Where the kernel's records go through to and from the ERST's store. */
#define PLAT_RAS_ERST_RANGE      0x40110000
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
	(0x245u >> ((event)-PLAT_EVENT_MEMORY_CE) & 1)

#endif
