/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The world switch, at EL2. The vcpu is found from the stack: no register is
 * the host's alone while a guest runs, and the guest has none of the host's.
 *
 * A host at EL2 shares no EL1 register with its guest, but TPIDR_EL1, MDSCR_EL1
 * and SP_EL1: it has nothing in TPIDR_EL1, which stays the guest's afterwards.
 * A host at EL1 lends all of them and has them back at the end.
 */
#include "asm.h"

#if HOST_VHE
#define HCR_HOST	(HCR_RW | HCR_E2H | HCR_TGE)
#define HCR_GUEST	(HCR_RW | HCR_E2H | HCR_TSC | HCR_DC | HCR_VM | \
			 HCR_FMO_IMO_AMO)
#else
#define HCR_HOST	HCR_RW
#define HCR_GUEST	(HCR_RW | HCR_TSC | HCR_DC | HCR_FMO_IMO_AMO | HCR_VM)
#endif

#define MDCR_TDE	(1 << 8)	/* a guest's debug exceptions */

	.macro	el1_pair action, base, a, b, offset, first, second
#if HOST_VHE
	\action\()_pair \base, \a, \b, \offset, \first\()_el12, \second\()_el12
#else
	\action\()_pair \base, \a, \b, \offset, \first\()_el1, \second\()_el1
#endif
	.endm

	.macro	save_pair base, a, b, offset, first, second
	mrs	\a, \first
	mrs	\b, \second
	stp	\a, \b, [\base, #\offset]
	.endm

	.macro	load_pair base, a, b, offset, first, second
	ldp	\a, \b, [\base, #\offset]
	msr	\first, \a
	msr	\second, \b
	.endm

	/* struct el1 at \base */
	.macro	el1_registers action, base, a, b
	el1_pair \action, \base, \a, \b, 0, sctlr, cpacr
	el1_pair \action, \base, \a, \b, 16, tcr, mair
	el1_pair \action, \base, \a, \b, 32, ttbr0, ttbr1
	el1_pair \action, \base, \a, \b, 48, vbar, cntkctl
	el1_pair \action, \base, \a, \b, 64, elr, spsr
	el1_pair \action, \base, \a, \b, 80, esr, far
	\action\()_pair \base, \a, \b, EL1_SP_EL0, sp_el0, sp_el1
	\action\()_pair \base, \a, \b, EL1_TPIDR_EL1, tpidr_el1, tpidr_el0
	\action\()_pair \base, \a, \b, EL1_TPIDRRO_EL0, tpidrro_el0, mdscr_el1
	.endm

	.macro	guest_vector number
	.balign	0x80
	stp	x0, x1, [sp, #-16]!
	mov	x1, #\number
	b	guest_exit
	.endm

	.section .text.guest, "ax"
	.globl	guest_begin, guest_end
guest_begin:
	/* void guest_enter(struct vcpu *), interrupts masked */
	.globl	guest_enter
guest_enter:
	push_callee_saved
	stp	x0, xzr, [sp, #-16]!
	add	x1, x0, #VCPU_HOST_FP
	save_fp	x1, x2
	add	x1, x0, #VCPU_FP
	load_fp	x1, x2
	add	x1, x0, #VCPU_HOST_EL1
	el1_registers save, x1, x2, x3
	add	x1, x0, #VCPU_EL1
	el1_registers load, x1, x2, x3
	ldr	x1, [x0, #VCPU_VTTBR]
	msr	vttbr_el2, x1
	ldr	x1, =HCR_GUEST
	msr	hcr_el2, x1
	mrs	x1, mdcr_el2
	orr	x1, x1, #MDCR_TDE
	msr	mdcr_el2, x1
	adrp	x1, hyp_vectors
	add	x1, x1, :lo12:hyp_vectors
	msr	vbar_el2, x1
	isb
	ldp	x1, x2, [x0, #VCPU_PC]
	msr	elr_el2, x1
	msr	spsr_el2, x2
	ldp	x2, x3, [x0, #16]
	load_x4_x17 x0
	load_x18_x30 x0
	ldp	x0, x1, [x0, #0]
	eret
	dsb	nsh
	isb

	/* x1 = vector; x0, x1 and below them the vcpu are on the stack. */
guest_exit:
	ldr	x0, [sp, #16]
	stp	x2, x3, [x0, #16]
	str	x1, [x0, #VCPU_EXIT]
	ldp	x2, x3, [sp], #16
	stp	x2, x3, [x0, #0]
	save_x4_x17 x0
	save_x18_x30 x0
	mrs	x2, elr_el2
	mrs	x3, spsr_el2
	stp	x2, x3, [x0, #VCPU_PC]
	mrs	x2, esr_el2
	mrs	x3, far_el2
	stp	x2, x3, [x0, #VCPU_ESR]
	add	x1, x0, #VCPU_EL1
	el1_registers save, x1, x2, x3
	ldr	x1, =HCR_HOST
	msr	hcr_el2, x1
	msr	vttbr_el2, xzr
	mrs	x1, mdcr_el2
	bic	x1, x1, #MDCR_TDE
	msr	mdcr_el2, x1
#if HOST_VHE
	adrp	x1, host_vectors
	add	x1, x1, :lo12:host_vectors
	msr	vbar_el2, x1
	isb
	/* SP_EL0 and the thread registers are the process's. */
	add	x1, x0, #VCPU_HOST_EL1
	load_pair x1, x2, x3, EL1_TPIDRRO_EL0, tpidrro_el0, mdscr_el1
	ldr	x2, [x1, #EL1_SP_EL0]
	msr	sp_el0, x2
	ldr	x2, [x1, #EL1_TPIDR_EL0]
	msr	tpidr_el0, x2
#else
	adrp	x1, stub_vectors
	add	x1, x1, :lo12:stub_vectors
	msr	vbar_el2, x1
	isb
	add	x1, x0, #VCPU_HOST_EL1
	el1_registers load, x1, x2, x3
#endif
	add	x1, x0, #VCPU_FP
	save_fp	x1, x2
	add	x1, x0, #VCPU_HOST_FP
	load_fp	x1, x2
	add	sp, sp, #16
	pop_callee_saved
	ret
guest_end:
	.ltorg

	/*
	 * While a guest is loaded: what it does leaves it. The host itself has
	 * nothing to do here, except to fail.
	 */
	.balign	0x800
	.globl	hyp_vectors
hyp_vectors:
#if HOST_VHE
	.irp	number, 0, 1, 2, 3
	panic_vector \number
	.endr
	.balign	0x80
	b	kernel_sync
	.irp	number, 5, 6, 7
	panic_vector \number
	.endr
#else
	.irp	number, 0, 1, 2, 3, 4, 5, 6, 7
	.balign	0x80
	mov	x0, #\number
	b	stub_panic
	.endr
#endif
	.irp	number, 0, 1, 2, 3, 4, 5, 6, 7
	guest_vector \number
	.endr

	.section .note.GNU-stack, "", %progbits
