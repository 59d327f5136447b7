/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * KVM's interface on arm64, as far as the library uses it, in its own words:
 * the headers of Debian 12 predate the SMCCC filter, and on another machine,
 * where the unit tests run, they tell of another architecture.
 */
#ifndef KVM_ARM64_H
#define KVM_ARM64_H

#include <linux/kvm.h>

/* SMCCC filter (Documentation/virt/kvm/devices/vm.rst). */
#define ARM_VM_SMCCC_CTRL    0 /* group */
#define ARM_VM_SMCCC_FILTER  0 /* attribute */
#define SMCCC_FILTER_TO_USER 2 /* action */

struct smccc_filter {
	__u32 base;
	__u32 functions;
	__u8 action;
	__u8 padding[15];
};

/* Register identifiers (Documentation/virt/kvm/api.rst, 4.68). */
#define ARM64_REGISTER UINT64_C(0x6030000000000000) /* 64 bits */
#define CORE(word)     (ARM64_REGISTER | 0x100000 | (word))
#define CORE_X(n)      CORE(2 * (n))
#define CORE_PC        CORE(64)
#define CORE_PSTATE    CORE(66)
#define CORE_ELR_EL1   CORE(70)
#define CORE_SPSR_EL1  CORE(72)
#define SYSTEM(op0, op1, crn, crm, op2) \
	(ARM64_REGISTER | 0x130000 | (op0) << 14 | (op1) << 11 | (crn) << 7 | \
	 (crm) << 3 | (op2))
#define SYSTEM_MIDR      SYSTEM(3, 0, 0, 0, 0)
#define SYSTEM_MPIDR     SYSTEM(3, 0, 0, 0, 5)
#define SYSTEM_PFR0      SYSTEM(3, 0, 0, 4, 0)
#define SYSTEM_PFR1      SYSTEM(3, 0, 0, 4, 1)
#define SYSTEM_DFR1      SYSTEM(3, 0, 0, 5, 1)
#define SYSTEM_MMFR1     SYSTEM(3, 0, 0, 7, 1)
#define SYSTEM_SCTLR_EL1 SYSTEM(3, 0, 1, 0, 0)
#define SYSTEM_TTBR1_EL1 SYSTEM(3, 0, 2, 0, 1)
#define SYSTEM_VBAR_EL1  SYSTEM(3, 0, 12, 0, 0)
#define SYSTEM_GCSCR_EL1 SYSTEM(3, 0, 2, 5, 0)

#define PSTATE_AARCH32    (1u << 4)
#define PSTATE_EL1H       5
#define PSTATE_IRQ_MASKED (1u << 7)
#define PSTATE_EL(pstate) ((pstate) >> 2 & 3) /* of AArch64 */

/* KVM_SET_VCPU_EVENTS (4.31): this architecture's struct kvm_vcpu_events. */
struct arm_vcpu_events {
	__u8 serror_pending, serror_has_esr, ext_dabt_pending, padding[5];
	__u64 serror_esr;
	__u32 reserved[12];
};
_Static_assert(sizeof(struct arm_vcpu_events) == 64, "fixed by Linux");

/*
 * An external abort that the host's firmware did not claim, as an exit (7.3 has
 * it): what is in struct kvm_run's union then. `gpa` counts with the flag only.
 */
#define CAP_ARM_SEA_TO_USER 245
#define EXIT_ARM_SEA        41
#define ARM_SEA_GPA_VALID   (UINT64_C(1) << 0)

struct arm_sea {
	__u64 flags, esr, gva, gpa;
};

/* KVM_IRQ_LINE: what kind of interrupt. */
#define IRQ_LINE_SPI (1u << 24)

/*
 * KVM_GET_DEVICE_ATTR of the GIC: its distributor's registers; a redistributor's,
 * by the affinity, 8 bits a level, in [63:32] (arm-vgic-v3.rst).
 */
#define VGIC_DISTRIBUTOR    1
#define VGIC_REDISTRIBUTOR  5
#define VGIC_AFFINITY_SHIFT 32

/* PSCI (Arm DEN0022): the only one of its calls that concerns SDEI here. */
#define PSCI_CPU_OFF 0x84000002

#endif
