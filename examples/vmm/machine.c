/* SPDX-License-Identifier: BSD-2-Clause */
/* Nothing here knows of SDEI. */
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
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

void die(const char *what, const char *why)
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

static void load_guest(struct machine *machine, const char *path)
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
	must(machine->vm, KVM_SET_USER_MEMORY_REGION, &region,
	     "guest's memory");
}

/* At EL1, everything masked, at the guest's first byte: KVM's reset does the rest. */
static void make_vcpu(struct machine *machine, int kvm)
{
	int size = must(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL, "size of a vcpu");
	uint64_t start = GUEST_BASE;
	struct kvm_one_reg pc = { CORE_REGISTER(regs.pc), (uintptr_t)&start };
	struct kvm_vcpu_init init;

	machine->vcpu = must(machine->vm, KVM_CREATE_VCPU, NULL,
			     "KVM_CREATE_VCPU");
	must(machine->vm, KVM_ARM_PREFERRED_TARGET, &init, "preferred target");
	init.features[0] = 1u << KVM_ARM_VCPU_PSCI_0_2;
	must(machine->vcpu, KVM_ARM_VCPU_INIT, &init, "KVM_ARM_VCPU_INIT");
	must(machine->vcpu, KVM_SET_ONE_REG, &pc, "PC");
	machine->run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
			    MAP_SHARED, machine->vcpu, 0);
	if (machine->run == MAP_FAILED)
		die("a vcpu's memory", strerror(errno));
}

void machine_access(struct kvm_run *run)
{
	if (run->mmio.phys_addr - UART_BASE >= 0x1000)
		die("the guest", "it touches what is not there");
	if (!run->mmio.is_write) /* UARTFR: there is room */
		memset(run->mmio.data, 0, sizeof(run->mmio.data));
	else if (run->mmio.phys_addr == UART_BASE) /* UARTDR */
		putchar(run->mmio.data[0]);
}

void machine_make(struct machine *machine, const char *kernel)
{
	int kvm = open("/dev/kvm", O_RDWR);

	if (kvm < 0)
		die("/dev/kvm", strerror(errno));
	machine->vm = must(kvm, KVM_CREATE_VM, NULL, "KVM_CREATE_VM");
	load_guest(machine, kernel);
	make_vcpu(machine, kvm);
}
