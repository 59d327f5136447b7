/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reset. All PEs arrive here at the same time, at EL3, MMU off, executing from
 * flash. PE 0 prepares memory; the others wait for it.
 *
 * What they wait on must be false after every reset, also one that the
 * firmware did not ask for, and RAM keeps its contents over a reset: so they
 * wait for the distributor's Group 0 enable, which reset clears and which PE 0
 * sets when all is ready (gic_start_distributor).
 */
#include "layout.h"

#define SCTLR_EL3_RESET	0x30C50830	/* RES1 bits, MMU and caches off */

	.section .text.start, "ax"
	.globl _start
_start:
	mrs	x0, CurrentEL
	cmp	x0, #3 << 2
	b.ne	not_el3
	ldr	x0, =SCTLR_EL3_RESET
	msr	sctlr_el3, x0
	adr	x0, vectors
	msr	vbar_el3, x0
	isb

	/* PE index: machine_affinity() backwards. */
	mrs	x0, mpidr_el1
	ubfx	x1, x0, #8, #8
	and	x0, x0, #0xff
	add	x19, x0, x1, lsl #PLAT_CLUSTER_SHIFT
	cmp	x19, #PLAT_MAX_PES
	b.hs	park

	cbnz	x19, wait

	/* PE 0: .data from flash, .bss to zero, then page tables. */
	ldr	x0, =(PES_MEMORY + STACK_SIZE)
	mov	sp, x0
	ldr	x0, =__data_start
	ldr	x1, =__data_end
	ldr	x2, =__data_load
1:	cmp	x0, x1
	b.hs	2f
	ldp	x3, x4, [x2], #16
	stp	x3, x4, [x0], #16
	b	1b
2:	ldr	x0, =__bss_start
	ldr	x1, =__bss_end
3:	cmp	x0, x1
	b.hs	4f
	stp	xzr, xzr, [x0], #16
	b	3b
4:	bl	mmu_build
	b	run

wait:	ldr	x0, =PLAT_GICD_BASE
5:	ldr	w1, [x0]
	tbnz	w1, #0, run
	yield
	b	5b

	/* A PE's stack ends where its struct pe begins: layout.h. */
run:	bl	mmu_enable
	ldr	x0, =PES
	mov	x1, #PE_STRIDE
	madd	x0, x19, x1, x0
	msr	tpidr_el3, x0
	mov	sp, x0
	mov	x0, x19
	bl	el3_main
	b	park

park:	wfi
	b	park

	/*
	 * Without secure=on QEMU starts one PE at EL2 or EL1 and is PSCI itself, by
	 * SMC or HVC (DEN0022F 5.15, SYSTEM_OFF).
	 */
not_el3:
	ldr	x1, =PLAT_UART0_BASE
	adr	x2, no_el3
1:	ldrb	w3, [x2], #1
	cbz	w3, 2f
	str	w3, [x1]
	b	1b
2:	mrs	x1, CurrentEL
	ldr	w0, =0x84000008
	cmp	x1, #2 << 2
	b.eq	3f
	hvc	#0
	b	park
3:	smc	#0
	b	park

no_el3:	.ascii	"opensdei: this machine does not start at EL3: "
	.ascii	PLAT_HOW
	.asciz	"\r\n"
