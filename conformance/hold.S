/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers held still in the middle of a handler: the character in x0 goes to
 * the console, ends a request for help there, and one is awaited. What pre-empts
 * the handler meanwhile finds these registers and nothing else.
 */
#include "macros.h"

#define UART_DR		0x00
#define UART_FR		0x18
#define RXFE_BIT	4

	.text
	/*
	 * void hold(const struct state *in, struct state *out): x2-x30 and
	 * NZCV from `in`, x0 is the character, x1 must be the console's
	 * address. What came of them goes to `out`: x0 is the console's flags.
	 */
	.globl	hold, hold_wait
hold:
	stp	x29, x30, [sp, #-112]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x1, [sp, #96]
	ldr	x1, [x0, #STATE_PSTATE]
	msr	nzcv, x1
	load_registers x0
	ldp	x2, x3, [x0, #16]
	ldp	x0, x1, [x0, #0]
	str	w0, [x1, #UART_DR]
hold_wait:
	ldr	w0, [x1, #UART_FR]
	tbnz	w0, #RXFE_BIT, hold_wait

	msr	tpidrro_el0, x0
	ldr	x0, [sp, #96]
	save_registers tpidrro_el0
	bl	save_rest
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #112
	ret

	.section .note.GNU-stack, "", %progbits
