/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processors as ACPI tells of them: in the MADT their CPU interfaces, in an SSDT
 * their devices. QEMU's tree has a node for each, in the order of EL3's PEs, whose reg
 * is the affinity. A processor's UID is its PE's index.
 */
#include <libfdt.h>
#include <string.h>

#include <acpi.h>

#include "cpus.h"

#define IRQ_PMU         23
#define IRQ_MAINTENANCE 25

static void *const tree = (void *)PLAT_DTB_BASE;

/* ACPI 6.5, 5.2.12.14: a CPU interface of a GICv3. */
struct __attribute__((packed)) gicc {
	uint8_t type, length;
	uint16_t reserved1;
	uint32_t number, uid, flags;
	uint32_t parking_version, pmu;
	uint64_t parked, base, gicv, gich;
	uint32_t maintenance;
	uint64_t gicr, mpidr;
	uint8_t efficiency, reserved2;
	uint16_t spe, trbe;
};
_Static_assert(sizeof(struct gicc) == 82, "ACPI 6.5, table 5.36");
#define GICC_ENABLED 1

/* 5.2.12.15. */
struct __attribute__((packed)) gicd {
	uint8_t type, length;
	uint16_t reserved1;
	uint32_t id;
	uint64_t base;
	uint32_t vector;
	uint8_t version, reserved2[3];
};
_Static_assert(sizeof(struct gicd) == 24, "ACPI 6.5, table 5.38");

/* 5.2.12.17: the range in which redistributors are looked for. */
struct __attribute__((packed)) gicr {
	uint8_t type, length;
	uint16_t reserved;
	uint64_t base;
	uint32_t size;
};
_Static_assert(sizeof(struct gicr) == 16, "ACPI 6.5, table 5.41");

struct __attribute__((packed)) madt {
	struct table header;
	uint32_t local_controller, flags;
	struct gicd gicd;
	struct gicr gicr;
	struct gicc gicc[];
};

/* AML (ACPI 6.5, 20.2): Device (Cnnn) { Name (_HID, "ACPI0007") Name (_UID, n) }. */
struct __attribute__((packed)) device {
	uint8_t op[2], length;
	char name[4];
	uint8_t hid_op;
	char hid_name[4];
	uint8_t hid_string;
	char hid[9];
	uint8_t uid_op;
	char uid_name[4];
	uint8_t uid_word;
	uint16_t uid;
};
_Static_assert(sizeof(struct device) < 64 + 2, "one byte of length");

/* Scope (\_SB), its length in three bytes. */
struct __attribute__((packed)) ssdt {
	struct table header;
	uint8_t op, length[3];
	char root;
	char name[4];
	struct device device[];
};

/* The affinity of the next processor's node behind *node; false: there is none. */
static bool next_cpu(int *node, uint64_t *affinity)
{
	const int cpus = fdt_path_offset(tree, "/cpus");
	const fdt32_t *reg;
	int length;

	*node = *node ? fdt_next_subnode(tree, *node)
		      : fdt_first_subnode(tree, cpus);
	for (; *node >= 0; *node = fdt_next_subnode(tree, *node)) {
		reg = fdt_getprop(tree, *node, "reg", &length);
		if (!reg || length != 2 * (int)sizeof(*reg))
			continue; /* the topology's, of newer QEMUs */
		*affinity = (uint64_t)fdt32_to_cpu(reg[0]) << 32 |
			    fdt32_to_cpu(reg[1]);
		return true;
	}
	return false;
}

static unsigned count_cpus(void)
{
	uint64_t affinity;
	unsigned count = 0;
	int node = 0;

	while (next_cpu(&node, &affinity))
		count++;
	if (!count)
		fail("the device tree at 0x%lx has no processors in /cpus: is this QEMU's sbsa-ref?",
		     (uint64_t)PLAT_DTB_BASE);
	return count;
}

static void start(struct table *table, const char *signature, size_t size,
		  unsigned revision)
{
	memcpy(table->signature, signature, 4);
	table->length = (uint32_t)size;
	table->revision = (uint8_t)revision;
	memcpy(table->oem_id, "OSDEI ", 6);
	memcpy(table->oem_table_id, "SBSA-REF", 8);
	table->oem_revision = 1;
}

struct table *cpus_madt(void)
{
	const unsigned count = count_cpus();
	const size_t size = sizeof(struct madt) + count * sizeof(struct gicc);
	struct madt *madt = area_allocate(size, 8);
	int node = 0;

	start(&madt->header, "APIC", size, 6);
	madt->gicd = (struct gicd){ .type = 12,
				    .length = sizeof(struct gicd),
				    .base = PLAT_GICD_BASE,
				    .version = 3 };
	madt->gicr = (struct gicr){ .type = 14,
				    .length = sizeof(struct gicr),
				    .base = PLAT_GICR_BASE,
				    .size = count * PLAT_GICR_STRIDE };
	for (unsigned i = 0; i < count; i++) {
		uint64_t affinity = 0;

		next_cpu(&node, &affinity);
		madt->gicc[i] = (struct gicc){
			.type = 11,
			.length = sizeof(struct gicc),
			.number = i,
			.uid = i,
			.flags = GICC_ENABLED,
			.pmu = IRQ_PMU,
			.maintenance = IRQ_MAINTENANCE,
			.mpidr = affinity,
		};
	}
	acpi_seal(&madt->header);
	return &madt->header;
}

struct table *cpus_ssdt(void)
{
	static const struct device device = {
		.op = { 0x5b, 0x82 },
		.length = sizeof(device) - 2,
		.hid_op = 0x08,
		.hid_name = { '_', 'H', 'I', 'D' },
		.hid_string = 0x0d,
		.hid = "ACPI0007",
		.uid_op = 0x08,
		.uid_name = { '_', 'U', 'I', 'D' },
		.uid_word = 0x0b,
	};
	const unsigned count = count_cpus();
	const size_t size = sizeof(struct ssdt) + count * sizeof(device);
	const size_t length = size - offsetof(struct ssdt, length);
	struct ssdt *ssdt = area_allocate(size, 8);

	start(&ssdt->header, "SSDT", size, 2);
	ssdt->op = 0x10;
	ssdt->length[0] = (uint8_t)(2 << 6 | (length & 0xf));
	ssdt->length[1] = (uint8_t)(length >> 4);
	ssdt->length[2] = (uint8_t)(length >> 12);
	ssdt->root = '\\';
	memcpy(ssdt->name, "_SB_", 4);
	for (unsigned i = 0; i < count; i++) {
		struct device *d = &ssdt->device[i];

		*d = device;
		d->uid = (uint16_t)i;
		d->name[0] = 'C';
		for (unsigned n = 0; n < 3; n++)
			d->name[1 + n] =
				"0123456789ABCDEF"[i >> (8 - 4 * n) & 0xf];
	}
	acpi_seal(&ssdt->header);
	return &ssdt->header;
}
