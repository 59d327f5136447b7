/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libsdei-kvm against a fake KVM: interrupts of devices, power, saved state,
 * threads, and guests that mean no good.
 */
#include "kvm_fake.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define BOUND_SHARED (SDEI_EVENT_BOUND + 2) /* behind the private slots */

static uint32_t bind(struct fake *f, uint32_t interrupt)
{
	int64_t event = GUEST_CALL(f, 0, SDEI_FID_INTERRUPT_BIND, interrupt);

	assert_true(event >= SDEI_EVENT_BOUND);
	return (uint32_t)event;
}

static void lines_to_the_gic(void **state)
{
	struct fake *f = *state;

	assert_int_equal(sdei_kvm_line(f->vm, UART, true), 0);
	assert_true(f->gic[UART]);
	assert_int_equal(sdei_kvm_line(f->vm, UART, false), 0);
	assert_false(f->gic[UART]);
	assert_int_equal(sdei_kvm_line(f->vm, 99, true), -1);
	assert_int_equal(errno, EINVAL);
}

static void bind_refusals(void **state)
{
	static const uint32_t never[] = {
		0, 15, 16, 27, 30, 31, 32, 99, 1019, 1020, 8192, 0xffffffff
	};
	struct fake *f = *state;

	for (unsigned i = 0; i < sizeof(never) / sizeof(*never); i++)
		assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_INTERRUPT_BIND,
					    never[i]),
				 SDEI_INVALID_PARAMETERS);
	sdei_kvm_line(f->vm, UART, true);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_INTERRUPT_BIND, UART),
			 SDEI_DENIED);
	sdei_kvm_line(f->vm, UART, false);
	assert_int_equal(bind(f, UART), BOUND_SHARED);
}

/* What the guest's distributor says of an interrupt that is to be bound. */
static void bind_by_gic(void **state)
{
	struct fake *f = *state;

	f->config.gic_fd = 98;
	f->vm = sdei_kvm_create(&f->config, NULL);
	f->pending = 1u << (UART - 32);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_INTERRUPT_BIND, UART),
			 SDEI_DENIED);
	f->active = f->pending;
	f->pending = 0;
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_INTERRUPT_BIND, UART),
			 SDEI_DENIED);
	f->active = ~f->active;
	/* Edge-triggered, says the guest: its level triggers nothing. */
	f->edges = 2u << (UART - 32) * 2;
	bind(f, UART);
	fake_listen(f, 0, BOUND_SHARED);
	GUEST_CALL(f, 0, SDEI_FID_PE_UNMASK);
	sdei_kvm_line(f->vm, UART, true);
	fake_kicked(f, 0);
	assert_true(fake_at_handler(f, 0, BOUND_SHARED));
	GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_int_equal(f->entered, 1);
	assert_false(f->vcpus[0].run.immediate_exit);
}

static void a_level(void **state)
{
	struct fake *f = *state;
	struct fake_vcpu before;

	bind(f, UART);
	fake_listen(f, 0, BOUND_SHARED);
	before = f->vcpus[0];
	sdei_kvm_line(f->vm, UART, true);
	assert_false(f->gic[UART]);
	fake_kicked(f, 0);
	assert_true(fake_at_handler(f, 0, BOUND_SHARED));
	/* It stays up: once more, before the guest runs on. */
	GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_true(fake_at_handler(f, 0, BOUND_SHARED));
	sdei_kvm_line(f->vm, UART, false);
	GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_false(f->vcpus[0].run.immediate_exit);
	assert_int_equal(f->entered, 2);
	assert_memory_equal(f->vcpus[0].x, before.x, sizeof(before.x));
}

static void an_edge(void **state)
{
	struct fake *f = *state;

	bind(f, RTC_EDGE);
	fake_listen(f, 0, BOUND_SHARED);
	sdei_kvm_line(f->vm, RTC_EDGE, true);
	fake_kicked(f, 0);
	GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_false(f->vcpus[0].run.immediate_exit);
	sdei_kvm_line(f->vm, RTC_EDGE, true);
	assert_false(f->vcpus[0].run.immediate_exit);
	sdei_kvm_line(f->vm, RTC_EDGE, false);
	sdei_kvm_line(f->vm, RTC_EDGE, true);
	assert_true(f->vcpus[0].run.immediate_exit);
}

static void given_back(void **state)
{
	struct fake *f = *state;
	uint32_t event = bind(f, UART);

	sdei_kvm_line(f->vm, UART, true);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_INTERRUPT_RELEASE, event),
			 SDEI_SUCCESS);
	assert_true(f->gic[UART]);
	/* What it triggered is nobody's now. */
	assert_int_equal(f->entered, 0);
	sdei_kvm_line(f->vm, UART, false);
	event = bind(f, UART);
	sdei_kvm_reset(f->vm);
	sdei_kvm_line(f->vm, UART, true);
	assert_true(f->gic[UART]);
}

static void cpu_off(void **state)
{
	struct fake *f = *state;

	fake_listen(f, 1, PRIVATE);
	sdei_kvm_raise(f->vm, PRIVATE, 1);
	fake_kicked(f, 1);
	GUEST_CALL(f, 1, 0x84000002);
	assert_true(f->vcpus[1].stopped);
	assert_int_equal(f->completed, 1);
	assert_int_equal(f->how, SDEI_POWERED_OFF);
	assert_true(sdei_kvm_masked(f->vm, 1));
	/* It is not woken to do anything; on again, nothing is registered. */
	sdei_kvm_raise(f->vm, PRIVATE, 1);
	fake_kicked(f, 1);
	assert_int_equal(f->entered, 1);
	f->vcpus[1].stopped = false;
	assert_int_equal(GUEST_CALL(f, 1, SDEI_FID_EVENT_STATUS, PRIVATE), 0);
	assert_int_equal(GUEST_CALL(f, 1, SDEI_FID_PE_MASK), 0);
}

static void reset(void **state)
{
	struct fake *f = *state;
	struct sdei_report r;

	fake_listen(f, 0, PRIVATE);
	sdei_kvm_raise(f->vm, PRIVATE, 0);
	fake_kicked(f, 0);
	sdei_kvm_raise(f->vm, PRIVATE, 1);
	sdei_kvm_reset(f->vm);
	fake_kicked(f, 1);
	assert_true(sdei_kvm_query(f->vm, 1, 3, &r));
	assert_false(r.pending);
	assert_true(sdei_kvm_masked(f->vm, 0));
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_EVENT_STATUS, PRIVATE), 0);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0),
			 SDEI_DENIED);
}

/* Saved in a handler, with events pending and a line up; loaded in a new VM. */
static size_t save_busy(struct fake *f, unsigned char *buffer, size_t size)
{
	bind(f, UART);
	fake_listen(f, 0, BOUND_SHARED);
	fake_listen(f, 0, PRIVATE);
	fake_listen(f, 0, CRITICAL);
	sdei_kvm_line(f->vm, UART, true);
	fake_kicked(f, 0);
	assert_true(fake_at_handler(f, 0, BOUND_SHARED));
	sdei_kvm_raise(f->vm, PRIVATE, 0);
	assert_true(sdei_kvm_save(f->vm, NULL, 0) <= size);
	return sdei_kvm_save(f->vm, buffer, size);
}

static struct fake *second(struct fake *f, void **state)
{
	struct fake *g;

	fake_start_bare(state);
	g = *state;
	memcpy(g->vcpus, f->vcpus, sizeof(f->vcpus));
	for (unsigned i = 0; i < VCPUS; i++)
		g->vcpus[i].run.immediate_exit = 0;
	g->vm = sdei_kvm_create(&g->config, NULL);
	assert_non_null(g->vm);
	return g;
}

static void saved_and_loaded(void **state)
{
	unsigned char buffer[8192], again[8192];
	struct fake *f = *state, *g;
	size_t size = save_busy(f, buffer, sizeof(buffer));
	const char *why;
	void *other;

	g = second(f, &other);
	assert_true(sdei_kvm_load(g->vm, buffer, size, &why));
	assert_int_equal(sdei_kvm_save(g->vm, again, sizeof(again)), size);
	assert_memory_equal(buffer, again, size);
	/* Nothing is lost or doubled: one waits, the handler goes on. */
	fake_kicked(g, 0);
	assert_true(fake_at_handler(g, 0, BOUND_SHARED));
	sdei_kvm_line(g->vm, UART, false);
	GUEST_CALL(g, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_true(fake_at_handler(g, 0, PRIVATE));
	GUEST_CALL(g, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_int_equal(g->entered, 1);
	assert_false(g->vcpus[0].run.immediate_exit);
	/* And the interrupt is still bound. */
	sdei_kvm_line(g->vm, UART, true);
	assert_false(g->gic[UART]);
	fake_stop(&other);
}

/* Each bit of it wrong, each length too short: refused, or as good as saved. */
static void loads_nothing_bad(void **state)
{
	unsigned char buffer[8192], again[8192];
	struct fake *f = *state, *g;
	size_t size = save_busy(f, buffer, sizeof(buffer));
	const char *why;
	void *other;

	g = second(f, &other);
	for (size_t i = 0; i < size * 8; i++) {
		buffer[i / 8] ^= 1u << i % 8;
		if (sdei_kvm_load(g->vm, buffer, size, &why)) {
			assert_int_equal(sdei_kvm_save(g->vm, again,
						       sizeof(again)),
					 size);
			assert_memory_equal(buffer, again, size);
		} else {
			assert_non_null(why);
			assert_true(sdei_kvm_masked(g->vm, 0));
		}
		buffer[i / 8] ^= 1u << i % 8;
	}
	for (size_t i = 0; i < size; i++)
		assert_false(sdei_kvm_load(g->vm, buffer, i, NULL));
	/* A slot that is bound to an SPI of no device. */
	for (size_t i = 0; i < size; i += 8)
		if (!memcmp(buffer + i, "\x21\0\0\0\0\0\0", 8)) {
			buffer[i]--;
			assert_false(sdei_kvm_load(g->vm, buffer, size, &why));
			assert_non_null(strstr(why, "no device"));
		}
	fake_stop(&other);
}

#define RAISERS  3
#define RAISES   5000
#define IDLE_MAX 5000000

/* Each raiser waits for a handler to see its raise: every one is the last. */
static struct fake *raised_fake;
static unsigned raised[RAISERS], seen[RAISERS], finished[RAISERS];
static bool lost;
static const uint32_t raised_event[RAISERS] = { PRIVATE, SHARED, CRITICAL };

static void *raise_many(void *argument)
{
	unsigned which = *(unsigned *)argument;

	for (unsigned i = 1; i <= RAISES; i++) {
		__atomic_store_n(&raised[which], i, __ATOMIC_SEQ_CST);
		sdei_kvm_raise(raised_fake->vm, raised_event[which], 0);
		while (__atomic_load_n(&seen[which], __ATOMIC_SEQ_CST) < i &&
		       !__atomic_load_n(&lost, __ATOMIC_SEQ_CST))
			sched_yield();
	}
	__atomic_store_n(&finished[which], 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static void raise_in_handler(int signal)
{
	(void)signal;
	sdei_kvm_raise(raised_fake->vm, SDEI_EVENT_SIGNALLED, 0);
}

static void in_guest(struct fake *f, struct fake_vcpu *v)
{
	(void)f;
	v->run.exit_reason = KVM_EXIT_DEBUG;
}

/*
 * One run of vcpu 0; a handler that it enters sees what was raised so far. A
 * critical one may lie over a normal one.
 */
static void run_once(struct fake *f)
{
	int error;

	f->guest = in_guest;
	fake_run(f, 0, &error);
	while (f->entered != f->completed) {
		for (unsigned i = 0; i < RAISERS; i++)
			if (f->vcpus[0].x[0] == raised_event[i])
				__atomic_store_n(
					&seen[i],
					__atomic_load_n(&raised[i],
							__ATOMIC_SEQ_CST),
					__ATOMIC_SEQ_CST);
		GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	}
}

static bool all_done(void)
{
	unsigned done = 0;

	for (unsigned i = 0; i < RAISERS; i++)
		done += __atomic_load_n(&finished[i], __ATOMIC_SEQ_CST);
	return done == RAISERS;
}

/* Each raise is seen by a handler: no kick is lost. */
static void from_threads_and_signals(void **state)
{
	static const unsigned which[RAISERS] = { 0, 1, 2 };
	struct fake *f = *state;
	unsigned signals = 0, idle = 0;
	pthread_t threads[RAISERS];

	raised_fake = f;
	signal(SIGUSR2, raise_in_handler);
	for (unsigned i = 0; i < RAISERS; i++)
		fake_listen(f, 0, raised_event[i]);
	fake_listen(f, 0, SDEI_EVENT_SIGNALLED);
	GUEST_CALL(f, 1, SDEI_FID_PE_MASK);
	GUEST_CALL(f, 2, SDEI_FID_PE_MASK);
	for (unsigned i = 0; i < RAISERS; i++)
		pthread_create(&threads[i], NULL, raise_many,
			       (void *)(uintptr_t)&which[i]);
	while (!all_done()) {
		unsigned entered = f->entered;

		if (signals++ < 100)
			raise(SIGUSR2);
		run_once(f);
		idle = f->entered == entered ? idle + 1 : 0;
		if (idle % 16 == 15)
			sched_yield();
		if (idle > IDLE_MAX)
			__atomic_store_n(&lost, true, __ATOMIC_SEQ_CST);
	}
	for (unsigned i = 0; i < RAISERS; i++)
		pthread_join(threads[i], NULL);
	assert_false(lost);
	for (unsigned i = 0; i < RAISERS; i++)
		assert_int_equal(seen[i], RAISES);
	assert_int_equal(f->entered, f->completed);
}

static void *run_waiting(void *argument)
{
	struct fake *f = argument;
	int error;

	while (!__atomic_load_n(&finished[0], __ATOMIC_SEQ_CST))
		fake_run(f, 1, &error);
	return NULL;
}

/* One vcpu binds, again and again; another waits in KVM_RUN, each time. */
static void bind_stops_others(void **state)
{
	struct fake *f = *state;
	pthread_t thread;

	f->config.gic_fd = 98;
	f->vm = sdei_kvm_create(&f->config, NULL);
	f->vcpus[1].waits = true;
	finished[0] = 0;
	pthread_create(&thread, NULL, run_waiting, f);
	for (unsigned i = 0; i < 2000; i++)
		GUEST_CALL(f, 0, SDEI_FID_INTERRUPT_RELEASE, bind(f, UART));
	__atomic_store_n(&finished[0], 1, __ATOMIC_SEQ_CST);
	sdei_kvm_raise(f->vm, PRIVATE, 1);
	pthread_join(thread, NULL);
}

/* All that a guest can do is to call, with anything, in any order. */
static uint64_t number(void)
{
	/* clang-format off */
	static const uint64_t some[] = {
		0, 1, 2, 3, 17, SHARED, CRITICAL, PRIVATE, BOUND_SHARED,
		SDEI_EVENT_BOUND, UART, RTC_EDGE, ENTRY, UINT64_MAX,
		0x80000000, 0x200000000,
	};
	/* clang-format on */
	unsigned i = (unsigned)rand();

	return i % 8 ? some[i / 8 % (sizeof(some) / sizeof(*some))]
		     : (uint64_t)rand() << 33 ^ (uint64_t)rand();
}

static void hostile_step(struct fake *f)
{
	unsigned vcpu = (unsigned)rand() % VCPUS;
	struct fake_vcpu *v = &f->vcpus[vcpu];
	uint64_t fid;
	int error;

	switch (rand() % 12) {
	case 0:
	case 4:
		sdei_kvm_raise(f->vm, (uint32_t)number(), vcpu);
		fake_run(f, vcpu, &error);
		break;
	case 1:
		sdei_kvm_line(f->vm, UART + (unsigned)rand() % 2, rand() % 2);
		break;
	case 2:
		v->pstate = rand() % 2 ? EL0_32 : EL1H;
		break;
	case 3:
		if (rand() % 50)
			break;
		f->vcpus[vcpu].x[0] = 0x84000002;
		GUEST_CALL(f, vcpu, 0x84000002);
		f->vcpus[vcpu].stopped = false;
		break;
	default:
		v->pstate = EL1H;
		fid = SDEI_FID_FIRST + (uint64_t)rand() % 32;
		if (fid >= SDEI_FID_PRIVATE_RESET && rand() % 50)
			fid = SDEI_FID_PE_UNMASK;
		GUEST_CALL(f, vcpu, fid | (rand() % 4 ? 0 : UINT64_C(1) << 40),
			   number(), rand() % 2 ? ENTRY : number(), number(),
			   number() % 4, number());
	}
}

static void hostile(void **state)
{
	unsigned char buffer[8192];
	struct fake *f = *state;
	const char *why;
	size_t size;

	srand(5);
	for (unsigned i = 0; i < 400000; i++) {
		hostile_step(f);
		if (i % 5000)
			continue;
		size = sdei_kvm_save(f->vm, buffer, sizeof(buffer));
		if (!sdei_kvm_load(f->vm, buffer, size, &why))
			fail_msg("what was saved is refused: %s", why);
	}
	assert_true(f->entered > 1000);
	/* VBAR_EL1 is one more, for a relative entry point. */
	assert_true(sdei_kvm_count(f->vm, 0).dispatch_most <= 28);
}

int main(void)
{
#define BARE(t) cmocka_unit_test_setup_teardown(t, fake_start_bare, fake_stop)
#define TEST(t) cmocka_unit_test_setup_teardown(t, fake_start, fake_stop)
	const struct CMUnitTest tests[] = {
		TEST(lines_to_the_gic),
		TEST(bind_refusals),
		BARE(bind_by_gic),
		TEST(a_level),
		TEST(an_edge),
		TEST(given_back),
		TEST(cpu_off),
		TEST(reset),
		TEST(saved_and_loaded),
		TEST(loads_nothing_bad),
		TEST(from_threads_and_signals),
		BARE(bind_stops_others),
		TEST(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
