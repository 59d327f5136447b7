/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assembler macros. The client is at EL2 or at EL1, which is only known when
 * running: none of these changes the flags, so all can be used where they are
 * still someone else's.
 */
/* clang-format off */
#ifndef CONFORMANCE_MACROS_H
#define CONFORMANCE_MACROS_H

#include "state.h"

	.arch_extension fp
	.arch_extension simd

	/* \reg = this PE's struct pe */
	.macro	this_pe reg
	read_elc \reg, tpidr
	.endm

	/* \reg = \name of the client's exception level */
	.macro	read_elc reg, name
	mrs	\reg, CurrentEL
	tbnz	\reg, #3, .Lel2_\@
	mrs	\reg, \name\()_el1
	b	.Ldone_\@
.Lel2_\@:
	mrs	\reg, \name\()_el2
.Ldone_\@:
	.endm

	/* \name of the client's exception level = \reg; \scratch is lost */
	.macro	write_elc name, reg, scratch
	mrs	\scratch, CurrentEL
	tbnz	\scratch, #3, .Lel2_\@
	msr	\name\()_el1, \reg
	b	.Ldone_\@
.Lel2_\@:
	msr	\name\()_el2, \reg
.Ldone_\@:
	.endm

	/* Into the struct state at x0: x1-x30, and x0 from \saved. */
	.macro	save_registers saved
	stp	x1, x2, [x0, #8]
	mrs	x1, \saved
	str	x1, [x0]
	stp	x3, x4, [x0, #24]
	stp	x5, x6, [x0, #40]
	stp	x7, x8, [x0, #56]
	stp	x9, x10, [x0, #72]
	stp	x11, x12, [x0, #88]
	stp	x13, x14, [x0, #104]
	stp	x15, x16, [x0, #120]
	stp	x17, x18, [x0, #136]
	stp	x19, x20, [x0, #152]
	stp	x21, x22, [x0, #168]
	stp	x23, x24, [x0, #184]
	stp	x25, x26, [x0, #200]
	stp	x27, x28, [x0, #216]
	stp	x29, x30, [x0, #232]
	.endm

	/* x4-x30 out of the struct state at \from, which is below x4. */
	.macro	load_registers from
	ldp	x4, x5, [\from, #32]
	ldp	x6, x7, [\from, #48]
	ldp	x8, x9, [\from, #64]
	ldp	x10, x11, [\from, #80]
	ldp	x12, x13, [\from, #96]
	ldp	x14, x15, [\from, #112]
	ldp	x16, x17, [\from, #128]
	load_high \from
	.endm

	.macro	load_high from
	ldp	x18, x19, [\from, #144]
	ldp	x20, x21, [\from, #160]
	ldp	x22, x23, [\from, #176]
	ldp	x24, x25, [\from, #192]
	ldp	x26, x27, [\from, #208]
	ldp	x28, x29, [\from, #224]
	ldr	x30, [\from, #240]
	.endm

	/* Call the dispatcher; \flag (a w register) is lost. */
	.macro	conduit flag, xflag
	adrp	\xflag, conduit_is_hvc
	ldr	\flag, [\xflag, :lo12:conduit_is_hvc]
	cbnz	\flag, .Lhvc_\@
	smc	#0
	b	.Lcalled_\@
.Lhvc_\@:
	hvc	#0
.Lcalled_\@:
	.endm

#endif
