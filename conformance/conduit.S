/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls into the dispatcher, and returning twice. x18 is nobody's: the C code
 * leaves it alone, so a call can use it.
 */
#include "macros.h"

	.text
	/* void conduit_call(uint64_t x[18]) */
	.globl	conduit_call
conduit_call:
	stp	x29, x30, [sp, #-32]!
	str	x0, [sp, #16]
	mov	x30, x0
	ldp	x0, x1, [x30, #0]
	ldp	x2, x3, [x30, #16]
	ldp	x4, x5, [x30, #32]
	ldp	x6, x7, [x30, #48]
	ldp	x8, x9, [x30, #64]
	ldp	x10, x11, [x30, #80]
	ldp	x12, x13, [x30, #96]
	ldp	x14, x15, [x30, #112]
	ldp	x16, x17, [x30, #128]
	conduit	w18, x18
	ldr	x30, [sp, #16]
	stp	x0, x1, [x30, #0]
	stp	x2, x3, [x30, #16]
	stp	x4, x5, [x30, #32]
	stp	x6, x7, [x30, #48]
	stp	x8, x9, [x30, #64]
	stp	x10, x11, [x30, #80]
	stp	x12, x13, [x30, #96]
	stp	x14, x15, [x30, #112]
	stp	x16, x17, [x30, #128]
	ldp	x29, x30, [sp], #32
	ret

	/* uint64_t context_save(struct context *) */
	.globl	context_save
context_save:
	mov	x1, sp
	stp	x19, x20, [x0, #0]
	stp	x21, x22, [x0, #16]
	stp	x23, x24, [x0, #32]
	stp	x25, x26, [x0, #48]
	stp	x27, x28, [x0, #64]
	stp	x29, x30, [x0, #80]
	str	x1, [x0, #96]
	mov	x0, #0
	ret

	/* noreturn void context_load(struct context *, uint64_t value) */
	.globl	context_load
context_load:
	ldp	x19, x20, [x0, #0]
	ldp	x21, x22, [x0, #16]
	ldp	x23, x24, [x0, #32]
	ldp	x25, x26, [x0, #48]
	ldp	x27, x28, [x0, #64]
	ldp	x29, x30, [x0, #80]
	ldr	x2, [x0, #96]
	mov	sp, x2
	mov	x0, x1
	ret

	/* Where a handler that is given up resumes: back to pe->back with 1. */
	.globl	abandoned
abandoned:
	this_pe	x0
	add	x0, x0, #PE_BACK
	mov	x1, #1
	b	context_load

	.section .note.GNU-stack, "", %progbits
