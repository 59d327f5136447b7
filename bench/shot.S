/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time stamps around calls and events: see shot.h. An interrupted passage has
 * nothing in x9: handler_resume leaves its last stamp there.
 */
#include "shot.h"

#include <sdei/abi.h>

#define UART_BASE	0x09000000
#define UART_IMSC	0x38

	.macro	load32 reg, value
	mov	\reg, #((\value) & 0xffff)
	movk	\reg, #((\value) >> 16), lsl #16
	.endm

	/* \reg instructions (0 to 31) and a fixed number. \tmp is lost. */
	.macro	delay reg, tmp
	adr	\tmp, .Lend_\@
	sub	\tmp, \tmp, \reg, lsl #2
	br	\tmp
	.rept	SHOT_PHASES - 1
	nop
	.endr
.Lend_\@:
	.endm

	/* \from may be x2. */
	.macro	load_arguments from
	ldp	x0, x1, [\from, #0]
	ldp	x4, x5, [\from, #32]
	ldp	x2, x3, [\from, #16]
	.endm

	.macro	save
	stp	x29, x30, [sp, #-64]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	str	x23, [sp, #48]
	.endm

	.macro	restore
	ldr	x23, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #64
	.endm


	.text
	.globl	shot_call
shot_call:
	save
	mov	x19, x0
	mov	w20, w1
	load_arguments x2
	mov	x9, #0
	delay	x20, x11
	mrs	x10, cntvct_el0
	CONDUIT	#0
	mrs	x11, cntvct_el0
	str	x10, [x19, #SHOT_START]
	cmp	x9, #0
	csel	x9, x9, x11, ne
	str	x9, [x19, #SHOT_BACK]
	restore
	ret

	.globl	shot_store
shot_store:
	save
	mov	x19, x0
	mov	w20, w1
	mov	x9, #0
	delay	x20, x11
	mrs	x10, cntvct_el0
	str	w3, [x2]
	mrs	x11, cntvct_el0
	str	x10, [x19, #SHOT_START]
	cmp	x9, #0
	csel	x9, x9, x11, ne
	str	x9, [x19, #SHOT_BACK]
	restore
	ret

	.macro	loop name, insn:vararg
	.globl	\name
\name:
	save
	mov	x19, x0
	mov	w1, w1
	mov	x20, #48
	madd	x20, x1, x20, x0
	mov	w21, w2
	mrs	x23, cntvct_el0
1:	mov	x22, x19
2:	load_arguments x22
	\insn
	add	x22, x22, #48
	cmp	x22, x20
	b.ne	2b
	subs	w21, w21, #1
	b.ne	1b
	mrs	x0, cntvct_el0
	sub	x0, x0, x23
	restore
	ret
	.endm

	loop	loop_calls, CONDUIT #0
	loop	loop_empty

	.globl	call
call:
	CONDUIT	#0
	ret

	/* x0-x17 are the interrupted context's and come back by themselves. */
	.macro	complete
	load32	w0, SDEI_FID_EVENT_COMPLETE
	mov	x1, #SDEI_HANDLED
	.endm

	.macro	leave
	mrs	x4, cntvct_el0
	str	x4, [x5, #SHOT_LEAVING]
	CONDUIT	#0
	b	.
	.endm

	.macro	enter name
	.globl	\name
	.balign	4
\name:
	mrs	x4, cntvct_el0
	mov	x5, x1
	.endm

	enter	handler
	str	x4, [x5, #SHOT_ENTERED]
	complete
	leave

	enter	handler_resume
	str	x4, [x5, #SHOT_ENTERED]
	load32	w0, SDEI_FID_EVENT_COMPLETE_RESUME
	adr	x1, resumed
	leave
resumed:
	mrs	x9, cntvct_el0
	eret

	.macro	context_handler name, insn:vararg
	enter	\name
	load32	w0, SDEI_FID_EVENT_CONTEXT
	mov	x1, #HANDLER_CONTEXT_REGISTER
	\insn
	mrs	x6, cntvct_el0
	stp	x4, x6, [x5, #SHOT_ENTERED]
	complete
	CONDUIT	#0
	b	.
	.endm

	context_handler handler_context, CONDUIT #0
	context_handler handler_no_context

	.globl	handler_bare
handler_bare:
	complete
	CONDUIT	#0
	b	.

	enter	handler_quiet
	str	x4, [x5, #SHOT_ENTERED]
	load32	w6, UART_BASE
	str	wzr, [x6, #UART_IMSC]
	complete
	leave

	.section .note.GNU-stack, "", %progbits
