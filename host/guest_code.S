/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What guests execute, at EL1 and EL0, their MMU off. All registers of EL1 that
 * the host uses as well are given values that would hurt it: TPIDR_EL1, VBAR,
 * MDSCR_EL1.
 */
#include "probe.h"

	.section .guest, "ax"

	/* x0 = the struct state to load; x1, x2 are lost. */
	.macro	load_state_guest
	ldr	x1, [x0, #STATE_TPIDR_EL1]
	msr	tpidr_el1, x1
	ldr	x1, [x0, #STATE_MDSCR]
	msr	mdscr_el1, x1
	load_state_el1 x0, x1
	.endm

	.macro	guest_probe name, reg
	.globl	\name, \name\()_wait, \name\()_end
\name:
	ldr	x0, =GUEST_DATA
	ldr	x1, =(GUEST_DATA + PROBE_FOUND)
	mov	sp, x1
	load_state_guest
	ldr	x1, [x0, #STATE_VBAR]
	msr	vbar_el1, x1
	load_state_el0 x0, x1, x2
	load_all_x
\name\()_wait:
	wait_in \reg
\name\()_end:
	save_all_x
	save_state_el1 x0, x1
	save_state_el0 x0, x1, x2
	hvc	#0
	.endm

	guest_probe guest_probe_x27, x27
	guest_probe guest_probe_x1, x1

	/* Leave and come back with every register loaded; then as above. */
	.globl	guest_look
guest_look:
	ldr	x0, =GUEST_DATA
	ldr	x1, =(GUEST_DATA + PROBE_FOUND)
	mov	sp, x1
	load_state_guest
	ldr	x1, [x0, #STATE_VBAR]
	msr	vbar_el1, x1
	load_state_el0 x0, x1, x2
	load_all_x
	hvc	#1
	save_all_x
	save_state_el1 x0, x1
	save_state_el0 x0, x1, x2
	hvc	#0

	/* The same at the guest's EL0; its SVC brings it back to EL1. */
	.macro	guest_user_probe name, reg
	.globl	\name, \name\()_wait, \name\()_end
\name:
	ldr	x0, =GUEST_DATA
	load_state_guest
	ldr	x1, =(GUEST_DATA + GUEST_DATA_SIZE)
	mov	sp, x1
	ldr	x1, =(GUEST_DATA + PROBE_FOUND)
	msr	sp_el0, x1
	adr	x1, guest_vectors
	msr	vbar_el1, x1
	adr	x1, 2f
	msr	elr_el1, x1
	msr	spsr_el1, xzr
	eret
2:	load_state_el0 x0, x1, x2
	load_all_x
\name\()_wait:
	wait_in \reg
\name\()_end:
	save_all_x
	save_state_el0 x0, x1, x2
	svc	#0
	.endm

	guest_user_probe guest_user_probe_x27, x27
	guest_user_probe guest_user_probe_x1, x1

	/* Count as long as the data say so; interrupts are not the guest's. */
	.globl	guest_count
guest_count:
	ldr	x0, =GUEST_DATA
	mov	x1, #0
1:	add	x1, x1, #1
	str	x1, [x0, #8]
	ldr	x2, [x0]
	cmp	x1, x2
	b.lo	1b
	hvc	#0

	/* Data: a breakpoint and MDSCR_EL1 behind the number of rounds. */
	.globl	guest_debug
guest_debug:
	ldr	x0, =GUEST_DATA
	ldp	x1, x2, [x0, #8]
	ldr	x3, [x0, #24]
	msr	dbgbvr0_el1, x1
	msr	dbgbcr0_el1, x2
	msr	mdscr_el1, x3
	isb
	b	1f

	/* Data: how many rounds, and TPIDR_EL1. */
	.globl	guest_spin
guest_spin:
	ldr	x0, =GUEST_DATA
	ldr	x1, [x0, #8]
	msr	tpidr_el1, x1
1:	ldr	x1, [x0]
	.globl	guest_spin_wait, guest_spin_end
guest_spin_wait:
	sub	x1, x1, #1
	cbnz	x1, guest_spin_wait
guest_spin_end:
	hvc	#0
	.ltorg

	.balign	0x800
guest_vectors:
	.rept	8
	.balign	0x80
	hvc	#0xbad
	.endr
	.balign	0x80
	ldr	x0, =(GUEST_DATA + PROBE_FOUND)
	save_state_el1 x0, x1
	hvc	#0
	.balign	0x800
	.ltorg

	.section .note.GNU-stack, "", %progbits
