/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libsdei-kvm against a fake KVM: what a guest sees, and what it costs.
 */
#include "kvm_fake.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* docs/kvm.md tells these numbers. */
#define DISPATCH_MOST 27
#define COMPLETE_MOST 21
#define RESUME_MOST   24

static void call(struct fake *f, struct fake_vcpu *v)
{
	f->guest = NULL;
	v->pc += 4;
	v->run.exit_reason = KVM_EXIT_HYPERCALL;
	v->run.hypercall.nr = (uint32_t)v->x[0];
}

/* A load from a device into x5: done at the next KVM_RUN. */
static void load_x5(struct fake *f, struct fake_vcpu *v)
{
	f->guest = NULL;
	v->mmio = true;
	v->reg = 5;
	v->run.exit_reason = KVM_EXIT_MMIO;
	v->run.mmio.is_write = 0;
}

static void reset_event(struct fake *f, struct fake_vcpu *v)
{
	f->guest = NULL;
	v->run.exit_reason = KVM_EXIT_SYSTEM_EVENT;
}

static const char *refused(struct fake *f)
{
	const char *why = NULL;

	assert_null(sdei_kvm_create(&f->config, &why));
	assert_non_null(why);
	return why;
}

static void an_old_kernel(void **state)
{
	struct fake *f = *state;

	f->old_kernel = true;
	assert_non_null(strstr(refused(f), "Linux 6.4"));
	assert_int_equal(f->filters, 0);
}

static void filters(void **state)
{
	struct fake *f = *state;

	f->vm = sdei_kvm_create(&f->config, NULL);
	assert_non_null(f->vm);
	assert_int_equal(f->filtered[0], 0xC4000020);
	assert_int_equal(f->filtered[1], 0x84000002);
	assert_int_equal(f->filters, 2);
	assert_non_null(strstr(refused(f), "another SMCCC filter"));
}

static void too_late(void **state)
{
	struct fake *f = *state;

	f->has_run = true;
	assert_non_null(strstr(refused(f), "has run"));
}

static void bad_configurations(void **state)
{
	static const struct sdei_kvm_line bad[] = { { 31, false },
						    { 1020, false } };
	static const struct sdei_kvm_line twice[] = { { 40, false },
						      { 40, true } };
	struct fake *f = *state;
	const struct sdei_kvm_config good = f->config;

	for (unsigned i = 0; i < 2; i++) {
		f->config.lines = &bad[i];
		f->config.line_count = 1;
		refused(f);
	}
	f->config.lines = twice;
	f->config.line_count = 2;
	refused(f);
	f->config = good;
	f->config.vcpu_count = 0;
	refused(f);
	f->config = good;
	f->config.event_count = 0;
	refused(f);
	f->config = good;
	f->config.events++; /* without event 0 */
	f->config.event_count--;
	refused(f);
	f->config = good;
	f->config.signal = SIGKILL;
	refused(f);
	f->config = good;
	f->fail = true;
	assert_non_null(strstr(refused(f), "initialised"));
	assert_int_equal(f->filters, 0);
}

static void calls(void **state)
{
	struct fake *f = *state;

	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_VERSION),
			 0x0001000100000007);
	assert_int_equal(f->accesses, 1);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_FEATURES, 0), 0x20002);
	assert_int_equal(f->accesses, 3);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_LAST), SDEI_NOT_SUPPORTED);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_EVENT_STATUS, 0x77),
			 SDEI_INVALID_PARAMETERS);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0),
			 SDEI_DENIED);
	/* Affinities are those of MPIDR_EL1, whatever else is in it. */
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_EVENT_SIGNAL, 0, 2),
			 SDEI_SUCCESS);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_EVENT_SIGNAL, 0, 3),
			 SDEI_INVALID_PARAMETERS);
}

/* An event comes to a vcpu that runs; afterwards nothing has changed. */
static void comes_and_goes(struct fake *f, unsigned vcpu, uint32_t event)
{
	struct fake_vcpu *v = &f->vcpus[vcpu], before = *v;

	assert_true(sdei_kvm_raise(f->vm, event, vcpu));
	f->accesses = 0;
	fake_kicked(f, vcpu);
	assert_true(fake_at_handler(f, vcpu, event));
	assert_int_equal(v->x[2], before.pc);
	assert_int_equal(v->x[3], before.pstate);
	assert_memory_equal(&v->x[4], &before.x[4], 27 * 8);
	assert_true(f->accesses <= DISPATCH_MOST);
	for (unsigned i = 0; i < 18; i++)
		assert_int_equal(GUEST_CALL(f, vcpu, SDEI_FID_EVENT_CONTEXT, i),
				 before.x[i]);
	memset(v->x, 0x55, 18 * 8);
	f->accesses = 0;
	GUEST_CALL(f, vcpu, SDEI_FID_EVENT_COMPLETE, SDEI_HANDLED);
	assert_true(f->accesses <= COMPLETE_MOST);
	assert_memory_equal(v->x, before.x, sizeof(before.x));
	assert_int_equal(v->pc, before.pc);
	assert_int_equal(v->pstate, before.pstate);
	assert_int_equal(v->elr, before.elr);
	assert_int_equal(v->spsr, before.spsr);
}

static void an_event(void **state)
{
	struct fake *f = *state;
	struct sdei_kvm_counts c;

	fake_listen(f, 1, PRIVATE);
	comes_and_goes(f, 1, PRIVATE);
	comes_and_goes(f, 1, PRIVATE);
	assert_int_equal(f->entered, 2);
	assert_int_equal(f->completed, 2);
	assert_int_equal(f->how, SDEI_COMPLETED);
	c = sdei_kvm_count(f->vm, 1);
	assert_int_equal(c.dispatches, 2);
	assert_int_equal(c.completions, 2);
	assert_int_equal(c.dispatch_most, DISPATCH_MOST);
	assert_int_equal(c.completion_most, COMPLETE_MOST);
	assert_int_equal(sdei_kvm_count(f->vm, VCPUS).calls, 0);
}

static void aarch32(void **state)
{
	struct fake *f = *state;

	fake_listen(f, 0, PRIVATE);
	for (unsigned i = 0; i < 31; i++)
		f->vcpus[0].x[i] = 0x1000 + i;
	f->vcpus[0].pc = 0x8000;
	f->vcpus[0].pstate = EL0_32;
	comes_and_goes(f, 0, PRIVATE);
}

/* 5.2.1: PAN and SSBS as the guest's SCTLR_EL1 has them at this time. */
static void entry_pstate(void **state)
{
	const uint64_t pan = 1 << 22, span = 1 << 23, ssbs = 1 << 12;
	const uint64_t dssbs = UINT64_C(1) << 44;
	struct fake *f = *state;
	struct fake_vcpu *v = &f->vcpus[0];

	fake_listen(f, 0, PRIVATE);
	for (unsigned i = 0; i < 8; i++) {
		uint64_t was = i & 4 ? pan : 0;

		v->sctlr = (i & 1 ? span : 0) | (i & 2 ? dssbs : 0);
		v->pstate = EL1H | was;
		sdei_kvm_raise(f->vm, PRIVATE, 0);
		fake_kicked(f, 0);
		assert_int_equal(v->pstate, EL1H_DAIF | (i & 1 ? was : pan) |
						    (i & 2 ? ssbs : 0));
		GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	}
}

static void relative_mode(void **state)
{
	struct fake *f = *state;

	f->vcpus[0].vbar = ENTRY - 0x800;
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_EVENT_REGISTER, PRIVATE,
				    0x800, ARGUMENT, 2),
			 SDEI_SUCCESS);
	GUEST_CALL(f, 0, SDEI_FID_EVENT_ENABLE, PRIVATE);
	sdei_kvm_raise(f->vm, PRIVATE, 0);
	fake_kicked(f, 0);
	assert_true(fake_at_handler(f, 0, PRIVATE));
}

static void resume(void **state)
{
	struct fake *f = *state;
	struct fake_vcpu *v = &f->vcpus[0];
	struct fake_vcpu before;

	fake_listen(f, 0, PRIVATE);
	before = *v;
	sdei_kvm_raise(f->vm, PRIVATE, 0);
	fake_kicked(f, 0);
	f->accesses = 0;
	GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE_RESUME, 0x480);
	assert_true(f->accesses <= RESUME_MOST);
	assert_memory_equal(v->x, before.x, sizeof(before.x));
	assert_int_equal(v->pc, 0x480);
	assert_int_equal(v->elr, before.pc);
	assert_int_equal(v->spsr, before.pstate);
	assert_int_equal(v->pstate & 0x3ff, EL1H_DAIF);
	assert_int_equal(f->how, SDEI_RESUMED);
}

/* The fake fails the test if a register is written before it is done. */
static void never_within_mmio(void **state)
{
	struct fake *f = *state;
	struct fake_vcpu *v = &f->vcpus[0];
	uint64_t pc;
	int error;

	fake_listen(f, 0, PRIVATE);
	pc = v->pc;
	f->guest = load_x5;
	assert_int_equal(fake_run(f, 0, &error), 0);
	v->run.mmio.data[0] = 0x42;
	sdei_kvm_raise(f->vm, PRIVATE, 0);
	fake_kicked(f, 0);
	assert_true(fake_at_handler(f, 0, PRIVATE));
	assert_int_equal(v->x[2], pc + 4);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_EVENT_CONTEXT, 5), 0x42);
	GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_int_equal(v->x[5], 0x42);
	assert_int_equal(v->pc, pc + 4);
}

/* What waits is entered behind the call that lets it, the result in place. */
static void unmask_delivers(void **state)
{
	struct fake *f = *state;
	struct fake_vcpu *v = &f->vcpus[0];
	uint64_t pc;

	fake_listen(f, 0, PRIVATE);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_PE_MASK), 1);
	sdei_kvm_raise(f->vm, PRIVATE, 0);
	fake_kicked(f, 0);
	assert_int_equal(f->entered, 0);
	pc = v->pc;
	f->accesses = 0;
	GUEST_CALL(f, 0, SDEI_FID_PE_UNMASK, 1, 2, 3, 4);
	assert_true(fake_at_handler(f, 0, PRIVATE));
	assert_true(f->accesses <= DISPATCH_MOST - 1);
	assert_int_equal(v->x[2], pc + 4);
	GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_int_equal(v->x[0], 0);
	assert_int_equal(v->x[3], 3);
}

/* One handler ends, the next begins: the frame in between is never written. */
static void back_to_back(void **state)
{
	struct fake *f = *state;
	struct fake_vcpu *v = &f->vcpus[0], before;

	fake_listen(f, 0, PRIVATE);
	fake_listen(f, 0, SDEI_EVENT_SIGNALLED);
	before = *v;
	sdei_kvm_raise(f->vm, PRIVATE, 0);
	sdei_kvm_raise(f->vm, SDEI_EVENT_SIGNALLED, 0);
	fake_kicked(f, 0);
	memset(v->x, 0x55, 18 * 8);
	f->accesses = 0;
	GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_int_equal(f->entered, 2);
	assert_true(f->accesses <= COMPLETE_MOST + 1);
	assert_int_equal(v->pc, ENTRY);
	assert_memory_equal(&v->x[4], &before.x[4], 27 * 8);
	GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_memory_equal(v->x, before.x, sizeof(before.x));
	assert_int_equal(v->pc, before.pc);
}

/* The same if the VMM raises the next when the one before is done. */
static void raised_at_its_end(void **state)
{
	struct fake *f = *state;
	struct fake_vcpu *v = &f->vcpus[0], before;

	fake_listen(f, 0, PRIVATE);
	before = *v;
	sdei_kvm_raise(f->vm, PRIVATE, 0);
	fake_kicked(f, 0);
	f->again = 3;
	for (unsigned i = 0; i < 3; i++) {
		memset(v->x, 0x55, 18 * 8);
		f->accesses = 0;
		GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
		assert_true(fake_at_handler(f, 0, PRIVATE));
		assert_true(f->accesses <= COMPLETE_MOST + 1);
	}
	GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_memory_equal(v->x, before.x, sizeof(before.x));
	assert_int_equal(f->entered, 4);
}

static void critical_preempts(void **state)
{
	struct fake *f = *state;
	struct fake_vcpu *v = &f->vcpus[2], before;

	fake_listen(f, 2, PRIVATE);
	fake_listen(f, 2, CRITICAL);
	before = *v;
	sdei_kvm_raise(f->vm, PRIVATE, 2);
	fake_kicked(f, 2);
	sdei_kvm_raise(f->vm, CRITICAL, 2);
	fake_kicked(f, 2);
	assert_true(fake_at_handler(f, 2, CRITICAL));
	assert_int_equal(v->x[2], ENTRY);
	GUEST_CALL(f, 2, SDEI_FID_EVENT_COMPLETE, 0);
	assert_true(fake_at_handler(f, 2, PRIVATE));
	GUEST_CALL(f, 2, SDEI_FID_EVENT_COMPLETE, 0);
	assert_memory_equal(v->x, before.x, sizeof(before.x));
}

/* A shared event wakes one vcpu, one that can take it. */
static void shared(void **state)
{
	struct fake *f = *state;

	fake_listen(f, 0, SHARED);
	GUEST_CALL(f, 0, SDEI_FID_PE_MASK);
	assert_true(sdei_kvm_raise(f->vm, SHARED, 77));
	assert_false(f->vcpus[0].run.immediate_exit);
	fake_kicked(f, 1);
	assert_true(fake_at_handler(f, 1, SHARED));
	assert_false(f->vcpus[2].run.immediate_exit);
	GUEST_CALL(f, 1, SDEI_FID_EVENT_COMPLETE, 0);
}

static void routed(void **state)
{
	struct fake *f = *state;

	GUEST_CALL(f, 0, SDEI_FID_EVENT_REGISTER, SHARED, ENTRY, ARGUMENT, 1,
		   2);
	GUEST_CALL(f, 0, SDEI_FID_EVENT_ENABLE, SHARED);
	sdei_kvm_raise(f->vm, SHARED, 0);
	fake_kicked(f, 0);
	assert_int_equal(f->entered, 0);
	fake_kicked(f, 2);
	assert_true(fake_at_handler(f, 2, SHARED));
}

static void unknown_events(void **state)
{
	struct fake *f = *state;

	assert_false(sdei_kvm_raise(f->vm, 0x77, 0));
	assert_false(sdei_kvm_raise(f->vm, PRIVATE, VCPUS));
	for (unsigned i = 0; i < VCPUS; i++)
		assert_false(f->vcpus[i].run.immediate_exit);
}

/* Several triggers are one, several kicks one signal. */
static void kicks(void **state)
{
	struct fake *f = *state;

	fake_listen(f, 0, PRIVATE);
	sdei_kvm_attach(f->vm, 0);
	for (unsigned i = 0; i < 5; i++)
		sdei_kvm_raise(f->vm, PRIVATE, 0);
	assert_int_equal(f->vcpus[0].kicks, 1);
	fake_kicked(f, 0);
	GUEST_CALL(f, 0, SDEI_FID_EVENT_COMPLETE, 0);
	assert_int_equal(f->entered, 1);
}

/* The VMM's own reasons to get out of KVM_RUN are none of the library's. */
static void other_exits(void **state)
{
	struct fake *f = *state;
	int error;

	f->vcpus[0].run.immediate_exit = 1;
	f->accesses = 0;
	assert_int_equal(fake_run(f, 0, &error), -1);
	assert_int_equal(error, EINTR);
	assert_int_equal(f->vcpus[0].run.immediate_exit, 0);
	f->guest = reset_event;
	assert_int_equal(fake_run(f, 0, &error), 0);
	f->vcpus[0].x[0] = 0x84000008; /* a call of PSCI's that was filtered */
	f->guest = call;
	assert_int_equal(fake_run(f, 0, &error), 0);
	assert_int_equal(f->accesses, 0);
}

/* The dead host says so, and goes on saying so. */
static void failing_accesses(void **state)
{
	struct fake *f = *state;
	int error;

	fake_listen(f, 0, PRIVATE);
	sdei_kvm_raise(f->vm, PRIVATE, 0);
	f->fail = true;
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(fake_run(f, 0, &error), -1);
		assert_int_equal(error, EIO);
		f->fail = false;
	}
}

static void queries(void **state)
{
	struct fake *f = *state;
	struct sdei_report r;

	fake_listen(f, 1, PRIVATE);
	assert_true(sdei_kvm_query(f->vm, 1, 3, &r));
	assert_int_equal(r.info->number, PRIVATE);
	assert_int_equal(r.status, 3);
	assert_false(sdei_kvm_query(f->vm, VCPUS, 0, &r));
}

int main(void)
{
#define BARE(t) cmocka_unit_test_setup_teardown(t, fake_start_bare, fake_stop)
#define TEST(t) cmocka_unit_test_setup_teardown(t, fake_start, fake_stop)
	const struct CMUnitTest tests[] = {
		BARE(an_old_kernel),
		BARE(filters),
		BARE(too_late),
		BARE(bad_configurations),
		TEST(calls),
		TEST(an_event),
		TEST(aarch32),
		TEST(entry_pstate),
		TEST(relative_mode),
		TEST(resume),
		TEST(never_within_mmio),
		TEST(unmask_delivers),
		TEST(back_to_back),
		TEST(raised_at_its_end),
		TEST(critical_preempts),
		TEST(shared),
		TEST(routed),
		TEST(unknown_events),
		TEST(kicks),
		TEST(other_exits),
		TEST(failing_accesses),
		TEST(queries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
