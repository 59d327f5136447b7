/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record's time: seconds to the timestamp of UEFI 2.10, N.2.1.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include <sdei/cper.h>

/* Against the C library, over all years that four digits write. */
static void times(void **state)
{
	(void)state;
	for (uint64_t day = 0; day < 2932897; day++) {
		time_t seconds = (time_t)(day * 86400 + day % 86400);
		uint64_t time = sdei_cper_time((uint64_t)seconds);
		char text[40], expected[40];
		struct tm tm;

		gmtime_r(&seconds, &tm);
		strftime(expected, sizeof(expected), "%Y%m%d01%H%M%S", &tm);
		snprintf(text, sizeof(text), "%02x%02x%02x%02x%02x%02x%02x%02x",
			 (unsigned)(time >> 56), (unsigned)(time >> 48) & 0xff,
			 (unsigned)(time >> 40) & 0xff,
			 (unsigned)(time >> 32) & 0xff,
			 (unsigned)(time >> 24) & 0xff,
			 (unsigned)(time >> 16) & 0xff,
			 (unsigned)(time >> 8) & 0xff, (unsigned)time & 0xff);
		assert_string_equal(text, expected);
	}
	assert_int_equal(sdei_cper_time(253402300799), 0x9999123101235959);
	assert_int_equal(sdei_cper_time(253402300800), 0);
	assert_int_equal(sdei_cper_time(UINT64_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests_name("record's time", tests, NULL, NULL);
}
