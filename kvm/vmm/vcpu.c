/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vcpus' threads: the run loop that every VMM has, with sdei_kvm_run() in
 * the place of KVM_RUN.
 */
#include "vmm.h"

#include "../arm64.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

struct runner {
	struct vmm *vmm;
	unsigned index;
};

static void set_register(struct vmm *vmm, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	if (ioctl(vmm->vcpus[0].fd, KVM_SET_ONE_REG, &reg))
		vmm_die("setting a register: %s", strerror(errno));
}

/* Returns false if the guest is over. */
static bool handle(struct vmm *vmm, unsigned i)
{
	struct kvm_run *run = vmm->vcpus[i].run;

	switch (run->exit_reason) {
	case KVM_EXIT_MMIO:
		devices_access(vmm, run->mmio.phys_addr, run->mmio.is_write,
			       run->mmio.data, run->mmio.len);
		return true;
	case EXIT_ARM_SEA:
		abort_taken(vmm, i, run);
		return true;
	case KVM_EXIT_SYSTEM_EVENT:
		vmm_end(vmm, run->system_event.type == KVM_SYSTEM_EVENT_RESET
				     ? GUEST_RESET
				     : 0);
		return false;
	default:
		fprintf(stderr, "sdei-vmm: a vcpu ended with exit reason %u\n",
			run->exit_reason);
		vmm_end(vmm, 1);
		return false;
	}
}

/*
 * Its last run took immediate_exit back. If that was halt()'s, what halt() was called
 * for is seen here; else the next run ends at once.
 */
static bool goes_on(const struct vmm *vmm)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(&vmm->ending, __ATOMIC_RELAXED) < 0 &&
	       !__atomic_load_n(&vmm->paused, __ATOMIC_RELAXED);
}

static void failed(struct vmm *vmm, unsigned i)
{
	fprintf(stderr, "sdei-vmm: vcpu %u cannot run: %s\n", i,
		strerror(errno));
	vmm_end(vmm, 1);
}

/*
 * A run that ends at once: it finishes what the last exit left undone, and an
 * event that was due is at its handler.
 */
void vcpu_settle(struct vmm *vmm, unsigned i)
{
	__atomic_store_n(&vmm->vcpus[i].run->immediate_exit, 1,
			 __ATOMIC_RELAXED);
	if (sdei_kvm_run(vmm->sdei, i) != -1 || errno != EINTR)
		failed(vmm, i);
}

static void *run_vcpu(void *argument)
{
	struct runner *runner = argument;
	struct vmm *vmm = runner->vmm;
	unsigned i = runner->index;
	uint64_t bad = 0;

	sdei_kvm_attach(vmm->sdei, i);
	poison_attach(&bad);
	live_attach(i);
	while (goes_on(vmm)) {
		vmm->vcpus[i].entered = false;
		if (!sdei_kvm_run(vmm->sdei, i)) {
			if (!handle(vmm, i))
				return NULL;
		} else if (errno != EINTR) {
			failed(vmm, i);
		} else if (bad) {
			abort_touched(vmm, i, bad, vmm->vcpus[i].entered);
			bad = 0;
		}
	}
	if (__atomic_load_n(&vmm->paused, __ATOMIC_RELAXED))
		vcpu_settle(vmm, i);
	return NULL;
}

void vcpus_start(struct vmm *vmm)
{
	static struct runner runners[VCPUS_MAX];

	vmm->paused = false;
	for (unsigned i = 0; i < vmm->options.vcpus; i++) {
		runners[i] = (struct runner){ vmm, i };
		if (pthread_create(&vmm->vcpus[i].thread, NULL, run_vcpu,
				   &runners[i]))
			vmm_die("no thread for vcpu %u", i);
	}
}

void vcpus_boot(struct vmm *vmm)
{
	set_register(vmm, CORE_PC, vmm->start);
	set_register(vmm, CORE_X(0), vmm->argument);
	vcpus_start(vmm);
}

/* Whoever runs must look at `paused` or `ending`, which is set. */
static void halt(struct vmm *vmm)
{
	/* See goes_on(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (unsigned i = 0; i < vmm->options.vcpus; i++) {
		__atomic_store_n(&vmm->vcpus[i].run->immediate_exit, 1,
				 __ATOMIC_RELAXED);
		pthread_kill(vmm->vcpus[i].thread, SIGUSR1);
	}
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		pthread_join(vmm->vcpus[i].thread, NULL);
}

void vcpus_pause(struct vmm *vmm)
{
	__atomic_store_n(&vmm->paused, true, __ATOMIC_RELAXED);
	halt(vmm);
}

void vcpus_stop(struct vmm *vmm)
{
	if (!vmm->paused)
		halt(vmm);
}

uint64_t vcpu_midr(const struct vmm *vmm)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = { .id = SYSTEM_MIDR,
				   .addr = (uintptr_t)&value };

	if (ioctl(vmm->vcpus[0].fd, KVM_GET_ONE_REG, &reg))
		vmm_die("MIDR_EL1: %s", strerror(errno));
	return value;
}

bool vcpu_in_handler(const struct vmm *vmm, unsigned i)
{
	struct sdei_report r;

	for (unsigned e = 0; sdei_kvm_query(vmm->sdei, i, e, &r); e++)
		if (r.info && r.status & SDEI_STATUS_RUNNING &&
		    (r.info->type == SDEI_TYPE_PRIVATE ||
		     r.running_on == (int)i))
			return true;
	return false;
}

struct sdei_kvm_counts vcpus_count(const struct vmm *vmm, unsigned i)
{
	struct sdei_kvm_counts c = sdei_kvm_count(vmm->sdei, i);
	const struct sdei_kvm_counts *e = &vmm->earlier[i];

	c.calls += e->calls;
	c.dispatches += e->dispatches;
	c.completions += e->completions;
	c.kicks += e->kicks;
	c.register_ioctls += e->register_ioctls;
	if (c.dispatch_most < e->dispatch_most)
		c.dispatch_most = e->dispatch_most;
	if (c.completion_most < e->completion_most)
		c.completion_most = e->completion_most;
	return c;
}
