/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Delivery: entering and leaving handlers, priorities, masking, pending, and
 * how events find a PE.
 */
#include "fake.h"

#include <string.h>

#define MASK(m, pe)      CALL(m, pe, SDEI_FID_PE_MASK, 0)
#define UNMASK(m, pe)    CALL(m, pe, SDEI_FID_PE_UNMASK, 0)
#define COMPLETE(m, pe)  CALL(m, pe, SDEI_FID_EVENT_COMPLETE, 0)
#define STATUS(m, pe, e) CALL(m, pe, SDEI_FID_EVENT_STATUS, e)
#define SIGNAL(m, pe, target) \
	CALL(m, pe, SDEI_FID_EVENT_SIGNAL, SIGNALLED, 0x100 + (target))

/* 5.2.1: what the handler finds, and 5.1.6: what it gives back. */
static void entry_and_exit(void **state)
{
	struct machine *m = *state;
	struct sdei_context before;

	listen(m, 0, PRIVATE);
	fill_frame(m, 0);
	before = m->frame[0];
	assert_int_equal(sdei_raise(m->d, 0, PRIVATE, 0), 0);
	assert_true(deliver(m, 0));
	assert_int_equal(m->frame[0].x[0], PRIVATE);
	assert_int_equal(m->frame[0].x[1], ARGUMENT);
	assert_int_equal(m->frame[0].x[2], before.pc);
	assert_int_equal(m->frame[0].x[3], before.pstate);
	assert_memory_equal(&m->frame[0].x[4], &before.x[4], 14 * 8);
	assert_int_equal(m->frame[0].pc, ENTRY);
	assert_int_equal(m->frame[0].pstate, EL2H_DAIF);
	assert_int_equal(m->entered, 1);

	memset(&m->frame[0], 0x5A, sizeof(m->frame[0]));
	m->frame[0].pstate = EL2H_DAIF;
	CALL(m, 0, SDEI_FID_EVENT_COMPLETE, SDEI_FAILED);
	assert_memory_equal(&m->frame[0], &before, sizeof(before));
	assert_int_equal(m->completed, 1);
	assert_int_equal(m->last_completed, PRIVATE);
	assert_int_equal(m->last_how, SDEI_COMPLETED);
	assert_int_equal(m->last_status, SDEI_FAILED);
	assert_int_equal(m->resumed, 0);
}

/* 5.1.5: the interrupted x0 to x17, however often it is asked. */
static void context(void **state)
{
	struct machine *m = *state;

	listen(m, 0, PRIVATE);
	fill_frame(m, 0);
	sdei_raise(m->d, 0, PRIVATE, 0);
	deliver(m, 0);
	for (unsigned i = 0; i < 18; i++)
		assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_CONTEXT, i),
				 0xAB00000000000000u | i);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_CONTEXT, 18),
			 SDEI_INVALID_PARAMETERS);
	assert_int_equal(CALL(m, 1, SDEI_FID_EVENT_CONTEXT, 0), SDEI_DENIED);
}

/* 5.1.7: like an exception from the interrupted context to the client. */
static void complete_and_resume(void **state)
{
	struct machine *m = *state;
	struct sdei_context before;

	listen(m, 0, PRIVATE);
	fill_frame(m, 0);
	m->frame[0].pstate = 0x60000005; /* EL1h, ZC: a guest */
	before = m->frame[0];
	sdei_raise(m->d, 0, PRIVATE, 0);
	deliver(m, 0);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_COMPLETE_RESUME, 0x1002),
			 SDEI_INVALID_PARAMETERS);
	assert_int_equal(STATUS(m, 0, PRIVATE), 7);
	CALL(m, 0, SDEI_FID_EVENT_COMPLETE_RESUME, 0xffff800000081680);
	assert_int_equal(m->elr, before.pc);
	assert_int_equal(m->spsr, before.pstate);
	assert_int_equal(m->frame[0].pc, 0xffff800000081680);
	assert_int_equal(m->frame[0].pstate, 0x60000000 | EL2H_DAIF);
	assert_memory_equal(m->frame[0].x, before.x, sizeof(before.x));
	assert_int_equal(m->last_how, SDEI_RESUMED);
	assert_int_equal(STATUS(m, 0, PRIVATE), 3);
}

/* 4.3.2: critical pre-empts normal, and both contexts come back. */
static void nesting(void **state)
{
	struct machine *m = *state;
	struct sdei_context outer, inner;

	listen(m, 0, PRIVATE);
	listen(m, 0, PRIVATE_CRIT);
	fill_frame(m, 0);
	outer = m->frame[0];
	sdei_raise(m->d, 0, PRIVATE, 0);
	assert_true(deliver(m, 0));
	m->frame[0].x[9] = 0x1111;
	m->frame[0].pc += 64;
	inner = m->frame[0];
	assert_int_equal(sdei_raise(m->d, 0, PRIVATE_CRIT, 0), 0);
	assert_true(deliver(m, 0));
	assert_int_equal(m->frame[0].x[0], PRIVATE_CRIT);
	assert_int_equal(m->frame[0].x[2], inner.pc);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_CONTEXT, 9), 0x1111);
	COMPLETE(m, 0);
	assert_memory_equal(&m->frame[0], &inner, sizeof(inner));
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_CONTEXT, 9), outer.x[9]);
	COMPLETE(m, 0);
	assert_memory_equal(&m->frame[0], &outer, sizeof(outer));
	assert_int_equal(COMPLETE(m, 0), SDEI_DENIED);
}

/* Nothing pre-empts its own class, and normal pre-empts nothing. */
static void no_other_preemption(void **state)
{
	struct machine *m = *state;

	listen(m, 0, PRIVATE);
	listen(m, 0, PRIVATE_CRIT);
	listen(m, 0, SHARED);
	listen(m, 0, SHARED_CRIT);
	sdei_pe_off(m->d, 1), sdei_pe_off(m->d, 2), sdei_pe_off(m->d, 3);
	sdei_raise(m->d, 0, PRIVATE_CRIT, 0);
	assert_true(deliver(m, 0));
	assert_int_equal(sdei_raise(m->d, 0, SHARED_CRIT, 0),
			 SDEI_RAISE_PENDING);
	assert_int_equal(sdei_raise(m->d, 0, PRIVATE, 0), SDEI_RAISE_PENDING);
	assert_int_equal(sdei_raise(m->d, 0, SHARED, 0), SDEI_RAISE_PENDING);
	assert_false(deliver(m, 0));
	/* Then each in turn: the critical one first. */
	COMPLETE(m, 0);
	assert_true(at_handler(m, 0, SHARED_CRIT));
	COMPLETE(m, 0);
	assert_true(at_handler(m, 0, PRIVATE) || at_handler(m, 0, SHARED));
	assert_false(deliver(m, 0));
	COMPLETE(m, 0);
	assert_true(at_handler(m, 0, PRIVATE) || at_handler(m, 0, SHARED));
	COMPLETE(m, 0);
	assert_int_equal(m->entered, 4);
	assert_int_equal(m->completed, 4);
}

/* Both pending: critical runs first, normal after it, not inside it. */
static void critical_first(void **state)
{
	struct machine *m = *state;

	listen(m, 0, PRIVATE);
	listen(m, 0, PRIVATE_CRIT);
	MASK(m, 0);
	sdei_raise(m->d, 0, PRIVATE, 0);
	sdei_raise(m->d, 0, PRIVATE_CRIT, 0);
	UNMASK(m, 0);
	assert_true(at_handler(m, 0, PRIVATE_CRIT));
	COMPLETE(m, 0);
	assert_true(at_handler(m, 0, PRIVATE));
	COMPLETE(m, 0);
	assert_false(deliver(m, 0));
}

/* The call's result is in the context that the handler interrupts (5.1.13). */
static void unmask_delivers_after_its_result(void **state)
{
	struct machine *m = *state;

	listen(m, 0, PRIVATE);
	MASK(m, 0);
	sdei_raise(m->d, 0, PRIVATE, 0);
	assert_false(deliver(m, 0));
	fill_frame(m, 0);
	UNMASK(m, 0);
	assert_true(at_handler(m, 0, PRIVATE));
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_CONTEXT, 0), SDEI_SUCCESS);
	COMPLETE(m, 0);
	assert_int_equal(m->frame[0].x[0], SDEI_SUCCESS);
	assert_int_equal(m->frame[0].pc, 0xffff800000400000u);
}

/* Pending in every state before ENABLE, delivered by it; once. */
static void pending_until_enabled(void **state)
{
	struct machine *m = *state;

	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(sdei_raise(m->d, 0, PRIVATE, 0),
				 SDEI_RAISE_PENDING);
	assert_false(deliver(m, 0));
	CALL(m, 0, SDEI_FID_EVENT_REGISTER, PRIVATE, ENTRY, ARGUMENT);
	assert_false(deliver(m, 0));
	CALL(m, 0, SDEI_FID_EVENT_ENABLE, PRIVATE);
	assert_true(at_handler(m, 0, PRIVATE));
	COMPLETE(m, 0);
	assert_false(deliver(m, 0));
	assert_int_equal(m->entered, 1);
}

static void disabled_keeps_pending(void **state)
{
	struct machine *m = *state;
	uint32_t events[] = { PRIVATE, SHARED };

	for (unsigned i = 0; i < 2; i++) {
		listen(m, 0, events[i]);
		CALL(m, 0, SDEI_FID_EVENT_DISABLE, events[i]);
		sdei_raise(m->d, 0, events[i], 0);
		assert_false(deliver(m, 0));
		CALL(m, 0, SDEI_FID_EVENT_ENABLE, events[i]);
		assert_true(at_handler(m, 0, events[i]));
		COMPLETE(m, 0);
	}
}

/* A trigger while the handler runs makes it run again, once. */
static void again_while_running(void **state)
{
	struct machine *m = *state;
	uint32_t events[] = { PRIVATE, SHARED };

	for (unsigned i = 0; i < 2; i++) {
		listen(m, 0, events[i]);
		sdei_raise(m->d, 0, events[i], 0);
		assert_true(deliver(m, 0));
		sdei_raise(m->d, 0, events[i], 0);
		sdei_raise(m->d, 0, events[i], 0);
		assert_false(deliver(m, 0));
		COMPLETE(m, 0);
		assert_true(at_handler(m, 0, events[i]));
		COMPLETE(m, 0);
		assert_false(at_handler(m, 0, events[i]));
		assert_false(deliver(m, 0));
	}
}

/* 5.1.16: to another PE, to itself, coalescing, whatever the state. */
static void signals(void **state)
{
	struct machine *m = *state;

	listen(m, 1, SIGNALLED);
	SIGNAL(m, 0, 1);
	SIGNAL(m, 0, 1);
	SIGNAL(m, 2, 1);
	assert_true(m->kicks[1] > 0);
	assert_false(deliver(m, 0));
	assert_true(deliver(m, 1));
	assert_true(at_handler(m, 1, SIGNALLED));
	COMPLETE(m, 1);
	assert_false(deliver(m, 1));

	assert_int_equal(m->entered, 0); /* nobody watches event 0 */
	assert_int_equal(m->completed, 0);

	/* To itself: entered by the call, after its result. */
	listen(m, 0, SIGNALLED);
	SIGNAL(m, 0, 0);
	assert_true(at_handler(m, 0, SIGNALLED));
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_CONTEXT, 0), SDEI_SUCCESS);
	COMPLETE(m, 0);
	assert_int_equal(m->frame[0].x[0], SDEI_SUCCESS);

	/* To a masked PE: waits, without a kick. */
	m->kicks[1] = 0;
	MASK(m, 1);
	SIGNAL(m, 0, 1);
	assert_int_equal(m->kicks[1], 0);
	UNMASK(m, 1);
	assert_true(at_handler(m, 1, SIGNALLED));
}

/* A signal belongs to the handler that was registered when it was sent. */
static void signals_go_with_the_registration(void **state)
{
	struct machine *m = *state;

	listen(m, 0, SIGNALLED);
	MASK(m, 0);
	SIGNAL(m, 1, 0); /* still a note in the inbox */
	CALL(m, 0, SDEI_FID_EVENT_UNREGISTER, SIGNALLED);
	listen(m, 0, SIGNALLED);
	UNMASK(m, 0);
	assert_false(at_handler(m, 0, SIGNALLED));

	CALL(m, 0, SDEI_FID_EVENT_UNREGISTER, SIGNALLED);
	SIGNAL(m, 1, 0);
	assert_int_equal(CALL(m, 0, SDEI_FID_PRIVATE_RESET, 0), SDEI_SUCCESS);
	listen(m, 0, SIGNALLED);
	assert_false(deliver(m, 0));

	/* But one sent before anybody registered waits for the first. */
	CALL(m, 0, SDEI_FID_EVENT_UNREGISTER, SIGNALLED);
	SIGNAL(m, 1, 0);
	listen(m, 0, SIGNALLED);
	assert_true(at_handler(m, 0, SIGNALLED));
}

/* A platform's event outlasts registrations. */
static void conditions_outlast_registrations(void **state)
{
	struct machine *m = *state;
	uint32_t events[] = { PRIVATE, SHARED };

	for (unsigned i = 0; i < 2; i++) {
		listen(m, 0, events[i]);
		CALL(m, 0, SDEI_FID_EVENT_DISABLE, events[i]);
		sdei_raise(m->d, 0, events[i], 0);
		CALL(m, 0, SDEI_FID_EVENT_UNREGISTER, events[i]);
		assert_int_equal(CALL(m, 0, SDEI_FID_PRIVATE_RESET, 0), 0);
		assert_int_equal(CALL(m, 0, SDEI_FID_SHARED_RESET, 0), 0);
		CALL(m, 0, SDEI_FID_EVENT_REGISTER, events[i], ENTRY, ARGUMENT);
		assert_false(deliver(m, 0));
		CALL(m, 0, SDEI_FID_EVENT_ENABLE, events[i]);
		assert_true(at_handler(m, 0, events[i]));
		COMPLETE(m, 0);
	}
}

/* Unregistered inside its handler: it ends, and does not run again. */
static void unregister_inside(void **state)
{
	struct machine *m = *state;

	listen(m, 0, SIGNALLED);
	SIGNAL(m, 0, 0);
	SIGNAL(m, 1, 0);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_UNREGISTER, SIGNALLED),
			 SDEI_PENDING);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_REGISTER, SIGNALLED, ENTRY),
			 SDEI_DENIED);
	COMPLETE(m, 0);
	assert_int_equal(STATUS(m, 0, SIGNALLED), 0);
	listen(m, 0, SIGNALLED);
	assert_false(at_handler(m, 0, SIGNALLED));

	/* Nor by a signal that came in between, from this PE or another. */
	for (unsigned from = 0; from < 2; from++) {
		SIGNAL(m, 0, 0);
		assert_true(at_handler(m, 0, SIGNALLED));
		CALL(m, 0, SDEI_FID_EVENT_UNREGISTER, SIGNALLED);
		SIGNAL(m, from, 0);
		COMPLETE(m, 0);
		listen(m, 0, SIGNALLED);
		assert_false(at_handler(m, 0, SIGNALLED));
	}
}

/* PE_MASK inside a normal handler: 1, and not even a critical event comes. */
static void mask_inside(void **state)
{
	struct machine *m = *state;

	listen(m, 0, PRIVATE);
	listen(m, 0, PRIVATE_CRIT);
	sdei_raise(m->d, 0, PRIVATE, 0);
	assert_true(deliver(m, 0));
	assert_int_equal(MASK(m, 0), 1);
	sdei_raise(m->d, 0, PRIVATE_CRIT, 0);
	assert_false(deliver(m, 0));
	COMPLETE(m, 0);
	assert_false(deliver(m, 0));
	UNMASK(m, 0);
	assert_true(at_handler(m, 0, PRIVATE_CRIT));
}

static void bad_raises(void **state)
{
	struct machine *m = *state;

	assert_int_equal(sdei_raise(m->d, 0, UNKNOWN, 0), SDEI_RAISE_UNKNOWN);
	assert_int_equal(sdei_raise(m->d, 0, PRIVATE, PES), SDEI_RAISE_UNKNOWN);
	/* A shared event's target is not looked at. */
	listen(m, 0, SHARED);
	assert_int_equal(sdei_raise(m->d, 0, SHARED, PES), 0);
	assert_true(deliver(m, 0));
	assert_true(at_handler(m, 0, SHARED));
}

/* DISABLE in the handler holds after it. */
static void disabled_inside(void **state)
{
	struct machine *m = *state;

	listen(m, 0, SIGNALLED);
	CALL(m, 0, SDEI_FID_EVENT_SIGNAL, SIGNALLED, 0x100);
	assert_true(at_handler(m, 0, SIGNALLED));
	/* Signalled again meanwhile: it runs again. */
	CALL(m, 0, SDEI_FID_EVENT_SIGNAL, SIGNALLED, 0x100);
	CALL(m, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_true(at_handler(m, 0, SIGNALLED));
	CALL(m, 0, SDEI_FID_EVENT_DISABLE, SIGNALLED);
	CALL(m, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS, SIGNALLED),
			 SDEI_STATUS_REGISTERED);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, start_machine, stop_machine)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(entry_and_exit),
		TEST(context),
		TEST(complete_and_resume),
		TEST(nesting),
		TEST(no_other_preemption),
		TEST(critical_first),
		TEST(unmask_delivers_after_its_result),
		TEST(pending_until_enabled),
		TEST(disabled_keeps_pending),
		TEST(again_while_running),
		TEST(signals),
		TEST(signals_go_with_the_registration),
		TEST(conditions_outlast_registrations),
		TEST(unregister_inside),
		TEST(mask_inside),
		TEST(bad_raises),
		TEST(disabled_inside),
	};

	return cmocka_run_group_tests_name("deliver", tests, NULL, NULL);
}
