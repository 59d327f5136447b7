/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report of an exception that nobody expected. The PE stops; the others,
 * and the control line if it is theirs, go on. One in a report ends it: that PE
 * waits for the emergency stack, which it has.
 */
#include "layout.h"
#include "machine.h"

#include <sdei/context.h>

_Alignas(16) uint8_t emergency_stack[EMERGENCY_STACK];
uint32_t emergency_lock; /* 0: free */

volatile bool machine_probes;

void report_exception(const struct sdei_context *c, unsigned kind,
		      const uint64_t *x18_x29) __attribute__((noreturn));

static const char *class_name(unsigned class)
{
	switch (class) {
	case 0x00:
		return "unknown instruction";
	case 0x0e:
		return "illegal execution state";
	case 0x18:
		return "trapped system register";
	case 0x19:
		return "trapped SVE";
	case 0x07:
		return "trapped FP or SIMD";
	case 0x1d:
		return "trapped SME";
	case 0x20:
		return "instruction abort from a lower level";
	case 0x21:
		return "instruction abort";
	case 0x22:
		return "PC alignment";
	case 0x24:
		return "data abort from a lower level";
	case 0x25:
		return "data abort";
	case 0x26:
		return "SP alignment";
	case 0x2f:
		return "SError";
	default:
		return "see ESR";
	}
}

static unsigned mpidr_index(void)
{
	uint64_t mpidr;

	__asm__ volatile("mrs %0, mpidr_el1" : "=r"(mpidr));
	return ((mpidr >> 8 & 0xff) << PLAT_CLUSTER_SHIFT) + (mpidr & 0xff);
}

void report_exception(const struct sdei_context *c, unsigned kind,
		      const uint64_t *x18_x29)
{
	static const char *const kinds[] = { "synchronous exception", "IRQ",
					     "FIQ", "SError" };
	uint64_t esr, far;

	if (machine_probes)
		refuse("RAM ends before 0x%lx: give QEMU -m 1G",
		       (uint64_t)PLAT_KERNEL_BASE);
	__asm__ volatile("mrs %0, esr_el3\n"
			 "mrs %1, far_el3"
			 : "=r"(esr), "=r"(far));
	console_printf("\nopensdei: unexpected %s on PE %u, from EL%u: %s\n",
		       kinds[kind & 3], mpidr_index(),
		       (unsigned)(c->pstate >> 2 & 3),
		       class_name(esr >> 26 & 0x3f));
	console_printf(
		"  ELR  %016lx  SPSR %016lx\n  ESR  %016lx  FAR  %016lx\n",
		c->pc, c->pstate, esr, far);
	for (unsigned i = 0; i < 18; i += 2)
		console_printf("  x%02u  %016lx  x%02u  %016lx\n", i, c->x[i],
			       i + 1, c->x[i + 1]);
	for (unsigned i = 0; i < 12; i += 2)
		console_printf("  x%02u  %016lx  x%02u  %016lx\n", i + 18,
			       x18_x29[i], i + 19, x18_x29[i + 1]);
	console_printf("  x30  %016lx\nopensdei: this PE is stopped\n", c->lr);
	/* The last that needs a stack is done. */
	if ((uintptr_t)c - (uintptr_t)emergency_stack < EMERGENCY_STACK)
		__atomic_store_n(&emergency_lock, 0, __ATOMIC_RELEASE);
	for (;;)
		__asm__ volatile("wfi");
}
