/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest VMM that gives its guest SDEI: one vcpu, some memory, a console that
 * prints. The guest is examples/kernel. docs/kvm.md has the steps; what they add to a
 * VMM is in make_sdei() and run().
 */
#include <sdei/kvm.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define GUEST_BASE 0x60000000 /* where the guest is linked for, and begins */
#define GUEST_SIZE 0x00400000
#define UART_BASE  0x09000000 /* PL011, what a kernel needs of it to print */

#define CORE_REGISTER(field) \
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | \
	 offsetof(struct kvm_regs, field) / sizeof(uint32_t))

struct vmm {
	int vm, vcpu;
	struct kvm_run *run;
	struct sdei_kvm *sdei;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "vmm: %s: %s\n", what, why);
	exit(1);
}

/* ioctl(), which must not fail. */
static int must(int fd, unsigned long request, void *argument, const char *what)
{
	int result = ioctl(fd, request, argument);

	if (result < 0)
		die(what, strerror(errno));
	return result;
}

static void load_guest(struct vmm *vmm, const char *path)
{
	void *memory = mmap(NULL, GUEST_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = GUEST_BASE,
		.memory_size = GUEST_SIZE,
		.userspace_addr = (uintptr_t)memory,
	};
	int file = open(path, O_RDONLY);

	if (file < 0 || memory == MAP_FAILED ||
	    read(file, memory, GUEST_SIZE) <= 0)
		die(path, strerror(errno));
	close(file);
	must(vmm->vm, KVM_SET_USER_MEMORY_REGION, &region, "guest's memory");
}

/* At EL1, everything masked, at the guest's first byte: KVM's reset does the rest. */
static void make_vcpu(struct vmm *vmm, int kvm)
{
	int size = must(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL, "size of a vcpu");
	uint64_t start = GUEST_BASE;
	struct kvm_one_reg pc = { CORE_REGISTER(regs.pc), (uintptr_t)&start };
	struct kvm_vcpu_init init;

	vmm->vcpu = must(vmm->vm, KVM_CREATE_VCPU, NULL, "KVM_CREATE_VCPU");
	must(vmm->vm, KVM_ARM_PREFERRED_TARGET, &init, "preferred target");
	init.features[0] = 1u << KVM_ARM_VCPU_PSCI_0_2;
	must(vmm->vcpu, KVM_ARM_VCPU_INIT, &init, "KVM_ARM_VCPU_INIT");
	must(vmm->vcpu, KVM_SET_ONE_REG, &pc, "PC");
	vmm->run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED,
			vmm->vcpu, 0);
	if (vmm->run == MAP_FAILED)
		die("a vcpu's memory", strerror(errno));
}

/* Before the first KVM_RUN. Event 0 must be there; the other is ours to raise. */
static void make_sdei(struct vmm *vmm)
{
	static const struct sdei_event_info events[] = {
		{ .number = SDEI_EVENT_SIGNALLED, .signalable = true },
		{ .number = SDEI_EVENT_VENDOR + 1, .type = SDEI_TYPE_SHARED },
	};
	const struct sdei_kvm_vcpu vcpu = { vmm->vcpu, vmm->run };
	const struct sdei_kvm_config config = {
		.vm_fd = vmm->vm,
		.vcpus = &vcpu,
		.vcpu_count = 1,
		.events = events,
		.event_count = 2,
		.version_minor = 1,
		.gic_fd = -1, /* this guest has no interrupts */
		.signal = SIGUSR1,
	};
	const char *why;

	vmm->sdei = sdei_kvm_create(&config, &why);
	if (!vmm->sdei)
		die("no SDEI for the guest", why);
}

static void access_device(struct kvm_run *run)
{
	if (run->mmio.phys_addr - UART_BASE >= 0x1000)
		die("the guest", "it touches what is not there");
	if (!run->mmio.is_write) /* UARTFR: there is room */
		memset(run->mmio.data, 0, sizeof(run->mmio.data));
	else if (run->mmio.phys_addr == UART_BASE) /* UARTDR */
		putchar(run->mmio.data[0]);
}

/* The loop that every VMM has, in the vcpu's thread. SDEI's exits are not seen here. */
static void run(struct vmm *vmm)
{
	sdei_kvm_attach(vmm->sdei, 0);
	for (;;) {
		if (sdei_kvm_run(vmm->sdei, 0) < 0) { /* was: KVM_RUN */
			if (errno == EINTR)
				continue;
			die("KVM_RUN", strerror(errno));
		}
		switch (vmm->run->exit_reason) {
		case KVM_EXIT_MMIO:
			access_device(vmm->run);
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
	int kvm = open("/dev/kvm", O_RDWR);
	struct vmm vmm;

	if (argc != 2)
		die("usage", "vmm KERNEL.BIN");
	if (kvm < 0)
		die("/dev/kvm", strerror(errno));
	vmm.vm = must(kvm, KVM_CREATE_VM, NULL, "KVM_CREATE_VM");
	load_guest(&vmm, argv[1]);
	make_vcpu(&vmm, kvm);
	make_sdei(&vmm);
	run(&vmm);
	sdei_kvm_destroy(vmm.sdei);
	return 0;
}
