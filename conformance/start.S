/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where PEs come in: the first from the loader, the others from CPU_ON, any of
 * them from a power-down. Whatever the MMU was, it is ours afterwards.
 *
 * The translation tables are initialised data, so that nothing is written
 * before the caches are on.
 */
#include "macros.h"

#define SCTLR_EL1_BASE	0x30d00800
#define SCTLR_EL2_BASE	0x30c50830
#define SCTLR_ON	((1 << 12) | (1 << 2) | (1 << 0))	/* I, C, M */
#define MAIR		0xff04		/* 0: device, 1: normal, write-back */
/* Memory from 512 GiB on takes one level more: 44 bits of address instead of 39. */
#if RAM_BASE >> 39
#define T0SZ		20
#define OUTPUT		4		/* 44 bits */
#define ROOT		translation_0
#else
#define T0SZ		25
#define OUTPUT		2		/* 40 bits */
#define ROOT		translation_1
#endif
#define TCR_WALK	((T0SZ << 0) | (1 << 8) | (1 << 10) | (3 << 12))
#define TCR_EL1_VALUE	(TCR_WALK | (1 << 23) | (OUTPUT << 32))
#define TCR_EL2_VALUE	(TCR_WALK | (1 << 23) | (1 << 31) | (OUTPUT << 16))

/* EL1 is AArch64; physical interrupts come to EL2, whoever runs. */
#define HCR_VALUE	((1 << 31) | (1 << 4))
#define CPTR_VALUE	0x33ff		/* RES1; FP is not trapped */
#define MDCR_TDE	(1 << 8)	/* BRK of EL1 and EL0 comes to EL2 */
#define CPACR_FPEN	(3 << 20)

	.macro	mmu_on el, tcr, sctlr, tlbi
	ldr	x1, =\sctlr
	msr	sctlr_\el, x1
	isb
	ldr	x1, =vectors
	msr	vbar_\el, x1
	ldr	x1, =MAIR
	msr	mair_\el, x1
	ldr	x1, =\tcr
	msr	tcr_\el, x1
	ldr	x1, =ROOT
	msr	ttbr0_\el, x1
	tlbi	\tlbi
	ic	iallu
	dsb	nsh
	isb
	ldr	x1, =(\sctlr | SCTLR_ON)
	msr	sctlr_\el, x1
	isb
	.endm

	.section .head, "ax"
	.globl	_start
_start:
	mov	x19, x0
	mov	x20, x1
	bl	set_up
	ldr	x0, =bss_start
	ldr	x1, =bss_end
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b
	ldr	x0, =pes
	write_elc tpidr, x0, x1
	ldr	x1, =(pes + PE_SIZE)
	mov	sp, x1
	mov	x0, x19
	mov	x1, x20
	bl	conformance_main
	b	.

	/* CPU_ON: the context argument says nothing we rely on. */
	.globl	secondary_entry
secondary_entry:
	mov	x20, x0
	bl	set_up
	bl	find_self
	ldr	x1, [x0, #PE_STACK_TOP]
	mov	sp, x1
	mov	x1, x20
	bl	pe_main
	b	.

	/* Power-down: as if context_save() returned in suspend(). */
	.globl	wake_entry
wake_entry:
	mov	x20, x0
	bl	set_up
	bl	find_self
	str	x20, [x0, #PE_WOKEN]
	add	x0, x0, #PE_WAKE
	mov	x1, #1
	b	context_load

/* x0 = this PE's struct pe, by its affinity; x1-x4 are lost. */
find_self:
	mrs	x1, mpidr_el1
	ldr	x2, =0xff00ffffff
	and	x1, x1, x2
	ldr	x0, =pes
	mov	x4, #PE_SIZE
1:	ldr	x3, [x0, #PE_MPIDR]
	cmp	x3, x1
	b.eq	2f
	add	x0, x0, x4
	b	1b
2:	write_elc tpidr, x0, x1
	ret

/* x0-x18 are lost. */
set_up:
	msr	daifset, #0xf
	msr	spsel, #1
	mrs	x0, CurrentEL
	tbz	x0, #3, 1f
	ldr	x0, =HCR_VALUE
	msr	hcr_el2, x0
	mov	x0, #CPTR_VALUE
	msr	cptr_el2, x0
	mrs	x0, mdcr_el2
	orr	x0, x0, #MDCR_TDE
	msr	mdcr_el2, x0
	msr	vttbr_el2, xzr
	msr	cntvoff_el2, xzr
	ldr	x0, =SCTLR_EL1_BASE
	msr	sctlr_el1, x0
	mov	x0, #CPACR_FPEN
	msr	cpacr_el1, x0
	isb
	mmu_on	el2, TCR_EL2_VALUE, SCTLR_EL2_BASE, alle2
	ret
1:	mov	x0, #CPACR_FPEN
	msr	cpacr_el1, x0
	isb
	mmu_on	el1, TCR_EL1_VALUE, SCTLR_EL1_BASE, vmalle1
	ret
	.ltorg

/*
 * The GiB of the devices, the first GiB of RAM in blocks of 2 MiB, and that of more
 * redistributors, if there are: in the order of addresses. At EL1, AP[2:1] is 0 for what is the
 * kernel's and 3 for the probe page: read-only for all.
 */
#define BLOCK		0x401		/* valid, accessed */
#define NORMAL		(BLOCK | (1 << 2) | (3 << 8))
#define READ_ONLY	(3 << 6)
#define XN		(3 << 53)

#if DEVICE_BASE >> 39 || GICR2_BASE >> 39
#error "the devices and the second redistributors' frames are below 512 GiB"
#endif
#define DEVICES(base)	((base >> 30 << 30) | XN | BLOCK)

	/* A table's entries, each for an address: the first is number 0. */
	.macro	table name
	.balign	4096
\name:
	.set	next, 0
	.endm
	.macro	entry number, value
	.if	(\number) < next
	.error	"devices, RAM, second redistributors: in this order, no two in one GiB"
	.else
	.fill	(\number) - next, 8, 0
	.endif
	.quad	\value
	.set	next, (\number) + 1
	.endm
	.macro	table_end
	.fill	512 - next, 8, 0
	.endm

	.section .data.tables, "aw"
#if RAM_BASE >> 39
	table	translation_0
	entry	0, translation_1 + 3
	entry	(RAM_BASE >> 39), translation_ram + 3
	table_end
	table	translation_ram
	entry	(RAM_BASE >> 30 & 511), translation_2 + 3
	table_end
#endif
	table	translation_1
	entry	(DEVICE_BASE >> 30), DEVICES(DEVICE_BASE)
#if !(RAM_BASE >> 39)
	entry	(RAM_BASE >> 30), translation_2 + 3
#endif
#if GICR2_BASE
	entry	(GICR2_BASE >> 30), DEVICES(GICR2_BASE)
#endif
	table_end
translation_2:
	.set	address, RAM_BASE
	.rept	512
	.if	address == PROBE_BASE
	.quad	address | NORMAL | READ_ONLY
	.elseif	address == PROBE_ALIAS
	.quad	PROBE_BASE | NORMAL | XN
	.else
	.quad	address | NORMAL
	.endif
	.set	address, address + 0x200000
	.endr

	.section .note.GNU-stack, "", %progbits
