/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UEFI's runtime services for a guest with ACPI (UEFI 2.10, chapter 8): the two of
 * the clock. efi.c copies this into the guest's memory, where its kernel calls it:
 * it may lie anywhere.
 *
 * The VMM does the calendar: a register of its own behind the PL031's is the first
 * half of an EFI_TIME (8.3.1), to read and to write. The other half is zero: UTC.
 */
#define TIME_LOW	0x0800		/* vmm.h: RTC_EFI_TIME */
#define TIME_HIGH	0x0901

	.section .rodata.runtime, "a"
	.balign	8
	.globl	runtime_get_time, runtime_set_time, runtime_unsupported
	.globl	runtime_code, runtime_code_end

runtime_code:
runtime_get_time:	/* x0: the time; x1: what the clock can, or NULL */
	cbz	x0, invalid
	movz	x2, #TIME_LOW
	movk	x2, #TIME_HIGH, lsl #16
	ldr	x3, [x2]
	stp	x3, xzr, [x0]
	cbz	x1, success
	mov	w3, #1		/* Hz */
	stp	w3, wzr, [x1]
	strb	wzr, [x1, #8]
success:
	mov	x0, #0
	ret

runtime_set_time:	/* x0: the time */
	cbz	x0, invalid
	movz	x2, #TIME_LOW
	movk	x2, #TIME_HIGH, lsl #16
	ldr	x3, [x0]
	str	x3, [x2]
	b	success

invalid:
	movz	x0, #2
	b	error
runtime_unsupported:
	movz	x0, #3
error:
	movk	x0, #0x8000, lsl #48
	ret
runtime_code_end:

	.section .note.GNU-stack, "", %progbits
