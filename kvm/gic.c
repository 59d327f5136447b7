/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the guest has configured an SPI. KVM tells that only while no vcpu is
 * inside KVM_RUN (else EBUSY), so all are got out of it first, and kept out.
 * That happens when a guest binds an interrupt, and costs nobody but this guest.
 */
#include "internal.h"

#include "arm64.h"

/* GICv3 distributor registers, a bit or two an interrupt. */
#define GICD_ISPENDR	0x0200
#define GICD_ISACTIVER	0x0300
#define GICD_ICFGR	0x0c00

/* Announced before they are kicked: else one may be back before we wait. */
static void stop_vcpus(struct sdei_kvm *vm)
{
	pthread_mutex_lock(&vm->stop_lock);
	store(&vm->stopping, true);
	for (unsigned i = 0; i < vm->config.vcpu_count; i++)
		kvm_kick(&vm->vcpus[i]);
	pthread_rwlock_wrlock(&vm->running);
}

static void let_go(struct sdei_kvm *vm)
{
	store(&vm->stopping, false);
	pthread_rwlock_unlock(&vm->running);
	pthread_mutex_unlock(&vm->stop_lock);
}

static bool read_distributor(const struct sdei_kvm *vm, uint32_t offset,
			     uint32_t *value)
{
	struct kvm_device_attr attr = {
		.group = VGIC_DISTRIBUTOR,
		.attr = offset,
		.addr = (uintptr_t)value,
	};

	return !vm->system->ioctl(vm->system->context, vm->config.gic_fd,
				  KVM_GET_DEVICE_ATTR, &attr);
}

static int look(const struct sdei_kvm *vm, struct line *line)
{
	uint32_t bit = 1u << line->interrupt % 32;
	uint32_t word = line->interrupt / 32 * 4;
	uint32_t pending, active, trigger;

	if (!read_distributor(vm, GICD_ISPENDR + word, &pending) ||
	    !read_distributor(vm, GICD_ISACTIVER + word, &active) ||
	    !read_distributor(vm, GICD_ICFGR + line->interrupt / 16 * 4,
			      &trigger))
		return SDEI_DENIED;
	line->edge = trigger >> line->interrupt % 16 * 2 & 2;
	return (pending | active) & bit ? SDEI_DENIED : SDEI_SUCCESS;
}

int kvm_gic_check(struct sdei_kvm *vm, struct line *line)
{
	int result;

	if (vm->config.gic_fd < 0)
		return SDEI_SUCCESS;
	stop_vcpus(vm);
	result = look(vm, line);
	let_go(vm);
	return result;
}
