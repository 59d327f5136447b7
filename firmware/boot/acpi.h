/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that build ACPI tables share: how a table begins, its checksum. */
#ifndef BOOT_ACPI_H
#define BOOT_ACPI_H

#include "boot.h"

/* ACPI 6.5, 5.2.6: what every table begins with. */
struct __attribute__((packed)) table {
	char signature[4];
	uint32_t length;
	uint8_t revision;
	uint8_t checksum;
	char oem_id[6];
	char oem_table_id[8];
	uint32_t oem_revision;
	uint32_t creator_id;
	uint32_t creator_revision;
};
_Static_assert(sizeof(struct table) == 36, "ACPI 6.5, 5.2.6");

/* ACPI 6.5, 5.2.5.3. */
struct __attribute__((packed)) rsdp {
	char signature[8];
	uint8_t checksum; /* of the first 20 bytes */
	char oem_id[6];
	uint8_t revision;
	uint32_t rsdt;
	uint32_t length;
	uint64_t xsdt;
	uint8_t extended_checksum; /* of all */
	uint8_t reserved[3];
};
_Static_assert(sizeof(struct rsdp) == 36, "ACPI 6.5, 5.2.5.3");

/* checksum.c: the sum of all bytes. */
uint8_t acpi_sum(const void *data, size_t size);
/* Makes the table's bytes add up to zero. */
void acpi_seal(struct table *table);

/* tables.c: one after another of ours, in the area; NULL behind the last. */
struct table *table_of_errors(unsigned index);

/*
 * hest.c: a new HEST (ACPI 6.5, 18.3.2) with the error sources of both. Theirs
 * get numbers that ours have not.
 */
struct table *hest_merge(const struct table *ours, const struct table *theirs);

#endif
