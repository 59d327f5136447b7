/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a shared event finds a PE: any that can take it, or one (5.1.2, 6.2).
 */
#include "fake.h"

#define MASK(m, pe)     CALL(m, pe, SDEI_FID_PE_MASK, 0)
#define UNMASK(m, pe)   CALL(m, pe, SDEI_FID_PE_UNMASK, 0)
#define COMPLETE(m, pe) CALL(m, pe, SDEI_FID_EVENT_COMPLETE, 0)

/* RM_ANY: the PE where it happens if it can, else one that can. */
static void any_pe(void **state)
{
	struct machine *m = *state;

	listen(m, 0, SHARED);
	assert_int_equal(sdei_raise(m->d, 2, SHARED, 0), 2);
	assert_true(deliver(m, 2));
	COMPLETE(m, 2);

	MASK(m, 2);
	assert_int_equal(sdei_raise(m->d, 2, SHARED, 0), 3);
	assert_int_equal(m->kicks[3], 1);
	assert_false(deliver(m, 2));
	assert_true(deliver(m, 3));
	assert_true(at_handler(m, 3, SHARED));
	COMPLETE(m, 3);
	assert_false(deliver(m, 0));
}

/* It moves on if the PE that was kicked masks before it gets there. */
static void any_pe_moves_on(void **state)
{
	struct machine *m = *state;

	listen(m, 0, SHARED);
	MASK(m, 0);
	assert_int_equal(sdei_raise(m->d, 0, SHARED, 0), 1);
	MASK(m, 1);
	assert_int_equal(m->kicks[2], 1);
	assert_false(deliver(m, 1));
	sdei_pe_off(m->d, 2);
	assert_true(m->kicks[3] > 0);
	assert_true(deliver(m, 3));
}

/* All masked: it waits, and goes to the first that unmasks. Nobody is kicked. */
static void any_pe_waits(void **state)
{
	struct machine *m = *state;

	listen(m, 0, SHARED);
	for (unsigned pe = 0; pe < PES; pe++)
		MASK(m, pe);
	assert_int_equal(sdei_raise(m->d, 0, SHARED, 0), SDEI_RAISE_PENDING);
	for (unsigned pe = 0; pe < PES; pe++) {
		assert_false(deliver(m, pe));
		assert_int_equal(m->kicks[pe], 0);
	}
	UNMASK(m, 2);
	assert_true(at_handler(m, 2, SHARED));
	UNMASK(m, 0);
	assert_false(at_handler(m, 0, SHARED));
}

/* Two at once: the second does not wait behind the first. */
static void two_pes_for_two_events(void **state)
{
	struct machine *m = *state;

	listen(m, 0, SHARED);
	listen(m, 0, SHARED_2);
	sdei_raise(m->d, 0, SHARED, 0);
	sdei_raise(m->d, 0, SHARED_2, 0);
	assert_true(deliver(m, 0));
	assert_int_equal(m->kicks[1], 1);
	assert_true(deliver(m, 1));
	assert_int_not_equal(m->frame[0].x[0], m->frame[1].x[0]);
}

/* RM_PE: that PE and no other, even if it is masked. */
static void one_pe(void **state)
{
	struct machine *m = *state;

	CALL(m, 0, SDEI_FID_EVENT_REGISTER, SHARED, ENTRY, ARGUMENT,
	     SDEI_REGISTER_RM_PE, 0x103);
	CALL(m, 0, SDEI_FID_EVENT_ENABLE, SHARED);
	MASK(m, 3);
	assert_int_equal(sdei_raise(m->d, 0, SHARED, 0), SDEI_RAISE_PENDING);
	for (unsigned pe = 0; pe < PES; pe++)
		assert_false(deliver(m, pe));
	UNMASK(m, 3);
	assert_true(at_handler(m, 3, SHARED));
	COMPLETE(m, 3);
	assert_int_equal(sdei_raise(m->d, 0, SHARED, 0), 3);
	assert_int_equal(m->kicks[3], 1);
	assert_false(deliver(m, 0));
	/* Re-routed while it waits: it follows. */
	CALL(m, 0, SDEI_FID_EVENT_DISABLE, SHARED);
	assert_false(deliver(m, 3));
	CALL(m, 0, SDEI_FID_EVENT_ROUTING_SET, SHARED, SDEI_RM_PE, 0x101);
	CALL(m, 0, SDEI_FID_EVENT_ENABLE, SHARED);
	assert_false(deliver(m, 3));
	assert_true(deliver(m, 1));
}

/* ENABLE on a PE other than the one it is for: that one is woken. */
static void enable_wakes_the_target(void **state)
{
	struct machine *m = *state;

	CALL(m, 0, SDEI_FID_EVENT_REGISTER, SHARED, ENTRY, ARGUMENT,
	     SDEI_REGISTER_RM_PE, 0x102);
	sdei_raise(m->d, 0, SHARED, 0);
	CALL(m, 0, SDEI_FID_EVENT_ENABLE, SHARED);
	assert_int_equal(m->kicks[2], 1);
	assert_true(deliver(m, 2));

	/* And with RM_ANY, enabled by a PE that is masked itself. */
	CALL(m, 0, SDEI_FID_EVENT_REGISTER, SHARED_2, ENTRY, ARGUMENT);
	sdei_raise(m->d, 0, SHARED_2, 0);
	MASK(m, 0);
	CALL(m, 0, SDEI_FID_EVENT_ENABLE, SHARED_2);
	assert_true(m->kicks[1] > 0);
	assert_true(deliver(m, 1));
}

/*
 * What sdei_raise() answers is what became of its trigger, however far the PE that
 * it kicks has got by the time.
 */
static void taken_while_kicked(void **state)
{
	static const uint32_t events[] = { PRIVATE, PRIVATE_CRIT, SHARED,
					   SHARED_CRIT };
	struct machine *m = *state;

	m->quick = true;
	MASK(m, 0);
	for (unsigned i = 0; i < 2 * sizeof(events) / sizeof(events[0]); i++) {
		unsigned before = m->entered;
		uint32_t event = events[i / 2];

		listen(m, 1, event);
		m->ends = i % 2;
		assert_int_equal(sdei_raise(m->d, 0, event, 1), 1);
		assert_int_equal(m->entered, before + 1);
		assert_int_equal(m->kicks[1], i + 1);
		if (!m->ends)
			CALL(m, 1, SDEI_FID_EVENT_COMPLETE, 0);
		CALL(m, 1, SDEI_FID_EVENT_UNREGISTER, event);
	}
}

/* What waits is told to wait: disabled, masked, behind its own handler. */
static void waits_while_kicked(void **state)
{
	struct machine *m = *state;

	m->quick = true;
	CALL(m, 1, SDEI_FID_EVENT_REGISTER, PRIVATE, ENTRY, ARGUMENT);
	assert_int_equal(sdei_raise(m->d, 0, PRIVATE, 1), SDEI_RAISE_PENDING);
	CALL(m, 1, SDEI_FID_EVENT_ENABLE, PRIVATE);
	assert_true(at_handler(m, 1, PRIVATE));
	assert_int_equal(sdei_raise(m->d, 0, PRIVATE, 1), SDEI_RAISE_PENDING);
	assert_int_equal(sdei_raise(m->d, 0, PRIVATE, 1), SDEI_RAISE_PENDING);
	CALL(m, 1, SDEI_FID_EVENT_COMPLETE, 0);
	assert_true(at_handler(m, 1, PRIVATE));
	CALL(m, 1, SDEI_FID_EVENT_COMPLETE, 0);
	MASK(m, 1);
	assert_int_equal(sdei_raise(m->d, 0, PRIVATE, 1), SDEI_RAISE_PENDING);
	assert_false(deliver(m, 1));
}

/* Any PE may take it: told is who did, also if another one was kicked for it. */
static void who_took_it(void **state)
{
	struct machine *m = *state;

	listen(m, 1, SHARED);
	MASK(m, 0);
	m->quick = true;
	m->overtaker = 3;
	assert_int_equal(sdei_raise(m->d, 0, SHARED, 0), 3);
	assert_int_equal(m->kicks[1], 1);
	assert_true(at_handler(m, 3, SHARED));
	CALL(m, 3, SDEI_FID_EVENT_COMPLETE, 0);
	m->overtaker = 2;
	m->ends = true;
	assert_int_equal(sdei_raise(m->d, 0, SHARED, 0), 2);
	assert_false(at_handler(m, 2, SHARED));
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, start_machine, stop_machine)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_pe),
		TEST(any_pe_moves_on),
		TEST(any_pe_waits),
		TEST(two_pes_for_two_events),
		TEST(one_pe),
		TEST(enable_wakes_the_target),
		TEST(taken_while_kicked),
		TEST(waits_while_kicked),
		TEST(who_took_it),
	};

	return cmocka_run_group_tests_name("routing", tests, NULL, NULL);
}
