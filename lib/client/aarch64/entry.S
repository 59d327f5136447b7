/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where events come in: x0 number, x1 registration, x2 PC, x3 PSTATE,
 * everything else as it was interrupted. SP is not to be used or believed, and
 * ELR, SPSR, ESR and FAR may be in use: nothing here touches them.
 */
#include "macros.h"

	.text
	.globl	sdei_entry
	.type	sdei_entry, %function
	.balign	4
sdei_entry:
	ldr	x0, [x1, #REG_LEVEL]
	cbz	x0, shared
found:
	claim_level nested
	str	x1, [x0, #LEVEL_RUNNING]
	save_interrupted
	ldr	x4, [x0, #LEVEL_STACK]
	mov	sp, x4
	mov	x19, x0
	bl	client_event

	/*
	 * x0 and x1 say how to leave, x19 is the level. The context's own x0 to
	 * x17 come back from the dispatcher; x3 is for a stub, x17 for us, if
	 * we are here again. Once it is not "running" the level is not ours.
	 */
leave:
	mov	x17, x19
	ldr	x3, [x17, #LEVEL_EL2]
	load_interrupted
	ldr	w2, [x17, #LEVEL_HVC]
	str	xzr, [x17, #LEVEL_RUNNING]
	conduit	w2

	/* Refused, and x17 is as it was (SMCCC 1.1). */
	ldr	x2, [x17, #LEVEL_ARRIVED]
	str	x2, [x17, #LEVEL_RUNNING]
	ldr	x2, [x17, #LEVEL_STACK]
	mov	sp, x2
	mov	x19, x17
	mov	x1, x0
	mov	x0, x17
	bl	client_refused
	cbnz	x0, leave

	/* Or a CPU that is not in the table. Nobody knows whom to tell. */
nowhere:
stop:
	wfi
	b	stop

shared:
	find_level nowhere
	b	found

	/* The handler that runs will tell; its context stays untouched. */
nested:
	ldr	w1, [x0, #LEVEL_NESTED]
	add	w1, w1, #1
	str	w1, [x0, #LEVEL_NESTED]
	ldr	w2, [x0, #LEVEL_HVC]
	refuse_event
	conduit	w2
	b	stop

	properties
