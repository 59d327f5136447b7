/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei-vmm's error sources, and guests: one that acknowledges, one that does not
 * any more, one that hangs with interrupts masked.
 */
#include "vmm_world.h"

#define PROCESSOR EVENT_PROCESSOR_CORRECTED

static void dispositions(void **state)
{
	(void)state;
	assert_string_equal(inject(SDEI_CPER_CORRECTED, RAM_BASE).what,
			    "delivered");
	assert_string_equal(inject(SDEI_CPER_CORRECTED, RAM_BASE).what,
			    "queued");
	world.status = 0;
	assert_string_equal(inject(SDEI_CPER_FATAL, RAM_BASE).what, "pending");
	world.status = SDEI_STATUS_REGISTERED;
	assert_string_equal(inject(SDEI_CPER_RECOVERABLE, RAM_BASE).why,
			    "the event is not enabled");
	records_start(&vmm);
	world.status |= SDEI_STATUS_ENABLED;
	world.masked = true;
	assert_string_equal(inject(SDEI_CPER_CORRECTED, RAM_BASE).why,
			    "every vcpu masks events");
}

#define NOTED(n, of, v0, v1, v2) \
	do { \
		assert_int_equal(noted[n].kind, of); \
		assert_int_equal(noted[n].code, vmm_sources[CE].vector); \
		assert_int_equal(noted[n].value[0], v0); \
		assert_int_equal(noted[n].value[1], v1); \
		assert_int_equal(noted[n].value[2], v2); \
	} while (0)

/* What the live trace is told, while there is one. */
static void traced(void **state)
{
	(void)state;
	inject(SDEI_CPER_CORRECTED, RAM_BASE);
	handle(CE, 0, true);
	assert_int_equal(notes, 0);
	live_on = true;
	inject(SDEI_CPER_CORRECTED, RAM_BASE);
	world.masked = true;
	inject(SDEI_CPER_CORRECTED, RAM_BASE);
	assert_int_equal(notes, 4);
	NOTED(0, TRACE_REPORTED, 2, SDEI_CPER_CORRECTED, 0);
	NOTED(1, TRACE_DISPOSED, 2, SDEI_RAS_DELIVERED, UINT64_MAX);
	NOTED(2, TRACE_REPORTED, 3, SDEI_CPER_CORRECTED, 0);
	NOTED(3, TRACE_DISPOSED, 3, SDEI_RAS_QUEUED, UINT64_MAX);
	notes = 0;
	handle(CE, 0, true);
	/* The second waits for its turn, and then for vcpus. */
	NOTED(0, TRACE_PENDING, UINT64_MAX, TRACE_ALL, 0);
	NOTED(1, TRACE_ACKNOWLEDGED, 2, 0, 0);
	NOTED(2, TRACE_PUBLISHED, 3, 0, 0);
	assert_int_equal(notes, 3);
	live_on = false;
	notes = 0;
}

/* One is out, 33 wait: all have 112 bytes. The rest is counted and told of. */
static void a_bounded_queue(void **state)
{
	char text[21] = "";

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		inject(SDEI_CPER_CORRECTED, RAM_BASE + PAGE * i);
	assert_int_equal(world.raised[CE], 1);
	assert_int_equal(records_count(CE).queued, 33);
	assert_int_equal(records_count(CE).dropped, 6);
	for (unsigned i = 0; i < 34; i++) {
		assert_int_equal(shown(CE), RAM_BASE + PAGE * i);
		if (i == 1) {
			memcpy(text, vmm_memory(&vmm, block_of(CE) + 64, 20),
			       20);
			assert_non_null(strstr(text, " lost 6"));
		}
		handle(CE, 0, true);
		wait_ms(1);
	}
	assert_int_equal(records_count(CE).acknowledged, 34);
	assert_int_equal(records_count(CE).state, SDEI_RAS_IS_FREE);
}

/* For ever, ever more seldom, and at once again when the guest lives. */
static void raised_again(void **state)
{
	unsigned before = 0;

	(void)state;
	inject(SDEI_CPER_CORRECTED, RAM_BASE);
	for (unsigned i = 0; i < 5000; i++) {
		if (world.raised[CE] != before)
			handle(CE, 0, false);
		before = world.raised[CE];
		wait_ms(1);
	}
	assert_in_range(world.raised[CE], 8, 16);
	before = world.raised[CE];
	/* Reset by another kernel: nobody is seen to take it. */
	wait_ms(3600000);
	assert_in_range(world.raised[CE] - before, 3500, 3700);
	handle(CE, 0, true);
	assert_int_equal(records_count(CE).acknowledged, 1);
	before = world.raised[CE];
	wait_ms(5000);
	assert_int_equal(world.raised[CE], before);
	inject(SDEI_CPER_CORRECTED, RAM_BASE);
	assert_int_equal(world.raised[CE], before + 1);
}

/* Nor while it waits for a vcpu that takes it, which then takes it once. */
static void not_while_it_waits(void **state)
{
	(void)state;
	inject(SDEI_CPER_RECOVERABLE, RAM_BASE);
	wait_ms(900);
	assert_int_equal(world.raised[UE], 1);
	world.pending = true;
	wait_ms(60000);
	assert_int_equal(world.raised[UE], 1);
	assert_int_equal(records_count(UE).raised_again, 0);
}

/* While its handler runs it is not raised: that would be one more, for nothing. */
static void not_in_its_handler(void **state)
{
	(void)state;
	inject(SDEI_CPER_RECOVERABLE, RAM_BASE);
	enter(UE, 0);
	wait_ms(60000);
	assert_int_equal(world.raised[UE], 1);
	leave(UE, 0);
	wait_ms(2000);
	assert_true(world.raised[UE] > 1);
}

/*
 * The guest masks interrupts on a vcpu: what handlers leave for later stays. It
 * gets no more corrected errors than it was asked to have room for.
 */
static void corrected_leave_room(void **state)
{
	unsigned shown_most, looks;

	(void)state;
	world.sgis[1] = 1 << 4;
	for (unsigned i = 0; i < 100000; i++) {
		inject(SDEI_CPER_CORRECTED, RAM_BASE + PAGE * (i % 100));
		if (shown(CE))
			handle(CE, 1, true);
		world.now += i % 50 == 0;
		records_poll(&vmm);
	}
	shown_most = (unsigned)records_count(CE).published;
	assert_int_equal(shown_most, SOURCE_RECORDS);
	assert_int_equal(records_count(CE).held, 34);
	assert_int_equal(records_count(CE).dropped,
			 100000 - 34 - SOURCE_RECORDS);
	/* Looked at seldom: 2 s have passed. */
	assert_in_range(world.looks, 3, 12);
	/* A recoverable and a fatal one come at once. */
	assert_string_equal(inject(SDEI_CPER_RECOVERABLE, RAM_BASE).what,
			    "delivered");
	assert_string_equal(inject(SDEI_CPER_FATAL, RAM_BASE).what,
			    "delivered");
	assert_int_equal(world.raised[FATAL], 1);
	/* It takes interrupts again: so do corrected ones go on. */
	looks = world.looks;
	world.sgis[1] = 0;
	wait_ms(2000);
	assert_true(world.looks > looks);
	assert_int_equal(shown(CE) != 0, 1);
}

/* An idle guest's storm: all go through, some of them a little later. */
static void a_guest_that_drains(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		inject(SDEI_CPER_CORRECTED, RAM_BASE + PAGE * (i % 100));
		if (shown(CE))
			handle(CE, i % 4, true);
		wait_ms(1);
	}
	for (unsigned i = 0; i < 100 && shown(CE); i++) {
		handle(CE, 0, true);
		wait_ms(20);
	}
	assert_int_equal(records_count(CE).acknowledged, 1000);
	assert_int_equal(records_count(CE).dropped, 0);
}

/* However long it does not work on them, and whichever source it is: seldom. */
static void looked_at_seldom(void **state)
{
	(void)state;
	world.sgis[0] = 1 << 4;
	for (unsigned i = 0; i < SOURCE_RECORDS; i++) {
		inject(SDEI_CPER_RECOVERABLE, RAM_BASE);
		handle(UE, 0, true);
	}
	inject(SDEI_CPER_RECOVERABLE, RAM_BASE);
	wait_ms(60000);
	assert_in_range(world.looks, 3, 100);
}

/* What a resumed guest has room for is known before an error comes. */
static void resumed(void **state)
{
	(void)state;
	move();
	wait_ms(60000);
	assert_in_range(world.looks, 1, 2);
	assert_string_equal(inject(SDEI_CPER_CORRECTED, RAM_BASE).what,
			    "delivered");
	move();
	world.sgis[1] = 1 << 4;
	wait_ms(100);
	assert_string_equal(inject(SDEI_CPER_RECOVERABLE, RAM_BASE).what,
			    "queued");
	world.sgis[1] = 0;
	wait_ms(2000);
	assert_true(shown(UE) != 0);
}

/* In a handler, which ends where the guest goes on. */
static void resumed_in_a_handler(void **state)
{
	(void)state;
	inject(SDEI_CPER_RECOVERABLE, RAM_BASE);
	enter(UE, 1);
	move();
	wait_ms(5000);
	assert_int_equal(world.raised[UE], 1);
	leave(UE, 1);
	handle(UE, 1, false);
	/* It has left that one twice: another one is shown. */
	inject(SDEI_CPER_RECOVERABLE, RAM_BASE + PAGE);
	assert_int_equal(shown(UE), RAM_BASE + PAGE);
	for (unsigned i = 0; i < 2; i++) {
		handle(UE, 1, true);
		wait_ms(2000);
	}
	assert_int_equal(records_count(UE).acknowledged, 2);
}

/* What may have been raised just before it was saved is not raised twice. */
static void resumed_with_a_note(void **state)
{
	struct record_buffer r;
	struct outcome o;

	(void)state;
	inject(SDEI_CPER_RECOVERABLE, RAM_BASE);
	sdei_record_start(&r.record, SDEI_CPER_CORRECTED, 2);
	sdei_record_processor(&r.record, sizeof(r), SDEI_CPER_CORRECTED);
	assert_null(records_report(&vmm, &r.record, &o));
	move();
	wait_ms(500);
	assert_int_equal(world.raised[UE], 1);
	assert_int_equal(world.raised[PROCESSOR], 1);
	wait_ms(3000);
	assert_true(world.raised[UE] > 1);
}

/* A private event goes to the vcpu whose error it is, or to one that takes it. */
static void private_events(void **state)
{
	struct record_buffer r;
	struct outcome o;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		world.off[2] = i == 1;
		sdei_record_start(&r.record, SDEI_CPER_CORRECTED, 2);
		sdei_record_processor(&r.record, sizeof(r),
				      SDEI_CPER_CORRECTED);
		assert_null(records_report(&vmm, &r.record, &o));
		assert_int_equal(o.event, 0x40000102);
		assert_int_equal(o.report.fate, SDEI_RAS_DELIVERED);
		assert_int_equal(world.raised_on[PROCESSOR], i ? 0 : 2);
		assert_int_equal(o.report.pe, i ? 0 : 2);
		handle(PROCESSOR, (unsigned)o.report.pe, true);
	}
	world.masked = true;
	sdei_record_start(&r.record, SDEI_CPER_CORRECTED, 3);
	sdei_record_processor(&r.record, sizeof(r), SDEI_CPER_CORRECTED);
	assert_null(records_report(&vmm, &r.record, &o));
	assert_int_equal(o.report.fate, SDEI_RAS_PENDING);
	assert_string_equal(o.report.why, "events are masked on its vcpu");
	/* Vcpu 3 stays so, another one does not. */
	world.off[3] = true;
	world.masked = false;
	world.pending = true;
	wait_ms(1000);
	assert_int_equal(world.raised_on[PROCESSOR], 0);
	sdei_record_start(&r.record, SDEI_CPER_CORRECTED, 4);
	sdei_record_processor(&r.record, sizeof(r), SDEI_CPER_CORRECTED);
	assert_non_null(records_report(&vmm, &r.record, &o));
}

/* A vcpu without SGIs has done nothing yet while it is in a handler. */
static void not_drained_in_a_handler(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SOURCE_RECORDS; i++) {
		inject(SDEI_CPER_CORRECTED, RAM_BASE);
		handle(CE, 0, true);
	}
	enter(UE, 0);
	inject(SDEI_CPER_CORRECTED, RAM_BASE);
	wait_ms(3000);
	assert_int_equal(shown(CE), 0);
	leave(UE, 0);
	wait_ms(3000);
	assert_true(shown(CE) != 0);
}

/* No uncorrected error waits behind one that is not acknowledged. */
static void makes_way(void **state)
{
	unsigned seen[3] = { 0 };

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		inject(SDEI_CPER_RECOVERABLE, RAM_BASE + PAGE * i);
	for (unsigned i = 0; i < 30; i++) {
		unsigned which = (unsigned)((shown(UE) - RAM_BASE) / PAGE);

		assert_true(which < 3);
		seen[which]++;
		handle(UE, 0, false);
		wait_ms(1000);
	}
	for (unsigned i = 0; i < 3; i++)
		assert_true(seen[i] > 2);
	/* Each is published once, and none is lost. */
	assert_int_equal(records_count(UE).published, 3);
	assert_true(records_count(UE).withdrawn >= 2);
	for (unsigned i = 0; i < 3; i++) {
		handle(UE, 0, true);
		wait_ms(10);
	}
	assert_int_equal(records_count(UE).acknowledged, 3);
	assert_int_equal(shown(UE), 0);
}

/* Not while a handler may be reading it. */
static void not_under_a_reader(void **state)
{
	(void)state;
	inject(SDEI_CPER_RECOVERABLE, RAM_BASE);
	handle(UE, 0, false);
	wait_ms(20);
	handle(UE, 0, false);
	enter(UE, 1);
	inject(SDEI_CPER_RECOVERABLE, RAM_BASE + PAGE);
	wait_ms(5000);
	assert_int_equal(shown(UE), RAM_BASE);
	leave(UE, 1);
	wait_ms(2000);
	assert_int_equal(shown(UE), RAM_BASE + PAGE);
}

/* A fatal error has its own way, whatever became of the others. */
static void fatal_waits_for_nobody(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 40; i++) {
		inject(SDEI_CPER_RECOVERABLE, RAM_BASE);
		inject(SDEI_CPER_CORRECTED, RAM_BASE);
	}
	assert_string_equal(inject(SDEI_CPER_FATAL, RAM_BASE + PAGE).what,
			    "delivered");
	assert_int_equal(shown(FATAL), RAM_BASE + PAGE);
	assert_int_equal((uint32_t)word_at(block_of(FATAL) + 16), 1);
}

/* A kernel that knows no acknowledgement empties the block. */
static void without_acknowledgement(void **state)
{
	(void)state;
	inject(SDEI_CPER_CORRECTED, RAM_BASE);
	inject(SDEI_CPER_CORRECTED, RAM_BASE + PAGE);
	for (unsigned i = 0; i < 2; i++) {
		enter(CE, 0);
		memset(vmm_memory(&vmm, block_of(CE), 4), 0, 4);
		leave(CE, 0);
		wait_ms(50);
	}
	assert_int_equal(shown(CE), RAM_BASE + PAGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		TEST(dispositions),
		TEST(traced),
		TEST(a_bounded_queue),
		TEST(raised_again),
		TEST(not_while_it_waits),
		TEST(not_in_its_handler),
		TEST(corrected_leave_room),
		TEST(a_guest_that_drains),
		TEST(looked_at_seldom),
		TEST(resumed),
		TEST(resumed_in_a_handler),
		TEST(resumed_with_a_note),
		TEST(private_events),
		TEST(not_drained_in_a_handler),
		TEST(makes_way),
		TEST(not_under_a_reader),
		TEST(fatal_waits_for_nobody),
		TEST(without_acknowledgement),
	};

	make_world();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
