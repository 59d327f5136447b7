/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ACPI tables of the machine: QEMU's or the platform's own, with what they say of PSCI corrected,
 * and ours (tables.c, firmware/ras/acpi), listed in a new XSDT. Where both have a table of
 * one signature, ours is listed; of two HESTs, one with the sources of both.
 */
#include <string.h>

#include "acpi.h"

#define RSDP_OLD_SIZE 20

struct __attribute__((packed)) xsdt {
	struct table header;
	uint64_t entry[];
};

/* ACPI 6.5, 5.2.9: the part of the FADT that is ours to correct. */
struct __attribute__((packed)) fadt {
	struct table header;
	uint8_t unused[93];
	uint16_t arm_boot_flags;
};
_Static_assert(offsetof(struct fadt, arm_boot_flags) == 129, "ACPI 6.5, 5.2.9");
#define FADT_PSCI (1u << 0) /* PSCI is there; by SMC, as bit 1 is 0 */

/* What iasl made of firmware/ras/acpi/ssdt.asl (rules.mk). */
extern const uint8_t acpi_ssdt[], acpi_ssdt_end[];

static struct table *table_at(uint64_t address)
{
	struct table *table = (struct table *)address;

	if (!area_contains(address, sizeof(*table)) ||
	    table->length < sizeof(*table) ||
	    !area_contains(address, table->length))
		fail("the machine's ACPI tables are corrupt: no table at 0x%lx",
		     address);
	return table;
}

static bool same_signature(const struct table *a, const struct table *b)
{
	return !memcmp(a->signature, b->signature, sizeof(a->signature));
}

/*
 * The index of our table that stands for this one of QEMU's, or -1. There can be
 * any number of SSDTs, but one of each of the others.
 */
static int find_ours(const struct table *table, const struct xsdt *ours,
		     unsigned count)
{
	if (!memcmp(table->signature, "SSDT", 4))
		return -1;
	for (unsigned i = 0; i < count; i++)
		if (same_signature(table, (struct table *)ours->entry[i]))
			return (int)i;
	return -1;
}

static void correct_fadt(struct table *table)
{
	struct fadt *fadt = (struct fadt *)table;

	if (table->length < sizeof(*fadt))
		fail("the machine's FADT has %u bytes: too old to speak of PSCI (%u)",
		     table->length, (unsigned)sizeof(*fadt));
	fadt->arm_boot_flags = FADT_PSCI;
	acpi_seal(table);
}

/* Puts our tables into the area and lists them. Returns how many. */
static unsigned add_ours(struct xsdt *list, unsigned room)
{
	const size_t size = (size_t)(acpi_ssdt_end - acpi_ssdt);
	const struct table *table;
	unsigned count = 0;

	list->entry[count++] = (uint64_t)memcpy(area_allocate(size, 8),
						acpi_ssdt, size);
	for (; (table = table_of_errors(count - 1)); count++) {
		if (count == room)
			fail("there are more ACPI tables than their list has room for");
		list->entry[count] = (uint64_t)table;
	}
	return count;
}

/* Adds QEMU's tables to a list that has ours. */
static unsigned add_qemus(struct xsdt *list, unsigned ours,
			  const struct xsdt *qemu, unsigned qemu_count)
{
	unsigned count = ours;
	bool has_fadt = false;

	for (unsigned i = 0; i < qemu_count; i++) {
		struct table *table = table_at(qemu->entry[i]);
		int same = find_ours(table, list, ours);

		if (same >= 0) {
			if (!memcmp(table->signature, "HEST", 4))
				list->entry[same] = (uint64_t)hest_merge(
					(struct table *)list->entry[same],
					table);
			continue;
		}
		if (!memcmp(table->signature, "FACP", 4)) {
			correct_fadt(table);
			has_fadt = true;
		}
		list->entry[count++] = (uint64_t)table;
	}
	if (!has_fadt)
		fail("the machine's ACPI tables have no FADT");
	return count;
}

static unsigned xsdt_count(const struct xsdt *xsdt)
{
	return (xsdt->header.length - sizeof(*xsdt)) / sizeof(*xsdt->entry);
}

static struct xsdt *build_xsdt(const struct xsdt *qemu)
{
	enum { OURS_MAX = 16 };
	unsigned qemu_count = xsdt_count(qemu), ours, count;
	struct xsdt *xsdt =
		area_allocate(sizeof(*xsdt) + (OURS_MAX + qemu_count) *
						      sizeof(*xsdt->entry),
			      8);

	ours = add_ours(xsdt, OURS_MAX);
	count = add_qemus(xsdt, ours, qemu, qemu_count);
	xsdt->header = qemu->header;
	xsdt->header.length =
		(uint32_t)(sizeof(*xsdt) + count * sizeof(*xsdt->entry));
	acpi_seal(&xsdt->header);
	return xsdt;
}

uint64_t acpi_build(void)
{
	struct rsdp *rsdp = (struct rsdp *)acpi_machine_tables(sizeof(*rsdp));

	if (memcmp(rsdp->signature, "RSD PTR ", 8) || rsdp->revision < 2)
		fail("the machine's RSDP is corrupt, or of before ACPI 2.0");
	rsdp->xsdt = (uint64_t)build_xsdt((struct xsdt *)table_at(rsdp->xsdt));
	rsdp->rsdt = 0;
	rsdp->checksum -= acpi_sum(rsdp, RSDP_OLD_SIZE);
	rsdp->extended_checksum -= acpi_sum(rsdp, sizeof(*rsdp));
	return (uint64_t)rsdp;
}
