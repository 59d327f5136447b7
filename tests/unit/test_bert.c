/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fatal records over resets: the kernel's part is to clear status words.
 */
#include "ras_fake.h"

#define BERT 0x40103000

static uint32_t shown(uint64_t at)
{
	return (uint32_t)get(at, 4);
}

static unsigned kept(void)
{
	struct ras_kept k;

	ras_kept(&k);
	return k.kept;
}

static unsigned lost(void)
{
	struct ras_kept k;

	ras_kept(&k);
	return k.lost;
}

/* As Linux does: prints each record, then clears its status word. */
static unsigned consume(void)
{
	unsigned n = 0;
	uint64_t at = BERT;

	for (; shown(at); n++) {
		uint64_t size = 20 + get(at + 12, 4);

		put(at, 0, 4);
		at += size;
	}
	return n;
}

/* Until a kernel has consumed it every boot shows the record, then none does. */
static void until_consumed(void **state)
{
	uint8_t record[172];

	(void)state;
	assert_int_equal(shown(BERT), 0);
	inject(memory_error(SDEI_CPER_RECOVERABLE));
	boot(true);
	assert_int_equal(shown(BERT), 0);
	inject(memory_error(SDEI_CPER_CORRECTED));
	inject(memory_error(SDEI_CPER_FATAL));
	memcpy(record, shared + (block(4) - PLAT_RAS_BASE), sizeof(record));
	for (unsigned i = 0; i < 5; i++) {
		/* A boot that shows nothing keeps it. */
		boot(false);
		boot(true);
		assert_memory_equal(shared + 0x3000, record, sizeof(record));
		assert_string_equal(text(BERT), "seq 2");
		assert_int_equal(kept(), 1);
	}
	assert_int_equal(consume(), 1);
	assert_int_equal(kept(), 0);
	boot(true);
	assert_int_equal(shown(BERT), 0);
	boot(true);
	assert_int_equal(shown(BERT), 0);
}

/* The word alone is not believed: the region must be what was shown. */
static void memory_was_lost(void **state)
{
	(void)state;
	inject(memory_error(SDEI_CPER_FATAL));
	boot(true);
	memset(shared, 0, sizeof(shared));
	boot(true);
	assert_string_equal(text(BERT), "seq 1");
	memset(shared, 0xa5, sizeof(shared));
	boot(true);
	assert_string_equal(text(BERT), "seq 1");
	consume();
	put(BERT + 100, 1, 1);
	boot(true);
	assert_string_equal(text(BERT), "seq 1");
	consume();
	boot(true);
	assert_int_equal(shown(BERT), 0);
}

/* What "lost N" says in the region, and how many records there are. */
static unsigned told(void)
{
	unsigned n = 0;

	for (uint64_t at = BERT; shown(at); at += 20 + get(at + 12, 4)) {
		const char *lost = strstr(text(at), "lost ");

		n += 1 + (lost ? (unsigned)atoi(lost + 5) : 0);
	}
	return n;
}

/* More fatal errors before that: the first ones are kept, the rest counted. */
static void several(void **state)
{
	unsigned all = 42, seen = 0;

	(void)state;
	inject(memory_error(SDEI_CPER_FATAL));
	inject(processor_error(SDEI_CPER_FATAL, 1));
	boot(true);
	assert_string_equal(text(BERT), "seq 1");
	assert_string_equal(text(BERT + 172), "seq 2");
	assert_int_equal(shown(BERT + 172 + 164), 0);
	/* Before any kernel has looked, more than there is room for. */
	for (unsigned i = 2; i < all; i++)
		inject(memory_error(SDEI_CPER_FATAL));
	assert_in_range(kept(), 4, all - 1);
	assert_int_equal(kept() + lost(), all);
	for (unsigned boots = 0; kept() && boots < 5; boots++) {
		boot(true);
		assert_string_equal(text(BERT), boots ? text(BERT) : "seq 1");
		seen += told();
		assert_true(consume());
	}
	assert_int_equal(seen, all);
	assert_int_equal(lost(), 0);
	inject(memory_error(SDEI_CPER_FATAL));
	boot(true);
	assert_string_equal(text(BERT), "seq 1");
}

/* The kernel was reset in the middle of them. */
static void consumed_in_part(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++)
		inject(memory_error(SDEI_CPER_FATAL));
	boot(true);
	put(BERT, 0, 4);
	put(BERT + 172, 0, 4);
	inject(processor_error(SDEI_CPER_FATAL, 2));
	boot(true);
	assert_string_equal(text(BERT), "seq 3");
	assert_string_equal(text(BERT + 172), "seq 1");
	assert_int_equal(shown(BERT + 172 + 164), 0);
}

/*
 * Whatever Secure RAM holds at a cold start, it is no record. With a bit changed
 * it is what it was before its latest change, or nothing.
 */
static void garbage(void **state)
{
	uint8_t good[sizeof(store)];

	(void)state;
	inject(memory_error(SDEI_CPER_FATAL));
	boot(true);
	memcpy(good, store, sizeof(good));
	for (unsigned bit = 0; bit < 8 * sizeof(good); bit += 97) {
		memcpy(store, good, sizeof(good));
		store[bit / 8] ^= (uint8_t)(1 << bit % 8);
		boot(true);
		assert_true(!shown(BERT) || !strcmp(text(BERT), "seq 1"));
	}
	for (unsigned seed = 0; seed < 100; seed++) {
		srand(seed);
		for (unsigned i = 0; i < sizeof(store); i++)
			store[i] = (uint8_t)rand();
		boot(true);
		assert_int_equal(shown(BERT), 0);
	}
	memset(store, 0, sizeof(store));
	boot(true);
	assert_int_equal(shown(BERT), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(until_consumed, setup),
		cmocka_unit_test_setup(memory_was_lost, setup),
		cmocka_unit_test_setup(several, setup),
		cmocka_unit_test_setup(consumed_in_part, setup),
		cmocka_unit_test_setup(garbage, setup),
	};

	return cmocka_run_group_tests_name("bert", tests, NULL, NULL);
}
