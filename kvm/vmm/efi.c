/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for tables, and as much of UEFI (2.10) as Linux needs to find ACPI and
 * its memory when no UEFI has started it.
 */
#include "vmm.h"

#include <string.h>

#define SIGNATURE	UINT64_C(0x5453595320494249)	/* "IBI SYST" */
#define REVISION	((2u << 16) | 100)		/* 2.10 */
#define CACHEABLE	0xf				/* UC, WC, WT, WB */
#define PAGE		4096

enum { CONVENTIONAL = 7, ACPI_RECLAIM = 9, ACPI_NVS = 10 };	/* 7.2.3 */

struct descriptor {
	uint32_t type, padding;
	uint64_t start, virtual_start, pages, attributes;
};
_Static_assert(sizeof(struct descriptor) == 40, "UEFI 2.10, 7.2.3");

struct configuration {
	uint8_t guid[16];
	uint64_t table;
};
_Static_assert(sizeof(struct configuration) == 24, "UEFI 2.10, 4.6");

struct system_table {
	uint64_t signature;
	uint32_t revision, header_size, crc, reserved;
	uint64_t vendor;
	uint32_t vendor_revision, padding;
	uint64_t consoles[6], runtime_services, boot_services;
	uint64_t configuration_count, configurations;
};
_Static_assert(sizeof(struct system_table) == 120, "UEFI 2.10, 4.3");

/* GUIDs as they lie in memory. */
static const uint8_t acpi_guid[16] = {
	0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11,
	0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81,
};
static const uint8_t rt_properties_guid[16] = {
	0x8a, 0x91, 0x66, 0xeb, 0xef, 0x7e, 0x2a, 0x40,
	0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9,
};

static uint64_t used;	/* one guest a process */

void tables_reset(void)
{
	used = 0;
}

void *tables_take(struct vmm *vmm, uint64_t size, uint64_t *address)
{
	uint8_t *base = vmm_memory(vmm, TABLES_BASE, TABLES_SIZE);
	uint64_t at = used;

	if (size > TABLES_SIZE - used)
		vmm_die("the tables do not fit");
	used = (used + size + 7) & ~UINT64_C(7);
	*address = TABLES_BASE + at;
	return memset(base + at, 0, size);
}

static uint64_t make_system_table(struct vmm *vmm, uint64_t rsdp)
{
	static const uint16_t vendor[] = u"OpenSDEI";
	uint64_t at, vendor_at, properties_at, configuration_at;
	uint16_t *properties = tables_take(vmm, 8, &properties_at);
	struct configuration *c =
		tables_take(vmm, 2 * sizeof(*c), &configuration_at);
	struct system_table *t = tables_take(vmm, sizeof(*t), &at);

	memcpy(tables_take(vmm, sizeof(vendor), &vendor_at), vendor,
	       sizeof(vendor));
	/* Version and length; the mask behind says: no runtime service. */
	properties[0] = 1;
	properties[1] = 8;
	memcpy(c[0].guid, acpi_guid, sizeof(acpi_guid));
	c[0].table = rsdp;
	memcpy(c[1].guid, rt_properties_guid, sizeof(rt_properties_guid));
	c[1].table = properties_at;
	*t = (struct system_table){
		.signature = SIGNATURE,
		.revision = REVISION,
		.header_size = sizeof(*t),
		.vendor = vendor_at,
		.configuration_count = 2,
		.configurations = configuration_at,
	};
	return at;
}

/* Linux takes memory from this map alone, so it covers all of RAM. */
struct efi efi_make(struct vmm *vmm, uint64_t rsdp)
{
	const struct {
		uint32_t type;
		uint64_t start, end;
	} ranges[] = {
		{ CONVENTIONAL, RAM_BASE, RAS_BASE },
		{ ACPI_NVS, RAS_BASE, TABLES_BASE },
		{ ACPI_RECLAIM, TABLES_BASE, TABLES_BASE + TABLES_SIZE },
		{ CONVENTIONAL, TABLES_BASE + TABLES_SIZE,
		  RAM_BASE + vmm->options.memory },
	};
	enum { COUNT = sizeof(ranges) / sizeof(*ranges) };
	struct efi efi = { .map_size = COUNT * sizeof(struct descriptor) };
	struct descriptor *map = tables_take(vmm, efi.map_size, &efi.map);

	for (unsigned i = 0; i < COUNT; i++)
		map[i] = (struct descriptor){
			.type = ranges[i].type,
			.start = ranges[i].start,
			.pages = (ranges[i].end - ranges[i].start) / PAGE,
			.attributes = CACHEABLE,
		};
	efi.system_table = make_system_table(vmm, rsdp);
	return efi;
}
