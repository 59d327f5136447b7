/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vcpu's registers, each an ioctl: so none is read before somebody needs it,
 * and none is written that the vcpu has already.
 */
#include "internal.h"

#include "arm64.h"

#include <errno.h>

static void access(struct vcpu *v, unsigned long request, uint64_t id,
		   uint64_t *value)
{
	const struct sdei_kvm_system *s = v->vm->system;
	struct kvm_one_reg reg = {
		.id = id,
		.addr = (uintptr_t)value,
	};

	if (v->error)
		return;
	v->counts.register_ioctls++;
	if (s->ioctl(s->context, v->fd, request, &reg))
		v->error = errno;
}

uint64_t kvm_read(struct vcpu *v, uint64_t id)
{
	uint64_t value = 0;

	access(v, KVM_GET_ONE_REG, id, &value);
	return value;
}

void kvm_write(struct vcpu *v, uint64_t id, uint64_t value)
{
	access(v, KVM_SET_ONE_REG, id, &value);
}

static uint64_t id_of(unsigned word)
{
	return word == WORD_PC       ? CORE_PC
	       : word == WORD_PSTATE ? CORE_PSTATE
				     : CORE_X(word);
}

/* What sdei_call() looks at besides x0: only EL1 can execute an HVC or SMC. */
void kvm_frame_forget(struct vcpu *v)
{
	v->have = v->known = 0;
	v->frame.context.pstate = PSTATE_EL1H;
}

void kvm_frame_fetch(struct vcpu *v, uint32_t mask)
{
	mask &= ~v->have;
	for (unsigned i = 0; i < WORDS; i++)
		if (mask & BIT(i))
			v->frame.word[i] = v->there.word[i] =
				kvm_read(v, id_of(i));
	v->have |= mask;
	v->known |= mask;
}

static void store_word(struct vcpu *v, unsigned i)
{
	if (!(v->have & BIT(i)) ||
	    (v->known & BIT(i) && v->there.word[i] == v->frame.word[i]))
		return;
	kvm_write(v, id_of(i), v->frame.word[i]);
}

/*
 * While a vcpu is in AArch32, KVM takes 32 bits of what it is given. So PSTATE
 * is written first if it leads to AArch64, and last if it leads back.
 */
void kvm_frame_store(struct vcpu *v)
{
	bool last = v->frame.context.pstate & PSTATE_AARCH32;

	if (!last)
		store_word(v, WORD_PSTATE);
	for (unsigned i = 0; i < WORD_PSTATE; i++)
		store_word(v, i);
	if (last)
		store_word(v, WORD_PSTATE);
}
