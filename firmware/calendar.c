/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Gregorian calendar. Years are counted one by one: there are 137 of them.
 */
#include <calendar.h>

#define FIRST_YEAR  1970
#define LAST_YEAR   2106
#define DAY_SECONDS 86400u

static bool is_leap(unsigned year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned year_days(unsigned year)
{
	return is_leap(year) ? 366 : 365;
}

/* `month` is 1 to 12. */
static unsigned month_days(unsigned year, unsigned month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30,
					31, 31, 30, 31, 30, 31 };

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

void calendar_from_seconds(struct calendar *date, uint32_t seconds)
{
	unsigned days = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
	unsigned year = FIRST_YEAR, month = 1;

	for (; days >= year_days(year); year++)
		days -= year_days(year);
	for (; days >= month_days(year, month); month++)
		days -= month_days(year, month);
	date->year = (uint16_t)year;
	date->month = (uint8_t)month;
	date->day = (uint8_t)(days + 1);
	date->hour = (uint8_t)(rest / 3600);
	date->minute = (uint8_t)(rest / 60 % 60);
	date->second = (uint8_t)(rest % 60);
}

bool calendar_to_seconds(const struct calendar *date, uint32_t *seconds)
{
	uint64_t days = 0, total;

	if (date->year < FIRST_YEAR || date->year > LAST_YEAR ||
	    date->month < 1 || date->month > 12 || date->day < 1 ||
	    date->day > month_days(date->year, date->month) ||
	    date->hour > 23 || date->minute > 59 || date->second > 59)
		return false;
	for (unsigned year = FIRST_YEAR; year < date->year; year++)
		days += year_days(year);
	for (unsigned month = 1; month < date->month; month++)
		days += month_days(date->year, month);
	days += date->day - 1u;
	total = days * DAY_SECONDS + date->hour * 3600u + date->minute * 60u +
		date->second;
	if (total > UINT32_MAX)
		return false;
	*seconds = (uint32_t)total;
	return true;
}
