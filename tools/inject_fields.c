/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei inject: what can be said of an error, as a table. A field whose bits lie
 * elsewhere in another kind of section, or whose words mean other numbers there,
 * has a line for each: the first that fits counts, and whoever looks for one
 * looks for a name and a kind.
 *
 * Sections: UEFI 2.10, appendix N; CXL events: CXL 3.1, 8.2.9.2.1.
 */
#include "inject.h"

#define M      (1u << SDEI_SECTION_MEMORY)
#define M2     (1u << SDEI_SECTION_MEMORY2)
#define CPU    (1u << SDEI_SECTION_PROCESSOR)
#define PCIE   (1u << SDEI_SECTION_PCIE)
#define FW     (1u << SDEI_SECTION_FIRMWARE)
#define CXL    (1u << SDEI_SECTION_CXL_PROTOCOL)
#define MEDIA  (1u << SDEI_SECTION_CXL_MEDIA)
#define DRAM   (1u << SDEI_SECTION_CXL_DRAM)
#define MODULE (1u << SDEI_SECTION_CXL_MODULE)
#define EVENT  (MEDIA | DRAM | MODULE)
#define VENDOR (1u << SDEI_SECTION_VENDOR)

#define CACHE SDEI_ARM_CACHE
#define TLB   SDEI_ARM_TLB
#define BUS   SDEI_ARM_BUS
#define ANY   (CACHE | TLB | BUS | SDEI_ARM_VENDOR)

#define SIZE(what, field) sizeof(((struct what *)0)->field)

/* clang-format off */
const struct inject_kind inject_kinds[KINDS] = {
	[KIND_MEMORY] = { "memory", "An error of memory", M | M2 },
	[KIND_PROCESSOR] = { "processor", "An error of an Arm processor", CPU },
	[KIND_PCIE] = { "pcie", "An error of a PCI Express function", PCIE },
	[KIND_CXL] = { "cxl", "A CXL protocol error, or a component's event",
		       CXL | EVENT },
	[KIND_PLATFORM] = { "platform", "A reference to a firmware error record", FW },
	[KIND_VENDOR] = { "vendor", "A section that only its vendor knows", VENDOR },
	[KIND_RECORD] = { "record", "FILE ('-': standard input) as a status block: "
			  "any bytes, to test a kernel's parser", 0 },
	[KIND_DUMP] = { "dump", "No error: have the kernel panic, by AGDI", 0 },
	[KIND_STOP] = { "stop", "No error: end all storms (--count)", 0 },
};

static const struct inject_word no_yes[] = { { "no", 0 }, { "yes", 1 }, { 0 } };

const struct inject_word inject_severities[] = {
	{ "corrected", SDEI_CPER_CORRECTED }, { "recoverable", SDEI_CPER_RECOVERABLE },
	{ "fatal", SDEI_CPER_FATAL }, { "informational", SDEI_CPER_INFORMATION }, { 0 } };

const struct inject_word inject_section_flags[] = {
	{ "primary", SDEI_SECTION_PRIMARY }, { "not-contained", SDEI_SECTION_NOT_CONTAINED },
	{ "reset", SDEI_SECTION_RESET }, { "threshold", SDEI_SECTION_THRESHOLD },
	{ "not-accessible", SDEI_SECTION_NOT_ACCESSIBLE }, { "latent", SDEI_SECTION_LATENT },
	{ "propagated", SDEI_SECTION_PROPAGATED }, { "overflow", SDEI_SECTION_OVERFLOW }, { 0 } };

const struct inject_word inject_error_types[] = {
	{ "cache", CACHE }, { "tlb", TLB }, { "bus", BUS }, { "vendor", SDEI_ARM_VENDOR },
	{ 0 } };

/* Table N.21. */
const struct inject_word inject_contexts[] = {
	{ "aarch32-gpr", 0 }, { "aarch32-el1", 1 }, { "aarch32-el2", 2 },
	{ "aarch32-secure", 3 }, { "aarch64-gpr", 4 }, { "aarch64-el1", 5 },
	{ "aarch64-el2", 6 }, { "aarch64-el3", 7 }, { "misc", 8 }, { 0 } };

const struct inject_word inject_events[] = {
	{ "protocol", SDEI_SECTION_CXL_PROTOCOL }, { "general-media", SDEI_SECTION_CXL_MEDIA },
	{ "dram", SDEI_SECTION_CXL_DRAM }, { "module", SDEI_SECTION_CXL_MODULE }, { 0 } };

static const struct inject_word states[] = { { "corrected", 0 }, { "uncorrected", 1 }, { 0 } };
static const struct inject_word error_flags[] = {
	{ "first", SDEI_ARM_FLAG_FIRST }, { "last", SDEI_ARM_FLAG_LAST },
	{ "propagated", SDEI_ARM_FLAG_PROPAGATED }, { "overflow", SDEI_ARM_FLAG_OVERFLOW },
	{ 0 } };
static const struct inject_word transactions[] = {
	{ "instruction", 0 }, { "data", 1 }, { "generic", 2 }, { 0 } };

/* Tables N.18 to N.20: what all have, and what is a cache's or a TLB's. */
#define OPERATIONS \
	{ "generic", 0 }, { "generic-read", 1 }, { "generic-write", 2 }, { "data-read", 3 }, \
	{ "data-write", 4 }, { "instruction-fetch", 5 }, { "prefetch", 6 }
static const struct inject_word cache_operations[] = {
	OPERATIONS, { "eviction", 7 }, { "snooping", 8 }, { "snooped", 9 },
	{ "management", 10 }, { 0 } };
static const struct inject_word tlb_operations[] = {
	OPERATIONS, { "local-management", 7 }, { "external-management", 8 }, { 0 } };
static const struct inject_word bus_operations[] = { OPERATIONS, { 0 } };
static const struct inject_word participations[] = {
	{ "local-origin", 0 }, { "local-response", 1 }, { "local-observed", 2 },
	{ "generic", 3 }, { 0 } };
static const struct inject_word spaces[] = {
	{ "external-memory", 0 }, { "internal-memory", 1 }, { "unknown", 2 },
	{ "device", 3 }, { 0 } };
static const struct inject_word modes[] = { { "secure", 0 }, { "normal", 1 }, { 0 } };

/* PCI Express Base Specification, 7.5.3.2. */
static const struct inject_word ports[] = {
	{ "endpoint", 0 }, { "legacy-endpoint", 1 }, { "root-port", 4 },
	{ "upstream-port", 5 }, { "downstream-port", 6 }, { "pcie-to-pci-bridge", 7 },
	{ "pci-to-pcie-bridge", 8 }, { "integrated-endpoint", 9 },
	{ "event-collector", 10 }, { 0 } };
static const struct inject_word agents[] = {
	{ "rcd", SDEI_CXL_AGENT_RCD }, { "rch-port", SDEI_CXL_AGENT_RCH_PORT },
	{ "device", SDEI_CXL_AGENT_DEVICE }, { "ld", SDEI_CXL_AGENT_LD },
	{ "fmld", SDEI_CXL_AGENT_FMLD }, { "root-port", SDEI_CXL_AGENT_ROOT_PORT },
	{ "downstream-port", SDEI_CXL_AGENT_DOWNSTREAM_PORT },
	{ "upstream-port", SDEI_CXL_AGENT_UPSTREAM_PORT }, { 0 } };
static const struct inject_word firmware_types[] = {
	{ "ipf-sal", 0 }, { "soc-1", 1 }, { "soc-2", 2 }, { 0 } };

#define AT(what, field) .offset = offsetof(struct what, field), .size = SIZE(what, field)
#define BITS(n, count) .shift = n, .bits = count

#define MEMORY(which, name, field, bit, text, ...) \
	{ name, which, .has = SDEI_MEMORY_HAS_##bit, AT(sdei_cper_memory, field), \
	  .doc = text, __VA_ARGS__ }
#define MEMORY2(name, field, bit, text, ...) \
	{ name, M2, .has = SDEI_MEMORY2_HAS_##bit, AT(sdei_cper_memory2, field), \
	  .doc = text, __VA_ARGS__ }
#define PROCESSOR(name, field, bit, text, ...) \
	{ name, CPU, .has = bit, AT(sdei_cper_processor, field), .doc = text, __VA_ARGS__ }
#define ERROR(name, field, bit, text, ...) \
	{ name, CPU, .part = PART_ERROR, .types = ANY, AT(sdei_cper_arm_error, field), \
	  .has = SDEI_ARM_HAS_##bit, \
	  .has_at = offsetof(struct sdei_cper_arm_error, valid), .doc = text, __VA_ARGS__ }
/* Its validation bits are in the information itself. */
#define INFO(name, of, what, count, list, text) \
	{ name, CPU, .part = PART_ERROR, .types = of, \
	  AT(sdei_cper_arm_error, information), BITS(SDEI_ARM_INFO_##what, count), \
	  .has = SDEI_ARM_INFO_HAS_##what, .words = list, \
	  .has_at = offsetof(struct sdei_cper_arm_error, information), .doc = text }
#define EXPRESS(name, field, bit, text, ...) \
	{ name, PCIE, .has = SDEI_PCIE_HAS_##bit, AT(sdei_cper_pcie, field), \
	  .doc = text, __VA_ARGS__ }
#define PROTOCOL(name, field, bit, text, ...) \
	{ name, CXL, .has = SDEI_CXL_PROTOCOL_HAS_##bit, \
	  AT(sdei_cper_cxl_protocol, field), .doc = text, __VA_ARGS__ }
#define COMPONENT(name, field, bit, text, ...) \
	{ name, EVENT, .has = SDEI_CXL_EVENT_HAS_##bit, \
	  .has_at = offsetof(struct sdei_cper_cxl_event, valid), \
	  AT(sdei_cper_cxl_event, field), .doc = text, __VA_ARGS__ }
#define COMMON(name, field, text) \
	{ name, EVENT, AT(sdei_cper_cxl_media, record.field), .doc = text }
#define OF(which, name, type, field, bit, text, ...) \
	{ name, which, .has = bit, .has_at = offsetof(struct sdei_cper_cxl_##type, valid), \
	  AT(sdei_cper_cxl_##type, field), .doc = text, __VA_ARGS__ }

const struct inject_field inject_fields[] = {
	/* N.2.5, N.2.6: up to the bank both lie alike. */
	MEMORY(M | M2, "address", physical_address, ADDRESS, "Physical, in bytes; needed"),
	MEMORY(M | M2, "mask", physical_address_mask, ADDRESS_MASK, "Which address bits are valid"),
	MEMORY(M | M2, "node", node, NODE, "Where it is, from node..."),
	MEMORY(M | M2, "card", card, CARD, "Card"),
	MEMORY(M | M2, "module", module, MODULE, "Module"),
	MEMORY(M | M2, "bank", bank, BANK, "Bank"),
	MEMORY(M, "bank-group", bank, BANK_GROUP, "Bank: its group", BITS(8, 8)),
	MEMORY(M, "bank-address", bank, BANK_ADDRESS, "Bank: its address in that", BITS(0, 8)),
	MEMORY2("bank-group", bank, BANK_GROUP, NULL, BITS(8, 8)),
	MEMORY2("bank-address", bank, BANK_ADDRESS, NULL, BITS(0, 8)),
	MEMORY(M, "device", device, DEVICE, "Device"),
	MEMORY2("device", device, DEVICE, NULL),
	MEMORY(M, "row", row, ROW, "Row"),
	MEMORY2("row", row, ROW, NULL),
	MEMORY(M, "extended-row", extended, EXTENDED_ROW,
	       "Bits 17:16 of the row (not with --memory2)", BITS(0, 2)),
	MEMORY(M, "column", column, COLUMN, "...to column"),
	MEMORY2("column", column, COLUMN, NULL),
	MEMORY(M, "bit-position", bit_position, BIT_POSITION, "Bit"),
	MEMORY2("bit-position", bit_position, BIT_POSITION, NULL),
	MEMORY(M, "rank", rank, RANK, "Rank"),
	MEMORY2("rank", rank, RANK, NULL),
	MEMORY(M, "chip", extended, CHIP, "Chip", BITS(5, 3)),
	MEMORY2("chip", chip, CHIP, NULL),
	MEMORY(M, "card-handle", card_handle, CARD_HANDLE, "SMBIOS type 16"),
	MEMORY2("card-handle", card_handle, CARD_HANDLE, NULL),
	MEMORY(M, "module-handle", module_handle, MODULE_HANDLE, "SMBIOS type 17"),
	MEMORY2("module-handle", module_handle, MODULE_HANDLE, NULL),
	MEMORY(M, "type", error_type, ERROR_TYPE, "What happened, 0-15 as UEFI 2.10 N.2.5 "
	       "numbers it (2 single-bit, 3 multi-bit ECC)", .max = SDEI_MEMORY_TYPE_LAST),
	MEMORY2("type", error_type, ERROR_TYPE, NULL, .max = SDEI_MEMORY_TYPE_LAST),
	MEMORY2("status", status, STATUS, "With --memory2", BITS(0, 1), .words = states),
	MEMORY(M | M2, "error-status", error_status, ERROR_STATUS, "As N.2.5.1 has it"),
	MEMORY(M, "requestor", requestor_id, REQUESTOR, "Hardware address of who asked"),
	MEMORY(M, "responder", responder_id, RESPONDER, "...of who answered"),
	MEMORY(M, "target", target_id, TARGET, "...of the target"),
	MEMORY2("requestor", requestor_id, REQUESTOR, NULL),
	MEMORY2("responder", responder_id, RESPONDER, NULL),
	MEMORY2("target", target_id, TARGET, NULL),

	/* N.2.4.4 */
	PROCESSOR("mpidr", mpidr, SDEI_PROCESSOR_HAS_MPIDR, "MPIDR_EL1, if not the PE's"),
	PROCESSOR("midr", midr, 0, "MIDR_EL1, if not the PE's"),
	PROCESSOR("affinity-level", affinity_level, SDEI_PROCESSOR_HAS_LEVEL,
		  "How much of the affinity counts, 0 is a PE"),
	PROCESSOR("running", running, SDEI_PROCESSOR_HAS_RUNNING, "Does the PE run",
		  BITS(0, 1), .words = no_yes),
	PROCESSOR("psci-state", psci_state, SDEI_PROCESSOR_HAS_RUNNING,
		  "It does not run, and is in this state"),
	ERROR("address", physical_address, PHYSICAL, "Physical, in bytes"),
	ERROR("virtual-address", virtual_address, VIRTUAL, "Virtual"),
	ERROR("multiple", multiple, MULTIPLE, "0: one error, 1: several, else so many"),
	ERROR("flags", flags, FLAGS, "Of the error", .form = FORM_BITS, .words = error_flags),
	ERROR("information", information, INFORMATION, "All of it as one number"),
	INFO("transaction", CACHE | TLB | BUS, TRANSACTION, 2, transactions, "Transaction"),
	INFO("operation", CACHE, OPERATION, 4, cache_operations, "A cache's"),
	INFO("operation", TLB, OPERATION, 4, tlb_operations, "a TLB's"),
	INFO("operation", BUS, OPERATION, 4, bus_operations, "a bus's"),
	INFO("level", CACHE | TLB | BUS, LEVEL, 3, NULL, "Level"),
	INFO("context-corrupt", CACHE | TLB | BUS, CORRUPT, 1, no_yes,
	     "Is the processor's context corrupt"),
	INFO("corrected", CACHE | TLB | BUS, CORRECTED, 1, no_yes, "Is it corrected"),
	INFO("precise-pc", CACHE | TLB | BUS, PRECISE, 1, no_yes, "Is the PC precise"),
	INFO("restartable-pc", CACHE | TLB | BUS, RESTARTABLE, 1, no_yes,
	     "Can the program go on at the PC"),
	INFO("participation", BUS, PARTICIPATION, 2, participations, "A bus's"),
	INFO("timeout", BUS, TIMEOUT, 1, no_yes, "A bus's"),
	INFO("address-space", BUS, SPACE, 2, spaces, "A bus's"),
	INFO("access-attributes", BUS, ATTRIBUTES, 9, NULL, "A bus's"),
	INFO("access-mode", BUS, MODE, 1, modes, "A bus's"),
	{ "context", CPU, .form = FORM_CONTEXT, .part = PART_FIRST, .words = inject_contexts,
	  .doc = "Registers; can be given several times; best with 8 bytes more than a "
		 "multiple of 16 (Linux 7.3). TYPE" },
	{ "vendor-info", CPU, .form = FORM_APPEND, .part = PART_LAST,
	  .has = SDEI_PROCESSOR_HAS_VENDOR, .doc = "What the vendor says of it" },

	/* N.2.7 */
	EXPRESS("device", id.function, ID, "Segment, bus, device and function; needed",
		.form = FORM_PCIE),
	EXPRESS("port-type", port_type, PORT_TYPE, "Of the function", .words = ports),
	EXPRESS("pcie-version", version, VERSION, "0x0301 is 3.1", .max = 0x9999),
	EXPRESS("command", command, COMMAND, "Command register"),
	EXPRESS("status", status, COMMAND, "Status register"),
	EXPRESS("vendor-id", id.vendor_id, ID, "Vendor"),
	EXPRESS("device-id", id.device_id, ID, "Device"),
	EXPRESS("class", id.class_code, ID, "Class code, of three bytes"),
	EXPRESS("secondary-bus", id.secondary_bus, ID, "A bridge's"),
	EXPRESS("slot", id.slot, ID, "Slot", BITS(3, 13)),
	{ "serial", PCIE, .offset = offsetof(struct sdei_cper_pcie, serial_lower), .size = 8,
	  .has = SDEI_PCIE_HAS_SERIAL, .doc = "Serial number" },
	EXPRESS("bridge-status", bridge_secondary_status, BRIDGE, "Secondary status"),
	EXPRESS("bridge-control", bridge_control, BRIDGE, "Bridge control"),
	EXPRESS("capability", capability, CAPABILITY, "PCIe capability structure",
		.form = FORM_BYTES),
	EXPRESS("aer", aer, AER, "AER extended capability", .form = FORM_BYTES),
	{ "aer-uncorrectable", PCIE, .offset = offsetof(struct sdei_cper_pcie, aer) + 4,
	  .size = 4, .has = SDEI_PCIE_HAS_AER, .doc = "Uncorrectable error status alone" },
	{ "aer-correctable", PCIE, .offset = offsetof(struct sdei_cper_pcie, aer) + 16,
	  .size = 4, .has = SDEI_PCIE_HAS_AER, .doc = "Correctable error status alone" },

	/* N.2.10 */
	{ "guid", FW, .form = FORM_GUID, AT(sdei_cper_firmware, record_guid),
	  .doc = "The record's name: this or --record-id is needed" },
	{ "record-id", FW, AT(sdei_cper_firmware, record_id),
	  .doc = "...as a number; without --guid the reference is of revision 0" },
	{ "record-type", FW, AT(sdei_cper_firmware, type), .words = firmware_types,
	  .doc = "Whose record (soc-2)" },
	{ "revision", FW, AT(sdei_cper_firmware, revision), .doc = "Of the reference (2)" },
	{ "data", FW, .form = FORM_APPEND, .part = PART_LAST, .doc = "The record itself" },

	/* N.2.13 */
	PROTOCOL("agent", agent_type, AGENT_TYPE, "Protocol error: of what", .words = agents),
	PROTOCOL("device", address, ADDRESS, "Segment, bus, device and function",
		 .form = FORM_CXL),
	PROTOCOL("rcrb", address.rcrb, ADDRESS, "Of an RCH port: its register block"),
	PROTOCOL("vendor-id", vendor_id, ID, "Vendor"),
	PROTOCOL("device-id", device_id, ID, "Device"),
	PROTOCOL("subsystem-vendor-id", subsystem_vendor_id, ID, "Subsystem's vendor"),
	PROTOCOL("subsystem-id", subsystem_id, ID, "Subsystem"),
	PROTOCOL("class", class_code, ID, "Class code, of two bytes"),
	PROTOCOL("slot", slot, ID, "Slot", BITS(3, 13)),
	{ "serial", CXL, .offset = offsetof(struct sdei_cper_cxl_protocol, serial_lower),
	  .size = 8, .has = SDEI_CXL_PROTOCOL_HAS_SERIAL, .doc = "Serial number" },
	PROTOCOL("capability", capability, CAPABILITY, "Protocol error: PCIe capability "
		 "structure", .form = FORM_BYTES),
	{ "dvsec", CXL, .form = FORM_APPEND, .part = PART_FIRST,
	  .has = SDEI_CXL_PROTOCOL_HAS_DVSEC, .doc = "Protocol error: the device's DVSEC" },
	{ "ras", CXL, .form = FORM_APPEND, .part = PART_LAST,
	  .has = SDEI_CXL_PROTOCOL_HAS_LOG, .doc = "Protocol error: RAS capability structure" },
	{ "ras-uncorrectable", CXL, .part = PART_LAST, AT(sdei_cxl_ras, uncorrected_status),
	  .has = SDEI_CXL_PROTOCOL_HAS_LOG,
	  .doc = "Protocol error: uncorrectable error status alone" },
	{ "ras-correctable", CXL, .part = PART_LAST, AT(sdei_cxl_ras, corrected_status),
	  .has = SDEI_CXL_PROTOCOL_HAS_LOG,
	  .doc = "Protocol error: correctable error status alone" },

	/* N.2.14 */
	COMPONENT("device", function, ID, NULL, .form = FORM_CXL),
	COMPONENT("vendor-id", vendor_id, ID, NULL),
	COMPONENT("device-id", device_id, ID, NULL),
	COMPONENT("slot", slot, ID, NULL, BITS(3, 13)),
	{ "serial", EVENT, .offset = offsetof(struct sdei_cper_cxl_event, serial_lower),
	  .size = 8, .has = SDEI_CXL_EVENT_HAS_SERIAL,
	  .has_at = offsetof(struct sdei_cper_cxl_event, valid) },
	COMMON("event-flags", flags, "Event: bits 1:0 are its severity"),
	COMMON("handle", handle, "Event: handle"),
	COMMON("related-handle", related_handle, "Event: that of a related one"),
	COMMON("timestamp", timestamp, "Event: nanoseconds since 1970"),
	COMMON("maintenance-class", maintenance_class, "Event: maintenance operation"),
	{ "dpa", MEDIA | DRAM, AT(sdei_cper_cxl_media, physical_address),
	  .doc = "Media: the device's physical address, bits 5:0 are flags" },
	{ "descriptor", MEDIA | DRAM, AT(sdei_cper_cxl_media, descriptor),
	  .doc = "Media: memory event descriptor" },
	{ "type", MEDIA | DRAM, AT(sdei_cper_cxl_media, type), .doc = "Event: its type" },
	{ "transaction-type", MEDIA | DRAM, AT(sdei_cper_cxl_media, transaction_type),
	  .doc = "Media: transaction type" },
	OF(MEDIA, "channel", media, channel, 1, "Media: channel"),
	OF(MEDIA, "rank", media, rank, 2, "Media: rank"),
	OF(MEDIA, "device-mask", media, device, 4, "General media: devices"),
	OF(MEDIA, "component-id", media, component_id, 8, "Event: component identifier",
	   .form = FORM_BYTES),
	OF(DRAM, "channel", dram, channel, 1, NULL),
	OF(DRAM, "rank", dram, rank, 2, NULL),
	OF(DRAM, "nibble-mask", dram, nibble_mask, 4, "DRAM: nibbles"),
	OF(DRAM, "bank-group", dram, bank_group, 8, "DRAM: bank group"),
	OF(DRAM, "bank", dram, bank, 0x10, "DRAM: bank"),
	OF(DRAM, "row", dram, row, 0x20, "DRAM: row"),
	OF(DRAM, "column", dram, column, 0x40, "DRAM: column"),
	OF(DRAM, "correction-mask", dram, correction_mask, 0x80, "DRAM: corrected bits",
	   .form = FORM_BYTES),
	OF(DRAM, "component-id", dram, component_id, 0x100, NULL, .form = FORM_BYTES),
	OF(DRAM, "sub-channel", dram, sub_channel, 0x400, "DRAM: sub-channel"),
	{ "subtype", MEDIA, AT(sdei_cper_cxl_media, subtype), .doc = "Event: its sub-type" },
	{ "subtype", DRAM, AT(sdei_cper_cxl_dram, subtype) },
	{ "type", MODULE, AT(sdei_cper_cxl_module, type) },
	{ "health-status", MODULE, AT(sdei_cper_cxl_module, health_status),
	  .doc = "Module: health status" },
	{ "media-status", MODULE, AT(sdei_cper_cxl_module, media_status),
	  .doc = "Module: media status" },
	{ "additional-status", MODULE, AT(sdei_cper_cxl_module, additional_status),
	  .doc = "Module: additional status" },
	{ "life-used", MODULE, AT(sdei_cper_cxl_module, life_used), .doc = "Module: per cent" },
	{ "temperature", MODULE, .form = FORM_SIGNED, AT(sdei_cper_cxl_module, temperature),
	  .doc = "Module: degrees Celsius" },
	{ "dirty-shutdowns", MODULE, AT(sdei_cper_cxl_module, dirty_shutdowns),
	  .doc = "Module: dirty shutdowns" },
	{ "corrected-volatile", MODULE, AT(sdei_cper_cxl_module, corrected_volatile),
	  .doc = "Module: corrected errors, volatile memory" },
	{ "corrected-persistent", MODULE, AT(sdei_cper_cxl_module, corrected_persistent),
	  .doc = "Module: corrected errors, persistent memory" },
	OF(MODULE, "component-id", module, component_id, 1, NULL, .form = FORM_BYTES),
	{ "subtype", MODULE, AT(sdei_cper_cxl_module, subtype) },

	/* A section of its own: the GUID, and what belongs to it. */
	{ "guid", VENDOR, .form = FORM_GUID, .size = 16, .doc = "The section's type; needed" },
	{ "data", VENDOR, .form = FORM_APPEND, .part = PART_LAST, .doc = "The section" },
};
/* clang-format on */

const size_t inject_field_count = LENGTH(inject_fields);
