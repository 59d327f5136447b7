/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probes at the host's exception level. SP is nonsense in one of them: an event
 * must not touch the stack that it interrupts.
 */
#include "probe.h"

	/* void probe(struct state *load, struct state *found) */
	.macro	host_probe name, reg
	.globl	\name, \name\()_wait, \name\()_end
\name:
	push_callee_saved
	this_cpu x2
	mov	x3, sp
	str	x3, [x2, #CPU_PROBE_SP]
	mov	sp, x1
	load_state_el0 x0, x1, x2
	load_state_el1 x0, x1
	load_all_x
\name\()_wait:
	wait_in \reg
\name\()_end:
	save_all_x
	save_state_el1 x0, x1
	mrs	x1, mdscr_el1
	str	x1, [x0, #STATE_MDSCR]
	save_state_el0 x0, x1, x2
	this_cpu x2
	ldr	x3, [x2, #CPU_PROBE_SP]
	mov	sp, x3
	pop_callee_saved
	ret
	.endm

	.text
	host_probe probe_x27, x27
	host_probe probe_x1, x1

	/*
	 * The same with load->sp in SP. TPIDRRO_EL0 is the scratch register
	 * afterwards, so it is not among what is found.
	 */
	.globl	probe_no_stack, probe_no_stack_wait, probe_no_stack_end
probe_no_stack:
	push_callee_saved
	this_cpu x2
	str	x1, [x2, #CPU_PROBE_FOUND]
	mov	x3, sp
	str	x3, [x2, #CPU_PROBE_SP]
	ldr	x1, [x0, #STATE_SP]
	mov	sp, x1
	load_state_el0 x0, x1, x2
	load_state_el1 x0, x1
	load_all_x
probe_no_stack_wait:
	wait_in x27
probe_no_stack_end:
	msr	tpidrro_el0, x0
	this_cpu x0
	ldr	x0, [x0, #CPU_PROBE_FOUND]
	stp	x2, x3, [x0, #16]
	save_x4_x17 x0
	save_x18_x30 x0
	mrs	x2, tpidrro_el0
	stp	x2, x1, [x0, #0]
	mov	x2, sp
	str	x2, [x0, #STATE_SP]
	save_state_el1 x0, x1
	mrs	x1, mdscr_el1
	str	x1, [x0, #STATE_MDSCR]
	save_state_el0 x0, x1, x2
	this_cpu x2
	ldr	x3, [x2, #CPU_PROBE_SP]
	mov	sp, x3
	pop_callee_saved
	ret

	/* void fault_at(uint64_t address): on purpose. */
	.globl	fault_at, fault_fixup
fault_at:
	ldr	x0, [x0]
fault_fixup:
	ret

	/* void debug_trap(void): where a guest may have put its breakpoint. */
	.globl	debug_trap, debug_fixup
debug_trap:
	nop
debug_fixup:
	ret

	/* void spin_masked(uint64_t *while_set), interrupts masked */
	.globl	spin_masked, spin_masked_loop, spin_masked_end
spin_masked:
	stp	x29, x30, [sp, #-16]!
	mov	x29, sp
	mrs	x2, daif
	msr	daifset, #2
spin_masked_loop:
	ldar	x1, [x0]
	cbnz	x1, spin_masked_loop
spin_masked_end:
	msr	daif, x2
	ldp	x29, x30, [sp], #16
	ret

	.section .note.GNU-stack, "", %progbits
