/* SPDX-License-Identifier: BSD-2-Clause */
/* The boot stage, as it is copied to Non-secure memory. */
	.section .boot_image, "a"
	.balign	16
	.globl	boot_image, boot_image_end
boot_image:
	.incbin	BOOT_BIN
	.balign	16
boot_image_end:
