/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vcpu that touches bad memory. The news reach the guest as an error record, and
 * it gets time to act on them; if it does not, or cannot be told, its access
 * ends in a synchronous external abort, as it would on real memory. A guest that
 * touches bad memory to take that abort gets nowhere: then the VMM ends.
 *
 * The one thing to know: an abort belongs to the access that PC still points at.
 * If the run that it ended has also entered an event's handler, PC is there: the
 * access comes back behind the handler, and is judged then.
 */
#include "vmm.h"

#include "../arm64.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

/*
 * What a guest's kernel gets to unmap the page and to tell who owned it: so many
 * tries of the access, a pause between them, and its interrupts are taken at each.
 * On a busy host a try takes longer; so time is no measure.
 */
#define TRIES    2000
#define PAUSE_MS 1
/* News that are older when a vcpu first touches the page helped nothing. */
#define OLD_MS 2000
/*
 * Aborts in a row, each taken to a handler that has not come to its end. More
 * than 12, which a kernel needs that saves registers on a bad page of its stack.
 */
#define ABORTS_MAX 64

static bool get(struct vmm *vmm, unsigned i, uint64_t id, uint64_t *value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)value };

	return !ioctl(vmm->vcpus[i].fd, KVM_GET_ONE_REG, &reg);
}

/* `address` 0: it is not known. */
static void end(struct vmm *vmm, unsigned i, uint64_t address, const char *why)
{
	char where[32] = "somewhere";

	if (address)
		snprintf(where, sizeof(where), "at 0x%llx",
			 (unsigned long long)address);
	fprintf(stderr,
		"sdei-vmm: the guest cannot go on: memory %s, which vcpu %u needs, went bad, and %s\n",
		where, i, why);
	vmm_end(vmm, 1);
}

/* Is there somebody to take the event that tells of it? */
static bool may_hear(struct vmm *vmm, unsigned i)
{
	const unsigned listening = SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED;
	struct sdei_report r;

	if (vcpu_in_handler(vmm, i) ||
	    !sdei_kvm_query(vmm->sdei, i, EVENT_MEMORY_UNCORRECTED, &r) ||
	    (r.status & listening) != listening)
		return false;
	for (unsigned v = 0; v < vmm->options.vcpus; v++)
		if (!sdei_kvm_masked(vmm->sdei, v))
			return true;
	return false;
}

/* Has the vcpu another try? */
static bool may_try(struct aborts *a, uint64_t page, uint32_t ago)
{
	if (a->page != page) {
		a->page = page;
		a->tries = ago > OLD_MS ? TRIES : 0;
	}
	return a->tries < TRIES && ++a->tries;
}

/*
 * An abort that is taken while ELR_EL1 still has where the one before was taken,
 * and the vcpu is at EL1, interrupts a handler of aborts before its end.
 */
static bool gets_nowhere(struct vmm *vmm, unsigned i)
{
	struct aborts *a = &vmm->vcpus[i].aborts;
	uint64_t pc = 0, pstate = 0, elr = 0;

	if (!get(vmm, i, CORE_PC, &pc) || !get(vmm, i, CORE_PSTATE, &pstate) ||
	    !get(vmm, i, CORE_ELR_EL1, &elr))
		return true;
	if (a->row && !(pstate & PSTATE_AARCH32) && PSTATE_EL(pstate) == 1 &&
	    elr == a->pc)
		a->row++;
	else
		a->row = 1;
	a->pc = pc;
	return a->row > ABORTS_MAX;
}

/* It may have been switched off meanwhile: then it accesses nothing. */
static bool is_on(struct vmm *vmm, unsigned i)
{
	struct kvm_mp_state power;

	return !ioctl(vmm->vcpus[i].fd, KVM_GET_MP_STATE, &power) &&
	       power.mp_state != KVM_MP_STATE_STOPPED;
}

/*
 * Linux 6.12 takes the abort at the next KVM_RUN, 7.3 at once. A run that ends
 * at once makes them the same: nothing stays half done.
 */
static void inject(struct vmm *vmm, unsigned i, uint64_t address)
{
	struct arm_vcpu_events events = { .ext_dabt_pending = 1 };

	if (!is_on(vmm, i))
		return;
	if (gets_nowhere(vmm, i)) {
		end(vmm, i, address, "its handler of aborts needs it, too");
		return;
	}
	if (ioctl(vmm->vcpus[i].fd, KVM_SET_VCPU_EVENTS, &events)) {
		end(vmm, i, address, "this kernel gives it no abort for that");
		return;
	}
	trace_add("abort", vmm_events[EVENT_MEMORY_UNCORRECTED].number, i,
		  address);
	vcpu_settle(vmm, i);
}

void abort_touched(struct vmm *vmm, unsigned i, uint64_t address, bool entered)
{
	struct aborts *aborts = &vmm->vcpus[i].aborts;
	uint32_t ago;

	switch (poison_tell(vmm, address, &ago)) {
	case POISON_RENEWED:
		aborts->page = 0;
		return;
	case POISON_TOLD:
		if (entered)
			return;
		if (may_hear(vmm, i) &&
		    may_try(aborts, address & ~UINT64_C(0xfff), ago)) {
			poll(NULL, 0, PAUSE_MS);
			return;
		}
		break;
	case POISON_UNTOLD:
		if (entered)
			return;
		break;
	}
	inject(vmm, i, address);
}

void abort_taken(struct vmm *vmm, unsigned i, const struct kvm_run *run)
{
	struct arm_sea sea;
	uint32_t ago;

	memcpy(&sea, &run->mmio, sizeof(sea));
	if (!(sea.flags & ARM_SEA_GPA_VALID) ||
	    !vmm_memory(vmm, sea.gpa & ~UINT64_C(0xfff), 0x1000))
		sea.gpa = 0;
	if (!sea.gpa || poison_tell(vmm, sea.gpa, &ago) != POISON_RENEWED)
		inject(vmm, i, sea.gpa);
}

void abort_start(struct vmm *vmm)
{
	struct kvm_enable_cap cap = { .cap = CAP_ARM_SEA_TO_USER };

	/* Without it KVM makes an SError of what firmware did not claim. */
	if (ioctl(vmm->vm, KVM_CHECK_EXTENSION, CAP_ARM_SEA_TO_USER) > 0 &&
	    ioctl(vmm->vm, KVM_ENABLE_CAP, &cap))
		vmm_die("KVM_CAP_ARM_SEA_TO_USER: %s", strerror(errno));
}
