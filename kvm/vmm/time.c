/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time: what passes, and what the calendar says.
 */
#include "vmm.h"

#include <time.h>

uint64_t time_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t time_to_efi(uint32_t seconds)
{
	time_t then = seconds;
	struct tm utc;

	if (!gmtime_r(&then, &utc))
		return 0;
	return (uint64_t)(utc.tm_year + 1900) |
	       (uint64_t)(utc.tm_mon + 1) << 16 | (uint64_t)utc.tm_mday << 24 |
	       (uint64_t)utc.tm_hour << 32 | (uint64_t)utc.tm_min << 40 |
	       (uint64_t)utc.tm_sec << 48;
}

/* timegm() makes a date of anything: one that comes back as it was is one. */
bool time_from_efi(uint64_t efi, uint32_t *seconds)
{
	struct tm utc = {
		.tm_year = (int)(efi & 0xffff) - 1900,
		.tm_mon = (int)(efi >> 16 & 0xff) - 1,
		.tm_mday = (int)(efi >> 24 & 0xff),
		.tm_hour = (int)(efi >> 32 & 0xff),
		.tm_min = (int)(efi >> 40 & 0xff),
		.tm_sec = (int)(efi >> 48 & 0xff),
	};
	time_t then = timegm(&utc);

	if (then < 0 || then > UINT32_MAX)
		return false;
	*seconds = (uint32_t)then;
	return time_to_efi(*seconds) == (efi & ~(UINT64_C(0xff) << 56));
}
