/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the kernel comes in, at EL2 or EL1 with the MMU off, and its vectors. The
 * MMU goes on before anything is written: memory at its own address, cached.
 */
#define SCTLR_EL1_ON	0x30d01805	/* RES1; I, C, M */
#define SCTLR_EL2_ON	0x30c51835
#define MAIR		0xff04		/* 0: device, 1: normal, write-back */
#define TCR_EL1_VALUE	(32 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23) /* 4 GiB */
#define TCR_EL2_VALUE	(TCR_EL1_VALUE | 1 << 31)
#define HCR_RW		(1 << 31)

	.macro	mmu_on el, tcr, sctlr
	adr	x0, vectors
	msr	vbar_\el, x0
	mov	x0, #MAIR
	msr	mair_\el, x0
	ldr	x0, =\tcr
	msr	tcr_\el, x0
	ldr	x0, =table
	msr	ttbr0_\el, x0
	isb
	ldr	x0, =\sctlr
	msr	sctlr_\el, x0
	isb
	.endm

	.section .head, "ax"
_start:	msr	daifset, #0xf
	msr	spsel, #1
	mrs	x19, CurrentEL
	tbz	x19, #3, 1f
	mov	x0, #HCR_RW
	msr	hcr_el2, x0
	tlbi	alle2
	mmu_on	el2, TCR_EL2_VALUE, SCTLR_EL2_ON
	b	2f
1:	tlbi	vmalle1
	mmu_on	el1, TCR_EL1_VALUE, SCTLR_EL1_ON
2:	ldr	x0, =bss_start
	ldr	x1, =bss_end
3:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	3b
	mov	sp, x1			/* the stack is the end of .bss */
	lsr	x0, x19, #2
	bl	kernel_main

	.balign	0x800
vectors:
	.rept	5
	b	kernel_exception
	.balign	0x80
	.endr
	/*
	 * 0x280, IRQ. None is enabled, so an SDEI handler ends here, which interrupted
	 * code with interrupts open. Go on as at the end of any interrupt.
	 */
	eret
	.balign	0x80
	.rept	10
	b	kernel_exception
	.balign	0x80
	.endr

	/* RAM is the second GiB. What else there is below 4 GiB are devices. */
	.section .data.table, "aw"
	.balign	4096
table:	.quad	0x00000000 | 3 << 53 | 0x401	/* execute never; accessed, valid */
	.quad	0x40000000 | 3 << 8 | 1 << 2 | 0x401
	.quad	0x80000000 | 3 << 53 | 0x401
	.quad	0xc0000000 | 3 << 53 | 0x401

	.section .note.GNU-stack, "", %progbits
