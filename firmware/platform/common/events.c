/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The events that this platform offers. A memory error concerns the machine, so
 * its events are shared; a processor's error concerns that PE. Those are traced
 * and their handlers' ends are looked for. Of several that wait on a PE the first
 * of this list comes first: fatal errors.
 */
#include "events.h"

#include <platform.h>

#define PLATFORM_EVENT(num, what, kind, prio) \
	{ \
		.number = PLAT_EVENT_##num, \
		.type = SDEI_TYPE_##kind, \
		.priority = SDEI_PRIORITY_##prio, \
		.watched = true, \
		.name = what, \
	}

const struct sdei_event_info platform_events[PLATFORM_EVENTS] = {
	{
		.number = SDEI_EVENT_SIGNALLED,
		.type = SDEI_TYPE_PRIVATE,
		.priority = SDEI_PRIORITY_NORMAL,
		.signalable = true,
		.name = "signalled",
	},
	/* clang-format off */
	PLATFORM_EVENT(MEMORY_FATAL, "memory-fatal", SHARED, CRITICAL),
	PLATFORM_EVENT(CPU_FATAL, "processor-fatal", PRIVATE, CRITICAL),
	PLATFORM_EVENT(PCIE_FATAL, "pcie-fatal", SHARED, CRITICAL),
	PLATFORM_EVENT(PLATFORM_FATAL, "platform-fatal", SHARED, CRITICAL),
	PLATFORM_EVENT(DUMP, "dump", SHARED, CRITICAL),
	PLATFORM_EVENT(MEMORY_CE, "memory-corrected", SHARED, NORMAL),
	PLATFORM_EVENT(MEMORY_UE, "memory-uncorrected", SHARED, CRITICAL),
	PLATFORM_EVENT(CPU_CE, "processor-corrected", PRIVATE, NORMAL),
	PLATFORM_EVENT(CPU_UE, "processor-uncorrected", PRIVATE, CRITICAL),
	PLATFORM_EVENT(PCIE_CE, "pcie-corrected", SHARED, NORMAL),
	PLATFORM_EVENT(PCIE_UE, "pcie-uncorrected", SHARED, CRITICAL),
	PLATFORM_EVENT(PLATFORM_CE, "platform-corrected", SHARED, NORMAL),
	PLATFORM_EVENT(PLATFORM_UE, "platform-uncorrected", SHARED, CRITICAL),
	/* clang-format on */
};
