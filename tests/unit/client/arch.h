/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client's registers, on a host: variables that tests read and write. Stands
 * for lib/client/aarch64/arch.h.
 */
#ifndef CLIENT_ARCH_H
#define CLIENT_ARCH_H

#include <stdint.h>

struct arch {
	uint64_t elr, spsr, vbar, sp_el0, sp_el1, tpidr_el1, tpidr_el2, x18;
	unsigned pan;
	uint32_t mode;
};

extern struct arch arch;

static inline uint32_t arch_mode(void)
{
	return arch.mode;
}

#define ARCH_READ(name) \
	static inline uint64_t arch_##name(void) \
	{ \
		return arch.name; \
	}
ARCH_READ(elr)
ARCH_READ(vbar)
ARCH_READ(sp_el0)
ARCH_READ(sp_el1)

#define ARCH_SWAP(name) \
	static inline uint64_t arch_swap_##name(uint64_t value) \
	{ \
		uint64_t old = arch.name; \
		arch.name = value; \
		return old; \
	}
ARCH_SWAP(tpidr_el1)
ARCH_SWAP(tpidr_el2)
ARCH_SWAP(sp_el0)

static inline void arch_save_elr_spsr(uint64_t *elr, uint64_t *spsr)
{
	*elr = arch.elr;
	*spsr = arch.spsr;
}

static inline void arch_set_elr_spsr(uint64_t elr, uint64_t spsr)
{
	arch.elr = elr;
	arch.spsr = spsr;
}

static inline void arch_set_pan(void)
{
	arch.pan++;
}

static inline void arch_set_x18(uint64_t value)
{
	arch.x18 = value;
}

#endif
