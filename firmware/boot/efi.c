/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Just enough of UEFI (2.10) for Linux to find ACPI and memory: what the
 * kernel's own EFI loader would leave behind, with no services left running.
 *
 * Linux takes memory from this map alone, so it must cover all of RAM.
 */
#include "boot.h"

#define EFI_PAGE	UINT64_C(4096)
#define EFI_SIGNATURE	UINT64_C(0x5453595320494249)	/* "IBI SYST" */
#define EFI_REVISION	((2u << 16) | 100)		/* 2.10 */

/* UEFI 2.10, 7.2.3. */
enum { EFI_CONVENTIONAL = 7, EFI_ACPI_RECLAIM = 9, EFI_ACPI_NVS = 10 };
#define EFI_CACHEABLE		0xf	/* UC, WC, WT, WB */

struct guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};
_Static_assert(sizeof(struct guid) == 16, "UEFI 2.10, appendix A");

static const struct guid acpi_guid = {
	0x8868e871, 0xe4f1, 0x11d3,
	{ 0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 }
};
static const struct guid rt_properties_guid = {
	0xeb66918a, 0x7eef, 0x402a,
	{ 0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9 }
};
/* Linux's own: LINUX_EFI_MEMRESERVE_TABLE_GUID. */
static const struct guid memory_reserve_guid = {
	0x888eb0c6, 0x8ede, 0x4ff5,
	{ 0xa8, 0xf0, 0x9a, 0xee, 0x5c, 0xb9, 0x77, 0xc2 }
};

struct configuration {
	struct guid guid;
	uint64_t table;
};
_Static_assert(sizeof(struct configuration) == 24, "UEFI 2.10, 4.6");

struct system_table {
	uint64_t signature;
	uint32_t revision;
	uint32_t header_size;
	uint32_t crc;			/* Linux does not look */
	uint32_t reserved;
	uint64_t vendor;		/* UTF-16 string */
	uint32_t vendor_revision;
	uint32_t padding;
	uint64_t consoles[6];
	uint64_t runtime_services;
	uint64_t boot_services;
	uint64_t configuration_count;
	uint64_t configurations;
};
_Static_assert(sizeof(struct system_table) == 120, "UEFI 2.10, 4.3");

/* UEFI 2.10, 4.6: none of the runtime services is there. */
struct rt_properties {
	uint16_t version;
	uint16_t length;
	uint32_t supported;
};
_Static_assert(sizeof(struct rt_properties) == 8, "UEFI 2.10, 4.6");

/*
 * Linux: struct linux_efi_memreserve. The kernel lists here what a kernel that
 * it starts with kexec must not use, such as the GIC's LPI tables.
 */
struct memory_reserve {
	uint32_t size;			/* entries: none in the first */
	uint32_t count;
	uint64_t next;
};
_Static_assert(sizeof(struct memory_reserve) == 16, "fixed by Linux");

struct descriptor {
	uint32_t type;
	uint32_t padding;
	uint64_t start;
	uint64_t virtual_start;
	uint64_t pages;
	uint64_t attributes;
};
_Static_assert(sizeof(struct descriptor) == EFI_DESCRIPTOR_SIZE,
	       "UEFI 2.10, 7.2.3");

/* One table with all that is pointed to from the system table. */
struct tables {
	struct system_table system;
	struct configuration configuration[3];
	struct memory_reserve memory_reserve;
	struct rt_properties rt_properties;
	uint16_t vendor[sizeof("OpenSDEI")];
};

static uint64_t build_system_table(uint64_t rsdp)
{
	static const char vendor[] = "OpenSDEI";
	struct tables *t = area_allocate(sizeof(*t), 8);

	for (size_t i = 0; i < sizeof(vendor); i++)
		t->vendor[i] = (uint16_t)vendor[i];
	t->rt_properties.version = 1;
	t->rt_properties.length = sizeof(t->rt_properties);
	t->configuration[0] = (struct configuration){ acpi_guid, rsdp };
	t->configuration[1] = (struct configuration){
		rt_properties_guid, (uint64_t)&t->rt_properties };
	t->configuration[2] = (struct configuration){
		memory_reserve_guid, (uint64_t)&t->memory_reserve };
	t->system.signature = EFI_SIGNATURE;
	t->system.revision = EFI_REVISION;
	t->system.header_size = sizeof(t->system);
	t->system.vendor = (uint64_t)t->vendor;
	t->system.configuration_count = 3;
	t->system.configurations = (uint64_t)t->configuration;
	return (uint64_t)&t->system;
}

void efi_build(struct efi *efi, uint64_t rsdp, uint64_t ram_end)
{
	/* QEMU's tree, the boot stage: all that is not named is free. */
	const struct {
		uint32_t type;
		uint64_t start, end;
	} ranges[] = {
		{ EFI_CONVENTIONAL, PLAT_RAM_BASE, PLAT_RAS_BASE },
		{ EFI_ACPI_NVS, PLAT_RAS_BASE, PLAT_RAS_BASE + PLAT_RAS_SIZE },
		{ EFI_ACPI_RECLAIM, PLAT_ACPI_BASE,
		  PLAT_ACPI_BASE + PLAT_ACPI_SIZE },
		{ EFI_CONVENTIONAL, PLAT_ACPI_BASE + PLAT_ACPI_SIZE, ram_end },
	};
	enum { COUNT = sizeof(ranges) / sizeof(*ranges) };
	struct descriptor *map = area_allocate(COUNT * sizeof(*map), 8);

	_Static_assert(PLAT_RAS_BASE + PLAT_RAS_SIZE == PLAT_ACPI_BASE,
		       "a hole in the map is memory that Linux does not get");
	_Static_assert(PLAT_RAS_BASE % EFI_PAGE == 0 &&
		       PLAT_ACPI_BASE % EFI_PAGE == 0 &&
		       PLAT_ACPI_SIZE % EFI_PAGE == 0, "the map has whole pages");
	for (unsigned i = 0; i < COUNT; i++) {
		map[i].type = ranges[i].type;
		map[i].start = ranges[i].start;
		map[i].pages = (ranges[i].end - ranges[i].start) / EFI_PAGE;
		map[i].attributes = EFI_CACHEABLE;
	}
	efi->system_table = build_system_table(rsdp);
	efi->map = (uint64_t)map;
	efi->map_size = COUNT * sizeof(*map);
}
