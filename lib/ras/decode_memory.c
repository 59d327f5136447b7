/* SPDX-License-Identifier: BSD-2-Clause */
/* Both memory error sections (UEFI 2.10, N.2.5, N.2.6), in words. */
#include "decode.h"

NAMES(error_types, "unknown", "no error", "single-bit ECC", "multi-bit ECC",
      "single-symbol chipkill ECC", "multi-symbol chipkill ECC", "master abort",
      "target abort", "parity error", "watchdog timeout", "invalid address",
      "mirror broken", "memory sparing", "scrub corrected error",
      "scrub uncorrected error", "physical memory map-out event");

/* N.2.5.1: what went wrong, and bits from 16 on. */
NAMES(status_types, [1] = "detected inside the component",
      [4] = "storage in DRAM", [5] = "storage in a TLB",
      [6] = "storage in a cache", [7] = "in functional units",
      [8] = "component failed its self test",
      [9] = "overflow or underflow of an internal queue",
      [16] = "detected in the bus",
      [17] = "virtual address not found by the IOMMU", [18] = "improper access",
      [19] = "access to an unmapped address", [20] = "loss of lockstep",
      [21] = "response without a request", [22] = "bus parity",
      [23] = "bus protocol", [24] = "bus path", [25] = "bus timeout",
      [26] = "poisoned data read");
NAMES(status_bits, "address signals", "control signals", "data signals",
      "responder detected it", "requestor detected it", "first of several",
      "overflow");

NAMES(statuses, "corrected", "uncorrected");

#define STATUS(bit, s) \
	FIELD("error_status", HEX, bit, s, error_status), \
		NAMED_PART("error_status_type", NUMBER, bit, s, error_status, \
			   8, 8, status_types), \
		NAMED_PART("error_status_flags", BITS, bit, s, error_status, \
			   16, 7, status_bits)

/* clang-format off */
static const struct field fields[] = {
	STATUS(0, sdei_cper_memory),
	FIELD("physical_address", HEX, 1, sdei_cper_memory, physical_address),
	FIELD("physical_address_mask", HEX, 2, sdei_cper_memory, physical_address_mask),
	FIELD("node", NUMBER, 3, sdei_cper_memory, node),
	FIELD("card", NUMBER, 4, sdei_cper_memory, card),
	FIELD("module", NUMBER, 5, sdei_cper_memory, module),
	FIELD("bank", NUMBER, 6, sdei_cper_memory, bank),
	PART("bank_group", NUMBER, 19, sdei_cper_memory, bank, 8, 8),
	PART("bank_address", NUMBER, 20, sdei_cper_memory, bank, 0, 8),
	FIELD("device", NUMBER, 7, sdei_cper_memory, device),
	FIELD("column", NUMBER, 9, sdei_cper_memory, column),
	FIELD("bit_position", NUMBER, 10, sdei_cper_memory, bit_position),
	FIELD("requestor_id", HEX, 11, sdei_cper_memory, requestor_id),
	FIELD("responder_id", HEX, 12, sdei_cper_memory, responder_id),
	FIELD("target_id", HEX, 13, sdei_cper_memory, target_id),
	NAMED("error_type", NUMBER, 14, sdei_cper_memory, error_type, error_types),
	PART("chip_identification", NUMBER, 21, sdei_cper_memory, extended, 5, 3),
	FIELD("rank", NUMBER, 15, sdei_cper_memory, rank),
	FIELD("card_handle", HEX, 16, sdei_cper_memory, card_handle),
	FIELD("module_handle", HEX, 17, sdei_cper_memory, module_handle),
};

static const struct field fields2[] = {
	STATUS(0, sdei_cper_memory2),
	FIELD("physical_address", HEX, 1, sdei_cper_memory2, physical_address),
	FIELD("physical_address_mask", HEX, 2, sdei_cper_memory2, physical_address_mask),
	FIELD("node", NUMBER, 3, sdei_cper_memory2, node),
	FIELD("card", NUMBER, 4, sdei_cper_memory2, card),
	FIELD("module", NUMBER, 5, sdei_cper_memory2, module),
	FIELD("bank", NUMBER, 6, sdei_cper_memory2, bank),
	PART("bank_group", NUMBER, 20, sdei_cper_memory2, bank, 8, 8),
	PART("bank_address", NUMBER, 21, sdei_cper_memory2, bank, 0, 8),
	FIELD("device", NUMBER, 7, sdei_cper_memory2, device),
	FIELD("row", NUMBER, 8, sdei_cper_memory2, row),
	FIELD("column", NUMBER, 9, sdei_cper_memory2, column),
	FIELD("rank", NUMBER, 10, sdei_cper_memory2, rank),
	FIELD("bit_position", NUMBER, 11, sdei_cper_memory2, bit_position),
	FIELD("chip_identification", NUMBER, 12, sdei_cper_memory2, chip),
	NAMED("error_type", NUMBER, 13, sdei_cper_memory2, error_type, error_types),
	NAMED_PART("status", NUMBER, 14, sdei_cper_memory2, status, 0, 1, statuses),
	FIELD("requestor_id", HEX, 15, sdei_cper_memory2, requestor_id),
	FIELD("responder_id", HEX, 16, sdei_cper_memory2, responder_id),
	FIELD("target_id", HEX, 17, sdei_cper_memory2, target_id),
	FIELD("card_handle", HEX, 18, sdei_cper_memory2, card_handle),
	FIELD("module_handle", HEX, 19, sdei_cper_memory2, module_handle),
};
/* clang-format on */

static const struct layout layout =
	LAYOUT(fields, sdei_cper_memory, valid,
	       SDEI_MEMORY_HAS_ROW | SDEI_MEMORY_HAS_EXTENDED_ROW);
static const struct layout layout2 = LAYOUT(fields2, sdei_cper_memory2, valid,
					    0);

/* 16 bits of the row have been there always, two more lie elsewhere. */
void decode_memory(struct decode *d, struct span s)
{
	const size_t row = offsetof(struct sdei_cper_memory, row);
	const size_t extended = offsetof(struct sdei_cper_memory, extended);
	const uint64_t valid = decode_layout(d, s, &layout);
	const bool more = valid & SDEI_MEMORY_HAS_EXTENDED_ROW;
	uint64_t number;

	decode_bytes(d, SDEI_DECODED_BYTES, "more",
		     decode_behind(s, layout.size));
	if (!more && !(valid & SDEI_MEMORY_HAS_ROW))
		return;
	if ((more ? extended + 1 : row + 2) > s.size) {
		decode_wrong(d, s.at + row, "row", "is cut off", 0, 0);
		return;
	}
	number = decode_get(d, s.at + row, 2);
	if (more)
		number |= (decode_get(d, s.at + extended, 1) & 3) << 16;
	decode_number(d, SDEI_DECODED_NUMBER, "row",
		      (struct span){ s.at + row, 2 }, number, NULL);
}

void decode_memory2(struct decode *d, struct span s)
{
	decode_layout(d, s, &layout2);
	decode_bytes(d, SDEI_DECODED_BYTES, "more",
		     decode_behind(s, layout2.size));
}
