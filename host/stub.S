/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a host at EL1 leaves at EL2: it runs guests, starts another image, and
 * carries SDEI's calls and events (libsdei's half). All other calls with
 * SMCCC's bit for fast ones go on to EL3. It runs at physical addresses.
 */
#include "asm.h"

#include <sdei/abi.h>
#include "system.h"

#define SDEI_STUB_LIMIT	0xC600DE1F	/* libsdei's own calls: 0xC600DE10 up */

	.macro	stub_unexpected number
	.balign	0x80
	mov	x0, #\number
	b	stub_panic
	.endm

	.text
	.balign	0x800
	.globl	stub_vectors
stub_vectors:
	.irp	number, 0, 1, 2, 3, 4, 5, 6, 7
	stub_unexpected \number
	.endr
	.balign	0x80
	b	stub_sync
	.irp	number, 9, 10, 11, 12, 13, 14, 15
	stub_unexpected \number
	.endr

	/* An HVC of the host; x0 tells. x9 to x11 are lost in what is ours. */
stub_sync:
	stp	x9, x10, [sp, #-16]!
	mrs	x9, esr_el2
	lsr	x9, x9, #26
	cmp	x9, #CLASS_HVC
	b.ne	1f
	lsr	w9, w0, #5
	ldr	w10, =(SDEI_FID_FIRST >> 5)
	cmp	w9, w10
	b.eq	sdei_goes
	lsr	w9, w0, #4
	ldr	w10, =(SDEI_STUB_LIMIT >> 4)
	cmp	w9, w10
	b.eq	sdei_goes
	ldp	x9, x10, [sp], #16
	tbnz	w0, #31, 2f
	cmp	x0, #STUB_GUEST
	b.eq	3f
	cmp	x0, #STUB_START
	b.eq	4f
1:	mov	x0, #8
	b	stub_panic
2:	smc	#0
	eret
3:	stp	x29, x30, [sp, #-16]!
	mrs	x9, elr_el2
	mrs	x10, spsr_el2
	stp	x9, x10, [sp, #-16]!
	mov	x0, x1
	bl	guest_enter
	ldp	x9, x10, [sp], #16
	msr	elr_el2, x9
	msr	spsr_el2, x10
	ldp	x29, x30, [sp], #16
	eret
4:	mrs	x9, sctlr_el2
	bic	x9, x9, #1
	msr	sctlr_el2, x9
	isb
	mov	x0, x2
	br	x1

sdei_goes:
	ldp	x9, x10, [sp], #16
	b	sdei_stub_call

	/* x0 = vector: tell the host, in whatever state it is. */
	.globl	stub_panic
stub_panic:
	mrs	x1, esr_el2
	mrs	x2, elr_el2
	mrs	x3, far_el2
	cpu_number x4
	add	x4, x4, #1
	lsl	x4, x4, #PANIC_STACK_SHIFT
	ldr	x5, =panic_stacks
	add	x4, x4, x5
	msr	sp_el1, x4
	adrp	x4, kernel_l1
	msr	ttbr1_el1, x4
	ldr	x4, =HCR_RW
	msr	hcr_el2, x4
	ldr	x4, =trap_stub
	msr	elr_el2, x4
	mov	x4, #(P_EL1H | P_DAIF)
	msr	spsr_el2, x4
	eret
	.ltorg

	.section .bss.stub, "aw", %nobits
	.balign	16
	.globl	stub_stacks
stub_stacks:
	.skip	MAX_CPUS << STUB_STACK_SHIFT

	.section .note.GNU-stack, "", %progbits
