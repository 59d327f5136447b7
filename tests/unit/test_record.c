/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error records: how they are made, told from unsound ones, and what bytes a
 * kernel gets. Expected bytes stand here as UEFI 2.10 (appendix N) and ACPI 6.5
 * (18.3.2.7.1) draw them.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <sdei/cper.h>

#define MEMORY_GUID \
	0x14, 0x11, 0xbc, 0xa5, 0x64, 0x6f, 0xde, 0x4e, 0xb8, 0x63, 0x3e, \
		0x83, 0xed, 0x7c, 0x83, 0xb1
#define PROCESSOR_GUID \
	0x16, 0x3d, 0x9e, 0xe1, 0x11, 0xbc, 0xe4, 0x11, 0x9c, 0xaa, 0xc2, \
		0x05, 0x1d, 0x5d, 0x46, 0xb0
#define ZEROS_4  0, 0, 0, 0
#define ZEROS_8  ZEROS_4, ZEROS_4
#define ZEROS_16 ZEROS_8, ZEROS_8
/* 2026-11-28 13:16:02. */
#define MOMENT 1795871762
#define TIME   0x02, 0x16, 0x13, 0x01, 0x28, 0x11, 0x26, 0x20

static union {
	struct sdei_record record;
	uint8_t bytes[SDEI_RECORD_MAX];
} r;

struct block {
	uint8_t bytes[SDEI_RECORD_BLOCK_MAX];
	size_t size, pieces, refuse;
};

static bool put(void *context, size_t offset, const void *from, size_t bytes)
{
	struct block *b = context;

	assert_int_equal(offset, b->size);
	assert_int_equal(offset % 4, 0);
	assert_int_equal((uintptr_t)from % 4, 0);
	assert_true(bytes <= sizeof(b->bytes) - offset);
	memcpy(b->bytes + offset, from, bytes);
	b->size += bytes;
	return ++b->pieces != b->refuse;
}

static void write_block(struct block *b)
{
	uint32_t word = sdei_record_word(&r.record);

	assert_null(sdei_record_wrong(&r, r.record.size));
	memset(b, 0x5a, sizeof(*b));
	memcpy(b->bytes, &word, 4);
	b->size = 4;
	b->pieces = b->refuse = 0;
	assert_true(sdei_record_write(&r.record, put, b));
	assert_int_equal(b->size, sdei_record_bytes(&r.record));
}

static void start(unsigned severity)
{
	memset(&r, 0x5a, sizeof(r));
	sdei_record_start(&r.record, severity, 3);
	r.record.time = sdei_cper_time(MOMENT);
	r.record.sequence = 17;
}

static void *add(enum sdei_section_kind kind, unsigned severity, size_t size)
{
	return sdei_record_add(&r.record, sizeof(r), kind, severity, size, NULL,
			       0);
}

static void memory_bytes(void **state)
{
	static const uint8_t expected[] = {
		/* Status: one entry, corrected; 152 bytes; corrected. */
		0x12, 0, 0, 0, ZEROS_8, 152, 0, 0, 0, 2, 0, 0, 0,
		/* Entry: text and time valid, primary. */
		MEMORY_GUID, 2, 0, 0, 0, 0x00, 0x03, 0x06, 0x01, 80, 0, 0, 0,
		ZEROS_16, 's', 'e', 'q', ' ', '1', '7', 0, 0, 0, 0, ZEROS_8, 0,
		0, TIME,
		/* Section: address, mask, node, card, module, bank, row, column
		 * and type. */
		0x7e, 0x43, 0, 0, ZEROS_4, ZEROS_8, 0x00, 0x50, 0x00, 0x50,
		ZEROS_4, 0x00, 0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0,
		2, 0, 3, 0, 4, 0, 0, 0, 0x34, 0x12, 6, 0, 0, 0, ZEROS_16,
		ZEROS_8, 2, 0, 0, 0, 0, 0, 0, 0
	};
	struct sdei_cper_memory *m;
	struct block b;

	(void)state;
	start(SDEI_CPER_CORRECTED);
	m = add(SDEI_SECTION_MEMORY, SDEI_CPER_CORRECTED, sizeof(*m));
	*m = (struct sdei_cper_memory){
		.valid = SDEI_MEMORY_HAS_ADDRESS |
			 SDEI_MEMORY_HAS_ADDRESS_MASK | SDEI_MEMORY_HAS_NODE |
			 SDEI_MEMORY_HAS_CARD | SDEI_MEMORY_HAS_MODULE |
			 SDEI_MEMORY_HAS_BANK | SDEI_MEMORY_HAS_ROW |
			 SDEI_MEMORY_HAS_COLUMN | SDEI_MEMORY_HAS_ERROR_TYPE,
		.physical_address = 0x50005000,
		.physical_address_mask = ~UINT64_C(0xfff),
		.node = 1,
		.card = 2,
		.module = 3,
		.bank = 4,
		.row = 0x1234,
		.column = 6,
		.error_type = SDEI_MEMORY_SINGLE_BIT,
	};
	write_block(&b);
	assert_int_equal(b.size, sizeof(expected));
	assert_memory_equal(b.bytes, expected, sizeof(expected));
	assert_int_equal(b.pieces, 2);
}

static void processor_bytes(void **state)
{
	static const uint8_t expected[] = {
		0x11, 0, 0, 0, ZEROS_8, 144, 0, 0, 0, 1, 0, 0, 0,
		PROCESSOR_GUID, 1, 0, 0, 0, 0x00, 0x03, 0x06, 0x01, 72, 0, 0, 0,
		ZEROS_16, 's', 'e', 'q', ' ', '1', '7', 0, 0, 0, 0, ZEROS_8, 0,
		0, TIME,
		/* MPIDR, level, running; one error; 72 bytes; level 0. */
		7, 0, 0, 0, 1, 0, 0, 0, 72, 0, 0, 0, 0, 0, 0, 0, 3, 2, 1, 0,
		ZEROS_4, 0xc1, 0xd0, 0x3f, 0x41, ZEROS_4, 1, 0, 0, 0, ZEROS_4,
		/* Multiple, information, physical; cache; one; context corrupt
		 * (and it is), corrected (and it is not). */
		0, 32, 0x15, 0, 2, 0, 0, 0, 0x18, 0, 0, 0x02, ZEROS_4, ZEROS_8,
		0x00, 0x50, 0x00, 0x50, ZEROS_4
	};
	struct sdei_cper_processor *p;
	struct sdei_cper_arm_error *e;
	struct block b;

	(void)state;
	start(SDEI_CPER_FATAL);
	p = add(SDEI_SECTION_PROCESSOR, SDEI_CPER_FATAL,
		sizeof(*p) + sizeof(*e));
	e = (struct sdei_cper_arm_error *)(p + 1);
	p->error_count = 1;
	p->length = sizeof(*p) + sizeof(*e);
	sdei_cper_processor_pe(p, 0x10203, 0x413fd0c1, true, 9);
	e->length = sizeof(*e);
	e->valid = SDEI_ARM_HAS_MULTIPLE | SDEI_ARM_HAS_INFORMATION |
		   SDEI_ARM_HAS_PHYSICAL;
	e->type = SDEI_ARM_CACHE;
	e->information = SDEI_ARM_INFO_HAS_CORRUPT |
			 SDEI_ARM_INFO_HAS_CORRECTED |
			 UINT64_C(1) << SDEI_ARM_INFO_CORRUPT;
	e->physical_address = 0x50005000;
	write_block(&b);
	assert_int_equal(b.size, sizeof(expected));
	assert_memory_equal(b.bytes, expected, sizeof(expected));
}

/* What is said already stays. */
static void processor_pe(void **state)
{
	struct sdei_cper_processor p = { .valid = 0 };

	(void)state;
	sdei_cper_processor_pe(&p, 5, 6, false, 2);
	assert_int_equal(p.valid, 7);
	assert_int_equal(p.mpidr, 5);
	assert_int_equal(p.midr, 6);
	assert_int_equal(p.running, 0);
	assert_int_equal(p.psci_state, 2);
	sdei_cper_processor_pe(&p, 7, 8, true, 0);
	assert_int_equal(p.mpidr, 5);
	assert_int_equal(p.midr, 6);
	assert_int_equal(p.running, 0);
	assert_int_equal(p.psci_state, 2);
	p = (struct sdei_cper_processor){ .valid = SDEI_PROCESSOR_HAS_LEVEL,
					  .affinity_level = 2 };
	sdei_cper_processor_pe(&p, 5, 6, true, 2);
	assert_int_equal(p.valid, 7);
	assert_int_equal(p.affinity_level, 2);
	assert_int_equal(p.running, 1);
	assert_int_equal(p.psci_state, 0);
	p = (struct sdei_cper_processor){ .valid = SDEI_PROCESSOR_HAS_MPIDR,
					  .mpidr = 1 };
	sdei_cper_processor_pe(&p, 5, 6, true, 2);
	assert_int_equal(p.valid,
			 SDEI_PROCESSOR_HAS_MPIDR | SDEI_PROCESSOR_HAS_RUNNING);
}

/* Two sections, one of a vendor with a FRU; the other tells. */
static void several_sections(void **state)
{
	static const uint8_t guid[16] = { 1, 2,  3,  4,  5,  6,  7,  8,
					  9, 10, 11, 12, 13, 14, 15, 16 };
	static const struct sdei_fru fru = {
		.id = { 0xf0, 0xf1 },
		.text = "DIMM A1",
		.reserved = { 1, 2, 3, 4 },
	};
	static const uint8_t first[] = {
		/* Two entries, one corrected, one not. */
		0x23,     0,       0,
		0,        ZEROS_8, 72 + 4 + 72 + 80,
		0,        0,       0,
		0,        0,       0,
		0,        1,       2,
		3,        4,       5,
		6,        7,       8,
		9,        10,      11,
		12,       13,      14,
		15,       16,      0,
		0,        0,       0,
		0x00,     0x03,    0x03,
		0x01,     4,       0,
		0,        0,       0xf0,
		0xf1,     0,       0,
		ZEROS_8,  ZEROS_4, 'D',
		'I',      'M',     'M',
		' ',      'A',     '1',
		0,        ZEROS_8, ZEROS_4,
		ZEROS_8,  0xde,    0xad,
		0xbe,     0xef,    MEMORY_GUID,
		2,        0,       0,
		0,        0x00,    0x03,
		0x02,     0x20,    80,
		0,        0,       0,
		ZEROS_16, 's',     'e',
		'q',      ' ',     '9',
		'9',      '9',     '9',
		'9',      '9',     ' ',
		'l',      'o',     's',
		't',      ' ',     '9',
		'9',      '9',     0,
		ZEROS_8,
	};
	const struct sdei_section *s;
	uint8_t *v;
	struct block b;

	(void)state;
	start(SDEI_CPER_RECOVERABLE);
	r.record.time = 0;
	r.record.sequence = 1000000 * 3 + 999999;
	v = sdei_record_add(&r.record, sizeof(r), SDEI_SECTION_VENDOR,
			    SDEI_CPER_RECOVERABLE, 20, &fru,
			    SDEI_FRU_ID | SDEI_FRU_TEXT);
	memcpy(v, guid, 16);
	memcpy(v + 16, (uint8_t[]){ 0xde, 0xad, 0xbe, 0xef }, 4);
	assert_false(sdei_record_tells(&r.record));
	assert_non_null(add(SDEI_SECTION_MEMORY, SDEI_CPER_CORRECTED, 80));
	assert_true(sdei_record_tells(&r.record));
	r.record.lost = 999;
	s = sdei_record_next(&r.record, NULL);
	assert_ptr_equal(sdei_section_body(s), v);
	s = sdei_record_next(&r.record, s);
	assert_null(sdei_section_fru(s));
	((struct sdei_section *)s)->flags = SDEI_SECTION_LATENT;
	assert_null(sdei_record_next(&r.record, s));
	write_block(&b);
	assert_int_equal(b.size, sizeof(first) + 80);
	assert_memory_equal(b.bytes, first, sizeof(first));
	assert_int_equal(b.pieces, 4);
	for (size_t refuse = 1; refuse <= 4; refuse++) {
		b = (struct block){ .size = 4, .refuse = refuse };
		assert_false(sdei_record_write(&r.record, put, &b));
		assert_int_equal(b.pieces, refuse);
	}
}

/* Only the first without a text of its own tells. */
static void texts(void **state)
{
	static const struct {
		uint32_t sequence;
		uint16_t lost;
		const char *text;
	} cases[] = {
		{ 0, 0, "seq 0" },
		{ 9, 1, "seq 9 lost 1" },
		{ 10, 10, "seq 10 lost 10" },
		{ 1000000, 0, "seq 0" },
		{ 4294967295u, 101, "seq 967295 lost 101" },
		{ 123456, 65535, "seq 123456 lost 999" },
	};
	static const struct sdei_fru fru = { .id = { 1 } };
	struct block b;

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char expected[20] = "";

		start(SDEI_CPER_CORRECTED);
		sdei_record_add(&r.record, sizeof(r), SDEI_SECTION_MEMORY,
				SDEI_CPER_CORRECTED, 80, &fru, SDEI_FRU_ID);
		add(SDEI_SECTION_MEMORY, SDEI_CPER_CORRECTED, 80);
		r.record.sequence = cases[i].sequence;
		b.size = 4;
		b.pieces = b.refuse = 0;
		r.record.lost = cases[i].lost;
		assert_true(sdei_record_write(&r.record, put, &b));
		strcpy(expected, cases[i].text);
		assert_memory_equal(b.bytes + 20 + 44, expected, 20);
		assert_int_equal(b.bytes[20 + 22], 7);
		assert_int_equal(b.bytes[20 + 28], 1);
		assert_int_equal(b.bytes[20 + 72 + 80 + 22], 4);
		assert_int_equal(b.bytes[20 + 72 + 80 + 44], 0);
	}
}

static void words(void **state)
{
	static const struct {
		unsigned severities[4], count;
		uint32_t word;
	} cases[] = {
		{ { 0 }, 1, 0x11 },          { { 1 }, 1, 0x11 },
		{ { 2 }, 1, 0x12 },          { { 3 }, 1, 0x10 },
		{ { 0, 1 }, 2, 0x25 },       { { 2, 2 }, 2, 0x2a },
		{ { 3, 2, 0 }, 3, 0x33 },    { { 1, 2, 0, 2 }, 4, 0x4f },
		{ { 2, 2, 2, 0 }, 4, 0x4b },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		start(SDEI_CPER_RECOVERABLE);
		for (unsigned j = 0; j < cases[i].count; j++)
			assert_non_null(add(SDEI_SECTION_MEMORY,
					    cases[i].severities[j], 80));
		assert_int_equal(sdei_record_word(&r.record), cases[i].word);
	}
}

static void raw(void **state)
{
	uint8_t bytes[SDEI_RECORD_MAX];
	struct block b;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	for (size_t size = 0; size < sizeof(bytes); size++) {
		bool fits = size >= 20 && size <= SDEI_RECORD_MAX - 32;

		start(SDEI_CPER_FATAL);
		assert_int_equal(sdei_record_raw(&r.record, sizeof(r), bytes,
						 size),
				 fits);
		if (!fits) {
			assert_int_equal(r.record.size, 24);
			continue;
		}
		assert_null(sdei_record_next(&r.record, NULL));
		assert_false(sdei_record_tells(&r.record));
		assert_null(add(SDEI_SECTION_MEMORY, SDEI_CPER_FATAL, 80));
		assert_false(sdei_record_raw(&r.record, sizeof(r), bytes, 20));
		write_block(&b);
		assert_int_equal(b.size, size);
		assert_memory_equal(b.bytes, bytes, size);
		assert_int_equal(b.pieces, 1);
	}
	start(SDEI_CPER_FATAL);
	assert_false(sdei_record_raw(&r.record, 24 + 8 + 23, bytes, 20));
	assert_true(sdei_record_raw(&r.record, 24 + 8 + 24, bytes, 20));
}

/* What does not go in changes nothing. */
static void no_room(void **state)
{
	static const struct sdei_fru fru = { .id = { 1 } };
	static uint8_t before[SDEI_RECORD_MAX];
	struct sdei_record *record = &r.record;

	(void)state;
	start(SDEI_CPER_CORRECTED);
	assert_non_null(add(SDEI_SECTION_MEMORY, SDEI_CPER_CORRECTED, 80));
	memcpy(before, &r, sizeof(r));
	for (size_t room = 0; room < 112 + 8 + 40 + 104; room++)
		assert_null(sdei_record_add(record, room, SDEI_SECTION_MEMORY2,
					    0, 97, &fru, SDEI_FRU_TEXT));
	for (unsigned kind = 0; kind < SDEI_SECTION_KINDS; kind++) {
		size_t least = sdei_section_types[kind].least;

		assert_null(add(kind, SDEI_CPER_CORRECTED, least - 1));
		assert_null(add(kind, SDEI_CPER_CORRECTED, 2048 - 112 - 8 + 1));
		assert_null(add(kind, SDEI_CPER_CORRECTED, SIZE_MAX));
		assert_null(add(kind, SDEI_CPER_CORRECTED, SIZE_MAX - 7));
	}
	assert_null(add(SDEI_SECTION_KINDS, SDEI_CPER_CORRECTED, 100));
	assert_null(add(SDEI_SECTION_NONE, SDEI_CPER_CORRECTED, 100));
	assert_null(add(SDEI_SECTION_MEMORY, 4, 80));
	assert_memory_equal(before, &r, sizeof(r));
	assert_non_null(sdei_record_add(record, 112 + 8 + 40 + 104,
					SDEI_SECTION_MEMORY2, 0, 97, &fru,
					SDEI_FRU_TEXT));
	assert_int_equal(record->size, 112 + 8 + 40 + 104);
	assert_null(sdei_record_wrong(&r, sizeof(r)));
	while (record->sections < SDEI_RECORD_SECTIONS)
		assert_non_null(add(SDEI_SECTION_VENDOR, 0, 16));
	assert_null(add(SDEI_SECTION_VENDOR, 0, 16));
	assert_null(sdei_record_wrong(&r, sizeof(r)));
}

/* A record that fills all still fits the block it is promised. */
static void largest(void **state)
{
	struct block b;

	(void)state;
	start(SDEI_CPER_CORRECTED);
	while (r.record.sections < SDEI_RECORD_SECTIONS - 1)
		assert_non_null(add(SDEI_SECTION_MEMORY, 0, 80));
	assert_non_null(add(SDEI_SECTION_VENDOR, 0,
			    SDEI_RECORD_MAX - r.record.size - 8u));
	assert_int_equal(r.record.size, SDEI_RECORD_MAX);
	write_block(&b);
	assert_true(b.size <= SDEI_RECORD_BLOCK_MAX);
}

/* A sound record with everything in it, and then each byte of it wrong. */
static void unsound(void **state)
{
	static const struct {
		size_t at;
		unsigned value;
		const char *wrong;
	} cases[] = {
		{ 0, 16, "its size" },   { 0, 31, "its size" },
		{ 1, 0xff, "its size" }, { 0, 24, "cut off" },
		{ 0, 152, "longer" },    { 0, 160, "cut off" },
		{ 0, 168, "longer" },    { 0, 200, "follow" },
		{ 17, 0xff, "lost" },    { 18, 4, "severity" },
		{ 19, 9, "sections" },   { 19, 3, "cut off" },
		{ 19, 1, "follow" },     { 19, 0, "kind" },
		{ 21, 1, "reserved" },   { 24, 79, "short" },
		{ 24, 250, "longer" },   { 24, 90, "reserved" },
		{ 26, 10, "kind" },      { 26, 255, "kind" },
		{ 27, 4, "severity" },   { 29, 4, "FRU" },
		{ 30, 1, "reserved" },   { 31, 1, "reserved" },
		{ 68, 1, "reserved" },   { 71, 1, "reserved" },
		{ 153, 1, "reserved" },  { 159, 1, "reserved" },
		{ 185, 1, "reserved" },  { 191, 1, "reserved" },
	};
	struct sdei_fru fru = { .text = "" };

	(void)state;
	memset(fru.text, 'x', sizeof(fru.text));
	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *wrong;

		start(SDEI_CPER_CORRECTED);
		assert_non_null(sdei_record_add(&r.record, sizeof(r),
						SDEI_SECTION_MEMORY, 2, 81,
						&fru, SDEI_FRU_TEXT));
		assert_non_null(add(SDEI_SECTION_VENDOR, 2, 17));
		assert_int_equal(r.record.size, 24 + 8 + 40 + 88 + 8 + 24);
		assert_null(sdei_record_wrong(&r, sizeof(r)));
		r.bytes[cases[i].at] = (uint8_t)cases[i].value;
		wrong = sdei_record_wrong(&r, sizeof(r));
		if (!wrong || !strstr(wrong, cases[i].wrong))
			fail_msg("byte %zu as %u: %s, not %s", cases[i].at,
				 cases[i].value, wrong, cases[i].wrong);
	}
	start(SDEI_CPER_CORRECTED);
	assert_string_equal(sdei_record_wrong(&r, 23),
			    "its beginning is cut off");
	assert_string_equal(sdei_record_wrong(r.bytes + 4, 200),
			    "it is not aligned");
	assert_string_equal(sdei_record_wrong(&r, 24),
			    "a section's beginning is cut off");
	add(SDEI_SECTION_MEMORY, 2, 80);
	assert_string_equal(sdei_record_wrong(&r, 111), "its size is wrong");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_bytes),
		cmocka_unit_test(processor_bytes),
		cmocka_unit_test(processor_pe),
		cmocka_unit_test(several_sections),
		cmocka_unit_test(texts),
		cmocka_unit_test(words),
		cmocka_unit_test(raw),
		cmocka_unit_test(no_room),
		cmocka_unit_test(largest),
		cmocka_unit_test(unsound),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
