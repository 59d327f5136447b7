/* SPDX-License-Identifier: BSD-2-Clause */
/* What a VMM is without SDEI: one vcpu, some memory, a console that prints. */
#include <linux/kvm.h>

struct machine {
	int vm, vcpu;
	struct kvm_run *run;
};

_Noreturn void die(const char *what, const char *why);

/* A vcpu at the first byte of that file, which has not run yet. */
void machine_make(struct machine *machine, const char *kernel);
/* The guest's access to a device: KVM_EXIT_MMIO. */
void machine_access(struct kvm_run *run);
