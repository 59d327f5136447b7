/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each kind of section, made and decoded: every field has its name and its value,
 * and none of them is another's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <sdei/cper.h>

#include "decode_rig.h"

static void memory(void **state)
{
	struct sdei_cper_memory *m = start(SDEI_SECTION_MEMORY, sizeof(*m));

	(void)state;
	*m = (struct sdei_cper_memory){
		.valid = 0x3fffff,
		.error_status = 0x7f1a00,
		.physical_address = 0x1122334455667788,
		.physical_address_mask = 0xfffffffffffff000,
		.node = 1,
		.card = 2,
		.module = 3,
		.bank = 0x405,
		.device = 6,
		.row = 0x7777,
		.column = 8,
		.bit_position = 9,
		.requestor_id = 10,
		.responder_id = 11,
		.target_id = 12,
		.error_type = 13,
		.extended = 0xc2,
		.rank = 14,
		.card_handle = 15,
		.module_handle = 16,
	};
	body_is("validation_bits=0x3fffff\n"
		"error_status=0x7f1a00\n"
		"error_status_type=26 (poisoned data read)\n"
		"error_status_flags=0x7f address signals control signals "
		"data signals responder detected it requestor detected it "
		"first of several overflow\n"
		"physical_address=0x1122334455667788\n"
		"physical_address_mask=0xfffffffffffff000\n"
		"node=1\ncard=2\nmodule=3\nbank=1029\nbank_group=4\n"
		"bank_address=5\ndevice=6\ncolumn=8\nbit_position=9\n"
		"requestor_id=0xa\nresponder_id=0xb\ntarget_id=0xc\n"
		"error_type=13 (scrub corrected error)\n"
		"chip_identification=6\nrank=14\ncard_handle=0xf\n"
		"module_handle=0x10\nrow=161655\n",
		"memory error");
	m->valid = SDEI_MEMORY_HAS_ROW;
	body_is("validation_bits=0x100\nrow=30583\n", "memory error");
	m->valid = 0;
	body_is("validation_bits=0x0\n", "memory error");
}

static void memory2(void **state)
{
	struct sdei_cper_memory2 *m = start(SDEI_SECTION_MEMORY2, sizeof(*m));

	(void)state;
	*m = (struct sdei_cper_memory2){
		.valid = 0x3fffff,
		.error_status = 4 << 8,
		.physical_address = 0x5000,
		.physical_address_mask = 0xfff,
		.node = 1,
		.card = 2,
		.module = 3,
		.bank = 0x405,
		.device = 0x10006,
		.row = 0x20007,
		.column = 0x30008,
		.rank = 0x40009,
		.bit_position = 0x5000a,
		.chip = 11,
		.error_type = 15,
		.status = 1,
		.requestor_id = 12,
		.responder_id = 13,
		.target_id = 14,
		.card_handle = 0x1000f,
		.module_handle = 0x10010,
	};
	body_is("validation_bits=0x3fffff\n"
		"error_status=0x400\n"
		"error_status_type=4 (storage in DRAM)\n"
		"error_status_flags=0x0\n"
		"physical_address=0x5000\nphysical_address_mask=0xfff\n"
		"node=1\ncard=2\nmodule=3\nbank=1029\nbank_group=4\n"
		"bank_address=5\ndevice=65542\nrow=131079\ncolumn=196616\n"
		"rank=262153\nbit_position=327690\nchip_identification=11\n"
		"error_type=15 (physical memory map-out event)\n"
		"status=1 (uncorrected)\nrequestor_id=0xc\nresponder_id=0xd\n"
		"target_id=0xe\ncard_handle=0x1000f\nmodule_handle=0x10010\n",
		"memory error 2");
}

static void processor(void **state)
{
	const size_t size = 40 + 4 * 32 + 16 + 16 + 32 + 5;
	struct sdei_cper_processor *p = start(SDEI_SECTION_PROCESSOR, size);
	struct sdei_cper_arm_error *e = (struct sdei_cper_arm_error *)(p + 1);
	uint8_t *c = (uint8_t *)(e + 4);

	(void)state;
	*p = (struct sdei_cper_processor){
		.valid = 15,
		.error_count = 4,
		.context_count = 3,
		.length = (uint32_t)size,
		.affinity_level = 1,
		.mpidr = 0x100000203,
		.midr = 0x413fd0c1,
		.running = 0,
		.psci_state = 2,
	};
	for (unsigned i = 0; i < 4; i++)
		e[i] = (struct sdei_cper_arm_error){ .length = 32 };
	e[0].valid = 0x1f;
	e[0].type = SDEI_ARM_CACHE;
	e[0].multiple = 1;
	e[0].flags = 0xf;
	e[0].information = 0x7f | 1 << 16 | 9 << 18 | 5 << 22 | 13 << 25;
	e[0].virtual_address = 0xffff000012345678;
	e[0].physical_address = 0x50005040;
	e[1].valid = SDEI_ARM_HAS_INFORMATION | SDEI_ARM_HAS_MULTIPLE;
	e[1].type = SDEI_ARM_TLB;
	e[1].multiple = 7;
	e[1].information = SDEI_ARM_INFO_HAS_OPERATION | 8 << 18;
	e[2].valid = SDEI_ARM_HAS_INFORMATION;
	e[2].type = SDEI_ARM_BUS;
	e[2].information = 0xfff | UINT64_C(2) << 29 | UINT64_C(1) << 31 |
			   UINT64_C(3) << 32 | UINT64_C(0x155) << 34 |
			   UINT64_C(1) << 43;
	e[3].type = SDEI_ARM_VENDOR;
	/* EL1 registers, cut short; another one; a type that nobody knows. */
	memcpy(c, (uint8_t[]){ 0, 0, 5, 0, 8, 0, 0, 0, 1 }, 9);
	memcpy(c + 16, (uint8_t[]){ 0, 0, 8, 0, 10, 0, 0, 0, 0xc0, 0x82, 5 },
	       11);
	/* 8 + 10 bytes, and zeros up to 32. */
	memcpy(c + 48, (uint8_t[]){ 0, 0, 9, 0, 2, 0, 0, 0, 0xaa, 0xbb }, 10);
	memcpy(c + 64, "hello", 5);
	body_is("validation_bits=0xf\nerror_count=4\ncontext_count=3\n"
		"section_length=237\naffinity_level=1\nmpidr=0x100000203\n"
		"midr=0x413fd0c1\nrunning_state=0x0\npsci_state=2\n"
		"error[0]{cache error\nvalidation_bits=0x1f\nversion=0\n"
		"length=32\nerror_type=0x2 cache error\n"
		"multiple_error=1 (several errors)\n"
		"flags=0xf first error captured last error captured "
		"propagated overflow\n"
		"error_information=0x1b65007f\n"
		"virtual_fault_address=0xffff000012345678\n"
		"physical_fault_address=0x50005040\n"
		"error_type_before_2_9a=2 (bus error)\n"
		"information{\nvalidation_bits=0x7f\n"
		"transaction_type=1 (data access)\noperation=9 (snooped)\n"
		"level=5\nprocessor_context_corrupt=1 (yes)\n"
		"corrected=0 (no)\nprecise_pc=1 (yes)\nrestartable_pc=1 (yes)\n"
		"}\n}\n"
		"error[1]{TLB error\nvalidation_bits=0x5\nversion=0\n"
		"length=32\nerror_type=0x4 TLB error\nmultiple_error=7\n"
		"error_information=0x200002\n"
		"information{\nvalidation_bits=0x2\n"
		"operation=8 (external management)\n}\n}\n"
		"error[2]{bus error\nvalidation_bits=0x4\nversion=0\n"
		"length=32\nerror_type=0x8 bus error\n"
		"error_information=0xd57c0000fff\n"
		"information{\nvalidation_bits=0xfff\n"
		"transaction_type=0 (instruction)\n"
		"operation=0 (generic error)\nlevel=0\n"
		"processor_context_corrupt=0 (no)\ncorrected=0 (no)\n"
		"precise_pc=0 (no)\nrestartable_pc=0 (no)\n"
		"participation_type=2 (local processor observed it)\n"
		"time_out=1 (yes)\naddress_space=3 (device memory)\n"
		"memory_attributes=0x155\naccess_mode=1 (normal)\n"
		"}\n}\n"
		"error[3]{micro-architectural error\nvalidation_bits=0x0\n"
		"version=0\nlength=32\n"
		"error_type=0x10 micro-architectural error\n}\n"
		"context[0]{AArch64 EL1 registers\nversion=0\n"
		"type=5 (AArch64 EL1 registers)\nsize=8\nelr_el1=0x1\n}\n"
		"context[1]{another system register\nversion=0\n"
		"type=8 (another system register)\nsize=10\n"
		"mrs_encoding=0x82c0\nvalue=0x5\n}\n"
		"context[2]{\nversion=0\ntype=9\nsize=2\nmore:aabb\n}\n"
		"vendor_information:68656c6c6f\n",
		"Arm processor error");
}

/* What was a number before it was a bit. */
static void older_types(void **state)
{
	static const struct {
		uint8_t type;
		const char *name;
	} cases[] = {
		{ 0, "error[0]{cache error\n" },
		{ 1, "error[0]{TLB error\n" },
		{ 3, "error[0]{micro-architectural error\n" },
		{ 6, "error[0]{\n" },
	};
	struct sdei_cper_processor *p = start(SDEI_SECTION_PROCESSOR, 72);
	struct sdei_cper_arm_error *e = (struct sdei_cper_arm_error *)(p + 1);
	uint8_t block[SDEI_RECORD_BLOCK_MAX];

	(void)state;
	p->error_count = 1;
	p->length = 72;
	e->length = 32;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		unsigned wrong;

		e->type = cases[i].type;
		assert_non_null(strstr(decoded(block, block_of(block), &wrong),
				       cases[i].name));
		assert_int_equal(wrong, 0);
	}
	e->type = 0x22;
	assert_non_null(
		strstr(decoded(block, block_of(block), NULL),
		       "!error_type has bits that mean nothing: # 32 0"));
}

static void firmware(void **state)
{
	struct sdei_cper_firmware *f = start(SDEI_SECTION_FIRMWARE, 36);

	(void)state;
	f->type = 1;
	f->revision = 2;
	f->record_id = 0x12;
	for (unsigned i = 0; i < 16; i++)
		f->record_guid[i] = (uint8_t)(i + 1);
	memcpy(f + 1, "\x01\x02\x03\x04", 4);
	body_is("record_type=1 (SoC firmware error record type 1)\n"
		"revision=2\nrecord_identifier=0x12\n"
		"record_guid=0102030405060708090a0b0c0d0e0f10\n"
		"record:01020304\n",
		"firmware error record reference");
	f->revision = 0;
	body_is("record_type=1 (SoC firmware error record type 1)\n"
		"revision=0\nrecord_identifier=0x12\n"
		"record:0102030405060708090a0b0c0d0e0f1001020304\n",
		"firmware error record reference");
}

static void vendor(void **state)
{
	uint8_t *v = start(SDEI_SECTION_VENDOR, 19);

	(void)state;
	for (uint8_t i = 0; i < 19; i++)
		v[i] = (uint8_t)(0xa0 + i);
	body_is("bytes:b0b1b2\n", "of an unknown kind");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory),    cmocka_unit_test(memory2),
		cmocka_unit_test(processor), cmocka_unit_test(older_types),
		cmocka_unit_test(firmware),  cmocka_unit_test(vendor),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
