/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assembler macros of the client. None changes the flags.
 */
/* clang-format off */
#ifndef CLIENT_MACROS_H
#define CLIENT_MACROS_H

#include "../layout.h"

#include <sdei/abi.h>

	/*
	 * -mbranch-protection, as the C code beside this was told. A function that
	 * is called by a pointer begins with a landing pad (BTI C); one that keeps
	 * its return address in memory signs it, which is a landing pad, too. All
	 * are hints: nothing, on a PE or in a system without them.
	 */
	.macro	landing_pad
#ifdef __ARM_FEATURE_BTI_DEFAULT
	hint	#34
#endif
	.endm

	.macro	sign_return
#if !defined(__ARM_FEATURE_PAC_DEFAULT)
	landing_pad
#elif __ARM_FEATURE_PAC_DEFAULT & 2
	hint	#27			/* PACIBSP */
#else
	hint	#25			/* PACIASP */
#endif
	.endm

	.macro	check_return
#if !defined(__ARM_FEATURE_PAC_DEFAULT)
#elif __ARM_FEATURE_PAC_DEFAULT & 2
	hint	#31			/* AUTIBSP */
#else
	hint	#29			/* AUTIASP */
#endif
	.endm

	/*
	 * The file's last line: what it keeps to, for the linker, which marks a
	 * program so only if all its objects are (ELF for the Arm 64-bit
	 * Architecture, program property). Its stack is not to be executed. GCS:
	 * every RET here goes where its BL was.
	 */
	.macro	properties
#ifdef __ARM_FEATURE_BTI_DEFAULT
#define PROPERTY_BTI	1
#else
#define PROPERTY_BTI	0
#endif
#ifdef __ARM_FEATURE_PAC_DEFAULT
#define PROPERTY_PAC	2
#else
#define PROPERTY_PAC	0
#endif
#ifdef __ARM_FEATURE_GCS_DEFAULT
#define PROPERTY_GCS	4
#else
#define PROPERTY_GCS	0
#endif
	.if	PROPERTY_BTI + PROPERTY_PAC + PROPERTY_GCS
	.section .note.gnu.property, "a", %note
	.balign	8
	.word	4, 16, 5		/* "GNU", NT_GNU_PROPERTY_TYPE_0 */
	.asciz	"GNU"
	.word	0xc0000000, 4		/* GNU_PROPERTY_AARCH64_FEATURE_1_AND */
	.word	PROPERTY_BTI + PROPERTY_PAC + PROPERTY_GCS, 0
	.endif
	.section .note.GNU-stack, "", %progbits
	.endm

	/* Call the dispatcher; \hvc, a w register, says how. */
	.macro	conduit hvc
	cbnz	\hvc, .Lhvc_\@
	smc	#0
	b	.Lback_\@
.Lhvc_\@:
	hvc	#0
.Lback_\@:
	.endm

	.macro	load32 reg, value
	movz	\reg, #((\value) & 0xffff)
	movk	\reg, #((\value) >> 16), lsl #16
	.endm

	/*
	 * x0 = this CPU's level for the shared event at x1. x4-x7 are kept in
	 * the event: it runs in one place at a time. No place: to \nowhere,
	 * x4-x7 lost. At EL2, \el2 is 1: pointers in the client's memory need
	 * the offset.
	 */
	.macro	find_level nowhere, el2=0
	stp	x4, x5, [x1, #EVENT_SCRATCH]
	stp	x6, x7, [x1, #EVENT_SCRATCH + 16]
	mrs	x4, mpidr_el1
	ubfx	x5, x4, #32, #8
	bfi	w4, w5, #24, #8
	load32	w5, PLACE_FACTOR
	mul	w5, w4, w5
	ldr	w6, [x1, #EVENT_SHIFT]
	lsr	w5, w5, w6
	ldr	x6, [x1, #EVENT_PLACES]
	add	x6, x6, x5, lsl #4
	.if	\el2
	ldr	x5, [x1, #EVENT_OFFSET]
	add	x6, x6, x5
	.endif
.Lnext_\@:
	ldp	x7, x0, [x6], #PLACE_SIZE
	cbz	x0, \nowhere
	sub	x7, x7, x4
	cbnz	x7, .Lnext_\@
	.if	\el2
	add	x0, x0, x5
	.endif
	ldr	w4, [x1, #EVENT_LEVEL]
	add	x0, x0, x4
	ldp	x4, x5, [x1, #EVENT_SCRATCH]
	ldp	x6, x7, [x1, #EVENT_SCRATCH + 16]
	.endm

	/*
	 * The level at x0 is the event's whose registration is x1, unless one
	 * runs there: then to \taken with x1 lost.
	 */
	.macro	claim_level taken
	str	x1, [x0, #LEVEL_ARRIVED]
	ldr	x1, [x0, #LEVEL_RUNNING]
	cbnz	x1, \taken
	ldr	x1, [x0, #LEVEL_ARRIVED]
	.endm

	/* x4-x30 and SP, x2 (PC) and x3 (PSTATE) into the level at x0. */
	.macro	save_interrupted
	stp	x4, x5, [x0, #LEVEL_X + 32]
	stp	x6, x7, [x0, #LEVEL_X + 48]
	stp	x8, x9, [x0, #LEVEL_X + 64]
	stp	x10, x11, [x0, #LEVEL_X + 80]
	stp	x12, x13, [x0, #LEVEL_X + 96]
	stp	x14, x15, [x0, #LEVEL_X + 112]
	stp	x16, x17, [x0, #LEVEL_X + 128]
	stp	x18, x19, [x0, #LEVEL_X + 144]
	stp	x20, x21, [x0, #LEVEL_X + 160]
	stp	x22, x23, [x0, #LEVEL_X + 176]
	stp	x24, x25, [x0, #LEVEL_X + 192]
	stp	x26, x27, [x0, #LEVEL_X + 208]
	stp	x28, x29, [x0, #LEVEL_X + 224]
	mov	x4, sp
	stp	x30, x4, [x0, #LEVEL_X + 240]
	str	x4, [x0, #LEVEL_OWN_SP]
	stp	x2, x3, [x0, #LEVEL_PC]
	.endm

	/* x18-x30 and SP from the level at x17. */
	.macro	load_interrupted
	ldp	x18, x19, [x17, #LEVEL_X + 144]
	ldp	x20, x21, [x17, #LEVEL_X + 160]
	ldp	x22, x23, [x17, #LEVEL_X + 176]
	ldp	x24, x25, [x17, #LEVEL_X + 192]
	ldp	x26, x27, [x17, #LEVEL_X + 208]
	ldp	x28, x29, [x17, #LEVEL_X + 224]
	ldr	x30, [x17, #LEVEL_X + 240]
	ldr	x2, [x17, #LEVEL_OWN_SP]
	mov	sp, x2
	.endm

	/* The arguments that end an event which cannot be served. */
	.macro	refuse_event
	load32	w0, SDEI_FID_EVENT_COMPLETE
	mov	x1, #SDEI_FAILED
	.endm

#endif
