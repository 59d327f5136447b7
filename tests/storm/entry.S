/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handler of every event. It runs on the stack it finds: all that it can
 * interrupt is this payload. Nothing is kept outside the stack, so a critical
 * event may come at any instruction of a normal one's.
 */
#include "macros.h"

#define FRAME_X18	144
#define FRAME_FID	160
#define FRAME_SIZE	176

	.text
	.globl	event_entry
event_entry:
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x30, [sp, #FRAME_X18]
	mov	x0, sp
	bl	handle_event
	ldp	x18, x30, [sp, #FRAME_X18]
	ldp	x0, x1, [sp, #FRAME_FID]
	add	sp, sp, #FRAME_SIZE
	/* Nothing of these may be seen again. */
	.irp	n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
	mvn	x\n, x0
	.endr
	conduit	w2, x2
	bl	not_completed

	/* Where COMPLETE_AND_RESUME resumes: ELR and SPSR say what goes on. */
	.globl	resumed
resumed:
	eret

	.section .note.GNU-stack, "", %progbits
