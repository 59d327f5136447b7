/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EL3's vectors. Expected are, from a lower exception level, an FIQ (Group 0
 * interrupt), an SMC, and what traps, which is given back (reflect.c). Everything
 * else is reported and stops the PE.
 */
#include "context.h"
#include "layout.h"
#include "pe.h"

#include <sdei/abi.h>

#define ESR_SMC64_0	0x5E000000	/* SMC from AArch64 with immediate 0 */

	/* Push a frame, and room for that of a handler. x8 to x15: context.h. */
	.macro	save_frame
	stp	x0, x1, [sp, #-FRAME_ROOM]!
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x16, x17, [sp, #128]
	mrs	x16, elr_el3
	mrs	x17, spsr_el3
	stp	x16, x17, [sp, #FRAME_PC]
	stp	x30, xzr, [sp, #FRAME_LR]	/* and FRAME_GO_ON */
	.endm

	/* Pop it, but for x30. Nothing is speculated past the ERET. */
	.macro	restore_frame
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x16, x17, [sp, #128]
	ldp	x0, x1, [sp], #FRAME_ROOM
	eret
	dsb	nsh
	isb
	.endm

	/* x8 to x15, into the frame at sp or out of it. */
	.macro	move_x8_x15 how
	\how	x8, x9, [sp, #FRAME_X8]
	\how	x10, x11, [sp, #FRAME_X8 + 16]
	\how	x12, x13, [sp, #FRAME_X8 + 32]
	\how	x14, x15, [sp, #FRAME_X8 + 48]
	.endm

	/* Vectors are 0x80 apart; .org refuses one that is too long. */
	.macro	vector offset table=vectors
	.org	\table + \offset
	.endm

	/*
	 * An SMC, or what trapped; the frame is saved, x0 as it was. SDEI's calls, a
	 * block of 32 identifiers, go straight to the dispatcher, once there is one.
	 */
	.macro	serve_sync go_on other
	mrs	x2, esr_el3
	mrs	x3, tpidr_el3
	mov	w4, #ESR_SMC64_0
	lsr	w6, w0, #5
	adr	x30, \go_on
	cmp	x2, x4
	ldp	x0, x5, [x3, #PE_SDEI]	/* and PE_SDEI_BLOCK */
	mov	x1, sp
	ccmp	x6, x5, #0, eq
	b.eq	sdei_pe_call
	cmp	x2, x4
	mov	x1, x2
	b.ne	\other
	mov	x0, sp
	b	el3_smc
	.endm

	/* Nothing we asked for, from a lower exception level. */
	.macro	unexpected kind
	save_frame
	mov	w1, #\kind
	b	unexpected_lower
	.endm

	/* An exception of EL3 itself. The C code never uses x18. */
	.macro	own kind
	mov	x18, #\kind
	b	own_exception
	.endm

#define SYNC	0
#define IRQ	1
#define FIQ	2
#define SERROR	3

	/* What EL3 itself never takes. */
	.macro	own_vectors table
	vector	0x000 \table
	own	SYNC
	vector	0x080 \table
	own	IRQ
	vector	0x100 \table
	own	FIQ
	vector	0x180 \table
	own	SERROR
	vector	0x200 \table
	own	SYNC
	vector	0x280 \table
	own	IRQ
	vector	0x300 \table
	own	FIQ
	vector	0x380 \table
	own	SERROR
	.endm

	.section .text.vectors, "ax"
	.globl	vectors
	.balign	0x800
vectors:
	own_vectors vectors
	vector	0x400	/* AArch64: synchronous */
	save_frame
	serve_sync go_on other_sync
	vector	0x480
	unexpected IRQ
	vector	0x500
	b	lower_fiq
	vector	0x580
	unexpected SERROR

	vector	0x600	/* AArch32 */
	save_frame
	mrs	x1, esr_el3
	b	other_sync
	vector	0x680
	unexpected IRQ
	vector	0x700
	b	lower_fiq
	vector	0x780
	unexpected SERROR
	.org	vectors + 0x800

	/* The same while there is a live trace: live.h. */
	.globl	live_vectors
live_vectors:
	own_vectors live_vectors
	vector	0x400 live_vectors
	save_frame
	mov	x0, sp
	bl	live_call
	ldr	x0, [sp]
	serve_sync live_go_on live_other_sync
	vector	0x480 live_vectors
	unexpected IRQ
	vector	0x500 live_vectors
	b	live_fiq
	vector	0x580 live_vectors
	unexpected SERROR

	vector	0x600 live_vectors
	save_frame
	mov	x0, sp
	bl	live_call
	mrs	x1, esr_el3
	b	live_other_sync
	vector	0x680 live_vectors
	unexpected IRQ
	vector	0x700 live_vectors
	b	live_fiq
	vector	0x780 live_vectors
	unexpected SERROR
	.org	live_vectors + 0x800

live_fiq:
	save_frame
	mov	x0, sp
	bl	el3_live_fiq
live_go_on:
	mov	x0, sp
	bl	live_end
	b	go_on

live_other_sync:
	mov	x0, sp
	bl	el3_other_sync
	mov	x0, sp
	bl	live_end
	b	other_done

lower_fiq:
	save_frame
	mov	x0, sp
	bl	el3_fiq

	/* With this frame, whose PC and PSTATE ELR and SPSR still have, or another? */
go_on:	ldp	x30, x16, [sp, #FRAME_LR]
	cbnz	x16, go_on_elsewhere
	restore_frame

	/* x1 = ESR: another kind of SMC, or what trapped. */
other_sync:
	mov	x0, sp
	bl	el3_other_sync
other_done:
	ldp	x30, x16, [sp, #FRAME_LR]
	cbnz	x16, go_on_elsewhere
	/* With the frame at sp, all of it. */
go_on_with_frame:
	ldp	x16, x17, [sp, #FRAME_PC]
	msr	elr_el3, x16
	msr	spsr_el3, x17
	restore_frame

	/* x16 = where. Behind the frame at sp lies that of a handler, entered now. */
go_on_elsewhere:
	add	x17, sp, #FRAME_SIZE
	cmp	x16, x17
	b.eq	enter_handler
	cmp	x16, #FRAME_RESTART
	b.eq	restart_frames
	/* It is one that was interrupted; the handler's end with it. */
	mov	sp, x16
	move_x8_x15 ldp
	ldr	x16, [sp, #FRAME_GO_ON]
	cbz	x16, go_on_with_frame

	/* x16 = the handler's. The frame at sp stays until it has ended. */
enter_handler:
	move_x8_x15 stp
	ldp	x0, x1, [x16, #FRAME_PC]
	msr	elr_el3, x0
	msr	spsr_el3, x1
	ldp	x0, x1, [x16]
	ldp	x2, x3, [x16, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x16, x17, [sp, #128]
	eret
	dsb	nsh
	isb

	/* The handlers on top of which it lies are gone: it begins the stack. */
restart_frames:
	mrs	x1, tpidr_el3
	sub	x1, x1, #FRAME_ROOM
	mov	x0, #0
1:	ldr	x2, [sp, x0]
	str	x2, [x1, x0]
	add	x0, x0, #8
	cmp	x0, #FRAME_GO_ON
	b.ne	1b
	mov	sp, x1
	b	go_on_with_frame

	/* The frame is saved, w1 = kind. The report shows x18-x29, too. */
unexpected_lower:
	move_x8_x15 stp
	mov	x0, sp
	sub	sp, sp, #96
	stp	x18, x19, [sp, #0]
	stp	x20, x21, [sp, #16]
	stp	x22, x23, [sp, #32]
	stp	x24, x25, [sp, #48]
	stp	x26, x27, [sp, #64]
	stp	x28, x29, [sp, #80]
	mov	x2, sp
	bl	report_exception

	/*
	 * w18 = kind. The stack may be what is broken: take the emergency stack
	 * when no other PE reports on it. x0 and x1 are kept in registers that
	 * nothing needs any more on this PE.
	 */
own_exception:
	msr	spsel, #1
	msr	tpidr_el3, x0
	msr	sp_el0, x1
	add	w18, w18, #1
	ldr	x0, =emergency_lock
1:	ldaxr	w1, [x0]
	cbnz	w1, 1b
	stxr	w1, w18, [x0]
	cbnz	w1, 1b
	ldr	x0, =(emergency_stack + EMERGENCY_STACK)
	mov	sp, x0
	mrs	x0, tpidr_el3
	mrs	x1, sp_el0
	save_frame
	sub	w1, w18, #1
	b	unexpected_lower

	.section .text.el3_start_over, "ax"
	.globl	el3_start_over
el3_start_over:
	mrs	x1, tpidr_el3
	mov	sp, x1
	br	x0

	.section .text.el3_enter, "ax"
	.globl	el3_enter
el3_enter:
	ldp	x2, x3, [x0, #FRAME_PC]
	msr	elr_el3, x2
	msr	spsr_el3, x3
	/* The context may lie on this stack: from here on nothing is pushed. */
	mrs	x2, tpidr_el3
	mov	sp, x2
	.irp	n, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	mov	x\n, #0
	.endr
	ldp	x2, x3, [x0, #16]
	ldp	x4, x5, [x0, #32]
	ldp	x6, x7, [x0, #48]
	ldp	x8, x9, [x0, #64]
	ldp	x10, x11, [x0, #80]
	ldp	x12, x13, [x0, #96]
	ldp	x14, x15, [x0, #112]
	ldp	x16, x17, [x0, #128]
	ldp	x0, x1, [x0, #0]
	eret
	dsb	nsh
	isb
