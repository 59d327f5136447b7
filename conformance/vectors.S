/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions. Nothing is assumed of the stack or of any register, since a probe
 * may have had them: all is saved in the PE's own place, with TPIDR_EL0 as the
 * one scratch register.
 */
#include "macros.h"

	.macro	vector number
	.balign	0x80
	msr	tpidr_el0, x0
	this_pe	x0
	str	x1, [x0, #PE_EXCEPTION_SCRATCH]
	mov	x1, #\number
	b	common
	.endm

	.text
	.balign	0x800
	.globl	vectors
vectors:
	.irp	number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vector	\number
	.endr

	/* A branch instead of a BRK: ELR, SPSR and ESR are still the probe's. */
	.globl	probe_exit
	.balign	0x80
probe_exit:
	vector	VECTOR_LEFT

	/* Above VBAR, as an entry point in relative mode must be. */
	.globl	event_entry_relative
event_entry_relative:
	b	event_entry

common:
	str	x1, [x0, #PE_VECTOR]
	ldr	x1, [x0, #PE_EXCEPTION_SCRATCH]
	add	x0, x0, #PE_EXCEPTION
	save_registers tpidr_el0
	bl	save_rest
	this_pe	x19
	ldr	x1, [x19, #PE_EXCEPTION_TOP]
	mov	sp, x1
	mov	x0, x19
	bl	exception
	add	x1, x19, #PE_EXCEPTION
	ldr	x0, [x1, #STATE_PC]
	write_elc elr, x0, x2
	ldr	x0, [x1, #STATE_PSTATE]
	write_elc spsr, x0, x2
	ldr	x0, [x1, #STATE_SP]
	mov	sp, x0
	load_registers x1
	ldr	x3, [x1, #24]
	ldr	x2, [x1, #16]
	ldr	x0, [x1, #0]
	ldr	x1, [x1, #8]
	eret

	/*
	 * The rest of the struct state at x0, x0-x30 being saved. x1 and x2 are
	 * lost, the flags are not.
	 */
	.globl	save_rest
save_rest:
	mrs	x1, nzcv
	mrs	x2, daif
	orr	x1, x1, x2
	mrs	x2, CurrentEL
	orr	x1, x1, x2
	mrs	x2, spsel
	orr	x1, x1, x2
	str	x1, [x0, #STATE_PSTATE]
	msr	spsel, #1
	mov	x1, sp
	mrs	x2, sp_el0
	str	x1, [x0, #STATE_SP]
	str	x2, [x0, #STATE_SP_EL0]
	read_elc x1, elr
	read_elc x2, spsr
	stp	x1, x2, [x0, #STATE_ELR]
	read_elc x1, esr
	read_elc x2, far
	stp	x1, x2, [x0, #STATE_ESR]
	mrs	x1, CurrentEL
	tbz	x1, #3, 1f
	mrs	x1, sp_el1
	str	x1, [x0, #STATE_SP_EL1]
1:	mrs	x1, fpcr
	mrs	x2, fpsr
	stp	x1, x2, [x0, #STATE_FPCR]
	add	x1, x0, #STATE_V
	stp	q0, q1, [x1, #0]
	stp	q2, q3, [x1, #32]
	stp	q4, q5, [x1, #64]
	stp	q6, q7, [x1, #96]
	stp	q8, q9, [x1, #128]
	stp	q10, q11, [x1, #160]
	stp	q12, q13, [x1, #192]
	stp	q14, q15, [x1, #224]
	stp	q16, q17, [x1, #256]
	stp	q18, q19, [x1, #288]
	stp	q20, q21, [x1, #320]
	stp	q22, q23, [x1, #352]
	stp	q24, q25, [x1, #384]
	stp	q26, q27, [x1, #416]
	stp	q28, q29, [x1, #448]
	stp	q30, q31, [x1, #480]
	ret

	.section .note.GNU-stack, "", %progbits
