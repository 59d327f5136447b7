/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime services, as efi.c copies them to their place. */
	.section .rodata
	.balign	16
	.globl	runtime_image, runtime_image_end
runtime_image:
	.incbin	RUNTIME_BIN
runtime_image_end:
	.section .note.GNU-stack, "", %progbits
