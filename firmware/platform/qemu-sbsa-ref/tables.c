/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ACPI tables of QEMU's `sbsa-ref` (ACPI 6.5, chapter 5), which acpi.c takes as it
 * takes QEMU's own on other machines. What is fixed is data here and in dsdt.asl; the
 * processors are told by the machine's device tree (cpus.c).
 */
#include <string.h>

#include <acpi.h>

#include "cpus.h"

/* ACPI 6.5, 5.2.3.2: 32 bits in memory. */
struct __attribute__((packed)) gas {
	uint8_t space, bits, offset, access;
	uint64_t address;
};
#define REGISTER(where) { 0, 32, 0, 3, where }

#define HEADER(sign, type, rev) \
	{ \
		.signature = sign, \
		.length = sizeof(struct type), \
		.revision = rev, \
		.oem_id = "OSDEI ", \
		.oem_table_id = { 'S', 'B', 'S', 'A', '-', 'R', 'E', 'F' }, \
		.oem_revision = 1, \
	}

/* 5.2.9: of a machine without the hardware of PCs, all but this is 0. */
struct __attribute__((packed)) fadt {
	struct table header;
	uint8_t unused1[76];
	uint32_t flags;
	uint8_t unused2[13];
	uint16_t boot;
	uint8_t minor;
	uint8_t unused3[8];
	uint64_t dsdt;
	uint8_t unused4[128];
};
_Static_assert(sizeof(struct fadt) == 276, "ACPI 6.5, table 5.9");
_Static_assert(offsetof(struct fadt, dsdt) == 140, "ACPI 6.5, table 5.9");
#define HARDWARE_REDUCED (1u << 20)
#define LOW_POWER_S0     (1u << 21)

static const struct fadt fadt = {
	.header = HEADER("FACP", fadt, 6),
	.flags = HARDWARE_REDUCED | LOW_POWER_S0,
	.minor = 3,
};

/* 5.2.25: the generic timer has no registers in memory, and is always on. */
struct __attribute__((packed)) gtdt {
	struct table header;
	uint64_t counter;
	uint32_t reserved;
	struct __attribute__((packed)) {
		uint32_t interrupt, flags;
	} secure_el1, el1, virtual, el2;
	uint64_t read;
	uint32_t platform_timers, platform_timer_offset;
};
_Static_assert(sizeof(struct gtdt) == 96, "ACPI 6.5, table 5.117, revision 2");
#define NO_ADDRESS UINT64_MAX
#define ALWAYS_ON  (1u << 2)

static const struct gtdt gtdt = {
	.header = HEADER("GTDT", gtdt, 2),
	.counter = NO_ADDRESS,
	.secure_el1 = { PLAT_IRQ_SECURE_TIMER, ALWAYS_ON },
	.el1 = { 30, ALWAYS_ON },
	.virtual = { 27, ALWAYS_ON },
	.el2 = { 26, ALWAYS_ON },
	.read = NO_ADDRESS,
};

/* Microsoft's Serial Port Console Redirection Table, revision 2. */
struct __attribute__((packed)) spcr {
	struct table header;
	uint8_t type, reserved1[3];
	struct gas base;
	uint8_t interrupt_type, irq;
	uint32_t interrupt;
	uint8_t baud, parity, stop_bits, flow, terminal, language;
	uint16_t pci_device, pci_vendor;
	uint8_t pci_bus, pci_slot, pci_function;
	uint32_t pci_flags;
	uint8_t pci_segment;
	uint32_t reserved2;
};
_Static_assert(sizeof(struct spcr) == 80, "SPCR, revision 2");

static const struct spcr spcr = {
	.header = HEADER("SPCR", spcr, 2),
	.type = 3, /* PL011 */
	.base = REGISTER(PLAT_UART0_BASE),
	.interrupt_type = 1 << 3, /* a GIC's */
	.interrupt = PLAT_IRQ_UART0,
	.baud = 7, /* 115200 */
	.stop_bits = 1,
	.terminal = 3, /* ANSI */
	.pci_device = 0xffff,
	.pci_vendor = 0xffff,
};

/* PCI Firmware 3.3, 4.1.2. */
struct __attribute__((packed)) mcfg {
	struct table header;
	uint64_t reserved1, base;
	uint16_t segment;
	uint8_t first_bus, last_bus;
	uint32_t reserved2;
};
_Static_assert(sizeof(struct mcfg) == 60, "PCI Firmware 3.3, table 4-2");

static const struct mcfg mcfg = {
	.header = HEADER("MCFG", mcfg, 1),
	.base = PLAT_PCIE_BASE,
	.last_bus = 255,
};

/* What iasl made of dsdt.asl. */
extern const uint8_t acpi_dsdt[], acpi_dsdt_end[];

bool acpi_machine_find(const char *signature, struct acpi_file_part *part)
{
	(void)signature, (void)part;
	return false;
}

static uint64_t add(const void *data, size_t size)
{
	struct table *table = area_allocate(size, 8);

	memcpy(table, data, size);
	acpi_seal(table);
	return (uint64_t)table;
}

uint64_t acpi_machine_tables(size_t size)
{
	enum { TABLES = 6 };
	static const struct table header = {
		.signature = "XSDT",
		.length = sizeof(header) + TABLES * sizeof(uint64_t),
		.revision = 1,
		.oem_id = "OSDEI ",
	};
	struct __attribute__((packed)) {
		struct table header;
		uint64_t entry[TABLES];
	} xsdt = { .header = header };
	struct fadt with_dsdt = fadt;
	struct rsdp *rsdp = area_allocate(size, 16);

	with_dsdt.dsdt = add(acpi_dsdt, (size_t)(acpi_dsdt_end - acpi_dsdt));
	xsdt.entry[0] = add(&with_dsdt, sizeof(with_dsdt));
	xsdt.entry[1] = add(&gtdt, sizeof(gtdt));
	xsdt.entry[2] = add(&spcr, sizeof(spcr));
	xsdt.entry[3] = add(&mcfg, sizeof(mcfg));
	xsdt.entry[4] = (uint64_t)cpus_madt();
	xsdt.entry[5] = (uint64_t)cpus_ssdt();
	memcpy(rsdp->signature, "RSD PTR ", 8);
	memcpy(rsdp->oem_id, "OSDEI ", 6);
	rsdp->revision = 2;
	rsdp->length = sizeof(*rsdp);
	rsdp->xsdt = add(&xsdt, sizeof(xsdt));
	return (uint64_t)rsdp;
}
