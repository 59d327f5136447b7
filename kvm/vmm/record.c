/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An error record in the guest's memory: a status block for each source, a
 * register that holds the block's address, and one where the guest acknowledges
 * (GHESv2; ACPI 6.5, 18.3.2.8).
 *
 * All of it is written from what the VMM knows, so a page there that goes bad is
 * no loss: it is given back to the host, and a new one filled. Of what the guest
 * writes only the acknowledgement's bit 0 is believed, and that the block is
 * empty.
 */
#include "records.h"

#include <stdio.h>
#include <string.h>

#define PAGE   4096
#define PACKED __attribute__((packed))

/* A status block with one memory error (ACPI 6.5, 18.3.2.7.1; UEFI 2.10, N.2). */
struct PACKED record {
	uint32_t block_status;
	uint32_t raw_data_offset, raw_data_length;
	uint32_t data_length;
	uint32_t severity;
	struct PACKED {
		uint8_t section[16];
		uint32_t severity;
		uint16_t revision;
		uint8_t valid, flags;
		uint32_t data_length;
		uint8_t fru_id[16];
		char fru_text[20];
		uint64_t timestamp;
	} entry;
	struct PACKED {
		uint64_t valid;
		uint64_t status;
		uint64_t address, mask;
		uint8_t location[40];
		uint8_t type;
		uint8_t extended[7];
	} memory;
};
_Static_assert(sizeof(struct record) == 20 + 72 + 80, "ACPI, UEFI");

#define ENTRIES(n)         ((n) << 4)
#define STATUS_UNCORRECTED 1
#define STATUS_CORRECTED   2
#define ENTRY_REVISION     0x300
#define ENTRY_HAS_TEXT     (1u << 1)
#define ENTRY_HAS_TIME     (1u << 2)
#define MEMORY_HAS_ADDRESS (1u << 1)
#define MEMORY_HAS_MASK    (1u << 2)
#define MEMORY_HAS_TYPE    (1u << 14)
#define MEMORY_SINGLE_BIT  2
#define MEMORY_MULTI_BIT   3
#define PAGE_MASK          (~UINT64_C(0xfff))

/* A guest's page there that goes bad so often is none that a new one helps. */
#define RENEW_MAX 16

static unsigned renewed;

uint64_t source_register(unsigned source)
{
	return RAS_BASE + 16 * source;
}

uint64_t source_ack(unsigned source)
{
	return RAS_BASE + 16 * source + 8;
}

uint64_t source_block(unsigned source)
{
	return RAS_BASE + SOURCE_BLOCK_SIZE * (1 + source);
}

/* The text tells records apart: Linux drops one that repeats another. */
static struct record make(const struct error *e)
{
	static const uint8_t memory_section[] = {
		0x14, 0x11, 0xbc, 0xa5, 0x64, 0x6f, 0xde, 0x4e,
		0xb8, 0x63, 0x3e, 0x83, 0xed, 0x7c, 0x83, 0xb1,
	};
	bool corrected = e->severity == SEVERITY_CORRECTED;
	struct record r = {
		.data_length = sizeof(r.entry) + sizeof(r.memory),
		.severity = e->severity,
		.entry.severity = e->severity,
		.entry.revision = ENTRY_REVISION,
		.entry.valid = ENTRY_HAS_TEXT | (e->stamp ? ENTRY_HAS_TIME : 0),
		.entry.data_length = sizeof(r.memory),
		.entry.timestamp = e->stamp,
		.memory.valid = MEMORY_HAS_ADDRESS | MEMORY_HAS_MASK |
				MEMORY_HAS_TYPE,
		.memory.address = e->address,
		.memory.mask = PAGE_MASK,
		.memory.type = corrected ? MEMORY_SINGLE_BIT : MEMORY_MULTI_BIT,
	};
	char text[40];

	memcpy(r.entry.section, memory_section, sizeof(memory_section));
	snprintf(text, sizeof(text), e->lost ? "seq %u lost %u" : "seq %u",
		 e->sequence, e->lost);
	/* As many as there is room for; no need of an end. */
	memcpy(r.entry.fru_text, text, strnlen(text, sizeof(r.entry.fru_text)));
	r.block_status = ENTRIES(1) |
			 (corrected ? STATUS_CORRECTED : STATUS_UNCORRECTED);
	return r;
}

/* The block's first word says whether there is a record: it goes last. */
static bool write_block(struct vmm *vmm, unsigned source, const struct error *e)
{
	const struct record r = make(e);
	const uint64_t block = source_block(source);
	const uint32_t empty = 0;
	const size_t word = sizeof(empty);

	return guest_write(vmm, block, &empty, word) &&
	       guest_write(vmm, block + word, (const uint8_t *)&r + word,
			   sizeof(r) - word) &&
	       guest_write(vmm, block, &r.block_status, word);
}

static bool write_registers(struct vmm *vmm, unsigned source, uint64_t ack)
{
	const uint64_t block = source_block(source);

	return guest_write(vmm, source_register(source), &block, 8) &&
	       guest_write(vmm, source_ack(source), &ack, 8);
}

static bool refill(struct vmm *vmm, uint64_t address,
		   const struct error *const shown[SOURCES])
{
	bool good = true;

	for (unsigned i = 0; i < SOURCES; i++) {
		if (address == RAS_BASE)
			good &= write_registers(vmm, i, !shown[i]);
		else if (address == source_block(i) && shown[i])
			good &= write_block(vmm, i, shown[i]);
	}
	return good;
}

bool record_renew(struct vmm *vmm, uint64_t address,
		  const struct error *const shown[SOURCES])
{
	return address >= RAS_BASE && address < RAS_BASE + RAS_SIZE &&
	       renewed++ < RENEW_MAX && poison_renew(vmm, address) &&
	       refill(vmm, address, shown);
}

bool record_start(struct vmm *vmm, unsigned source)
{
	const uint8_t empty[SOURCE_BLOCK_SIZE] = { 0 };

	renewed = 0;
	return guest_write(vmm, source_block(source), empty, sizeof(empty)) &&
	       write_registers(vmm, source, 1);
}

bool record_show(struct vmm *vmm, unsigned source, const struct error *error)
{
	const uint64_t no = 0;

	/* Taken back first: the guest may acknowledge as soon as it can see. */
	return guest_write(vmm, source_ack(source), &no, sizeof(no)) &&
	       write_block(vmm, source, error);
}

bool record_acknowledged(struct vmm *vmm, unsigned source, bool *yes)
{
	uint64_t ack = 0;
	bool read = guest_read(vmm, source_ack(source), &ack, sizeof(ack));

	*yes = read && ack & 1;
	return read;
}

bool record_gone(struct vmm *vmm, unsigned source, bool *yes)
{
	uint32_t status = 1;
	bool read = guest_read(vmm, source_block(source), &status,
			       sizeof(status));

	*yes = read && !status;
	return read;
}
