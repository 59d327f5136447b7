/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The events that this platform offers. A memory error concerns the machine, so
 * its events are shared; a processor's error concerns that PE. Those are traced
 * and their handlers' ends are looked for. Of several that wait on a PE the first
 * of this list comes first: fatal errors.
 */
#include "events.h"

#include <platform.h>

const struct sdei_event_info platform_events[PLATFORM_EVENTS] = {
	{
		.number = SDEI_EVENT_SIGNALLED,
		.type = SDEI_TYPE_PRIVATE,
		.priority = SDEI_PRIORITY_NORMAL,
		.signalable = true,
		.name = "signalled",
	},
	{
		.number = PLAT_EVENT_MEMORY_FATAL,
		.type = SDEI_TYPE_SHARED,
		.priority = SDEI_PRIORITY_CRITICAL,
		.watched = true,
		.name = "memory-fatal",
	},
	{
		.number = PLAT_EVENT_CPU_FATAL,
		.type = SDEI_TYPE_PRIVATE,
		.priority = SDEI_PRIORITY_CRITICAL,
		.watched = true,
		.name = "processor-fatal",
	},
	{
		.number = PLAT_EVENT_MEMORY_CE,
		.type = SDEI_TYPE_SHARED,
		.priority = SDEI_PRIORITY_NORMAL,
		.watched = true,
		.name = "memory-corrected",
	},
	{
		.number = PLAT_EVENT_MEMORY_UE,
		.type = SDEI_TYPE_SHARED,
		.priority = SDEI_PRIORITY_CRITICAL,
		.watched = true,
		.name = "memory-uncorrected",
	},
	{
		.number = PLAT_EVENT_CPU_CE,
		.type = SDEI_TYPE_PRIVATE,
		.priority = SDEI_PRIORITY_NORMAL,
		.watched = true,
		.name = "processor-corrected",
	},
	{
		.number = PLAT_EVENT_CPU_UE,
		.type = SDEI_TYPE_PRIVATE,
		.priority = SDEI_PRIORITY_CRITICAL,
		.watched = true,
		.name = "processor-uncorrected",
	},
};
