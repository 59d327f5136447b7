/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel at EL1 and what is left of it at EL2: vectors that pass SDEI's calls
 * to the client's stub, enter a guest and leave it. The guest is EL1 with other
 * registers; HCR_EL2.FB tells the two apart.
 */
#define HCR_RW		(1 << 31)
#define HCR_FB		(1 << 9)
#define EL1H_DAIF	0x3c5
#define EL1H		0x5
#define HVC_GUEST	1	/* w0: enter the guest */
#define HOST_TPIDR	0x4057
#define GUEST_TPIDR	0x6e57
#define UART_IMSC	0x09000038

	.macro	load32 reg, value
	movz	\reg, #((\value) & 0xffff)
	movk	\reg, #((\value) >> 16), lsl #16
	.endm

	.section .head, "ax"
	.globl	_start
_start:
	msr	daifset, #0xf
	msr	spsel, #1
	adr	x0, el2_vectors
	msr	vbar_el2, x0
	mov	x0, #HCR_RW
	msr	hcr_el2, x0
	mrs	x0, mpidr_el1
	msr	vmpidr_el2, x0
	msr	vttbr_el2, xzr
	ldr	x0, =0x30d00800
	msr	sctlr_el1, x0
	/* Nobody may use this: the host's EL2 has no stack. */
	mov	x0, #-16
	mov	sp, x0
	ldr	x0, =stack_top
	msr	sp_el1, x0
	mov	x0, #EL1H_DAIF
	msr	spsr_el2, x0
	adr	x0, 1f
	msr	elr_el2, x0
	eret
1:	ldr	x0, =bss_start
	ldr	x1, =bss_end
2:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	2b
	adr	x0, el1_vectors
	msr	vbar_el1, x0
	mov	x0, #HOST_TPIDR
	msr	tpidr_el1, x0
	isb
	bl	nvhe_main
	bl	power_off

	/* By the firmware, from EL1: EL2 passes it on. */
	.globl	power_off
power_off:
	load32	w0, 0x84000008
	hvc	#0
	b	.
	.ltorg

	.text
	.balign	0x800
el2_vectors:
	.rept	8
	.balign	0x80
	b	lost
	.endr
	.balign	0x80		/* HVC from EL1 */
	cmp	w0, #HVC_GUEST
	b.eq	enter_guest
	load32	w16, 0x84000008
	cmp	w0, w16
	b.ne	sdei_stub_call
	smc	#0
	b	.
	.balign	0x80		/* an interrupt from EL1, or from the guest */
	b	leave_guest
	.rept	6
	.balign	0x80
	b	lost
	.endr
lost:	b	.

	/* The host's x19-x30 are kept where only this PE looks. */
enter_guest:
	ldr	x1, =host
	stp	x29, x30, [x1]
	mrs	x2, elr_el2
	mrs	x3, sp_el1
	stp	x2, x3, [x1, #16]
	stp	x19, x20, [x1, #32]
	ldr	x0, =(HCR_RW | HCR_FB)
	msr	hcr_el2, x0
	mov	x0, #GUEST_TPIDR
	msr	tpidr_el1, x0
	msr	vbar_el1, xzr
	mov	x0, #-32
	msr	sp_el1, x0
	adr	x0, guest
	msr	elr_el2, x0
	mov	x0, #EL1H_DAIF
	msr	spsr_el2, x0
	eret

leave_guest:
	ldr	x1, =guest_exit
	mrs	x2, elr_el2
	mrs	x3, spsr_el2
	stp	x2, x3, [x1]
	mrs	x2, tpidr_el1
	mrs	x3, hcr_el2
	stp	x2, x3, [x1, #16]
	mrs	x2, vbar_el1
	mrs	x3, sp_el1
	stp	x2, x3, [x1, #32]
	stp	x20, x30, [x1, #48]
	mov	x0, #HCR_RW
	msr	hcr_el2, x0
	mov	x0, #HOST_TPIDR
	msr	tpidr_el1, x0
	adr	x0, el1_vectors
	msr	vbar_el1, x0
	ldr	x1, =host
	ldp	x2, x3, [x1, #16]
	msr	elr_el2, x2
	msr	sp_el1, x3
	ldp	x29, x30, [x1]
	ldp	x19, x20, [x1, #32]
	mov	x0, #EL1H_DAIF
	msr	spsr_el2, x0
	eret
	.ltorg

	/* Makes the bound interrupt fire, and waits to be left. */
	.globl	guest
guest:
	ldr	x9, =UART_IMSC
	mov	w10, #0x20
	mov	x20, #0x2020
	mov	x30, #0x3030
	str	w10, [x9]
	b	.
	.globl	guest_end
guest_end:
	.ltorg

	.balign	0x800
	.globl	el1_vectors
el1_vectors:
	.rept	5
	.balign	0x80
	b	lost
	.endr
	.balign	0x80		/* an interrupt of the kernel's own level */
	stp	x0, x1, [sp, #-16]!
	ldr	x0, =irqs
	ldr	w1, [x0]
	add	w1, w1, #1
	str	w1, [x0]
	ldp	x0, x1, [sp], #16
	eret
	.ltorg
	.balign	0x800

	/* void enter(void): the guest, until it is left. */
	.globl	enter
enter:
	mov	w0, #HVC_GUEST
	hvc	#0
	ret

	/*
	 * uint64_t signal_registers(uint64_t affinity, bool open): event 0 to
	 * this PE from known registers; not 0 if it fails or they are others after
	 * it.
	 */
	.globl	signal_registers
signal_registers:
	stp	x19, x30, [sp, #-32]!
	stp	x20, x29, [sp, #16]
	mov	x2, x0
	cbz	x1, 1f
	msr	daifclr, #2
1:	load32	w0, 0xC400002F
	mov	x1, #0
	mov	x19, #0x1919
	mov	x9, #0x0909
	mov	x17, #0x1717
	mov	x29, #0x2929
	hvc	#0
	msr	daifset, #2
	mov	x10, #0x1919
	sub	x19, x19, x10
	mov	x10, #0x0909
	sub	x9, x9, x10
	mov	x10, #0x2929
	sub	x29, x29, x10
	orr	x0, x0, x19
	orr	x0, x0, x9
	orr	x0, x0, x29
	ldp	x20, x29, [sp, #16]
	ldp	x19, x30, [sp], #32
	ret

	.section .bss
	.balign	16
	.globl	host, guest_exit, irqs
host:	.space	64
guest_exit:
	.space	64
irqs:	.space	16
	.space	0x4000
stack_top:

	.section .note.GNU-stack, "", %progbits
