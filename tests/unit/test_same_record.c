/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's record is the firmware's, byte for byte: the same line, to the control
 * line and to sdei-vmm's socket, and the status blocks that the two kernels see. They
 * differ in what is named here and in nothing else: the time and the number of the
 * report, and of a processor who it is.
 */
#define _GNU_SOURCE
#include "same_record.h"
#include "vmm_world.h"

#include <sdei/sections.h>

/* A Generic Error Status Block and its first entry (ACPI 6.5, 18.3.2.7.1). */
#define DATA_LENGTH 12
#define ENTRY       20
#define ENTRY_SIZE  72
#define LENGTH      24 /* of the section, in the entry */
#define TEXT        44
#define TIME        64
/* Of a processor section (UEFI 2.10, N.2.4.4). */
#define AT_MPIDR 16
#define AT_MIDR  24

#define ADDRESS 0x40300040

uint64_t trace_now(void)
{
	return 1;
}

static const char *guest_inject(const char *words)
{
	static char said[512];
	FILE *out = fmemopen(said, sizeof(said), "w");

	inject_answer(&vmm, out, words);
	fclose(out);
	return said;
}

static int begin(void **state)
{
	firmware_begin();
	start(state);
	/* So that the numbers of the reports differ. */
	assert_null(strstr(guest_inject("processor severity=corrected cpu=1"),
			   "error"));
	acknowledge(EVENT_PROCESSOR_CORRECTED);
	wait_ms(1000);
	return 0;
}

/* What may differ in an entry, and must: bytes from `at`, of the block. */
struct named {
	size_t at, size;
};

static uint32_t word_of(const uint8_t *block, size_t at)
{
	uint32_t word;

	memcpy(&word, block + at, sizeof(word));
	return word;
}

/* The blocks but for what is named, of which at least one byte differs. */
static void assert_same(unsigned source, const struct named *named,
			unsigned count)
{
	const uint8_t *f = firmware_shows(source);
	const uint8_t *g = vmm_memory(&vmm, block_of(source), 4096);
	const size_t size = ENTRY + word_of(f, DATA_LENGTH);
	uint8_t firmware[4096], guest[4096];

	assert_in_range(size, ENTRY + 1, sizeof(firmware));
	memcpy(firmware, f, size);
	memcpy(guest, g, size);
	for (unsigned i = 0; i < count; i++) {
		assert_memory_not_equal(firmware + named[i].at,
					guest + named[i].at, named[i].size);
		memset(firmware + named[i].at, 0, named[i].size);
		memset(guest + named[i].at, 0, named[i].size);
	}
	assert_memory_equal(firmware, guest, size);
}

/* Of `words` both make a record of one section; a processor's are its ids, too. */
static void same_words(const char *words, unsigned source, bool processor)
{
	const struct named named[] = {
		{ ENTRY + TEXT, 20 },
		{ ENTRY + TIME, 8 },
		{ ENTRY + ENTRY_SIZE + AT_MPIDR, 8 },
		{ ENTRY + ENTRY_SIZE + AT_MIDR, 8 },
	};
	void *state;

	begin(&state);
	assert_memory_equal(firmware_inject(words), "ok ", 3);
	assert_memory_equal(guest_inject(words), "ok ", 3);
	assert_same(source, named, processor ? 4 : 2);
}

static void said_in_words(void **state)
{
	(void)state;
	same_words("memory severity=corrected address=0x40300040",
		   EVENT_MEMORY_CORRECTED, false);
	same_words("memory severity=recoverable address=0x40300040",
		   EVENT_MEMORY_UNCORRECTED, false);
	same_words("memory severity=fatal address=0x40300040",
		   EVENT_MEMORY_FATAL, false);
	same_words("processor severity=corrected cpu=1",
		   EVENT_PROCESSOR_CORRECTED, true);
	same_words("processor severity=recoverable cpu=3 address=0x40300040",
		   EVENT_PROCESSOR_UNCORRECTED, true);
	same_words("processor severity=fatal cpu=2", EVENT_PROCESSOR_FATAL,
		   true);
}

static union {
	struct sdei_record record;
	_Alignas(8) uint8_t bytes[SDEI_RECORD_MAX];
} made;

/* As `sdei inject` sends it. */
static const char *in_hexadecimal(void)
{
	static char line[16 + 2 * SDEI_RECORD_MAX];
	char *at = line + sprintf(line, "record ");

	assert_null(sdei_record_wrong(&made, made.record.size));
	for (unsigned i = 0; i < made.record.size; i++)
		at += sprintf(at, "%02x", made.bytes[i]);
	return line;
}

/* A body of any bytes but zero, to be corrected where it must be sound. */
static void *add(enum sdei_section_kind kind, unsigned severity, size_t more,
		 const char *text)
{
	const size_t size = sdei_section_types[kind].least + more;
	struct sdei_fru fru = { .id = { 1, 2, 3, [15] = 16 } };
	uint8_t *body;

	if (text)
		strcpy(fru.text, text);
	body = sdei_record_add(&made.record, sizeof(made), kind, severity, size,
			       &fru, text ? SDEI_FRU_TEXT | SDEI_FRU_ID : 0);
	assert_non_null(body);
	for (size_t i = 0; i < size; i++)
		body[i] = (uint8_t)(i * 7 + kind + 1) | 1;
	return body;
}

static void add_memory(unsigned severity, const char *text)
{
	struct sdei_cper_memory *m = add(SDEI_SECTION_MEMORY, severity, 0,
					 text);

	m->valid = (UINT64_C(1) << 22) - 1;
	m->physical_address = ADDRESS;
	m->error_type = SDEI_MEMORY_MULTI_BIT;
}

static void add_memory2(unsigned severity)
{
	struct sdei_cper_memory2 *m = add(SDEI_SECTION_MEMORY2, severity, 0,
					  NULL);

	m->valid = SDEI_MEMORY_HAS_ADDRESS;
	m->physical_address = ADDRESS;
	m->error_type = SDEI_MEMORY_MULTI_BIT;
}

static void add_processor(unsigned severity)
{
	struct sdei_cper_processor *p = add(SDEI_SECTION_PROCESSOR, severity, 0,
					    NULL);

	/* All is said already. */
	p->valid = SDEI_PROCESSOR_HAS_MPIDR | SDEI_PROCESSOR_HAS_LEVEL |
		   SDEI_PROCESSOR_HAS_RUNNING;
}

/* Each kind of section, as `sdei inject` sends it, with all bytes given. */
static void said_in_bytes(void **state)
{
	static const unsigned of_class[SDEI_SECTION_KINDS] = {
		[SDEI_SECTION_MEMORY] = EVENT_MEMORY_UNCORRECTED,
		[SDEI_SECTION_MEMORY2] = EVENT_MEMORY_UNCORRECTED,
		[SDEI_SECTION_PROCESSOR] = EVENT_PROCESSOR_UNCORRECTED,
		[SDEI_SECTION_PCIE] = EVENT_PCIE_UNCORRECTED,
	};
	const struct named named[] = {
		{ ENTRY + TEXT, 20 },
		{ ENTRY + TIME, 8 },
	};

	for (unsigned kind = 0; kind < SDEI_SECTION_KINDS; kind++) {
		const char *line;

		begin(state);
		sdei_record_start(&made.record, SDEI_CPER_RECOVERABLE, 1);
		if (kind == SDEI_SECTION_MEMORY)
			add_memory(SDEI_CPER_RECOVERABLE, NULL);
		else if (kind == SDEI_SECTION_MEMORY2)
			add_memory2(SDEI_CPER_RECOVERABLE);
		else if (kind == SDEI_SECTION_PROCESSOR)
			add_processor(SDEI_CPER_RECOVERABLE);
		else
			add(kind, SDEI_CPER_RECOVERABLE, 40, NULL);
		line = in_hexadecimal();
		assert_memory_equal(firmware_inject(line), "ok ", 3);
		assert_memory_equal(guest_inject(line), "ok ", 3);
		assert_same(of_class[kind] || kind <= SDEI_SECTION_PCIE
				    ? of_class[kind]
				    : EVENT_PLATFORM_UNCORRECTED,
			    named, 2);
	}
}

/* Several sections, with units and a time of their own: nothing is left to differ
 * but the number of the report, in the one that has no text. */
static void all_is_given(void **state)
{
	const struct named named[] = {
		{ ENTRY + ENTRY_SIZE + sizeof(struct sdei_cper_memory) + TEXT,
		  20 },
	};
	const char *line;

	begin(state);
	sdei_record_start(&made.record, SDEI_CPER_CORRECTED, 1);
	made.record.time = sdei_cper_time(1000000000);
	add_memory(SDEI_CPER_CORRECTED, "DIMM-A1");
	add_processor(SDEI_CPER_INFORMATION);
	add(SDEI_SECTION_VENDOR, SDEI_CPER_CORRECTED, 13, "slot 9");
	line = in_hexadecimal();
	assert_memory_equal(firmware_inject(line), "ok ", 3);
	assert_memory_equal(guest_inject(line), "ok ", 3);
	assert_same(EVENT_MEMORY_CORRECTED, named, 1);
}

/* A raw record: nothing at all differs. */
static void raw(void **state)
{
	uint8_t bytes[300];
	const char *line;

	begin(state);
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 11 + 1);
	memcpy(bytes + DATA_LENGTH, (uint32_t[]){ sizeof(bytes) - ENTRY }, 4);
	sdei_record_start(&made.record, SDEI_CPER_CORRECTED, 0);
	assert_true(sdei_record_raw(&made.record, sizeof(made), bytes,
				    sizeof(bytes)));
	line = in_hexadecimal();
	assert_memory_equal(firmware_inject(line), "ok ", 3);
	assert_memory_equal(guest_inject(line), "ok ", 3);
	assert_same(EVENT_PLATFORM_CORRECTED, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(said_in_words),
		cmocka_unit_test(said_in_bytes),
		cmocka_unit_test(all_is_given),
		cmocka_unit_test(raw),
	};

	make_world();
	return cmocka_run_group_tests_name("same_record", tests, NULL, NULL);
}
