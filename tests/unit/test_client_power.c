/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client through hotplug, suspend, hibernation, shutdown and crash; and
 * what it binds, routes, masks and signals.
 */
#include "client_rig.h"

#define OK  SDEI_SUCCESS
#define NO  SDEI_DENIED
#define BAD SDEI_INVALID_PARAMETERS
#define OFF SDEI_ERROR_DISABLED
#define PPI 30u
#define SPI 33u

enum { U = 0, R = 1, E = 3 };

static void listen_to(uint32_t event)
{
	assert_int_equal(sdei_client_register(rig->c, event, rig_handler, rig),
			 OK);
	assert_int_equal(sdei_client_enable(rig->c, event), OK);
}

static bool masked(unsigned pe)
{
	return sdei_pe_masked(rig->m->d, pe);
}

/* What PSCI does between the client's two calls. */
static void off_and_on(unsigned pe)
{
	sdei_pe_off(rig->m->d, pe);
	sdei_pe_on(rig->m->d, pe);
}

static void masking_nests(void **state)
{
	int outer, inner;

	(void)state;
	outer = sdei_client_mask(rig->c);
	inner = sdei_client_mask(rig->c);
	assert_int_equal(outer, 1);
	assert_int_equal(inner, 0);
	assert_int_equal(sdei_client_unmask(rig->c, inner), OK);
	assert_true(masked(0));
	assert_int_equal(sdei_client_unmask(rig->c, outer), OK);
	assert_false(masked(0));
	lie_about(SDEI_FID_PE_MASK, -1, 2);
	assert_int_equal(sdei_client_mask(rig->c), SDEI_ERROR_ANSWER);
	assert_int_equal(sdei_client_unmask(rig->c, SDEI_ERROR_ANSWER), OK);
}

static void signals(void **state)
{
	(void)state;
	listen_to(SIGNALLED);
	for (unsigned pe = 0; pe < PES; pe++) {
		assert_int_equal(sdei_client_signal(rig->c, pe), OK);
		raise_on(pe, UNKNOWN);
		assert_int_equal(rig->handled[pe], 1);
	}
	assert_int_equal(sdei_client_signal(rig->c, PES), BAD);
	lie_about(SDEI_FID_EVENT_SIGNAL, -1, BAD);
	assert_int_equal(sdei_client_signal(rig->c, 1), BAD);
}

static void queries(void **state)
{
	(void)state;
	assert_int_equal(sdei_client_features(rig->c, 0),
			 SHARED_SLOTS << 16 | PRIVATE_SLOTS);
	assert_int_equal(sdei_client_features(rig->c, 2), BAD);
	assert_int_equal(sdei_client_info(rig->c, SHARED_CRIT,
					  SDEI_INFO_PRIORITY),
			 1);
	assert_int_equal(sdei_client_info(rig->c, UNKNOWN, 0), BAD);
	assert_int_equal(sdei_client_info(rig->c, PRIVATE, 9), BAD);
	assert_int_equal(sdei_client_status(rig->c, PRIVATE, PES), BAD);
	lie_about(SDEI_FID_EVENT_STATUS, -1, 8);
	assert_int_equal(sdei_client_status(rig->c, PRIVATE, 0),
			 SDEI_ERROR_ANSWER);
}

static void routing(void **state)
{
	const uint32_t aff = SDEI_INFO_ROUTING_AFF;

	(void)state;
	assert_int_equal(sdei_client_route(rig->c, SHARED, 1), NO);
	assert_int_equal(sdei_client_register(rig->c, SHARED, rig_handler, rig),
			 OK);
	assert_int_equal(sdei_client_route(rig->c, SHARED, PES), BAD);
	assert_int_equal(sdei_client_route(rig->c, SHARED, -2), BAD);
	assert_int_equal(sdei_client_route(rig->c, SHARED, 3), OK);
	assert_int_equal(sdei_client_info(rig->c, SHARED, aff), 0x103);
	assert_int_equal(sdei_client_enable(rig->c, SHARED), OK);
	assert_int_equal(sdei_client_route(rig->c, SHARED, -1), NO);
	raise_on(0, SHARED);
	assert_int_equal(rig->handled[3], 1);
	listen_to(PRIVATE);
	assert_int_equal(sdei_client_route(rig->c, PRIVATE, 1), BAD);
}

static void binding(void **state)
{
	uint32_t ppi, spi, again;

	(void)state;
	assert_int_equal(sdei_client_bind(rig->c, PPI, &ppi), OK);
	assert_int_equal(sdei_client_bind(rig->c, SPI, &spi), OK);
	assert_int_equal(sdei_client_bind(rig->c, SPI, &again), OK);
	assert_int_equal(again, spi);
	assert_int_equal(sdei_client_bind(rig->c, SECURE_SPI, &again), BAD);
	listen_to(ppi);
	listen_to(spi);
	assert_true(fire(rig->m, 2, PPI));
	raise_on(2, UNKNOWN);
	assert_int_equal(rig->handled[2], 1);
	assert_int_equal(sdei_client_release(rig->c, ppi), NO);
	assert_int_equal(sdei_client_release(rig->c, PRIVATE), BAD);
	assert_int_equal(sdei_client_unregister(rig->c, ppi), OK);
	assert_int_equal(sdei_client_release(rig->c, ppi), OK);
	assert_int_equal(sdei_client_release(rig->c, ppi), BAD);
	assert_false(rig->m->taken >> PPI & 1);
}

static void binding_nonsense(void **state)
{
	static const int64_t answers[] = { 0,  0x80000000, 0x100000000,
					   -4, 0x41000000, SIGNALLED };
	uint32_t number;

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		lie_about(SDEI_FID_INTERRUPT_BIND, -1, answers[i]);
		assert_int_equal(sdei_client_bind(rig->c, SPI, &number),
				 SDEI_ERROR_ANSWER);
	}
	/* A number that another event has. */
	listen_to(PRIVATE);
	lie_about(SDEI_FID_INTERRUPT_BIND, -1, PRIVATE);
	assert_int_equal(sdei_client_bind(rig->c, SPI, &number),
			 SDEI_ERROR_ANSWER);
	rig->lie.armed = false;
	/* The table is full: what was bound is given back. */
	listen_to(PRIVATE_CRIT);
	listen_to(SHARED);
	listen_to(SHARED_2);
	listen_to(SHARED_CRIT);
	listen_to(SIGNALLED);
	assert_int_equal(sdei_client_bind(rig->c, SPI, &number),
			 SDEI_OUT_OF_RESOURCE);
	assert_false(rig->m->taken >> SPI & 1);
}

static void hotplug(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	assert_int_equal(sdei_client_register(rig->c, PRIVATE_CRIT, rig_handler,
					      rig),
			 OK);
	assert_int_equal(sdei_client_register(rig->c, SHARED, rig_handler, rig),
			 OK);
	assert_int_equal(sdei_client_route(rig->c, SHARED, 2), OK);
	assert_int_equal(sdei_client_enable(rig->c, SHARED), OK);
	rig->pe = 2;
	assert_int_equal(sdei_client_cpu_down(rig->c), OK);
	assert_true(masked(2));
	assert_int_equal(status_on(2, PRIVATE), U);
	assert_int_equal(sdei_client_info(rig->c, SHARED,
					  SDEI_INFO_ROUTING_MODE),
			 SDEI_RM_ANY);
	assert_int_equal(status_on(0, SHARED), E);
	rig->online[2] = false;
	off_and_on(2);
	/* What happens meanwhile is for the others, and for its return. */
	rig->pe = 0;
	raise_on(0, SHARED);
	assert_int_equal(rig->handled[0], 1);
	listen_to(WATCHDOG);
	assert_int_equal(sdei_client_disable(rig->c, PRIVATE), OK);
	assert_int_equal(status_on(2, WATCHDOG), U);
	rig->pe = 2;
	assert_int_equal(sdei_client_cpu_up(rig->c), OK);
	assert_false(masked(2));
	assert_int_equal(status_on(2, PRIVATE), R);
	assert_int_equal(status_on(2, PRIVATE_CRIT), R);
	assert_int_equal(status_on(2, WATCHDOG), E);
	assert_int_equal(sdei_client_info(rig->c, SHARED,
					  SDEI_INFO_ROUTING_AFF),
			 0x102);
	assert_int_equal(status_on(0, SHARED), E);
}

/* It goes off inside a handler, which ends with it (6.5.4). */
static void off_in_a_handler(void **state)
{
	struct level *l = rig->c->cpus[2].level;

	(void)state;
	listen_to(PRIVATE);
	l->running = rig->c->registrations;
	l->nested = 1;
	off_and_on(2);
	rig->pe = 2;
	assert_non_null(sdei_client_interrupted(rig->c, 2, 0));
	assert_int_equal(sdei_client_cpu_up(rig->c), OK);
	assert_null(sdei_client_interrupted(rig->c, 2, 0));
	raise_on(2, PRIVATE);
	assert_int_equal(rig->handled[2], 1);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_NESTED], 0);
}

static void hotplug_fails(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	rig->pe = 2;
	assert_int_equal(sdei_client_cpu_down(rig->c), OK);
	off_and_on(2);
	lie_about(SDEI_FID_EVENT_ENABLE, 2, NO);
	assert_int_equal(sdei_client_cpu_up(rig->c), NO);
	assert_true(masked(2));
	assert_int_equal(status_on(2, PRIVATE), U);
	/* The others go on without it. */
	rig->online[2] = false;
	rig->pe = 0;
	assert_int_equal(sdei_client_disable(rig->c, PRIVATE), OK);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_DISABLED], 0);
	/* No stacks. */
	rig->lie.armed = false;
	rig->pe = 2;
	rig->cpus[2].stack[1] = NULL;
	assert_int_equal(sdei_client_cpu_up(rig->c), BAD);
	assert_true(masked(2));
}

static void suspend(void **state)
{
	int outer;

	(void)state;
	listen_to(PRIVATE);
	assert_int_equal(sdei_client_cpu_suspend(rig->c), OK);
	raise_on(0, PRIVATE);
	assert_int_equal(rig->handled[0], 0);
	sdei_pe_suspend(rig->m->d, 0);
	assert_int_equal(sdei_client_cpu_resume(rig->c), OK);
	assert_int_equal(rig->handled[0], 1);
	/* It failed: the same. Who had masked before stays masked. */
	outer = sdei_client_mask(rig->c);
	assert_int_equal(sdei_client_cpu_suspend(rig->c), OK);
	assert_int_equal(sdei_client_cpu_resume(rig->c), OK);
	assert_true(masked(0));
	assert_int_equal(sdei_client_unmask(rig->c, outer), OK);
	assert_false(masked(0));
}

static void system_suspend(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	listen_to(SHARED);
	for (rig->pe = 1; rig->pe < PES; rig->pe++) {
		assert_int_equal(sdei_client_cpu_down(rig->c), OK);
		rig->online[rig->pe] = false;
	}
	rig->pe = 0;
	assert_int_equal(sdei_client_system_suspend(rig->c), OK);
	assert_true(masked(0));
	sdei_pe_suspend(rig->m->d, 0);
	/* A firmware that forgets. */
	CALL(rig->m, 0, SDEI_FID_PRIVATE_RESET, 0);
	CALL(rig->m, 0, SDEI_FID_SHARED_RESET, 0);
	assert_int_equal(sdei_client_system_resume(rig->c), OK);
	assert_false(masked(0));
	assert_int_equal(status_on(0, PRIVATE), E);
	assert_int_equal(status_on(0, SHARED), E);
}

static void hibernation(void **state)
{
	uint32_t spi, other;

	(void)state;
	listen_to(PRIVATE);
	assert_int_equal(sdei_client_register(rig->c, SHARED_2, rig_handler,
					      rig),
			 OK);
	assert_int_equal(sdei_client_route(rig->c, SHARED_2, 1), OK);
	assert_int_equal(sdei_client_bind(rig->c, SPI, &spi), OK);
	listen_to(spi);
	assert_int_equal(sdei_client_freeze(rig->c), OK);
	for (unsigned pe = 0; pe < PES; pe++) {
		assert_true(masked(pe));
		assert_int_equal(status_on(pe, PRIVATE), U);
	}
	assert_false(rig->m->taken >> SPI & 1);
	assert_int_equal(sdei_client_enable(rig->c, PRIVATE), OFF);
	assert_int_equal(sdei_client_freeze(rig->c), OFF);
	/* The kernel that restores the image has used SDEI, and slots. */
	CALL(rig->m, 1, SDEI_FID_PE_UNMASK, 0);
	CALL(rig->m, 1, SDEI_FID_EVENT_REGISTER, PRIVATE, 0x4000, 0);
	CALL(rig->m, 1, SDEI_FID_EVENT_ENABLE, PRIVATE);
	assert_int_equal(sdei_client_thaw(rig->c), OK);
	for (unsigned pe = 0; pe < PES; pe++) {
		assert_false(masked(pe));
		assert_int_equal(status_on(pe, PRIVATE), E);
	}
	assert_int_equal(sdei_client_info(rig->c, SHARED_2,
					  SDEI_INFO_ROUTING_AFF),
			 0x101);
	assert_int_equal(status_on(0, SHARED_2), R);
	assert_int_equal(sdei_client_bind(rig->c, SPI, &other), OK);
	assert_int_equal(status_on(0, other), E);
	assert_int_equal(sdei_client_thaw(rig->c), NO);
}

static void freeze_inside(struct rig *r)
{
	unsigned self = r->pe;

	r->pe = 0;
	assert_int_equal(sdei_client_freeze(r->c), SDEI_PENDING);
	assert_false(masked(3));
	r->pe = self;
}

static void freeze_while_running(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	rig->in_handler = freeze_inside;
	raise_on(1, PRIVATE);
	assert_int_equal(rig->handled[1], 1);
	assert_int_equal(status_on(1, PRIVATE), E);
	assert_int_equal(sdei_client_freeze(rig->c), OK);
}

static void thaw_fails(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	assert_int_equal(sdei_client_freeze(rig->c), OK);
	lie_about(SDEI_FID_EVENT_REGISTER, 3, BAD);
	assert_int_equal(sdei_client_thaw(rig->c), BAD);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_DISABLED], 1);
	assert_int_equal(sdei_client_thaw(rig->c), OFF);
	assert_int_equal(sdei_client_enable(rig->c, PRIVATE), OFF);
}

static void shut_down(void **state)
{
	uint32_t spi;

	(void)state;
	listen_to(PRIVATE);
	listen_to(SHARED);
	assert_int_equal(sdei_client_bind(rig->c, SPI, &spi), OK);
	/* One CPU fails: the others are reset nevertheless. */
	lie_about(SDEI_FID_PRIVATE_RESET, 1, NO);
	rig->lie.served = true;
	assert_int_equal(sdei_client_shutdown(rig->c), NO);
	for (unsigned pe = 0; pe < PES; pe++) {
		assert_true(masked(pe));
		assert_int_equal(status_on(pe, PRIVATE), U);
	}
	assert_int_equal(status_on(0, SHARED), U);
	assert_false(rig->m->taken >> SPI & 1);
	assert_int_equal(sdei_client_shutdown(rig->c), OFF);
	/* Asked for, so nothing to tell. */
	assert_int_equal(rig->troubles[SDEI_TROUBLE_DISABLED], 0);
}

static void crash_here(struct rig *r)
{
	if (r->seen.number == PRIVATE) {
		sdei_raise(r->m->d, r->pe, PRIVATE_CRIT, r->pe);
		run_here();
		return;
	}
	assert_int_equal(sdei_client_crash(r->c), 2);
	assert_false(sdei_pe_in_handler(r->m->d, r->pe));
	assert_null(sdei_client_interrupted(r->c, r->pe, 0));
	assert_true(masked(r->pe));
	/* The next kernel can begin. */
	assert_int_equal(CALL(r->m, r->pe, SDEI_FID_PRIVATE_RESET, 0), OK);
	r->m->frame[r->pe].pc = ABANDONED;
}

static void crash(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	listen_to(PRIVATE_CRIT);
	assert_int_equal(sdei_client_crash(rig->c), 0);
	assert_true(masked(0));
	rig->in_handler = crash_here;
	raise_on(2, PRIVATE);
	assert_int_equal(rig->handled[2], 2);
}

static void crash_alone(struct rig *r)
{
	assert_int_equal(sdei_client_crash(r->c), 1);
	assert_null(sdei_client_interrupted(r->c, r->pe, 1));
	r->m->frame[r->pe].pc = ABANDONED;
}

static void crash_in_critical(void **state)
{
	(void)state;
	listen_to(PRIVATE_CRIT);
	rig->in_handler = crash_alone;
	raise_on(2, PRIVATE_CRIT);
	assert_int_equal(rig->handled[2], 1);
}

/* Whoever refuses for ever is not asked for ever. */
static void crash_refused(void **state)
{
	(void)state;
	lie_about(SDEI_FID_EVENT_COMPLETE_RESUME, -1, NO);
	assert_int_equal(sdei_client_crash(rig->c), 0);
	lie_about(SDEI_FID_PE_MASK, -1, INT64_MIN);
	assert_int_equal(sdei_client_crash(rig->c), 0);
}

int main(void)
{
#define WITH(set_up, test) \
	cmocka_unit_test_setup_teardown(test, set_up, stop_rig)
	const struct CMUnitTest tests[] = {
		WITH(start_probed, masking_nests),
		WITH(start_probed, signals),
		WITH(start_probed, queries),
		WITH(start_probed, routing),
		WITH(start_probed, binding),
		WITH(start_probed, binding_nonsense),
		WITH(start_probed, hotplug),
		WITH(start_probed, off_in_a_handler),
		WITH(start_probed, hotplug_fails),
		WITH(start_probed, suspend),
		WITH(start_probed, system_suspend),
		WITH(start_probed, hibernation),
		WITH(start_probed, freeze_while_running),
		WITH(start_probed, thaw_fails),
		WITH(start_probed, shut_down),
		WITH(start_probed, crash),
		WITH(start_probed, crash_in_critical),
		WITH(start_probed, crash_refused),
	};

	return cmocka_run_group_tests_name("client_power", tests, NULL, NULL);
}
