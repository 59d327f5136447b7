/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boot stage in memory. It is linked for the one place where EL3 puts it,
 * and its first byte is its entry.
 */
#include <platform.h>

#define STACK_SIZE	0x8000

ENTRY(_start)

PHDRS
{
	code PT_LOAD FLAGS(5);
	data PT_LOAD FLAGS(6);
}

SECTIONS
{
	. = PLAT_BOOT_BASE;
	.text : { *(.head) *(.text .text.*) } :code
	.rodata : { *(.rodata .rodata.*) } :code

	. = ALIGN(4096);
	.data : { *(.data .data.*) } :data
	.got : { *(.got .got.plt) } :data

	.bss (NOLOAD) : ALIGN(16) {
		bss_start = .;
		*(.bss .bss.*)
		. = ALIGN(16);
		bss_end = .;
		. += STACK_SIZE;
		stack_top = .;
	} :data

	/DISCARD/ : { *(.eh_frame) *(.note .note.*) }
}

ASSERT(stack_top <= PLAT_BOOT_BASE + PLAT_BOOT_SIZE,
       "the boot stage does not fit into PLAT_BOOT_SIZE")
