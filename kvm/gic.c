/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the guest's GIC knows: how an SPI is configured, which SGIs wait. KVM tells
 * that only while no vcpu is inside KVM_RUN (else EBUSY), so all are got out of it
 * first, and kept out. That happens when a guest binds an interrupt, or the VMM
 * asks, and costs nobody but this guest.
 */
#include "internal.h"

#include "arm64.h"

#include <errno.h>
#include <sched.h>

/* GICv3 distributor registers, a bit or two an interrupt. */
#define GICD_ISPENDR   0x0200
#define GICD_ISACTIVER 0x0300
#define GICD_ICFGR     0x0c00
#define GICR_SGI_FRAME 0x10000 /* the offsets above are its, too */
#define SGIS           UINT32_C(0xffff)

/* A vcpu that is out of KVM_RUN may still be asked for a register: then EBUSY. */
#define TRIES 100000

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

static bool read_register(const struct sdei_kvm *vm, uint32_t group,
			  uint64_t attribute, uint32_t *value)
{
	struct kvm_device_attr attr = {
		.group = group,
		.attr = attribute,
		.addr = (uintptr_t)value,
	};

	for (unsigned i = 0; i < TRIES; i++) {
		if (!vm->system->ioctl(vm->system->context, vm->config.gic_fd,
				       KVM_GET_DEVICE_ATTR, &attr))
			return true;
		if (errno != EBUSY)
			return false;
		sched_yield();
	}
	return false;
}

static bool read_distributor(const struct sdei_kvm *vm, uint32_t offset,
			     uint32_t *value)
{
	return read_register(vm, VGIC_DISTRIBUTOR, offset, value);
}

static bool read_redistributor(const struct vcpu *v, uint32_t offset,
			       uint32_t *value)
{
	/* Aff3 is in [39:32] of an affinity. */
	uint64_t affinity = (v->affinity & 0xffffff) |
			    (v->affinity >> 8 & 0xff000000);

	return read_register(v->vm, VGIC_REDISTRIBUTOR,
			     affinity << VGIC_AFFINITY_SHIFT |
				     (GICR_SGI_FRAME + offset),
			     value);
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

/* One that is off takes none, and what it was sent is forgotten. */
static bool read_sgis(struct vcpu *v, uint32_t *sgis)
{
	const struct sdei_kvm_system *s = v->vm->system;
	struct kvm_mp_state power;
	uint32_t pending, active;

	*sgis = 0;
	if (s->ioctl(s->context, v->fd, KVM_GET_MP_STATE, &power))
		return false;
	if (power.mp_state == KVM_MP_STATE_STOPPED)
		return true;
	if (!read_redistributor(v, GICD_ISPENDR, &pending) ||
	    !read_redistributor(v, GICD_ISACTIVER, &active))
		return false;
	*sgis = (pending | active) & SGIS;
	return true;
}

bool sdei_kvm_sgis(struct sdei_kvm *vm, uint32_t *sgis)
{
	bool known = vm->config.gic_fd >= 0;

	if (!known)
		return false;
	stop_vcpus(vm);
	for (unsigned i = 0; i < vm->config.vcpu_count && known; i++)
		known = read_sgis(&vm->vcpus[i], &sgis[i]);
	let_go(vm);
	return known;
}
