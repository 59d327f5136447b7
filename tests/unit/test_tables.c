/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ACPI tables, byte by byte as chapter 18 of ACPI 6.5 has them. With a folder
 * in TABLES they are written there, too, for iasl to judge (tests/test_tables.py).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <sdei/apei.h>

/* clang-format off */
#define U16(v) (v) & 0xff, (v) >> 8 & 0xff
#define U32(v) U16((v) & 0xffff), U16((uint32_t)(v) >> 16)
#define U64(v) U32((uint64_t)(v) & 0xffffffff), U32((uint64_t)(v) >> 32)
/* All but the signature; the checksum is looked at apart. */
#define HEADER(length) U32(length), 1, 0, 'O', 'S', 'D', 'E', 'I', ' ', \
	'O', 'P', 'E', 'N', 'S', 'D', 'E', 'I', U32(1), 'S', 'D', 'E', 'I', U32(1)
#define GAS64(address) 0, 64, 0, 4, U64(address)
#define GAS32(address) 0, 32, 0, 3, U64(address)

static const struct sdei_table_id id = {
	{ 'O', 'S', 'D', 'E', 'I', ' ' },
	{ 'O', 'P', 'E', 'N', 'S', 'D', 'E', 'I' }, 1
};

/* The finished table, its sum looked at and its checksum taken out. */
static _Alignas(8) uint8_t table[4096];

static void finish(const char *name, size_t size)
{
	const char *folder = getenv("TABLES");
	uint8_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + table[i]);
	assert_int_equal(sum, 0);
	if (folder) {
		char path[256];
		FILE *file;

		snprintf(path, sizeof(path), "%s/%s.aml", folder, name);
		file = fopen(path, "wb");
		assert_non_null(file);
		assert_int_equal(fwrite(table, 1, size, file), size);
		fclose(file);
	}
	table[9] = 0;
}

/* Whatever room there is, nothing is written beyond it, and the need is told. */
#define BUILD(name, ...) \
	do { \
		size_t need = sdei_table_##__VA_ARGS__; \
		for (room = 0; room < need; room++) { \
			memset(table, 0xee, sizeof(table)); \
			assert_int_equal(sdei_table_##__VA_ARGS__, need); \
			assert_int_equal(table[room], 0xee); \
		} \
		room = sizeof(table); \
		memset(table, 0xee, sizeof(table)); \
		assert_int_equal(sdei_table_##__VA_ARGS__, need); \
		assert_int_equal(table[need], 0xee); \
		finish(name, need); \
	} while (0)

static size_t room;

#define GHES2(index, type, poll, vector) \
	U16(10), U16(index), U16(0xffff), 0, 1, U32(64), U32(8), U32(0x1000), \
	GAS64(0x40100000 + 16 * (index)), \
	type, 28, U16(0), U32(poll), U32(vector), U32(0), U32(0), U32(0), U32(0), \
	U32(0x1000), GAS64(0x40100008 + 16 * (index)), \
	U64(0xfffffffffffffffe), U64(1)

static void hest(void **state)
{
	static const uint8_t expected[] = {
		'H', 'E', 'S', 'T', HEADER(40 + 8 * 92), U32(8),
		GHES2(0, 11, 0, 0x40000100), GHES2(1, 11, 0, 0x40000101),
		GHES2(2, 0, 500, 0), GHES2(3, 1, 0, 77), GHES2(4, 7, 0, 0),
		GHES2(5, 8, 0, 0), GHES2(6, 9, 0, 0), GHES2(7, 10, 0, 78),
	};
#define AT(index) .registers = 0x40100000 + 16 * (index)
	static const struct sdei_ras_source sources[] = {
		{ AT(0), .notify = SDEI_RAS_NOTIFY_SDEI, .vector = 0x40000100 },
		{ AT(1), .notify = SDEI_RAS_NOTIFY_SDEI, .vector = 0x40000101 },
		{ AT(2), .notify = SDEI_RAS_NOTIFY_POLLED, .poll_ms = 500 },
		{ AT(3), .notify = SDEI_RAS_NOTIFY_GSIV, .vector = 77 },
		{ AT(4), .notify = SDEI_RAS_NOTIFY_GPIO },
		{ AT(5), .notify = SDEI_RAS_NOTIFY_SEA },
		{ AT(6), .notify = SDEI_RAS_NOTIFY_SEI },
		{ AT(7), .notify = SDEI_RAS_NOTIFY_GSIV_CE, .vector = 78 },
	};
	static const struct sdei_ras_config config = {
		.sources = sources, .source_count = 8,
		.preallocated = 64, .block_size = 0x1000,
	};

	(void)state;
	BUILD("hest", hest(table, room, &id, &config));
	assert_memory_equal(table, expected, sizeof(expected));
}

static void sdei(void **state)
{
	static const uint8_t expected[] = { 'S', 'D', 'E', 'I', HEADER(36) };

	(void)state;
	BUILD("sdei", sdei(table, room, &id));
	assert_memory_equal(table, expected, sizeof(expected));
}

/* DEN0093: flags, 3 bytes reserved, event, GSIV. */
static void agdi(void **state)
{
	static const uint8_t by_event[] = {
		'A', 'G', 'D', 'I', HEADER(48),
		0, 0, 0, 0, U32(0x40000200), U32(0)
	};
	static const uint8_t by_gsiv[] = {
		'A', 'G', 'D', 'I', HEADER(48), 1, 0, 0, 0, U32(0), U32(99)
	};

	(void)state;
	BUILD("agdi-gsiv", agdi(table, room, &id, true, 99));
	assert_memory_equal(table, by_gsiv, sizeof(by_gsiv));
	BUILD("agdi", agdi(table, room, &id, false, 0x40000200));
	assert_memory_equal(table, by_event, sizeof(by_event));
}

static void bert(void **state)
{
	static const uint8_t expected[] = {
		'B', 'E', 'R', 'T', HEADER(48), U32(0x1000), U64(0x40103000)
	};
	static const struct sdei_bert_config config = {
		.region = 0x40103000, .region_size = 0x1000
	};

	(void)state;
	BUILD("bert", bert(table, room, &id, &config));
	assert_memory_equal(table, expected, sizeof(expected));
}

#define ALL UINT64_MAX
#define ENTRY(action, instruction, at, value, mask) \
	action, instruction, 0, 0, GAS64(at), U64(value), U64(mask)
#define ENTRY32(action, instruction, at, value, mask) \
	action, instruction, 0, 0, GAS32(at), U64(value), U64(mask)

#define EINJ_ENTRIES \
	ENTRY(0, 4, 0x40101000, 0, ALL), \
	ENTRY(1, 0, 0x40101018, 0, ALL), \
	ENTRY(2, 2, 0x40101020, 0, 0xffffffff), \
	ENTRY(3, 0, 0x40101010, 0, 0xffffffff), \
	ENTRY(4, 4, 0x40101000, 0, ALL), \
	ENTRY(5, 3, 0x40101000, 1, ALL), \
	ENTRY32(5, 3, 0x09010010, 1, 0xffffffff), \
	ENTRY(6, 1, 0x40101000, 1, 1), \
	ENTRY(7, 0, 0x40101008, 0, ALL), \
	ENTRY32(8, 2, 0x40101040, 0, 0xffffffff)

static void einj(void **state)
{
	static const uint8_t one[] = {
		'E', 'I', 'N', 'J', HEADER(48 + 10 * 32), U32(48), U32(0), U32(10),
		EINJ_ENTRIES
	};
	static const uint8_t two[] = {
		'E', 'I', 'N', 'J', HEADER(48 + 11 * 32), U32(48), U32(0), U32(11),
		EINJ_ENTRIES,
		ENTRY(0x11, 0, 0x40101028, 0, 0xffffffff)
	};
	struct sdei_einj_config config = {
		.registers = 0x40101000,
		.doorbell = { 0x09010010, 1, 32 },
		.types = 0x3f,
	};

	(void)state;
	BUILD("einj", einj(table, room, &id, &config));
	assert_memory_equal(table, one, sizeof(one));
	config.types2 = 2;
	BUILD("einj2", einj(table, room, &id, &config));
	assert_memory_equal(table, two, sizeof(two));
}

static void erst(void **state)
{
	static const uint8_t expected[] = {
		'E', 'R', 'S', 'T', HEADER(48 + 17 * 32), U32(48), U32(0), U32(17),
		ENTRY(0, 3, 0x40102000 + 0x10, 1, ALL),
		ENTRY(1, 3, 0x40102000 + 0x10, 2, ALL),
		ENTRY(2, 3, 0x40102000 + 0x10, 3, ALL),
		ENTRY(3, 3, 0x40102000 + 0x10, 0, ALL),
		ENTRY(4, 2, 0x40102000 + 0x18, 0, ALL),
		ENTRY(5, 3, 0x40102000 + 0, 1, ALL),
		ENTRY(5, 3, 0x09010010, 9, ALL),
		ENTRY(6, 1, 0x40102000 + 0, 1, 1),
		ENTRY(7, 0, 0x40102000 + 8, 0, ALL),
		ENTRY(8, 0, 0x40102000 + 0x28, 0, ALL),
		ENTRY(9, 2, 0x40102000 + 0x20, 0, ALL),
		ENTRY(0xa, 0, 0x40102000 + 0x30, 0, ALL),
		ENTRY(0xb, 3, 0x40102000 + 0x10, 12, ALL),
		ENTRY(0xd, 0, 0x40102000 + 0x38, 0, ALL),
		ENTRY(0xe, 0, 0x40102000 + 0x40, 0, ALL),
		ENTRY(0xf, 0, 0x40102000 + 0x48, 0, ALL),
		ENTRY(0x10, 0, 0x40102000 + 0x50, 0, ALL),
	};
	static const struct sdei_erst_config config = {
		.registers = 0x40102000, .doorbell = { 0x09010010, 9, 64 },
	};

	(void)state;
	BUILD("erst", erst(table, room, &id, &config));
	assert_memory_equal(table, expected, sizeof(expected));
}
/* clang-format on */

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hest), cmocka_unit_test(sdei),
		cmocka_unit_test(agdi), cmocka_unit_test(bert),
		cmocka_unit_test(einj), cmocka_unit_test(erst),
	};

	return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
