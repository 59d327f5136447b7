/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a benchmark starts: at EL2, or as a guest at EL1, one PE, MMU and caches as they are found
 * (off). Only instructions are counted, so their speed does not matter.
 */
#include "shot.h"

	.section .head, "ax"
	.globl	_start
_start:
	msr	daifset, #0xf
	msr	spsel, #1
	adrp	x0, vectors
	add	x0, x0, :lo12:vectors
	msr	VBAR, x0
	isb
	ldr	x0, =stack_top
	mov	sp, x0
	ldr	x0, =bss_start
	ldr	x1, =bss_end
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b
	bl	bench_main
	bl	power_off

	/* noreturn void power_off(void): PSCI SYSTEM_OFF */
	.globl	power_off
power_off:
	mov	w0, #0x0008
	movk	w0, #0x8400, lsl #16
	CONDUIT	#0
	b	.
	.ltorg

	.text
	.balign	0x800
vectors:
	.rept	16
	.balign	0x80
	mrs	x0, ESR
	mrs	x1, ELR
	mrs	x2, FAR
	bl	unexpected_exception
	.endr

	.section .bss
	.balign	16
	.space	0x4000
stack_top:

	.section .note.GNU-stack, "", %progbits
