/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Code and constants execute in place from flash; data lives in Secure RAM.
 * .noinit keeps its contents over a reset (the fatal error of the last boot).
 */
#include "layout.h"

ENTRY(_start)

MEMORY
{
	flash (rx)  : ORIGIN = PLAT_FLASH_BASE, LENGTH = PLAT_FLASH_SIZE
	sram  (rw)  : ORIGIN = PLAT_SRAM_BASE, LENGTH = PES_MEMORY - PLAT_SRAM_BASE
}

SECTIONS
{
	.text : {
		KEEP(*(.text.start))
		*(.text.vectors)
		*(.text .text.*)
		*(.rodata .rodata.*)
		. = ALIGN(16);
		*(.boot_image)
		. = ALIGN(16);
	} > flash
	.data : ALIGN(16) {
		__data_start = .;
		*(.data .data.*)
		. = ALIGN(16);
		__data_end = .;
	} > sram AT > flash
	__data_load = LOADADDR(.data);
	.bss (NOLOAD) : ALIGN(16) {
		__bss_start = .;
		*(.bss .bss.* COMMON)
		. = ALIGN(16);
		__bss_end = .;
	} > sram
	.noinit (NOLOAD) : ALIGN(16) {
		*(.noinit .noinit.*)
	} > sram
	/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) *(.ARM*) }
}
