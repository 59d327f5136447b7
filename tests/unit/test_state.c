/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handler state machine, cell by cell, as DEN0054C Table 13 has it: for
 * every state a handler can be in and every call on it, what is answered and
 * what EVENT_STATUS says afterwards.
 */
#include "fake.h"

enum { U = 0, R = 1, E = 3, RR = 5, RE = 7, P = 4 };

static const unsigned states[] = { U, R, E, RR, RE, P };

struct cell {
	int64_t result;
	unsigned next;
};

struct row {
	const char *name;
	uint32_t fid;
	uint64_t x2, x3, x4;
	struct cell cell[6]; /* in the order of `states` */
};

#define OK   SDEI_SUCCESS
#define NO   SDEI_DENIED
#define BAD  SDEI_INVALID_PARAMETERS
#define PEND SDEI_PENDING

/* What is the same for private and shared events. */
/* clang-format off */
static const struct row common[] = {
	{ "REGISTER", SDEI_FID_EVENT_REGISTER, ENTRY, 0, 0,
	  { { OK, R }, { NO, R }, { NO, E }, { NO, RR }, { NO, RE }, { NO, P } } },
	{ "ENABLE", SDEI_FID_EVENT_ENABLE, 0, 0, 0,
	  { { NO, U }, { OK, E }, { OK, E }, { OK, RE }, { OK, RE }, { NO, P } } },
	{ "DISABLE", SDEI_FID_EVENT_DISABLE, 0, 0, 0,
	  { { NO, U }, { OK, R }, { OK, R }, { OK, RR }, { OK, RR }, { NO, P } } },
	{ "UNREGISTER", SDEI_FID_EVENT_UNREGISTER, 0, 0, 0,
	  { { NO, U }, { OK, U }, { OK, U }, { PEND, P }, { PEND, P }, { PEND, P } } },
	{ "STATUS", SDEI_FID_EVENT_STATUS, 0, 0, 0,
	  { { U, U }, { R, R }, { E, E }, { RR, RR }, { RE, RE }, { P, P } } },
	{ "GET_INFO SIGNALED", SDEI_FID_EVENT_GET_INFO, SDEI_INFO_SIGNALED, 0, 0,
	  { { 1, U }, { 1, R }, { 1, E }, { 1, RR }, { 1, RE }, { 1, P } } },
	{ "GET_INFO PRIORITY", SDEI_FID_EVENT_GET_INFO, SDEI_INFO_PRIORITY, 0, 0,
	  { { 0, U }, { 0, R }, { 0, E }, { 0, RR }, { 0, RE }, { 0, P } } },
};
/* clang-format on */

/* clang-format off */
static const struct row private_rows[] = {
	{ "GET_INFO TYPE", SDEI_FID_EVENT_GET_INFO, SDEI_INFO_TYPE, 0, 0,
	  { { 0, U }, { 0, R }, { 0, E }, { 0, RR }, { 0, RE }, { 0, P } } },
	{ "GET_INFO ROUTING_MODE", SDEI_FID_EVENT_GET_INFO,
	  SDEI_INFO_ROUTING_MODE, 0, 0,
	  { { BAD, U }, { BAD, R }, { BAD, E }, { BAD, RR }, { BAD, RE }, { BAD, P } } },
	{ "ROUTING_SET", SDEI_FID_EVENT_ROUTING_SET, SDEI_RM_ANY, 0, 0,
	  { { BAD, U }, { BAD, R }, { BAD, E }, { BAD, RR }, { BAD, RE }, { BAD, P } } },
	{ "PRIVATE_RESET", SDEI_FID_PRIVATE_RESET, 0, 0, 0,
	  { { OK, U }, { OK, U }, { OK, U }, { NO, P }, { NO, P }, { NO, P } } },
	{ "SHARED_RESET", SDEI_FID_SHARED_RESET, 0, 0, 0,
	  { { OK, U }, { OK, R }, { OK, E }, { OK, RR }, { OK, RE }, { OK, P } } },
};
/* clang-format on */

/* clang-format off */
static const struct row shared_rows[] = {
	{ "GET_INFO TYPE", SDEI_FID_EVENT_GET_INFO, SDEI_INFO_TYPE, 0, 0,
	  { { 1, U }, { 1, R }, { 1, E }, { 1, RR }, { 1, RE }, { 1, P } } },
	{ "GET_INFO ROUTING_MODE", SDEI_FID_EVENT_GET_INFO,
	  SDEI_INFO_ROUTING_MODE, 0, 0,
	  { { NO, U }, { 0, R }, { 0, E }, { 0, RR }, { 0, RE }, { NO, P } } },
	{ "GET_INFO ROUTING_AFF", SDEI_FID_EVENT_GET_INFO,
	  SDEI_INFO_ROUTING_AFF, 0, 0,
	  { { NO, U }, { BAD, R }, { BAD, E }, { BAD, RR }, { BAD, RE }, { NO, P } } },
	{ "ROUTING_SET", SDEI_FID_EVENT_ROUTING_SET, SDEI_RM_ANY, 0, 0,
	  { { NO, U }, { OK, R }, { NO, E }, { NO, RR }, { NO, RE }, { NO, P } } },
	{ "PRIVATE_RESET", SDEI_FID_PRIVATE_RESET, 0, 0, 0,
	  { { OK, U }, { OK, R }, { OK, E }, { OK, RR }, { OK, RE }, { OK, P } } },
	{ "SHARED_RESET", SDEI_FID_SHARED_RESET, 0, 0, 0,
	  { { OK, U }, { OK, U }, { OK, U }, { NO, P }, { NO, P }, { NO, P } } },
};
/* clang-format on */

/* Bring the event into a state on PE 0, from a fresh machine. */
static void reach(struct machine *m, uint32_t event, unsigned target)
{
	if (target == U)
		return;
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_REGISTER, event, ENTRY, 0, 0,
			      0),
			 OK);
	if (target != R)
		assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_ENABLE, event), OK);
	if (target & SDEI_STATUS_RUNNING) {
		assert_int_equal(sdei_raise(m->d, 0, event, 0), 0);
		assert_true(deliver(m, 0));
	}
	if (target == RR)
		assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_DISABLE, event), OK);
	if (target == P)
		assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_UNREGISTER, event),
				 PEND);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS, event), target);
}

static void check_rows(const struct row *rows, size_t count, uint32_t event)
{
	for (size_t r = 0; r < count; r++)
		for (unsigned s = 0; s < 6; s++) {
			const struct row *row = &rows[r];
			int64_t result;
			unsigned next;
			void *state;

			start_machine(&state);
			reach(state, event, states[s]);
			result = CALL(state, 0, row->fid, event, row->x2,
				      row->x3, row->x4);
			next = (unsigned)CALL(state, 0, SDEI_FID_EVENT_STATUS,
					      event);
			if (result != row->cell[s].result ||
			    next != row->cell[s].next)
				fail_msg(
					"%s in state %u: answered %lld and went to %u; Table 13 says %lld and %u",
					row->name, states[s], (long long)result,
					next, (long long)row->cell[s].result,
					row->cell[s].next);
			stop_machine(&state);
		}
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void private_table(void **state)
{
	(void)state;
	check_rows(common, COUNT(common), PRIVATE);
	check_rows(private_rows, COUNT(private_rows), PRIVATE);
}

static void shared_table(void **state)
{
	(void)state;
	check_rows(common, COUNT(common), SHARED);
	check_rows(shared_rows, COUNT(shared_rows), SHARED);
}

/* COMPLETE leads from RR to R, from RE to E, from P to U (6.1). */
static void completion(void **state)
{
	static const unsigned from[] = { RR, RE, P }, to[] = { R, E, U };
	static const uint32_t fids[] = { SDEI_FID_EVENT_COMPLETE,
					 SDEI_FID_EVENT_COMPLETE_RESUME };

	for (unsigned event = 0; event < 2; event++)
		for (unsigned f = 0; f < 2; f++)
			for (unsigned i = 0; i < 3; i++) {
				uint32_t number = event ? SHARED : PRIVATE;

				start_machine(state);
				reach(*state, number, from[i]);
				CALL(*state, 0, fids[f], 0x1000);
				assert_int_equal(CALL(*state, 0,
						      SDEI_FID_EVENT_STATUS,
						      number),
						 to[i]);
				stop_machine(state);
			}
}

/* A private event's state on one PE is nothing to another. */
static void private_is_private(void **state)
{
	struct machine *m = *state;

	listen(m, 0, PRIVATE);
	sdei_raise(m->d, 0, PRIVATE, 0);
	assert_true(deliver(m, 0));
	assert_int_equal(CALL(m, 1, SDEI_FID_EVENT_STATUS, PRIVATE), U);
	listen(m, 1, PRIVATE);
	assert_int_equal(CALL(m, 1, SDEI_FID_EVENT_UNREGISTER, PRIVATE), OK);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS, PRIVATE), RE);
}

/* A shared event runs once in the whole system; others see it running. */
static void shared_is_shared(void **state)
{
	struct machine *m = *state;

	listen(m, 0, SHARED);
	sdei_raise(m->d, 1, SHARED, 0);
	assert_true(deliver(m, 1));
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS, SHARED), RE);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_UNREGISTER, SHARED), PEND);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_COMPLETE, 0), NO);
	CALL(m, 1, SDEI_FID_EVENT_COMPLETE, 0);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS, SHARED), U);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(private_table),
		cmocka_unit_test(shared_table),
		cmocka_unit_test(completion),
		cmocka_unit_test_setup_teardown(private_is_private,
						start_machine, stop_machine),
		cmocka_unit_test_setup_teardown(shared_is_shared, start_machine,
						stop_machine),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
