/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clock's runtime services (UEFI 2.10, 8.3), on a variable for an RTC. That
 * kernels find and call them is for the system tests to say.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include <platform.h>

static uint32_t rtc[8];
#undef PLAT_RTC_BASE
#define PLAT_RTC_BASE ((uintptr_t)rtc)
/* Included, not linked: here its table has no place of its own. */
#include "../../firmware/boot/runtime.c"

#define LEAP_DAY 1835481598u /* 2028-02-29 23:59:58 UTC */

static const struct efi_time leap_day = {
	.year = 2028,
	.month = 2,
	.day = 29,
	.hour = 23,
	.minute = 59,
	.second = 58,
};

static int setup(void **state)
{
	(void)state;
	memset(rtc, 0, sizeof(rtc));
	rtc[0] = LEAP_DAY;
	return 0;
}

static void table(void **state)
{
	(void)state;
	assert_memory_equal(&runtime_table.signature, "RUNTSERV", 8);
	assert_int_equal(runtime_table.header_size, 24 + 14 * 8);
	for (unsigned i = 0; i < 14; i++)
		assert_non_null(runtime_table.service[i]);
	assert_int_equal(unsupported(), 0x8000000000000003);
}

static void reads(void **state)
{
	struct efi_time_capabilities capabilities;
	struct efi_time time;

	(void)state;
	memset(&time, 0xa5, sizeof(time));
	assert_int_equal(get_time(&time, NULL), 0);
	assert_memory_equal(&time, &leap_day, sizeof(time));
	memset(&capabilities, 0xa5, sizeof(capabilities));
	assert_int_equal(get_time(&time, &capabilities), 0);
	assert_int_equal(capabilities.resolution, 1);
	assert_int_equal(capabilities.sets_to_zero, 0);
	assert_int_equal(get_time(NULL, NULL), 0x8000000000000002);
}

/* Nothing but the load register is written: the rest is the doorbell's. */
static void sets(void **state)
{
	static const struct {
		int16_t zone;
		uint32_t utc;
	} zones[] = {
		{ 0, LEAP_DAY },
		{ 0x7ff, LEAP_DAY },
		{ -60, LEAP_DAY - 3600 },
		{ 1440, LEAP_DAY + 86400 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		struct efi_time time = leap_day;

		time.timezone = zones[i].zone;
		assert_int_equal(set_time(&time), 0);
		assert_int_equal(rtc[2], zones[i].utc);
		rtc[2] = 0;
	}
	rtc[0] = 0;
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(rtc[i], 0);
}

static void refuses(void **state)
{
	struct efi_time wrong[] = { leap_day, leap_day, leap_day, leap_day,
				    leap_day };

	(void)state;
	wrong[0].day = 30;
	wrong[1].nanosecond = 1000000000;
	wrong[2].timezone = 1441;
	wrong[3].timezone = -1441;
	wrong[4] = (struct efi_time){
		.year = 1970, .month = 1, .day = 1, .timezone = -1
	};
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(set_time(&wrong[i]), 0x8000000000000002);
	assert_int_equal(set_time(NULL), 0x8000000000000002);
	assert_int_equal(rtc[2], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(table, setup),
		cmocka_unit_test_setup(reads, setup),
		cmocka_unit_test_setup(sets, setup),
		cmocka_unit_test_setup(refuses, setup),
	};

	return cmocka_run_group_tests_name("runtime", tests, NULL, NULL);
}
