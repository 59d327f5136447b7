/* SPDX-License-Identifier: BSD-2-Clause */
#include "kvm_fake.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Register identifiers, from Linux's api.rst and not from kvm/arm64.h. */
#define ID_CORE(offset) (UINT64_C(0x6030000000100000) | (offset) / 4)
#define ID_SYS(o0, o1, n, m, o2) \
	(UINT64_C(0x6030000000130000) | (o0) << 14 | (o1) << 11 | (n) << 7 | \
	 (m) << 3 | (o2))
#define AARCH32 0x10

#define ID_PSTATE ID_CORE(264)

static struct fake_vcpu *vcpu_of(struct fake *f, int fd)
{
	assert_true(fd >= 100 && fd < 100 + (int)VCPUS);
	return &f->vcpus[fd - 100];
}

static uint64_t *place(struct fake_vcpu *v, uint64_t id)
{
	for (unsigned i = 0; i < 31; i++)
		if (id == ID_CORE(8 * i))
			return &v->x[i];
	if (id == ID_CORE(256))
		return &v->pc;
	if (id == ID_PSTATE)
		return &v->pstate;
	if (id == ID_CORE(280))
		return &v->elr;
	if (id == ID_CORE(288))
		return &v->spsr;
	if (id == ID_SYS(3, 0, 1, 0, 0))
		return &v->sctlr;
	if (id == ID_SYS(3, 0, 12, 0, 0))
		return &v->vbar;
	if (id == ID_SYS(3, 0, 2, 0, 1))
		return &v->ttbr1;
	return NULL;
}

static int get(struct fake *f, struct fake_vcpu *v, struct kvm_one_reg *reg)
{
	uint64_t *value = (uint64_t *)(uintptr_t)reg->addr;
	uint64_t *from = place(v, reg->id);

	if (from)
		*value = *from;
	else if (reg->id == ID_SYS(3, 0, 0, 0, 5))
		*value = UINT64_C(0x80000000) | (uint64_t)(v - f->vcpus);
	else if (reg->id == ID_SYS(3, 0, 0, 7, 1))
		*value = f->no_pan ? 0 : 1 << 20;
	else if (reg->id == ID_SYS(3, 0, 0, 4, 1))
		*value = f->no_pan ? 0 : 2 << 4; /* SSBS */
	else if (reg->id == ID_SYS(3, 0, 0, 4, 0) ||
		 reg->id == ID_SYS(3, 0, 0, 5, 1))
		*value = 0;
	else
		fail_msg("register 0x%llx is read", (long long)reg->id);
	return 0;
}

/*
 * What is written while PSTATE is AArch32's would be cut to 32 bits, so nothing
 * is; what is there when it becomes AArch32's, is cut.
 */
static int set(struct fake_vcpu *v, const struct kvm_one_reg *reg)
{
	uint64_t value = *(uint64_t *)(uintptr_t)reg->addr;
	uint64_t *to = place(v, reg->id);

	assert_non_null(to);
	/* An instruction that is not done would be done to what is set. */
	assert_false(v->mmio);
	assert_true(to == &v->pstate || !(v->pstate & AARCH32));
	*to = value;
	if (v->pstate & AARCH32) {
		for (unsigned i = 0; i < 15; i++)
			v->x[i] = (uint32_t)v->x[i];
		v->pc = (uint32_t)v->pc;
	}
	return 0;
}

static int access_register(struct fake *f, int fd, unsigned long request,
			   void *argument)
{
	f->accesses++;
	if (f->fail) {
		errno = EIO;
		return -1;
	}
	return request == KVM_GET_ONE_REG ? get(f, vcpu_of(f, fd), argument)
					  : set(vcpu_of(f, fd), argument);
}

/* Another thread, or a signal handler, may say so at any time. */
static bool must_exit(const struct fake_vcpu *v)
{
	return __atomic_load_n(&v->run.immediate_exit, __ATOMIC_ACQUIRE);
}

static int run(struct fake *f, struct fake_vcpu *v)
{
	__atomic_store_n(&f->has_run, true, __ATOMIC_RELAXED);
	if (v->mmio) {
		v->x[v->reg] = v->run.mmio.data[0];
		v->pc += 4;
		v->mmio = false;
	}
	while (v->waits && !must_exit(v))
		sched_yield();
	if (!must_exit(v) && f->guest && !v->stopped) {
		f->guest(f, v);
		return 0;
	}
	v->run.exit_reason = KVM_EXIT_INTR;
	errno = EINTR;
	return -1;
}

struct filter {
	uint32_t base, functions;
	uint8_t action, padding[15];
};

static int add_filter(struct fake *f, const struct kvm_device_attr *attr)
{
	const struct filter *filter = (const void *)(uintptr_t)attr->addr;

	assert_int_equal(filter->action, 2);
	errno = EBUSY;
	if (f->has_run)
		return -1;
	errno = EEXIST;
	for (unsigned i = 0; i < f->filters; i++)
		if (f->filtered[i] == filter->base)
			return -1;
	f->filtered[f->filters++] = filter->base;
	return 0;
}

static int vm_ioctl(struct fake *f, unsigned long request, void *argument)
{
	const struct kvm_irq_level *irq = argument;

	switch (request) {
	case KVM_HAS_DEVICE_ATTR:
		errno = ENXIO;
		return f->old_kernel ? -1 : 0;
	case KVM_SET_DEVICE_ATTR:
		return add_filter(f, argument);
	case KVM_IRQ_LINE:
		assert_int_equal(irq->irq >> 24, 1);
		f->gic[irq->irq & 0xffff] = irq->level;
		return 0;
	}
	fail_msg("ioctl 0x%lx of the VM", request);
	return -1;
}

static int redistributor(const struct fake *f,
			 const struct kvm_device_attr *attr)
{
	uint32_t *value = (uint32_t *)(uintptr_t)attr->addr;
	uint64_t vcpu = attr->attr >> 32;

	assert_true(vcpu < VCPUS);
	switch ((uint32_t)attr->attr) {
	case 0x10200:
		*value = f->sgis_pending[vcpu];
		return 0;
	case 0x10300:
		*value = f->sgis_active[vcpu];
		return 0;
	}
	fail_msg("the redistributor's 0x%llx is read", (long long)attr->attr);
	return -1;
}

static int gic_ioctl(struct fake *f, unsigned long request,
		     const struct kvm_device_attr *attr)
{
	uint32_t *value = (uint32_t *)(uintptr_t)attr->addr;

	assert_int_equal(request, KVM_GET_DEVICE_ATTR);
	/* A vcpu's thread is about another ioctl. */
	if (f->busy) {
		f->busy--;
		errno = EBUSY;
		return -1;
	}
	if (attr->group == 5) {
		assert_int_equal(__atomic_load_n(&f->inside, __ATOMIC_SEQ_CST),
				 0);
		return redistributor(f, attr);
	}
	assert_int_equal(attr->group, 1);
	/* KVM would answer EBUSY. */
	assert_int_equal(__atomic_load_n(&f->inside, __ATOMIC_SEQ_CST), 0);
	switch (attr->attr) {
	case 0x204:
		*value = f->pending;
		return 0;
	case 0x304:
		*value = f->active;
		return 0;
	case 0xc08:
		*value = f->edges;
		return 0;
	}
	fail_msg("the distributor's 0x%llx is read", (long long)attr->attr);
	return -1;
}

static int fake_ioctl(void *context, int fd, unsigned long request,
		      void *argument)
{
	struct fake *f = context;
	int result;

	if (fd == 99)
		return vm_ioctl(f, request, argument);
	if (fd == 98)
		return gic_ioctl(f, request, argument);
	switch (request) {
	case KVM_RUN:
		__atomic_fetch_add(&f->inside, 1, __ATOMIC_SEQ_CST);
		result = run(f, vcpu_of(f, fd));
		__atomic_fetch_sub(&f->inside, 1, __ATOMIC_SEQ_CST);
		return result;
	case KVM_GET_ONE_REG:
	case KVM_SET_ONE_REG:
		return access_register(f, fd, request, argument);
	case KVM_GET_MP_STATE:
		((struct kvm_mp_state *)argument)->mp_state =
			vcpu_of(f, fd)->stopped ? KVM_MP_STATE_STOPPED
						: KVM_MP_STATE_RUNNABLE;
		return 0;
	case KVM_SET_MP_STATE:
		vcpu_of(f, fd)->stopped =
			((struct kvm_mp_state *)argument)->mp_state ==
			KVM_MP_STATE_STOPPED;
		return 0;
	}
	fail_msg("ioctl 0x%lx of a vcpu", request);
	return -1;
}

/* Threads are not needed: the tests play all vcpus in turn. */
static void fake_interrupt(void *context, int thread, int signal)
{
	struct fake *f = context;

	(void)thread;
	assert_int_equal(signal, SIGUSR1);
	f->vcpus[0].kicks++;
}

static void entered(void *context, unsigned vcpu, uint32_t number)
{
	struct fake *f = context;

	assert_true(vcpu < VCPUS);
	f->entered++;
	f->last = number;
}

static void completed(void *context, unsigned vcpu, uint32_t number,
		      enum sdei_ending how, uint32_t status)
{
	struct fake *f = context;

	(void)status;
	assert_true(vcpu < VCPUS);
	f->completed++;
	if (f->again) {
		f->again--;
		sdei_kvm_raise(f->vm, number, vcpu);
	}
	f->last = number;
	f->how = how;
}

int fake_start_bare(void **state)
{
	static const struct sdei_event_info events[] = {
		{ .number = 0, .signalable = true },
		{ .number = SHARED, .type = SDEI_TYPE_SHARED },
		{ .number = CRITICAL, .priority = SDEI_PRIORITY_CRITICAL },
		{ .number = PRIVATE },
	};
	static const struct sdei_kvm_line lines[] = {
		{ .interrupt = UART },
		{ .interrupt = RTC_EDGE, .edge = true },
	};
	static struct sdei_kvm_vcpu vcpus[VCPUS];
	struct fake *f = calloc(1, sizeof(*f));

	for (unsigned i = 0; i < VCPUS; i++) {
		vcpus[i].fd = 100 + (int)i;
		vcpus[i].run = &f->vcpus[i].run;
		fake_fill(f, i);
	}
	f->system = (struct sdei_kvm_system){ fake_ioctl, fake_interrupt, f };
	f->config = (struct sdei_kvm_config){
		.vm_fd = 99,
		.vcpus = vcpus,
		.vcpu_count = VCPUS,
		.events = events,
		.event_count = sizeof(events) / sizeof(*events),
		.private_slots = 2,
		.shared_slots = 2,
		.version_minor = 1,
		.vendor_version = 7,
		.lines = lines,
		.line_count = 2,
		.gic_fd = -1,
		.signal = SIGUSR1,
		.entered = entered,
		.completed = completed,
		.context = f,
		.system = &f->system,
	};
	*state = f;
	return 0;
}

int fake_start(void **state)
{
	struct fake *f;
	const char *why;

	fake_start_bare(state);
	f = *state;
	f->vm = sdei_kvm_create(&f->config, &why);
	if (!f->vm)
		fail_msg("%s", why);
	for (unsigned i = 0; i < VCPUS; i++)
		GUEST_CALL(f, i, SDEI_FID_PE_UNMASK);
	f->accesses = 0;
	return 0;
}

int fake_stop(void **state)
{
	struct fake *f = *state;

	sdei_kvm_destroy(f->vm);
	free(f);
	return 0;
}

void fake_fill(struct fake *f, unsigned vcpu)
{
	struct fake_vcpu *v = &f->vcpus[vcpu];

	for (unsigned i = 0; i < 31; i++)
		v->x[i] = UINT64_C(0xab00000000000000) | vcpu << 8 | i;
	v->pc = UINT64_C(0xffff800000400000) + 0x1000 * vcpu;
	v->pstate = EL1H;
	v->elr = v->spsr = 0x1234;
}

/* The guest's call: KVM leaves PC behind the instruction. */
static void execute_call(struct fake *f, struct fake_vcpu *v)
{
	f->guest = NULL;
	v->pc += 4;
	v->run.exit_reason = KVM_EXIT_HYPERCALL;
	v->run.hypercall.nr = (uint32_t)v->x[0];
}

int64_t fake_call(struct fake *f, unsigned vcpu, const uint64_t x[6])
{
	struct fake_vcpu *v = &f->vcpus[vcpu];
	int error;

	memcpy(v->x, x, 6 * sizeof(*x));
	f->guest = execute_call;
	assert_int_equal(fake_run(f, vcpu, &error), -1);
	/* It may have come to the call only behind a kick. */
	while (f->guest)
		fake_run(f, vcpu, &error);
	return (int64_t)v->x[0];
}

int fake_run(struct fake *f, unsigned vcpu, int *error)
{
	int result = sdei_kvm_run(f->vm, vcpu);

	*error = errno;
	return result;
}

void fake_listen(struct fake *f, unsigned vcpu, uint32_t event)
{
	assert_int_equal(GUEST_CALL(f, vcpu, SDEI_FID_EVENT_REGISTER, event,
				    ENTRY, ARGUMENT),
			 SDEI_SUCCESS);
	assert_int_equal(GUEST_CALL(f, vcpu, SDEI_FID_EVENT_ENABLE, event),
			 SDEI_SUCCESS);
	fake_fill(f, vcpu);
}

bool fake_at_handler(const struct fake *f, unsigned vcpu, uint32_t event)
{
	const struct fake_vcpu *v = &f->vcpus[vcpu];

	return v->pc == ENTRY && v->x[0] == event && v->x[1] == ARGUMENT &&
	       (v->pstate & 0x3ff) == EL1H_DAIF;
}

void fake_kicked(struct fake *f, unsigned vcpu)
{
	int error;

	assert_true(f->vcpus[vcpu].run.immediate_exit);
	assert_int_equal(fake_run(f, vcpu, &error), -1);
	assert_int_equal(error, EINTR);
	assert_false(f->vcpus[vcpu].run.immediate_exit);
}
