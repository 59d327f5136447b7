/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions at the client's exception level: the end of a probe, the
 * watchdog, and those that nobody wanted, which are told in full.
 */
#include "arch.h"
#include "check.h"
#include "probe.h"

void exception(struct pe *pe);

#define CLASS(esr)   ((esr) >> 26 & 0x3f)
#define CLASS_BKPT32 0x38
#define CLASS_BRK    0x3c

/* Leave the exception into `to`, which then has returned `value`. */
static void go(struct pe *pe, struct context *to, uint64_t value)
{
	struct state *s = &pe->exception;

	s->x[0] = (uint64_t)to;
	s->x[1] = value;
	s->pc = (uint64_t)context_load;
	s->pstate = P_EL(client_el) | P_SP_ELX | P_DAIF;
}

static void unexpected(struct pe *pe)
{
	static const char *const kinds[] = { "synchronous", "IRQ", "FIQ",
					     "SError" };
	const struct state *s = &pe->exception;
	struct context *to = check_context();

	fail("%s exception on PE %u: ESR 0x%lx, ELR 0x%lx, SPSR 0x%lx, FAR 0x%lx, SP 0x%lx, x30 0x%lx, handler depth %u",
	     kinds[pe->vector & 3], pe->index, s->esr, s->elr, s->spsr, s->far,
	     s->sp, s->x[30], pe->level);
	if (!to)
		bail_out("unexpected exception on PE %u", pe->index);
	go(pe, to, 1); /* A handler is ended after the check. */
}

static void interrupt(struct pe *pe)
{
	unsigned intid = irq_take();

	if (intid != timer_intid())
		return;
	timer_stop();
	if (pe->index != 0 || !check_context())
		return;
	check_hung();
	if (pe->level)
		bail_out("a handler hangs on PE 0");
	go(pe, check_context(), 1);
}

void exception(struct pe *pe)
{
	struct state *s = &pe->exception;
	uint64_t class = CLASS(s->esr), comment = s->esr & 0xffff;
	bool brk = pe->vector % 4 == VECTOR_SYNC &&
		   (class == CLASS_BRK || class == CLASS_BKPT32);

	if (pe->in_exception)
		bail_out(
			"exception within an exception on PE %u: ESR 0x%lx, ELR 0x%lx",
			pe->index, s->esr, s->elr);
	pe->in_exception = true;
	if (pe->vector != VECTOR_LEFT) {
		s->pc = s->elr;
		s->pstate = s->spsr;
	}
	if (pe->vector == VECTOR_LEFT || (brk && comment == BRK_LEAVE)) {
		probe_left(s);
		go(pe, &pe->back, 1);
	} else if (brk && comment == BRK_ENTRY) {
		pe->entry_spsr = s->spsr;
		s->pc += 4;
	} else if (pe->vector % 4 == VECTOR_IRQ) {
		interrupt(pe);
	} else {
		unexpected(pe);
	}
	pe->in_exception = false;
}
