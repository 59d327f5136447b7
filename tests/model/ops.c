/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine's side of the library's operations: they only take notes. */
#include "machine.h"

struct log happened;

static uint64_t op_read(void *context, unsigned pe,
			enum sdei_client_register reg)
{
	(void)context;
	return reg == SDEI_VBAR_ELC ? VBAR(pe) : 0;
}

static void op_resume(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	(void)context;
	(void)pe;
	happened.resumed++;
	happened.elr = elr;
	happened.spsr = spsr;
}

/* A PE that is off must not be woken (6.5.2.1). */
static void op_kick(void *context, unsigned target)
{
	(void)context;
	if (target >= machine.pes || !machine.model.pe[target].on)
		happened.wrong = true;
	else
		machine.owed[target] = true;
}

static int op_pe_of_affinity(void *context, uint64_t affinity)
{
	(void)context;
	return affinity >= AFFINITY(0) && affinity < AFFINITY(machine.pes)
		       ? (int)(affinity - AFFINITY(0))
		       : -1;
}

static int op_check(void *context, uint32_t interrupt)
{
	(void)context;
	if (interrupt < 16 || interrupt >= INTERRUPTS)
		happened.wrong = true;
	return interrupt == SPI_SECURE ? SDEI_INVALID_PARAMETERS
	       : interrupt == PPI_BUSY || interrupt == SPI_BUSY ? SDEI_DENIED
								: SDEI_SUCCESS;
}

static void note_once(uint64_t *interrupts, uint32_t interrupt)
{
	if (interrupt >= INTERRUPTS || *interrupts & (uint64_t)1 << interrupt)
		happened.wrong = true;
	else
		*interrupts |= (uint64_t)1 << interrupt;
}

static void op_take(void *context, unsigned pe, uint32_t interrupt)
{
	(void)context;
	(void)pe;
	note_once(&happened.taken, interrupt);
}

static void op_end(void *context, unsigned pe, uint32_t interrupt)
{
	(void)context;
	if (interrupt >= INTERRUPTS || happened.ends == 8 ||
	    happened.given & (uint64_t)1 << interrupt) {
		happened.wrong = true;
		return;
	}
	happened.end[happened.ends].pe = pe;
	happened.end[happened.ends++].interrupt = interrupt;
}

static void op_give(void *context, uint32_t interrupt)
{
	(void)context;
	note_once(&happened.given, interrupt);
}

static void op_entered(void *context, unsigned pe, uint32_t number,
		       const struct sdei_context *interrupted)
{
	(void)context;
	happened.entered++;
	happened.entered_on = pe;
	happened.entered_number = number;
	happened.interrupted = *interrupted;
}

static void op_completed(void *context, unsigned pe, uint32_t number,
			 enum sdei_ending how, uint32_t status)
{
	(void)context;
	if (happened.completed == 4) {
		happened.wrong = true;
		return;
	}
	happened.completion[happened.completed].pe = pe;
	happened.completion[happened.completed].number = number;
	happened.completion[happened.completed].how = how;
	happened.completion[happened.completed++].status = status;
}

const struct sdei_ops machine_ops = {
	.read = op_read,
	.resume = op_resume,
	.kick = op_kick,
	.pe_of_affinity = op_pe_of_affinity,
	.interrupt_check = op_check,
	.interrupt_take = op_take,
	.interrupt_end = op_end,
	.interrupt_give = op_give,
	.entered = op_entered,
	.completed = op_completed,
};
