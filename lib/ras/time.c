/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From seconds to a record's timestamp: the calendar, in years that begin in
 * March, so that the day that not every year has is the last one.
 */
#include <sdei/cper.h>

#define DAY          86400u
#define DAYS_400     146097u /* days of 400 years, of 100, of 4 */
#define DAYS_100     36524u
#define DAYS_4       1461u
#define TO_MARCH_0   719468u /* days from 0000-03-01 to 1970-01-01 */
#define SECONDS_LAST UINT64_C(253402300799)

static uint64_t digits(unsigned number)
{
	return number / 10 << 4 | number % 10;
}

uint64_t sdei_cper_time(uint64_t seconds)
{
	unsigned days, second, era, day, year, month;

	if (seconds > SECONDS_LAST)
		return 0;
	days = (unsigned)(seconds / DAY);
	second = (unsigned)(seconds - (uint64_t)days * DAY);
	days += TO_MARCH_0;
	era = days / DAYS_400;
	day = days % DAYS_400;
	/* The last days of 4, 100 and 400 years are not counted, then divided. */
	year = (day - day / (DAYS_4 - 1) + day / DAYS_100 -
		day / (DAYS_400 - 1)) /
	       365;
	day -= 365 * year + year / 4 - year / 100;
	year += 400 * era;
	/* Months from March on are 31, 30, 31, 30, 31 days, over and over. */
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	month += 3;
	if (month > 12) {
		month -= 12;
		year++;
	}
	return digits(second % 60) | digits(second / 60 % 60) << 8 |
	       digits(second / 3600) << 16 | UINT64_C(1) << 24 |
	       digits(day + 1) << 32 | digits(month) << 40 |
	       digits(year % 100) << 48 | digits(year / 100) << 56;
}
