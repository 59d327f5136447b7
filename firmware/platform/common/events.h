/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The platform's event list.
 */
#ifndef PLATFORM_EVENTS_H
#define PLATFORM_EVENTS_H

#include <sdei/dispatcher.h>

#define PLATFORM_PRIVATE_EVENTS 4
#define PLATFORM_SHARED_EVENTS  10
#define PLATFORM_EVENTS         (PLATFORM_PRIVATE_EVENTS + PLATFORM_SHARED_EVENTS)
/* With the slots. */
#define PLATFORM_PRIVATES (PLATFORM_PRIVATE_EVENTS + PLAT_PRIVATE_SLOTS)
#define PLATFORM_SHAREDS  (PLATFORM_SHARED_EVENTS + PLAT_SHARED_SLOTS)

extern const struct sdei_event_info platform_events[PLATFORM_EVENTS];

#endif
