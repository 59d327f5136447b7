/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stays of the boot stage when the kernel runs: UEFI's runtime services
 * (UEFI 2.10, chapter 8), of which there are two, the clock's. The kernel does
 * not see the RTC, whose alarm is EINJ's doorbell; here it reads and sets the
 * date all the same, which touches neither the alarm nor its mask.
 *
 * An image of its own at PLAT_RUNTIME_BASE, which begins with the table. Kernels
 * map it, and the RTC, where they lie (efi.c), so that addresses in it hold.
 * Linked by itself: a call to the boot stage, which is gone by then, is an error
 * at build time.
 */
#include <stddef.h>

#include <calendar.h>
#include <platform.h>

#include "efi.h"

#define RTC_DATA (PLAT_RTC_BASE + 0x00) /* PL031, 3.2: RTCDR */
#define RTC_LOAD (PLAT_RTC_BASE + 0x08) /* RTCLR */

#define ERROR             (UINT64_C(1) << 63)
#define SUCCESS           0
#define INVALID_PARAMETER (ERROR | 2)
#define UNSUPPORTED       (ERROR | 3)

#define UNSPECIFIED_TIMEZONE 0x7ff
#define TIMEZONE_MAX         1440 /* minutes, either way */

/* UEFI 2.10, 8.3.1. */
struct efi_time {
	uint16_t year;
	uint8_t month, day, hour, minute, second;
	uint8_t padding1;
	uint32_t nanosecond;
	int16_t timezone;
	uint8_t daylight;
	uint8_t padding2;
};
_Static_assert(sizeof(struct efi_time) == 16, "UEFI 2.10, 8.3.1");

struct efi_time_capabilities {
	uint32_t resolution; /* Hz */
	uint32_t accuracy;   /* in 1e-6 parts per million */
	uint8_t sets_to_zero;
};

static uint64_t get_time(struct efi_time *time,
			 struct efi_time_capabilities *capabilities)
{
	struct calendar now;

	if (!time)
		return INVALID_PARAMETER;
	calendar_from_seconds(&now, *(const volatile uint32_t *)RTC_DATA);
	time->year = now.year;
	time->month = now.month;
	time->day = now.day;
	time->hour = now.hour;
	time->minute = now.minute;
	time->second = now.second;
	time->padding1 = 0;
	time->nanosecond = 0;
	time->timezone = 0;
	time->daylight = 0;
	time->padding2 = 0;
	if (capabilities) {
		capabilities->resolution = 1;
		capabilities->accuracy = 50000000;
		capabilities->sets_to_zero = 0;
	}
	return SUCCESS;
}

/* UTC, or a time zone's: then UTC is that much later (8.3.1). */
static uint64_t set_time(const struct efi_time *time)
{
	struct calendar date;
	uint32_t seconds;
	int64_t utc;

	if (!time)
		return INVALID_PARAMETER;
	date.year = time->year;
	date.month = time->month;
	date.day = time->day;
	date.hour = time->hour;
	date.minute = time->minute;
	date.second = time->second;
	if (!calendar_to_seconds(&date, &seconds) ||
	    time->nanosecond > 999999999)
		return INVALID_PARAMETER;
	utc = seconds;
	if (time->timezone != UNSPECIFIED_TIMEZONE) {
		if (time->timezone < -TIMEZONE_MAX ||
		    time->timezone > TIMEZONE_MAX)
			return INVALID_PARAMETER;
		utc += time->timezone * 60;
	}
	if (utc < 0 || utc > UINT32_MAX)
		return INVALID_PARAMETER;
	*(volatile uint32_t *)RTC_LOAD = (uint32_t)utc;
	return SUCCESS;
}

static uint64_t unsupported(void)
{
	return UNSUPPORTED;
}

/* UEFI 2.10, 4.5. No entry may be empty, even of what is not there. */
const struct efi_runtime_services runtime_table
	__attribute__((section(".table"), used)) = {
	.signature = EFI_RUNTIME_SIGNATURE,
	.revision = EFI_REVISION,
	.header_size = sizeof(struct efi_runtime_services),
	.service = {
		(const void *)get_time,
		(const void *)set_time,
		(const void *)unsupported,	/* GetWakeupTime */
		(const void *)unsupported,	/* SetWakeupTime */
		(const void *)unsupported,	/* SetVirtualAddressMap */
		(const void *)unsupported,	/* ConvertPointer */
		(const void *)unsupported,	/* GetVariable */
		(const void *)unsupported,	/* GetNextVariableName */
		(const void *)unsupported,	/* SetVariable */
		(const void *)unsupported,	/* GetNextHighMonotonicCount */
		(const void *)unsupported,	/* ResetSystem */
		(const void *)unsupported,	/* UpdateCapsule */
		(const void *)unsupported,	/* QueryCapsuleCapabilities */
		(const void *)unsupported,	/* QueryVariableInfo */
	},
};
