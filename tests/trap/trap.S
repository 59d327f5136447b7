/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nobody stops a PE: every system register there can be (op0 2 and 3) is read and
 * written at EL2, at EL1 and at EL0. What is Undefined there, or traps, is skipped,
 * wherever it arrives. A register that could be read gets its own value back, any
 * other 0. Says "trap: 2", "trap: 1", "trap: 0" where it begins, "trap: e" at the end.
 * What there is of AArch32 below EL2 and EL1 comes between these: aarch32.c.
 *
 * x20 counts exceptions, x21 says whether the last instruction made one; x22 to x27
 * are the sweep's.
 */
#define UART		0x09000000
#define HCR_RW		(1 << 31)
#define EL1H_DAIF	0x3c5
#define EL0T_DAIF	0x3c0
#define EC_SVC		0x15
#define SYSTEM_OFF	0x84000008
#define MSR_OP0_2	0xd5100000	/* msr s2_0_c0_c0_0, x0 */
#define MRS		(1 << 21)
#define ENCODINGS	(1 << 15)	/* of op0[0], op1, CRn, CRm, op2 */

	.section .head, "ax"
	.globl	_start
_start:
	msr	daifset, #0xf
	msr	spsel, #1
	mov	x20, #0
	ldr	x0, =stack_end
	mov	sp, x0
	adr	x0, vectors_el1
	msr	vbar_el1, x0
	mrs	x0, CurrentEL
	cmp	x0, #2 << 2
	b.ne	at_el1
	adr	x0, vectors_el2
	msr	vbar_el2, x0
	isb
	mov	w0, #'2'
	bl	say
	bl	sweep
	bl	aarch32_below_el2
	adr	x0, vectors_el2
	msr	vbar_el2, x0
	mov	x0, #HCR_RW
	msr	hcr_el2, x0
	ldr	x0, =0x30d00800
	msr	sctlr_el1, x0
	adr	x0, vectors_el1
	msr	vbar_el1, x0
	mov	x0, #EL1H_DAIF
	msr	spsr_el2, x0
	adr	x0, at_el1
	msr	elr_el2, x0
	isb
	eret

at_el1:	ldr	x0, =stack_end
	mov	sp, x0
	mov	w0, #'1'
	bl	say
	bl	sweep
	bl	aarch32_below_el1
	ldr	x0, =0x30d00800
	msr	sctlr_el1, x0
	adr	x0, vectors_el1
	msr	vbar_el1, x0
	mov	x0, #EL0T_DAIF
	msr	spsr_el1, x0
	adr	x0, at_el0
	msr	elr_el1, x0
	isb
	eret

at_el0:	mov	w0, #'0'
	bl	say
	bl	sweep
	svc	#0

end:	mov	w0, #'e'
	bl	say
	ldr	w0, =SYSTEM_OFF
	smc	#0
	b	.

	/* x22: which, from the last to the first. */
sweep:	mov	x27, x30
	mov	w22, #ENCODINGS
1:	sub	w22, w22, #1
	ldr	w23, =MSR_OP0_2
	orr	w23, w23, w22, lsl #5
	mov	x26, #0
	orr	w24, w23, #MRS
	bl	execute
	cbnz	x21, 2f
	mov	x26, x0
2:	mov	w24, w23
	bl	execute
	cbnz	w22, 1b
	ret	x27

	/* The instruction in w24, with x26 in x0. */
execute:
	mov	x25, x30
	adr	x1, place
	str	w24, [x1]
	dsb	ish
	isb
	mov	x21, #0
	mov	x0, x26
	blr	x1
	ret	x25

	/* "trap: " and w0. */
say:	ldr	x1, =UART
	adr	x2, text
1:	ldrb	w3, [x2], #1
	cbz	w3, 2f
	str	w3, [x1]
	b	1b
2:	str	w0, [x1]
	mov	w3, #'\n'
	str	w3, [x1]
	ret
text:	.asciz	"trap: "

	/* Sixteen entries that all skip; SVC ends it. */
	.macro	skip el
	.balign	0x80
	mov	x21, #1
	add	x20, x20, #1
	mrs	x2, esr_el\el
	lsr	x2, x2, #26
	cmp	x2, #EC_SVC
	b.eq	end
	mrs	x2, elr_el\el
	add	x2, x2, #4
	msr	elr_el\el, x2
	eret
	.endm

	.balign	0x800
vectors_el2:
	.rept	16
	skip	2
	.endr
	.balign	0x800
vectors_el1:
	.rept	16
	skip	1
	.endr

	.balign	0x1000
place:	nop
	ret

	.bss
	.balign	16
	.skip	0x1000
stack_end:

	.section .note.GNU-stack, "", %progbits
