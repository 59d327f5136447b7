/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probes, for assembly: load every register with a given value, wait to be
 * interrupted, and store what is there afterwards. Two variants: the loop has
 * to count in some register, and each is still while the other one counts.
 */
/* clang-format off */
#ifndef HOST_PROBE_H
#define HOST_PROBE_H

#include "asm.h"

	/* x0 to x30 of the struct state at x0. */
	.macro	load_all_x
	ldp	x2, x3, [x0, #16]
	load_x4_x17 x0
	load_x18_x30 x0
	ldp	x0, x1, [x0, #0]
	.endm

	/* Into the struct state at SP; x0 = SP afterwards. */
	.macro	save_all_x
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	save_x4_x17 sp
	save_x18_x30 sp
	mov	x0, sp
	str	x0, [x0, #STATE_SP]
	.endm

	.macro	wait_in reg
1:	sub	\reg, \reg, #1
	cbnz	\reg, 1b
	.endm

#endif
