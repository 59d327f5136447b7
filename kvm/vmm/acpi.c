/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's ACPI tables (ACPI 6.5). They are put together field by field, each
 * at the offset that its chapter gives, because most of each is zero.
 */
#include "vmm.h"

#include <sdei/apei.h>
#include <string.h>

#define HEADER_SIZE 36

/* dsdt.S: what iasl made of acpi/dsdt.asl. */
extern const uint8_t acpi_dsdt[], acpi_dsdt_end[];

static void put(uint8_t *table, unsigned offset, unsigned bytes, uint64_t value)
{
	for (unsigned i = 0; i < bytes; i++)
		table[offset + i] = (uint8_t)(value >> 8 * i);
}

static uint8_t sum(const uint8_t *data, size_t size)
{
	uint8_t total = 0;

	while (size--)
		total = (uint8_t)(total + *data++);
	return total;
}

static uint8_t *begin(struct vmm *vmm, const char *signature, unsigned revision,
		      unsigned size, uint64_t *address)
{
	uint8_t *table = tables_take(vmm, size, address);

	memcpy(table, signature, 4);
	put(table, 4, 4, size);
	put(table, 8, 1, revision);
	memcpy(table + 10, "OSDEI OPENSDEI", 14);
	put(table, 24, 4, 1);
	memcpy(table + 28, "OSDE", 4);
	return table;
}

static void seal(uint8_t *table)
{
	uint32_t size;

	memcpy(&size, table + 4, sizeof(size));
	table[9] = (uint8_t)(table[9] - sum(table, size));
}

/* Generic address: system memory, `bits` wide (5.2.3.2). */
static void put_address(uint8_t *table, unsigned offset, unsigned bits,
			uint64_t address)
{
	put(table, offset + 1, 1, bits);
	put(table, offset + 3, 1, bits == 64 ? 4 : 3);
	put(table, offset + 4, 8, address);
}

/* Its NCPU is how many processors of those in it there are. */
static uint64_t make_dsdt(struct vmm *vmm)
{
	static const uint8_t name[] = { 'N', 'C', 'P', 'U', 0x0a };
	size_t size = (size_t)(acpi_dsdt_end - acpi_dsdt);
	uint64_t address;
	uint8_t *table = tables_take(vmm, size, &address);

	memcpy(table, acpi_dsdt, size);
	for (size_t i = HEADER_SIZE; i + sizeof(name) < size; i++)
		if (!memcmp(table + i, name, sizeof(name))) {
			table[i + sizeof(name)] = (uint8_t)vmm->options.vcpus;
			seal(table);
			return address;
		}
	vmm_die("the DSDT has no NCPU");
}

/* 5.2.9 */
static uint64_t make_fadt(struct vmm *vmm)
{
	const uint32_t hardware_reduced = 1u << 20, low_power_s0 = 1u << 21;
	const uint16_t psci = 1 << 0, hvc = 1 << 1;
	uint64_t address;
	uint8_t *table = begin(vmm, "FACP", 6, 276, &address);

	put(table, 112, 4, hardware_reduced | low_power_s0);
	put(table, 129, 2, psci | hvc);
	put(table, 131, 1, 3); /* 6.3 */
	put(table, 140, 8, make_dsdt(vmm));
	seal(table);
	return address;
}

/* 5.2.12 */
static uint64_t make_madt(struct vmm *vmm)
{
	enum { GICC = 82, GICD = 24, GICR = 16, FIRST = 44 };
	unsigned n = vmm->options.vcpus;
	uint64_t address;
	uint8_t *table = begin(vmm, "APIC", 6, FIRST + n * GICC + GICD + GICR,
			       &address);
	uint8_t *at = table + FIRST;

	for (unsigned i = 0; i < n; i++, at += GICC) {
		put(at, 0, 2, 0x0b | GICC << 8);
		put(at, 4, 4, i);  /* interface */
		put(at, 8, 4, i);  /* _UID */
		put(at, 12, 4, 1); /* enabled */
		put(at, 68, 8, i); /* MPIDR */
	}
	put(at, 0, 2, 0x0c | GICD << 8);
	put(at, 8, 8, GICD_BASE);
	put(at, 20, 1, 3); /* GICv3 */
	at += GICD;
	put(at, 0, 2, 0x0e | GICR << 8);
	put(at, 4, 8, GICR_BASE);
	put(at, 12, 4, n * GICR_STRIDE);
	seal(table);
	return address;
}

/* 5.2.25 */
static uint64_t make_gtdt(struct vmm *vmm)
{
	static const uint8_t timers[] = { 29, IRQ_PHYSICAL_TIMER,
					  IRQ_VIRTUAL_TIMER, 26 };
	uint64_t address;
	uint8_t *table = begin(vmm, "GTDT", 2, 96, &address);

	put(table, 36, 8, UINT64_MAX); /* no memory-mapped counter */
	for (unsigned i = 0; i < sizeof(timers); i++) {
		put(table, 48 + 8 * i, 4, timers[i]);
		put(table, 52 + 8 * i, 4, 4); /* level, always on */
	}
	put(table, 80, 8, UINT64_MAX);
	seal(table);
	return address;
}

/* Serial Port Console Redirection Table, revision 2. */
static uint64_t make_spcr(struct vmm *vmm)
{
	uint64_t address;
	uint8_t *table = begin(vmm, "SPCR", 2, 80, &address);

	put(table, 36, 1, 3); /* PL011 */
	put_address(table, 40, 32, UART_BASE);
	put(table, 52, 1, 8); /* GIC */
	put(table, 54, 4, IRQ_UART);
	put(table, 58, 1, 7);          /* 115200 */
	put(table, 60, 1, 1);          /* stop bit */
	put(table, 64, 4, UINT32_MAX); /* no PCI device */
	seal(table);
	return address;
}

static const struct sdei_table_id id = { "OSDEI ", "OPENSDEI", 1 };

/* The error sources, as libsdei-ras has them. */
static uint64_t make_hest(struct vmm *vmm)
{
	const struct sdei_ras_config config = sources_config(vmm);
	const size_t size = sdei_table_hest(NULL, 0, &id, &config);
	uint64_t address;

	sdei_table_hest(tables_take(vmm, size, &address), size, &id, &config);
	return address;
}

static uint64_t make_sdei(struct vmm *vmm)
{
	uint64_t address;

	sdei_table_sdei(tables_take(vmm, HEADER_SIZE, &address), HEADER_SIZE,
			&id);
	return address;
}

uint64_t acpi_make(struct vmm *vmm)
{
	const uint64_t tables[] = {
		make_fadt(vmm), make_madt(vmm), make_gtdt(vmm),
		make_spcr(vmm), make_hest(vmm), make_sdei(vmm),
	};
	enum { RSDP_SIZE = 36, RSDP_OLD_SIZE = 20 };
	uint64_t address, xsdt_address;
	uint8_t *xsdt = begin(vmm, "XSDT", 1, HEADER_SIZE + sizeof(tables),
			      &xsdt_address);
	uint8_t *rsdp = tables_take(vmm, RSDP_SIZE, &address);

	memcpy(xsdt + HEADER_SIZE, tables, sizeof(tables));
	seal(xsdt);
	memcpy(rsdp, "RSD PTR ", 8);
	memcpy(rsdp + 9, "OSDEI ", 6);
	put(rsdp, 15, 1, 2);
	put(rsdp, 20, 4, RSDP_SIZE);
	put(rsdp, 24, 8, xsdt_address);
	rsdp[8] = (uint8_t)-sum(rsdp, RSDP_OLD_SIZE);
	rsdp[32] = (uint8_t)-sum(rsdp, RSDP_SIZE);
	return address;
}
