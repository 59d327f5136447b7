/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that can be RAM on this machine, told to EL3, which judges addresses by
 * it. The device tree has what is there from the start; memory that can be
 * plugged in later, or that a virtio-mem device lends, is in the SRAT alone
 * (ACPI 6.5, 5.2.16). That is read where QEMU
 * keeps it, so that it is known whatever is
 * started, without a byte of memory touched.
 */
#include <string.h>

#include "boot.h"
#include "given.h"
#include "handoff.h"

struct __attribute__((packed)) srat_entry {
	uint8_t type;
	uint8_t length;
};

/* ACPI 6.5, 5.2.16.2. */
struct __attribute__((packed)) srat_memory {
	struct srat_entry entry;
	uint32_t domain;
	uint16_t reserved1;
	uint64_t start;
	uint64_t size;
	uint32_t reserved2;
	uint32_t flags;
	uint64_t reserved3;
};
_Static_assert(sizeof(struct srat_memory) == 40, "ACPI 6.5, 5.2.16.2");
#define SRAT_ENTRIES 48 /* where the first entry lies */
#define SRAT_MEMORY  1
#define SRAT_ENABLED (1u << 0)

static void tell(uint64_t start, uint64_t size)
{
	uint64_t result;

	if (!size)
		return;
	result = el3_call(BOOT_FID_MEMORY, start, size, 0);
	if (result)
		fail("EL3 refuses RAM of %lu MiB at 0x%lx (SMC 0x%x returned 0x%lx): it keeps %u ranges",
		     size / MIB, start, BOOT_FID_MEMORY, result,
		     BOOT_MEMORY_RANGES);
}

static void tell_srat(const struct acpi_file_part *srat)
{
	uint32_t at = SRAT_ENTRIES;

	while (at + sizeof(struct srat_entry) <= srat->size) {
		struct srat_memory memory = { 0 };
		uint32_t left = srat->size - at;

		given_read(&srat->file, srat->offset + at, &memory,
			   left < sizeof(memory) ? left : sizeof(memory));
		if (memory.entry.length < sizeof(memory.entry) ||
		    memory.entry.length > left)
			fail("QEMU's SRAT is corrupt: an entry of %u bytes at %u of %u",
			     memory.entry.length, at, srat->size);
		if (memory.entry.type == SRAT_MEMORY &&
		    memory.entry.length >= sizeof(memory) &&
		    memory.flags & SRAT_ENABLED)
			tell(memory.start, memory.size);
		at += memory.entry.length;
	}
}

void memory_tell(void)
{
	struct acpi_file_part srat;

	tree_each_memory(tell);
	if (acpi_machine_find("SRAT", &srat))
		tell_srat(&srat);
}
