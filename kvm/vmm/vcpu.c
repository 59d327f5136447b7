/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vcpus' threads: the run loop that every VMM has, with sdei_kvm_run() in
 * the place of KVM_RUN.
 */
#include "vmm.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

/* Registers by KVM_SET_ONE_REG, of struct kvm_regs. */
#define CORE_X0	UINT64_C(0x6030000000100000)
#define CORE_PC	UINT64_C(0x6030000000100040)

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
static bool handle(struct vmm *vmm, struct kvm_run *run)
{
	switch (run->exit_reason) {
	case KVM_EXIT_MMIO:
		devices_access(vmm, run->mmio.phys_addr, run->mmio.is_write,
			       run->mmio.data, run->mmio.len);
		return true;
	case KVM_EXIT_SYSTEM_EVENT:
		vmm_end(vmm, run->system_event.type ==
					     KVM_SYSTEM_EVENT_RESET
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

static void *run_vcpu(void *argument)
{
	struct runner *runner = argument;
	struct vmm *vmm = runner->vmm;
	struct kvm_run *run = vmm->vcpus[runner->index].run;

	sdei_kvm_attach(vmm->sdei, runner->index);
	while (__atomic_load_n(&vmm->ending, __ATOMIC_ACQUIRE) < 0) {
		if (!sdei_kvm_run(vmm->sdei, runner->index)) {
			if (!handle(vmm, run))
				break;
		} else if (errno != EINTR) {
			fprintf(stderr, "sdei-vmm: vcpu %u cannot run: %s\n",
				runner->index, strerror(errno));
			vmm_end(vmm, 1);
		}
	}
	return NULL;
}

void vcpus_start(struct vmm *vmm)
{
	static struct runner runners[VCPUS_MAX];

	set_register(vmm, CORE_PC, vmm->start);
	set_register(vmm, CORE_X0, vmm->argument);
	for (unsigned i = 0; i < vmm->options.vcpus; i++) {
		runners[i] = (struct runner){ vmm, i };
		if (pthread_create(&vmm->vcpus[i].thread, NULL, run_vcpu,
				   &runners[i]))
			vmm_die("no thread for vcpu %u", i);
	}
}

/* vmm->ending is set: whoever runs must look at it. */
void vcpus_stop(struct vmm *vmm)
{
	for (unsigned i = 0; i < vmm->options.vcpus; i++) {
		vmm->vcpus[i].run->immediate_exit = 1;
		pthread_kill(vmm->vcpus[i].thread, SIGUSR1);
	}
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		pthread_join(vmm->vcpus[i].thread, NULL);
}
