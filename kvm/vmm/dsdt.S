/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The DSDT, as iasl made it.
 */
	.section .rodata
	.globl	acpi_dsdt, acpi_dsdt_end
	.balign	8
acpi_dsdt:
	.incbin	DSDT_AML
acpi_dsdt_end:

	.section .note.GNU-stack, "", %progbits
