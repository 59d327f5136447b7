/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vcpu's state: every register that KVM lists, whatever it is, so that a newer
 * kernel's registers are saved, too; what is pending; whether it is on. And the
 * counters, which all vcpus share.
 *
 * Registers that a VMM cannot change (ID registers, a version) are written like
 * the others: KVM takes the value that is there, and refuses another.
 */
#include "state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define REGISTERS_MAX 1024
/* U128, the vector registers, is the largest: SVE is not offered. */
#define SIZE_FIELD(id) ((id) >> KVM_REG_SIZE_SHIFT & 0xf)
#define SIZE_MOST      (KVM_REG_SIZE_U128 >> KVM_REG_SIZE_SHIFT)

union value {
	uint64_t word[2];
	uint8_t bytes[16];
};

static int access(struct vmm *vmm, unsigned i, unsigned long request,
		  uint64_t id, union value *value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)value };

	return ioctl(vmm->vcpus[i].fd, request, &reg);
}

/* Time goes on while it is written: clock_set() does that, once. */
static bool is_clock(uint64_t id)
{
	return id == KVM_REG_ARM_TIMER_CNT || id == KVM_REG_ARM_PTIMER_CNT;
}

static struct kvm_reg_list *list_registers(struct vmm *vmm, unsigned i)
{
	struct kvm_reg_list *list =
		calloc(1, sizeof(*list) + REGISTERS_MAX * sizeof(uint64_t));

	if (!list)
		return NULL;
	list->n = REGISTERS_MAX;
	if (ioctl(vmm->vcpus[i].fd, KVM_GET_REG_LIST, list)) {
		free(list);
		return NULL;
	}
	return list;
}

static void registers_put(struct vmm *vmm, unsigned i, struct state *s)
{
	struct kvm_reg_list *list = list_registers(vmm, i);

	if (!list) {
		state_fail(s, "the registers of vcpu %u are not known: %s", i,
			   strerror(errno));
		return;
	}
	state_put(s, list->n);
	for (unsigned n = 0; n < list->n; n++) {
		union value value = { 0 };
		uint64_t id = list->reg[n];

		if (SIZE_FIELD(id) > SIZE_MOST ||
		    access(vmm, i, KVM_GET_ONE_REG, id, &value))
			state_fail(s,
				   "register 0x%llx of vcpu %u cannot be read",
				   (unsigned long long)id, i);
		state_put(s, id);
		state_put(s, value.word[0]);
		state_put(s, value.word[1]);
	}
	free(list);
}

static void register_set(struct vmm *vmm, unsigned i, uint64_t id,
			 union value value, struct state *s)
{
	union value has = { 0 };

	if (SIZE_FIELD(id) > SIZE_MOST) {
		state_fail(s,
			   "register 0x%llx of vcpu %u is larger than 128 bits",
			   (unsigned long long)id, i);
		return;
	}
	if (!access(vmm, i, KVM_SET_ONE_REG, id, &value))
		return;
	if (access(vmm, i, KVM_GET_ONE_REG, id, &has))
		state_fail(s, "vcpu %u has no register 0x%llx here", i,
			   (unsigned long long)id);
	else if (memcmp(&has, &value, sizeof(has)))
		state_fail(
			s,
			"register 0x%llx of vcpu %u is 0x%llx, and here it can only be 0x%llx",
			(unsigned long long)id, i,
			(unsigned long long)value.word[0],
			(unsigned long long)has.word[0]);
}

static void registers_get(struct vmm *vmm, unsigned i, struct state *s)
{
	uint64_t count = state_get_upto(s, REGISTERS_MAX, "a vcpu's registers");

	for (uint64_t n = 0; n < count && !s->why[0]; n++) {
		uint64_t id = state_get(s);
		union value value;

		value.word[0] = state_get(s);
		value.word[1] = state_get(s);
		if (!is_clock(id))
			register_set(vmm, i, id, value, s);
	}
}

void vcpu_put(struct vmm *vmm, unsigned i, struct state *s)
{
	struct kvm_mp_state power;
	struct kvm_vcpu_events events;

	registers_put(vmm, i, s);
	if (ioctl(vmm->vcpus[i].fd, KVM_GET_MP_STATE, &power) ||
	    ioctl(vmm->vcpus[i].fd, KVM_GET_VCPU_EVENTS, &events)) {
		state_fail(s, "vcpu %u: %s", i, strerror(errno));
		return;
	}
	state_put(s, power.mp_state);
	state_put(s, events.exception.serror_pending);
	state_put(s, events.exception.serror_has_esr);
	state_put(s, events.exception.serror_esr);
}

void vcpu_get(struct vmm *vmm, unsigned i, struct state *s)
{
	struct kvm_mp_state power;
	struct kvm_vcpu_events events = { 0 };

	registers_get(vmm, i, s);
	power.mp_state = (uint32_t)state_get_upto(s, UINT32_MAX,
						  "a power state");
	events.exception.serror_pending =
		(uint8_t)state_get_upto(s, 1, "a pending SError");
	events.exception.serror_has_esr =
		(uint8_t)state_get_upto(s, 1, "an SError's syndrome");
	events.exception.serror_esr = state_get(s);
	if (s->why[0])
		return;
	if (ioctl(vmm->vcpus[i].fd, KVM_SET_MP_STATE, &power))
		state_fail(s, "vcpu %u: power state %u: %s", i, power.mp_state,
			   strerror(errno));
	if (ioctl(vmm->vcpus[i].fd, KVM_SET_VCPU_EVENTS, &events))
		state_fail(s, "vcpu %u: its pending SError: %s", i,
			   strerror(errno));
}

static uint64_t counter(struct vmm *vmm, uint64_t id, struct state *s)
{
	union value value = { 0 };

	if (access(vmm, 0, KVM_GET_ONE_REG, id, &value))
		state_fail(s, "the counter cannot be read: %s",
			   strerror(errno));
	return value.word[0];
}

struct clock clock_read(struct vmm *vmm, struct state *s)
{
	return (struct clock){ counter(vmm, KVM_REG_ARM_TIMER_CNT, s),
			       counter(vmm, KVM_REG_ARM_PTIMER_CNT, s) };
}

static void set_counter(struct vmm *vmm, uint64_t id, uint64_t count,
			struct state *s)
{
	union value value = { .word = { count, 0 } };

	if (!s->why[0] && access(vmm, 0, KVM_SET_ONE_REG, id, &value))
		state_fail(s, "the counter cannot be set: %s", strerror(errno));
}

void clock_set(struct vmm *vmm, struct clock clock, struct state *s)
{
	set_counter(vmm, KVM_REG_ARM_TIMER_CNT, clock.virtual_count, s);
	set_counter(vmm, KVM_REG_ARM_PTIMER_CNT, clock.physical_count, s);
}
