/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error sources: what neither the walk beside the model nor the fuzzers can ask for:
 * configurations that are refused, whose record it is, accesses that fail,
 * locks. The rest is in tests/model/ras.
 */
#include "ras_source_rig.h"

static void refused(const struct sdei_ras_config *config, const char *word)
{
	static _Alignas(16) uint8_t untouched[64];
	const char *why = NULL;

	assert_null(sdei_ras_init(untouched, SIZE_MAX, config, &why));
	assert_non_null(strstr(why, word));
	assert_null(sdei_ras_init(untouched, SIZE_MAX, config, NULL));
	for (size_t i = 0; i < sizeof(untouched); i++)
		assert_int_equal(untouched[i], 0);
}

static void configurations(void **state)
{
	struct sdei_ras_config c;
	struct sdei_ras_ops o;
	const char *why = NULL;

	(void)state;
#define REFUSED(field, value, word) \
	do { \
		c = good; \
		c.field = (value); \
		refused(&c, word); \
	} while (0)
	REFUSED(sources, NULL, "sources");
	REFUSED(source_count, 0, "sources");
	REFUSED(source_count, 65, "sources");
	REFUSED(pe_count, 0, "PEs");
	REFUSED(pe_count, 4097, "PEs");
	REFUSED(preallocated, 0, "65535");
	REFUSED(preallocated, 65536, "65535");
	REFUSED(block_size, 1023, "1024");
	REFUSED(queue_size, SDEI_RECORD_MAX - 8, "2048");
	REFUSED(queue_size, 65544, "65536");
	REFUSED(queue_size, 2052, "multiple of 8");
	REFUSED(tick_hz, 999, "1000 times");
	REFUSED(ops, NULL, "operation");
#undef REFUSED
#define REFUSED(field, word) \
	do { \
		c = good; \
		o = ops; \
		c.ops = &o; \
		o.field = NULL; \
		refused(&c, word); \
	} while (0)
	REFUSED(read, "operation");
	REFUSED(write, "operation");
	REFUSED(now, "operation");
	REFUSED(poll_at, "operation");
	REFUSED(raise, "operation");
	REFUSED(out, "operation");
	REFUSED(lock, "operation");
	REFUSED(unlock, "operation");
	REFUSED(readiness, "readiness");
#undef REFUSED
	/* The bound is enough; one source less than that is not. */
	made();
	assert_null(sdei_ras_init(memory + 8, sizeof(memory) - 8, &good, &why));
	assert_non_null(strstr(why, "aligned"));
	assert_null(sdei_ras_init(memory, sizeof(memory) - QUEUE, &good, NULL));
}

static int found(enum sdei_section_kind kind, unsigned severity)
{
	_Alignas(8) uint8_t bytes[SDEI_RECORD_MAX];
	struct sdei_record *r = (void *)bytes;

	sdei_record_start(r, severity, 0);
	assert_non_null(sdei_record_add(r, sizeof(bytes), kind, severity, 400,
					NULL, 0));
	return sdei_ras_find(made(), r);
}

static void whose_record(void **state)
{
	_Alignas(8) uint8_t bytes[SDEI_RECORD_MAX] = { 0 };
	struct sdei_record *r = (void *)bytes;

	(void)state;
	assert_int_equal(found(SDEI_SECTION_MEMORY, SDEI_CPER_CORRECTED), 0);
	assert_int_equal(found(SDEI_SECTION_MEMORY2, SDEI_CPER_INFORMATION), 0);
	assert_int_equal(found(SDEI_SECTION_MEMORY, SDEI_CPER_FATAL), -1);
	assert_int_equal(found(SDEI_SECTION_PROCESSOR, SDEI_CPER_RECOVERABLE),
			 1);
	assert_int_equal(found(SDEI_SECTION_PCIE, SDEI_CPER_FATAL), 2);
	assert_int_equal(found(SDEI_SECTION_CXL_DRAM, SDEI_CPER_CORRECTED), 3);
	/* No section yet, and a raw one. */
	sdei_record_start(r, SDEI_CPER_CORRECTED, 0);
	assert_int_equal(sdei_ras_find(made(), r), 3);
	assert_true(
		sdei_record_raw(r, sizeof(bytes), "01234567890123456789", 20));
	assert_int_equal(sdei_ras_find(made(), r), 3);
}

/* Refused, and counted nowhere. */
static void strange_reports(void **state)
{
	_Alignas(8) uint8_t bytes[SDEI_RECORD_MAX], text[1025] = { 1 };
	struct sdei_record *r = (void *)bytes;
	struct sdei_ras *ras = made();
	struct sdei_ras_outcome o;
	struct sdei_ras_counters c;

	(void)state;
	sdei_record_start(r, SDEI_CPER_CORRECTED, 0);
	assert_true(sdei_record_raw(r, sizeof(bytes), text, 1025));
	assert_false(sdei_ras_report(ras, 3, r, &o));
	sdei_record_start(r, SDEI_CPER_CORRECTED, 0);
	assert_true(sdei_record_raw(r, sizeof(bytes), text, 1024));
	assert_false(sdei_ras_report(ras, SOURCES, r, &o));
	r->pe = PES;
	assert_false(sdei_ras_report(ras, 3, r, &o));
	r->pe = PES - 1;
	/* Who has a number keeps it. */
	r->sequence = 77;
	assert_true(sdei_ras_report(ras, 3, r, &o));
	assert_int_equal(o.sequence, 77);
	assert_int_equal(sdei_ras_sequence(ras), 1);
	assert_true(sdei_ras_count(ras, 3, &c));
	assert_int_equal(c.injected, 1);
	assert_false(sdei_ras_count(ras, SOURCES, &c));
}

/* All of it with locks, which no operation may be called without or within. */
static void locks(void **state)
{
	struct sdei_ras *ras = made();
	struct sdei_ras_outcome o;
	struct sdei_ras_counters c;

	(void)state;
	assert_true(sdei_ras_publish(ras));
	assert_int_equal(sdei_ras_sequence(ras), 1);
	report(ras, 1, TEXT, &o);
	assert_int_equal(o.sequence, 2);
	assert_int_equal(o.fate, SDEI_RAS_DELIVERED);
	assert_int_equal(polled, 1010);
	assert_memory_equal(&client[0x1400], TEXT, 24);
	assert_false(sdei_ras_full(ras));
	sdei_ras_entered(ras, 1, 0);
	client[0x18] = 1;
	sdei_ras_left(ras, 1, 0);
	assert_true(sdei_ras_count(ras, 1, &c));
	assert_int_equal(c.acknowledged, 1);
	/* Without ops->behind the client has always room. */
	for (unsigned i = 0; i < 5; i++) {
		report(ras, 0, TEXT, &o);
		assert_int_equal(o.fate, SDEI_RAS_DELIVERED);
		client[0x08] = 1;
	}
	sdei_ras_poll(ras);
	sdei_ras_pe_off(ras, 0);
	sdei_ras_client_reset(ras);
	assert_true(sdei_ras_renew(ras, 0x1000, 0x2000));
	assert_int_equal(locked, 0);
}

/* Any access of showing a record may be the one that fails. */
static void bad_memory(void **state)
{
	(void)state;
	for (int good_ones = 0; good_ones < 4; good_ones++) {
		struct sdei_ras *ras = made();
		struct sdei_ras_outcome o;
		struct sdei_ras_counters c;

		assert_true(sdei_ras_publish(ras));
		writes_left = good_ones;
		report(ras, 1, TEXT, &o);
		assert_int_equal(o.fate, SDEI_RAS_DROPPED);
		/* It stays so until it is made good. */
		writes_left = -1;
		report(ras, 1, TEXT, &o);
		assert_int_equal(o.fate, SDEI_RAS_DROPPED);
		assert_true(sdei_ras_renew(ras, 0x1000, 0x2000));
		report(ras, 1, TEXT, &o);
		assert_int_equal(o.fate, SDEI_RAS_DELIVERED);
		/* Filling it once more fails, at each access. */
		writes_left = good_ones;
		assert_false(sdei_ras_renew(ras, 0x1010, 0x1800));
		writes_left = -1;
		assert_true(sdei_ras_count(ras, 1, &c));
		assert_int_equal(c.dropped, 2);
		assert_int_equal(c.state, SDEI_RAS_IS_PUBLISHED);
	}
}

static void report_memory(struct sdei_ras *ras, struct sdei_ras_outcome *o)
{
	_Alignas(8) uint8_t bytes[SDEI_RECORD_MAX];
	struct sdei_record *r = (void *)bytes;

	sdei_record_start(r, SDEI_CPER_CORRECTED, 0);
	assert_non_null(
		sdei_record_memory(r, sizeof(bytes), SDEI_CPER_CORRECTED));
	assert_true(sdei_ras_report(ras, 0, r, o));
}

static void miss(struct sdei_ras *ras)
{
	sdei_ras_entered(ras, 1, 0);
	sdei_ras_left(ras, 1, 0);
	moment += 2000;
	sdei_ras_poll(ras);
}

/* Never acknowledged: the first ones wait for the new ones, then all in turn. */
static void each_in_turn(void **state)
{
	struct sdei_ras *ras = made();
	struct sdei_ras_outcome o;
	uint8_t bytes[4096];
	char seen[16] = "";
	size_t length = 0;

	(void)state;
	assert_true(sdei_ras_publish(ras));
	report(ras, 1, "A" TEXT, &o);
	report(ras, 1, "B" TEXT, &o);
	report(ras, 1, "C" TEXT, &o);
	out = false;
	while (length < 9) {
		const char now = (char)client[0x1400];

		if (!length || seen[length - 1] != now)
			seen[length++] = now;
		miss(ras);
	}
	assert_string_equal(seen, "ABCABCABC");
	/* One in the midst is done with: then it is saved without it. */
	while (client[0x1400] != 'B')
		miss(ras);
	client[0x18] = 1;
	while (client[0x1400] != 'C')
		miss(ras);
	length = sdei_ras_save(ras, bytes, sizeof(bytes));
	assert_true(sdei_ras_load(ras, bytes, length, NULL));
	assert_true(sdei_ras_renew(ras, 0x1000, 0x2000));
	assert_int_equal(client[0x1400], 'C');
	moment = 1000;
	out = true;
}

/* 999 at a time: the text has room for no more. */
static void many_lost(void **state)
{
	struct sdei_ras *ras = made();
	struct sdei_ras_outcome o;
	struct sdei_ras_counters c;
	/* Behind the status block's head and the entry's first 44 bytes. */
	const char *text = (char *)&client[0x1000 + 20 + 44];

	(void)state;
	assert_true(sdei_ras_publish(ras));
	do
		report_memory(ras, &o);
	while (o.fate != SDEI_RAS_DROPPED);
	for (unsigned i = 1; i < 1004; i++)
		report_memory(ras, &o);
	client[0x08] = 1;
	assert_true(sdei_ras_count(ras, 0, &c));
	assert_int_equal(c.dropped, 1004);
	assert_string_equal(text, "seq 2 lost 999");
	client[0x08] = 1;
	assert_true(sdei_ras_count(ras, 0, &c));
	assert_string_equal(text, "seq 3 lost 5");
	client[0x08] = 1;
	assert_true(sdei_ras_count(ras, 0, &c));
	assert_string_equal(text, "seq 4");
}

static struct sdei_ras *looked_at;
static bool begins, behind_now;

/* While PE 1 is looked at, PE 0, which was, takes a record of another source. */
static bool op_behind(void *context, unsigned pe)
{
	const struct sdei_ras_lock *outer = whose;

	(void)context;
	if (pe && begins) {
		begins = false;
		locked = 0;
		sdei_ras_entered(looked_at, 3, 0);
		client[0x38] = 1;
		sdei_ras_left(looked_at, 3, 0);
		locked = 1;
		whose = outer;
	}
	return behind_now;
}

/* A handler that begins during a look is forgotten by a later one only. */
static void taken_while_looking(void **state)
{
	struct sdei_ras_ops with_behind = ops;
	struct sdei_ras_config config = good;
	struct sdei_ras_outcome o;
	struct sdei_ras *ras;

	(void)state;
	with_behind.behind = op_behind;
	config.ops = &with_behind;
	ras = looked_at = sdei_ras_init(memory, sizeof(memory), &config, NULL);
	assert_true(sdei_ras_publish(ras));
	report(ras, 3, TEXT, &o);
	report(ras, 0, TEXT, &o);
	sdei_ras_entered(ras, 0, 1);
	client[0x08] = 1;
	sdei_ras_left(ras, 0, 1);
	begins = true;
	report(ras, 0, TEXT, &o);
	assert_int_equal(o.fate, SDEI_RAS_DELIVERED);
	assert_false(begins);
	/* What PE 0 took then is out still. */
	behind_now = true;
	report(ras, 3, TEXT, &o);
	assert_int_equal(o.fate, SDEI_RAS_QUEUED);
	behind_now = false;
	sdei_ras_poll(ras);
	client[0x38] = 1;
	report(ras, 3, TEXT, &o);
	assert_int_equal(o.fate, SDEI_RAS_DELIVERED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configurations),
		cmocka_unit_test(whose_record),
		cmocka_unit_test(strange_reports),
		cmocka_unit_test(locks),
		cmocka_unit_test(bad_memory),
		cmocka_unit_test(each_in_turn),
		cmocka_unit_test(many_lost),
		cmocka_unit_test(taken_while_looking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
