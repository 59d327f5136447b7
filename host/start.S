/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where CPUs come in, MMU off and at whatever address the image was put: the
 * first from the loader or from another host's kexec, the others from CPU_ON,
 * any of them from a power-down. Until `upper` all addresses are physical.
 *
 * A host that lives at EL1 and is entered at EL2 leaves its stub there.
 */
#include "asm.h"

#define SCTLR_BASE	0x30550800	/* RES1, WFI at EL0; SPAN is 0 */
#define SCTLR_EL2_BASE	0x30c50830
#define SCTLR_ON	0x1005		/* I, C, M */
#define MAIR		0xff04		/* 0: device, 1: normal, write-back */
#define TCR_HALF	(25 | (1 << 8) | (1 << 10) | (3 << 12))
#define TCR		(TCR_HALF | (TCR_HALF << 16) | (2 << 30) | (2 << 32))
#define TCR_EL2_PLAIN	(TCR_HALF | (1 << 31) | (1 << 23) | (2 << 16))
/* Guests: 39 bits of address from level 1, 40 bits physical. */
#define VTCR		(TCR_HALF | (1 << 6) | (2 << 16) | (1 << 31))
#define CPACR_FPEN	(3 << 20)

#define BLOCK		0x401		/* valid, accessed */
#define NORMAL		(BLOCK | (1 << 2) | (3 << 8))
#define XN		(3 << 53)
#define UXN		(1 << 54)

	.macro	address reg, symbol
	adrp	\reg, \symbol
	add	\reg, \reg, :lo12:\symbol
	.endm

	.section .head, "ax"
	.globl	_start
_start:
	msr	daifset, #0xf
	mov	x19, x0
	mrs	x21, CurrentEL
	bl	el_setup
	address	x0, bss_start
	address	x1, bss_end
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b
	bl	make_tables
	bl	mmu_on
	ldr	x1, =upper
	br	x1
upper:	bl	find_self
	mov	x0, x19
	lsr	x1, x21, #2
	bl	host_main
	b	.

	/* CPU_ON. */
	.globl	secondary_entry
secondary_entry:
	msr	daifset, #0xf
	bl	el_setup
	bl	mmu_on
	ldr	x1, =1f
	br	x1
1:	bl	find_self
	bl	secondary_main
	b	.

	/* A power-down ends: cpu_suspend_save() returns once more, with 1. */
	.globl	wake_entry
wake_entry:
	msr	daifset, #0xf
	bl	el_setup
	bl	mmu_on
	ldr	x1, =1f
	br	x1
1:	bl	find_self
	add	x1, x0, #CPU_RESUME
	ldr	x2, [x1, #104]
	mov	sp, x2
	ldp	x19, x20, [x1, #0]
	ldp	x21, x22, [x1, #16]
	ldp	x23, x24, [x1, #32]
	ldp	x25, x26, [x1, #48]
	ldp	x27, x28, [x1, #64]
	ldp	x29, x30, [x1, #80]
	ldr	x18, [x1, #96]
	mov	x0, #1
	ret

	/* bool cpu_suspend_save(struct resume *): false now, true on waking. */
	.text
	.globl	cpu_suspend_save
cpu_suspend_save:
	mov	x2, sp
	stp	x19, x20, [x0, #0]
	stp	x21, x22, [x0, #16]
	stp	x23, x24, [x0, #32]
	stp	x25, x26, [x0, #48]
	stp	x27, x28, [x0, #64]
	stp	x29, x30, [x0, #80]
	stp	x18, x2, [x0, #96]
	mov	x0, #0
	ret

	/*
	 * noreturn void start_image(entry, argument, low, table): at a host's
	 * own exception level, `low` being start_image_low and `table` idmap as
	 * physical addresses.
	 */
	.globl	start_image, start_image_low
start_image:
	msr	ttbr0_el1, x3
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	br	x2
start_image_low:
	mrs	x4, sctlr_el1
	bic	x4, x4, #1
	msr	sctlr_el1, x4
	isb
	mov	x5, x0
	mov	x0, x1
	br	x5

	.section .head, "ax"
/* TPIDR and SP of this CPU, x0 = its struct cpu; nothing in the lower half. */
find_self:
	cpu_number x1
	mov	x2, #CPU_SIZE
	ldr	x0, =cpus
	madd	x0, x1, x2, x0
	msr	TPIDR_HOST, x0
	msr	ttbr0_el1, x20
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	add	sp, x0, x2
	ret

/* The upper half: see platform.h. x0-x5 are lost. */
make_tables:
	address	x0, kernel_l1
	ldr	x1, =(XN | BLOCK)
	str	x1, [x0, #0]
	ldr	x1, =(UXN | NORMAL | 0x40000000)
	str	x1, [x0, #8]
	ldr	x1, =(UXN | NORMAL | 0x80000000)
	str	x1, [x0, #16]
	address	x1, kernel_l2
	add	x2, x1, #3
	str	x2, [x0, #24]
	adrp	x2, _start
	ldr	x3, =(UXN | NORMAL)
	orr	x2, x2, x3
	mov	x3, #(IMAGE_SIZE >> 21)
1:	str	x2, [x1], #8
	add	x2, x2, #0x200000
	subs	x3, x3, #1
	b.ne	1b
	dsb	sy
	ret

/* Leaves x20 = the empty table's physical address; x0 is lost. */
mmu_on:
	adrp	x20, empty_table
	ldr	x0, =SCTLR_BASE
	msr	sctlr_el1, x0
	isb
	ldr	x0, =host_vectors
	msr	vbar_el1, x0
	mov	x0, #CPACR_FPEN
	msr	cpacr_el1, x0
	msr	mdscr_el1, xzr
	msr	oslar_el1, xzr
	ldr	x0, =MAIR
	msr	mair_el1, x0
	ldr	x0, =TCR
	msr	tcr_el1, x0
	adrp	x0, idmap
	msr	ttbr0_el1, x0
	adrp	x0, kernel_l1
	msr	ttbr1_el1, x0
	isb
#if HOST_VHE
	tlbi	alle2
	tlbi	alle1
#endif
	tlbi	vmalle1
	ic	iallu
	dsb	nsh
	isb
	ldr	x0, =(SCTLR_BASE | SCTLR_ON)
	msr	sctlr_el1, x0
	isb
	ret

	/* Registers of EL2 that every host sets, at EL2. */
	.macro	el2_common
	mrs	x0, mpidr_el1
	msr	vmpidr_el2, x0
	mrs	x0, midr_el1
	msr	vpidr_el2, x0
	msr	cntvoff_el2, xzr
	msr	vttbr_el2, xzr
	ldr	x0, =VTCR
	msr	vtcr_el2, x0
	mrs	x0, S3_4_C12_C9_5	/* ICC_SRE_EL2: SRE, Enable */
	orr	x0, x0, #1
	orr	x0, x0, #8
	msr	S3_4_C12_C9_5, x0
	isb
	.endm

/* To the host's own exception level, EL2 prepared. x0-x2 are lost. */
el_setup:
	msr	spsel, #1
	mrs	x0, CurrentEL
	tbnz	x0, #3, 1f
	ret
#if HOST_VHE
1:	ldr	x0, =(HCR_RW | HCR_E2H | HCR_TGE)
	msr	hcr_el2, x0
	isb
	mov	x0, #CPACR_FPEN
	msr	cptr_el2, x0
	mov	x0, #0xc03		/* counters and timers for all */
	msr	cnthctl_el2, x0
	el2_common
	ret
#else
1:	ldr	x0, =HCR_RW
	msr	hcr_el2, x0
	ldr	x0, =SCTLR_BASE		/* whatever was at EL1 before */
	msr	sctlr_el1, x0
	mov	x0, #0x33ff		/* RES1; FP is not trapped */
	msr	cptr_el2, x0
	mov	x0, #3
	msr	cnthctl_el2, x0
	el2_common
	ldr	x0, =SCTLR_EL2_BASE
	msr	sctlr_el2, x0
	ldr	x0, =MAIR
	msr	mair_el2, x0
	ldr	x0, =TCR_EL2_PLAIN
	msr	tcr_el2, x0
	adrp	x0, idmap
	msr	ttbr0_el2, x0
	isb
	tlbi	alle2
	dsb	nsh
	isb
	ldr	x0, =(SCTLR_EL2_BASE | SCTLR_ON)
	msr	sctlr_el2, x0
	isb
	address	x0, stub_vectors
	msr	vbar_el2, x0
	cpu_number x0
	add	x0, x0, #1
	lsl	x0, x0, #STUB_STACK_SHIFT
	address	x1, stub_stacks
	add	x0, x0, x1
	mov	sp, x0
	mov	x0, #(P_EL1H | P_DAIF)
	msr	spsr_el2, x0
	msr	elr_el2, x30
	eret
#endif
	.ltorg

/* All physical memory at its own address, while the MMU goes on or off. */
	.section .data.tables, "aw"
	.balign	4096
	.globl	idmap
idmap:
	.quad	(3 << 53) | BLOCK
	.quad	NORMAL | 0x40000000
	.quad	NORMAL | 0x80000000
	.fill	509, 8, 0

	.section .bss.tables, "aw", %nobits
	.balign	4096
	.globl	kernel_l1, kernel_l2, empty_table
kernel_l1:
	.skip	4096
kernel_l2:
	.skip	4096
empty_table:
	.skip	4096

	.section .note.GNU-stack, "", %progbits
