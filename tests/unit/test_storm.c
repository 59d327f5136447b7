/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Storms: when an error is due, what is skipped, the sums. A tick is a millisecond.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sdei/storm.h>

#define HZ 1000

static struct {
	unsigned reports;
	uint32_t pe; /* of the latest */
	enum sdei_ras_fate fate;
	bool fails;
} world;

static const char *report(void *context, struct sdei_record *record,
			  struct sdei_ras_outcome *outcome)
{
	assert_ptr_equal(context, &world);
	if (world.fails)
		return "no more";
	/* As it was given, each time. */
	assert_int_equal(record->sequence, 0);
	assert_int_equal(record->size, sizeof(*record));
	world.pe = record->pe;
	record->sequence = ++world.reports;
	record->pe = 77;
	*outcome = (struct sdei_ras_outcome){ .sequence = record->sequence,
					      .fate = world.fate };
	return NULL;
}

static struct sdei_storms all;

static int setup(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	all = (struct sdei_storms){
		.hz = HZ,
		.report = report,
		.context = &world,
	};
	return 0;
}

/* Begun at `now`, its first error reported. */
static struct sdei_storm *begun(unsigned pe, uint64_t count, uint64_t rate,
				uint64_t now)
{
	struct sdei_record record;
	const struct sdei_ras_outcome first = { .sequence = ++world.reports };
	const char *why = "";
	struct sdei_storm *s;

	sdei_record_start(&record, SDEI_CPER_CORRECTED, pe);
	s = sdei_storm_add(&all, &record, count, rate, &why);
	assert_non_null(s);
	assert_null(why);
	assert_false(s->running);
	sdei_storm_reported(&all, s, now, &first);
	return s;
}

static void steps(uint64_t now, unsigned expected)
{
	unsigned n = 0;

	while (sdei_storm_step(&all, now))
		n++;
	assert_int_equal(n, expected);
}

static void refused(uint64_t count, uint64_t rate, const char *word)
{
	struct sdei_record record;
	const char *why = NULL;

	sdei_record_start(&record, SDEI_CPER_CORRECTED, 0);
	assert_null(sdei_storm_add(&all, &record, count, rate, &why));
	assert_non_null(strstr(why, word));
}

static void bounds(void **state)
{
	(void)state;
	refused(0, 1, "1 to 4294967295");
	refused(UINT64_C(1) << 32, 1, "1 to 4294967295");
	refused(1, SDEI_STORM_RATE_MAX + 1, "1 to 10000");
	for (unsigned i = 0; i < SDEI_STORMS; i++)
		begun(i, UINT32_MAX, SDEI_STORM_RATE_MAX, 0);
	refused(2, 1, "16 storms");
	/* The places of those that have ended are taken, the oldest first. */
	assert_int_equal(sdei_storm_stop(&all, 5), 1);
	assert_int_equal(sdei_storm_stop(&all, 3), 1);
	assert_int_equal(sdei_storm_stop(&all, 3), 0);
	assert_int_equal(all.storm[2].id, 3);
	begun(0, 2, 1, 0);
	assert_int_equal(all.storm[2].id, SDEI_STORMS + 1);
	assert_int_equal(sdei_storm_stop(&all, SDEI_STORMS + 1), 1);
	begun(0, 2, 1, 0);
	assert_int_equal(all.storm[2].id, SDEI_STORMS + 1);
	assert_int_equal(all.storm[4].id, SDEI_STORMS + 2);
	assert_int_equal(sdei_storm_stop(&all, 0), SDEI_STORMS - 1);
	assert_int_equal(sdei_storm_due(&all), UINT64_MAX);
}

static void on_time(void **state)
{
	struct sdei_storm *a = begun(1, 4, 100, 50);
	struct sdei_storm *b;

	(void)state;
	assert_int_equal(sdei_storm_due(&all), 60);
	steps(59, 0);
	steps(60, 1);
	assert_int_equal(world.pe, 1);
	/* Another one, five times as fast, begins between two of it. */
	b = begun(2, 1000, 500, 65);
	assert_int_equal(sdei_storm_due(&all), 67);
	steps(69, 2);
	world.fate = SDEI_RAS_DROPPED;
	steps(70, 1);
	assert_int_equal(world.pe, 1);
	steps(80, 6);
	assert_false(a->running);
	assert_int_equal(sdei_storm_sent(a), 4);
	assert_int_equal(a->fates[SDEI_RAS_DELIVERED], 2);
	assert_int_equal(a->fates[SDEI_RAS_DROPPED], 2);
	assert_int_equal(sdei_storm_left(a), 0);
	assert_int_equal(a->first, 1);
	assert_int_equal(sdei_storm_sent(b), 8);
	assert_int_equal(sdei_storm_left(b), 992);
	assert_int_equal(b->skipped, 0);
	/* None was lost on the way, and what is stopped keeps its sums. */
	assert_int_equal(world.reports, 12);
	assert_int_equal(sdei_storm_stop(&all, b->id), 1);
	assert_int_equal(sdei_storm_left(b), 992);
	steps(10000, 0);
}

/* A step takes the storm whose turn was first, and one error. */
static void most_urgent_first(void **state)
{
	(void)state;
	begun(1, 10, 10, 0);  /* 100, 200 */
	begun(2, 10, 50, 90); /* 110, 130, ... */
	for (unsigned i = 0; i < 5; i++) {
		static const unsigned pes[] = { 1, 2, 2, 2, 2 };

		assert_true(sdei_storm_step(&all, 175));
		assert_int_equal(world.pe, pes[i]);
	}
	assert_false(sdei_storm_step(&all, 175));
}

/* Less than 100 ms late is made up for; the others are counted. */
static void late(void **state)
{
	struct sdei_storm *s = begun(0, 1000, 100, 0);

	(void)state;
	steps(109, 10);
	assert_int_equal(s->skipped, 0);
	/* Due at 110, 120, ... 1010 and 1020: the latest 10 are not too late. */
	steps(1020, 10);
	assert_int_equal(s->skipped, 82);
	assert_int_equal(sdei_storm_sent(s), 21);
	assert_int_equal(sdei_storm_left(s), 1000 - 82 - 21);
	/* The machine stood still for a month: one is still reported. */
	steps(UINT64_C(30) * 86400 * HZ, 1);
	assert_false(s->running);
	assert_int_equal(sdei_storm_sent(s), 22);
	assert_int_equal(s->skipped, 1000 - 22);
}

static void as_it_goes(void **state)
{
	struct sdei_storm *s = begun(0, 100, 0, 0);

	(void)state;
	/* Ten in each millisecond, of which the first has been. */
	steps(1, 19);
	/* Five seconds late: it goes on from there, as fast. */
	steps(5000, 10);
	steps(5007, 70);
	assert_int_equal(s->skipped, 0);
	assert_int_equal(sdei_storm_sent(s), 100);
	assert_false(s->running);
}

static void extremes(void **state)
{
	struct sdei_storm *s;

	(void)state;
	all.hz = UINT32_MAX;
	s = begun(0, UINT32_MAX, 1, 0);
	s->skipped = UINT32_MAX - 2;
	s->due = 0;
	steps(0, 1);
	assert_false(s->running);
	assert_int_equal(s->due, (uint64_t)UINT32_MAX * UINT32_MAX);
}

static void report_fails(void **state)
{
	struct sdei_storm *s = begun(0, 10, 100, 0);

	(void)state;
	world.fails = true;
	steps(10, 1);
	assert_false(s->running);
	assert_int_equal(sdei_storm_sent(s), 1);
	assert_int_equal(sdei_storm_left(s), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(bounds, setup),
		cmocka_unit_test_setup(on_time, setup),
		cmocka_unit_test_setup(most_urgent_first, setup),
		cmocka_unit_test_setup(late, setup),
		cmocka_unit_test_setup(as_it_goes, setup),
		cmocka_unit_test_setup(extremes, setup),
		cmocka_unit_test_setup(report_fails, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
