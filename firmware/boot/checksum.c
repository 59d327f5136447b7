/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What makes an ACPI table's bytes add up (ACPI 6.5, 5.2.6).
 */
#include "acpi.h"

uint8_t acpi_sum(const void *data, size_t size)
{
	const uint8_t *byte = data;
	uint8_t total = 0;

	while (size--)
		total += *byte++;
	return total;
}

void acpi_seal(struct table *table)
{
	table->checksum -= acpi_sum(table, table->length);
}
