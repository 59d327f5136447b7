/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's exceptions: from itself and from its processes. An exception that
 * cannot be trusts neither the stack nor TPIDR: see panic_vector.
 */
#include "asm.h"

	/* Push a struct frame; x0 = its address. */
	.macro	save_frame el
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	save_x4_x17 sp
	save_x18_x30 sp
	.if	\el == 0
	mrs	x21, sp_el0
	.else
	add	x21, sp, #FRAME_SIZE
	.endif
	mrs	x22, elr_el1
	mrs	x23, spsr_el1
	mrs	x24, esr_el1
	mrs	x25, far_el1
	str	x21, [sp, #FRAME_SP]
	stp	x22, x23, [sp, #FRAME_PC]
	stp	x24, x25, [sp, #FRAME_ESR]
	mov	x0, sp
	.endm

	/* Pop it and go where it says. */
	.macro	restore_frame el
	.if	\el == 0
	ldr	x21, [sp, #FRAME_SP]
	msr	sp_el0, x21
	.endif
	ldp	x22, x23, [sp, #FRAME_PC]
	msr	elr_el1, x22
	msr	spsr_el1, x23
	ldp	x0, x1, [sp, #0]
	ldp	x2, x3, [sp, #16]
	load_x4_x17 sp
	load_x18_x30 sp
	add	sp, sp, #FRAME_SIZE
	eret
	dsb	nsh
	isb
	.endm

	.text
	.balign	0x800
	.globl	host_vectors
host_vectors:
	.irp	number, 0, 1, 2, 3
	panic_vector \number
	.endr
	.balign	0x80
	b	kernel_sync
	.balign	0x80
	b	kernel_irq
	panic_vector 6
	panic_vector 7
	.balign	0x80
	b	user_sync
	.balign	0x80
	b	user_irq
	panic_vector 10
	panic_vector 11
	.balign	0x80
	b	user_sync	/* AArch32 */
	.balign	0x80
	b	user_irq
	panic_vector 14
	panic_vector 15
	.balign	0x80

	.globl	entry_begin, entry_end, kernel_sync
kernel_sync:
	save_frame HOST_EL
	bl	trap_kernel_sync
	restore_frame HOST_EL
entry_begin:
kernel_irq:
	save_frame HOST_EL
	bl	trap_kernel_irq
	restore_frame HOST_EL
user_sync:
	save_frame 0
	bl	trap_user_sync
	b	user_return
user_irq:
	save_frame 0
	bl	trap_user_irq
user_return:
	restore_frame 0
entry_end:

	/* A new thread comes here first, its frame on its stack. */
	.globl	thread_start
thread_start:
	mov	x0, sp
	bl	user_exit
	b	user_return

	.globl	panic_entry
panic_entry:
	stp	x2, x3, [sp, #16]
	save_x4_x17 sp
	save_x18_x30 sp
	mrs	x22, elr_el1
	mrs	x23, spsr_el1
	mrs	x24, esr_el1
	mrs	x25, far_el1
	str	xzr, [sp, #FRAME_SP]
	stp	x22, x23, [sp, #FRAME_PC]
	stp	x24, x25, [sp, #FRAME_ESR]
	mov	x0, sp
	bl	trap_panic
	b	.

	/* void thread_switch(struct thread *from, const struct thread *to) */
	.globl	thread_switch
thread_switch:
	push_callee_saved
	mov	x2, sp
	str	x2, [x0, #THREAD_SP]
	add	x2, x0, #THREAD_FP
	save_fp	x2, x3
	add	x2, x1, #THREAD_FP
	load_fp	x2, x3
	ldr	x2, [x1, #THREAD_SP]
	mov	sp, x2
	pop_callee_saved
	ret

	.section .note.GNU-stack, "", %progbits
