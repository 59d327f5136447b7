/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the boot stage tells EL3 just before it starts the kernel, by SMCs in the
 * SiP range (SMCCC 1.2, 6.2). EL3 takes the hand-off once and then refuses all of
 * this, so that nothing that runs later can use it.
 *
 *   x0 = BOOT_FID_MEMORY, x1 = start, x2 = size (bytes): here is, or can be, RAM
 *   returns 0, or -1 (NOT_SUPPORTED): after the hand-off, or no room for more
 *
 *   x0 = BOOT_FID_PCIE, x1 = start, x2 = size (bytes) of the configuration space of
 *   PCI segment 0, a MiB a bus (ECAM); returns 0, or -1: as above, or not there
 *
 *   x0 = BOOT_FID_HANDOFF, x1 = RAM base, x2 = RAM size (bytes), x3 = flags
 *   returns 0, or -1 (NOT_SUPPORTED) when it was already made, or when the flags
 *   ask for more bind slots than there are, or for a live trace of another size
 *   than these
 */
#ifndef BOOT_HANDOFF_H
#define BOOT_HANDOFF_H

#define BOOT_FID_HANDOFF 0xC2000001
#define BOOT_FID_MEMORY  0xC2000003
#define BOOT_FID_PCIE    0xC2000004

/* As many ranges of RAM that do not touch each other. */
#define BOOT_MEMORY_RANGES 128

/* A kernel is started with our ACPI tables: publish error records, arm EINJ. */
#define BOOT_HANDOFF_ACPI (1 << 0)
/* SDEI_VERSION is to report 1.0 (opt/opensdei/abi). */
#define BOOT_HANDOFF_ABI_1_0 (1 << 1)
/* The test service is to be had (opt/opensdei/test). */
#define BOOT_HANDOFF_TEST (1 << 2)
/* The live trace's memory is EL3's (trace_format.h); and it begins at once
 * (opt/opensdei/trace). */
#define BOOT_HANDOFF_TRACE    (1 << 3)
#define BOOT_HANDOFF_TRACE_ON (1 << 4)
/*
 * Its memory, in KiB (opt/opensdei/trace-size): PLAT_TRACE_SIZE, at PLAT_TRACE_BASE; or
 * more, a multiple of TRACE_ALIGNMENT, at PLAT_KERNEL_BASE, and the kernel behind it.
 */
#define TRACE_ALIGNMENT               0x200000
#define BOOT_HANDOFF_TRACE_SIZE(kib)  ((uint64_t)(kib) << 40)
#define BOOT_HANDOFF_TRACE_KIB(flags) ((flags) >> 40)
/* Of these as many are the client's to bind (opt/opensdei/slots). */
#define BOOT_HANDOFF_SLOTS(private, shared) \
	((uint64_t)(private) << 16 | (uint64_t)(shared) << 24)
#define BOOT_HANDOFF_PRIVATE(flags) ((unsigned)((flags) >> 16 & 0xff))
#define BOOT_HANDOFF_SHARED(flags)  ((unsigned)((flags) >> 24 & 0xff))

#endif
