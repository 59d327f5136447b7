/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Running a vcpu: the guest's calls are answered, what was noted is delivered.
 */
#include "internal.h"

#include "arm64.h"

#include <errno.h>

/* The words of a call's arguments: it reads x1 up to this register. */
static uint32_t arguments(uint32_t fid)
{
	static const uint8_t last[] = {
		[SDEI_FID_EVENT_REGISTER % 32] = 5,
		[SDEI_FID_EVENT_ENABLE % 32] = 1,
		[SDEI_FID_EVENT_DISABLE % 32] = 1,
		[SDEI_FID_EVENT_CONTEXT % 32] = 1,
		[SDEI_FID_EVENT_COMPLETE % 32] = 1,
		[SDEI_FID_EVENT_COMPLETE_RESUME % 32] = 1,
		[SDEI_FID_EVENT_UNREGISTER % 32] = 1,
		[SDEI_FID_EVENT_STATUS % 32] = 1,
		[SDEI_FID_EVENT_GET_INFO % 32] = 2,
		[SDEI_FID_EVENT_ROUTING_SET % 32] = 3,
		[SDEI_FID_INTERRUPT_BIND % 32] = 1,
		[SDEI_FID_INTERRUPT_RELEASE % 32] = 1,
		[SDEI_FID_EVENT_SIGNAL % 32] = 2,
		[SDEI_FID_FEATURES % 32] = 1,
		[SDEI_FID_LAST % 32] = 0,
	};

	return (BIT(last[fid % 32] + 1) - 1) & ~BIT(0);
}

void kvm_tell(struct vcpu *v, enum sdei_kvm_step step, uint32_t values)
{
	const struct sdei_kvm_config *config = &v->vm->config;
	uint64_t value[6] = { 0 };

	if (!config->watch)
		return;
	for (unsigned i = 0; i < 6; i++)
		if (values & BIT(i))
			value[i] = v->frame.context.x[i];
	config->watch(config->context, v->index, step, value);
}

/* Account for the register accesses of one event, since there were `before`. */
static void account(struct vcpu *v, const struct sdei_kvm_counts *before)
{
	struct sdei_kvm_counts *c = &v->counts;
	unsigned n = (unsigned)(c->register_ioctls - before->register_ioctls);
	bool dispatched = c->dispatches != before->dispatches;
	bool completed = c->completions != before->completions;

	/* Both at once is cheaper than one after the other. */
	if (dispatched && !completed && n > c->dispatch_most)
		c->dispatch_most = n;
	if (completed && !dispatched && n > c->completion_most)
		c->completion_most = n;
}

/* The vcpu was kicked: its frame may become a handler's. */
static bool look(struct vcpu *v)
{
	v->counts.kicks++;
	kvm_notes_deal(v);
	if (!sdei_deliver(v->vm->dispatcher, v->index, &v->frame.context))
		return false;
	kvm_tell(v, SDEI_KVM_ENTERED, BIT(4) - 1);
	return true;
}

static void answer(struct vcpu *v, uint64_t fid)
{
	struct sdei_kvm_counts before;

	kvm_takeover_look(v); /* no event's cost: once, or after migration */
	before = v->counts;
	v->counts.calls++;
	kvm_frame_forget(v);
	kvm_frame_fetch(v, arguments((uint32_t)fid));
	v->frame.context.x[0] = fid;
	v->have |= BIT(0);
	kvm_tell(v, SDEI_KVM_CALLED, arguments((uint32_t)fid) | BIT(0));
	v->asked = true;
	sdei_call(v->vm->dispatcher, v->index, &v->frame.context);
	if (v->asked)
		kvm_tell(v, SDEI_KVM_ANSWERED, BIT(0));
	v->asked = false;
	if (v->counts.dispatches != before.dispatches)
		kvm_tell(v, SDEI_KVM_ENTERED, BIT(4) - 1);
	/*
	 * Before the registers are written: many are then written once less.
	 * immediate_exit stays: it may be the VMM's as well, and costs one KVM_RUN
	 * that does nothing.
	 */
	if (exchange(&v->kicked, false))
		look(v);
	kvm_frame_store(v);
	account(v, &before);
}

/*
 * CPU_OFF: the dispatcher ends what runs here (6.5.4), and KVM stops the vcpu.
 * That is all there is to do: CPU_ON, which KVM answers itself, finds the PE
 * masked and nothing private registered, as it has to.
 */
static void power_off(struct vcpu *v)
{
	const struct sdei_kvm_system *s = v->vm->system;
	struct kvm_mp_state state = { .mp_state = KVM_MP_STATE_STOPPED };

	sdei_pe_off(v->vm->dispatcher, v->index);
	kvm_tell(v, SDEI_KVM_OFF, 0);
	kvm_takeover_forget(v);
	if (!v->error && s->ioctl(s->context, v->fd, KVM_SET_MP_STATE, &state))
		v->error = errno;
}

/* Returns false if the exit is not for the library. */
static bool serve(struct vcpu *v)
{
	uint64_t fid = v->run->hypercall.nr;

	if (v->run->exit_reason != KVM_EXIT_HYPERCALL)
		return false;
	if (sdei_is_call(fid)) {
		answer(v, fid);
	} else if (fid == PSCI_CPU_OFF) {
		v->frame.context.x[0] = fid;
		kvm_tell(v, SDEI_KVM_CALLED, BIT(0));
		power_off(v);
	} else {
		return false;
	}
	return true;
}

static void deliver(struct vcpu *v)
{
	const struct sdei_kvm_counts before = v->counts;
	bool kicked;

	store(&v->run->immediate_exit, 0);
	/* First: who finds it kicked already leaves it at that. */
	kicked = exchange(&v->kicked, false);
	if (exchange(&v->leave, false))
		power_off(v);
	else
		kvm_frame_forget(v);
	if (kicked && look(v))
		kvm_frame_store(v);
	account(v, &before);
}

static int enter(struct vcpu *v)
{
	const struct sdei_kvm_system *s = v->vm->system;
	int result;

	if (load(&v->vm->stopping)) {
		pthread_mutex_lock(&v->vm->stop_lock);
		pthread_mutex_unlock(&v->vm->stop_lock);
	}
	pthread_rwlock_rdlock(&v->vm->running);
	result = s->ioctl(s->context, v->fd, KVM_RUN, NULL);
	pthread_rwlock_unlock(&v->vm->running);
	return result;
}

int sdei_kvm_run(struct sdei_kvm *vm, unsigned vcpu)
{
	struct vcpu *v = &vm->vcpus[vcpu];

	while (!v->error) {
		if (enter(v) >= 0) {
			if (!serve(v))
				return 0;
		} else if (errno == EINTR) {
			deliver(v);
			if (v->error)
				break;
			errno = EINTR;
			return -1;
		} else {
			return -1;
		}
	}
	errno = v->error;
	return -1;
}

bool sdei_kvm_query(const struct sdei_kvm *vm, unsigned vcpu, unsigned index,
		    struct sdei_report *report)
{
	return sdei_query(vm->dispatcher, vcpu, index, report);
}

bool sdei_kvm_masked(const struct sdei_kvm *vm, unsigned vcpu)
{
	return sdei_pe_masked(vm->dispatcher, vcpu);
}

struct sdei_kvm_counts sdei_kvm_count(const struct sdei_kvm *vm, unsigned vcpu)
{
	if (vcpu >= vm->config.vcpu_count)
		return (struct sdei_kvm_counts){ 0 };
	return vm->vcpus[vcpu].counts;
}
