/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One life of a client, from probe to shutdown, with one call answered wrongly:
 * each call of it in turn, each answer in turn, done and not done; and the same
 * with a dispatcher that goes on so for ever. What must hold each time: nothing
 * but the documented results, at most one message that the interface is
 * disabled, and nothing asked after that.
 */
#include "client_rig.h"

static bool disabled;

static void in_range(int64_t result)
{
	switch (result) {
	case SDEI_NOT_SUPPORTED:
	case SDEI_INVALID_PARAMETERS:
	case SDEI_DENIED:
	case SDEI_PENDING:
	case SDEI_OUT_OF_RESOURCE:
	case SDEI_ERROR_DISABLED:
	case SDEI_ERROR_ANSWER:
		break;
	default:
		assert_true(result >= 0);
	}
}

/* Does one thing of the client's and looks at what it returns. */
#define DO(function, ...) \
	do { \
		unsigned calls = rig->calls; \
		int64_t result = sdei_client_##function(rig->c, \
							##__VA_ARGS__); \
		in_range(result); \
		if (disabled) { \
			assert_int_equal(result, SDEI_ERROR_DISABLED); \
			assert_int_equal(rig->calls, calls); \
		} \
		disabled |= rig->troubles[SDEI_TROUBLE_DISABLED]; \
		assert_true(rig->troubles[SDEI_TROUBLE_DISABLED] <= 1); \
		assert_int_equal(rig->locked, 0); \
	} while (0)

static void on_pe(unsigned pe)
{
	rig->pe = pe;
	rig->m->frame[pe].pstate = EL2H_OPEN;
}

static void use_events(void)
{
	static const uint32_t events[] = { PRIVATE, PRIVATE_CRIT, SHARED,
					   SIGNALLED };

	for (unsigned i = 0; i < 4; i++) {
		DO(register, events[i], rig_handler, rig);
		if (events[i] == SHARED)
			DO(route, SHARED, 1);
		DO(enable, events[i]);
		raise_on(1, events[i]);
	}
	DO(signal, 2);
	raise_on(2, UNKNOWN);
	DO(status, PRIVATE, 3);
	DO(info, SHARED, SDEI_INFO_ROUTING_AFF);
	DO(features, SDEI_FEATURE_BIND_SLOTS);
	DO(disable, PRIVATE_CRIT);
	DO(unregister, PRIVATE_CRIT);
}

static void use_power(void)
{
	int masked;

	on_pe(1);
	DO(cpu_suspend);
	DO(cpu_resume);
	DO(cpu_down);
	on_pe(0);
	on_pe(1);
	DO(cpu_up);
	on_pe(0);
	DO(system_suspend);
	DO(system_resume);
	masked = sdei_client_mask(rig->c);
	DO(unmask, masked);
	DO(freeze);
	DO(thaw);
	raise_on(1, PRIVATE);
}

static void live(void)
{
	uint32_t number = 0;

	disabled = false;
	DO(probe);
	use_events();
	DO(bind, 33, &number);
	DO(register, number, rig_handler, rig);
	use_power();
	DO(unregister, number);
	DO(release, number);
	DO(unregister, SHARED);
	DO(shutdown);
}

/* clang-format off */
static const int64_t answers[] = {
	0, 1, 2, 4, 7, 8, -1, -2, -3, -4, -5, -6, -10, -11, -32, -33,
	0xFFFFFFFF, 0xFFFFFFFE, 0x100000000, 0x41000000, PRIVATE,
	0x0001000000000000, 0x0002000000000000, INT64_MAX, INT64_MIN,
};
/* clang-format on */
#define ANSWERS (sizeof(answers) / sizeof(answers[0]))

static unsigned calls_of_a_life(void **state)
{
	unsigned calls;

	start_rig(state);
	live();
	calls = rig->calls;
	assert_false(disabled);
	/* It is a life worth disturbing: with handlers on two PEs. */
	assert_true(rig->handled[1] >= 4 && rig->handled[2] >= 1);
	stop_rig(state);
	return calls;
}

static void sweep(void **state, bool for_ever, bool served)
{
	unsigned calls = calls_of_a_life(state);

	assert_true(calls > 150);
	for (unsigned at = 0; at < calls; at++)
		for (unsigned i = 0; i < ANSWERS; i++) {
			start_rig(state);
			rig->lie = (struct lie){ .pe = -1,
						 .at = at,
						 .for_ever = for_ever,
						 .served = served,
						 .armed = true,
						 .answer = answers[i] };
			live();
			stop_rig(state);
		}
}

static void one_answer_wrong(void **state)
{
	sweep(state, false, false);
}

static void one_answer_wrong_but_done(void **state)
{
	sweep(state, false, true);
}

static void wrong_from_then_on(void **state)
{
	sweep(state, true, false);
}

/* Each function of the dispatcher is broken, all the time. */
static void one_function_broken(void **state)
{
	for (uint64_t fid = SDEI_FID_FIRST; fid <= SDEI_FID_LAST; fid++)
		for (unsigned i = 0; i < ANSWERS; i++)
			for (int pe = -1; pe < (int)PES; pe++) {
				start_rig(state);
				lie_about(fid, pe, answers[i]);
				live();
				stop_rig(state);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_answer_wrong),
		cmocka_unit_test(one_answer_wrong_but_done),
		cmocka_unit_test(wrong_from_then_on),
		cmocka_unit_test(one_function_broken),
	};

	return cmocka_run_group_tests_name("client_sweep", tests, NULL, NULL);
}
