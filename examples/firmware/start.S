/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reset, and every way in and out of EL3. What the client's registers were is a struct
 * sdei_context on the stack; the dispatcher turns it into a handler's and back.
 */
#define SCTLR_EL3_ON	0x30c51835	/* RES1; I, C, M */
#define MAIR		0xff04		/* 0: device, 1: normal, write-back */
#define TCR		(32 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 31 | 1 << 23) /* 4 GiB */
#define SCR		0x535		/* Non-secure, AArch64, HVC; FIQ comes to EL3 */

#define FRAME		176		/* struct sdei_context, and x30 */
#define FRAME_PC	144
#define FRAME_X30	160

	/* x18 to x29 are kept by C; the compiler is told to leave x18 alone. */
	.macro	frame_registers stp, str
	\stp	x2, x3, [sp, #16]
	\stp	x4, x5, [sp, #32]
	\stp	x6, x7, [sp, #48]
	\stp	x8, x9, [sp, #64]
	\stp	x10, x11, [sp, #80]
	\stp	x12, x13, [sp, #96]
	\stp	x14, x15, [sp, #112]
	\stp	x16, x17, [sp, #128]
	\str	x30, [sp, #FRAME_X30]
	.endm

	.macro	enter function
	.balign	0x80
	sub	sp, sp, #FRAME
	stp	x0, x1, [sp]
	frame_registers stp, str
	mrs	x0, elr_el3
	mrs	x1, spsr_el3
	stp	x0, x1, [sp, #FRAME_PC]
	mov	x0, sp
	bl	\function
	b	leave
	.endm

	.section .head, "ax"
	.globl	_start
_start:
	adr	x0, vectors
	msr	vbar_el3, x0
	mov	x0, #SCR
	msr	scr_el3, x0
	msr	cptr_el3, xzr		/* FP is the client's */
	mov	x0, #MAIR
	msr	mair_el3, x0
	ldr	x0, =TCR
	msr	tcr_el3, x0
	ldr	x0, =table
	msr	ttbr0_el3, x0
	tlbi	alle3
	dsb	sy
	isb
	ldr	x0, =SCTLR_EL3_ON
	msr	sctlr_el3, x0
	isb
	ldr	x0, =bss_start
	ldr	x1, =bss_end
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b
	sub	sp, x1, #FRAME		/* the stack is the end of .bss, all zero */
	mov	x0, sp
	bl	firmware_start

	/* To where the frame says. */
leave:	ldp	x0, x1, [sp, #FRAME_PC]
	msr	elr_el3, x0
	msr	spsr_el3, x1
	frame_registers ldp, ldr
	ldp	x0, x1, [sp]
	add	sp, sp, #FRAME
	eret

	.balign	0x800
vectors:
	.rept	8			/* from EL3 itself */
	enter	firmware_panic
	.endr
	.rept	2			/* from AArch64, from AArch32 */
	enter	firmware_sync
	enter	firmware_panic
	enter	firmware_fiq
	enter	firmware_panic
	.endr
	.ltorg

/*
 * 4 GiB: DDR, which is the client's and not touched here; devices; at the end, in 2 MiB
 * blocks, more devices and the on-chip memory that this firmware runs in.
 */
#define DEVICE	(3 << 53 | 0x401)	/* execute never; accessed, valid */
#define NORMAL	(3 << 8 | 1 << 2 | 0x401)

	.section .data.table, "aw"
	.balign	4096
table:	.quad	0x00000000 | DEVICE
	.quad	0x40000000 | DEVICE
	.quad	0x80000000 | DEVICE
	.quad	table_end + 3
	.balign	4096
table_end:
	.set	address, 0xc0000000
	.rept	511
	.quad	address | DEVICE
	.set	address, address + 0x200000
	.endr
	.quad	address | NORMAL

	.section .note.GNU-stack, "", %progbits
