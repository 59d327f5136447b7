/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notes: how anybody, a signal handler included, tells a vcpu's thread of an
 * event without a lock. A note is set before the kick, a kick is taken back
 * before the notes are read: so whoever finds a vcpu kicked already may leave
 * it at that.
 */
#include "internal.h"

#include "arm64.h"

void kvm_note(uint64_t *notes, unsigned index)
{
	__atomic_fetch_or(&notes[index / 64], UINT64_C(1) << index % 64,
			  __ATOMIC_SEQ_CST);
}

/*
 * immediate_exit closes the race with a thread that is about to enter KVM_RUN,
 * the signal ends a run that goes on.
 */
void kvm_kick(struct vcpu *v)
{
	const struct sdei_kvm *vm = v->vm;
	int thread;

	if (exchange(&v->kicked, true))
		return;
	store(&v->run->immediate_exit, 1);
	thread = load(&v->thread);
	if (thread)
		vm->system->interrupt(vm->system->context, thread,
				      vm->config.signal);
}

/* Preferably one that may then take the event itself. */
void kvm_kick_any(struct sdei_kvm *vm)
{
	for (unsigned i = 0; i < vm->config.vcpu_count; i++)
		if (!sdei_pe_masked(vm->dispatcher, i)) {
			kvm_kick(&vm->vcpus[i]);
			return;
		}
	kvm_kick(&vm->vcpus[0]);
}

bool sdei_kvm_raise(struct sdei_kvm *vm, uint32_t number, unsigned vcpu)
{
	const struct sdei_event_info *e = vm->events;
	unsigned i = 0;

	while (i < vm->config.event_count && e[i].number != number)
		i++;
	if (i == vm->config.event_count)
		return false;
	if (e[i].type == SDEI_TYPE_SHARED) {
		kvm_note(vm->notes, i);
		kvm_kick_any(vm);
		return true;
	}
	if (vcpu >= vm->config.vcpu_count)
		return false;
	kvm_note(vm->vcpus[vcpu].notes, i);
	kvm_kick(&vm->vcpus[vcpu]);
	return true;
}

/* Calls `deal` for each note, and takes it back. */
static void each(struct vcpu *v, uint64_t *notes, unsigned count,
		 void (*deal)(struct vcpu *v, unsigned index))
{
	for (unsigned i = 0; i < NOTE_WORDS(count); i++) {
		uint64_t word = load(&notes[i]) ? exchange(&notes[i], 0) : 0;

		for (; word; word &= word - 1)
			deal(v, 64 * i + (unsigned)__builtin_ctzll(word));
	}
}

static void deal_event(struct vcpu *v, unsigned index)
{
	sdei_raise(v->vm->dispatcher, v->index, v->vm->events[index].number,
		   v->index);
}

/* Of no event any more: given back meanwhile, which told the GIC. */
static void deal_line(struct vcpu *v, unsigned index)
{
	sdei_interrupt(v->vm->dispatcher, v->index,
		       v->vm->lines[index].interrupt);
}

void kvm_notes_deal(struct vcpu *v)
{
	struct sdei_kvm *vm = v->vm;

	each(v, v->notes, vm->config.event_count, deal_event);
	each(v, vm->notes, vm->config.event_count, deal_event);
	each(v, vm->line_notes, vm->config.line_count, deal_line);
}

static void forget(struct vcpu *v, unsigned index)
{
	(void)v, (void)index;
}

void kvm_notes_clear(struct sdei_kvm *vm)
{
	for (unsigned i = 0; i < vm->config.vcpu_count; i++)
		each(NULL, vm->vcpus[i].notes, vm->config.event_count, forget);
	each(NULL, vm->notes, vm->config.event_count, forget);
	each(NULL, vm->line_notes, vm->config.line_count, forget);
}
