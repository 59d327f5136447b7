/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error sources: what neither the walk beside the model nor the fuzzers can ask for:
 * configurations that are refused, whose record it is, saved states that are wrong in
 * one place, locks. The rest is in tests/model/ras.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <sdei/ras.h>

#define SOURCES 4u
#define PES     2u
#define QUEUE   2048u

static const struct sdei_ras_source table[SOURCES] = {
	{ "memory-corrected", SDEI_RAS_MEMORY, SDEI_CPER_CORRECTED,
	  SDEI_RAS_NOTIFY_SDEI, false, 0x100, 0, 0x1000, 0x2000 },
	{ "processor-recoverable", SDEI_RAS_PROCESSOR, SDEI_CPER_RECOVERABLE,
	  SDEI_RAS_NOTIFY_SDEI, true, 0x101, 0, 0x1010, 0x2400 },
	{ "pcie-fatal", SDEI_RAS_PCIE, SDEI_CPER_FATAL, SDEI_RAS_NOTIFY_SDEI,
	  false, 0x102, 0, 0x1020, 0x2800 },
	{ "platform-corrected", SDEI_RAS_PLATFORM, SDEI_CPER_CORRECTED,
	  SDEI_RAS_NOTIFY_POLLED, false, 0, 100, 0x1030, 0x2c00 },
};

static uint8_t client[0x3000]; /* from 0x1000 on */
static int writes_left = -1;   /* until one fails; -1: none does */
static int locked;
static const struct sdei_ras_lock *whose;
static uint64_t polled;
static _Alignas(16) uint8_t memory[SDEI_RAS_BOUND(SOURCES, PES, QUEUE)];

static bool op_read(void *context, uint64_t address, void *to, size_t bytes)
{
	(void)context;
	assert_int_equal(locked, 1);
	memcpy(to, &client[address - 0x1000], bytes);
	return true;
}

static bool op_write(void *context, uint64_t address, const void *from,
		     size_t bytes)
{
	(void)context;
	assert_int_equal(locked, 1);
	if (!writes_left)
		return false;
	writes_left -= writes_left > 0;
	memcpy(&client[address - 0x1000], from, bytes);
	return true;
}

static uint64_t op_now(void *context)
{
	(void)context;
	return 1000;
}

/* Whoever takes a lock in there must not meet a source's. */
static void op_poll_at(void *context, uint64_t at)
{
	(void)context;
	assert_int_equal(locked, 0);
	polled = at;
}

static int op_raise(void *context, unsigned source, unsigned pe,
		    const char **why)
{
	(void)context;
	(void)source;
	(void)why;
	assert_int_equal(locked, 1);
	return (int)pe;
}

static bool op_out(void *context, unsigned source, unsigned pe)
{
	(void)context;
	(void)source;
	(void)pe;
	return true;
}

static enum sdei_ras_readiness op_readiness(void *context, unsigned source,
					    unsigned pe)
{
	(void)context;
	(void)source;
	(void)pe;
	return SDEI_RAS_FREE;
}

/* One at a time, each source's own. */
static void op_lock(void *context, struct sdei_ras_lock *lock)
{
	(void)context;
	assert_int_equal(locked++, 0);
	assert_int_equal(lock->taken, 0);
	lock->taken = 1;
	whose = lock;
}

static void op_unlock(void *context, struct sdei_ras_lock *lock)
{
	(void)context;
	assert_ptr_equal(lock, whose);
	assert_int_equal(locked--, 1);
	lock->taken = 0;
}

static const struct sdei_ras_ops ops = {
	.read = op_read,
	.write = op_write,
	.now = op_now,
	.poll_at = op_poll_at,
	.raise = op_raise,
	.out = op_out,
	.readiness = op_readiness,
	.lock = op_lock,
	.unlock = op_unlock,
};

static const struct sdei_ras_config good = {
	.sources = table,
	.source_count = SOURCES,
	.pe_count = PES,
	.preallocated = 1,
	.block_size = 1024,
	.queue_size = QUEUE,
	.tick_hz = 1000,
	.ops = &ops,
};

static struct sdei_ras *made(void)
{
	const char *why = NULL;
	struct sdei_ras *ras = sdei_ras_init(memory, sizeof(memory), &good,
					     &why);

	assert_non_null(ras);
	assert_null(why);
	return ras;
}

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

/* A raw record, so that its block's first bytes are `text`. */
static void report(struct sdei_ras *ras, unsigned source, const char *text,
		   struct sdei_ras_outcome *o)
{
	_Alignas(8) uint8_t bytes[SDEI_RECORD_MAX];
	struct sdei_record *r = (void *)bytes;

	sdei_record_start(r, table[source].severity, 0);
	assert_true(sdei_record_raw(r, sizeof(bytes), text, 24));
	assert_true(sdei_ras_report(ras, source, r, o));
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

#define TEXT "one record, 24 bytes long"

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
		cmocka_unit_test(configurations),
		cmocka_unit_test(whose_record),
		cmocka_unit_test(strange_reports),
		cmocka_unit_test(locks),
		cmocka_unit_test(bad_memory),
		cmocka_unit_test(many_lost),
		cmocka_unit_test(wrong_states),
		cmocka_unit_test(too_large_states),
		cmocka_unit_test(moved_in_a_handler),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
