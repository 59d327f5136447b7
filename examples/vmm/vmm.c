/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest VMM that gives its guest SDEI: what SDEI adds to machine.c. The guest is
 * examples/kernel. docs/kvm.md has the steps.
 */
#include "machine.h"

#include <sdei/kvm.h>

#include <errno.h>
#include <signal.h>
#include <string.h>

/* Before the first KVM_RUN. Event 0 must be there; it is all that this guest knows. */
static struct sdei_kvm *make_sdei(const struct machine *machine)
{
	static const struct sdei_event_info events[] = {
		{ .number = SDEI_EVENT_SIGNALLED, .signalable = true },
	};
	const struct sdei_kvm_vcpu vcpu = { machine->vcpu, machine->run };
	const struct sdei_kvm_config config = {
		.vm_fd = machine->vm,
		.vcpus = &vcpu,
		.vcpu_count = 1,
		.events = events,
		.event_count = 1,
		.version_minor = 1,
		.gic_fd = -1, /* this guest has no interrupts */
		.signal = SIGUSR1,
	};
	const char *why;
	struct sdei_kvm *sdei = sdei_kvm_create(&config, &why);

	if (!sdei)
		die("no SDEI for the guest", why);
	return sdei;
}

/* The loop that every VMM has, in the vcpu's thread. SDEI's exits are not seen here. */
static void run(struct sdei_kvm *sdei, struct kvm_run *run)
{
	sdei_kvm_attach(sdei, 0);
	for (;;) {
		if (sdei_kvm_run(sdei, 0) < 0) { /* was: KVM_RUN */
			if (errno == EINTR)
				continue;
			die("KVM_RUN", strerror(errno));
		}
		switch (run->exit_reason) {
		case KVM_EXIT_MMIO:
			machine_access(run);
			break;
		case KVM_EXIT_SYSTEM_EVENT: /* PSCI: SYSTEM_OFF */
			return;
		default:
			die("the guest", "an exit that nobody serves");
		}
	}
}

int main(int argc, char **argv)
{
	struct machine machine;
	struct sdei_kvm *sdei;

	if (argc != 2)
		die("usage", "vmm KERNEL.BIN");
	machine_make(&machine, argv[1]);
	sdei = make_sdei(&machine);
	run(sdei, machine.run);
	sdei_kvm_destroy(sdei);
	return 0;
}
