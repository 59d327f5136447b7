/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dispatch as a function call, held PEs, and what else an embedder asks for that is
 * not a vector: see docs/dispatcher.md.
 */
#include "fake.h"

#include <string.h>

#define COMPLETE(m, pe)  CALL(m, pe, SDEI_FID_EVENT_COMPLETE, 0)
#define STATUS(m, pe, e) CALL(m, pe, SDEI_FID_EVENT_STATUS, e)
#define NOW(m, pe, e)    sdei_dispatch_now((m)->d, pe, e, &(m)->frame[pe])

/* Nothing is left of what was refused: nothing comes later. */
static void assert_refused(struct machine *m, uint32_t event)
{
	const struct sdei_context before = m->frame[0];

	assert_false(NOW(m, 0, event));
	assert_memory_equal(&m->frame[0], &before, sizeof(before));
	assert_false(deliver(m, 0));
	for (unsigned pe = 0; pe < PES; pe++)
		assert_int_equal(m->kicks[pe], 0);
}

static void now_or_not_at_all(void **state)
{
	struct machine *m = *state;
	struct sdei_context before;

	assert_refused(m, UNKNOWN);
	assert_refused(m, PRIVATE);
	listen(m, 0, PRIVATE);
	CALL(m, 0, SDEI_FID_PE_MASK, 0);
	assert_refused(m, PRIVATE);
	CALL(m, 0, SDEI_FID_PE_UNMASK, 0);
	assert_refused(m, (uint32_t)CALL(m, 0, SDEI_FID_INTERRUPT_BIND, 40));

	fill_frame(m, 0);
	before = m->frame[0];
	assert_true(NOW(m, 0, PRIVATE));
	assert_true(at_handler(m, 0, PRIVATE));
	assert_refused(m, PRIVATE);
	listen(m, 0, SHARED);
	assert_refused(m, SHARED);
	COMPLETE(m, 0);
	assert_memory_equal(&m->frame[0], &before, sizeof(before));
	assert_false(deliver(m, 0));
}

static void shared_where_it_may_run(void **state)
{
	struct machine *m = *state;

	CALL(m, 0, SDEI_FID_EVENT_REGISTER, SHARED, ENTRY, ARGUMENT,
	     SDEI_REGISTER_RM_PE, 0x101);
	CALL(m, 0, SDEI_FID_EVENT_ENABLE, SHARED);
	assert_refused(m, SHARED);
	assert_true(NOW(m, 1, SHARED));
	assert_true(at_handler(m, 1, SHARED));
	COMPLETE(m, 1);
	assert_int_equal(STATUS(m, 0, SHARED),
			 SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED);
}

/* What waits is what is dispatched: once. */
static void of_what_waits(void **state)
{
	struct machine *m = *state;

	listen(m, 0, PRIVATE);
	listen(m, 0, SHARED);
	sdei_raise(m->d, 0, PRIVATE, 0);
	assert_true(NOW(m, 0, PRIVATE));
	COMPLETE(m, 0);
	assert_false(deliver(m, 0));
	/* From another PE, too. */
	sdei_raise(m->d, 1, PRIVATE, 0);
	assert_true(NOW(m, 0, PRIVATE));
	COMPLETE(m, 0);
	assert_false(deliver(m, 0));
	sdei_raise(m->d, 0, SHARED, 0);
	assert_true(NOW(m, 0, SHARED));
	COMPLETE(m, 0);
	assert_false(deliver(m, 0));
}

/* The caller's result goes into its own frame, not into the next handler's. */
static void held(void **state)
{
	struct machine *m = *state;
	struct sdei_context before;

	listen(m, 0, PRIVATE);
	listen(m, 0, PRIVATE_CRIT);
	listen(m, 0, WATCHDOG);
	fill_frame(m, 0);
	before = m->frame[0];
	sdei_hold(m->d, 0, true);
	assert_true(NOW(m, 0, PRIVATE));
	/* Critical pre-empts, as ever. */
	sdei_raise(m->d, 0, WATCHDOG, 0);
	sdei_raise(m->d, 0, PRIVATE_CRIT, 0);
	assert_true(deliver(m, 0));
	assert_true(at_handler(m, 0, PRIVATE_CRIT));
	assert_int_equal(sdei_pe_priority(m->d, 0), SDEI_PRIORITY_CRITICAL);
	assert_int_equal(sdei_pe_handlers(m->d, 0), 2);
	COMPLETE(m, 0);
	assert_int_equal(sdei_pe_priority(m->d, 0), SDEI_PRIORITY_NORMAL);
	COMPLETE(m, 0);
	assert_memory_equal(&m->frame[0], &before, sizeof(before));
	assert_int_equal(sdei_pe_handlers(m->d, 0), 0);
	/* Not even the client's own call lets anything in. */
	CALL(m, 0, SDEI_FID_PE_MASK, 0);
	CALL(m, 0, SDEI_FID_PE_UNMASK, 0);
	assert_false(deliver(m, 0));

	sdei_hold(m->d, 0, false);
	assert_true(deliver(m, 0));
	assert_true(at_handler(m, 0, WATCHDOG));
}

/* Held only after it has entered, and again after a function call in the handler. */
static void held_as_before(void **state)
{
	struct machine *m = *state;
	int before, inside;

	listen(m, 0, PRIVATE);
	listen(m, 0, PRIVATE_CRIT);
	listen(m, 0, WATCHDOG);
	before = sdei_pe_priority(m->d, 0);
	assert_true(NOW(m, 0, PRIVATE));
	sdei_hold_at(m->d, 0, before);
	inside = sdei_pe_priority(m->d, 0);
	assert_true(NOW(m, 0, PRIVATE_CRIT));
	sdei_hold_at(m->d, 0, inside);
	sdei_raise(m->d, 0, WATCHDOG, 0);
	COMPLETE(m, 0);
	/* Nothing comes before the inner caller has gone on; then critical ones do. */
	sdei_raise(m->d, 0, PRIVATE_CRIT, 0);
	assert_false(deliver(m, 0));
	sdei_hold_at(m->d, 0, before);
	assert_true(deliver(m, 0));
	assert_true(at_handler(m, 0, PRIVATE_CRIT));
	COMPLETE(m, 0);
	COMPLETE(m, 0);
	assert_false(deliver(m, 0));
	/* No priority is -1: nothing comes. */
	sdei_hold_at(m->d, 0, -2);
	assert_false(deliver(m, 0));
	/* Nor, as in a critical handler, a critical event. */
	sdei_raise(m->d, 0, PRIVATE_CRIT, 0);
	sdei_hold_at(m->d, 0, SDEI_PRIORITY_CRITICAL);
	assert_false(deliver(m, 0));
	sdei_hold(m->d, 0, false);
	assert_true(deliver(m, 0));
	assert_true(at_handler(m, 0, PRIVATE_CRIT));
	COMPLETE(m, 0);
	assert_true(at_handler(m, 0, WATCHDOG));
}

static void held_events_go_elsewhere(void **state)
{
	struct machine *m = *state;

	listen(m, 0, SHARED);
	sdei_raise(m->d, 0, SHARED, 0);
	sdei_hold(m->d, 0, true);
	assert_int_equal(m->kicks[1], 1);
	assert_false(deliver(m, 0));
	assert_true(deliver(m, 1));
	COMPLETE(m, 1);
	assert_int_equal(sdei_raise(m->d, 0, SHARED, 0), 1);
	assert_true(deliver(m, 1));
	COMPLETE(m, 1);

	sdei_pe_off(m->d, 0);
	sdei_pe_on(m->d, 0);
	CALL(m, 0, SDEI_FID_PE_UNMASK, 0);
	assert_int_equal(sdei_raise(m->d, 0, SHARED, 0), 0);
}

/* The same for those who have the PE's part at hand. */
static void by_the_pe(void **state)
{
	struct machine *m = *state;
	struct sdei_pe *pe = sdei_pe(m->d, 2);

	m->frame[2].x[0] = SDEI_FID_PE_MASK;
	sdei_pe_call(pe, &m->frame[2]);
	assert_int_equal(m->frame[2].x[0], 1);
	assert_true(sdei_pe_masked(m->d, 2));
	CALL(m, 2, SDEI_FID_PE_UNMASK, 0);

	listen(m, 2, WATCHDOG);
	listen(m, 2, PRIVATE);
	sdei_raise(m->d, 2, PRIVATE, 2);
	/* Nobody's: nothing is done, not even what waits is delivered. */
	assert_false(
		sdei_pe_take_interrupt(pe, WATCHDOG_PPI + 1, &m->frame[2]));
	assert_int_equal(sdei_pe_handlers(m->d, 2), 0);
	assert_true(deliver(m, 2));
	COMPLETE(m, 2);
	assert_true(sdei_pe_take_interrupt(pe, WATCHDOG_PPI, &m->frame[2]));
	assert_true(at_handler(m, 2, WATCHDOG));
}

/* An embedder that learns late where its client is. */
static void client_at(void **state)
{
	struct machine *m = *state;

	assert_false(sdei_client_at(m->d, 0));
	assert_false(sdei_client_at(m->d, 3));
	assert_true(sdei_client_at(m->d, 1));
	assert_int_equal(CALL(m, 0, SDEI_FID_VERSION, 0), SDEI_NOT_SUPPORTED);
	m->frame[0].pstate = 0x5; /* EL1h */
	listen(m, 0, PRIVATE);
	assert_true(NOW(m, 0, PRIVATE));
	assert_int_equal(m->frame[0].pstate, 0x3c5);
}

/* Both operations may be missing, whatever is watched. */
static void nobody_is_told(void **state)
{
	struct machine *m = *state;

	m->ops.entered = NULL;
	m->ops.completed = NULL;
	listen(m, 0, PRIVATE);
	assert_true(NOW(m, 0, PRIVATE));
	COMPLETE(m, 0);
	assert_int_equal(m->entered + m->completed, 0);
}

/* What nobody watches may still be relative to VBAR (5.1.2). */
static void relative_and_unwatched(void **state)
{
	struct machine *m = *state;
	uint32_t event = (uint32_t)CALL(m, 0, SDEI_FID_INTERRUPT_BIND, 40);

	m->vbar = 0xffff800010000000u;
	CALL(m, 0, SDEI_FID_EVENT_REGISTER, event, 0x800, ARGUMENT,
	     SDEI_REGISTER_RELATIVE);
	CALL(m, 0, SDEI_FID_EVENT_ENABLE, event);
	assert_true(sdei_take_interrupt(m->d, 0, 40, &m->frame[0]));
	assert_int_equal(m->frame[0].pc, 0xffff800010000800u);
	assert_int_equal(m->entered, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, start_machine, stop_machine)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(now_or_not_at_all), TEST(shared_where_it_may_run),
		TEST(of_what_waits),     TEST(held),
		TEST(held_as_before),    TEST(held_events_go_elsewhere),
		TEST(by_the_pe),         TEST(client_at),
		TEST(nobody_is_told),    TEST(relative_and_unwatched),
	};

	return cmocka_run_group_tests_name("dispatch now", tests, NULL, NULL);
}
