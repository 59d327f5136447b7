/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hold32(values, results, turns): registers_hold() for AArch32, in T32. LR
 * counts. R6 is incremented in an IT block, in the last turn only: an event
 * before that which gives back PSTATE without its IT bits makes one too many.
 */
	.syntax	unified
	.arch	armv8-a
	.fpu	neon-fp-armv8
	.thumb

	.text
	.globl	hold32
	.type	hold32, %function
	.thumb_func
hold32:
	push	{r1, r4-r12, lr}
	vpush	{d8-d15}
	mov	lr, r2
	vldmia	r0!, {d0-d15}
	vldmia	r0!, {d16-d31}
	ldr	r1, [r0, #52]
	msr	APSR_nzcvqg, r1
	ldmia	r0, {r0-r12}

1:	mla	r12, r12, r11, r10
	vmla.f64 d31, d30, d29
	subs	lr, lr, #1
	it	eq
	addeq	r6, r6, #1
	bne	1b

	/* d8-d15 are 64 bytes; r1 is the lowest below them. */
	ldr	lr, [sp, #64]
	vstmia	lr!, {d0-d15}
	vstmia	lr!, {d16-d31}
	stmia	lr, {r0-r12}
	mrs	r0, APSR
	str	r0, [lr, #52]
	vpop	{d8-d15}
	pop	{r1, r4-r12, pc}
