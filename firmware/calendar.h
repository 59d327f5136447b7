/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dates of the real-time clock, which counts seconds since 1970-01-01 00:00:00
 * UTC in 32 bits: up to 2106-02-07 06:28:15. For EL3 and for what the boot
 * stage leaves to the kernel.
 */
#ifndef CALENDAR_H
#define CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* As people count: January is 1, the first of a month is 1. UTC. */
struct calendar {
	uint16_t year;
	uint8_t month, day, hour, minute, second;
};

void calendar_from_seconds(struct calendar *date, uint32_t seconds);
/* False, with *seconds as it was: no such date, or the clock cannot hold it. */
bool calendar_to_seconds(const struct calendar *date, uint32_t *seconds);

#endif
