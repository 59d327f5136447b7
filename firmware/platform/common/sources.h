/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The platform's error sources: what EL3 runs and what the boot stage announces
 * to the kernel. Their order is that of the HEST.
 */
#ifndef PLATFORM_SOURCES_H
#define PLATFORM_SOURCES_H

#include <sdei/apei.h>

#include <platform.h>

#define PLATFORM_SOURCE(n, what, of, how_bad, per_pe, event) \
	{ \
		.name = what, \
		.error_class = SDEI_RAS_##of, \
		.severity = SDEI_CPER_##how_bad, \
		.notify = SDEI_RAS_NOTIFY_SDEI, \
		.is_private = per_pe, \
		.vector = event, \
		.registers = PLAT_RAS_REGISTERS + (n) * SDEI_RAS_PAIR_SIZE, \
		.block = PLAT_RAS_BLOCKS + (n) * PLAT_RAS_BLOCK_SIZE, \
	}

static const struct sdei_ras_source platform_sources[PLAT_RAS_SOURCES] = {
	/* clang-format off */
	PLATFORM_SOURCE(0, "memory-corrected", MEMORY, CORRECTED, false, PLAT_EVENT_MEMORY_CE),
	PLATFORM_SOURCE(1, "memory-uncorrected", MEMORY, RECOVERABLE, false, PLAT_EVENT_MEMORY_UE),
	PLATFORM_SOURCE(2, "processor-corrected", PROCESSOR, CORRECTED, true, PLAT_EVENT_CPU_CE),
	PLATFORM_SOURCE(3, "processor-uncorrected", PROCESSOR, RECOVERABLE, true, PLAT_EVENT_CPU_UE),
	PLATFORM_SOURCE(4, "memory-fatal", MEMORY, FATAL, false, PLAT_EVENT_MEMORY_FATAL),
	PLATFORM_SOURCE(5, "processor-fatal", PROCESSOR, FATAL, true, PLAT_EVENT_CPU_FATAL),
	PLATFORM_SOURCE(6, "pcie-corrected", PCIE, CORRECTED, false, PLAT_EVENT_PCIE_CE),
	PLATFORM_SOURCE(7, "pcie-uncorrected", PCIE, RECOVERABLE, false, PLAT_EVENT_PCIE_UE),
	PLATFORM_SOURCE(8, "pcie-fatal", PCIE, FATAL, false, PLAT_EVENT_PCIE_FATAL),
	PLATFORM_SOURCE(9, "platform-corrected", PLATFORM, CORRECTED, false, PLAT_EVENT_PLATFORM_CE),
	PLATFORM_SOURCE(10, "platform-uncorrected", PLATFORM, RECOVERABLE, false, PLAT_EVENT_PLATFORM_UE),
	PLATFORM_SOURCE(11, "platform-fatal", PLATFORM, FATAL, false, PLAT_EVENT_PLATFORM_FATAL),
	/* clang-format on */
};

/* Members of struct sdei_ras_config, of struct sdei_bert_config. */
#define PLATFORM_RAS \
	.sources = platform_sources, .source_count = PLAT_RAS_SOURCES, \
	.preallocated = PLAT_RAS_PREALLOCATED, \
	.block_size = PLAT_RAS_BLOCK_SIZE, .queue_size = PLAT_RAS_QUEUE_SIZE
#define PLATFORM_BERT .region = PLAT_RAS_BERT, .region_size = PLAT_RAS_BERT_SIZE

#define PLATFORM_DOORBELL { PLAT_RTC_BASE + PLAT_DOORBELL, 1, 32 }

/*
 * ERST's. A record of 8 KiB takes about 0.12 million instructions, but on a busy emulator
 * the PE that has the doorbell may be late.
 */
#define PLATFORM_ERST \
	.registers = PLAT_RAS_ERST, .range = PLAT_RAS_ERST_RANGE, \
	.range_size = PLAT_RAS_ERST_RANGE_SIZE, .doorbell = PLATFORM_DOORBELL, \
	.usual_us = 1000, .longest_us = 200000

/* Of errors that are this platform's alone, and of its firmware's records. */
/* 7d1f3e0a-5c2b-4f6e-9a41-0d8c6b2e7f53 */
#define PLATFORM_VENDOR_GUID \
	{ \
		0x0a, 0x3e, 0x1f, 0x7d, 0x2b, 0x5c, 0x6e, 0x4f, \
		0x9a, 0x41, 0x0d, 0x8c, 0x6b, 0x2e, 0x7f, 0x53, \
	}
/* c3a9508e-1b74-4d29-8e6f-52f07a94d1b8 */
#define PLATFORM_RECORD_GUID \
	{ \
		0x8e, 0x50, 0xa9, 0xc3, 0x74, 0x1b, 0x29, 0x4d, \
		0x8e, 0x6f, 0x52, 0xf0, 0x7a, 0x94, 0xd1, 0xb8, \
	}

/*
 * What the kernel can ask for: the members of struct sdei_einj_config. A vendor's
 * errors are named after QEMU's host bridge, which is always there.
 */
#define PLATFORM_EINJ \
	.registers = PLAT_RAS_EINJ, .doorbell = PLATFORM_DOORBELL, \
	.types = SDEI_EINJ_PROCESSOR | SDEI_EINJ_MEMORY | SDEI_EINJ_PCIE | \
		 SDEI_EINJ_PLATFORM | SDEI_EINJ_CXL_CACHE | \
		 SDEI_EINJ_CXL_MEM | SDEI_EINJ_VENDOR, \
	.types2 = SDEI_EINJ2_PROCESSOR | SDEI_EINJ2_MEMORY | SDEI_EINJ2_PCIE, \
	.vendor_guid = PLATFORM_VENDOR_GUID, \
	.vendor_bytes = SDEI_EINJ_VENDOR_MAX, .vendor_id = 0x1b36, \
	.vendor_device = 0x0008, .platform_guid = PLATFORM_RECORD_GUID

#endif
