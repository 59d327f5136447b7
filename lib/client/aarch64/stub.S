/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Non-VHE hosts: events come to EL2, the kernel and its handlers are at EL1.
 *
 * Whatever was interrupted (the kernel, a guest, EL2's own code half-way
 * between the two), the live state of EL1 is put aside as it is, this CPU's
 * world for handlers is loaded, and EL1 goes on in sdei_entry as if the event
 * had come there. No stack is used, and nothing is assumed of what was going
 * on.
 *
 * While a handler runs VBAR_EL2 is ours: the handler's calls come to stub_sync,
 * the last of them with its level in x3. Two levels, so one place each to save.
 */
#include "macros.h"

#define EC_HVC64	0x16
#define ESR_EC_SHIFT	26
#define SPSR_EL1H_DAIF	0x3c5
#define SPSR_PAN_BIT	22
#define SCTLR_SPAN_BIT	23
#define HCR_ROUTING	(7 << 3)	/* interrupts and SError to EL2 */
#define VECTOR_IRQ_64	0x480
#define VECTOR_IRQ_32	0x680

	.macro	save_pair at, first, second, offset
	mrs	x4, \first
	mrs	x5, \second
	stp	x4, x5, [\at, #\offset]
	.endm

	.macro	load_pair at, first, second, offset
	ldp	x4, x5, [\at, #\offset]
	msr	\first, x4
	msr	\second, x5
	.endm

	/* What EL1 is: its registers, and those of EL2 that decide about it. */
	.macro	world do, at
	\do	\at, sctlr_el1, cpacr_el1, 0
	\do	\at, ttbr0_el1, ttbr1_el1, 16
	\do	\at, tcr_el1, mair_el1, 32
	\do	\at, amair_el1, contextidr_el1, 48
	\do	\at, vbar_el1, tpidr_el1, 64
	\do	\at, hcr_el2, vttbr_el2, WORLD_HCR
	\do	\at, vmpidr_el2, cptr_el2, 96
	\do	\at, mdcr_el2, hstr_el2, 112
	.endm

	/* EL2's own, of the level at \level. */
	.macro	own do, level
	\do	\level, elr_el2, spsr_el2, STUB_ELR
	\do	\level, esr_el2, far_el2, STUB_ESR
	.endm

	.text
	.balign	0x800
	/*
	 * Only two of these vectors can be taken, the others are masked or
	 * belong to modes that are not used: code fills the room between.
	 */
stub_vectors:
	.globl	sdei_stub_entry
	.type	sdei_stub_entry, %function
sdei_stub_entry:
	ldr	x0, [x1, #REG_LEVEL_EL2]
	cbz	x0, 1f
2:	claim_level stub_nested
	stp	x4, x5, [x0, #STUB_X]
	stp	x6, x7, [x0, #STUB_X + 16]
	own	save_pair, x0
	mov	x4, sp
	str	x4, [x0, #STUB_SP]
	mrs	x4, vbar_el2
	str	x4, [x0, #STUB_VBAR]
	ldr	x6, [x0, #STUB_WORLD]
	add	x7, x0, #STUB_LIVE
	world	save_pair, x7
	/* Who was it? Another EL1 than the kernel's has another HCR_EL2. */
	mov	w4, #3			/* SDEI_FROM_EL2 */
	tbnz	x3, #3, 3f
	mrs	x4, hcr_el2
	ldr	x5, [x6, #WORLD_HCR]
	eor	x5, x5, x4
	bic	x5, x5, #HCR_ROUTING
	mov	w4, #1			/* SDEI_FROM_HOST */
	cbz	x5, 3f
	mov	w4, #2			/* SDEI_FROM_GUEST */
3:	str	w4, [x0, #LEVEL_FROM]
	ldr	x4, [x0, #STUB_OFFSET]
	sub	x1, x1, x4
	ldr	x4, [x0, #STUB_ENTRY]
	msr	elr_el2, x4
	mov	x4, #SPSR_EL1H_DAIF
	msr	spsr_el2, x4
	b	stub_enter
1:	find_level stub_stop, 1
	b	2b

	.org	stub_vectors + 0x200
stub_stop:
	wfi
	b	stub_stop

	/* To EL1: x6 is the world, x0 the level; ELR and SPSR are set. */
stub_enter:
	world	load_pair, x6
	adr	x4, stub_vectors
	msr	vbar_el2, x4
	ldp	x6, x7, [x0, #STUB_X + 16]
	ldp	x4, x5, [x0, #STUB_X]
	eret

	/* The handler that runs will tell. */
stub_nested:
	ldr	w1, [x0, #LEVEL_NESTED]
	add	w1, w1, #1
	str	w1, [x0, #LEVEL_NESTED]
	refuse_event
	smc	#0
	b	stub_stop

	/*
	 * EL1's own calls, when no handler runs. COMPLETE is none of those: the
	 * dispatcher will say so.
	 */
	.globl	sdei_stub_call
	.type	sdei_stub_call, %function
sdei_stub_call:
	landing_pad
	load32	w16, STUB_PREPARE
	cmp	w0, w16
	b.eq	stub_prepare
	add	w16, w16, #(STUB_ABANDON - STUB_PREPARE)
	cmp	w0, w16
	b.eq	stub_abandon
	smc	#0
	eret

	/* x1: where this CPU's world is kept. Physical interrupts stay out. */
stub_prepare:
	world	save_pair, x1
	ldr	x4, [x1, #WORLD_HCR]
	bic	x4, x4, #HCR_ROUTING
	str	x4, [x1, #WORLD_HCR]
	mrs	x4, vbar_el2
	str	x4, [x1, #WORLD_VBAR_EL2]
	mov	x0, #0
	eret

	.org	stub_vectors + 0x400
	/* From the handler at EL1: calls, and nothing else. */
stub_sync:
	mrs	x16, esr_el2
	lsr	x16, x16, #ESR_EC_SHIFT
	cmp	x16, #EC_HVC64
	b.ne	stub_stop
	load32	w16, SDEI_FID_EVENT_COMPLETE
	sub	w16, w0, w16
	cmp	w16, #1			/* it, or COMPLETE_AND_RESUME */
	b.hi	sdei_stub_call

	/* The end of the handler, whose level is x3: all is as it was. */
	mrs	x4, elr_el2
	mrs	x5, spsr_el2
	stp	x4, x5, [x3, #STUB_BACK]
	add	x6, x3, #STUB_LIVE
	world	load_pair, x6
	own	load_pair, x3
	ldr	x4, [x3, #STUB_VBAR]
	msr	vbar_el2, x4
	mov	x17, x3
	cbz	w16, complete
	ldr	w5, [x3, #LEVEL_FROM]
	cmp	w5, #1
	b.eq	resume_host

	/* A guest: its exit is EL2's interrupt vector. */
	ldr	x5, [x3, #LEVEL_PSTATE]
	add	x1, x4, #VECTOR_IRQ_64
	tbz	x5, #4, complete
	add	x1, x1, #(VECTOR_IRQ_32 - VECTOR_IRQ_64)
complete:
	smc	#0

	/* Refused: back to the handler, which hears of it. x17 as in leave. */
refused:
	ldp	x4, x5, [x17, #STUB_BACK]
	msr	elr_el2, x4
	msr	spsr_el2, x5
	ldr	x6, [x17, #STUB_WORLD]
	world	load_pair, x6
	adr	x4, stub_vectors
	msr	vbar_el2, x4
	ldr	x4, [x17, #STUB_OFFSET]
	sub	x17, x17, x4
	eret

	/*
	 * The kernel: its interrupt vector is at EL1, so the dispatcher's "as
	 * by an exception" is done over again one level below. x30 leads there;
	 * an event that comes meanwhile interrupts EL2 and leaves GOING alone.
	 */
resume_host:
	stp	x30, x1, [x3, #STUB_GOING + 16]
	mov	x30, x3
	adr	x1, 1f
	smc	#0
	ldr	x30, [x17, #STUB_GOING + 16]
	b	refused
1:	stp	x0, x1, [x30, #STUB_GOING]
	mrs	x0, elr_el2
	msr	elr_el1, x0
	mrs	x0, spsr_el2
	msr	spsr_el1, x0
	/* PAN as an exception to EL1 would have it. */
	and	x0, x0, #(1 << SPSR_PAN_BIT)
	mrs	x1, sctlr_el1
	tbnz	x1, #SCTLR_SPAN_BIT, 2f
	orr	x0, x0, #(1 << SPSR_PAN_BIT)
2:	mov	x1, #SPSR_EL1H_DAIF
	orr	x0, x0, x1
	msr	spsr_el2, x0
	ldr	x0, [x30, #STUB_GOING + 24]
	msr	elr_el2, x0
	ldp	x0, x1, [x30, #STUB_GOING]
	ldr	x30, [x30, #STUB_GOING + 16]
	eret

	/*
	 * EL1 gives its innermost handler up and goes on behind its call. x22:
	 * this CPU's world; x20 and x21 are ours (client_abandon). What was
	 * interrupted is dropped: this CPU stays in the kernel's world, whose
	 * EL2 vectors are not those that a guest had.
	 */
stub_abandon:
	mrs	x20, elr_el2
	mrs	x21, spsr_el2
	load32	w0, SDEI_FID_EVENT_COMPLETE_RESUME
	adr	x1, 1f
	smc	#0
	eret
1:	msr	elr_el2, x20
	msr	spsr_el2, x21
	mov	x0, #0
	ldr	x4, [x22, #WORLD_VBAR_EL2]
	msr	vbar_el2, x4
	eret

	properties
