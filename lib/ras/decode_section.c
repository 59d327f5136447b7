/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which section is it? Those that need no more than a table are here, and the
 * names of all that have one (UEFI 2.10, N.2.2; Linux's drivers/acpi/apei/erst.c).
 */
#include "decode.h"

NAMES(processor_types, "IA32/X64", "IA64", "Arm");
NAMES(instruction_sets, "IA32", "IA64", "X64", "Arm A32/T32", "Arm A64");
NAMES(processor_errors, "cache error", "TLB error", "bus error",
      "micro-architectural error");
NAMES(operations, "unknown or generic", "data read", "data write",
      "instruction execution");
NAMES(processor_flags, "restartable", "precise IP", "overflow", "corrected");
NAMES(firmware_types, "IPF SAL error record",
      "SoC firmware error record type 1", "SoC firmware error record type 2");
NAMES(bus_types, "unknown or OEM specific", "data parity", "system error",
      "master abort", "bus timeout", "master data parity", "address parity",
      "command parity");

/* Generic processor error (N.2.4.1). */
struct processor {
	uint64_t valid;
	uint8_t type, instructions, error, operation, flags, level;
	uint16_t reserved;
	uint64_t version;
	char brand[128];
	uint64_t id, target, requestor, responder, ip;
};
_Static_assert(sizeof(struct processor) == 192, "N.2.4.1");

/* PCI/PCI-X bus error (N.2.8). */
struct bus {
	uint64_t valid, status;
	uint16_t type;
	uint8_t number, segment;
	uint32_t reserved;
	uint64_t address, data, command, requestor, completer, target;
};
_Static_assert(sizeof(struct bus) == 72, "N.2.8");

/* clang-format off */
static const struct field processor_fields[] = {
	NAMED("processor_type", NUMBER, 0, processor, type, processor_types),
	NAMED("processor_isa", NUMBER, 1, processor, instructions, instruction_sets),
	NAMED("error_type", BITS, 2, processor, error, processor_errors),
	NAMED("operation", NUMBER, 3, processor, operation, operations),
	NAMED("flags", BITS, 4, processor, flags, processor_flags),
	FIELD("level", NUMBER, 5, processor, level),
	FIELD("cpu_version", HEX, 6, processor, version),
	FIELD("cpu_brand", TEXT, 7, processor, brand),
	FIELD("processor_id", HEX, 8, processor, id),
	FIELD("target_address", HEX, 9, processor, target),
	FIELD("requestor_id", HEX, 10, processor, requestor),
	FIELD("responder_id", HEX, 11, processor, responder),
	FIELD("instruction_pointer", HEX, 12, processor, ip),
};

static const struct field bus_fields[] = {
	FIELD("error_status", HEX, 0, bus, status),
	NAMED("error_type", NUMBER, 1, bus, type, bus_types),
	FIELD("bus", HEX, 2, bus, number),
	FIELD("segment", HEX, 2, bus, segment),
	FIELD("bus_address", HEX, 3, bus, address),
	FIELD("bus_data", HEX, 4, bus, data),
	FIELD("bus_command", HEX, 5, bus, command),
	FIELD("requestor_id", HEX, 6, bus, requestor),
	FIELD("completer_id", HEX, 7, bus, completer),
	FIELD("target_id", HEX, 8, bus, target),
};

static const struct field firmware_fields[] = {
	NAMED("record_type", NUMBER, ALWAYS, sdei_cper_firmware, type, firmware_types),
	FIELD("revision", NUMBER, ALWAYS, sdei_cper_firmware, revision),
	FIELD("record_identifier", HEX, ALWAYS, sdei_cper_firmware, record_id),
	FIELD("record_guid", GUID, ALWAYS, sdei_cper_firmware, record_guid),
};
/* clang-format on */

static void processor(struct decode *d, struct span s)
{
	static const struct layout layout = LAYOUT(processor_fields, processor,
						   valid, 0);

	decode_layout(d, s, &layout);
	decode_bytes(d, SDEI_DECODED_BYTES, "more",
		     decode_behind(s, layout.size));
}

static void bus(struct decode *d, struct span s)
{
	static const struct layout layout = LAYOUT(bus_fields, bus, valid, 0);

	decode_layout(d, s, &layout);
	decode_bytes(d, SDEI_DECODED_BYTES, "more",
		     decode_behind(s, layout.size));
}

/* The GUID came with revision 1: before, data follow in its place. */
static void firmware(struct decode *d, struct span s)
{
	struct layout layout = PLAIN_LAYOUT(firmware_fields,
					    sdei_cper_firmware);

	if (s.size > 1 && !decode_get(d, s.at + 1, 1)) {
		layout.count--;
		layout.size = offsetof(struct sdei_cper_firmware, record_guid);
	}
	decode_layout(d, s, &layout);
	decode_bytes(d, SDEI_DECODED_BYTES, "record",
		     decode_behind(s, layout.size));
}

static void bytes(struct decode *d, struct span s)
{
	decode_bytes(d, SDEI_DECODED_BYTES, "bytes", s);
}

/* The kernel's last words, as its pstore keeps them. */
static void text(struct decode *d, struct span s)
{
	struct span told = s;

	decode_bytes(d, SDEI_DECODED_TEXT, "text", s);
	for (told.size = 0; told.size < s.size; told.size++)
		if (!d->bytes[s.at + told.size])
			break;
	decode_bytes(d, SDEI_DECODED_BYTES, "more",
		     decode_behind(s, told.size));
}

#define GUID(a, b, c, ...) \
	{ \
		(a) & 0xff, (a) >> 8 & 0xff, (a) >> 16 & 0xff, \
		(a) >> 24,  (b) & 0xff,      (b) >> 8, \
		(c) & 0xff, (c) >> 8,        __VA_ARGS__ \
	}

typedef void tell_section(struct decode *d, struct span s);

/* Those that are in sdei_section_types[], too, whose GUIDs stand there. */
static const struct {
	const char *name;
	tell_section *tell;
	uint16_t least; /* where older ones were shorter; 0: as today */
} kinds[SDEI_SECTION_VENDOR] = {
	[SDEI_SECTION_MEMORY] = { "memory error", decode_memory, 73 },
	[SDEI_SECTION_MEMORY2] = { "memory error 2", decode_memory2, 0 },
	[SDEI_SECTION_PROCESSOR] = { "Arm processor error", decode_processor,
				     0 },
	[SDEI_SECTION_PCIE] = { "PCIe error", decode_pcie, 0 },
	[SDEI_SECTION_FIRMWARE] = { "firmware error record reference", firmware,
				    16 },
	[SDEI_SECTION_CXL_PROTOCOL] = { "CXL protocol error",
					decode_cxl_protocol, 0 },
	[SDEI_SECTION_CXL_MEDIA] = { "CXL general media event",
				     decode_cxl_media, 0 },
	[SDEI_SECTION_CXL_DRAM] = { "CXL DRAM event", decode_cxl_dram, 0 },
	[SDEI_SECTION_CXL_MODULE] = { "CXL memory module event",
				      decode_cxl_module, 0 },
};

/* clang-format off */
static const struct {
	uint8_t guid[16];
	const char *name;
	tell_section *tell;
	size_t least;
} others[] = {
	{ GUID(0x9876CCAD, 0x47B4, 0x4BDB, 0xB6, 0x5E, 0x16, 0xF1, 0x93, 0xC4, 0xF3, 0xDB),
	  "generic processor error", processor, 192 },
	{ GUID(0xDC3EA0B0, 0xA144, 0x4797, 0xB9, 0x5B, 0x53, 0xFA, 0x24, 0x2B, 0x6E, 0x1D),
	  "IA32/X64 processor error", bytes, 0 },
	{ GUID(0xC5753963, 0x3B84, 0x4095, 0xBF, 0x78, 0xED, 0xDA, 0xD3, 0xF9, 0xC9, 0xDD),
	  "PCI bus error", bus, 72 },
	{ GUID(0xEB5E4685, 0xCA66, 0x4769, 0xB6, 0xA2, 0x26, 0x06, 0x8B, 0x00, 0x13, 0x26),
	  "PCI component error", bytes, 0 },
	{ GUID(0x5B51FEF7, 0xC79D, 0x4434, 0x8F, 0x1B, 0xAA, 0x62, 0xDE, 0x3E, 0x2C, 0x64),
	  "DMAr generic error", bytes, 0 },
	{ GUID(0x71761D37, 0x32B2, 0x45CD, 0xA7, 0xD0, 0xB0, 0xFE, 0xDD, 0x93, 0xE8, 0xCF),
	  "DMAr VT-d error", bytes, 0 },
	{ GUID(0x036F84E1, 0x7F37, 0x428C, 0xA7, 0x9E, 0x57, 0x5F, 0xDF, 0xAA, 0x84, 0xEC),
	  "DMAr IOMMU error", bytes, 0 },
	{ GUID(0xE71F3A40, 0x2D29, 0x4092, 0x8A, 0x39, 0x4D, 0x1C, 0x96, 0x6C, 0x7C, 0x65),
	  "CXL memory sparing event", decode_cxl_event, 64 },
	{ GUID(0xC197E04E, 0xD545, 0x4A70, 0x9C, 0x17, 0xA5, 0x54, 0x94, 0x19, 0xEB, 0x12),
	  "Linux kernel log", text, 0 },
	{ GUID(0x4F118707, 0x04DD, 0x4055, 0xB5, 0xDD, 0x95, 0x6D, 0x34, 0xDD, 0xFA, 0xC6),
	  "Linux kernel log, compressed", bytes, 0 },
	{ GUID(0xFE08FFBE, 0x95E4, 0x4BE7, 0xBC, 0x73, 0x40, 0x96, 0x04, 0x4A, 0x38, 0xFC),
	  "Linux machine check", bytes, 0 },
};
/* clang-format on */

struct found {
	const char *name;
	tell_section *tell;
	size_t least;
};

static struct found find_kind(const uint8_t guid[16])
{
	for (unsigned i = 0; i < SDEI_SECTION_VENDOR; i++)
		if (!__builtin_memcmp(sdei_section_types[i].guid, guid, 16))
			return (struct found){
				kinds[i].name, kinds[i].tell,
				kinds[i].least ? kinds[i].least
					       : sdei_section_types[i].least
			};
	for (unsigned i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!__builtin_memcmp(others[i].guid, guid, 16))
			return (struct found){ others[i].name, others[i].tell,
					       others[i].least };
	return (struct found){ "of an unknown kind", bytes, 0 };
}

const char *decode_section_name(const uint8_t guid[16])
{
	return find_kind(guid).name;
}

void decode_section(struct decode *d, const uint8_t guid[16], struct span s)
{
	const struct found found = find_kind(guid);

	if (s.size < found.least)
		decode_wrong(d, s.at, "section", "is too short: # bytes, not #",
			     s.size, found.least);
	decode_begin(d, "body", NULL, s);
	found.tell(d, s);
	decode_end(d);
}
