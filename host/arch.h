/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System registers and bits of PSTATE. A host at EL2 has HCR_EL2.E2H set, where
 * the names of EL1's registers mean EL2's own; so one set of names serves both
 * builds, and only TPIDR, which is not renamed, differs.
 */
#ifndef HOST_ARCH_H
#define HOST_ARCH_H

#define P_EL0    0x0
#define P_EL0_32 0x10
#define P_EL1H   0x5
#define P_EL2H   0x9
#define P_MODE   0xf
#define P_DAIF   (0xf << 6)
#define P_NZCV   0xf0000000

#define HCR_VM          (1 << 0)
#define HCR_FMO_IMO_AMO (7 << 3)
#define HCR_DC          (1 << 12)
#define HCR_TSC         (1 << 19)
#define HCR_TGE         0x08000000
#define HCR_RW          0x80000000
#define HCR_E2H         0x400000000

#define ESR_CLASS(esr) ((esr) >> 26 & 0x3f)
#define CLASS_SVC_32   0x11
#define CLASS_SVC      0x15
#define CLASS_HVC      0x16
#define CLASS_MSR      0x18

#if HOST_VHE
#define HOST_EL          2
#define P_HOST           P_EL2H
#define TPIDR_HOST       tpidr_el2
#define EVENT_TIMER_CTL  S3_5_C14_C3_1 /* CNTV_CTL_EL02 */
#define EVENT_TIMER_CVAL S3_5_C14_C3_2
#else
#define HOST_EL          1
#define P_HOST           P_EL1H
#define TPIDR_HOST       tpidr_el1
#define EVENT_TIMER_CTL  cntv_ctl_el0
#define EVENT_TIMER_CVAL cntv_cval_el0
#endif

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT(x)       TEXT_AS_IS(x)
#define TEXT_AS_IS(x) #x

#define read_sysreg(name) \
	({ \
		uint64_t value_; \
		__asm__ volatile("mrs %0, " TEXT(name) \
				 : "=r"(value_) \
				 : \
				 : "memory"); \
		value_; \
	})
#define write_sysreg(name, value) \
	__asm__ volatile("msr " TEXT(name) ", %0" \
			 : \
			 : "r"((uint64_t)(value)) \
			 : "memory")
#define isb() __asm__ volatile("isb" : : : "memory")
#define dsb() __asm__ volatile("dsb sy" : : : "memory")
#define wfi() __asm__ volatile("dsb sy; wfi" : : : "memory")

#define load(variable) __atomic_load_n(&(variable), __ATOMIC_ACQUIRE)
#define store(variable, value) \
	__atomic_store_n(&(variable), value, __ATOMIC_RELEASE)

static inline void irq_on(void)
{
	__asm__ volatile("msr daifclr, #2" : : : "memory");
}

static inline void irq_off(void)
{
	__asm__ volatile("msr daifset, #2" : : : "memory");
}

/* Mask interrupts; what irq_restore() takes back. */
static inline uint64_t irq_save(void)
{
	uint64_t daif = read_sysreg(daif);

	irq_off();
	return daif;
}

static inline void irq_restore(uint64_t daif)
{
	write_sysreg(daif, daif);
}

static inline uint64_t now(void)
{
	isb();
	return read_sysreg(cntpct_el0);
}

static inline uint64_t microseconds(uint64_t us)
{
	return us * (read_sysreg(cntfrq_el0) / 1000) / 1000;
}
#endif

#endif
