/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of the client's exception level (ELc), which is only known when
 * running. EL2's names mean EL2's registers with VHE and without.
 */
#ifndef CLIENT_ARCH_H
#define CLIENT_ARCH_H

#include <stdbool.h>
#include <stdint.h>

#define arch_read(name) \
	({ \
		uint64_t value_; \
		__asm__ volatile("mrs %0, " #name \
				 : "=r"(value_) \
				 : \
				 : "memory"); \
		value_; \
	})
#define arch_write(name, value) \
	__asm__ volatile("msr " #name ", %0" : : "r"(value) : "memory")

static inline bool arch_at_el2(void)
{
	return arch_read(CurrentEL) & 8;
}

/* PSTATE.M[4:0] of ELc with its own stack pointer. */
static inline uint32_t arch_mode(void)
{
	return arch_at_el2() ? 9 : 5;
}

static inline uint64_t arch_elr(void)
{
	return arch_at_el2() ? arch_read(elr_el2) : arch_read(elr_el1);
}

static inline void arch_save_elr_spsr(uint64_t *elr, uint64_t *spsr)
{
	if (arch_at_el2()) {
		*elr = arch_read(elr_el2);
		*spsr = arch_read(spsr_el2);
	} else {
		*elr = arch_read(elr_el1);
		*spsr = arch_read(spsr_el1);
	}
}

static inline uint64_t arch_vbar(void)
{
	return arch_at_el2() ? arch_read(vbar_el2) : arch_read(vbar_el1);
}

static inline void arch_set_elr_spsr(uint64_t elr, uint64_t spsr)
{
	if (arch_at_el2()) {
		arch_write(elr_el2, elr);
		arch_write(spsr_el2, spsr);
	} else {
		arch_write(elr_el1, elr);
		arch_write(spsr_el1, spsr);
	}
}

/* At EL2 only. */
static inline uint64_t arch_sp_el1(void)
{
	return arch_read(sp_el1);
}

static inline uint64_t arch_sp_el0(void)
{
	return arch_read(sp_el0);
}

#define ARCH_SWAP(name) \
	static inline uint64_t arch_swap_##name(uint64_t value) \
	{ \
		uint64_t old = arch_read(name); \
		arch_write(name, value); \
		return old; \
	}
ARCH_SWAP(tpidr_el1)
ARCH_SWAP(tpidr_el2)
ARCH_SWAP(sp_el0)

static inline void arch_set_pan(void)
{
	__asm__ volatile(".inst 0xd500419f" : : : "memory"); /* msr pan, #1 */
}

/* Nothing in C touches x18: it is the platform's. */
static inline void arch_set_x18(uint64_t value)
{
	__asm__ volatile("mov x18, %0" : : "r"(value));
}

#endif
