/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The payload in memory: linked for the place where it is loaded, its first
 * byte is its entry.
 */
#include "platform.h"

ENTRY(_start)

PHDRS
{
	code PT_LOAD FLAGS(5);
	data PT_LOAD FLAGS(6);
	far PT_LOAD FLAGS(6);
}

SECTIONS
{
	. = LOAD_BASE;
	.text : { *(.head) *(.text .text.*) } :code
	.rodata : { *(.rodata .rodata.*) } :code

	. = ALIGN(4096);
	.data : { *(.data .data.*) } :data
	.got : { *(.got .got.plt) } :data

	. = ALIGN(64);
	bss_begins = .;
	.far FAR_BASE (NOLOAD) : { *(.bss.far) } :far
	.bss bss_begins (NOLOAD) : {
		bss_start = .;
		*(.bss .bss.*)
		. = ALIGN(16);
		bss_end = .;
	} :data

	/DISCARD/ : { *(.eh_frame) *(.note .note.*) }
}

ASSERT(bss_end <= LOAD_BASE + LOAD_SIZE, "the payload does not fit")
