/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry from EL3 and the jump into the kernel, at EL2 or at EL1.
 *
 * The first translation table is initialised data, so nothing is written
 * before the caches are on: EL3 may have left this memory in them.
 */
#include <platform.h>

/* SCTLR: the bits that are RES1 (little-endian), and the switches. */
#define SCTLR_EL1_BASE	0x30d00800
#define SCTLR_EL2_BASE	0x30c50830
#define SCTLR_ON	((1 << 12) | (1 << 2) | (1 << 0))	/* I, C, M */

/* Attributes 0: Device-nGnRE, 1: Normal, write-back (mmu.c names them). */
#define MAIR		0xff04

/*
 * 4 KiB granule, walks write-back and inner shareable; 39 bits of address, or 44 where
 * RAM begins beyond. More bits of physical address than that are of no use.
 */
#if PLAT_RAM_BASE >> 39
#define T0SZ		20
#define PHYSICAL_MAX	4		/* 44 bits */
#else
#define T0SZ		25
#define PHYSICAL_MAX	2		/* 40 bits */
#endif
#define TCR_WALK	((T0SZ << 0) | (1 << 8) | (1 << 10) | (3 << 12))
#define TCR_EL1_BASE	(TCR_WALK | (1 << 23))			/* no TTBR1 */
#define TCR_EL2_BASE	(TCR_WALK | (1 << 23) | (1 << 31))	/* RES1 */
#define TCR_EL1_IPS	32
#define TCR_EL2_PS	16

#define HCR_RW		(1 << 31)		/* EL1 is AArch64; no VHE */
#define CPTR_EL2_BASE	0x33ff			/* RES1; FP not trapped */
#define CPACR_FPEN	(3 << 20)

/* Branch to `target` unless running at EL2. x9 is lost. */
.macro	unless_el2 target
	mrs	x9, CurrentEL
	cmp	x9, #(2 << 2)
	b.ne	\target
.endm

/* Vectors, translation and caches of `el`; x0 = size field of TCR. */
.macro	mmu_on el, tcr, size_shift, sctlr, tlbi
	ldr	x1, =vectors
	msr	vbar_\el, x1
	ldr	x1, =MAIR
	msr	mair_\el, x1
	ldr	x1, =\tcr
	orr	x1, x1, x0, lsl #\size_shift
	msr	tcr_\el, x1
	ldr	x1, =mmu_table
	msr	ttbr0_\el, x1
	tlbi	\tlbi
	ic	iallu
	dsb	nsh
	isb
	ldr	x1, =(\sctlr | SCTLR_ON)
	msr	sctlr_\el, x1
	isb
.endm

/* Translation and caches of `el` off. x9 is lost. */
.macro	mmu_off el, sctlr, tlbi
	ldr	x9, =\sctlr
	msr	sctlr_\el, x9
	isb
	tlbi	\tlbi
	ic	iallu
	dsb	nsh
	isb
.endm

	.section .head, "ax"
	.globl	_start
_start:
	msr	daifset, #0xf
	msr	spsel, #1

	mrs	x0, id_aa64mmfr0_el1
	and	x0, x0, #0xf
	mov	x1, #PHYSICAL_MAX
	cmp	x0, x1
	csel	x0, x0, x1, lo

	unless_el2 1f
	mov	x1, #HCR_RW
	msr	hcr_el2, x1
	mov	x1, #CPTR_EL2_BASE
	msr	cptr_el2, x1
	isb
	mmu_on	el2, TCR_EL2_BASE, TCR_EL2_PS, SCTLR_EL2_BASE, alle2
	b	2f
1:	mov	x1, #CPACR_FPEN
	msr	cpacr_el1, x1
	mmu_on	el1, TCR_EL1_BASE, TCR_EL1_IPS, SCTLR_EL1_BASE, vmalle1
2:
	ldr	x0, =bss_start
	ldr	x1, =stack_top
	mov	sp, x1
3:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	3b

	/* Returns where to go in x0 and the device tree in x1. */
	bl	boot_main
	mov	x10, x0
	mov	x0, x1

	/* No memory is read or written from here on, but for instructions. */
	unless_el2 4f
	mmu_off	el2, SCTLR_EL2_BASE, alle2
	b	5f
4:	mmu_off	el1, SCTLR_EL1_BASE, vmalle1
5:	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	br	x10

/* Every exception is a mistake. The stack may be why: take a fresh one. */
unexpected:
	ldr	x0, =stack_top
	mov	sp, x0
	unless_el2 1f
	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	b	boot_exception
1:	mrs	x0, esr_el1
	mrs	x1, elr_el1
	mrs	x2, far_el1
	b	boot_exception

	.ltorg

	.text
	.balign	0x800
vectors:
	.rept	16
	.balign	0x80
	b	unexpected
	.endr

	.section .note.GNU-stack, "", %progbits
