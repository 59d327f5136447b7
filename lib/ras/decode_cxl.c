/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CXL in words: the protocol error section (UEFI 2.10, N.2.13) and the events of a
 * component (N.2.14; CXL 3.1, 8.2.9.2.1), of which Linux logs no field.
 */
#include "decode.h"

NAMES(agents, "restricted CXL device", "restricted CXL host downstream port",
      "CXL device", "CXL logical device", "CXL fabric manager managed device",
      "CXL root port", "CXL downstream switch port",
      "CXL upstream switch port");
NAMES(uncorrected_bits, "cache data parity", "cache address parity",
      "cache byte enable parity", "cache data ECC", "memory data parity",
      "memory address parity", "memory byte enable parity", "memory data ECC",
      "REINIT threshold", "unknown encoding received", "poison received",
      "receiver overflow", [14] = "component specific", [15] = "IDE transmit",
      [16] = "IDE receive");
NAMES(corrected_bits, "cache data ECC", "memory data ECC", "CRC threshold",
      "retry threshold", "cache poison received", "memory poison received",
      "physical layer");
NAMES(severities, "informational", "warning", "failure", "fatal");
NAMES(record_flags, [2] = "permanent condition", [3] = "maintenance needed",
      [4] = "performance degraded", [5] = "hardware replacement needed",
      [6] = "maintenance subclass valid", [7] = "LD-ID valid",
      [8] = "head id valid");
NAMES(address_flags, "volatile", "not repairable");
NAMES(descriptors, "uncorrectable event", "threshold event",
      "poison list overflow");
NAMES(media_types, "ECC error", "invalid address", "data path error",
      "TE state violation", "scrub media ECC error",
      "programmable corrected error counter expired", "CKID violation");
NAMES(dram_types, "ECC error", "scrub media ECC error", "invalid address",
      "data path error", "TE state violation",
      "programmable corrected error counter expired", "CKID violation");
NAMES(transactions, "unknown", "host read", "host write", "host scan media",
      "host inject poison", "internal media scrub", "internal media management",
      "internal error check scrub", "media initialization");
NAMES(threshold_flags, "several media components", "threshold exceeded");
NAMES(media_subtypes, "not reported", "internal datapath",
      "media link command training", "media link control training",
      "media link data training", "media link CRC");
NAMES(module_types, "health status change", "media status change",
      "life used change", "temperature change", "data path error", "LSA error",
      "internal sideband bus error", "memory media FRU error",
      "power management fault");
NAMES(module_subtypes, "not reported", "invalid configuration data",
      "unsupported configuration data", "unsupported memory media FRU");
NAMES(health, "maintenance needed", "performance degraded",
      "hardware replacement needed", "memory capacity degraded");
NAMES(media_states, "normal", "not ready", "write persistency lost",
      "all data lost", "write persistency loss on power loss",
      "write persistency loss on shutdown", "write persistency loss imminent",
      "all data loss on power loss", "all data loss on shutdown",
      "all data loss imminent");
NAMES(levels, "normal", "warning", "critical");

/* clang-format off */
#define ID_FIELDS(bit, s) \
	FIELD("vendor_id", HEX, bit, s, vendor_id), \
	FIELD("device_id", HEX, bit, s, device_id), \
	PART("slot", NUMBER, bit, s, slot, 3, 13)
#define SERIAL_FIELDS(bit, s) \
	FIELD("serial_number_lower", HEX, bit, s, serial_lower), \
	FIELD("serial_number_upper", HEX, bit, s, serial_upper)

static const struct field protocol_fields[] = {
	NAMED("agent_type", NUMBER, 0, sdei_cper_cxl_protocol, agent_type, agents),
	ID_FIELDS(2, sdei_cper_cxl_protocol),
	FIELD("subsystem_vendor_id", HEX, 2, sdei_cper_cxl_protocol, subsystem_vendor_id),
	FIELD("subsystem_id", HEX, 2, sdei_cper_cxl_protocol, subsystem_id),
	FIELD("class_code", HEX, 2, sdei_cper_cxl_protocol, class_code),
	SERIAL_FIELDS(3, sdei_cper_cxl_protocol),
	FIELD("dvsec_length", NUMBER, 5, sdei_cper_cxl_protocol, dvsec_length),
	FIELD("log_length", NUMBER, 6, sdei_cper_cxl_protocol, log_length),
};

static const struct field rcrb_fields[] = {
	FIELD("rcrb_base_address", HEX, ALWAYS, sdei_cper_cxl_protocol, address.rcrb),
};
static const struct field address_fields[] = {
	FIELD("segment", HEX, ALWAYS, sdei_cper_cxl_protocol, address.segment),
	FIELD("bus", HEX, ALWAYS, sdei_cper_cxl_protocol, address.bus),
	FIELD("device", HEX, ALWAYS, sdei_cper_cxl_protocol, address.device),
	FIELD("function", HEX, ALWAYS, sdei_cper_cxl_protocol, address.function),
};

static const struct field log_fields[] = {
	NAMED("uncorrected_status", BITS, ALWAYS, sdei_cxl_ras, uncorrected_status, uncorrected_bits),
	NAMED("uncorrected_mask", BITS, ALWAYS, sdei_cxl_ras, uncorrected_mask, uncorrected_bits),
	NAMED("uncorrected_severity", BITS, ALWAYS, sdei_cxl_ras, uncorrected_severity, uncorrected_bits),
	NAMED("corrected_status", BITS, ALWAYS, sdei_cxl_ras, corrected_status, corrected_bits),
	NAMED("corrected_mask", BITS, ALWAYS, sdei_cxl_ras, corrected_mask, corrected_bits),
	FIELD("control", HEX, ALWAYS, sdei_cxl_ras, control),
	PART("first_error", NUMBER, ALWAYS, sdei_cxl_ras, control, 0, 6),
	FIELD("header_log", BYTES, ALWAYS, sdei_cxl_ras, header_log),
};

static const struct field event_fields[] = {
	FIELD("length", NUMBER, ALWAYS, sdei_cper_cxl_event, length),
	FIELD("segment", HEX, 0, sdei_cper_cxl_event, segment),
	FIELD("bus", HEX, 0, sdei_cper_cxl_event, bus),
	FIELD("device", HEX, 0, sdei_cper_cxl_event, device),
	FIELD("function", HEX, 0, sdei_cper_cxl_event, function),
	ID_FIELDS(0, sdei_cper_cxl_event),
	SERIAL_FIELDS(1, sdei_cper_cxl_event),
};

#define RECORD_FIELDS(s) \
	FIELD("record_length", NUMBER, ALWAYS, s, record.length), \
	NAMED_PART("severity", NUMBER, ALWAYS, s, record.flags, 0, 2, severities), \
	NAMED("flags", BITS, ALWAYS, s, record.flags, record_flags), \
	FIELD("handle", NUMBER, ALWAYS, s, record.handle), \
	FIELD("related_handle", NUMBER, ALWAYS, s, record.related_handle), \
	FIELD("timestamp_ns", NUMBER, ALWAYS, s, record.timestamp), \
	FIELD("maintenance_class", NUMBER, ALWAYS, s, record.maintenance_class), \
	FIELD("maintenance_subclass", NUMBER, ALWAYS, s, record.maintenance_subclass), \
	FIELD("ld_id", HEX, ALWAYS, s, record.ld_id), \
	FIELD("head_id", NUMBER, ALWAYS, s, record.head_id)

#define MEDIA_FIELDS(s, types) \
	MASKED("physical_address", ALWAYS, s, physical_address, 6, 58), \
	NAMED_PART("address_flags", BITS, ALWAYS, s, physical_address, 0, 2, address_flags), \
	NAMED("descriptor", BITS, ALWAYS, s, descriptor, descriptors), \
	NAMED("event_type", NUMBER, ALWAYS, s, type, types), \
	NAMED("event_subtype", NUMBER, ALWAYS, s, subtype, media_subtypes), \
	NAMED("transaction_type", NUMBER, ALWAYS, s, transaction_type, transactions), \
	FIELD("channel", NUMBER, 0, s, channel), \
	FIELD("rank", NUMBER, 1, s, rank), \
	NAMED("threshold_flags", BITS, ALWAYS, s, threshold_flags, threshold_flags), \
	FIELD("corrected_count", NUMBER, ALWAYS, s, count)

struct unknown { /* record */
	struct sdei_cper_cxl_event event;
	struct sdei_cxl_record record;
};

static const struct field unknown_fields[] = { RECORD_FIELDS(unknown) };
static const struct field media_fields[] = {
	RECORD_FIELDS(sdei_cper_cxl_media),
	MEDIA_FIELDS(sdei_cper_cxl_media, media_types),
	FIELD("device_mask", HEX, 2, sdei_cper_cxl_media, device),
	FIELD("component_id", BYTES, 3, sdei_cper_cxl_media, component_id),
};
static const struct field dram_fields[] = {
	RECORD_FIELDS(sdei_cper_cxl_dram),
	MEDIA_FIELDS(sdei_cper_cxl_dram, dram_types),
	FIELD("nibble_mask", HEX, 2, sdei_cper_cxl_dram, nibble_mask),
	FIELD("bank_group", NUMBER, 3, sdei_cper_cxl_dram, bank_group),
	FIELD("bank", NUMBER, 4, sdei_cper_cxl_dram, bank),
	FIELD("row", NUMBER, 5, sdei_cper_cxl_dram, row),
	FIELD("column", NUMBER, 6, sdei_cper_cxl_dram, column),
	FIELD("correction_mask", BYTES, 7, sdei_cper_cxl_dram, correction_mask),
	FIELD("component_id", BYTES, 8, sdei_cper_cxl_dram, component_id),
	FIELD("sub_channel", NUMBER, 10, sdei_cper_cxl_dram, sub_channel),
};
static const struct field module_fields[] = {
	RECORD_FIELDS(sdei_cper_cxl_module),
	NAMED("event_type", NUMBER, ALWAYS, sdei_cper_cxl_module, type, module_types),
	NAMED("event_subtype", NUMBER, ALWAYS, sdei_cper_cxl_module, subtype, module_subtypes),
	NAMED("health_status", BITS, ALWAYS, sdei_cper_cxl_module, health_status, health),
	NAMED("media_status", NUMBER, ALWAYS, sdei_cper_cxl_module, media_status, media_states),
	NAMED_PART("life_used_status", NUMBER, ALWAYS, sdei_cper_cxl_module, additional_status, 0, 2, levels),
	NAMED_PART("temperature_status", NUMBER, ALWAYS, sdei_cper_cxl_module, additional_status, 2, 2, levels),
	NAMED_PART("corrected_volatile_status", NUMBER, ALWAYS, sdei_cper_cxl_module, additional_status, 4, 1, levels),
	NAMED_PART("corrected_persistent_status", NUMBER, ALWAYS, sdei_cper_cxl_module, additional_status, 5, 1, levels),
	FIELD("life_used", NUMBER, ALWAYS, sdei_cper_cxl_module, life_used),
	FIELD("temperature", SIGNED, ALWAYS, sdei_cper_cxl_module, temperature),
	FIELD("dirty_shutdowns", NUMBER, ALWAYS, sdei_cper_cxl_module, dirty_shutdowns),
	FIELD("corrected_volatile", NUMBER, ALWAYS, sdei_cper_cxl_module, corrected_volatile),
	FIELD("corrected_persistent", NUMBER, ALWAYS, sdei_cper_cxl_module, corrected_persistent),
	FIELD("component_id", BYTES, 0, sdei_cper_cxl_module, component_id),
};
/* clang-format on */

static const struct layout protocol =
	LAYOUT(protocol_fields, sdei_cper_cxl_protocol, valid,
	       SDEI_CXL_PROTOCOL_HAS_ADDRESS |
		       SDEI_CXL_PROTOCOL_HAS_CAPABILITY);
static const struct layout rcrb = PLAIN_LAYOUT(rcrb_fields,
					       sdei_cper_cxl_protocol);
static const struct layout address = PLAIN_LAYOUT(address_fields,
						  sdei_cper_cxl_protocol);
static const struct layout log_layout = PLAIN_LAYOUT(log_fields, sdei_cxl_ras);
static const struct layout event = LAYOUT(event_fields, sdei_cper_cxl_event,
					  valid, SDEI_CXL_EVENT_HAS_LOG);
static const struct layout unknown = PLAIN_LAYOUT(unknown_fields, unknown);
/* The format of a component's id has a bit, and needs none here. */
static const struct layout media = LAYOUT(media_fields, sdei_cper_cxl_media,
					  valid, 1u << 4);
static const struct layout dram = LAYOUT(dram_fields, sdei_cper_cxl_dram, valid,
					 1u << 9);
static const struct layout module = LAYOUT(module_fields, sdei_cper_cxl_module,
					   valid, 1u << 1);

/* What follows: `length` bytes, if they are there. Returns what is behind. */
static struct span tell_log(struct decode *d, struct span s, size_t length)
{
	const struct span log = decode_first(s, length);

	decode_begin(d, "log", NULL, log);
	decode_layout(d, log, &log_layout);
	decode_bytes(d, SDEI_DECODED_BYTES, "more",
		     decode_behind(log, log_layout.size));
	decode_end(d);
	return decode_behind(s, length);
}

static size_t length_of(struct decode *d, size_t at, const char *name,
			struct span behind)
{
	const size_t length = decode_get(d, at, 2);

	if (length > behind.size)
		decode_wrong(d, at, name, "is #, but only # bytes follow",
			     length, behind.size);
	return length;
}

void decode_cxl_protocol(struct decode *d, struct span s)
{
	const uint64_t valid = decode_layout(d, s, &protocol);
	struct span behind = decode_behind(s, protocol.size);
	size_t length;

	if (valid & SDEI_CXL_PROTOCOL_HAS_ADDRESS && s.size > 8)
		decode_layout(d, s,
			      decode_get(d, s.at + 8, 1) ==
					      SDEI_CXL_AGENT_RCH_PORT
				      ? &rcrb
				      : &address);
	if (valid & SDEI_CXL_PROTOCOL_HAS_CAPABILITY)
		decode_pcie_capability(d,
				       decode_first(decode_behind(s, 48), 60));
	if (s.size < protocol.size)
		return;
	/* A length counts, whether it is valid or not. */
	length = length_of(d, s.at + 108, "dvsec_length", behind);
	decode_bytes(d, SDEI_DECODED_BYTES, "dvsec",
		     decode_first(behind, length));
	behind = decode_behind(behind, length);
	length = length_of(d, s.at + 110, "log_length", behind);
	if (length)
		behind = tell_log(d, behind, length);
	decode_bytes(d, SDEI_DECODED_BYTES, "more", behind);
}

static void tell_event(struct decode *d, struct span s, const struct layout *l)
{
	const uint64_t valid = decode_layout(d, s, &event);
	size_t length = 0;

	if (s.size >= event.size)
		length = decode_get(d, s.at, 4);
	if (length > s.size)
		decode_wrong(d, s.at, "length", "is #, but there are # bytes",
			     length, s.size);
	if (valid & SDEI_CXL_EVENT_HAS_LOG) {
		decode_begin(d, "record", NULL,
			     decode_first(decode_behind(s, event.size),
					  l->size - event.size));
		decode_layout(d, s, l);
		decode_end(d);
		s = decode_behind(s, l->size);
	} else {
		s = decode_behind(s, event.size);
	}
	decode_bytes(d, SDEI_DECODED_BYTES, "more", s);
}

void decode_cxl_media(struct decode *d, struct span s)
{
	tell_event(d, s, &media);
}

void decode_cxl_dram(struct decode *d, struct span s)
{
	tell_event(d, s, &dram);
}

void decode_cxl_module(struct decode *d, struct span s)
{
	tell_event(d, s, &module);
}

void decode_cxl_event(struct decode *d, struct span s)
{
	tell_event(d, s, &unknown);
}
