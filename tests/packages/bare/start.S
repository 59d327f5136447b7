/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EL1 as a kernel has it: the MMU on with all of RAM guarded (GP: indirect branches
 * need a landing pad), and keys A and B in use. Registers: DDI0487, D24.2.
 */
#define SCTLR_M_C_I	((1 << 0) | (1 << 2) | (1 << 12))
#define BLOCK_DEVICE	0x0060000000000401	/* XN, AF, attribute 0 */
#define BLOCK_RAM	0x0004000040000705	/* GP, AF, inner, attribute 1 */

	.text
	.globl	_start
	.type	_start, %function
_start:
	adrp	x0, table
	add	x0, x0, :lo12:table
	ldr	x1, =BLOCK_DEVICE
	ldr	x2, =BLOCK_RAM
	stp	x1, x2, [x0]
	msr	ttbr0_el1, x0
	mov	x1, #0xff00			/* device, write-back */
	msr	mair_el1, x1
	ldr	x1, =(25 | (1 << 8) | (1 << 10) | (3 << 12) | (1 << 23))
	msr	tcr_el1, x1
	adrp	x1, vectors
	add	x1, x1, :lo12:vectors
	msr	vbar_el1, x1
	isb
	tlbi	vmalle1
	dsb	nsh
	mrs	x1, sctlr_el1
	ldr	x2, =((1 << 36) | (3 << 30) | SCTLR_M_C_I)	/* BT1, EnIA, EnIB */
	orr	x1, x1, x2
	msr	sctlr_el1, x1
	isb
	adrp	x1, stack_top
	add	sp, x1, :lo12:stack_top
	bl	stranger_main
1:	wfi
	b	1b

	.balign	0x800
vectors:
	.rept	16
	.balign	0x80
	mrs	x0, esr_el1
	bl	stranger_exception
1:	wfi
	b	1b
	.endr

	.bss
	.balign	0x1000
table:	.skip	0x1000
	.skip	0x2000
stack_top:

	/* This file keeps to BTI, too: it branches to nothing by register. */
	.section .note.gnu.property, "a", %note
	.balign	8
	.word	4, 16, 5
	.asciz	"GNU"
	.word	0xc0000000, 4, 3, 0
	.section .note.GNU-stack, "", %progbits
