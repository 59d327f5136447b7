/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for tables, and as much of UEFI (2.10) as Linux needs to find ACPI and
 * its memory when no UEFI has started it.
 */
#include "vmm.h"

#include <string.h>

#define SIGNATURE UINT64_C(0x5453595320494249) /* "IBI SYST" */
#define REVISION  ((2u << 16) | 100)           /* 2.10 */
#define UNCACHED  UINT64_C(0x1)
#define CACHEABLE UINT64_C(0xf) /* UC, WC, WT, WB */
#define READ_ONLY (UINT64_C(1) << 17)
#define RUNTIME   (UINT64_C(1) << 63)
#define MMIO_SIZE UINT64_C(0x10000)
#define PAGE      4096

enum {
	RUNTIME_CODE = 5,
	CONVENTIONAL = 7,
	ACPI_RECLAIM = 9,
	ACPI_NVS = 10,
	MMIO = 11
}; /* 7.2.3 */

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

struct runtime_services {
	uint64_t signature;
	uint32_t revision, header_size, crc, reserved;
	uint64_t services[14];
};
_Static_assert(sizeof(struct runtime_services) == 136, "UEFI 2.10, 4.5");
#define RUNTIME_SIGNATURE UINT64_C(0x56524553544e5552) /* "RUNTSERV" */
#define GET_AND_SET_TIME  3                            /* 4.6 */

/* runtime.S */
extern const uint8_t runtime_code[], runtime_code_end[];
extern const uint8_t runtime_get_time[], runtime_set_time[];
extern const uint8_t runtime_unsupported[];

/* GUIDs as they lie in memory. */
static const uint8_t acpi_guid[16] = {
	0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11,
	0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81,
};
static const uint8_t rt_properties_guid[16] = {
	0x8a, 0x91, 0x66, 0xeb, 0xef, 0x7e, 0x2a, 0x40,
	0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9,
};

static uint64_t used; /* one guest a process */

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
	struct configuration *c = tables_take(vmm, 2 * sizeof(*c),
					      &configuration_at);
	struct system_table *t = tables_take(vmm, sizeof(*t), &at);

	memcpy(tables_take(vmm, sizeof(vendor), &vendor_at), vendor,
	       sizeof(vendor));
	/* Version and length, and which runtime services there are. */
	properties[0] = 1;
	properties[1] = 8;
	properties[2] = GET_AND_SET_TIME;
	memcpy(c[0].guid, acpi_guid, sizeof(acpi_guid));
	c[0].table = rsdp;
	memcpy(c[1].guid, rt_properties_guid, sizeof(rt_properties_guid));
	c[1].table = properties_at;
	*t = (struct system_table){
		.signature = SIGNATURE,
		.revision = REVISION,
		.header_size = sizeof(*t),
		.vendor = vendor_at,
		.runtime_services = RUNTIME_BASE,
		.configuration_count = 2,
		.configurations = configuration_at,
	};
	return at;
}

/* The table, and the code behind it. */
static void make_runtime_services(struct vmm *vmm)
{
	struct runtime_services *t = vmm_memory(vmm, RUNTIME_BASE,
						RUNTIME_SIZE);
	const uint64_t code = RUNTIME_BASE + sizeof(*t);

	*t = (struct runtime_services){
		.signature = RUNTIME_SIGNATURE,
		.revision = REVISION,
		.header_size = sizeof(*t),
	};
	for (unsigned i = 0; i < 14; i++)
		t->services[i] = code +
				 (uint64_t)(runtime_unsupported - runtime_code);
	t->services[0] = code + (uint64_t)(runtime_get_time - runtime_code);
	t->services[1] = code + (uint64_t)(runtime_set_time - runtime_code);
	memcpy(t + 1, runtime_code, (size_t)(runtime_code_end - runtime_code));
}

/*
 * Linux takes memory from this map alone, so it covers all of RAM. What the
 * services need has its virtual address already, equal to the physical one: nobody
 * calls SetVirtualAddressMap(), and a kernel started with kexec gets the same map.
 */
struct efi efi_make(struct vmm *vmm, uint64_t rsdp)
{
	const struct {
		uint32_t type;
		uint64_t attributes, start, end;
	} ranges[] = {
		{ MMIO, UNCACHED | RUNTIME, RTC_BASE, RTC_BASE + MMIO_SIZE },
		{ CONVENTIONAL, CACHEABLE, RAM_BASE, RAS_BASE },
		{ ACPI_NVS, CACHEABLE, RAS_BASE, TABLES_BASE },
		{ ACPI_RECLAIM, CACHEABLE, TABLES_BASE, RUNTIME_BASE },
		{ RUNTIME_CODE, CACHEABLE | READ_ONLY | RUNTIME, RUNTIME_BASE,
		  RUNTIME_BASE + RUNTIME_SIZE },
		{ CONVENTIONAL, CACHEABLE, RUNTIME_BASE + RUNTIME_SIZE,
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
			.attributes = ranges[i].attributes,
			.virtual_start = ranges[i].attributes & RUNTIME
						 ? ranges[i].start
						 : 0,
		};
	make_runtime_services(vmm);
	efi.system_table = make_system_table(vmm, rsdp);
	return efi;
}
