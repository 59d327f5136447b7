/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine as KVM makes it: memory, vcpus, a GICv3, and SDEI on top.
 */
#include "vmm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define BOUND_SLOTS 2 /* of each type: what 6.3 asks for */

static int must(int result, const char *what)
{
	if (result < 0)
		vmm_die("%s: %s", what, strerror(errno));
	return result;
}

static void make_memory(struct vmm *vmm)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = RAM_BASE,
		.memory_size = vmm->options.memory,
	};

	vmm->ram = mmap(NULL, vmm->options.memory, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (vmm->ram == MAP_FAILED)
		vmm_die("no %llu MiB of memory for the guest: %s",
			(unsigned long long)(vmm->options.memory / MIB),
			strerror(errno));
	region.userspace_addr = (uintptr_t)vmm->ram;
	must(ioctl(vmm->vm, KVM_SET_USER_MEMORY_REGION, &region),
	     "KVM_SET_USER_MEMORY_REGION");
}

/* The first is on, the others wait for CPU_ON. */
static void init_vcpu(struct vmm *vmm, unsigned i)
{
	struct kvm_vcpu_init init;

	must(ioctl(vmm->vm, KVM_ARM_PREFERRED_TARGET, &init),
	     "KVM_ARM_PREFERRED_TARGET");
	init.features[0] = 1u << KVM_ARM_VCPU_PSCI_0_2 |
			   (i ? 1u << KVM_ARM_VCPU_POWER_OFF : 0);
	must(ioctl(vmm->vcpus[i].fd, KVM_ARM_VCPU_INIT, &init),
	     "KVM_ARM_VCPU_INIT");
}

static void make_vcpu(struct vmm *vmm, unsigned i)
{
	int size = must(ioctl(vmm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0),
			"KVM_GET_VCPU_MMAP_SIZE");

	vmm->vcpus[i].fd = must(ioctl(vmm->vm, KVM_CREATE_VCPU, i),
				"KVM_CREATE_VCPU");
	init_vcpu(vmm, i);
	vmm->vcpus[i].run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
				 MAP_SHARED, vmm->vcpus[i].fd, 0);
	if (vmm->vcpus[i].run == MAP_FAILED)
		vmm_die("mapping a vcpu: %s", strerror(errno));
}

static void set_gic(struct vmm *vmm, uint32_t group, uint64_t attribute,
		    const void *value)
{
	struct kvm_device_attr attr = {
		.group = group,
		.attr = attribute,
		.addr = (uintptr_t)value,
	};

	must(ioctl(vmm->gic, KVM_SET_DEVICE_ATTR, &attr), "the guest's GICv3");
}

static void make_gic(struct vmm *vmm)
{
	const uint64_t distributor = GICD_BASE;
	/* [63:52] how many, [11:0] which region. */
	const uint64_t redistributors = (uint64_t)vmm->options.vcpus << 52 |
					GICR_BASE;
	const uint32_t interrupts = IRQ_COUNT;
	struct kvm_create_device device = {
		.type = KVM_DEV_TYPE_ARM_VGIC_V3,
	};

	must(ioctl(vmm->vm, KVM_CREATE_DEVICE, &device),
	     "this machine has no GICv3 for guests");
	vmm->gic = (int)device.fd;
	set_gic(vmm, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST,
		&distributor);
	set_gic(vmm, KVM_DEV_ARM_VGIC_GRP_ADDR,
		KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &redistributors);
	set_gic(vmm, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &interrupts);
	set_gic(vmm, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT,
		NULL);
}

static void entered(void *context, unsigned vcpu, uint32_t number)
{
	struct vmm *vmm = context;

	vmm->vcpus[vcpu].entered = true;
	trace_add("enter", number, vcpu, 0);
	for (unsigned i = 0; i < SOURCES; i++)
		if (vmm_events[i].number == number)
			records_entered(i, vcpu);
}

static void completed(void *context, unsigned vcpu, uint32_t number,
		      enum sdei_ending how, uint32_t status)
{
	(void)context, (void)status;
	trace_add(how == SDEI_COMPLETED ? "complete"
		  : how == SDEI_RESUMED ? "resume"
					: "off",
		  number, vcpu, 0);
	live_note(TRACE_COMPLETED, number, how, 0, 0);
	for (unsigned i = 0; i < SOURCES; i++)
		if (vmm_events[i].number == number)
			records_completed(i, vcpu);
}

static void make_sdei(struct vmm *vmm)
{
	static const struct sdei_kvm_line lines[] = {
		{ .interrupt = IRQ_UART },
		{ .interrupt = IRQ_RTC },
	};
	struct sdei_kvm_vcpu vcpus[VCPUS_MAX];
	struct sdei_kvm_config config = {
		.vm_fd = vmm->vm,
		.vcpus = vcpus,
		.vcpu_count = vmm->options.vcpus,
		.events = vmm_events,
		.event_count = EVENTS,
		.private_slots = BOUND_SLOTS,
		.shared_slots = BOUND_SLOTS,
		.version_minor = 1,
		.lines = lines,
		.line_count = sizeof(lines) / sizeof(*lines),
		.gic_fd = vmm->gic,
		.signal = SIGUSR1,
		.entered = entered,
		.completed = completed,
		.context = vmm,
		.watch = live_watch,
	};
	const char *why;

	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		vcpus[i] = (struct sdei_kvm_vcpu){ vmm->vcpus[i].fd,
						   vmm->vcpus[i].run };
	vmm->sdei = sdei_kvm_create(&config, &why);
	if (!vmm->sdei)
		vmm_die("no SDEI for the guest: %s", why);
}

void machine_make(struct vmm *vmm)
{
	vmm->kvm = must(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
	vmm->vm = must(ioctl(vmm->kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
	make_memory(vmm);
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		make_vcpu(vmm, i);
	make_gic(vmm);
	abort_start(vmm);
	make_sdei(vmm);
}

/*
 * No vcpu runs. KVM has no reset for the GIC: the guest finds it as it left it,
 * as a kernel that is started by kexec does.
 */
void machine_reset(struct vmm *vmm)
{
	sdei_kvm_reset(vmm->sdei);
	devices_reset(vmm);
	tables_reset();
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		init_vcpu(vmm, i);
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		vmm->vcpus[i].aborts = (struct aborts){ 0 };
	/* All zero again, and the host's memory free. */
	must(madvise(vmm->ram, vmm->options.memory, MADV_DONTNEED),
	     "the guest's memory");
	poison_reset(vmm);
}
