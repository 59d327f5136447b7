/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way out when the host itself is wrong. It depends neither on TPIDR nor on
 * the stack that was in use: both may be a guest's, or what is broken.
 */
#include "host.h"

uint8_t panic_stacks[MAX_CPUS << PANIC_STACK_SHIFT]
	__attribute__((aligned(16)));

void NORETURN trap_panic(const struct frame *f, unsigned vector);
void NORETURN trap_stub(uint64_t vector, uint64_t esr, uint64_t elr,
			uint64_t far);

void panic(const char *format, ...)
{
	static bool already;
	va_list args;

	irq_off();
	while (__atomic_exchange_n(&already, true, __ATOMIC_ACQ_REL))
		wfi();
	print("Bail out! CPU %lu: ", read_sysreg(mpidr_el1) & 0xff);
	va_start(args, format);
	print_args(format, args);
	va_end(args);
	print("\n");
	machine_off();
}

void trap_panic(const struct frame *f, unsigned vector)
{
	panic("exception %u: ESR 0x%lx, ELR 0x%lx, SPSR 0x%lx, FAR 0x%lx, x0 0x%lx, x30 0x%lx",
	      vector, f->esr, f->pc, f->pstate, f->far, f->x[0], f->x[30]);
}

void trap_stub(uint64_t vector, uint64_t esr, uint64_t elr, uint64_t far)
{
	panic("exception %lu in the stub: ESR 0x%lx, ELR 0x%lx, FAR 0x%lx",
	      vector, esr, elr, far);
}
