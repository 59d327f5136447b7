/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * registers_hold(): only assembly can have every register hold a known value.
 * x29 and x30 are the counter and the pointer; neither the loop nor its branch
 * touches the flags.
 */
#include "registers.h"

#define EACH_V	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, \
		18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
#define EACH_X	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, \
		18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28

	.text
	.globl	registers_hold
	.type	registers_hold, %function
registers_hold:
	stp	x29, x30, [sp, #-176]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	str	x1, [sp, #160]

	mov	x30, x0
	mov	x29, x2
	ldr	x0, [x30, #REGISTERS_FPCR]
	msr	fpcr, x0
	ldr	x0, [x30, #REGISTERS_FPSR]
	msr	fpsr, x0
	ldr	x0, [x30, #REGISTERS_NZCV]
	msr	nzcv, x0
	.irp	n, EACH_V
	ldr	q\n, [x30, #(REGISTERS_V + 16 * \n)]
	.endr
	.irp	n, EACH_X
	ldr	x\n, [x30, #(REGISTERS_X + 8 * \n)]
	.endr

1:	madd	x28, x28, x27, x26
	fmadd	d31, d31, d30, d29
	sub	x29, x29, #1
	cbnz	x29, 1b

	ldr	x30, [sp, #160]
	.irp	n, EACH_X
	str	x\n, [x30, #(REGISTERS_X + 8 * \n)]
	.endr
	.irp	n, EACH_V
	str	q\n, [x30, #(REGISTERS_V + 16 * \n)]
	.endr
	mrs	x0, nzcv
	str	x0, [x30, #REGISTERS_NZCV]
	mrs	x0, fpsr
	str	x0, [x30, #REGISTERS_FPSR]
	mrs	x0, fpcr
	str	x0, [x30, #REGISTERS_FPCR]
	msr	fpcr, xzr	/* the C library wants the default rounding */

	ldp	d14, d15, [sp, #144]
	ldp	d12, d13, [sp, #128]
	ldp	d10, d11, [sp, #112]
	ldp	d8, d9, [sp, #96]
	ldp	x27, x28, [sp, #80]
	ldp	x25, x26, [sp, #64]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #176
	ret
	.size	registers_hold, . - registers_hold

	.section .note.GNU-stack, "", %progbits
