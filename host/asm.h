/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assembler macros. Each says by its name what it saves or loads.
 */
/* clang-format off */
#ifndef HOST_ASM_H
#define HOST_ASM_H

#include "arch.h"
#include "layout.h"

#if HOST_VHE
	.arch	armv8.1-a
#endif
	.arch_extension fp
	.arch_extension simd

	/* TPIDR of the host's exception level: this CPU's struct cpu. */
	.macro	this_cpu reg
#if HOST_VHE
	mrs	\reg, tpidr_el2
#else
	mrs	\reg, tpidr_el1
#endif
	.endm

	/* The number of this CPU, which needs no memory and no TPIDR. */
	.macro	cpu_number reg
	mrs	\reg, mpidr_el1
	and	\reg, \reg, #(MAX_CPUS - 1)
	.endm

	.macro	save_x4_x17 base
	stp	x4, x5, [\base, #32]
	stp	x6, x7, [\base, #48]
	stp	x8, x9, [\base, #64]
	stp	x10, x11, [\base, #80]
	stp	x12, x13, [\base, #96]
	stp	x14, x15, [\base, #112]
	stp	x16, x17, [\base, #128]
	.endm

	.macro	load_x4_x17 base
	ldp	x4, x5, [\base, #32]
	ldp	x6, x7, [\base, #48]
	ldp	x8, x9, [\base, #64]
	ldp	x10, x11, [\base, #80]
	ldp	x12, x13, [\base, #96]
	ldp	x14, x15, [\base, #112]
	ldp	x16, x17, [\base, #128]
	.endm

	.macro	save_x18_x30 base
	stp	x18, x19, [\base, #144]
	stp	x20, x21, [\base, #160]
	stp	x22, x23, [\base, #176]
	stp	x24, x25, [\base, #192]
	stp	x26, x27, [\base, #208]
	stp	x28, x29, [\base, #224]
	str	x30, [\base, #240]
	.endm

	.macro	load_x18_x30 base
	ldp	x18, x19, [\base, #144]
	ldp	x20, x21, [\base, #160]
	ldp	x22, x23, [\base, #176]
	ldp	x24, x25, [\base, #192]
	ldp	x26, x27, [\base, #208]
	ldp	x28, x29, [\base, #224]
	ldr	x30, [\base, #240]
	.endm

	/* What a function must preserve, pushed and popped. */
	.macro	push_callee_saved
	stp	x29, x30, [sp, #-112]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x18, [sp, #96]
	.endm

	.macro	pop_callee_saved
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldr	x18, [sp, #96]
	ldp	x29, x30, [sp], #112
	.endm

	/* The struct fp at \base; \a is lost. */
	.macro	save_fp base, a
	stp	q0, q1, [\base, #0]
	stp	q2, q3, [\base, #32]
	stp	q4, q5, [\base, #64]
	stp	q6, q7, [\base, #96]
	stp	q8, q9, [\base, #128]
	stp	q10, q11, [\base, #160]
	stp	q12, q13, [\base, #192]
	stp	q14, q15, [\base, #224]
	stp	q16, q17, [\base, #256]
	stp	q18, q19, [\base, #288]
	stp	q20, q21, [\base, #320]
	stp	q22, q23, [\base, #352]
	stp	q24, q25, [\base, #384]
	stp	q26, q27, [\base, #416]
	stp	q28, q29, [\base, #448]
	stp	q30, q31, [\base, #480]
	mrs	\a, fpcr
	str	\a, [\base, #FP_FPCR]
	mrs	\a, fpsr
	str	\a, [\base, #(FP_FPCR + 8)]
	.endm

	.macro	load_fp base, a
	ldr	\a, [\base, #FP_FPCR]
	msr	fpcr, \a
	ldr	\a, [\base, #(FP_FPCR + 8)]
	msr	fpsr, \a
	ldp	q0, q1, [\base, #0]
	ldp	q2, q3, [\base, #32]
	ldp	q4, q5, [\base, #64]
	ldp	q6, q7, [\base, #96]
	ldp	q8, q9, [\base, #128]
	ldp	q10, q11, [\base, #160]
	ldp	q12, q13, [\base, #192]
	ldp	q14, q15, [\base, #224]
	ldp	q16, q17, [\base, #256]
	ldp	q18, q19, [\base, #288]
	ldp	q20, q21, [\base, #320]
	ldp	q22, q23, [\base, #352]
	ldp	q24, q25, [\base, #384]
	ldp	q26, q27, [\base, #416]
	ldp	q28, q29, [\base, #448]
	ldp	q30, q31, [\base, #480]
	.endm

	/* What every exception level has of the struct state at \base. */
	.macro	load_state_el0 base, a, b
	add	\a, \base, #STATE_FP
	load_fp	\a, \b
	ldr	\a, [\base, #STATE_NZCV]
	msr	nzcv, \a
	ldr	\a, [\base, #STATE_TPIDR_EL0]
	msr	tpidr_el0, \a
	.endm

	.macro	save_state_el0 base, a, b
	mrs	\a, nzcv
	str	\a, [\base, #STATE_NZCV]
	mrs	\a, tpidr_el0
	str	\a, [\base, #STATE_TPIDR_EL0]
	mrs	\a, tpidrro_el0
	str	\a, [\base, #STATE_TPIDRRO_EL0]
	add	\a, \base, #STATE_FP
	save_fp	\a, \b
	.endm

	/* And what EL1 has beside; a host at EL2 means EL2's by these names. */
	.macro	load_state_el1 base, a
	ldr	\a, [\base, #STATE_ELR]
	msr	elr_el1, \a
	ldr	\a, [\base, #STATE_SPSR]
	msr	spsr_el1, \a
	ldr	\a, [\base, #STATE_ESR]
	msr	esr_el1, \a
	ldr	\a, [\base, #STATE_FAR]
	msr	far_el1, \a
	ldr	\a, [\base, #STATE_SP_EL0]
	msr	sp_el0, \a
	ldr	\a, [\base, #STATE_TPIDRRO_EL0]
	msr	tpidrro_el0, \a
	.endm

	.macro	save_state_el1 base, a
	mrs	\a, elr_el1
	str	\a, [\base, #STATE_ELR]
	mrs	\a, spsr_el1
	str	\a, [\base, #STATE_SPSR]
	mrs	\a, esr_el1
	str	\a, [\base, #STATE_ESR]
	mrs	\a, far_el1
	str	\a, [\base, #STATE_FAR]
	mrs	\a, sp_el0
	str	\a, [\base, #STATE_SP_EL0]
	mrs	\a, tpidr_el1
	str	\a, [\base, #STATE_TPIDR_EL1]
	mrs	\a, vbar_el1
	str	\a, [\base, #STATE_VBAR]
	.endm

	/*
	 * An exception that cannot be. This CPU's panic stack is found by its
	 * number; TPIDRRO_EL0 is the scratch register, since nobody goes back.
	 */
	.macro	panic_vector number
	.balign	0x80
	msr	tpidrro_el0, x0
	cpu_number x0
	add	x0, x0, #1
	lsl	x0, x0, #PANIC_STACK_SHIFT
	mov	sp, x0
	adrp	x0, panic_stacks
	add	x0, x0, :lo12:panic_stacks
	add	sp, sp, x0
	mrs	x0, tpidrro_el0
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp, #0]
	mov	x1, #\number
	b	panic_entry
	.endm

#endif
