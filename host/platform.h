/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that the host knows of the machine, QEMU's `virt`, and where it puts
 * things: C, assembly and the linker script read this file.
 */
#ifndef HOST_PLATFORM_H
#define HOST_PLATFORM_H

#define GICD_BASE   0x08000000
#define GICR_BASE   0x080A0000
#define GICR_STRIDE 0x20000
#define UART_BASE   0x09000000
#define RTC_BASE    0x09010000

/* EL2 sees its own timer as EL1 sees the other one: only the INTIDs differ. */
#if HOST_VHE
#define IRQ_TICK 26 /* EL2 physical timer */
#else
#define IRQ_TICK 30
#endif
#define IRQ_EVENT 27 /* EL1 virtual timer: bound */
#define IRQ_UART  33
#define IRQ_RTC   34

#define MAX_CPUS 8

/*
 * Physical memory. An image is loaded at LOAD_BASE; it leaves a clean copy of
 * itself IMAGE_STRIDE higher for kexec and crash, which does the same. What one
 * image tells the next lies at HANDOVER.
 */
#define LOAD_BASE    0x60000000
#define IMAGE_STRIDE 0x08000000
#define IMAGE_SIZE   0x00800000 /* with .bss; 2 MiB blocks */
#define HANDOVER     0x5ff00000

/*
 * Private events of this machine's firmware, if it has them, and its service to
 * raise one: opt/opensdei/test in docs/firmware.md.
 */
#define EVENT_NORMAL   0x40000102
#define EVENT_CRITICAL 0x40000103
#define RAISE_FID      0xC2000002

/* And those of sdei-vmm for its guests: private, and shared. */
#define EVENT_OUTSIDE_NORMAL   0x40000200
#define EVENT_OUTSIDE_CRITICAL 0x40000101

/*
 * Virtual memory, upper half, 39 bits: all that is physical below 3 GiB, then
 * this image wherever it is.
 */
#define LINEAR_BASE 0xffffff8000000000
#define IMAGE_BASE  0xffffff80c0000000

/* The lower half: a process of the host. */
#define USER_TEXT      0x00400000
#define USER_DATA      0x00600000
#define USER_DATA_SIZE 0x4000

/* A guest's physical memory. */
#define GUEST_TEXT      0x00400000
#define GUEST_DATA      0x00600000
#define GUEST_DATA_SIZE 0x4000

#endif
