/* SPDX-License-Identifier: BSD-2-Clause */
/* Error sources: saved states that are wrong in one place, and what is loaded. */
#include "ras_source_rig.h"

/* A saved state with one of source 1's records out, and another one waiting. */
static size_t saved(uint8_t state[4096])
{
	struct sdei_ras *ras = made();
	struct sdei_ras_outcome o;
	size_t size;

	assert_true(sdei_ras_publish(ras));
	report(ras, 1, TEXT, &o);
	report(ras, 1, TEXT, &o);
	assert_int_equal(o.fate, SDEI_RAS_QUEUED);
	size = sdei_ras_save(ras, NULL, 0);
	assert_in_range(size, 100, 4096);
	assert_int_equal(sdei_ras_save(ras, state, size), size);
	return size;
}

static void loads(const uint8_t *state, size_t size, const char *word)
{
	const char *why = "";
	struct sdei_ras *ras = made();

	assert_int_equal(sdei_ras_load(ras, state, size, &why), !word);
	if (!word)
		return;
	assert_non_null(strstr(why, word));
	assert_false(sdei_ras_load(ras, state, size, NULL));
}

/* docs/ras.md has no layout of it: these are lib/ras/save.c's places. */
#define SOURCE_0 16
#define SOURCE_1 (SOURCE_0 + 72)
#define RECORD   (SOURCE_1 + 72)

static void wrong_states(void **state)
{
	uint8_t bytes[4096], sound[4096];
	size_t size = saved(sound);

	(void)state;
	loads(sound, size, NULL);
#define WRONG(at, value, word) \
	do { \
		memcpy(bytes, sound, size); \
		bytes[at] = (value); \
		loads(bytes, size, word); \
	} while (0)
	WRONG(0, 0, "no saved error sources");
	WRONG(4, 77, "another version");
	WRONG(8, 3, "another number");
	WRONG(SOURCE_0, 1, "add up");
	WRONG(SOURCE_1 + 60, 8, "of its own"); /* out: no record begins there */
	WRONG(SOURCE_1 + 64 + 1, 0x10, "too early"); /* bytes */
	WRONG(SOURCE_1 + 68, 1, "add up");
	WRONG(RECORD + 2, PES, "one of its source's");
	WRONG(RECORD, 8, "not sound");
	WRONG(RECORD + 20, 4, "one of its source's"); /* done with */
	WRONG(RECORD + 20, 0, "of its own");          /* never shown */
#undef WRONG
	for (size_t shorter = 0; shorter < size; shorter++)
		loads(sound, shorter, "too early");
	memcpy(bytes, sound, size);
	memset(bytes + size, 0, 8);
	loads(bytes, size + 8, "more than");
}

/* A state of sources that had more room than these. */
static void too_large_states(void **state)
{
	static _Alignas(16) uint8_t large[SDEI_RAS_BOUND(SOURCES, PES, 8192)];
	static uint8_t bytes[8192];
	_Alignas(8) uint8_t record[SDEI_RECORD_MAX], text[1025] = { 1 };
	struct sdei_record *r = (void *)record;
	struct sdei_ras_config config = good;
	struct sdei_ras_outcome o;
	struct sdei_ras *ras;

	(void)state;
	config.block_size = 4096;
	config.queue_size = 8192;
	sdei_record_start(r, SDEI_CPER_CORRECTED, 0);
	assert_true(sdei_record_raw(r, sizeof(record), text, 1025));
	for (unsigned i = 0; i < 2; i++) {
		ras = sdei_ras_init(large, sizeof(large), &config, NULL);
		assert_true(sdei_ras_report(ras, 3, r, &o));
		if (i)
			assert_true(sdei_ras_report(ras, 3, r, &o));
		loads(bytes, sdei_ras_save(ras, bytes, sizeof(bytes)),
		      i ? "room for" : "one of its source's");
	}
}

/* What a guest was at when it was saved is not lost, nor in anybody's way. */
static void moved_in_a_handler(void **state)
{
	uint8_t bytes[4096];
	struct sdei_ras *ras;
	struct sdei_ras_counters c;
	size_t size = saved(bytes);

	(void)state;
	ras = made();
	assert_true(sdei_ras_load(ras, bytes, size, NULL));
	/* It had begun there, and ends here. */
	client[0x18] = 1;
	sdei_ras_left(ras, 1, 0);
	assert_true(sdei_ras_count(ras, 1, &c));
	assert_int_equal(c.acknowledged, 1);
	assert_int_equal(c.state, SDEI_RAS_IS_PUBLISHED);
	/* A second load is as the first. */
	assert_true(sdei_ras_load(ras, bytes, size, NULL));
	assert_true(sdei_ras_count(ras, 1, &c));
	assert_int_equal(c.queued, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_states),
		cmocka_unit_test(too_large_states),
		cmocka_unit_test(moved_in_a_handler),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
