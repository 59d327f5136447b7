/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PCIe and CXL sections, made and decoded: every field has its name and its
 * value, and none of them is another's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "decode_rig.h"

/* Bytes 1, 2, 3, ... so that no two fields are alike. */
static void count_up(void *to, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)to)[i] = (uint8_t)(i + 1);
}

#define CAPABILITY \
	"capability{\nid=0x1\nversion=3\nport_type=0 (PCIe endpoint)\n" \
	"device_capabilities=0x8070605\ndevice_control=0xa09\n" \
	"device_status=0xc0b correctable error non-fatal error " \
	"unsupported request ? ?\n" \
	"link_capabilities=0x100f0e0d\nlink_control=0x1211\n" \
	"link_status=0x1413\nlink_speed=3\nlink_width=1\n" \
	"slot_capabilities=0x18171615\nslot_control=0x1a19\n" \
	"slot_status=0x1c1b\nroot_control=0x1e1d\n" \
	"root_capabilities=0x201f\nroot_status=0x24232221\n" \
	"device_capabilities_2=0x28272625\ndevice_control_2=0x2a29\n" \
	"device_status_2=0x2c2b\nlink_capabilities_2=0x302f2e2d\n" \
	"link_control_2=0x3231\nlink_status_2=0x3433\n" \
	"slot_capabilities_2=0x38373635\nslot_control_2=0x3a39\n" \
	"slot_status_2=0x3c3b\n}\n"

static void pcie(void **state)
{
	struct sdei_cper_pcie *p = start(SDEI_SECTION_PCIE, sizeof(*p));

	(void)state;
	*p = (struct sdei_cper_pcie){
		.valid = 0xff,
		.port_type = 10,
		.version = { .minor = 0x10, .major = 0x05 },
		.command = 0x102,
		.status = 0x203,
		.id = { .vendor_id = 0x1b36,
			.device_id = 0x000c,
			.class_code = { 1, 2, 3 },
			.function = 4,
			.device = 5,
			.segment = 0x607,
			.bus = 8,
			.secondary_bus = 9,
			.slot = 10 << 3 | 7 },
		.serial_lower = 0xb,
		.serial_upper = 0xc,
		.bridge_secondary_status = 0xd,
		.bridge_control = 0xe,
	};
	count_up(p->capability, sizeof(p->capability));
	count_up(p->aer, sizeof(p->aer));
	memcpy(p->aer + 4, "\x10\x00\x04\x80", 4);
	memcpy(p->aer + 16, "\x01\xc0\x00\x00", 4);
	body_is("validation_bits=0xff\n"
		"port_type=10 (root complex event collector)\n"
		"version_major=0x5\nversion_minor=0x10\ncommand=0x102\n"
		"status=0x203\nsegment=0x607\nbus=0x8\ndevice=0x5\n"
		"function=0x4\nsecondary_bus=0x9\nslot=10\nvendor_id=0x1b36\n"
		"device_id=0xc\nclass_code=0x30201\nserial_number_lower=0xb\n"
		"serial_number_upper=0xc\nbridge_secondary_status=0xd\n"
		"bridge_control=0xe\n" CAPABILITY "aer{\nid=0x201\nversion=3\n"
		"uncorrected_status=0x80040010 data link protocol "
		"malformed TLP TLP translation egress blocked\n"
		"uncorrected_mask=0xc0b0a09 ? ? ? ? unexpected completion "
		"receiver overflow ECRC poisoned TLP egress blocked "
		"DMWr egress blocked\n"
		"uncorrected_severity=0x100f0e0d ? ? ? ? ? ? "
		"unexpected completion receiver overflow malformed TLP ECRC "
		"IDE check failed\n"
		"corrected_status=0xc001 receiver error corrected internal "
		"header log overflow\n"
		"corrected_mask=0x18171615 receiver error ? ? ? ? "
		"replay timer timeout ? ? ? ? ? ?\n"
		"control=0x1c1b1a19\nfirst_error=25\nheader_log_0=0x201f1e1d\n"
		"header_log_1=0x24232221\nheader_log_2=0x28272625\n"
		"header_log_3=0x2c2b2a29\nroot_command=0x302f2e2d\n"
		"root_status=0x31 ERR_COR received "
		"the first uncorrectable was fatal non-fatal received\n"
		"corrected_source=0x3635\nuncorrected_source=0x3837\n"
		"prefix_log_0=0x3c3b3a39\nprefix_log_1=0x403f3e3d\n"
		"prefix_log_2=0x44434241\nprefix_log_3=0x48474645\n"
		"more:494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60\n}\n",
		"PCIe error");
	p->valid = SDEI_PCIE_HAS_ID;
	body_is("validation_bits=0x8\nsegment=0x607\nbus=0x8\ndevice=0x5\n"
		"function=0x4\nsecondary_bus=0x9\nslot=10\nvendor_id=0x1b36\n"
		"device_id=0xc\nclass_code=0x30201\n",
		"PCIe error");
	p->valid = SDEI_PCIE_HAS_SERIAL | SDEI_PCIE_HAS_BRIDGE;
	body_is("validation_bits=0x30\nserial_number_lower=0xb\n"
		"serial_number_upper=0xc\nbridge_secondary_status=0xd\n"
		"bridge_control=0xe\n",
		"PCIe error");
	p->valid = SDEI_PCIE_HAS_COMMAND;
	body_is("validation_bits=0x4\ncommand=0x102\nstatus=0x203\n",
		"PCIe error");
}

/* The name of each bit of AER (PCIe base specification, 7.8.4.2 and 7.8.4.5). */
static void aer_bits(void **state)
{
	struct sdei_cper_pcie *p = start(SDEI_SECTION_PCIE, sizeof(*p));
	uint8_t block[SDEI_RECORD_BLOCK_MAX];
	const char *text;

	(void)state;
	p->valid = SDEI_PCIE_HAS_AER;
	memset(p->aer + 4, 0xff, 4);
	memset(p->aer + 16, 0xff, 4);
	text = decoded(block, block_of(block), NULL);
	assert_non_null(strstr(
		text, "uncorrected_status=0xffffffff ? ? ? ? "
		      "data link protocol surprise down ? ? ? ? ? ? "
		      "poisoned TLP flow control protocol completion timeout "
		      "completer abort unexpected completion receiver overflow "
		      "malformed TLP ECRC unsupported request ACS violation "
		      "uncorrectable internal MC blocked TLP "
		      "AtomicOp egress blocked TLP prefix blocked "
		      "poisoned TLP egress blocked DMWr egress blocked "
		      "IDE check failed misrouted IDE TLP PCRC check failed "
		      "TLP translation egress blocked\n"));
	assert_non_null(
		strstr(text,
		       "corrected_status=0xffffffff receiver error ? ? ? ? ? "
		       "bad TLP bad DLLP replay number rollover ? ? ? "
		       "replay timer timeout advisory non-fatal "
		       "corrected internal header log overflow ? ? ? ? ? ? ? ? "
		       "? ? ? ? ? ? ? ?\n"));
}

static void cxl_protocol(void **state)
{
	struct sdei_cper_cxl_protocol *p = start(SDEI_SECTION_CXL_PROTOCOL,
						 sizeof(*p) + 4 + 88 + 2);
	uint8_t *behind = (uint8_t *)(p + 1);

	(void)state;
	*p = (struct sdei_cper_cxl_protocol){
		.valid = 0x7f,
		.agent_type = SDEI_CXL_AGENT_ROOT_PORT,
		.vendor_id = 1,
		.device_id = 2,
		.subsystem_vendor_id = 3,
		.subsystem_id = 4,
		.class_code = 0x0604,
		.slot = 5 << 3,
		.serial_lower = 6,
		.serial_upper = 7,
		.dvsec_length = 4,
		.log_length = 88,
	};
	p->address.function = 1;
	p->address.device = 2;
	p->address.bus = 3;
	p->address.segment = 0x405;
	count_up(p->capability, sizeof(p->capability));
	count_up(behind, 4 + 88 + 2);
	memcpy(behind + 4, "\x81\x41\x01\x00", 4);
	memcpy(behind + 4 + 12, "\x7f\x00\x00\x00", 4);
	body_is("validation_bits=0x7f\nagent_type=5 (CXL root port)\n"
		"vendor_id=0x1\ndevice_id=0x2\nslot=5\n"
		"subsystem_vendor_id=0x3\nsubsystem_id=0x4\n"
		"class_code=0x604\nserial_number_lower=0x6\n"
		"serial_number_upper=0x7\ndvsec_length=4\nlog_length=88\n"
		"segment=0x405\nbus=0x3\ndevice=0x2\nfunction=0x1\n" CAPABILITY
		"dvsec:01020304\nlog{\n"
		"uncorrected_status=0x14181 cache data parity memory data ECC "
		"REINIT threshold component specific IDE receive\n"
		"uncorrected_mask=0xc0b0a09 cache data parity "
		"cache data ECC unknown encoding received receiver overflow "
		"IDE receive ? ? ? ?\n"
		"uncorrected_severity=0x100f0e0d cache data parity "
		"cache byte enable parity cache data ECC "
		"unknown encoding received poison received receiver overflow "
		"IDE receive ? ? ? ?\n"
		"corrected_status=0x7f cache data ECC memory data ECC "
		"CRC threshold retry threshold cache poison received "
		"memory poison received physical layer\n"
		"corrected_mask=0x18171615 cache data ECC CRC threshold "
		"cache poison received ? ? ? ? ? ? ? ? ?\n"
		"control=0x1c1b1a19\nfirst_error=25\n"
		"header_log:1d1e1f202122232425262728292a2b2c"
		"2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a"
		"4b4c4d4e4f505152535455565758595a5b5c\n}\nmore:5d5e\n",
		"CXL protocol error");
	p = start(SDEI_SECTION_CXL_PROTOCOL, sizeof(*p) + 4);
	count_up(p + 1, 4);
	p->agent_type = SDEI_CXL_AGENT_RCH_PORT;
	p->valid = SDEI_CXL_PROTOCOL_HAS_AGENT_TYPE |
		   SDEI_CXL_PROTOCOL_HAS_ADDRESS;
	p->address.rcrb = 0x123456789a;
	p->dvsec_length = 4;
	body_is("validation_bits=0x3\n"
		"agent_type=1 (restricted CXL host downstream port)\n"
		"rcrb_base_address=0x123456789a\ndvsec:01020304\n",
		"CXL protocol error");
}

#define EVENT \
	"validation_bits=0x7\nlength=144\nsegment=0x607\nbus=0x5\n" \
	"device=0x4\nfunction=0x3\nvendor_id=0x1\ndevice_id=0x2\nslot=8\n" \
	"serial_number_lower=0x9\nserial_number_upper=0xa\n" \
	"record{\n"
#define RECORD \
	"record_length=128\nseverity=2 (failure)\n" \
	"flags=0x1fe ? permanent condition maintenance needed " \
	"performance degraded hardware replacement needed " \
	"maintenance subclass valid LD-ID valid head id valid\n" \
	"handle=11\nrelated_handle=12\ntimestamp_ns=13\n" \
	"maintenance_class=14\nmaintenance_subclass=15\nld_id=0x10\n" \
	"head_id=17\n"
#define COMPONENT "component_id:0102030405060708090a0b0c0d0e0f10\n"

static void fill_event(struct sdei_cper_cxl_event *event,
		       struct sdei_cxl_record *record)
{
	*event = (struct sdei_cper_cxl_event){
		.length = 144,
		.valid = 7,
		.vendor_id = 1,
		.device_id = 2,
		.function = 3,
		.device = 4,
		.bus = 5,
		.segment = 0x607,
		.slot = 8 << 3,
		.serial_lower = 9,
		.serial_upper = 10,
	};
	*record = (struct sdei_cxl_record){
		.length = 128,
		.flags = { 0xfe, 1, 0 },
		.handle = 11,
		.related_handle = 12,
		.timestamp = 13,
		.maintenance_class = 14,
		.maintenance_subclass = 15,
		.ld_id = 16,
		.head_id = 17,
	};
}

static void cxl_media(void **state)
{
	struct sdei_cper_cxl_media *m = start(SDEI_SECTION_CXL_MEDIA,
					      sizeof(*m));

	(void)state;
	fill_event(&m->event, &m->record);
	m->physical_address = 0x123456789abcdec2;
	m->descriptor = 7;
	m->type = 4;
	m->transaction_type = 8;
	m->valid[0] = 0x1f;
	m->channel = 18;
	m->rank = 19;
	m->device[0] = 20;
	m->device[2] = 21;
	count_up(m->component_id, 16);
	m->threshold_flags = 3;
	m->count[1] = 1;
	m->subtype = 5;
	body_is(EVENT "validation_bits=0x1f\n" RECORD
		      "physical_address=0x123456789abcdec0\n"
		      "address_flags=0x2 not repairable\n"
		      "descriptor=0x7 uncorrectable event threshold event "
		      "poison list overflow\n"
		      "event_type=4 (scrub media ECC error)\n"
		      "event_subtype=5 (media link CRC)\n"
		      "transaction_type=8 (media initialization)\nchannel=18\n"
		      "rank=19\nthreshold_flags=0x3 several media components "
		      "threshold exceeded\ncorrected_count=256\n"
		      "device_mask=0x150014\n" COMPONENT "}\n",
		"CXL general media event");
}

static void cxl_dram(void **state)
{
	struct sdei_cper_cxl_dram *m = start(SDEI_SECTION_CXL_DRAM, sizeof(*m));

	(void)state;
	fill_event(&m->event, &m->record);
	m->physical_address = 0x1041;
	m->type = 1;
	m->transaction_type = 1;
	m->valid[0] = 0xff;
	m->valid[1] = 7;
	m->channel = 18;
	m->rank = 19;
	m->nibble_mask[2] = 20;
	m->bank_group = 21;
	m->bank = 22;
	m->row[0] = 23;
	m->row[1] = 1;
	m->column[0] = 24;
	m->column[1] = 1;
	count_up(m->correction_mask, 32);
	count_up(m->component_id, 16);
	m->sub_channel = 25;
	m->count[0] = 26;
	m->subtype = 1;
	body_is(EVENT "validation_bits=0x7ff\n" RECORD
		      "physical_address=0x1040\naddress_flags=0x1 volatile\n"
		      "descriptor=0x0\nevent_type=1 (scrub media ECC error)\n"
		      "event_subtype=1 (internal datapath)\n"
		      "transaction_type=1 (host read)\nchannel=18\nrank=19\n"
		      "threshold_flags=0x0\ncorrected_count=26\n"
		      "nibble_mask=0x140000\nbank_group=21\nbank=22\nrow=279\n"
		      "column=280\n"
		      "correction_mask:0102030405060708090a0b0c0d0e0f10"
		      "1112131415161718191a1b1c1d1e1f20\n" COMPONENT
		      "sub_channel=25\n}\n",
		"CXL DRAM event");
	m->event.valid = 0;
	m->event.length = 144;
	memset(&m->record, 0, sizeof(*m) - sizeof(m->event));
	body_is("validation_bits=0x0\nlength=144\nmore:"
		"00000000000000000000000000000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000000000\n",
		"CXL DRAM event");
}

static void cxl_module(void **state)
{
	struct sdei_cper_cxl_module *m = start(SDEI_SECTION_CXL_MODULE,
					       sizeof(*m));

	(void)state;
	fill_event(&m->event, &m->record);
	m->type = 8;
	m->health_status = 0xf;
	m->media_status = 9;
	m->additional_status = 2 | 1 << 2 | 1 << 4 | 1 << 5 | 3 << 6;
	m->life_used = 18;
	m->temperature[0] = 0xfe;
	m->temperature[1] = 0xff;
	m->dirty_shutdowns[0] = 19;
	m->corrected_volatile[1] = 1;
	m->corrected_persistent[3] = 1;
	m->valid[0] = 3;
	count_up(m->component_id, 16);
	m->subtype = 3;
	body_is(EVENT
		"validation_bits=0x3\n" RECORD
		"event_type=8 (power management fault)\n"
		"event_subtype=3 (unsupported memory media FRU)\n"
		"health_status=0xf maintenance needed performance degraded "
		"hardware replacement needed memory capacity degraded\n"
		"media_status=9 (all data loss imminent)\n"
		"life_used_status=2 (critical)\ntemperature_status=1 (warning)\n"
		"corrected_volatile_status=1 (warning)\n"
		"corrected_persistent_status=1 (warning)\nlife_used=18\n"
		"temperature=-2\ndirty_shutdowns=19\ncorrected_volatile=256\n"
		"corrected_persistent=16777216\n" COMPONENT "}\n",
		"CXL memory module event");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcie),         cmocka_unit_test(aer_bits),
		cmocka_unit_test(cxl_protocol), cmocka_unit_test(cxl_media),
		cmocka_unit_test(cxl_dram),     cmocka_unit_test(cxl_module),
	};

	return cmocka_run_group_tests_name("decode_pci", tests, NULL, NULL);
}
