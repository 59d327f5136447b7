/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libsdei-kvm asks the guest's GIC while all vcpus stand still.
 */
#include "kvm_fake.h"

static int start(void **state)
{
	int result = fake_start_bare(state);
	struct fake *f = *state;
	const char *why;

	f->config.gic_fd = 98;
	f->vm = sdei_kvm_create(&f->config, &why);
	return result || !f->vm;
}

static void sgis(void **state)
{
	struct fake *f = *state;
	uint32_t found[VCPUS];

	assert_true(sdei_kvm_sgis(f->vm, found));
	for (unsigned i = 0; i < VCPUS; i++)
		assert_int_equal(found[i], 0);
	f->sgis_pending[0] = 0x80010; /* PPIs are none */
	f->sgis_active[1] = 0x8001;
	f->sgis_pending[2] = 0xffff;
	f->vcpus[2].stopped = true;
	assert_true(sdei_kvm_sgis(f->vm, found));
	assert_int_equal(found[0], 0x10);
	assert_int_equal(found[1], 0x8001);
	assert_int_equal(found[2], 0);
	/* Each was got out of KVM_RUN, and goes on. */
	for (unsigned i = 0; i < VCPUS; i++)
		assert_true(f->vcpus[i].run.immediate_exit);
}

/* A vcpu's thread that has just left KVM_RUN is about its registers. */
static void busy_for_a_moment(void **state)
{
	struct fake *f = *state;
	uint32_t found[VCPUS];

	f->busy = 5;
	f->sgis_pending[1] = 1;
	assert_true(sdei_kvm_sgis(f->vm, found));
	assert_int_equal(found[1], 1);
	f->busy = 1000000;
	assert_false(sdei_kvm_sgis(f->vm, found));
}

static void without_a_gic(void **state)
{
	struct fake *f = *state;
	uint32_t found[VCPUS];

	f->vm = sdei_kvm_create(&f->config, NULL);
	assert_non_null(f->vm);
	assert_false(sdei_kvm_sgis(f->vm, found));
}

/* BIND in such a moment is not denied (5.1.14). */
static void a_busy_bind(void **state)
{
	struct fake *f = *state;

	f->busy = 5;
	assert_true(GUEST_CALL(f, 0, SDEI_FID_INTERRUPT_BIND, UART) > 0);
	assert_int_equal(f->busy, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sgis, start, fake_stop),
		cmocka_unit_test_setup_teardown(busy_for_a_moment, start,
						fake_stop),
		cmocka_unit_test_setup_teardown(a_busy_bind, start, fake_stop),
		cmocka_unit_test_setup_teardown(without_a_gic, fake_start_bare,
						fake_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
