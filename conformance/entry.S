/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handler of every event. It saves what it finds before it changes
 * anything, so that C can judge it; its one scratch register is TPIDRRO_EL0.
 * It has a stack of its own for each depth: SP is what it is under test.
 */
#include "macros.h"

	.text
	/* The same with all of PSTATE: the BRK leaves it in SPSR. */
	.globl	event_entry_brk
event_entry_brk:
	brk	#BRK_ENTRY
	.globl	event_entry
event_entry:
	msr	tpidrro_el0, x0
	this_pe	x0
	str	x1, [x0, #PE_EVENT_SCRATCH]
	this_pe	x1
	ldr	x0, [x1, #PE_RECORD]
	ldr	x1, [x1, #PE_EVENT_SCRATCH]
	save_registers tpidrro_el0
	bl	save_rest
	mov	x20, x0
	this_pe	x19
	sub	x1, x20, #LEVEL_SIZE
	str	x1, [x19, #PE_RECORD]
	mov	sp, x20
	mov	x0, x19
	mov	x1, x20
	bl	event_arrived
	str	x20, [x19, #PE_RECORD]
	mov	x3, x20
	ldr	x2, [x3, #STATE_SP]
	mov	sp, x2
	load_high x3
	ldr	x0, [x3, #RECORD_FID]
	ldr	x1, [x3, #RECORD_ARGUMENT]
	/* Nothing of these may be seen again. */
	.irp	n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
	mvn	x\n, x0
	.endr
	conduit	w2, x2

	/* It came back: it was refused. */
	mov	x1, x0
	this_pe	x0
	ldr	x2, [x0, #PE_EXCEPTION_TOP]
	mov	sp, x2
	bl	event_not_completed

	.section .note.GNU-stack, "", %progbits
