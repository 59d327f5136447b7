/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libsdei-kvm tells an embedder that traces: config->watch.
 */
#include "kvm_fake.h"

#include <string.h>

#define PSCI_CPU_OFF 0x84000002 /* DEN0022, 5.1.3 */

static void hypercall(struct fake *f, struct fake_vcpu *v)
{
	f->guest = NULL;
	v->pc += 4;
	v->run.exit_reason = KVM_EXIT_HYPERCALL;
	v->run.hypercall.nr = (uint32_t)v->x[0];
}

static struct {
	enum sdei_kvm_step step;
	unsigned vcpu;
	uint64_t value[6];
} steps[8];
static unsigned step_count;

static void watch(void *context, unsigned vcpu, enum sdei_kvm_step step,
		  const uint64_t value[6])
{
	(void)context;
	assert_true(step_count < 8);
	steps[step_count].step = step;
	steps[step_count].vcpu = vcpu;
	memcpy(steps[step_count++].value, value, sizeof(steps->value));
}

#define STEP(n, of, ...) \
	do { \
		assert_int_equal(steps[n].step, of); \
		assert_int_equal(steps[n].vcpu, 1); \
		assert_memory_equal(steps[n].value, \
				    ((const uint64_t[6]){ __VA_ARGS__ }), \
				    sizeof(steps->value)); \
	} while (0)

/* What config->watch is told, and what it is not: what a call does not have. */
static void watched(void **state)
{
	struct fake *f = *state;
	struct fake_vcpu *v = &f->vcpus[1];
	uint64_t after, pstate;
	int error;

	f->config.watch = watch;
	f->vm = sdei_kvm_create(&f->config, NULL);
	assert_non_null(f->vm);
	sdei_kvm_attach(f->vm, 1);
	fake_fill(f, 1);
	step_count = 0;
	GUEST_CALL(f, 1, SDEI_FID_EVENT_REGISTER, PRIVATE, ENTRY, ARGUMENT, 0,
		   0);
	STEP(0, SDEI_KVM_CALLED, SDEI_FID_EVENT_REGISTER, PRIVATE, ENTRY,
	     ARGUMENT);
	STEP(1, SDEI_KVM_ANSWERED, SDEI_SUCCESS);
	GUEST_CALL(f, 1, SDEI_FID_EVENT_ENABLE, PRIVATE, 77, 78, 79, 80);
	STEP(2, SDEI_KVM_CALLED, SDEI_FID_EVENT_ENABLE, PRIVATE);
	STEP(3, SDEI_KVM_ANSWERED, SDEI_SUCCESS);
	/* A handler that a call lets in, one that a kick lets in. */
	step_count = 0;
	assert_true(sdei_kvm_raise(f->vm, PRIVATE, 1));
	fake_kicked(f, 1);
	assert_int_equal(step_count, 0); /* vcpus begin masked */
	after = v->pc + 4;
	pstate = v->pstate;
	GUEST_CALL(f, 1, SDEI_FID_PE_UNMASK);
	STEP(0, SDEI_KVM_CALLED, SDEI_FID_PE_UNMASK);
	STEP(1, SDEI_KVM_ANSWERED, SDEI_SUCCESS);
	STEP(2, SDEI_KVM_ENTERED, PRIVATE, ARGUMENT, after, pstate);
	GUEST_CALL(f, 1, SDEI_FID_EVENT_COMPLETE, 0);
	STEP(3, SDEI_KVM_CALLED, SDEI_FID_EVENT_COMPLETE);
	assert_int_equal(step_count, 4);
	step_count = 0;
	assert_true(sdei_kvm_raise(f->vm, PRIVATE, 1));
	fake_kicked(f, 1);
	STEP(0, SDEI_KVM_ENTERED, PRIVATE, ARGUMENT, after, pstate);
	assert_int_equal(step_count, 1);
	step_count = 0;
	v->x[0] = PSCI_CPU_OFF;
	f->guest = hypercall;
	fake_run(f, 1, &error);
	STEP(0, SDEI_KVM_CALLED, PSCI_CPU_OFF);
	STEP(1, SDEI_KVM_OFF, 0);
	assert_int_equal(step_count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(watched, fake_start_bare,
						fake_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
