/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making the SDEI of a VM: what the kernel must offer, what the vcpus have, and
 * a dispatcher with a PE for each of them.
 */
#include "internal.h"

#include "arm64.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SPI 32
#define LAST_SPI  1019

static unsigned field(uint64_t value, unsigned shift)
{
	return value >> shift & 0xf;
}

static void *copy(const void *from, size_t count, size_t size)
{
	void *to = calloc(count ? count : 1, size);

	if (to && count)
		memcpy(to, from, count * size);
	return to;
}

static int vm_attribute(struct sdei_kvm *vm, unsigned long request,
			const struct smccc_filter *filter)
{
	struct kvm_device_attr attr = {
		.group = ARM_VM_SMCCC_CTRL,
		.attr = ARM_VM_SMCCC_FILTER,
		.addr = (uintptr_t)filter,
	};

	return vm->system->ioctl(vm->system->context, vm->config.vm_fd, request,
				 &attr);
}

static const char *filter(struct sdei_kvm *vm)
{
	static const struct smccc_filter filters[] = {
		{ SDEI_FID_FIRST,
		  SDEI_FID_LAST - SDEI_FID_FIRST + 1,
		  SMCCC_FILTER_TO_USER,
		  { 0 } },
		{ PSCI_CPU_OFF, 1, SMCCC_FILTER_TO_USER, { 0 } },
	};

	if (vm_attribute(vm, KVM_HAS_DEVICE_ATTR, NULL))
		return "this kernel cannot pass a guest's calls on to user space (KVM_ARM_VM_SMCCC_FILTER): SDEI for guests needs Linux 6.4 or later";
	for (unsigned i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		if (!vm_attribute(vm, KVM_SET_DEVICE_ATTR, &filters[i]))
			continue;
		if (errno == EBUSY)
			return "a vcpu has run before the SMCCC filter was installed";
		if (errno == EEXIST)
			return "SDEI's calls, or CPU_OFF, are in another SMCCC filter of this VM";
		return "the kernel refuses the SMCCC filter";
	}
	return NULL;
}

static const char *add_lines(struct sdei_kvm *vm)
{
	const struct sdei_kvm_config *c = &vm->config;

	for (unsigned i = 0; i < c->line_count; i++) {
		uint32_t interrupt = c->lines[i].interrupt;

		if (interrupt < FIRST_SPI || interrupt > LAST_SPI)
			return "a line is not an SPI, 32 to 1019";
		if (kvm_line_find(vm, interrupt))
			return "a line is given twice";
		vm->lines[i].interrupt = interrupt;
		vm->lines[i].edge = c->lines[i].edge;
		if (interrupt >= vm->dispatcher_config.interrupt_count)
			vm->dispatcher_config.interrupt_count = interrupt + 1;
	}
	return NULL;
}

/* What a handler's PSTATE depends on (5.2.1), from the guest's ID registers. */
static uint32_t features(struct vcpu *v)
{
	uint64_t pfr0 = kvm_read(v, SYSTEM_PFR0),
		 pfr1 = kvm_read(v, SYSTEM_PFR1);
	uint64_t mmfr1 = kvm_read(v, SYSTEM_MMFR1);
	uint64_t dfr1 = kvm_read(v, SYSTEM_DFR1);

	return (field(mmfr1, 20) ? SDEI_FEAT_PAN : 0) |
	       (field(pfr0, 48) ? SDEI_FEAT_DIT : 0) |
	       (field(pfr1, 4) ? SDEI_FEAT_SSBS : 0) |
	       (field(pfr1, 8) >= 2 ? SDEI_FEAT_MTE2 : 0) |
	       (field(pfr1, 36) ? SDEI_FEAT_NMI : 0) |
	       (field(pfr1, 44) ? SDEI_FEAT_GCS : 0) |
	       (field(dfr1, 48) ? SDEI_FEAT_EBEP : 0);
}

static const char *add_vcpus(struct sdei_kvm *vm)
{
	for (unsigned i = 0; i < vm->config.vcpu_count; i++) {
		struct vcpu *v = &vm->vcpus[i];

		v->vm = vm;
		v->index = i;
		v->fd = vm->config.vcpus[i].fd;
		v->run = vm->config.vcpus[i].run;
		v->affinity = kvm_read(v, SYSTEM_MPIDR) & SDEI_AFFINITY_MASK;
		v->notes = calloc(NOTE_WORDS(vm->config.event_count), 8);
		if (!v->notes)
			return "no memory";
		if (i == 0)
			vm->dispatcher_config.features = features(v);
		if (v->error)
			return "a vcpu's registers cannot be read: was it initialised?";
		v->counts.register_ioctls = 0;
	}
	return NULL;
}

static const char *make_dispatcher(struct sdei_kvm *vm)
{
	const struct sdei_kvm_config *c = &vm->config;
	struct sdei_config *d = &vm->dispatcher_config;
	const char *why = "no memory";
	void *memory;

	for (unsigned i = 0; i < c->event_count; i++) {
		vm->events[i].watched = true;
		vm->events[i].interrupt = 0;
	}
	d->events = vm->events;
	d->event_count = c->event_count;
	d->private_slots = c->private_slots;
	d->shared_slots = c->shared_slots;
	d->slots_watched = true;
	d->pe_count = c->vcpu_count;
	d->client_el = 1;
	d->version_minor = c->version_minor;
	d->vendor_version = c->vendor_version;
	d->ops = &kvm_ops;
	d->context = vm;
	vm->dispatcher_size = sdei_dispatcher_size(d);
	memory = aligned_alloc(16, (vm->dispatcher_size + 16) & ~(size_t)15);
	if (!memory)
		return why;
	vm->dispatcher = sdei_dispatcher_init(memory, vm->dispatcher_size, d,
					      &why);
	if (!vm->dispatcher)
		free(memory);
	return vm->dispatcher ? NULL : why;
}

static const char *allocate(struct sdei_kvm *vm)
{
	const struct sdei_kvm_config *c = &vm->config;

	vm->events = copy(c->events, c->event_count, sizeof(*vm->events));
	vm->vcpus = calloc(c->vcpu_count, sizeof(*vm->vcpus));
	vm->notes = calloc(NOTE_WORDS(c->event_count), 8);
	vm->line_notes = calloc(NOTE_WORDS(c->line_count) + 1, 8);
	vm->lines = calloc(c->line_count + 1, sizeof(*vm->lines));
	if (!vm->events || !vm->vcpus || !vm->notes || !vm->line_notes ||
	    !vm->lines)
		return "no memory";
	return NULL;
}

static const char *make(struct sdei_kvm *vm)
{
	const struct sdei_kvm_config *c = &vm->config;
	const char *why;

	if (c->vcpu_count < 1 || c->vcpu_count > 4096)
		return "there are 1 to 4096 vcpus";
	if (c->event_count < 1 || c->event_count > 8192)
		return "there are 1 to 8192 events";
	if ((why = allocate(vm)) || (why = add_lines(vm)) ||
	    (why = add_vcpus(vm)) || (why = make_dispatcher(vm)))
		return why;
	if (!kvm_signal_prepare(c->signal))
		return "the signal cannot be handled";
	return filter(vm);
}

struct sdei_kvm *sdei_kvm_create(const struct sdei_kvm_config *config,
				 const char **why)
{
	struct sdei_kvm *vm = calloc(1, sizeof(*vm));
	const char *wrong = "no memory";

	if (vm) {
		vm->config = *config;
		vm->system = config->system ? config->system : &kvm_system;
		pthread_mutex_init(&vm->line_lock, NULL);
		pthread_mutex_init(&vm->stop_lock, NULL);
		pthread_rwlock_init(&vm->running, NULL);
		wrong = make(vm);
	}
	if (why)
		*why = wrong;
	if (!wrong) {
		/* Copied: the caller's need not stay. */
		vm->config.vcpus = NULL;
		vm->config.events = NULL;
		vm->config.lines = NULL;
		return vm;
	}
	sdei_kvm_destroy(vm);
	return NULL;
}

void sdei_kvm_destroy(struct sdei_kvm *vm)
{
	if (!vm)
		return;
	for (unsigned i = 0; vm->vcpus && i < vm->config.vcpu_count; i++)
		free(vm->vcpus[i].notes);
	pthread_mutex_destroy(&vm->line_lock);
	pthread_mutex_destroy(&vm->stop_lock);
	pthread_rwlock_destroy(&vm->running);
	free(vm->dispatcher);
	free(vm->events);
	free(vm->vcpus);
	free(vm->notes);
	free(vm->line_notes);
	free(vm->lines);
	free(vm);
}
