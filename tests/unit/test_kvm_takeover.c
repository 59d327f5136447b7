/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libsdei-kvm against a fake KVM: a guest's kernel dies, and another one comes.
 */
#include "kvm_fake.h"

#define SCTLR_M   1
#define OLD_TABLE UINT64_C(0x41230000)
#define NEW_TABLE UINT64_C(0x7f450000)

/* All vcpus run a kernel that has translations; one of them is off again. */
static void one_kernel(struct fake *f)
{
	for (unsigned i = 0; i < VCPUS; i++) {
		f->vcpus[i].sctlr |= SCTLR_M;
		f->vcpus[i].ttbr1 = OLD_TABLE;
		GUEST_CALL(f, i, SDEI_FID_PRIVATE_RESET);
		fake_listen(f, i, PRIVATE);
	}
	GUEST_CALL(f, 2, 0x84000002);
	for (unsigned i = 0; i < 2; i++) {
		sdei_kvm_raise(f->vm, PRIVATE, i);
		fake_kicked(f, i);
		assert_true(fake_at_handler(f, i, PRIVATE));
	}
}

/* It dies in its handlers, and another one comes on vcpu 0. */
static void takeover(void **state)
{
	struct fake *f = *state;
	int error;

	one_kernel(f);
	f->vcpus[0].ttbr1 = NEW_TABLE;
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_PRIVATE_RESET), 0);
	assert_int_equal(f->how, SDEI_POWERED_OFF);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_SHARED_RESET), 0);
	fake_kicked(f, 1);
	assert_true(f->vcpus[1].stopped);
	assert_int_equal(f->completed, 2);
	assert_true(sdei_kvm_masked(f->vm, 1));
	/* The one that was off is not looked at. */
	assert_int_equal(fake_run(f, 2, &error), -1);
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_EVENT_STATUS, PRIVATE), 0);
	/* vcpu 1 comes on again, as the new kernel's: it may stay. */
	f->vcpus[1].stopped = false;
	f->vcpus[1].ttbr1 = NEW_TABLE;
	assert_int_equal(GUEST_CALL(f, 1, SDEI_FID_PRIVATE_RESET), 0);
	assert_false(f->vcpus[0].run.immediate_exit);
}

/* The same kernel, another address space identifier: nobody has to go. */
static void no_takeover(void **state)
{
	struct fake *f = *state;

	one_kernel(f);
	f->vcpus[0].ttbr1 = OLD_TABLE | UINT64_C(5) << 48 | 1;
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_PRIVATE_RESET), SDEI_DENIED);
	f->vcpus[0].ttbr1 = NEW_TABLE;
	f->vcpus[0].sctlr &= ~(uint64_t)SCTLR_M;
	assert_int_equal(GUEST_CALL(f, 0, SDEI_FID_PRIVATE_RESET), SDEI_DENIED);
	assert_false(f->vcpus[1].run.immediate_exit);
	assert_int_equal(f->completed, 0);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, fake_start, fake_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(takeover),
		TEST(no_takeover),
	};

	return cmocka_run_group_tests_name("takeover", tests, NULL, NULL);
}
