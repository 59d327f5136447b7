/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The firmware's calendar, against the C library's, on every day that the clock
 * can hold.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

#include <calendar.h>

#define DAY 86400u

static void check(uint32_t seconds)
{
	time_t time = seconds;
	struct calendar date;
	struct tm tm;
	uint32_t back = ~seconds;

	gmtime_r(&time, &tm);
	calendar_from_seconds(&date, seconds);
	assert_int_equal(date.year, tm.tm_year + 1900);
	assert_int_equal(date.month, tm.tm_mon + 1);
	assert_int_equal(date.day, tm.tm_mday);
	assert_int_equal(date.hour, tm.tm_hour);
	assert_int_equal(date.minute, tm.tm_min);
	assert_int_equal(date.second, tm.tm_sec);
	assert_true(calendar_to_seconds(&date, &back));
	assert_int_equal(back, seconds);
}

static void every_day(void **state)
{
	(void)state;
	for (uint64_t day = 0; day <= UINT32_MAX; day += DAY) {
		check((uint32_t)day);
		check((uint32_t)(day + day / DAY % DAY));
		if (day + DAY - 1 <= UINT32_MAX)
			check((uint32_t)(day + DAY - 1));
	}
	check(UINT32_MAX);
}

static void no_such_date(void **state)
{
	static const struct calendar wrong[] = {
		{ 1969, 12, 31, 23, 59, 59 }, { 2106, 2, 7, 6, 28, 16 },
		{ 2107, 1, 1, 0, 0, 0 },      { 65535, 1, 1, 0, 0, 0 },
		{ 2026, 0, 1, 0, 0, 0 },      { 2026, 13, 1, 0, 0, 0 },
		{ 2026, 255, 1, 0, 0, 0 },    { 2026, 1, 0, 0, 0, 0 },
		{ 2026, 4, 31, 0, 0, 0 },     { 2026, 2, 29, 0, 0, 0 },
		{ 2100, 2, 29, 0, 0, 0 },     { 2026, 1, 1, 24, 0, 0 },
		{ 2026, 1, 1, 0, 60, 0 },     { 2026, 1, 1, 0, 0, 60 },
	};
	uint32_t seconds = 17;

	(void)state;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_false(calendar_to_seconds(&wrong[i], &seconds));
		assert_int_equal(seconds, 17);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day),
		cmocka_unit_test(no_such_date),
	};

	return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
