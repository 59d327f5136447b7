/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What sdei-vmm gives a vcpu that touches bad memory. The vcpu is a few registers,
 * KVM's abort changes them as the real one's does.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <cmocka.h>

#include <kvm/arm64.h>
#include <kvm/vmm/vmm.h>

#define VBAR UINT64_C(0xffff800008011000)
#define BAD  (RAM_BASE + 0x5000)

const struct sdei_event_info vmm_events[EVENTS];

static struct vmm vmm;
static struct kvm_run run;
static struct {
	uint64_t pc, pstate, elr;
	bool off, old_kernel, has_sea;
	unsigned aborts, settled, enabled;
	enum poison_news news;
	uint64_t told; /* which address */
	uint32_t ago;
	unsigned status; /* of the event that tells */
	bool masked, in_handler;
} world;

void vmm_die(const char *format, ...)
{
	fail_msg("%s", format);
	abort();
}

void vmm_end(struct vmm *v, int status)
{
	if (v->ending < 0)
		v->ending = status;
}

void *vmm_memory(struct vmm *v, uint64_t address, uint64_t size)
{
	uint64_t offset = address - RAM_BASE;

	if (address < RAM_BASE || offset > v->options.memory ||
	    size > v->options.memory - offset)
		return NULL;
	return &vmm;
}

enum poison_news poison_tell(struct vmm *v, uint64_t address, uint32_t *ago)
{
	(void)v;
	world.told = address;
	*ago = world.ago;
	return world.news;
}

void trace_add(const char *what, uint32_t event, unsigned vcpu,
	       uint64_t address)
{
	(void)event, (void)address;
	assert_string_equal(what, "abort");
	assert_int_equal(vcpu, 1);
}

bool sdei_kvm_query(const struct sdei_kvm *vm, unsigned vcpu, unsigned index,
		    struct sdei_report *report)
{
	(void)vm, (void)vcpu;
	assert_int_equal(index, EVENT_MEMORY_UNCORRECTED);
	*report = (struct sdei_report){ .status = world.status };
	return true;
}

bool sdei_kvm_masked(const struct sdei_kvm *vm, unsigned vcpu)
{
	(void)vm, (void)vcpu;
	return world.masked;
}

bool vcpu_in_handler(const struct vmm *v, unsigned i)
{
	(void)v;
	assert_int_equal(i, 1);
	return world.in_handler;
}

/* A run that ends at once: the abort is taken at the latest there. */
void vcpu_settle(struct vmm *v, unsigned i)
{
	(void)v;
	assert_int_equal(i, 1);
	world.settled++;
	world.elr = world.pc;
	world.pc = VBAR + 0x200;
	world.pstate = 0x3c5;
}

static int get_register(const struct kvm_one_reg *reg)
{
	uint64_t *value = (uint64_t *)(uintptr_t)reg->addr;

	/* Linux's api.rst, 4.68. */
	switch (reg->id) {
	case 0x6030000000100040:
		*value = world.pc;
		return 0;
	case 0x6030000000100042:
		*value = world.pstate;
		return 0;
	case 0x6030000000100046:
		*value = world.elr;
		return 0;
	}
	fail_msg("register 0x%llx", (long long)reg->id);
	return -1;
}

static int vcpu_ioctl(unsigned long request, void *argument)
{
	struct kvm_mp_state *power = argument;
	const uint8_t *events = argument;

	switch (request) {
	case KVM_GET_ONE_REG:
		return get_register(argument);
	case KVM_GET_MP_STATE:
		power->mp_state = world.off ? KVM_MP_STATE_STOPPED
					    : KVM_MP_STATE_RUNNABLE;
		return 0;
	case KVM_SET_VCPU_EVENTS:
		if (world.old_kernel)
			return -1;
		/* ext_dabt_pending, and nothing else. */
		for (unsigned i = 0; i < 64; i++)
			assert_int_equal(events[i], i == 2);
		world.aborts++;
		return 0;
	}
	fail_msg("ioctl 0x%lx", request);
	return -1;
}

int ioctl(int fd, unsigned long request, ...)
{
	void *argument;
	va_list list;

	va_start(list, request);
	argument = va_arg(list, void *);
	va_end(list);
	if (fd == 101)
		return vcpu_ioctl(request, argument);
	assert_int_equal(fd, 99);
	if (request == KVM_CHECK_EXTENSION) {
		assert_int_equal((uintptr_t)argument, 245);
		return world.has_sea;
	}
	assert_int_equal(request, KVM_ENABLE_CAP);
	assert_int_equal(((struct kvm_enable_cap *)argument)->cap, 245);
	world.enabled++;
	return 0;
}

static int start(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	memset(&vmm, 0, sizeof(vmm));
	vmm.ending = -1;
	vmm.vm = 99;
	vmm.options = (struct options){ .vcpus = 2, .memory = 4 * MIB };
	for (unsigned i = 0; i < 2; i++)
		vmm.vcpus[i].fd = 100 + (int)i;
	world.status = SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED;
	world.news = POISON_TOLD;
	world.pc = 0x400000;
	return 0;
}

static unsigned touch(void)
{
	unsigned before = world.aborts;

	abort_touched(&vmm, 1, BAD, false);
	return world.aborts - before;
}

/* It gets time to act on the news, and then what real memory gives. */
static void news_first(void **state)
{
	(void)state;
	assert_int_equal(touch(), 0);
	assert_int_equal(world.told, BAD);
	/* On a busy host each try takes long; it has them all. */
	for (unsigned i = 1; i < 2000; i++) {
		world.ago = 50 * i;
		assert_int_equal(touch(), 0);
	}
	assert_int_equal(touch(), 1);
	assert_int_equal(world.settled, 1);
	assert_int_equal(vmm.ending, -1);
	/* From then on at once. */
	assert_int_equal(touch(), 1);
}

/* Whoever cannot hear them gets the abort at once. */
static void no_news(void **state)
{
	(void)state;
	world.status = SDEI_STATUS_REGISTERED;
	assert_int_equal(touch(), 1);
	start(state);
	world.status = 0;
	assert_int_equal(touch(), 1);
	start(state);
	world.masked = true;
	assert_int_equal(touch(), 1);
	start(state);
	world.in_handler = true;
	assert_int_equal(touch(), 1);
	start(state);
	world.news = POISON_UNTOLD;
	assert_int_equal(touch(), 1);
}

/* PC is then at the handler, and no access is there. */
static void not_at_a_handler(void **state)
{
	(void)state;
	world.ago = 5000;
	abort_touched(&vmm, 1, BAD, true);
	world.news = POISON_UNTOLD;
	abort_touched(&vmm, 1, BAD, true);
	assert_int_equal(world.aborts, 0);
	assert_int_equal(touch(), 1);
}

static void nothing_lost(void **state)
{
	(void)state;
	world.news = POISON_RENEWED;
	world.ago = 5000;
	assert_int_equal(touch(), 0);
	/* Switched off meanwhile, as another kernel takes over. */
	world.news = POISON_TOLD;
	world.off = true;
	assert_int_equal(touch(), 0);
	assert_int_equal(vmm.ending, -1);
}

/* The vectors are what is bad: an abort leads to the next, and then to the end. */
static void bad_vectors(void **state)
{
	unsigned touches = 0;

	(void)state;
	world.ago = 5000;
	while (vmm.ending < 0 && touches < 1000) {
		touch();
		touches++;
	}
	assert_int_equal(vmm.ending, 1);
	assert_in_range(touches, 14, 100);
}

/* So do handlers whose other memory is bad, wherever it is in them. */
static void bad_stack(void **state)
{
	unsigned touches = 0;

	(void)state;
	world.ago = 5000;
	while (vmm.ending < 0 && touches < 1000) {
		touch();
		world.pc = VBAR + 0x200 + 4 * (touches++ % 3);
	}
	assert_int_equal(vmm.ending, 1);
}

/*
 * A process that tries again and again, a kernel that goes round the access: they
 * get somewhere, and are not ended.
 */
static void no_end_for_others(void **state)
{
	(void)state;
	world.ago = 5000;
	for (unsigned i = 0; i < 1000; i++) {
		world.pc = 0x400000; /* EL0, its handler of SIGBUS returned */
		world.elr = 0x400000;
		world.pstate = 0;
		assert_int_equal(touch(), 1);
	}
	for (unsigned i = 0; i < 1000; i++) {
		world.pc = 0xffff800008123450; /* a copy, with a way out */
		world.elr = 0xffff800008123480;
		world.pstate = 0x205;
		assert_int_equal(touch(), 1);
	}
	assert_int_equal(vmm.ending, -1);
}

static void a_kernel_without_aborts(void **state)
{
	(void)state;
	world.old_kernel = true;
	world.ago = 5000;
	assert_int_equal(touch(), 0);
	assert_int_equal(vmm.ending, 1);
}

static void take(uint64_t flags, uint64_t gpa)
{
	const struct arm_sea sea = { .flags = flags, .gpa = gpa };

	run.exit_reason = EXIT_ARM_SEA;
	memcpy(&run.mmio, &sea, sizeof(sea));
	abort_taken(&vmm, 1, &run);
}

/* Real poison that was consumed: told, and the guest gets its abort. */
static void consumed(void **state)
{
	(void)state;
	take(ARM_SEA_GPA_VALID, BAD);
	assert_int_equal(world.told, BAD);
	assert_int_equal(world.aborts, 1);
	world.told = 0;
	take(0, BAD);
	take(ARM_SEA_GPA_VALID, RAM_BASE - 4096);
	assert_int_equal(world.told, 0);
	assert_int_equal(world.aborts, 3);
	world.news = POISON_RENEWED;
	take(ARM_SEA_GPA_VALID, BAD);
	assert_int_equal(world.aborts, 3);
}

static void asked_for(void **state)
{
	(void)state;
	abort_start(&vmm);
	assert_int_equal(world.enabled, 0);
	world.has_sea = true;
	abort_start(&vmm);
	assert_int_equal(world.enabled, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		TEST(news_first),        TEST(no_news),
		TEST(not_at_a_handler),  TEST(nothing_lost),
		TEST(bad_vectors),       TEST(bad_stack),
		TEST(no_end_for_others), TEST(a_kernel_without_aborts),
		TEST(consumed),          TEST(asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
