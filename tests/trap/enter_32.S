/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * void enter_32(uint32_t r[4], uint64_t spsr, const uint32_t *code): AArch32 below this
 * exception level, until it makes an exception. AArch32's banked registers are X16 to
 * X30 (DDI0487 D1.6.3), so that nothing can be kept there but SP.
 */
	.text
	.globl	enter_32
enter_32:
	stp	x29, x30, [sp, #-112]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	stp	x0, x18, [sp, #96]
	mrs	x3, CurrentEL
	cmp	x3, #2 << 2
	b.eq	1f
	msr	spsr_el1, x1
	msr	elr_el1, x2
	b	2f
1:	msr	spsr_el2, x1
	msr	elr_el2, x2
2:	ldp	w2, w3, [x0, #8]
	ldp	w0, w1, [x0]
	isb
	eret

back:	ldp	x4, x18, [sp, #96]
	stp	w0, w1, [x4]
	stp	w2, w3, [x4, #8]
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #112
	ret

	/*
	 * From AArch32 at EL0 with TGE and an EL1 that would be AArch64 (0x400), or from
	 * any other AArch32 (0x600); from elsewhere would be our own fault.
	 */
	.globl	vectors_32
	.balign	0x800
vectors_32:
	.rept	8
	.balign	0x80
	b	.
	.endr
	.rept	8
	.balign	0x80
	b	back
	.endr

	.section .note.GNU-stack, "", %progbits
