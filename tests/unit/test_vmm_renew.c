/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei-vmm's error sources whose own memory goes bad.
 */
#include "vmm_world.h"

static void renewed_in_time(void **state)
{
	static const unsigned sources[] = { CE, UE, FATAL };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		const unsigned source = sources[i];

		inject(vmm_sources[source].severity, RAM_BASE + PAGE);
		/* The host tells of the page before anybody has touched it. */
		world.bad[0] = block_of(source);
		assert_true(records_renew(&vmm, block_of(source)));
		assert_int_equal(shown(source), RAM_BASE + PAGE);
		assert_int_equal(world.raised[source], 2);
	}
	world.bad[0] = RAS_BASE;
	assert_true(records_renew(&vmm, RAS_BASE));
	assert_int_equal(word_at(vmm_sources[UE].registers), block_of(UE));
	assert_int_equal(word_at(ack_of(UE)) & 1, 0);
	/* Other memory is the guest's. */
	assert_false(records_renew(&vmm, RAS_BASE - PAGE));
	assert_false(records_renew(&vmm, RAS_BASE + RAS_SIZE));
	vmm.options.acpi = false;
	assert_false(records_renew(&vmm, RAS_BASE));
	vmm.options.acpi = true;
}

/* The VMM is who touches it first: when it writes, or looks. */
static void renewed_when_touched(void **state)
{
	(void)state;
	world.bad[0] = block_of(CE);
	world.bad[1] = RAS_BASE;
	assert_string_equal(inject(SDEI_CPER_CORRECTED, RAM_BASE + PAGE).what,
			    "delivered");
	assert_int_equal(shown(CE), RAM_BASE + PAGE);
	assert_int_equal(word_at(vmm_sources[CE].registers), block_of(CE));
	world.bad[0] = RAS_BASE;
	assert_true(records_count(CE).state != SDEI_RAS_IS_FREE);
	assert_int_equal(world.bad[0], 0);
	handle(CE, 0, true);
	assert_int_equal(records_count(CE).acknowledged, 1);
}

/* An acknowledgement that was lost with the page: the block tells. */
static void a_lost_acknowledgement(void **state)
{
	(void)state;
	inject(SDEI_CPER_CORRECTED, RAM_BASE);
	enter(CE, 0);
	acknowledge(CE);
	assert_true(records_renew(&vmm, RAS_BASE));
	leave(CE, 0);
	for (unsigned i = 0; i < 3; i++) {
		wait_ms(50);
		handle(CE, 0, true);
	}
	wait_ms(1000);
	assert_int_equal(records_count(CE).acknowledged, 1);
}

/* What nothing mends ends nothing but that source. */
static void beyond_repair(void **state)
{
	(void)state;
	world.beyond_repair = true;
	world.bad[0] = block_of(CE);
	for (unsigned i = 0; i < 100; i++)
		assert_string_equal(inject(SDEI_CPER_CORRECTED, RAM_BASE).what,
				    "dropped");
	assert_int_equal(records_count(CE).dropped, 100);
	assert_int_equal(records_count(CE).queued, 0);
	assert_true(world.renewed < 20);
	assert_string_equal(inject(SDEI_CPER_RECOVERABLE, RAM_BASE).what,
			    "delivered");
	/* No page is renewed for ever: then it is the guest's. */
	for (unsigned i = 0; i < 20; i++)
		records_renew(&vmm, RAS_BASE);
	assert_false(records_renew(&vmm, RAS_BASE));
}

/* Wherever in its record a block goes bad, what is shown is all or nothing. */
static void never_half_a_record(void **state)
{
	for (unsigned piece = 1; piece < 8; piece++) {
		start(state);
		world.bad_in = piece;
		world.bad_then = block_of(UE);
		world.whole = RAM_BASE + PAGE;
		inject(SDEI_CPER_RECOVERABLE, RAM_BASE + PAGE);
		assert_int_equal(shown(UE), RAM_BASE + PAGE);
		handle(UE, 0, true);
		assert_int_equal(records_count(UE).acknowledged, 1);
	}
	assert_true(world.bad_in); /* it has fewer pieces */
}

/* A block that cannot be read is not one that the guest has emptied. */
static void unreadable_is_not_emptied(void **state)
{
	(void)state;
	inject(SDEI_CPER_CORRECTED, RAM_BASE + PAGE);
	for (unsigned i = 0; i < 2; i++) {
		handle(CE, 0, false);
		world.bad[0] = block_of(CE);
		wait_ms(50);
	}
	assert_true(world.renewed);
	assert_int_equal(records_count(CE).acknowledged, 0);
	assert_int_equal(shown(CE), RAM_BASE + PAGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		TEST(renewed_in_time),        TEST(renewed_when_touched),
		TEST(a_lost_acknowledgement), TEST(beyond_repair),
		TEST(never_half_a_record),    TEST(unreadable_is_not_emptied),
	};

	make_world();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
