/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ways into client.c beside bench/start.S: handlers, another PE, a PE that wakes.
 */

/*
 * An event: x1, its argument, is the end of a stack of its own. What x18 to x30 are is
 * the interrupted code's.
 */
	.text
	.globl	handler
handler:
	mov	x4, sp
	mov	sp, x1
	stp	x29, x30, [sp, #-32]!
	str	x4, [sp, #16]
	bl	handle
	ldr	x4, [sp, #16]
	ldp	x29, x30, [sp], #32
	mov	sp, x4
	mov	w0, #0x0025		/* EVENT_COMPLETE, handled */
	movk	w0, #0xc400, lsl #16
	mov	x1, #0
	smc	#0
	b	.

/* CPU_ON: x0 is the end of its stack. */
	.globl	second
second:
	msr	spsel, #1
	mov	sp, x0
	bl	second_main
	b	.

/* uint64_t sleep(uint64_t state): CPU_SUSPEND; 0 when the PE has woken by its entry */
	.globl	sleep
sleep:
	stp	x29, x30, [sp, #-96]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	mov	x1, x0
	mov	w0, #0x0001
	movk	w0, #0xc400, lsl #16
	adr	x2, 1f
	mov	x3, sp
	smc	#0
	b	2f
1:	msr	spsel, #1
	mov	sp, x0
	mov	x0, #0
2:	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #96
	ret

	.section .note.GNU-stack, "", %progbits
