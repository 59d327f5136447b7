/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probes: code whose every register is chosen and which waits to be
 * interrupted. It waits in a branch to itself, so the interrupted PC is known;
 * it goes on when that branch has been replaced. At the client's own exception
 * level it first gives ELR and SPSR other values than its own PC and PSTATE; at
 * a lower one, the compare makes PSTATE differ from the SPSR it was started by.
 *
 * The code between probe_code and probe_code_end is copied to PROBE_BASE.
 */
#include "macros.h"

	.text
	/* Everything of the struct state at x0 but x0-x30, SP and ELR, SPSR. */
	.macro	load_special
	add	x1, x0, #STATE_V
	ldp	q0, q1, [x1, #0]
	ldp	q2, q3, [x1, #32]
	ldp	q4, q5, [x1, #64]
	ldp	q6, q7, [x1, #96]
	ldp	q8, q9, [x1, #128]
	ldp	q10, q11, [x1, #160]
	ldp	q12, q13, [x1, #192]
	ldp	q14, q15, [x1, #224]
	ldp	q16, q17, [x1, #256]
	ldp	q18, q19, [x1, #288]
	ldp	q20, q21, [x1, #320]
	ldp	q22, q23, [x1, #352]
	ldp	q24, q25, [x1, #384]
	ldp	q26, q27, [x1, #416]
	ldp	q28, q29, [x1, #448]
	ldp	q30, q31, [x1, #480]
	ldp	x1, x2, [x0, #STATE_FPCR]
	msr	fpcr, x1
	msr	fpsr, x2
	ldp	x1, x2, [x0, #STATE_ESR]
	write_elc esr, x1, x3
	write_elc far, x2, x3
	ldp	x1, x2, [x0, #STATE_SP_EL0]
	msr	sp_el0, x1
	mrs	x3, CurrentEL
	tbz	x3, #3, .Lel1_\@
	msr	sp_el1, x2
.Lel1_\@:
	ldp	x1, x2, [x0, #STATE_PC]
	write_elc elr, x1, x3
	write_elc spsr, x2, x3
	.endm

	/* noreturn void launch_lower(const struct state *) */
	.globl	launch_lower
launch_lower:
	load_special
	load_registers x0
	ldr	x3, [x0, #24]
	ldr	x2, [x0, #16]
	ldr	x1, [x0, #8]
	ldr	x0, [x0, #0]
	eret

	/* noreturn void launch_client(const struct state *) */
	.globl	launch_client
launch_client:
	load_special
	ldr	x1, [x0, #STATE_SP]
	mov	sp, x1
	mov	x2, x0
	load_registers x2
	eret

	.macro	load_client el
	ldp	x0, x1, [x2, #STATE_ELR]
	msr	elr_\el, x0
	msr	spsr_\el, x1
	ldp	x0, x1, [x2, #0]
	ldp	x2, x3, [x2, #16]
	.endm

	.balign	64
	.globl	probe_code, probe_code_end
probe_code:
	.globl	probe_el2, probe_el2_wait
probe_el2:
	load_client el2
probe_el2_wait:
	b	.

	.globl	probe_el2_smc, probe_el2_smc_wait
probe_el2_smc:
	load_client el2
	smc	#0
probe_el2_smc_wait:
	b	.

	.globl	probe_el1, probe_el1_wait
probe_el1:
	load_client el1
probe_el1_wait:
	b	.

	.globl	probe_el1_smc, probe_el1_smc_wait
probe_el1_smc:
	load_client el1
	smc	#0
probe_el1_smc_wait:
	b	.

	.globl	probe_el1_hvc, probe_el1_hvc_wait
probe_el1_hvc:
	load_client el1
	hvc	#0
probe_el1_hvc_wait:
	b	.

	.globl	probe_lower, probe_lower_wait
probe_lower:
	cmp	xzr, xzr
probe_lower_wait:
	b	.

	.globl	probe_lower_smc, probe_lower_smc_wait
probe_lower_smc:
	smc	#0
probe_lower_smc_wait:
	b	.

	/* A32: cmp r0, r0; b . */
	.globl	probe_lower32, probe_lower32_wait
probe_lower32:
	.inst	0xe1500000
probe_lower32_wait:
	.inst	0xeafffffe

	/* Where COMPLETE_AND_RESUME may resume: PSTATE goes into SPSR. */
	.globl	probe_resumed
probe_resumed:
	brk	#BRK_LEAVE
probe_code_end:

	.section .note.GNU-stack, "", %progbits
