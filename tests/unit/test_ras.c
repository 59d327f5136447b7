/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error records, and the sources that queue and publish them.
 *
 * Expected bytes are written down from the UEFI and ACPI specifications, at
 * offsets counted there, without the firmware's structures.
 */
#include "ras_fake.h"

/* A memory error with every field given: all 172 bytes. */
static void memory_record_bytes(void **state)
{
	/* clang-format off */
	static const uint8_t expected[20 + 72 + 80] = {
		0x12, 0, 0, 0,	0, 0, 0, 0,	0, 0, 0, 0,
		152, 0, 0, 0,	2, 0, 0, 0,
		/* A5BC1114-6F64-4EDE-B863-3E83ED7C83B1 */
		0x14, 0x11, 0xbc, 0xa5, 0x64, 0x6f, 0xde, 0x4e,
		0xb8, 0x63, 0x3e, 0x83, 0xed, 0x7c, 0x83, 0xb1,
		2, 0, 0, 0,	0x00, 0x03,	6, 1,	80, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		's', 'e', 'q', ' ', '1', 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0x58, 0x59, 0x23, 1, 0x29, 0x02, 0x28, 0x20,
		/* Valid: bits 1 to 6, 8, 9, 14. */
		0x7e, 0x43, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0,
		0x40, 0x50, 0x00, 0x50, 0, 0, 0, 0,
		0x00, 0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		1, 0, 2, 0, 3, 0, 4, 0, 0, 0, 0x05, 0x10, 6, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0,
		13, 0, 0, 0, 0, 0, 0, 0,
	};
	/* clang-format on */
	struct error e = memory_error(SDEI_CPER_CORRECTED);

	(void)state;
	e.has = SDEI_MEMORY_HAS_ADDRESS | SDEI_MEMORY_HAS_ADDRESS_MASK |
		SDEI_MEMORY_HAS_NODE | SDEI_MEMORY_HAS_CARD |
		SDEI_MEMORY_HAS_MODULE | SDEI_MEMORY_HAS_BANK |
		SDEI_MEMORY_HAS_ROW | SDEI_MEMORY_HAS_COLUMN |
		SDEI_MEMORY_HAS_ERROR_TYPE;
	e.given.physical_address_mask = 0xfffffffffffff000;
	e.given.node = 1;
	e.given.card = 2;
	e.given.module = 3;
	e.given.bank = 4;
	e.given.row = 0x1005;
	e.given.column = 6;
	e.given.error_type = 13;
	inject(e);
	assert_memory_equal(shared + (block(0) - PLAT_RAS_BASE), expected,
			    sizeof(expected));
}

static void processor_record_bytes(void **state)
{
	/* clang-format off */
	static const uint8_t expected[20 + 72 + 72] = {
		0x11, 0, 0, 0,	0, 0, 0, 0,	0, 0, 0, 0,
		144, 0, 0, 0,	1, 0, 0, 0,
		/* E19E3D16-BC11-11E4-9CAA-C2051D5D46B0 */
		0x16, 0x3d, 0x9e, 0xe1, 0x11, 0xbc, 0xe4, 0x11,
		0x9c, 0xaa, 0xc2, 0x05, 0x1d, 0x5d, 0x46, 0xb0,
		1, 0, 0, 0,	0x00, 0x03,	6, 1,	72, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		's', 'e', 'q', ' ', '1', 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0x58, 0x59, 0x23, 1, 0x29, 0x02, 0x28, 0x20,
		/* Valid: MPIDR, level 0, running; one error, no context. */
		7, 0, 0, 0,	1, 0,	0, 0,	72, 0, 0, 0,
		0, 0, 0, 0,
		2, 0, 0, 0, 1, 0, 0, 0,
		0xc1, 0xd0, 0x3f, 0x41, 0, 0, 0, 0,
		1, 0, 0, 0,	0, 0, 0, 0,
		/* Valid: a single one, information, physical address; a cache. */
		0, 32,	0x15, 0,	2,	0, 0,	0,
		0x18, 0, 0, 0x02, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0,
		0x40, 0x50, 0x00, 0x50, 0, 0, 0, 0,
	};
	/* clang-format on */
	struct error e = processor_error(SDEI_CPER_FATAL, 2);

	(void)state;
	e.has = SDEI_MEMORY_HAS_ADDRESS;
	e.given.physical_address = ADDRESS;
	inject(e);
	assert_memory_equal(shared + (block(5) - PLAT_RAS_BASE), expected,
			    sizeof(expected));
}

static const struct {
	bool memory;
	unsigned severity;
	unsigned source;
	uint32_t event, status, cper, type;
	uint64_t information;
} cases[] = {
	{ true, SDEI_CPER_CORRECTED, 0, 0x40000100, 0x12, 2, 2, 0 },
	{ true, SDEI_CPER_RECOVERABLE, 1, 0x40000101, 0x11, 0, 3, 0 },
	{ true, SDEI_CPER_FATAL, 4, 0x40000104, 0x11, 1, 3, 0 },
	{ false, SDEI_CPER_CORRECTED, 2, 0x40000102, 0x12, 2, 0, 0x04000018 },
	{ false, SDEI_CPER_RECOVERABLE, 3, 0x40000103, 0x11, 0, 0, 0x00000018 },
	{ false, SDEI_CPER_FATAL, 5, 0x40000105, 0x11, 1, 0, 0x02000018 },
};

/* Every kind and severity: its source, event, status word, severities. */
static void kinds_and_severities(void **state)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool memory = cases[i].memory;
		struct error e = memory ? memory_error(cases[i].severity)
					: processor_error(cases[i].severity, 3);
		struct sdei_ras_outcome o;
		uint64_t at;

		setup(state);
		o = inject(e);
		at = block(cases[i].source);
		assert_int_equal(at, 0x40104000 + 0x1000 * cases[i].source);
		assert_int_equal(o.fate, SDEI_RAS_DELIVERED);
		assert_int_equal(o.pe, memory ? 0 : 3);
		assert_string_equal(o.why, "");
		assert_int_equal(raised_event, cases[i].event);
		assert_int_equal(get(at, 4), cases[i].status);
		assert_int_equal(get(at + 16, 4), cases[i].cper);
		assert_int_equal(get(at + 20 + 16, 4), cases[i].cper);
		if (memory) {
			assert_int_equal(get(at + 92, 8), 0x4002);
			assert_int_equal(get(at + 92 + 72, 1), cases[i].type);
		} else {
			assert_int_equal(get(at + 92 + 40 + 2, 2), 5);
			assert_int_equal(get(at + 92 + 40 + 8, 8),
					 cases[i].information);
		}
		for (unsigned s = 0; s < 6; s++)
			if (s != cases[i].source)
				assert_int_equal(get(block(s), 4), 0);
		assert_int_equal(event_of(e), cases[i].event);
	}
}

static void bad_requests(void **state)
{
	struct error e = memory_error(SDEI_CPER_CORRECTED);
	struct ras_outcome o;

	(void)state;
	e.given.physical_address = PLAT_RAM_BASE + RAM_SIZE;
	assert_non_null(try_to_inject(&e, &o));
	e.given.physical_address = PLAT_RAM_BASE - 1;
	assert_non_null(try_to_inject(&e, &o));
	e.given.physical_address = UINT64_MAX;
	assert_non_null(try_to_inject(&e, &o));
	e.given.physical_address = PLAT_RAM_BASE + RAM_SIZE - 1;
	assert_null(try_to_inject(&e, &o));
	e.has = 0;
	assert_non_null(try_to_inject(&e, &o));
	e = memory_error(SDEI_CPER_CORRECTED);
	e.has |= SDEI_MEMORY_HAS_ERROR_TYPE;
	e.given.error_type = 16;
	assert_non_null(try_to_inject(&e, &o));
	e = processor_error(SDEI_CPER_CORRECTED, PES);
	assert_non_null(try_to_inject(&e, &o));
	assert_int_equal(counters(0).injected, 1);
	assert_int_equal(raises, 1);
}

/* While a record is out the next ones wait, and come in their order. */
static void queue_order(void **state)
{
	(void)state;
	assert_int_equal(inject(memory_error(SDEI_CPER_CORRECTED)).fate,
			 SDEI_RAS_DELIVERED);
	assert_int_equal(get(0x40100008, 8), 0);
	for (unsigned i = 2; i <= 5; i++) {
		struct error e = memory_error(SDEI_CPER_CORRECTED);

		e.given.physical_address += i;
		assert_int_equal(inject(e).fate, SDEI_RAS_QUEUED);
	}
	/* Another source is not held up. */
	assert_int_equal(inject(memory_error(SDEI_CPER_FATAL)).fate,
			 SDEI_RAS_DELIVERED);
	assert_int_equal(counters(0).queued, 4);
	/* A handler that did not acknowledge changes nothing. */
	handled(PLAT_EVENT_MEMORY_CE);
	assert_string_equal(text(block(0)), "seq 1");
	for (unsigned i = 2; i <= 5; i++) {
		char expected[8];

		acknowledge(0);
		handled(PLAT_EVENT_MEMORY_CE);
		snprintf(expected, sizeof(expected), "seq %u", i);
		assert_string_equal(text(block(0)), expected);
		assert_int_equal(get(block(0) + 92 + 16, 8), ADDRESS + i);
		assert_int_equal(get(block(0), 4), 0x12);
	}
	assert_int_equal(raises, 6);
	acknowledge(0);
	assert_false(busy(0));
	assert_int_equal(counters(0).published, 5);
	assert_int_equal(counters(0).acknowledged, 5);
}

/* An acknowledgement without a completion is found by polling. */
static void acknowledged_by_poll(void **state)
{
	(void)state;
	inject(processor_error(SDEI_CPER_CORRECTED, 1));
	assert_int_equal(poll_at, now + 10000);
	self = 2;
	inject(processor_error(SDEI_CPER_CORRECTED, 1));
	inject(processor_error(SDEI_CPER_CORRECTED, 1));
	assert_int_equal(polls, 1);
	acknowledge(2);
	assert_int_equal(poll_pe, 0); /* PE 0 polls, not PE 2 */
	next_poll();
	assert_int_equal(raises, 2);
	assert_int_equal(poll_at, now + 10000);
	acknowledge(2);
	next_poll();
	assert_string_equal(text(block(2)), "seq 3");
	acknowledge(2);
	next_poll();
	assert_int_equal(poll_at, 0); /* nothing waits any more */
	assert_int_equal(raises, 3);
}

/* As many wait as there is room for; what is dropped is told of in the records that follow, exactly. */
static void overflow(void **state)
{
	char last[20];
	struct sdei_ras_outcome o;

	(void)state;
	for (unsigned i = 0; i < 1 + QUEUED; i++)
		inject(memory_error(SDEI_CPER_RECOVERABLE));
	assert_int_equal(counters(1).queued, QUEUED);
	for (unsigned i = 0; i < 1500; i++) {
		o = inject(memory_error(SDEI_CPER_RECOVERABLE));
		assert_int_equal(o.fate, SDEI_RAS_DROPPED);
	}
	assert_int_equal(counters(1).dropped, 1500);
	assert_int_equal(counters(1).injected, 1501 + QUEUED);
	acknowledge(1);
	handled(PLAT_EVENT_MEMORY_UE);
	assert_string_equal(text(block(1)), "seq 2 lost 999");
	acknowledge(1);
	handled(PLAT_EVENT_MEMORY_UE);
	assert_string_equal(text(block(1)), "seq 3 lost 501");
	acknowledge(1);
	handled(PLAT_EVENT_MEMORY_UE);
	assert_string_equal(text(block(1)), "seq 4");
	/* The room is used again, behind what waits. */
	assert_int_equal(inject(memory_error(SDEI_CPER_RECOVERABLE)).fate,
			 SDEI_RAS_QUEUED);
	for (unsigned i = 0; i < QUEUED - 2; i++) {
		acknowledge(1);
		handled(PLAT_EVENT_MEMORY_UE);
	}
	snprintf(last, sizeof(last), "seq %u", 1502u + QUEUED);
	assert_string_equal(text(block(1)), last);
	assert_int_equal(counters(1).queued, 0);
}

/* A record that had to wait tells when its error came, not when it was shown. */
static void time_of_the_error(void **state)
{
	(void)state;
	inject(memory_error(SDEI_CPER_CORRECTED));
	clock_now++;
	inject(memory_error(SDEI_CPER_CORRECTED));
	clock_now += 3600;
	acknowledge(0);
	handled(PLAT_EVENT_MEMORY_CE);
	assert_string_equal(text(block(0)), "seq 2");
	assert_int_equal(get(block(0) + 20 + 64, 8), 0x2028022901235959);
}

static void check_note(unsigned n, enum trace_kind kind, uint32_t code,
		       uint64_t first, uint64_t second, uint64_t third)
{
	assert_int_equal(note[n].kind, kind);
	assert_int_equal(note[n].code, code);
	assert_int_equal(note[n].value[0], first);
	assert_int_equal(note[n].value[1], second);
	assert_int_equal(note[n].value[2], third);
}

/* The live trace has a report, why its event waits, and what became of it. */
static void traced(void **state)
{
	(void)state;
	noted = 0;
	live_on = true;
	inject(memory_error(SDEI_CPER_CORRECTED));
	assert_int_equal(noted, 2);
	check_note(0, TRACE_REPORTED, PLAT_EVENT_MEMORY_CE, 1,
		   SDEI_CPER_CORRECTED, 0);
	check_note(1, TRACE_DISPOSED, PLAT_EVENT_MEMORY_CE, 1,
		   SDEI_RAS_DELIVERED, 0);

	noted = 0;
	nobody_takes = masked = true;
	status = SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED;
	inject(processor_error(SDEI_CPER_FATAL, 1));
	assert_int_equal(noted, 3);
	check_note(1, TRACE_PENDING, PLAT_EVENT_CPU_FATAL, 1, TRACE_MASKED, 0);
	check_note(2, TRACE_DISPOSED, PLAT_EVENT_CPU_FATAL, 2, SDEI_RAS_PENDING,
		   UINT64_MAX);

	noted = 0;
	inject(memory_error(SDEI_CPER_FATAL));
	check_note(1, TRACE_PENDING, PLAT_EVENT_MEMORY_FATAL, UINT64_MAX,
		   TRACE_ALL, 0);

	live_on = false;
	inject(memory_error(SDEI_CPER_RECOVERABLE));
	assert_int_equal(noted, 3);
	nobody_takes = masked = false;
}

static void reasons(void **state)
{
	(void)state;
	nobody_takes = true;
	status = 0;
	assert_string_equal(inject(memory_error(SDEI_CPER_CORRECTED)).why,
			    "no handler is registered for the event");
	status = SDEI_STATUS_REGISTERED;
	assert_string_equal(inject(memory_error(SDEI_CPER_FATAL)).why,
			    "the event is not enabled");
	status |= SDEI_STATUS_ENABLED;
	masked = true;
	assert_string_equal(inject(processor_error(SDEI_CPER_CORRECTED, 1)).why,
			    "events are masked on its PE");
	masked = false;
	assert_string_equal(inject(processor_error(SDEI_CPER_FATAL, 1)).why,
			    "its PE runs another handler");
	acknowledge(0);
	assert_string_equal(inject(memory_error(SDEI_CPER_CORRECTED)).why,
			    "every PE masks events or is busy");
	acknowledge(0);
	routing = SDEI_RM_PE;
	assert_string_equal(inject(memory_error(SDEI_CPER_CORRECTED)).why,
			    "the PE it is routed to masks events or is busy");
	acknowledge(0);
	status |= SDEI_STATUS_RUNNING;
	assert_int_equal(inject(memory_error(SDEI_CPER_CORRECTED)).fate,
			 SDEI_RAS_PENDING);
	assert_string_equal(inject(memory_error(SDEI_CPER_CORRECTED)).why,
			    "an earlier record is not acknowledged yet");
}

/* What waited when it was raised, and does not when one asks why. */
static void taken_a_moment_later(void **state)
{
	struct sdei_ras_outcome o;

	(void)state;
	nobody_takes = taken_since = true;
	status = SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED;
	o = inject(processor_error(SDEI_CPER_CORRECTED, 2));
	assert_int_equal(o.fate, SDEI_RAS_DELIVERED);
	assert_int_equal(o.pe, 2);
	assert_string_equal(o.why, "");
	runs_on = 3;
	status |= SDEI_STATUS_RUNNING;
	o = inject(memory_error(SDEI_CPER_FATAL));
	assert_int_equal(o.fate, SDEI_RAS_DELIVERED);
	assert_int_equal(o.pe, 3);
	runs_on = -1;
	o = inject(memory_error(SDEI_CPER_CORRECTED));
	assert_int_equal(o.fate, SDEI_RAS_PENDING);
	assert_string_equal(o.why,
			    "no PE could take it at once, one has since");
}

/* The PE of a private event is off, or goes off. */
static void pe_off(void **state)
{
	struct sdei_ras_outcome o;

	(void)state;
	pe_on[0] = pe_on[3] = false;
	self = 1;
	o = inject(processor_error(SDEI_CPER_CORRECTED, 3));
	assert_int_equal(o.pe, 1);
	assert_string_equal(o.why,
			    "the PE is off, another one takes its event");
	/* The record is still about PE 3, which does not run and is OFF. */
	assert_int_equal(get(block(2) + 92 + 16, 8), 0x100000003);
	assert_int_equal(get(block(2) + 92 + 32, 4), 0);
	assert_int_equal(get(block(2) + 92 + 36, 4), 1);
	pe_coming[0] = true;
	inject(processor_error(SDEI_CPER_FATAL, 0));
	assert_int_equal(get(block(5) + 92 + 32, 4), 0);
	assert_int_equal(get(block(5) + 92 + 36, 4), 2);
	acknowledge(5);
	handled(PLAT_EVENT_CPU_FATAL);
	raises--;

	pe_on[1] = false;
	ras_pe_off(1);
	assert_int_equal(raises, 2);
	assert_int_equal(raised_event, PLAT_EVENT_CPU_CE);
	assert_int_equal(raised_target, 2);
	/* Acknowledged: nothing to raise. No shared event is raised either. */
	acknowledge(2);
	inject(memory_error(SDEI_CPER_CORRECTED));
	pe_on[2] = false;
	ras_pe_off(2);
	assert_int_equal(raises, 3);
	assert_int_equal(raised_event, PLAT_EVENT_MEMORY_CE);
}

/* The PE that polls goes off while something waits: it polls on. */
static void poller_off(void **state)
{
	(void)state;
	self = 1;
	inject(memory_error(SDEI_CPER_CORRECTED));
	inject(memory_error(SDEI_CPER_CORRECTED));
	pe_on[1] = false;
	ras_pe_off(1);
	assert_int_equal(raises, 1);
	acknowledge(0);
	next_poll();
	assert_string_equal(text(block(0)), "seq 2");
	assert_int_equal(raises, 2);
	assert_true(poll_at > now);
}

/* The PE that polls has stopped for good: another one takes over, in time. */
static void poller_dead(void **state)
{
	(void)state;
	self = 1;
	inject(memory_error(SDEI_CPER_CORRECTED));
	self = 2;
	now = poll_at + 999999;
	inject(memory_error(SDEI_CPER_RECOVERABLE));
	assert_int_equal(poll_pe, 1);
	now++;
	inject(processor_error(SDEI_CPER_CORRECTED, 2));
	assert_int_equal(poll_pe, 2);
	next_poll();
	assert_int_equal(counters(0).raised_again, 1);
}

static void without_publishing(void **state)
{
	(void)state;
	memset(shared, 0x5a, sizeof(shared));
	rtc[4] = 1;
	boot(false);
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(inject(memory_error(SDEI_CPER_FATAL)).fate,
				 SDEI_RAS_DELIVERED);
	assert_int_equal(raises, 100);
	assert_int_equal(raised_event, PLAT_EVENT_MEMORY_FATAL);
	handled(PLAT_EVENT_MEMORY_FATAL);
	ras_doorbell();
	pe_on[0] = false;
	ras_pe_off(0);
	assert_false(busy(4));
	assert_int_equal(counters(4).published, 0);
	assert_int_equal(counters(4).injected, 100);
	assert_int_equal(poll_at, 0);
	for (unsigned i = 0; i < sizeof(shared); i++)
		assert_int_equal(shared[i], 0x5a);
	assert_int_equal(rtc[4], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(memory_record_bytes, setup),
		cmocka_unit_test_setup(processor_record_bytes, setup),
		cmocka_unit_test_setup(kinds_and_severities, setup),
		cmocka_unit_test_setup(bad_requests, setup),
		cmocka_unit_test_setup(queue_order, setup),
		cmocka_unit_test_setup(acknowledged_by_poll, setup),
		cmocka_unit_test_setup(overflow, setup),
		cmocka_unit_test_setup(time_of_the_error, setup),
		cmocka_unit_test_setup(traced, setup),
		cmocka_unit_test_setup(reasons, setup),
		cmocka_unit_test_setup(taken_a_moment_later, setup),
		cmocka_unit_test_setup(pe_off, setup),
		cmocka_unit_test_setup(poller_off, setup),
		cmocka_unit_test_setup(poller_dead, setup),
		cmocka_unit_test_setup(without_publishing, setup),
	};

	return cmocka_run_group_tests_name("ras", tests, NULL, NULL);
}
