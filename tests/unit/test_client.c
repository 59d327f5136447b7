/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client's probe and its events, against the real dispatcher; and, one by
 * one, against answers that no dispatcher should give.
 */
#include "client_rig.h"

#define OK    SDEI_SUCCESS
#define NO    SDEI_DENIED
#define BAD   SDEI_INVALID_PARAMETERS
#define OFF   SDEI_ERROR_DISABLED
#define WRONG SDEI_ERROR_ANSWER

enum { U = 0, R = 1, E = 3, P = 4 };

static int listen_to(uint32_t event)
{
	int result = sdei_client_register(rig->c, event, rig_handler, rig);

	return result ? result : sdei_client_enable(rig->c, event);
}

static void everywhere_is(uint32_t event, int status)
{
	for (unsigned pe = 0; pe < PES; pe++)
		assert_int_equal(status_on(pe, event), status);
}

static void probe(void **state)
{
	(void)state;
	assert_int_equal(sdei_client_version(rig->c), 0);
	/* A former client left these. */
	CALL(rig->m, 2, SDEI_FID_EVENT_REGISTER, PRIVATE, ENTRY, 0);
	CALL(rig->m, 2, SDEI_FID_EVENT_REGISTER, SHARED, ENTRY, 0);
	rig->online[3] = false;
	assert_int_equal(sdei_client_probe(rig->c), OK);
	assert_int_equal(sdei_client_version(rig->c) >> 32, 0x10001);
	everywhere_is(PRIVATE, U);
	everywhere_is(SHARED, U);
	for (unsigned pe = 0; pe < PES; pe++)
		assert_int_equal(sdei_pe_masked(rig->m->d, pe), pe == 3);
	assert_int_equal(sdei_client_probe(rig->c), NO);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_DISABLED], 0);
}

/* A dead kernel's handlers are still running on PE 1: both levels. */
static void probe_after_a_crash(void **state)
{
	(void)state;
	CALL(rig->m, 1, SDEI_FID_PE_UNMASK, 0);
	CALL(rig->m, 1, SDEI_FID_EVENT_REGISTER, PRIVATE, 0x4000, 0);
	CALL(rig->m, 1, SDEI_FID_EVENT_ENABLE, PRIVATE);
	CALL(rig->m, 1, SDEI_FID_EVENT_REGISTER, PRIVATE_CRIT, 0x4000, 0);
	CALL(rig->m, 1, SDEI_FID_EVENT_ENABLE, PRIVATE_CRIT);
	sdei_raise(rig->m->d, 1, PRIVATE, 1);
	assert_true(deliver(rig->m, 1));
	sdei_raise(rig->m->d, 1, PRIVATE_CRIT, 1);
	assert_true(deliver(rig->m, 1));
	assert_int_equal(sdei_client_probe(rig->c), OK);
	assert_false(sdei_pe_in_handler(rig->m->d, 1));
	everywhere_is(PRIVATE, U);
	everywhere_is(PRIVATE_CRIT, U);
}

static void all_answer_disabled(void)
{
	struct sdei_client *c = rig->c;
	unsigned calls = rig->calls;
	uint32_t number;

	assert_int_equal(sdei_client_probe(c), OFF);
	assert_int_equal(sdei_client_version(c), 0);
	assert_int_equal(listen_to(PRIVATE), OFF);
	assert_int_equal(sdei_client_enable(c, PRIVATE), OFF);
	assert_int_equal(sdei_client_disable(c, PRIVATE), OFF);
	assert_int_equal(sdei_client_unregister(c, PRIVATE), OFF);
	assert_int_equal(sdei_client_route(c, SHARED, -1), OFF);
	assert_int_equal(sdei_client_bind(c, 33, &number), OFF);
	assert_int_equal(sdei_client_release(c, BOUND(0)), OFF);
	assert_int_equal(sdei_client_status(c, PRIVATE, 0), OFF);
	assert_int_equal(sdei_client_info(c, PRIVATE, 0), OFF);
	assert_int_equal(sdei_client_features(c, 0), OFF);
	assert_int_equal(sdei_client_signal(c, 0), OFF);
	assert_int_equal(sdei_client_mask(c), OFF);
	assert_int_equal(sdei_client_unmask(c, 1), OFF);
	assert_int_equal(sdei_client_cpu_up(c), OFF);
	assert_int_equal(sdei_client_cpu_down(c), OFF);
	assert_int_equal(sdei_client_cpu_suspend(c), OFF);
	assert_int_equal(sdei_client_system_suspend(c), OFF);
	assert_int_equal(sdei_client_system_resume(c), OFF);
	assert_int_equal(sdei_client_freeze(c), OFF);
	assert_int_equal(sdei_client_thaw(c), OFF);
	assert_int_equal(sdei_client_shutdown(c), OFF);
	assert_int_equal(sdei_client_crash(c), 0);
	/* Nothing was asked: the conduit may lead nowhere. */
	assert_int_equal(rig->calls, calls);
}

static void versions(void **state)
{
	static const struct {
		int64_t answer;
		int result;
	} row[] = {
		{ SDEI_NOT_SUPPORTED, SDEI_NOT_SUPPORTED },
		{ 0, SDEI_NOT_SUPPORTED },
		{ 0x0000000100000000, SDEI_NOT_SUPPORTED }, /* 0.1 */
		{ 0x0002000000000000, SDEI_NOT_SUPPORTED }, /* 2.0 */
		{ INT64_MIN | 0x0001000000000000, SDEI_NOT_SUPPORTED },
		{ SDEI_DENIED, SDEI_NOT_SUPPORTED },
		{ 0xFFFFFFFF, SDEI_NOT_SUPPORTED }, /* -1, not extended */
		{ 0x0001000000000000, OK },
		{ 0x0001FFFFFFFFFFFF, OK },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		start_rig(state);
		lie_about(SDEI_FID_VERSION, -1, row[i].answer);
		assert_int_equal(sdei_client_probe(rig->c), row[i].result);
		assert_int_equal(rig->troubles[SDEI_TROUBLE_DISABLED],
				 row[i].result != OK);
		if (row[i].result) {
			assert_int_equal(rig->trouble_event, SDEI_FID_VERSION);
			assert_true(rig->trouble_detail == row[i].answer);
			all_answer_disabled();
		}
		assert_int_equal(rig->troubles[SDEI_TROUBLE_DISABLED],
				 row[i].result != OK);
		stop_rig(state);
	}
}

/* Each call of the probe goes wrong, on each PE where it is made. */
static void probe_fails(void **state)
{
	static const struct {
		uint64_t fid;
		int pe;
		int64_t answer;
		int result;
	} row[] = {
		{ SDEI_FID_PE_MASK, 0, SDEI_NOT_SUPPORTED, SDEI_NOT_SUPPORTED },
		{ SDEI_FID_PE_MASK, 2, 2, WRONG },
		{ SDEI_FID_PRIVATE_RESET, 0, SDEI_DENIED, NO },
		{ SDEI_FID_PRIVATE_RESET, 3, SDEI_PENDING, WRONG },
		{ SDEI_FID_PRIVATE_RESET, 1, 1, WRONG },
		{ SDEI_FID_SHARED_RESET, -1, SDEI_DENIED, NO },
		{ SDEI_FID_SHARED_RESET, -1, INT64_MIN, WRONG },
		{ SDEI_FID_PE_UNMASK, 3, 1, WRONG },
		{ SDEI_FID_PE_UNMASK, 0, BAD, BAD },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		start_rig(state);
		lie_about(row[i].fid, row[i].pe, row[i].answer);
		assert_int_equal(sdei_client_probe(rig->c), row[i].result);
		all_answer_disabled();
		assert_int_equal(rig->troubles[SDEI_TROUBLE_DISABLED], 1);
		stop_rig(state);
	}
}

static void unprobed(void **state)
{
	(void)state;
	assert_int_equal(listen_to(PRIVATE), OFF);
	assert_int_equal(sdei_client_mask(rig->c), OFF);
	assert_int_equal(sdei_client_thaw(rig->c), OFF);
	assert_int_equal(sdei_client_crash(rig->c), 0);
	assert_int_equal(rig->calls, 0);
}

static void private_events(void **state)
{
	(void)state;
	assert_int_equal(sdei_client_register(rig->c, PRIVATE, rig_handler,
					      rig),
			 OK);
	everywhere_is(PRIVATE, R);
	assert_int_equal(sdei_client_register(rig->c, PRIVATE, rig_handler,
					      rig),
			 NO);
	assert_int_equal(sdei_client_enable(rig->c, PRIVATE), OK);
	everywhere_is(PRIVATE, E);
	for (unsigned pe = 0; pe < PES; pe++)
		raise_on(pe, PRIVATE);
	for (unsigned pe = 0; pe < PES; pe++)
		assert_int_equal(rig->handled[pe], 1);
	assert_int_equal(rig->seen.number, PRIVATE);
	assert_int_equal(sdei_client_disable(rig->c, PRIVATE), OK);
	everywhere_is(PRIVATE, R);
	raise_on(1, PRIVATE);
	assert_int_equal(rig->handled[1], 1);
	assert_int_equal(sdei_client_enable(rig->c, PRIVATE), OK);
	assert_int_equal(rig->handled[1], 2);
	assert_int_equal(sdei_client_unregister(rig->c, PRIVATE), OK);
	everywhere_is(PRIVATE, U);
	assert_int_equal(sdei_client_unregister(rig->c, PRIVATE), NO);
	assert_int_equal(sdei_client_enable(rig->c, PRIVATE), NO);
	assert_int_equal(sdei_client_disable(rig->c, PRIVATE), NO);
}

static void shared_events(void **state)
{
	(void)state;
	assert_int_equal(listen_to(SHARED), OK);
	assert_int_equal(listen_to(SHARED_CRIT), OK);
	assert_int_equal(status_on(0, SHARED), E);
	rig->pe = 2;
	raise_on(0, SHARED);
	raise_on(0, SHARED_CRIT);
	assert_int_equal(rig->handled[2], 2);
	assert_int_equal(sdei_client_status(rig->c, SHARED, 1), E);
	assert_int_equal(sdei_client_unregister(rig->c, SHARED), OK);
	assert_int_equal(sdei_client_status(rig->c, SHARED, 1), U);
}

static void parameters(void **state)
{
	(void)state;
	assert_int_equal(sdei_client_register(rig->c, PRIVATE, NULL, rig), BAD);
	assert_int_equal(listen_to(UNKNOWN), BAD);
	assert_int_equal(listen_to(0x80000000), BAD);
	assert_int_equal(listen_to(0x01000000), BAD);
	for (unsigned i = 0; i < EVENT_SLOTS; i++)
		assert_int_equal(listen_to((uint32_t[]){
					 SIGNALLED, PRIVATE, PRIVATE_CRIT,
					 SHARED, SHARED_2, SHARED_CRIT }[i]),
				 OK);
	assert_int_equal(listen_to(WATCHDOG), SDEI_OUT_OF_RESOURCE);
	assert_int_equal(sdei_client_unregister(rig->c, SHARED), OK);
	assert_int_equal(listen_to(WATCHDOG), OK);
}

/* One CPU refuses: all of them are as before. */
static void all_or_none(void **state)
{
	static const int64_t answers[] = {
		BAD, NO, SDEI_OUT_OF_RESOURCE, SDEI_PENDING, 1, -4, INT64_MIN
	};

	for (unsigned i = 0; i < 7; i++)
		for (int pe = 0; pe < (int)PES; pe++) {
			int expected = i < 3 ? (int)answers[i] : WRONG;

			start_probed(state);
			lie_about(SDEI_FID_EVENT_REGISTER, pe, answers[i]);
			assert_int_equal(listen_to(PRIVATE), expected);
			everywhere_is(PRIVATE, U);
			rig->lie.armed = false;
			assert_int_equal(sdei_client_register(rig->c, PRIVATE,
							      rig_handler, rig),
					 OK);
			lie_about(SDEI_FID_EVENT_ENABLE, pe, answers[i]);
			assert_int_equal(sdei_client_enable(rig->c, PRIVATE),
					 expected);
			everywhere_is(PRIVATE, R);
			rig->lie.armed = false;
			assert_int_equal(sdei_client_enable(rig->c, PRIVATE),
					 OK);
			stop_rig(state);
		}
}

/* A CPU that is up cannot be reached. */
static void unreachable(void **state)
{
	(void)state;
	rig->online[2] = false;
	assert_int_equal(listen_to(PRIVATE), SDEI_ERROR_CPU);
	assert_int_equal(status_on(0, PRIVATE), U);
	assert_int_equal(status_on(3, PRIVATE), U);
	assert_int_equal(sdei_client_status(rig->c, PRIVATE, 2),
			 SDEI_ERROR_CPU);
	rig->online[2] = true;
	assert_int_equal(listen_to(PRIVATE), OK);
}

/* In the handler on PE 1, somebody on PE 0 unregisters. */
static void unregister_elsewhere(struct rig *r)
{
	unsigned self = r->pe;

	r->pe = 0;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(sdei_client_unregister(r->c, r->seen.number),
				 SDEI_PENDING);
	assert_int_equal(sdei_client_register(r->c, r->seen.number, rig_handler,
					      r),
			 NO);
	assert_int_equal(sdei_client_enable(r->c, r->seen.number), NO);
	r->pe = self;
	assert_int_equal(status_on(r->pe, r->seen.number), P);
}

static void unregister_while_running(void **state)
{
	static const uint32_t events[] = { PRIVATE, PRIVATE_CRIT, SHARED,
					   SHARED_CRIT };

	(void)state;
	rig->in_handler = unregister_elsewhere;
	for (unsigned i = 0; i < 4; i++) {
		rig->pe = 1;
		assert_int_equal(listen_to(events[i]), OK);
		raise_on(1, events[i]);
		assert_int_equal(rig->handled[1], i + 1);
		/* Now it is over, and that can be learnt in two ways. */
		if (i % 2)
			assert_int_equal(sdei_client_unregister(rig->c,
								events[i]),
					 OK);
		assert_int_equal(sdei_client_register(rig->c, events[i],
						      rig_handler, rig),
				 OK);
		assert_int_equal(sdei_client_unregister(rig->c, events[i]), OK);
	}
}

/*
 * A dispatcher that answers DENIED where it should say PENDING: STATUS tells that
 * the handler still runs.
 */
static void denied_for_pending(struct rig *r)
{
	assert_int_equal(sdei_client_unregister(r->c, PRIVATE), SDEI_PENDING);
	lie_about(SDEI_FID_EVENT_UNREGISTER, -1, SDEI_DENIED);
	assert_int_equal(sdei_client_unregister(r->c, PRIVATE), SDEI_PENDING);
}

static void unregister_denied(void **state)
{
	(void)state;
	rig->in_handler = denied_for_pending;
	assert_int_equal(listen_to(PRIVATE), OK);
	raise_on(1, PRIVATE);
	assert_int_equal(rig->handled[1], 1);
	assert_int_equal(sdei_client_unregister(rig->c, PRIVATE), OK);
}

/* There is no stub at EL2, or something else that answers. */
static void no_stub(void **state)
{
	(void)state;
	rig->c->config.stub = true;
	lie_about(SDEI_STUB_PREPARE, -1, 5);
	assert_int_equal(sdei_client_probe(rig->c), SDEI_NOT_SUPPORTED);
	all_answer_disabled();
	assert_int_equal(rig->troubles[SDEI_TROUBLE_DISABLED], 1);
}

/* UNREGISTER answers what it cannot: the entry is kept, and can be tried again. */
static void unregister_nonsense(void **state)
{
	static const struct {
		int64_t answer;
		int result;
	} row[] = {
		{ BAD, BAD },
		{ SDEI_NOT_SUPPORTED, SDEI_NOT_SUPPORTED },
		{ 7, WRONG },
		{ -4, WRONG },
		{ INT64_MAX, WRONG },
		/* DENIED, and STATUS says that it is registered. */
		{ SDEI_DENIED, SDEI_DENIED },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		start_probed(state);
		assert_int_equal(listen_to(PRIVATE), OK);
		lie_about(SDEI_FID_EVENT_UNREGISTER, 1, row[i].answer);
		assert_int_equal(sdei_client_unregister(rig->c, PRIVATE),
				 row[i].result);
		assert_int_equal(status_on(0, PRIVATE), U);
		assert_int_equal(status_on(3, PRIVATE), U);
		assert_int_equal(listen_to(PRIVATE), NO);
		/* Its handler may still be called, and is. */
		raise_on(1, PRIVATE);
		assert_int_equal(rig->handled[1], 1);
		rig->lie.armed = false;
		assert_int_equal(sdei_client_unregister(rig->c, PRIVATE), OK);
		everywhere_is(PRIVATE, U);
		stop_rig(state);
	}
}

/* The dispatcher contradicts itself about what the event is. */
static void info_nonsense(void **state)
{
	static const int64_t answers[] = { 2, -7, INT64_MIN, 0xFFFFFFFF };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		lie_about(SDEI_FID_EVENT_GET_INFO, -1, answers[i]);
		assert_int_equal(listen_to(PRIVATE), WRONG);
		everywhere_is(PRIVATE, U);
	}
	lie_about(SDEI_FID_EVENT_GET_INFO, -1, BAD);
	assert_int_equal(listen_to(PRIVATE), BAD);
}

/* Everything fires at every call that is not a handler's. */
static void raise_all(struct rig *r, uint64_t fid)
{
	static const uint32_t events[] = { PRIVATE, PRIVATE_CRIT, SHARED };

	(void)fid;
	if (sdei_pe_in_handler(r->m->d, r->pe))
		return;
	for (unsigned i = 0; i < 3; i++)
		sdei_raise(r->m->d, r->pe, events[i], r->pe);
	run_here();
}

static void events_during_registration(void **state)
{
	(void)state;
	rig->before_call = raise_all;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(listen_to(PRIVATE), OK);
		assert_int_equal(listen_to(PRIVATE_CRIT), OK);
		assert_int_equal(listen_to(SHARED), OK);
		assert_true(rig->handled[1] > 3 * i);
		assert_int_equal(sdei_client_disable(rig->c, PRIVATE), OK);
		assert_int_equal(sdei_client_unregister(rig->c, PRIVATE), OK);
		assert_int_equal(sdei_client_unregister(rig->c, PRIVATE_CRIT),
				 OK);
		assert_int_equal(sdei_client_unregister(rig->c, SHARED), OK);
	}
	everywhere_is(PRIVATE, U);
	for (unsigned i = SDEI_TROUBLE_DISABLED; i <= SDEI_TROUBLE_REFUSED; i++)
		assert_int_equal(rig->troubles[i], 0);
}

int main(void)
{
#define WITH(set_up, test) \
	cmocka_unit_test_setup_teardown(test, set_up, stop_rig)
	const struct CMUnitTest tests[] = {
		WITH(start_rig, probe),
		WITH(start_rig, probe_after_a_crash),
		cmocka_unit_test(versions),
		cmocka_unit_test(probe_fails),
		WITH(start_rig, unprobed),
		WITH(start_probed, private_events),
		WITH(start_probed, shared_events),
		WITH(start_probed, parameters),
		cmocka_unit_test(all_or_none),
		WITH(start_probed, unreachable),
		WITH(start_probed, unregister_while_running),
		WITH(start_probed, unregister_denied),
		WITH(start_rig, no_stub),
		cmocka_unit_test(unregister_nonsense),
		WITH(start_probed, info_nonsense),
		WITH(start_probed, events_during_registration),
	};

	return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
