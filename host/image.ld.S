/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The image: linked for its place in the upper half, loaded anywhere at 2 MiB,
 * entered at its first byte. What processes and guests execute has pages of its
 * own, since they see nothing else of it.
 */
#include "platform.h"

ENTRY(_start)

PHDRS
{
	code PT_LOAD FLAGS(5);
	data PT_LOAD FLAGS(6);
}

SECTIONS
{
	. = IMAGE_BASE;
	.text : {
		*(.head)
		*(.text .text.*)
		. = ALIGN(4096);
		user_text = .;
		KEEP(*(.user))
		. = ALIGN(4096);
		user_text_end = .;
		guest_text = .;
		KEEP(*(.guest))
		. = ALIGN(4096);
		guest_text_end = .;
	} :code
	.rodata : { *(.rodata .rodata.*) } :code

	. = ALIGN(4096);
	.data : { *(.data .data.*) } :data
	.got : { *(.got .got.plt) } :data
	image_end = .;

	.bss (NOLOAD) : ALIGN(4096) {
		bss_start = .;
		*(.bss .bss.*)
		. = ALIGN(16);
		bss_end = .;
	} :data

	/DISCARD/ : { *(.eh_frame) *(.note .note.*) *(.comment) }
}

ASSERT(bss_end <= IMAGE_BASE + IMAGE_SIZE, "the image does not fit")
