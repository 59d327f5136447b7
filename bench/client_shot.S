/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time stamps around the client: one before its entry, two in its callback.
 * TPIDR_EL2 is nobody's here, so it carries the first: the entry may change
 * nothing but x0.
 */
#include "shot.h"

	.text
	.globl	stamped_entry
stamped_entry:
	mrs	x0, cntvct_el0
	msr	tpidr_el2, x0
	b	sdei_entry

	/* int stamped_callback(const struct sdei_interrupted *, struct shot *) */
	.globl	stamped_callback
stamped_callback:
	mrs	x2, cntvct_el0
	mrs	x3, tpidr_el2
	str	x3, [x1, #SHOT_ENTERED]
	str	x2, [x1, #SHOT_CALLED]
	mov	w0, #0
	mrs	x2, cntvct_el0
	str	x2, [x1, #SHOT_LEAVING]
	ret

	/*
	 * Vectors for what interrupts events with interrupts open: all that
	 * comes there is the client's COMPLETE_AND_RESUME.
	 */
	.globl	resume_vectors
	.balign	0x800
resume_vectors:
	.rept	5
	.balign	0x80
	b	.
	.endr
	.balign	0x80
	mrs	x9, cntvct_el0
	eret
	.balign	0x800

	.section .note.GNU-stack, "", %progbits
