/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a guest sees of an error that is injected, byte by byte, and what is
 * answered. Offsets are those of ACPI 6.5, 18.3.2.7.1, and UEFI 2.10, appendix N.
 */
#define _GNU_SOURCE
#include "vmm_world.h"

#include <time.h>

#define ENTRY   20
#define TEXT    (ENTRY + 44)
#define STAMP   (ENTRY + 64)
#define SECTION (ENTRY + 72)

static char said[512];

static uint64_t ns = 77;

uint64_t trace_now(void)
{
	return ns;
}

static const char *ask(const char *request)
{
	FILE *out = fmemopen(said, sizeof(said), "w");

	inject_answer(&vmm, out, request);
	fclose(out);
	return said;
}

static const char *told(const char *request)
{
	FILE *out = fmemopen(said, sizeof(said), "w");

	inject_storms(out, request);
	fclose(out);
	return said;
}

static void refused(const char *request, const char *why)
{
	if (!strstr(ask(request), why) || strncmp(said, "error ", 6))
		fail_msg("%s: %s", request, said);
}

static uint32_t short_at(uint64_t address)
{
	return (uint32_t)word_at(address);
}

/* BCD, seconds first; byte 3: it is precise. */
static time_t time_of(uint64_t stamp)
{
	const unsigned shifts[] = { 0, 8, 16, 32, 40, 48, 56 };
	struct tm tm = { 0 };
	int field[7];

	for (unsigned i = 0; i < 7; i++) {
		unsigned byte = stamp >> shifts[i] & 0xff;

		assert_true(byte >> 4 < 10 && (byte & 15) < 10);
		field[i] = (int)((byte >> 4) * 10 + (byte & 15));
	}
	assert_int_equal(stamp >> 24 & 0xff, 1);
	tm.tm_sec = field[0];
	tm.tm_min = field[1];
	tm.tm_hour = field[2];
	tm.tm_mday = field[3];
	tm.tm_mon = field[4] - 1;
	tm.tm_year = field[5] + field[6] * 100 - 1900;
	return timegm(&tm);
}

static void memory_errors(void **state)
{
	static const struct {
		const char *severity;
		unsigned source;
		uint32_t word, value;
		uint8_t type;
	} rows[] = {
		{ "recoverable", UE, 0x11, 0, 3 },
		{ "fatal", FATAL, 0x11, 1, 3 },
		{ "corrected", CE, 0x12, 2, 2 },
	};
	char request[100];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		const uint64_t block = block_of(rows[i].source);
		time_t ago;

		assert_int_equal(word_at(vmm_sources[i].registers),
				 block_of(i));
		assert_int_equal(short_at(block), 0);
		snprintf(request, sizeof(request),
			 "memory severity=%s address=0x40001234",
			 rows[i].severity);
		ask(request);
		snprintf(
			request, sizeof(request),
			"ok sequence=%u event=0x%x disposition=delivered time=77\n",
			i + 1, vmm_events[rows[i].source].number);
		assert_string_equal(said, request);
		assert_int_equal(short_at(block), rows[i].word);
		assert_int_equal(short_at(block + 12), 72 + 80);
		assert_int_equal(short_at(block + 16), rows[i].value);
		assert_int_equal(short_at(block + ENTRY + 16), rows[i].value);
		/* Revision 3.0, a text and a time, primary, 80 bytes. */
		assert_int_equal(short_at(block + ENTRY + 20), 0x01060300);
		assert_int_equal(short_at(block + ENTRY + 24), 80);
		snprintf(request, sizeof(request), "seq %u", i + 1);
		assert_string_equal(vmm_memory(&vmm, block + TEXT, 20),
				    request);
		ago = time(NULL) - time_of(word_at(block + STAMP));
		assert_in_range(ago + 1, 0, 2);
		/* Address and type are valid: nothing else is said. */
		assert_int_equal(word_at(block + SECTION), 0x4002);
		assert_int_equal(word_at(block + SECTION + 16), 0x40001234);
		assert_int_equal(word_at(block + SECTION + 24), 0);
		assert_int_equal((uint8_t)word_at(block + SECTION + 72),
				 rows[i].type);
		assert_int_equal(word_at(ack_of(rows[i].source)), 0);
	}
}

static void many_errors(void **state)
{
	(void)state;
	ask("memory severity=corrected address=0x40000000 count=3");
	assert_string_equal(
		said,
		"ok sequence=3 event=0x40000100 disposition=queued time=77 "
		"reason=an earlier record is not acknowledged yet\n");
	assert_int_equal(records_count(CE).injected, 3);
}

static void processor_errors(void **state)
{
	const unsigned source = EVENT_PROCESSOR_UNCORRECTED;
	const uint64_t block = block_of(source);

	(void)state;
	ask("processor severity=recoverable cpu=3 address=0x123000");
	assert_string_equal(
		said,
		"ok sequence=1 event=0x40000103 disposition=delivered pe=3 time=77\n");
	assert_int_equal(short_at(block), 0x11);
	assert_int_equal(short_at(block + ENTRY + 24), 40 + 32);
	/* MPIDR, affinity level and running state; one error. */
	assert_int_equal(short_at(block + SECTION), 7);
	assert_int_equal(short_at(block + SECTION + 4), 1);
	assert_int_equal(short_at(block + SECTION + 8), 40 + 32);
	assert_int_equal(word_at(block + SECTION + 16), 3);
	assert_int_equal(word_at(block + SECTION + 24), MIDR);
	assert_int_equal(short_at(block + SECTION + 32), 1);
	/* Version 0, 32 bytes; how many, information and address are valid. */
	assert_int_equal(short_at(block + SECTION + 40), 0x00152000);
	assert_int_equal(word_at(block + SECTION + 40 + 24), 0x123000);
	handle(source, 3, true);
	/* Of a vcpu that may be off it is not known whether it runs. */
	world.off[1] = true;
	ask("processor severity=recoverable vcpu=1");
	assert_int_equal(short_at(block + SECTION), 3);
	assert_int_equal(short_at(block + SECTION + 32), 0);
	assert_non_null(strstr(said, "delivered pe=0 "));
}

static void wrong_words(void **state)
{
	(void)state;
	refused("memory severity=corrected address=0x1000",
		"outside the guest's RAM");
	refused("memory severity=corrected address=0x40000000 count=1001",
		"not 1 to 1000");
	refused("memory address=0x40000000",
		"the severity is corrected, recoverable or fatal");
	refused("memory severity=fatal address=0x40000000 row=7",
		"nothing else");
	refused("processor severity=odd", "the severity is");
	refused("processor severity=fatal cpu=4", "no such vcpu");
	refused("processor severity=fatal mask=1", "nothing else");
	refused("nonsense", "there are memory errors");
	vmm.options.acpi = false;
	refused("memory severity=fatal address=0x40000000", "--acpi");
	vmm.options.acpi = true;
	for (unsigned i = 0; i < SOURCES; i++)
		assert_int_equal(records_count(i).injected, 0);
}

/* As a request. */
static char *in_hex(const struct sdei_record *record)
{
	static char text[SDEI_RECORD_MAX * 2 + 20];
	size_t at = (size_t)sprintf(text, "record ");

	for (unsigned i = 0; i < record->size; i++)
		at += (size_t)sprintf(text + at, "%02x",
				      ((const uint8_t *)record)[i]);
	return text;
}

static void whole_records(void **state)
{
	static struct {
		struct sdei_record record;
		uint64_t room[SDEI_RECORD_MAX / 8];
	} r;
	struct sdei_cper_memory *m;
	uint8_t raw[64];

	(void)state;
	sdei_record_start(&r.record, SDEI_CPER_CORRECTED, 1);
	m = sdei_record_memory(&r.record, sizeof(r), SDEI_CPER_CORRECTED);
	refused(in_hex(&r.record), "a memory error needs an address");
	m->valid |= SDEI_MEMORY_HAS_ADDRESS;
	m->physical_address = RAM_BASE - 1;
	refused(in_hex(&r.record), "outside the guest's RAM");
	m->physical_address = RAM_BASE;
	r.record.pe = 4;
	refused(in_hex(&r.record), "no such vcpu");
	r.record.pe = 1;
	r.record.sequence = 55; /* it has no say in that */
	assert_string_equal(
		ask(in_hex(&r.record)),
		"ok sequence=1 event=0x40000100 disposition=delivered time=77\n");
	assert_int_equal(shown(CE), RAM_BASE);
	/* What it is not. */
	refused(strcat(in_hex(&r.record), "0"), "hexadecimal");
	refused(strcat(in_hex(&r.record), "00"), "something follows");
	refused("record ", "its beginning is cut off");
	refused("record 0g", "hexadecimal");
	r.record.sections = 2;
	refused(in_hex(&r.record), "a section's beginning is cut off");
	/* The largest, raw, is all its own. */
	memset(raw, 0x5a, sizeof(raw));
	sdei_record_start(&r.record, SDEI_CPER_FATAL, 0);
	assert_true(sdei_record_raw(&r.record, sizeof(r), raw, sizeof(raw)));
	assert_non_null(strstr(ask(in_hex(&r.record)), "event=0x4000010b"));
	assert_memory_equal(vmm_memory(&vmm, block_of(EVENT_PLATFORM_FATAL),
				       64),
			    raw, 64);
}

/* Each of them as it would be alone; what became of them is told until others come. */
static void storms(void **state)
{
	const uint64_t block = block_of(CE);

	(void)state;
	storm_reset(&vmm);
	assert_int_equal(storm_poll(), -1);
	assert_string_equal(
		ask("count=5 rate=100 memory severity=corrected address=0x40001234"),
		"ok sequence=1 event=0x40000100 disposition=delivered time=77 storm=1\n");
	assert_int_equal(storm_poll(), 10);
	handle(CE, 0, true);
	ns += 9999999;
	assert_int_equal(storm_poll(), 1);
	assert_int_equal(records_count(CE).injected, 1);
	ns += 1;
	assert_int_equal(storm_poll(), 10);
	assert_int_equal(records_count(CE).injected, 2);
	assert_string_equal(vmm_memory(&vmm, block + TEXT, 20), "seq 2");
	/* One beside it, of a whole record, whose end is its one error. */
	ask("count=1 rate=0 processor severity=recoverable cpu=3");
	assert_non_null(strstr(said, "sequence=3 event=0x40000103"));
	assert_non_null(strstr(said, "storm=2\n"));
	ns += 20000000;
	storm_poll();
	assert_string_equal(ask("stop storm=2"), "ok stopped=0\n");
	assert_string_equal(ask("stop storm=1"), "ok stopped=1\n");
	assert_int_equal(storm_poll(), -1);
	assert_string_equal(
		told("storms"),
		"storm id=1 event=0x40000100 running=0 count=5 rate=100 injected=4 skipped=0 left=1 delivered=2 pending=0 queued=2 dropped=0 first=1 last=5\n"
		"storm id=2 event=0x40000103 running=0 count=1 rate=0 injected=1 skipped=0 left=0 delivered=1 pending=0 queued=0 dropped=0 first=3 last=3\n"
		"ok\n");
	assert_ptr_equal(strstr(told("storms storm=2"), "storm id=2 "), said);
	assert_non_null(strstr(said, "last=3\nok\n"));
	assert_string_equal(told("storms storm=3"), "ok\n");
	ask("count=5 rate=100 memory severity=corrected address=0x40001234");
	assert_string_equal(ask("stop"), "ok stopped=1\n");
	storm_reset(&vmm);
	assert_string_equal(told("storms"), "ok\n");
}

static void wrong_storms(void **state)
{
	(void)state;
	storm_reset(&vmm);
	refused("count=0 rate=1 memory severity=corrected address=0x40000000",
		"1 to 4294967295");
	refused("count=4294967296 rate=1 processor severity=corrected",
		"1 to 4294967295");
	refused("count=5 rate=10001 processor severity=corrected",
		"1 to 10000");
	refused("count=5 rate=-1 processor severity=corrected", "1 to 10000");
	refused("count=5 rate= processor severity=corrected", "then rate=");
	refused("count=5 processor severity=corrected", "then rate=");
	refused("count=5 rate=1 stop", "there are");
	refused("count=5 rate=1 memory severity=corrected address=0x40000000 count=2",
		"one address");
	refused("count=5 rate=1 processor severity=corrected cpu=9", "no such");
	refused("stop storm=0", "from 1");
	refused("stop everything", "from 1");
	assert_int_equal(storm_poll(), -1);
	assert_non_null(strstr(told("storms of=1"), "error "));
	assert_string_equal(told("storms"), "ok\n");
	for (unsigned i = 0; i < SOURCES; i++)
		assert_int_equal(records_count(i).injected, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		TEST(memory_errors),    TEST(many_errors),
		TEST(processor_errors), TEST(wrong_words),
		TEST(whole_records),    TEST(storms),
		TEST(wrong_storms),
	};

	make_world();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
