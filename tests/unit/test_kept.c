/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BERT: records over resets, as a kernel consumes them by clearing status words,
 * and when power goes at any byte.
 */
#include "apei_world.h"

#define REGION (CLIENT + 0x3000)
#define SIZE   0x800

/* Room for four records of a memory section: 16 + 24 + 8 + 80 bytes each. */
#define HALF (32 + 4 * 128 + 8)
static _Alignas(8) uint8_t store[2 * HALF];

static struct sdei_bert_config config = {
	.region = REGION,
	.region_size = SIZE,
	.store = store,
	.store_size = sizeof(store),
	.ops = &ops,
	.context = client,
};

/* A client begins. */
static void boot(void)
{
	power = ULONG_MAX;
	sdei_bert_look(&config);
	assert_true(sdei_bert_show(&config));
}

static int setup(void **state)
{
	(void)state;
	start_world();
	memset(store, 0xa5, sizeof(store));
	config.region_size = SIZE;
	boot();
	return 0;
}

static _Alignas(8) uint8_t record[SDEI_RECORD_MAX];

/* A fatal memory error at that address. */
static const struct sdei_record *make(uint32_t sequence, uint64_t address)
{
	struct sdei_record *r = (struct sdei_record *)record;
	struct sdei_cper_memory *m;

	sdei_record_start(r, SDEI_CPER_FATAL, 0);
	m = sdei_record_add(r, sizeof(record), SDEI_SECTION_MEMORY,
			    SDEI_CPER_FATAL, sizeof(*m), NULL, 0);
	m->valid = SDEI_MEMORY_HAS_ADDRESS;
	m->physical_address = address;
	r->sequence = sequence;
	return r;
}

static void keep(uint32_t sequence)
{
	sdei_bert_keep(&config, make(sequence, 0x50000000 + sequence));
}

#define BLOCK 172 /* 20 + 72 + 80 bytes */

static uint32_t word(unsigned index)
{
	return (uint32_t)get(REGION + index * BLOCK, 4);
}

static const char *text(unsigned index)
{
	return (const char *)client + 0x3000 + index * BLOCK + 20 + 44;
}

/* These are shown, and nothing behind them. */
static void expect(unsigned count, ...)
{
	va_list list;

	va_start(list, count);
	for (unsigned i = 0; i < count; i++) {
		/* One uncorrected (ACPI 6.5, 18.3.2.7.1), and fatal. */
		assert_int_equal(word(i), 0x11);
		assert_int_equal(get(REGION + i * BLOCK + 12, 4), 72 + 80);
		assert_int_equal(get(REGION + i * BLOCK + 16, 4), 1);
		assert_int_equal(get(REGION + i * BLOCK + 20 + 72 + 16, 8),
				 0x50000000 + (uint64_t)atoi(text(i) + 4));
		assert_string_equal(text(i), va_arg(list, const char *));
	}
	va_end(list);
	for (unsigned at = count * BLOCK; at < config.region_size; at++)
		assert_int_equal(get(REGION + at, 1), 0);
}

static struct sdei_bert_kept counted(void)
{
	struct sdei_bert_kept k;

	sdei_bert_look(&config);
	sdei_bert_count(&config, &k);
	return k;
}

/* As Linux does: prints each record, then clears its status word. */
static unsigned consume(void)
{
	unsigned n = 0;

	while (word(n))
		put(REGION + n++ * BLOCK, 0, 4);
	return n;
}

/* Until a client has consumed it every start shows the record, then none does. */
static void until_consumed(void **state)
{
	(void)state;
	expect(0);
	keep(5);
	expect(0);
	for (unsigned i = 0; i < 5; i++) {
		boot();
		expect(1, "seq 5");
		assert_int_equal(counted().kept, 1);
	}
	assert_int_equal(consume(), 1);
	assert_int_equal(counted().kept, 0);
	boot();
	expect(0);
	boot();
	expect(0);
}

/* The word alone is not believed: the region must be what was shown. */
static void memory_was_lost(void **state)
{
	(void)state;
	keep(1);
	/* Not shown yet: zeros say nothing. */
	memset(client, 0, sizeof(client));
	assert_int_equal(counted().kept, 1);
	boot();
	for (unsigned at = 4; at < BLOCK; at++) {
		consume();
		client[0x3000 + at] ^= 1;
		assert_int_equal(counted().kept, 1);
		boot();
		expect(1, "seq 1");
	}
	memset(client, 0, sizeof(client));
	boot();
	memset(client, 0xa5, sizeof(client));
	boot();
	expect(1, "seq 1");
	/* Nor is memory that does not answer. */
	consume();
	client_is_bad = true;
	assert_int_equal(counted().kept, 1);
	assert_false(sdei_bert_show(&config));
	client_is_bad = false;
	boot();
	consume();
	boot();
	expect(0);
}

/* The first that have room are kept, the rest counted, and the last one tells. */
static void several(void **state)
{
	(void)state;
	keep(1);
	keep(2);
	boot();
	expect(2, "seq 1", "seq 2");
	for (unsigned i = 3; i <= 7; i++)
		keep(i);
	assert_int_equal(counted().kept, 4);
	assert_int_equal(counted().lost, 3);
	for (unsigned i = 0; i < 3; i++) {
		boot();
		expect(4, "seq 1", "seq 2", "seq 3", "seq 4 lost 3");
	}
	/* One that is lost now is told of by the first that finds room. */
	keep(8);
	assert_int_equal(counted().lost, 4);
	assert_int_equal(consume(), 4);
	assert_int_equal(counted().kept, 0);
	assert_int_equal(counted().lost, 1);
	boot();
	expect(0);
	keep(9);
	boot();
	expect(1, "seq 9 lost 1");
	consume();
	assert_int_equal(counted().lost, 0);
	keep(10);
	boot();
	expect(1, "seq 10");
}

/* What a record itself tells of its source's losses stays. */
static void adds_up(void **state)
{
	struct sdei_record *r = (struct sdei_record *)record;

	(void)state;
	for (unsigned i = 1; i <= 4; i++) {
		make(i, 0x50000000 + i);
		r->lost = i == 2 ? 7 : i == 4 ? 990 : 0;
		sdei_bert_keep(&config, r);
	}
	for (unsigned i = 0; i < 20; i++)
		keep(5);
	for (unsigned i = 0; i < 2; i++) {
		boot();
		expect(4, "seq 1", "seq 2 lost 7", "seq 3", "seq 4 lost 999");
	}
	consume();
	assert_int_equal(counted().lost, 11);
}

/* Of those that were shown some were consumed, then came a reset. */
static void consumed_in_part(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= 3; i++)
		keep(i);
	boot();
	put(REGION, 0, 4);
	put(REGION + BLOCK, 0, 4);
	keep(4);
	boot();
	expect(2, "seq 3", "seq 4");
}

/* A region for two: more are not kept, since nobody would see them. */
static void small_region(void **state)
{
	(void)state;
	config.region_size = 2 * BLOCK + 100;
	put(REGION + config.region_size, 0x77, 8);
	for (unsigned i = 1; i <= 5; i++)
		keep(i);
	boot();
	expect(2, "seq 1", "seq 2 lost 3");
	assert_int_equal(get(REGION + config.region_size, 8), 0x77);
	config.region_size = 2 * BLOCK;
	boot();
	put(REGION, 0, 4);
	assert_int_equal(counted().kept, 1);
	keep(6);
	boot();
	expect(2, "seq 2", "seq 6 lost 3");
}

/* One with a text of its own tells nothing: the one before it does. */
static void texts(void **state)
{
	struct sdei_record *r = (struct sdei_record *)record;
	struct sdei_fru fru = { .text = "DIMM 3" };

	(void)state;
	keep(1);
	sdei_record_start(r, SDEI_CPER_FATAL, 0);
	sdei_record_add(r, sizeof(record), SDEI_SECTION_MEMORY, SDEI_CPER_FATAL,
			sizeof(struct sdei_cper_memory), &fru, SDEI_FRU_TEXT);
	sdei_bert_keep(&config, r);
	for (unsigned i = 3; i < 8; i++) {
		sdei_record_start(r, SDEI_CPER_FATAL, 0);
		sdei_record_add(r, sizeof(record), SDEI_SECTION_VENDOR,
				SDEI_CPER_FATAL, 400, NULL, 0);
		sdei_bert_keep(&config, r);
	}
	boot();
	assert_string_equal(text(0), "seq 1 lost 5");
	assert_string_equal(text(1), "DIMM 3");
	assert_int_equal(word(2), 0);
}

/* After a reset at any byte: all as it was before, or as after. */
static void power_goes(void (*what)(void), bool before_is(void),
		       bool after_is(void), bool reverse)
{
	static uint8_t store_before[sizeof(store)], client_before[CLIENT_SIZE];
	volatile unsigned afters = 0;
	volatile bool done = false;

	memcpy(store_before, store, sizeof(store));
	memcpy(client_before, client, sizeof(client));
	for (volatile unsigned long at = 0; !done; at++) {
		memcpy(store, store_before, sizeof(store));
		memcpy(client, client_before, sizeof(client));
		backwards = reverse;
		written = 0;
		power = at;
		if (!setjmp(reset)) {
			what();
			done = true;
		}
		power = ULONG_MAX;
		if (after_is())
			afters++;
		else
			assert_true(!afters && before_is());
		/* And it works on. */
		sdei_bert_keep(&config, make(99, 0x50000063));
		boot();
	}
	assert_int_equal(afters, 1);
}

static bool are(unsigned kept, unsigned lost)
{
	struct sdei_bert_kept k;

	sdei_bert_count(&config, &k);
	return k.kept == kept && k.lost == lost;
}

static void keep_one(void)
{
	keep(4);
}
static void look(void)
{
	sdei_bert_look(&config);
}
static bool are_0(void)
{
	return are(0, 0);
}
static bool are_1(void)
{
	return are(1, 0);
}
static bool are_2(void)
{
	return are(2, 0);
}
static bool are_3(void)
{
	return are(3, 0);
}
static bool are_4(void)
{
	return are(4, 0);
}
static bool are_4_of_5(void)
{
	return are(4, 1);
}

static void power_goes_at_any_byte(void **state)
{
	for (unsigned reverse = 0; reverse < 2; reverse++) {
		setup(state);
		power_goes(keep_one, are_0, are_1, reverse);
		setup(state);
		for (unsigned i = 1; i <= 3; i++)
			keep(i);
		power_goes(keep_one, are_3, are_4, reverse);
		setup(state);
		for (unsigned i = 1; i <= 4; i++)
			keep(i);
		power_goes(keep_one, are_4, are_4_of_5, reverse);
		setup(state);
		for (unsigned i = 1; i <= 3; i++)
			keep(i);
		boot();
		put(REGION, 0, 4);
		power_goes(look, are_3, are_2, reverse);
	}
}

/* While they are shown: nothing is gone, whichever start ends half-way. */
static void power_goes_while_shown(void **state)
{
	setup(state);
	for (unsigned i = 1; i <= 5; i++)
		keep(i);
	for (volatile unsigned long at = 0;; at++) {
		written = 0;
		power = at;
		backwards = at & 1;
		if (!setjmp(reset)) {
			assert_true(sdei_bert_show(&config));
			break;
		}
		power = ULONG_MAX;
		assert_true(are_4_of_5());
		if (at % 16 == 0) {
			boot();
			expect(4, "seq 1", "seq 2", "seq 3", "seq 4 lost 1");
		}
	}
	expect(4, "seq 1", "seq 2", "seq 3", "seq 4 lost 1");
}

/* Whatever the store holds at a cold start is no record, nor is a changed one. */
static void garbage(void **state)
{
	static uint8_t good[sizeof(store)];

	(void)state;
	keep(1);
	memcpy(good, store, sizeof(good));
	for (unsigned bit = 0; bit < 8 * sizeof(good); bit++) {
		memcpy(store, good, sizeof(good));
		store[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_true(are_0() || are_1());
		/* The first half or the other: both cannot be changed. */
		memcpy(store, good, sizeof(good));
		for (unsigned i = 0; i < 2; i++)
			store[i * HALF + bit % (8 * 160) / 8] ^=
				(uint8_t)(1 << bit % 8);
		assert_true(are_0());
	}
	for (unsigned seed = 0; seed < 200; seed++) {
		srand(seed);
		for (unsigned i = 0; i < sizeof(store); i++)
			store[i] = (uint8_t)rand();
		memcpy(store, good, seed % 33);
		memcpy(store + HALF, good + HALF, seed % 33);
		boot();
		assert_true(are_0());
		expect(0);
	}
}

/* The client writes into the region all the time. */
static void hostile(void **state)
{
	unsigned gone = 0;

	(void)state;
	srand(1);
	on_access = hostile_byte;
	for (unsigned round = 0; round < 5000; round++) {
		struct sdei_bert_kept before, after;

		keep(1 + round % 9);
		if (round % 3 == 0)
			assert_true(sdei_bert_show(&config));
		if (round % 7 == 0)
			consume();
		sdei_bert_count(&config, &before);
		sdei_bert_look(&config);
		sdei_bert_count(&config, &after);
		assert_true(after.kept <= before.kept && before.kept <= 4);
		assert_true(after.lost <= before.lost);
		gone += before.kept - after.kept;
	}
	assert_true(gone > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(until_consumed, setup),
		cmocka_unit_test_setup(memory_was_lost, setup),
		cmocka_unit_test_setup(several, setup),
		cmocka_unit_test_setup(adds_up, setup),
		cmocka_unit_test_setup(consumed_in_part, setup),
		cmocka_unit_test_setup(small_region, setup),
		cmocka_unit_test_setup(texts, setup),
		cmocka_unit_test_setup(power_goes_at_any_byte, setup),
		cmocka_unit_test_setup(power_goes_while_shown, setup),
		cmocka_unit_test_setup(garbage, setup),
		cmocka_unit_test_setup(hostile, setup),
	};

	return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
