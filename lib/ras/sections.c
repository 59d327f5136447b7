/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is known of each kind of section, and that the structures in sections.h
 * are what the specifications draw.
 */
#include <sdei/cper.h>

#define SIZE(what, bytes) _Static_assert(sizeof(struct what) == (bytes), #what)
#define AT(what, field, n) \
	_Static_assert(offsetof(struct what, field) == (n), "")

SIZE(sdei_cper_status, 20);
SIZE(sdei_cper_entry, 72);
AT(sdei_cper_entry, length, 24);
AT(sdei_cper_entry, fru_text, 44);
AT(sdei_cper_entry, time, 64);
SIZE(sdei_cper_timestamp, 8);
SIZE(sdei_cper_memory, 80);
AT(sdei_cper_memory, row, 42);
AT(sdei_cper_memory, error_type, 72);
AT(sdei_cper_memory, module_handle, 78);
SIZE(sdei_cper_memory2, 96);
AT(sdei_cper_memory2, device, 40);
AT(sdei_cper_memory2, chip, 60);
AT(sdei_cper_memory2, module_handle, 92);
SIZE(sdei_cper_processor, 40);
AT(sdei_cper_processor, mpidr, 16);
SIZE(sdei_cper_arm_error, 32);
AT(sdei_cper_arm_error, multiple, 5);
AT(sdei_cper_arm_error, information, 8);
SIZE(sdei_cper_arm_context, 8);
SIZE(sdei_cper_pcie, 208);
AT(sdei_cper_pcie, id, 24);
AT(sdei_cper_pcie, id.segment, 33);
AT(sdei_cper_pcie, serial_lower, 40);
AT(sdei_cper_pcie, capability, 52);
AT(sdei_cper_pcie, aer, 112);
SIZE(sdei_cper_firmware, 32);
AT(sdei_cper_firmware, record_guid, 16);
SIZE(sdei_cper_cxl_protocol, 116);
AT(sdei_cper_cxl_protocol, address.segment, 19);
AT(sdei_cper_cxl_protocol, vendor_id, 24);
AT(sdei_cper_cxl_protocol, serial_lower, 40);
AT(sdei_cper_cxl_protocol, capability, 48);
AT(sdei_cper_cxl_protocol, dvsec_length, 108);
SIZE(sdei_cxl_ras, 88);
SIZE(sdei_cper_cxl_event, 32);
AT(sdei_cper_cxl_event, vendor_id, 12);
AT(sdei_cper_cxl_event, serial_lower, 24);
SIZE(sdei_cxl_record, 32);
AT(sdei_cxl_record, timestamp, 8);
AT(sdei_cxl_record, head_id, 20);
SIZE(sdei_cper_cxl_media, 144);
AT(sdei_cper_cxl_media, physical_address, 64);
AT(sdei_cper_cxl_media, component_id, 82);
AT(sdei_cper_cxl_media, subtype, 102);
SIZE(sdei_cper_cxl_dram, 144);
AT(sdei_cper_cxl_dram, correction_mask, 89);
AT(sdei_cper_cxl_dram, component_id, 121);
AT(sdei_cper_cxl_dram, subtype, 142);
SIZE(sdei_cper_cxl_module, 144);
AT(sdei_cper_cxl_module, temperature, 69);
AT(sdei_cper_cxl_module, component_id, 85);
AT(sdei_cper_cxl_module, subtype, 101);
SIZE(sdei_record, 24);
SIZE(sdei_section, 8);
SIZE(sdei_fru, 40);

/* The first three fields of a GUID lie in memory with their lowest byte first. */
#define GUID(a, b, c, ...) \
	{ \
		(a) & 0xff, (a) >> 8 & 0xff, (a) >> 16 & 0xff, \
		(a) >> 24,  (b) & 0xff,      (b) >> 8, \
		(c) & 0xff, (c) >> 8,        __VA_ARGS__ \
	}

/* clang-format off */
const struct sdei_section_type sdei_section_types[SDEI_SECTION_KINDS] = {
	[SDEI_SECTION_MEMORY] = {
		GUID(0xA5BC1114, 0x6F64, 0x4EDE,
		     0xB8, 0x63, 0x3E, 0x83, 0xED, 0x7C, 0x83, 0xB1),
		sizeof(struct sdei_cper_memory) },
	[SDEI_SECTION_MEMORY2] = {
		GUID(0x61EC04FC, 0x48E6, 0xD813,
		     0x25, 0xC9, 0x8D, 0xAA, 0x44, 0x75, 0x0B, 0x12),
		sizeof(struct sdei_cper_memory2) },
	[SDEI_SECTION_PROCESSOR] = {
		GUID(0xE19E3D16, 0xBC11, 0x11E4,
		     0x9C, 0xAA, 0xC2, 0x05, 0x1D, 0x5D, 0x46, 0xB0),
		sizeof(struct sdei_cper_processor) +
			sizeof(struct sdei_cper_arm_error) },
	[SDEI_SECTION_PCIE] = {
		GUID(0xD995E954, 0xBBC1, 0x430F,
		     0xAD, 0x91, 0xB4, 0x4D, 0xCB, 0x3C, 0x6F, 0x35),
		sizeof(struct sdei_cper_pcie) },
	[SDEI_SECTION_FIRMWARE] = {
		GUID(0x81212A96, 0x09ED, 0x4996,
		     0x94, 0x71, 0x8D, 0x72, 0x9C, 0x8E, 0x69, 0xED),
		sizeof(struct sdei_cper_firmware) },
	[SDEI_SECTION_CXL_PROTOCOL] = {
		GUID(0x80B9EFB4, 0x52B5, 0x4DE3,
		     0xA7, 0x77, 0x68, 0x78, 0x4B, 0x77, 0x10, 0x48),
		sizeof(struct sdei_cper_cxl_protocol) },
	[SDEI_SECTION_CXL_MEDIA] = {
		GUID(0xFBCD0A77, 0xC260, 0x417F,
		     0x85, 0xA9, 0x08, 0x8B, 0x16, 0x21, 0xEB, 0xA6),
		sizeof(struct sdei_cper_cxl_media) },
	[SDEI_SECTION_CXL_DRAM] = {
		GUID(0x601DCBB3, 0x9C06, 0x4EAB,
		     0xB8, 0xAF, 0x4E, 0x9B, 0xFB, 0x5C, 0x96, 0x24),
		sizeof(struct sdei_cper_cxl_dram) },
	[SDEI_SECTION_CXL_MODULE] = {
		GUID(0xFE927475, 0xDD59, 0x4339,
		     0xA5, 0x86, 0x79, 0xBA, 0xB1, 0x13, 0xB7, 0x74),
		sizeof(struct sdei_cper_cxl_module) },
	[SDEI_SECTION_VENDOR] = { { 0 }, 16 },
};
/* clang-format on */

void sdei_cper_processor_pe(struct sdei_cper_processor *section, uint64_t mpidr,
			    uint64_t midr, bool running, uint32_t psci_state)
{
	const uint32_t has = section->valid;

	section->valid |= SDEI_PROCESSOR_HAS_RUNNING;
	if (!(has & SDEI_PROCESSOR_HAS_MPIDR)) {
		section->mpidr = mpidr;
		section->valid |= SDEI_PROCESSOR_HAS_MPIDR;
		if (!(has & SDEI_PROCESSOR_HAS_LEVEL))
			section->affinity_level = 0;
		section->valid |= SDEI_PROCESSOR_HAS_LEVEL;
	}
	if (!section->midr)
		section->midr = midr;
	if (!(has & SDEI_PROCESSOR_HAS_RUNNING)) {
		section->running = running ? SDEI_PROCESSOR_RUNNING : 0;
		section->psci_state = running ? 0 : psci_state;
	}
}
