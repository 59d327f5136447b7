/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's error sources and its events: names, numbers, types and priorities
 * as the reference firmware has them. An event that a source raises has the
 * source's place in the table, which is also its number in the HEST.
 */
#include "vmm.h"

#define TICK_HZ 1000 /* of time_ms() */

/* what, class, severity, type of its event and priority of that, the event */
#define EACH_SOURCE(DO) \
	DO(MEMORY_CORRECTED, "memory-corrected", MEMORY, CORRECTED, SHARED, \
	   NORMAL, 0x40000100) \
	DO(MEMORY_UNCORRECTED, "memory-uncorrected", MEMORY, RECOVERABLE, \
	   SHARED, CRITICAL, 0x40000101) \
	DO(PROCESSOR_CORRECTED, "processor-corrected", PROCESSOR, CORRECTED, \
	   PRIVATE, NORMAL, 0x40000102) \
	DO(PROCESSOR_UNCORRECTED, "processor-uncorrected", PROCESSOR, \
	   RECOVERABLE, PRIVATE, CRITICAL, 0x40000103) \
	DO(MEMORY_FATAL, "memory-fatal", MEMORY, FATAL, SHARED, CRITICAL, \
	   0x40000104) \
	DO(PROCESSOR_FATAL, "processor-fatal", PROCESSOR, FATAL, PRIVATE, \
	   CRITICAL, 0x40000105) \
	DO(PCIE_CORRECTED, "pcie-corrected", PCIE, CORRECTED, SHARED, NORMAL, \
	   0x40000106) \
	DO(PCIE_UNCORRECTED, "pcie-uncorrected", PCIE, RECOVERABLE, SHARED, \
	   CRITICAL, 0x40000107) \
	DO(PCIE_FATAL, "pcie-fatal", PCIE, FATAL, SHARED, CRITICAL, \
	   0x40000108) \
	DO(PLATFORM_CORRECTED, "platform-corrected", PLATFORM, CORRECTED, \
	   SHARED, NORMAL, 0x40000109) \
	DO(PLATFORM_UNCORRECTED, "platform-uncorrected", PLATFORM, \
	   RECOVERABLE, SHARED, CRITICAL, 0x4000010a) \
	DO(PLATFORM_FATAL, "platform-fatal", PLATFORM, FATAL, SHARED, \
	   CRITICAL, 0x4000010b)

#define SOURCE(index, what, of, how_bad, kind, prio, event) \
	[EVENT_##index] = { \
		.name = (what), \
		.error_class = SDEI_RAS_##of, \
		.severity = SDEI_CPER_##how_bad, \
		.notify = SDEI_RAS_NOTIFY_SDEI, \
		.is_private = SDEI_TYPE_##kind == SDEI_TYPE_PRIVATE, \
		.vector = (event), \
		.registers = RAS_BASE + EVENT_##index * SDEI_RAS_PAIR_SIZE, \
		.block = RAS_BASE + SOURCE_BLOCK_SIZE * (1 + EVENT_##index), \
	},

#define EVENT(index, what, of, how_bad, kind, prio, event) \
	[EVENT_##index] = { \
		.number = (event), \
		.type = SDEI_TYPE_##kind, \
		.priority = SDEI_PRIORITY_##prio, \
		.name = (what), \
	},

_Static_assert(SOURCES *SDEI_RAS_PAIR_SIZE <= SOURCE_BLOCK_SIZE &&
		       (1 + SOURCES) * SOURCE_BLOCK_SIZE <= RAS_SIZE,
	       "the registers' page, and a block each");

const struct sdei_ras_source vmm_sources[SOURCES] = { EACH_SOURCE(SOURCE) };

const struct sdei_event_info vmm_events[EVENTS] = {
	EACH_SOURCE(EVENT)
	[EVENT_WATCHDOG] = {
		.number = 0x40000200,
		.name = "watchdog",
	},
	[EVENT_ZERO] = {
		.number = SDEI_EVENT_SIGNALLED,
		.signalable = true,
		.name = "signalled",
	},
};

struct sdei_ras_config sources_config(const struct vmm *vmm)
{
	return (struct sdei_ras_config){
		.sources = vmm_sources,
		.source_count = SOURCES,
		.pe_count = vmm->options.vcpus,
		.preallocated = SOURCE_RECORDS,
		.block_size = SOURCE_BLOCK_SIZE,
		.queue_size = SOURCE_QUEUE_SIZE,
		.tick_hz = TICK_HZ,
	};
}
