/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A benchmark in memory: linked for the place where it is loaded, its first
 * byte is its entry. What lies behind image_end is free for it to use.
 */
ENTRY(_start)

SECTIONS
{
	. = 0x60000000;
	.text : { *(.head) *(.text .text.*) }
	.rodata : { *(.rodata .rodata.*) }
	. = ALIGN(4096);
	.data : { *(.data .data.*) *(.got .got.plt) }
	.bss (NOLOAD) : ALIGN(16) {
		bss_start = .;
		*(.bss .bss.*)
		. = ALIGN(16);
		bss_end = .;
	}
	. = ALIGN(4096);
	image_end = .;
	/DISCARD/ : { *(.eh_frame) *(.note .note.*) }
}
