/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher's operations: its view of a vcpu. All events are watched, so
 * that `entered` comes before the frame is saved: there it is completed from
 * the vcpu, and nowhere else; calls that dispatch nothing read no registers.
 */
#include "internal.h"

#include "arm64.h"

static struct vcpu *vcpu_of(void *context, unsigned pe)
{
	return &((struct sdei_kvm *)context)->vcpus[pe];
}

static uint64_t read_client(void *context, unsigned pe,
			    enum sdei_client_register reg)
{
	struct vcpu *v = vcpu_of(context, pe);

	switch (reg) {
	case SDEI_SCTLR_ELC:
		return kvm_read(v, SYSTEM_SCTLR_EL1);
	case SDEI_VBAR_ELC:
		return kvm_read(v, SYSTEM_VBAR_EL1);
	case SDEI_GCSCR_ELC:
		return kvm_read(v, SYSTEM_GCSCR_EL1);
	case SDEI_HCR_EL2: /* is not asked: the client is at EL1 */
		break;
	}
	return 0;
}

static void resume(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	struct vcpu *v = vcpu_of(context, pe);

	kvm_write(v, CORE_ELR_EL1, elr);
	kvm_write(v, CORE_SPSR_EL1, spsr);
}

static void kick(void *context, unsigned target)
{
	kvm_kick(vcpu_of(context, target));
}

static int pe_of_affinity(void *context, uint64_t affinity)
{
	const struct sdei_kvm *vm = context;

	for (unsigned i = 0; i < vm->config.vcpu_count; i++)
		if (vm->vcpus[i].affinity == affinity)
			return (int)i;
	return -1;
}

static void entered(void *context, unsigned pe, uint32_t number,
		    const struct sdei_context *interrupted)
{
	const struct sdei_kvm *vm = context;
	struct vcpu *v = vcpu_of(context, pe);

	(void)interrupted; /* v->frame */
	kvm_frame_fetch(v, ALL_WORDS);
	/* What a call is answered is in what it lets a handler interrupt. */
	if (v->asked)
		kvm_tell(v, SDEI_KVM_ANSWERED, BIT(0));
	v->asked = false;
	v->counts.dispatches++;
	if (vm->config.entered)
		vm->config.entered(vm->config.context, pe, number);
}

/* The frame is now what the handler had interrupted, with nothing missing. */
static void completed(void *context, unsigned pe, uint32_t number,
		      enum sdei_ending how, uint32_t status)
{
	const struct sdei_kvm *vm = context;
	struct vcpu *v = vcpu_of(context, pe);

	if (how != SDEI_POWERED_OFF) {
		v->asked = false;
		v->have = ALL_WORDS;
		v->counts.completions++;
	}
	if (vm->config.completed)
		vm->config.completed(vm->config.context, pe, number, how,
				     status);
}

const struct sdei_ops kvm_ops = {
	.read = read_client,
	.resume = resume,
	.kick = kick,
	.pe_of_affinity = pe_of_affinity,
	.interrupt_check = kvm_line_check,
	.interrupt_take = kvm_line_take,
	.interrupt_end = kvm_line_end,
	.interrupt_give = kvm_line_give,
	.reset = kvm_takeover_reset,
	.entered = entered,
	.completed = completed,
};
