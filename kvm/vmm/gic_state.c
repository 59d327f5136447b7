/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The GICv3's state: a fixed list of registers, so that a file names none
 * (Documentation/virt/kvm/devices/arm-vgic-v3.rst).
 *
 * The list's order is that of writing. The distributor is enabled first: what
 * becomes pending while it is not, KVM delivers never, not even once it is. Then the
 * trigger before what is pending, the lines before the latches, an interrupt's enable
 * behind all else about it. A GIC that was just made has nothing enabled, pending or
 * active but its SGIs enabled, so only those have to be taken back first. For user
 * space ISPENDR is the latch alone, and writing it sets and clears.
 */
#include "state.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#define SPI_FIRST 32

/* Registers at `offset`, `stride` bytes apart. */
struct range {
	uint32_t group, offset, count, stride;
};

#define DIST   KVM_DEV_ARM_VGIC_GRP_DIST_REGS
#define REDIST KVM_DEV_ARM_VGIC_GRP_REDIST_REGS
#define SYSREG KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS
#define LEVEL  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO
/* Those of the SPIs, of a register with `bits` for each interrupt. */
/* clang-format off */
#define SPIS(base, bits) \
	{ DIST, (base) + SPI_FIRST * (bits) / 8, \
	  (IRQ_COUNT - SPI_FIRST) * (bits) / 32, 4 }
#define PRIVATE(base, bits) { REDIST, 0x10000 + (base), (bits), 4 }

enum { GICD_CTLR = 0x0, GICD_IIDR = 0x8, IGROUPR = 0x80, ISENABLER = 0x100,
       ICENABLER = 0x180, ISPENDR = 0x200, ISACTIVER = 0x300,
       IPRIORITYR = 0x400, ICFGR = 0xc00, IROUTER = 0x6000 };
/* clang-format on */

static const struct range shared[] = {
	{ DIST, GICD_IIDR, 1, 4 },
	{ DIST, GICD_CTLR, 1, 4 },
	SPIS(IGROUPR, 1),
	SPIS(ICFGR, 2),
	SPIS(IPRIORITYR, 8),
	{ DIST, IROUTER + 8 * SPI_FIRST, (IRQ_COUNT - SPI_FIRST) * 2, 4 },
	{ LEVEL, SPI_FIRST, (IRQ_COUNT - SPI_FIRST) / 32, 32 },
	SPIS(ISPENDR, 1),
	SPIS(ISACTIVER, 1),
	SPIS(ISENABLER, 1),
};

/* clang-format off */
static const struct range private[] = {
	PRIVATE(IGROUPR, 1),
	PRIVATE(ICFGR, 2),
	PRIVATE(IPRIORITYR, 8),
	{ LEVEL, 0, 1, 32 },
	PRIVATE(ISPENDR, 1),
	PRIVATE(ISACTIVER, 1),
	PRIVATE(ISENABLER, 1),
};
/* clang-format on */

/* ICC_*_EL1, by CRn, CRm and op2; op0 and op1 are 3 and 0. */
#define ICC(crn, crm, op2) (3u << 14 | (crn) << 7 | (crm) << 3 | (op2))
static const struct range interface[] = {
	{ SYSREG, ICC(12, 12, 5), 1, 1 }, /* SRE */
	{ SYSREG, ICC(12, 12, 4), 1, 1 }, /* CTLR: before BPR1 */
	{ SYSREG, ICC(4, 6, 0), 1, 1 },   /* PMR */
	{ SYSREG, ICC(12, 8, 3), 1, 1 },  /* BPR0 */
	{ SYSREG, ICC(12, 12, 3), 1, 1 }, /* BPR1 */
	{ SYSREG, ICC(12, 8, 4), 4, 1 },  /* AP0R0 to AP0R3 */
	{ SYSREG, ICC(12, 9, 0), 4, 1 },  /* AP1R0 to AP1R3 */
	{ SYSREG, ICC(12, 12, 6), 2, 1 }, /* IGRPEN0, IGRPEN1 */
};

/* A vcpu's registers are addressed by its affinity, which is its number. */
static uint64_t attribute(unsigned vcpu, const struct range *r, uint32_t offset)
{
	const uint64_t info = (uint64_t)VGIC_LEVEL_INFO_LINE_LEVEL
			      << KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT;

	return (uint64_t)vcpu << KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT | offset |
	       (r->group == LEVEL ? info : 0);
}

static int access(struct vmm *vmm, unsigned long request, unsigned vcpu,
		  const struct range *r, uint32_t offset, uint64_t *value)
{
	uint32_t half = (uint32_t)*value;
	struct kvm_device_attr attr = {
		.group = r->group,
		.attr = attribute(vcpu, r, offset),
		.addr = (uintptr_t)(r->group == SYSREG ? (void *)value : &half),
	};
	int result = ioctl(vmm->gic, request, &attr);

	if (r->group != SYSREG)
		*value = half;
	return result;
}

/* AP registers that there are only with more priorities than there may be. */
static bool is_optional(const struct range *r, uint32_t n)
{
	return r->group == SYSREG && r->count == 4 && n > 0;
}

static void range_put(struct vmm *vmm, unsigned vcpu, const struct range *r,
		      struct state *s)
{
	for (uint32_t n = 0; n < r->count; n++) {
		uint64_t value = 0;
		uint32_t offset = r->offset + n * r->stride;

		if (access(vmm, KVM_GET_DEVICE_ATTR, vcpu, r, offset, &value)) {
			value = 0;
			if (!is_optional(r, n))
				state_fail(
					s,
					"the GIC's register %u:0x%x cannot be read: %s",
					r->group, offset, strerror(errno));
		}
		state_put(s, value);
	}
}

static void range_get(struct vmm *vmm, unsigned vcpu, const struct range *r,
		      struct state *s)
{
	for (uint32_t n = 0; n < r->count; n++) {
		uint64_t value = state_get(s);
		uint32_t offset = r->offset + n * r->stride;

		if (s->why[0] || (!value && is_optional(r, n)))
			continue;
		if (access(vmm, KVM_SET_DEVICE_ATTR, vcpu, r, offset, &value))
			state_fail(
				s,
				"the GIC's register %u:0x%x cannot be 0x%llx here: %s",
				r->group, offset, (unsigned long long)value,
				strerror(errno));
	}
}

typedef void handle_range(struct vmm *vmm, unsigned vcpu, const struct range *r,
			  struct state *s);

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void each(struct vmm *vmm, struct state *s, handle_range *handle)
{
	for (unsigned i = 0; i < COUNT(shared); i++)
		handle(vmm, 0, &shared[i], s);
	for (unsigned v = 0; v < vmm->options.vcpus; v++) {
		for (unsigned i = 0; i < COUNT(private); i++)
			handle(vmm, v, &private[i], s);
		for (unsigned i = 0; i < COUNT(interface); i++)
			handle(vmm, v, &interface[i], s);
	}
}

void gic_put(struct vmm *vmm, struct state *s)
{
	each(vmm, s, range_put);
}

void gic_get(struct vmm *vmm, struct state *s)
{
	static const struct range disable = PRIVATE(ICENABLER, 1);
	uint64_t all = UINT32_MAX;

	for (unsigned v = 0; v < vmm->options.vcpus; v++)
		if (access(vmm, KVM_SET_DEVICE_ATTR, v, &disable,
			   disable.offset, &all))
			state_fail(s, "the GIC: %s", strerror(errno));
	each(vmm, s, range_get);
}
