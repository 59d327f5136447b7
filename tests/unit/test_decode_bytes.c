/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocks, regions and records as they lie in memory, whole and broken: each byte
 * cut off, each byte changed, each length and count a lie.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "decode_rig.h"

static uint8_t block[2 * SDEI_RECORD_BLOCK_MAX];

static void poke(size_t at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		block[at + i] = (uint8_t)(value >> 8 * i);
}

/* One processor section with a context and vendor's bytes: most of what counts. */
#define PROCESSOR (40 + 32 + 16 + 4)

static size_t processor(void)
{
	struct sdei_cper_processor *p = start(SDEI_SECTION_PROCESSOR,
					      PROCESSOR);
	struct sdei_cper_arm_error *e = (struct sdei_cper_arm_error *)(p + 1);

	memset(block, 0, sizeof(block));
	p->valid = SDEI_PROCESSOR_HAS_VENDOR;
	p->error_count = p->context_count = 1;
	p->length = PROCESSOR;
	e->length = 32;
	e->valid = SDEI_ARM_HAS_INFORMATION;
	e->type = SDEI_ARM_CACHE;
	((uint32_t *)(e + 1))[1] = 8;
	memset((uint8_t *)(e + 1) + 8, 0xee, 12);
	return block_of(block);
}

static size_t memory(void)
{
	struct sdei_cper_memory *m = start(SDEI_SECTION_MEMORY, sizeof(*m));

	memset(block, 0, sizeof(block));
	m->valid = SDEI_MEMORY_HAS_ADDRESS;
	m->physical_address = 0x5000;
	return block_of(block);
}

/* A record with a header and as many sections, 72 bytes each, and a text. */
static size_t record(const char *text, unsigned sections)
{
	static const uint8_t kernel_log[16] = { 0x4e, 0xe0, 0x97, 0xc1,
						0x45, 0xd5, 0x70, 0x4a,
						0x9c, 0x17, 0xa5, 0x54,
						0x94, 0x19, 0xeb, 0x12 };
	size_t behind = 128 + 72 * sections, length = strlen(text);

	memset(block, 0, sizeof(block));
	memcpy(block, "CPER", 4);
	poke(4, 0x100, 2);
	poke(6, UINT32_MAX, 4);
	poke(10, sections, 2);
	poke(12, SDEI_CPER_FATAL, 4);
	poke(16, 2, 4); /* the time is valid */
	poke(20, behind + length, 4);
	poke(24, 0x2026112801131602, 8);
	poke(96, 0x123456789, 8);
	poke(104, 2, 4);
	for (unsigned i = 0; i < sections; i++) {
		const size_t at = 128 + 72 * i;

		poke(at, behind, 4);
		poke(at + 4, length, 4);
		poke(at + 8, 0x100, 2);
		memcpy(block + at + 16, kernel_log, 16);
		poke(at + 48, SDEI_CPER_FATAL, 4);
	}
	memcpy(block + behind, text, length);
	return behind + length;
}

static void says(size_t size, unsigned count, const char *what)
{
	unsigned wrong;
	const char *text = decoded(block, size, &wrong);

	if (!strstr(text, what))
		fail_msg("no '%s' in %s", what, text);
	if (wrong != count)
		fail_msg("%u wrong, not %u: %s", wrong, count, text);
}

static void whole(void **state)
{
	(void)state;
	says(memory(), 0,
	     "record[0]{status block\nblock_status=0x1 uncorrected\n"
	     "entry_count=1\nraw_data_offset=0\nraw_data_length=0\n"
	     "data_length=152\nseverity=0 (recoverable)\n"
	     "section[0]{memory error\nvalidation_bits=0x2\n"
	     "section_type=1411bca5646fde4eb8633e83ed7c83b1\n"
	     "severity=0 (recoverable)\nrevision=0x300\nflags=0x1 primary\n"
	     "length=80\nfru_text=seq 0\nbody{\nvalidation_bits=0x2\n"
	     "physical_address=0x5000\n}\n}\n}\n");
	says(processor(), 0, "vendor_information:eeeeeeee\n");
}

/* Memory that nobody wrote is no record, and nothing is wrong with it. */
static void zeros(void **state)
{
	unsigned wrong;

	(void)state;
	memset(block, 0, sizeof(block));
	for (size_t size = 1; size < 200; size++) {
		assert_string_equal(decoded(block, size, &wrong), "");
		assert_int_equal(wrong, 0);
	}
	says(0, 1, "!record is not there");
	block[100] = 1;
	says(101, 1, "!record is not there: # bytes begin with a status of 0");
}

/* A region: blocks behind each other, and zeros. */
static void region(void **state)
{
	const size_t first = processor();
	uint8_t *copy = malloc(first);
	size_t size;

	(void)state;
	memcpy(copy, block, first);
	size = memory();
	memcpy(block + size, copy, first);
	says(size + first, 0, "record[1]{status block\n");
	says(sizeof(block), 0, "record[1]{status block\n");
	memmove(block + size + first, block, size);
	says(2 * size + first, 0, "record[2]{status block\n");
	free(copy);
}

static void raw_data(void **state)
{
	size_t size = memory();

	(void)state;
	poke(4, size + 8, 4);
	poke(8, 4, 4);
	memcpy(block + size + 8, "\x01\x02\x03\x04", 4);
	says(size + 12, 0, "raw_data:01020304\n");
	says(size + 11, 1,
	     "!raw_data_offset and length lead to #, beyond the end at # "
	     "184 183");
	poke(4, 20, 4);
	says(size + 12, 2,
	     "!raw_data_offset is #, but the entries end at # 20 172");
	poke(4, UINT32_MAX, 4);
	poke(8, UINT32_MAX, 4);
	says(size, 1, "!raw_data_offset and length lead to #");
}

/* Before revision 3 an entry has no time. */
static void older_entry(void **state)
{
	size_t size = memory();

	(void)state;
	memmove(block + 20 + 64, block + 20 + 72, 80);
	poke(20 + 20, 0x201, 2);
	poke(12, 64 + 80, 4);
	memset(block + size - 8, 0, 8);
	says(size - 8, 0, "physical_address=0x5000\n");
	/* UEFI 2.1's memory section ends behind the error's type. */
	poke(20 + 24, 73, 4);
	poke(12, 64 + 73, 4);
	says(size - 8 - 7, 0, "physical_address=0x5000\n");
	poke(20 + 64, SDEI_MEMORY_HAS_MODULE_HANDLE, 8);
	says(size - 8 - 7, 1, "!module_handle is cut off");
}

static void records(void **state)
{
	size_t size = record("one\ntwo\n", 1);

	(void)state;
	says(size, 0,
	     "record[0]{CPER record\nvalidation_bits=0x2\nrevision=0x100\n"
	     "section_count=1\nseverity=1 (fatal)\nrecord_length=208\n"
	     "time=0216130128112620\n"
	     "creator_id=00000000000000000000000000000000\n"
	     "notification_type=00000000000000000000000000000000\n"
	     "record_id=0x123456789\nflags=0x2 previous boot\n"
	     "persistence=0x0\n"
	     "section[0]{Linux kernel log\nvalidation_bits=0x0\n"
	     "section_type=4ee097c145d5704a9c17a5549419eb12\n"
	     "severity=1 (fatal)\nrevision=0x100\nflags=0x0\noffset=200\n"
	     "length=8\nbody{\ntext=one\ntwo\n\n}\n}\n}\n");
	/* Several, and a block behind them. */
	memcpy(block + size, block, size);
	says(2 * size, 0, "record[1]{CPER record\n");
	poke(24, 0x202611280113160a, 8);
	says(size, 1, "!time has a digit # 10 0");
	/* Sections that lie on each other are told once. */
	size = record("text", 3);
	says(size, 2, "!length is #: sections share bytes, # are left 4 0\n");
	poke(128 + 72, size, 4);
	poke(128 + 2 * 72, size + 2, 4);
	poke(128 + 2 * 72 + 4, 2, 4);
	poke(20, size + 4, 4);
	memcpy(block + size, "more", 4);
	says(size + 4, 1, "section[1]{Linux kernel log\n");
}

static void lies(void **state)
{
	static const struct {
		size_t at, bytes;
		uint64_t value;
		unsigned wrong;
		const char *what;
	} cases[] = {
		{ 0, 4, 0x21, 1, "!entry_count is #, but there are # 2 1" },
		{ 0, 4, 0x4011, 1,
		  "!block_status has bits that mean nothing: # 16384 0" },
		{ 12, 4, 71, 3,
		  "!entry is cut off: it has # bytes, not # 71 72" },
		{ 12, 4, 165, 1, "!data_length is #, but only # bytes follow" },
		{ 12, 4, UINT32_MAX, 1, "!data_length is #, but only #" },
		{ 42, 1, 0x80, 1,
		  "!validation_bits has bits that mean nothing" },
		{ 44, 4, 93, 1, "!length is #, but only # bytes follow 93 92" },
		{ 44, 4, UINT32_MAX, 1, "!length is #, but only # bytes" },
		{ 44, 4, 39, 3, "!section is too short: # bytes, not # 39 72" },
		{ 92, 4, 0x10, 1,
		  "!validation_bits has bits that mean nothing" },
		{ 92 + 4, 2, 0, 1, "!error_count is 0" },
		{ 92 + 4, 2, 65535, 3,
		  "!error_count is #, but there are only #" },
		{ 92 + 6, 2, 65535, 2,
		  "!context_count is #, but there are only" },
		{ 92 + 8, 4, 93, 1,
		  "!section_length is #, but there are # bytes" },
		{ 92 + 8, 4, UINT32_MAX, 1, "!section_length is #, but there" },
		{ 92 + 8, 4, 71, 3,
		  "!error_count is #, but there are only # 1 0" },
		{ 92 + 40 + 1, 1, 0, 1,
		  "!length of an error is #, not # 0 32" },
		{ 92 + 40 + 1, 1, 255, 1,
		  "!length of an error is #, not # 255" },
		{ 92 + 40 + 4, 1, 0x80, 1, "!error_type has bits that mean" },
		{ 92 + 72 + 4, 4, 21, 2,
		  "!size is #, but only # bytes follow 21 12" },
		{ 92 + 72 + 4, 4, UINT32_MAX, 2,
		  "!size is #, but only # bytes" },
		{ 92 + 72 + 4, 4, UINT32_MAX - 7, 2, "!size is #, but only #" },
	};
	static const struct {
		size_t at, bytes;
		uint64_t value;
		unsigned wrong;
		const char *what;
	} headers[] = {
		{ 6, 4, 0, 1, "!signature_end is #, not #" },
		{ 10, 2, 65535, 1,
		  "!section_count is #, but there is room for #" },
		{ 20, 4, 0, 1,
		  "!record_length is #, but there are # bytes 0 204" },
		{ 20, 4, 205, 1, "!record_length is #, but there are # bytes" },
		{ 20, 4, UINT32_MAX, 1,
		  "!record_length is #, but there are #" },
		{ 128, 4, 201, 1, "!offset and length lead to #, beyond" },
		{ 128, 4, UINT32_MAX, 1,
		  "!offset and length lead to #, beyond" },
		{ 132, 4, UINT32_MAX, 1,
		  "!offset and length lead to #, beyond" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const size_t size = processor();

		poke(cases[i].at, cases[i].value, cases[i].bytes);
		says(size, cases[i].wrong, cases[i].what);
	}
	for (unsigned i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		const size_t size = record("text", 1);

		poke(headers[i].at, headers[i].value, headers[i].bytes);
		says(size, headers[i].wrong, headers[i].what);
	}
}

/* Whatever is missing, it is said, and nothing beyond is read. */
static void cut_off(void **state)
{
	static size_t (*const makers[])(void) = { processor, memory };
	unsigned wrong;
	size_t size;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		size = makers[i]();
		for (size_t n = 1; n < size; n++) {
			decoded(block, n, &wrong);
			if (!wrong)
				fail_msg("nothing is wrong with %zu bytes", n);
		}
	}
	size = record("one\ntwo\n", 1);
	for (size_t n = 1; n < size; n++) {
		decoded(block, n, &wrong);
		if (!wrong)
			fail_msg("nothing is wrong with %zu bytes", n);
	}
	/* Sections of each kind, of each length. */
	for (unsigned kind = 0; kind < SDEI_SECTION_VENDOR; kind++) {
		const size_t least = sdei_section_types[kind].least;

		memset(start((enum sdei_section_kind)kind, least), 0xff, least);
		size = block_of(block);
		for (size_t n = 0; n < least; n++) {
			poke(12, 72 + n, 4);
			poke(44, n, 4);
			decoded(block, 92 + n, &wrong);
			assert_true(wrong > 0);
		}
	}
}

static void changed(void **state)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };

	(void)state;
	for (size_t at = 0; at < 92 + PROCESSOR; at++)
		for (unsigned i = 0; i < sizeof(values); i++) {
			const size_t size = processor();

			block[at] = values[i];
			decoded(block, size, NULL);
		}
	for (size_t at = 0; at < 204; at++)
		for (unsigned i = 0; i < sizeof(values); i++) {
			const size_t size = record("text", 1);

			block[at] = values[i];
			decoded(block, size, NULL);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),       cmocka_unit_test(zeros),
		cmocka_unit_test(region),      cmocka_unit_test(raw_data),
		cmocka_unit_test(older_entry), cmocka_unit_test(records),
		cmocka_unit_test(lies),        cmocka_unit_test(cut_off),
		cmocka_unit_test(changed),
	};

	return cmocka_run_group_tests_name("decode_bytes", tests, NULL, NULL);
}
