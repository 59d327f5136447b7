/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PCI Express error section (UEFI 2.10, N.2.7), in words, with the two
 * capability structures that it has of the device (PCIe base specification, 7.5.3
 * and 7.8.4).
 */
#include "decode.h"

NAMES(port_types, "PCIe endpoint", "legacy PCI endpoint", [4] = "root port",
      [5] = "upstream switch port", [6] = "downstream switch port",
      [7] = "PCIe to PCI/PCI-X bridge", [8] = "PCI/PCI-X to PCIe bridge",
      [9] = "root complex integrated endpoint",
      [10] = "root complex event collector");
NAMES(device_status_bits, "correctable error", "non-fatal error", "fatal error",
      "unsupported request", "AUX power", "transactions pending");
NAMES(uncorrected_bits, [4] = "data link protocol", [5] = "surprise down",
      [12] = "poisoned TLP", [13] = "flow control protocol",
      [14] = "completion timeout", [15] = "completer abort",
      [16] = "unexpected completion", [17] = "receiver overflow",
      [18] = "malformed TLP", [19] = "ECRC", [20] = "unsupported request",
      [21] = "ACS violation", [22] = "uncorrectable internal",
      [23] = "MC blocked TLP", [24] = "AtomicOp egress blocked",
      [25] = "TLP prefix blocked", [26] = "poisoned TLP egress blocked",
      [27] = "DMWr egress blocked", [28] = "IDE check failed",
      [29] = "misrouted IDE TLP", [30] = "PCRC check failed",
      [31] = "TLP translation egress blocked");
NAMES(corrected_bits, "receiver error", [6] = "bad TLP", [7] = "bad DLLP",
      [8] = "replay number rollover", [12] = "replay timer timeout",
      [13] = "advisory non-fatal", [14] = "corrected internal",
      [15] = "header log overflow");
NAMES(root_status_bits, "ERR_COR received", "several ERR_COR received",
      "ERR_FATAL or ERR_NONFATAL received", "several of these received",
      "the first uncorrectable was fatal", "non-fatal received",
      "fatal received");

/* clang-format off */
static const struct field fields[] = {
	NAMED("port_type", NUMBER, 0, sdei_cper_pcie, port_type, port_types),
	FIELD("version_major", HEX, 1, sdei_cper_pcie, version.major),
	FIELD("version_minor", HEX, 1, sdei_cper_pcie, version.minor),
	FIELD("command", HEX, 2, sdei_cper_pcie, command),
	FIELD("status", HEX, 2, sdei_cper_pcie, status),
	FIELD("segment", HEX, 3, sdei_cper_pcie, id.segment),
	FIELD("bus", HEX, 3, sdei_cper_pcie, id.bus),
	FIELD("device", HEX, 3, sdei_cper_pcie, id.device),
	FIELD("function", HEX, 3, sdei_cper_pcie, id.function),
	FIELD("secondary_bus", HEX, 3, sdei_cper_pcie, id.secondary_bus),
	PART("slot", NUMBER, 3, sdei_cper_pcie, id.slot, 3, 13),
	FIELD("vendor_id", HEX, 3, sdei_cper_pcie, id.vendor_id),
	FIELD("device_id", HEX, 3, sdei_cper_pcie, id.device_id),
	FIELD("class_code", HEX, 3, sdei_cper_pcie, id.class_code),
	FIELD("serial_number_lower", HEX, 4, sdei_cper_pcie, serial_lower),
	FIELD("serial_number_upper", HEX, 4, sdei_cper_pcie, serial_upper),
	FIELD("bridge_secondary_status", HEX, 5, sdei_cper_pcie, bridge_secondary_status),
	FIELD("bridge_control", HEX, 5, sdei_cper_pcie, bridge_control),
};

struct capability {
	uint8_t id, next;
	uint16_t capabilities;
	uint32_t device_capabilities;
	uint16_t device_control, device_status;
	uint32_t link_capabilities;
	uint16_t link_control, link_status;
	uint32_t slot_capabilities;
	uint16_t slot_control, slot_status;
	uint16_t root_control, root_capabilities;
	uint32_t root_status;
	uint32_t device_capabilities2;
	uint16_t device_control2, device_status2;
	uint32_t link_capabilities2;
	uint16_t link_control2, link_status2;
	uint32_t slot_capabilities2;
	uint16_t slot_control2, slot_status2;
};
_Static_assert(sizeof(struct capability) == 60, "PCIe 7.5.3");

static const struct field capability_fields[] = {
	FIELD("id", HEX, ALWAYS, capability, id),
	PART("version", NUMBER, ALWAYS, capability, capabilities, 0, 4),
	NAMED_PART("port_type", NUMBER, ALWAYS, capability, capabilities, 4, 4, port_types),
	FIELD("device_capabilities", HEX, ALWAYS, capability, device_capabilities),
	FIELD("device_control", HEX, ALWAYS, capability, device_control),
	NAMED("device_status", BITS, ALWAYS, capability, device_status, device_status_bits),
	FIELD("link_capabilities", HEX, ALWAYS, capability, link_capabilities),
	FIELD("link_control", HEX, ALWAYS, capability, link_control),
	FIELD("link_status", HEX, ALWAYS, capability, link_status),
	PART("link_speed", NUMBER, ALWAYS, capability, link_status, 0, 4),
	PART("link_width", NUMBER, ALWAYS, capability, link_status, 4, 6),
	FIELD("slot_capabilities", HEX, ALWAYS, capability, slot_capabilities),
	FIELD("slot_control", HEX, ALWAYS, capability, slot_control),
	FIELD("slot_status", HEX, ALWAYS, capability, slot_status),
	FIELD("root_control", HEX, ALWAYS, capability, root_control),
	FIELD("root_capabilities", HEX, ALWAYS, capability, root_capabilities),
	FIELD("root_status", HEX, ALWAYS, capability, root_status),
	FIELD("device_capabilities_2", HEX, ALWAYS, capability, device_capabilities2),
	FIELD("device_control_2", HEX, ALWAYS, capability, device_control2),
	FIELD("device_status_2", HEX, ALWAYS, capability, device_status2),
	FIELD("link_capabilities_2", HEX, ALWAYS, capability, link_capabilities2),
	FIELD("link_control_2", HEX, ALWAYS, capability, link_control2),
	FIELD("link_status_2", HEX, ALWAYS, capability, link_status2),
	FIELD("slot_capabilities_2", HEX, ALWAYS, capability, slot_capabilities2),
	FIELD("slot_control_2", HEX, ALWAYS, capability, slot_control2),
	FIELD("slot_status_2", HEX, ALWAYS, capability, slot_status2),
};

struct aer {
	uint32_t header;
	uint32_t uncorrected_status, uncorrected_mask, uncorrected_severity;
	uint32_t corrected_status, corrected_mask;
	uint32_t control;
	uint32_t log[4];
	uint32_t root_command, root_status;
	uint16_t corrected_source, uncorrected_source;
	uint32_t prefix_log[4];
	uint8_t more[24];
};
_Static_assert(sizeof(struct aer) == 96, "PCIe 7.8.4");

static const struct field aer_fields[] = {
	PART("id", HEX, ALWAYS, aer, header, 0, 16),
	PART("version", NUMBER, ALWAYS, aer, header, 16, 4),
	NAMED("uncorrected_status", BITS, ALWAYS, aer, uncorrected_status, uncorrected_bits),
	NAMED("uncorrected_mask", BITS, ALWAYS, aer, uncorrected_mask, uncorrected_bits),
	NAMED("uncorrected_severity", BITS, ALWAYS, aer, uncorrected_severity, uncorrected_bits),
	NAMED("corrected_status", BITS, ALWAYS, aer, corrected_status, corrected_bits),
	NAMED("corrected_mask", BITS, ALWAYS, aer, corrected_mask, corrected_bits),
	FIELD("control", HEX, ALWAYS, aer, control),
	PART("first_error", NUMBER, ALWAYS, aer, control, 0, 5),
	FIELD("header_log_0", HEX, ALWAYS, aer, log[0]),
	FIELD("header_log_1", HEX, ALWAYS, aer, log[1]),
	FIELD("header_log_2", HEX, ALWAYS, aer, log[2]),
	FIELD("header_log_3", HEX, ALWAYS, aer, log[3]),
	FIELD("root_command", HEX, ALWAYS, aer, root_command),
	NAMED_PART("root_status", BITS, ALWAYS, aer, root_status, 0, 7, root_status_bits),
	FIELD("corrected_source", HEX, ALWAYS, aer, corrected_source),
	FIELD("uncorrected_source", HEX, ALWAYS, aer, uncorrected_source),
	FIELD("prefix_log_0", HEX, ALWAYS, aer, prefix_log[0]),
	FIELD("prefix_log_1", HEX, ALWAYS, aer, prefix_log[1]),
	FIELD("prefix_log_2", HEX, ALWAYS, aer, prefix_log[2]),
	FIELD("prefix_log_3", HEX, ALWAYS, aer, prefix_log[3]),
	FIELD("more", BYTES, ALWAYS, aer, more),
};
/* clang-format on */

static const struct layout layout = LAYOUT(fields, sdei_cper_pcie, valid,
					   SDEI_PCIE_HAS_CAPABILITY |
						   SDEI_PCIE_HAS_AER);
static const struct layout capability = PLAIN_LAYOUT(capability_fields,
						     capability);
static const struct layout aer = PLAIN_LAYOUT(aer_fields, aer);

static void structure(struct decode *d, struct span s, const char *name,
		      const struct layout *l)
{
	s = decode_first(s, l->size);
	decode_begin(d, name, NULL, s);
	decode_layout(d, s, l);
	decode_end(d);
}

void decode_pcie_capability(struct decode *d, struct span s)
{
	structure(d, s, "capability", &capability);
}

void decode_pcie(struct decode *d, struct span s)
{
	const uint64_t valid = decode_layout(d, s, &layout);

	if (valid & SDEI_PCIE_HAS_CAPABILITY)
		decode_pcie_capability(
			d, decode_behind(s, offsetof(struct sdei_cper_pcie,
						     capability)));
	if (valid & SDEI_PCIE_HAS_AER)
		structure(d,
			  decode_behind(s,
					offsetof(struct sdei_cper_pcie, aer)),
			  "aer", &aer);
	decode_bytes(d, SDEI_DECODED_BYTES, "more",
		     decode_behind(s, layout.size));
}
