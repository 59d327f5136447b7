/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What processes of the host execute, at EL0. They start with nothing but SP,
 * at the end of their data.
 */
#include "probe.h"
#include "system.h"

	.section .user, "ax"

	/* Wait with registers loaded from the data; exit. */
	.macro	user_probe name, reg
	.globl	\name, \name\()_wait, \name\()_end
\name:
	ldr	x0, =USER_DATA
	add	x1, x0, #PROBE_FOUND
	mov	sp, x1
	load_state_el0 x0, x1, x2
	load_all_x
\name\()_wait:
	wait_in \reg
\name\()_end:
	save_all_x
	save_state_el0 x0, x1, x2
	svc	#SYS_EXIT
	.endm

	user_probe user_probe_x27, x27
	user_probe user_probe_x1, x1

	/* The same, but instead of waiting it shows itself to the kernel. */
	.globl	user_look
user_look:
	ldr	x0, =USER_DATA
	add	x1, x0, #PROBE_FOUND
	mov	sp, x1
	load_state_el0 x0, x1, x2
	load_all_x
	svc	#SYS_LOOK
	save_all_x
	save_state_el0 x0, x1, x2
	svc	#SYS_EXIT

	/*
	 * The probe in AArch32: A32 instructions, as the comments have them. The
	 * data are a struct state_32, the registers that it counts in R12.
	 */
	.globl	user_probe_32, user_probe_32_wait, user_probe_32_end
user_probe_32:
	.word	0xe3a00606	/* mov r0, #USER_DATA */
	.word	0xe5901040	/* ldr r1, [r0, #64] */
	.word	0xe12cf001	/* msr APSR_nzcvqg, r1 */
	.word	0xe2801048	/* add r1, r0, #72 */
	.word	0xecb10b20	/* vldmia r1!, {d0-d15} */
	.word	0xecf10b20	/* vldmia r1!, {d16-d31} */
	.word	0xe8907fff	/* ldm r0, {r0-r14} */
user_probe_32_wait:
	.word	0xe25cc001	/* subs r12, r12, #1 */
	.word	0x1afffffd	/* bne user_probe_32_wait */
user_probe_32_end:
	.word	0xe3a0c606	/* mov r12, #USER_DATA */
	.word	0xe28cca02	/* add r12, r12, #PROBE_FOUND */
	.word	0xe88c7fff	/* stm r12, {r0-r14} */
	.word	0xe10f1000	/* mrs r1, APSR */
	.word	0xe58c1040	/* str r1, [r12, #64] */
	.word	0xe28c1048	/* add r1, r12, #72 */
	.word	0xeca10b20	/* vstmia r1!, {d0-d15} */
	.word	0xece10b20	/* vstmia r1!, {d16-d31} */
	.word	0xef000000	/* svc #SYS_EXIT */

	/*
	 * A VMM: run the guest until it leaves. A signal is counted, and then
	 * the guest goes on.
	 */
	.globl	user_vmm
user_vmm:
	ldr	x19, =USER_DATA
	adr	x0, vmm_signal
	svc	#SYS_SIGNAL
1:	svc	#SYS_RUN
	cbz	x0, 1b
	svc	#SYS_EXIT
vmm_signal:
	ldr	x1, [x19]
	add	x1, x1, #1
	str	x1, [x19]
	svc	#SYS_SIGRETURN

	/* Data: how many rounds. */
	.globl	user_spin, user_spin_end
user_spin:
	ldr	x0, =USER_DATA
	ldr	x1, [x0]
1:	sub	x1, x1, #1
	cbnz	x1, 1b
user_spin_end:
	svc	#SYS_EXIT

	/* One whose guest leaves twice; it has something in TPIDR_EL0, V8. */
	.globl	user_vmm_twice
user_vmm_twice:
	mov	x0, #VMM_MARK
	msr	tpidr_el0, x0
	fmov	d8, x0
	svc	#SYS_RUN
	svc	#SYS_RUN
	mrs	x0, tpidr_el0
	fmov	x1, d8
	and	x0, x0, x1
	svc	#SYS_EXIT

	/*
	 * Count in x20 until there were as many signals as the data say, or it
	 * is time to give up; a signal notes the count that it found.
	 */
	.globl	user_count, user_count_loop, user_count_end
user_count:
	ldr	x19, =USER_DATA
	ldr	x21, [x19]
	ldr	x23, [x19, #24]
	adr	x0, count_signal
	svc	#SYS_SIGNAL
	mov	x20, #0
user_count_loop:
	add	x20, x20, #1
	ldr	x22, [x19, #8]
	cmp	x20, x23
	ccmp	x22, x21, #2, lo	/* #2: C, as if it were not lower */
	b.lo	user_count_loop
user_count_end:
	mov	x0, x20
	svc	#SYS_EXIT
count_signal:
	ldr	x22, [x19, #8]
	add	x22, x22, #1
	str	x22, [x19, #8]
	str	x20, [x19, #16]
	svc	#SYS_SIGRETURN
	.ltorg

	.section .note.GNU-stack, "", %progbits
