/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions of the host's own exception level and of its processes, and the
 * system calls.
 */
#include "host.h"

void trap_kernel_sync(struct frame *f);
void trap_kernel_irq(struct frame *f);
void trap_user_sync(struct frame *f);
void trap_user_irq(struct frame *f);

static void serve_interrupt(void)
{
	struct cpu *cpu = this_cpu();
	unsigned intid = gic_acknowledge();

	cpu->irqs++;
	switch (intid) {
	case SGI_CALL:
		gic_end(intid);
		serve_call(cpu);
		break;
	case SGI_WAKE:
		gic_end(intid);
		break;
	case IRQ_TICK:
		cpu->ticks++;
		tick_again();
		cpu->need_resched = true;
		gic_end(intid);
		break;
	default:
		/* An event's handler is done, and nothing else was there. */
		if (intid < 1020)
			panic("interrupt %u", intid);
		cpu->spurious++;
	}
}

/*
 * The host itself has faulted. A test may have said where to go on; what comes
 * in a handler goes on there, too, and the client reports it.
 */
void trap_kernel_sync(struct frame *f)
{
	struct cpu *cpu = this_cpu();

	if (!cpu->fixup)
		panic("exception of the host's: ESR 0x%lx, ELR 0x%lx, SPSR 0x%lx, FAR 0x%lx, x0 0x%lx, x30 0x%lx, SP 0x%lx",
		      f->esr, f->pc, f->pstate, f->far, f->x[0], f->x[30],
		      f->sp);
	cpu->fault = *f;
	f->pc = cpu->fixup;
	cpu->fixup = 0;
}

void trap_kernel_irq(struct frame *f)
{
	(void)f;
	serve_interrupt();
}

void trap_user_irq(struct frame *f)
{
	serve_interrupt();
	user_exit(f);
}

static void sigreturn(struct frame *f)
{
	struct thread *self = this_cpu()->current;

	*f = self->interrupted;
	self->in_signal = false;
}

static void syscall(struct frame *f, unsigned number)
{
	struct thread *self = this_cpu()->current;

	switch (number) {
	case SYS_EXIT:
		thread_exit(f->x[0]);
		break;
	case SYS_SIGNAL:
		self->signal_handler = f->x[0];
		break;
	case SYS_SIGRETURN:
		sigreturn(f);
		break;
	case SYS_RUN:
		f->x[0] = guest_run(self->vcpu);
		break;
	case SYS_LOOK:
		self->looked = *f;
		break;
	default:
		panic("system call %u", number);
	}
}

void trap_user_sync(struct frame *f)
{
	if (ESR_CLASS(f->esr) != CLASS_SVC && ESR_CLASS(f->esr) != CLASS_SVC_32)
		panic("exception of a process: ESR 0x%lx, ELR 0x%lx, FAR 0x%lx",
		      f->esr, f->pc, f->far);
	irq_on();
	syscall(f, f->esr & 0xffff);
	irq_off();
	user_exit(f);
}
