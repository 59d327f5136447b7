/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Just enough of UEFI (2.10) for Linux to find ACPI, memory and the date: what
 * the kernel's own EFI loader would leave behind. Of the services only the
 * clock's are left (runtime.c).
 *
 * Linux takes memory from this map alone, so it must cover all of RAM. What the
 * services need has its virtual address here already, equal to the physical one:
 * nobody will call SetVirtualAddressMap(), and a kernel started with kexec gets
 * the same map.
 */
#include <string.h>

#include "boot.h"
#include "efi.h"

#define EFI_PAGE      UINT64_C(4096)
#define EFI_SIGNATURE UINT64_C(0x5453595320494249) /* "IBI SYST" */

/* UEFI 2.10, 7.2.3. */
enum {
	EFI_RESERVED = 0,
	EFI_RUNTIME_CODE = 5,
	EFI_CONVENTIONAL = 7,
	EFI_ACPI_RECLAIM = 9,
	EFI_ACPI_NVS = 10,
	EFI_MMIO = 11
};
#define EFI_UNCACHED  UINT64_C(0x1)
#define EFI_CACHEABLE UINT64_C(0xf) /* UC, WC, WT, WB */
#define EFI_READ_ONLY (UINT64_C(1) << 17)
#define EFI_RUNTIME   (UINT64_C(1) << 63)

struct guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};
_Static_assert(sizeof(struct guid) == 16, "UEFI 2.10, appendix A");

/* clang-format off */
static const struct guid acpi_guid = {
	0x8868e871, 0xe4f1, 0x11d3,
	{ 0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 }
};
/* clang-format on */
static const struct guid rt_properties_guid = { 0xeb66918a,
						0x7eef,
						0x402a,
						{ 0x84, 0x2e, 0x93, 0x1d, 0x21,
						  0xc3, 0x8a, 0xe9 } };
/* Linux's own: LINUX_EFI_MEMRESERVE_TABLE_GUID. */
static const struct guid memory_reserve_guid = { 0x888eb0c6,
						 0x8ede,
						 0x4ff5,
						 { 0xa8, 0xf0, 0x9a, 0xee, 0x5c,
						   0xb9, 0x77, 0xc2 } };

struct configuration {
	struct guid guid;
	uint64_t table;
};
_Static_assert(sizeof(struct configuration) == 24, "UEFI 2.10, 4.6");

struct system_table {
	uint64_t signature;
	uint32_t revision;
	uint32_t header_size;
	uint32_t crc; /* Linux does not look */
	uint32_t reserved;
	uint64_t vendor; /* UTF-16 string */
	uint32_t vendor_revision;
	uint32_t padding;
	uint64_t consoles[6];
	uint64_t runtime_services;
	uint64_t boot_services;
	uint64_t configuration_count;
	uint64_t configurations;
};
_Static_assert(sizeof(struct system_table) == 120, "UEFI 2.10, 4.3");

/* UEFI 2.10, 4.6: which of the runtime services are there. */
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
	uint32_t size; /* entries: none in the first */
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

/* In runtime_image.S. */
extern const uint8_t runtime_image[], runtime_image_end[];

static void copy_runtime_services(void)
{
	size_t size = (size_t)(runtime_image_end - runtime_image);

	memcpy((void *)PLAT_RUNTIME_BASE, runtime_image, size);
	mmu_clean(PLAT_RUNTIME_BASE, size);
}

static uint64_t build_system_table(uint64_t rsdp)
{
	static const char vendor[] = "OpenSDEI";
	struct tables *t = area_allocate(sizeof(*t), 8);

	for (size_t i = 0; i < sizeof(vendor); i++)
		t->vendor[i] = (uint16_t)vendor[i];
	t->rt_properties.version = 1;
	t->rt_properties.length = sizeof(t->rt_properties);
	t->rt_properties.supported = EFI_RT_GET_TIME | EFI_RT_SET_TIME;
	t->configuration[0] = (struct configuration){ acpi_guid, rsdp };
	t->configuration[1] = (struct configuration){
		rt_properties_guid, (uint64_t)&t->rt_properties
	};
	t->configuration[2] = (struct configuration){
		memory_reserve_guid, (uint64_t)&t->memory_reserve
	};
	t->system.signature = EFI_SIGNATURE;
	t->system.revision = EFI_REVISION;
	t->system.header_size = sizeof(t->system);
	t->system.vendor = (uint64_t)t->vendor;
	t->system.runtime_services = PLAT_RUNTIME_BASE;
	t->system.configuration_count = 3;
	t->system.configurations = (uint64_t)t->configuration;
	return (uint64_t)&t->system;
}

void efi_build(struct efi *efi, uint64_t rsdp, const struct kernel *kernel,
	       uint64_t ram_end)
{
	/* QEMU's tree, the boot stage: all that is not named is free. */
	const struct {
		uint32_t type;
		uint64_t attributes;
		uint64_t start, end;
	} ranges[] = {
		{ EFI_MMIO, EFI_UNCACHED | EFI_RUNTIME, PLAT_RTC_BASE,
		  PLAT_RTC_BASE + PLAT_RTC_SIZE },
		{ EFI_CONVENTIONAL, EFI_CACHEABLE, PLAT_RAM_BASE,
		  PLAT_RAS_BASE },
		{ EFI_ACPI_NVS, EFI_CACHEABLE, PLAT_RAS_BASE, PLAT_ACPI_BASE },
		{ EFI_ACPI_RECLAIM, EFI_CACHEABLE, PLAT_ACPI_BASE,
		  PLAT_TRACE_BASE },
		{ EFI_RESERVED, EFI_CACHEABLE, PLAT_TRACE_BASE,
		  PLAT_RUNTIME_BASE },
		{ EFI_RUNTIME_CODE, EFI_CACHEABLE | EFI_READ_ONLY | EFI_RUNTIME,
		  PLAT_RUNTIME_BASE, PLAT_RUNTIME_BASE + PLAT_RUNTIME_SIZE },
		{ EFI_CONVENTIONAL, EFI_CACHEABLE,
		  PLAT_RUNTIME_BASE + PLAT_RUNTIME_SIZE, PLAT_KERNEL_BASE },
		/* A live trace, if it wants more room. */
		{ EFI_RESERVED, EFI_CACHEABLE, PLAT_KERNEL_BASE, kernel->base },
		{ EFI_CONVENTIONAL, EFI_CACHEABLE, kernel->base, ram_end },
	};
	enum { COUNT = sizeof(ranges) / sizeof(*ranges) };
	struct descriptor *map = area_allocate(COUNT * sizeof(*map), 8);
	struct descriptor *next = map;

	_Static_assert(PLAT_RAS_BASE + PLAT_RAS_SIZE == PLAT_ACPI_BASE &&
			       PLAT_ACPI_BASE + PLAT_ACPI_SIZE ==
				       PLAT_TRACE_BASE &&
			       PLAT_TRACE_BASE + PLAT_TRACE_SIZE ==
				       PLAT_RUNTIME_BASE,
		       "a hole in the map is memory that Linux does not get");
	_Static_assert(PLAT_RAS_BASE % EFI_PAGE == 0 &&
			       PLAT_ACPI_BASE % EFI_PAGE == 0,
		       "the map has whole pages");
	_Static_assert(PLAT_RUNTIME_BASE % (64 * KIB) == 0 &&
			       PLAT_RUNTIME_SIZE % (64 * KIB) == 0 &&
			       PLAT_RTC_BASE % (64 * KIB) == 0 &&
			       PLAT_RTC_SIZE % (64 * KIB) == 0,
		       "UEFI 2.10, 2.3.6.1");
	for (unsigned i = 0; i < COUNT; i++) {
		if (ranges[i].start == ranges[i].end)
			continue;
		next->type = ranges[i].type;
		next->start = ranges[i].start;
		next->pages = (ranges[i].end - ranges[i].start) / EFI_PAGE;
		next->attributes = ranges[i].attributes;
		if (ranges[i].attributes & EFI_RUNTIME)
			next->virtual_start = ranges[i].start;
		next++;
	}
	copy_runtime_services();
	efi->system_table = build_system_table(rsdp);
	efi->map = (uint64_t)map;
	efi->map_size = (uint32_t)((uint64_t)next - (uint64_t)map);
}
