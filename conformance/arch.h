/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System registers, bits of PSTATE, and what this CPU has. Features newer than
 * Armv8.0 are asked for in the ID registers and named by their encoding.
 */
#ifndef CONFORMANCE_ARCH_H
#define CONFORMANCE_ARCH_H

#include <stdbool.h>
#include <stdint.h>

struct pe;

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

/* A register of the client's exception level. */
#define read_client(name) \
	(client_el == 2 ? read_sysreg(name##_el2) : read_sysreg(name##_el1))
#define write_client(name, value) \
	do { \
		if (client_el == 2) \
			write_sysreg(name##_el2, value); \
		else \
			write_sysreg(name##_el1, value); \
		isb(); \
	} while (0)

/* PSTATE as SPSR shows it. */
#define P_SP_ELX  (UINT64_C(1) << 0)
#define P_EL(n)   ((uint64_t)(n) << 2)
#define P_AARCH32 (UINT64_C(1) << 4)
#define P_MODE    UINT64_C(0x1f)
#define P_F       (UINT64_C(1) << 6)
#define P_I       (UINT64_C(1) << 7)
#define P_A       (UINT64_C(1) << 8)
#define P_D       (UINT64_C(1) << 9)
#define P_DAIF    (UINT64_C(0xf) << 6)
#define P_BTYPE   (UINT64_C(3) << 10)
#define P_SSBS    (UINT64_C(1) << 12)
#define P_ALLINT  (UINT64_C(1) << 13)
#define P_IL      (UINT64_C(1) << 20)
#define P_SS      (UINT64_C(1) << 21)
#define P_PAN     (UINT64_C(1) << 22)
#define P_UAO     (UINT64_C(1) << 23)
#define P_DIT     (UINT64_C(1) << 24)
#define P_TCO     (UINT64_C(1) << 25)
#define P_NZCV    (UINT64_C(0xf) << 28)
/* AArch32: E, and where SSBS is there. */
#define P32_USER       UINT64_C(0x10)
#define P32_SUPERVISOR UINT64_C(0x13)
#define P32_GE         (UINT64_C(0xf) << 16)
#define P32_Q          (UINT64_C(1) << 27)
#define P32_SSBS       (UINT64_C(1) << 23)

#define SCTLR_SPAN  (UINT64_C(1) << 23)
#define SCTLR_DSSBS (UINT64_C(1) << 44)
#define HCR_RW      (UINT64_C(1) << 31)
#define HCR_TGE     (UINT64_C(1) << 27)

#define AFFINITY_MASK UINT64_C(0xff00ffffff)

struct features {
	bool pan, uao, dit, ssbs, mte2, nmi, bti, el0_32, el1_32;
};

extern unsigned client_el; /* 2 or 1 */
extern struct features features;

/* Generic timer: ticks, and microseconds into ticks. */
uint64_t now(void);
uint64_t microseconds(uint64_t us);
void delay(uint64_t us);

struct pe *this_pe(void);

#endif
