/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory of whoever builds something for the kernel: the area that the kernel is
 * told to keep. Nothing in it is ever given back.
 */
#include <string.h>

#include "boot.h"

static uint64_t area_used;

bool area_contains(uint64_t address, uint64_t size)
{
	return address >= PLAT_ACPI_BASE && size <= PLAT_ACPI_SIZE &&
	       address - PLAT_ACPI_BASE <= PLAT_ACPI_SIZE - size;
}

void *area_allocate(uint64_t size, uint64_t alignment)
{
	uint64_t address = align_up(PLAT_ACPI_BASE + area_used, alignment);

	if (!area_contains(address, size))
		fail("the ACPI area of %lu KiB is full: it has no room for %lu bytes more",
		     PLAT_ACPI_SIZE / KIB, size);
	area_used = address + size - PLAT_ACPI_BASE;
	return memset((void *)address, 0, size);
}
