/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime services' image: one segment that is read and executed, never
 * written.
 */
#include <platform.h>

ENTRY(runtime_table)

PHDRS
{
	all PT_LOAD FLAGS(5);
}

SECTIONS
{
	. = PLAT_RUNTIME_BASE;
	.all : {
		*(.table)
		*(.text .text.* .rodata .rodata.*)
		runtime_end = .;
	} :all

	/DISCARD/ : { *(.eh_frame) *(.note .note.*) *(.comment) }
	.data : { *(.data .data.* .bss .bss.* .got .got.*) }
}

ASSERT(SIZEOF(.data) == 0, "the runtime services have data: nobody maps it")
ASSERT(runtime_end <= PLAT_RUNTIME_BASE + PLAT_RUNTIME_SIZE,
       "the runtime services do not fit into PLAT_RUNTIME_SIZE")
