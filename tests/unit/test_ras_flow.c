/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From injection to the kernel's log, with a kernel that is slow, deaf or full.
 */
#include "ras_kernel.h"

/* The input: interrupts masked on PE 1, 1,400 errors for it. */
static void masked_pe_starves_nobody(void **state)
{
	(void)state;
	irqs_masked[1] = true;
	for (unsigned i = 0; i < 1400; i++) {
		inject(processor_error(SDEI_CPER_CORRECTED, 1));
		settle();
		pass(100);
	}
	assert_int_equal(counters(2).acknowledged, PLAT_RAS_PREALLOCATED);
	assert_int_equal(counters(2).queued, QUEUED_CPU);
	assert_int_equal(counters(2).held, QUEUED_CPU);
	assert_int_equal(pool, PLAT_RAS_PREALLOCATED);
	/* Corrected memory errors are handled elsewhere: they join the rest. */
	inject(memory_error(SDEI_CPER_CORRECTED));
	inject(memory_error(SDEI_CPER_RECOVERABLE));
	settle();
	assert_int_equal(counters(0).acknowledged, 1);
	assert_int_equal(counters(1).acknowledged, 1);
	assert_int_equal(panics, 0);
	inject(memory_error(SDEI_CPER_FATAL));
	settle();
	assert_int_equal(panics, 1);
	/* It lives again when the PE does, and tells of what was lost. */
	irqs_masked[1] = false;
	settle();
	pass(50000);
	check_idle();
	assert_int_equal(counters(2).dropped,
			 1400 - PLAT_RAS_PREALLOCATED - QUEUED_CPU);
	assert_int_equal(starved, 0);
}

/* Memory errors handled by PE 0 while PE 1 has asked for the interrupt. */
static void another_pe_asked_first(void **state)
{
	(void)state;
	irqs_masked[1] = true;
	inject(processor_error(SDEI_CPER_CORRECTED, 1));
	settle();
	for (unsigned i = 0; i < 1000; i++) {
		self = 0;
		inject(memory_error(SDEI_CPER_CORRECTED));
		settle();
		pass(1000);
	}
	assert_int_equal(counters(0).acknowledged, PLAT_RAS_PREALLOCATED);
	irqs_masked[1] = false;
	settle();
	pass(20000);
	check_idle();
}

/* An idle kernel handles everything with interrupts masked around WFI. */
static void idle_machine_is_not_held_back(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		inject(memory_error(SDEI_CPER_CORRECTED));
		settle();
		pass(10);
	}
	assert_int_equal(counters(0).acknowledged, 5000);
	assert_int_equal(counters(0).held, 0);
	check_idle();
}

/* In a handler a PE may have taken a record and not yet sent itself an SGI. */
static void handler_has_not_ended(void **state)
{
	(void)state;
	inject(processor_error(SDEI_CPER_CORRECTED, 1));
	assert_true(enter(1));
	masked_pe[1] = true;
	for (unsigned i = 0; i <= PLAT_RAS_PREALLOCATED; i++) {
		self = 0;
		inject(memory_error(SDEI_CPER_CORRECTED));
		settle_pe(0);
	}
	assert_int_equal(counters(0).queued, 1);
	/* Its end, with an interrupt of its own. */
	irqs_masked[1] = true;
	assert_true(leave(1));
	sgi[1] = true;
	assert_int_equal(counters(0).queued, 1);
	assert_int_equal(inject(processor_error(SDEI_CPER_CORRECTED, 2)).fate,
			 SDEI_RAS_DELIVERED);
	sgi[1] = false;
	pass(10000);
	assert_int_equal(counters(0).queued, 0);
}

/* A kernel whose pool is full for its own reasons: raised again, for ever. */
static void full_pool(void **state)
{
	uint64_t before;

	(void)state;
	room = 0;
	for (unsigned s = 0; s < 2; s++)
		inject(memory_error(s ? SDEI_CPER_RECOVERABLE
				      : SDEI_CPER_CORRECTED));
	inject(processor_error(SDEI_CPER_RECOVERABLE, 2));
	settle();
	assert_int_equal(starved, 3);
	before = raises;
	pass(10000);
	assert_in_range(raises - before, 1, 3);
	pass(2000000);
	before = raises;
	/* At most once a second, and never never. */
	for (unsigned i = 0; i < 100; i++) {
		pass(1000000);
		assert_in_range(raises - before, 2, 3);
		before = raises;
	}
	assert_true(counters(1).raised_again > 100);
	room = ENOUGH;
	pass(1000000);
	settle();
	check_idle();
	for (unsigned i = 1; i <= 3; i++)
		assert_int_equal(logged[i], 1);
}

/* Uncorrected errors do not wait behind one that is not acknowledged. */
static void makes_way(void **state)
{
	(void)state;
	room = 0;
	inject(memory_error(SDEI_CPER_RECOVERABLE));
	settle();
	pass(10000);
	settle();
	inject(memory_error(SDEI_CPER_RECOVERABLE));
	assert_string_equal(text(block(1)), "seq 2");
	assert_int_equal(counters(1).withdrawn, 1);
	settle();
	pass(10000);
	inject(memory_error(SDEI_CPER_RECOVERABLE));
	assert_string_equal(text(block(1)), "seq 3");
	/* Corrected ones leave the room that comes to those. */
	inject(memory_error(SDEI_CPER_CORRECTED));
	settle();
	assert_int_equal(counters(0).published, 0);
	assert_int_equal(counters(0).held, 1);
	/* While none comes they take turns; when some does, all are logged. */
	pass(10000000);
	settle();
	assert_true(counters(1).withdrawn > 5);
	assert_int_equal(counters(1).published, 3);
	room = ENOUGH;
	pass(1000000);
	settle();
	check_idle();
	for (unsigned i = 1; i <= 4; i++)
		assert_int_equal(logged[i], 1);
}

/* Fatal errors have sources of their own, and do not wait for each other. */
static void fatal_waits_for_nobody(void **state)
{
	(void)state;
	/* A handler that never ends on PE 1, and one on PE 2 of each kind. */
	inject(processor_error(SDEI_CPER_RECOVERABLE, 1));
	assert_true(enter(1));
	self = 2;
	inject(memory_error(SDEI_CPER_RECOVERABLE));
	assert_true(enter(2));
	my_query(FIRST_EVENT, 1, &(struct sdei_report){ 0 });
	inject(processor_error(SDEI_CPER_FATAL, 1));
	assert_int_equal(raised_event, PLAT_EVENT_CPU_FATAL);
	assert_int_not_equal(raised_target, 1);
	assert_true(enter(raised_target));
	assert_true(leave(raised_target));
	assert_int_equal(panics, 1);
	/* One that no handler has acknowledged makes way for the next. */
	room = pool;
	inject(memory_error(SDEI_CPER_FATAL));
	assert_true(enter(0) && leave(0));
	now = poll_at;
	next_poll();
	assert_true(enter(0) && leave(0));
	room = ENOUGH;
	inject(memory_error(SDEI_CPER_FATAL));
	assert_true(enter(0) && leave(0));
	assert_int_equal(logged[5], 1);
	assert_int_equal(panics, 2);
}

/* Masked before, masked meanwhile: the error goes to one that is not. */
static void masked_target(void **state)
{
	struct sdei_ras_outcome o;

	(void)state;
	masked_pe[1] = true;
	o = inject(processor_error(SDEI_CPER_RECOVERABLE, 1));
	assert_int_equal(o.pe, 0);
	assert_string_equal(
		o.why,
		"the PE cannot take events now, another one takes this one");
	settle();
	masked_pe[1] = false;
	o = inject(processor_error(SDEI_CPER_RECOVERABLE, 1));
	assert_int_equal(o.pe, 1);
	masked_pe[1] = true;
	/* Another error arrives, or the poll does. */
	inject(processor_error(SDEI_CPER_RECOVERABLE, 2));
	settle();
	assert_int_equal(counters(3).acknowledged, 3);
	masked_pe[1] = false;
	o = inject(processor_error(SDEI_CPER_CORRECTED, 1));
	masked_pe[1] = true;
	pass(10000);
	assert_int_equal(counters(2).acknowledged, 1);
	masked_pe[1] = false;
	settle();
	check_idle();
}

/* A kernel that clears the block and does not know acknowledgements. */
static void version_1_kernel(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		inject(memory_error(SDEI_CPER_CORRECTED));
		self = 0;
		assert_true(enter(0));
		put(block(0), 0, 4);
		runs[0][0] = NOBODY;
		ras_completed(FIRST_EVENT, 0);
		assert_true(busy(0));
		pass(10000);
		assert_true(enter(0) || !waits[0][0]);
		pass(100000);
		assert_int_equal(counters(0).acknowledged, i + 1);
	}
}

/* Another kernel takes over: what the first one held is nobody's. */
static void new_kernel(void **state)
{
	(void)state;
	irqs_masked[1] = true;
	for (unsigned i = 0; i < 200; i++) {
		inject(processor_error(SDEI_CPER_CORRECTED, 1));
		settle();
	}
	assert_int_equal(counters(2).queued, QUEUED_CPU);
	inject(memory_error(SDEI_CPER_RECOVERABLE));
	enter(0);
	listens = false;
	runs[0][1] = NOBODY; /* crashed in the handler */
	ras_completed(PLAT_EVENT_MEMORY_UE, 0);
	pool = list = claimed = 0;
	memset(waits, 0, sizeof(waits)); /* and pending events went */
	ras_client_reset();
	pass(3000000);
	listens = true;
	pass(1000000);
	check_idle();
	assert_int_equal(counters(1).acknowledged, 1);
}

static void random_step(unsigned *fatals)
{
	unsigned pe = (unsigned)rand() % PES;

	self = (unsigned)rand() % PES;
	switch (rand() % 16) {
	case 0:
		irqs_masked[pe] = rand() % 2;
		break;
	case 1:
		masked_pe[pe] = rand() % 8 == 0;
		break;
	case 2:
		room = rand() % 50 ? ENOUGH : (unsigned)rand() % 30;
		break;
	case 3:
		listens = rand() % 20 != 0;
		break;
	case 4:
		pass((unsigned)rand() % 30000);
		break;
	case 5:
		enter(pe);
		break;
	case 6:
		leave(pe);
		break;
	case 7:
		interrupt(pe);
		break;
	case 8:
		if (rand() % 20)
			break;
		inject(rand() % 2 ? memory_error(SDEI_CPER_FATAL)
				  : processor_error(SDEI_CPER_FATAL, pe));
		++*fatals;
		break;
	default:
		inject(rand() % 2 ? memory_error(
					    rand() % 8 ? SDEI_CPER_CORRECTED
						       : SDEI_CPER_RECOVERABLE)
				  : processor_error(
					    rand() % 8 ? SDEI_CPER_CORRECTED
						       : SDEI_CPER_RECOVERABLE,
					    pe));
	}
}

/* Whatever comes in whatever order: counted, and in the end alive. */
static void random_walks(void **state)
{
	for (unsigned seed = 0; seed < 300; seed++) {
		bool small = seed % 3 == 0; /* pools that get full, too */
		unsigned fatals = 0, total = 0, once = 0, dropped = 0;

		setup_kernel(state);
		srand(seed);
		for (unsigned i = 0; i < 2000; i++) {
			random_step(&fatals);
			if (!small)
				room = ENOUGH;
			assert_true(small || pool <= ENOUGH);
			assert_true(small || !starved);
			check_sums();
		}
		listens = true;
		room = ENOUGH;
		memset(irqs_masked, 0, sizeof(irqs_masked));
		memset(masked_pe, 0, sizeof(masked_pe));
		for (unsigned i = 0; i < 20; i++) {
			settle();
			pass(500000);
		}
		check_idle();
		assert_int_equal(pool, 0);
		for (unsigned s = 0; s < SOURCES; s++) {
			total += (unsigned)counters(s).injected;
			dropped += (unsigned)counters(s).dropped;
		}
		for (unsigned i = 1; i <= total; i++) {
			assert_in_range(logged[i], 0, 1);
			once += logged[i];
		}
		assert_int_equal(once + dropped, total);
		assert_int_equal(panics, fatals);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(masked_pe_starves_nobody, setup_kernel),
		cmocka_unit_test_setup(another_pe_asked_first, setup_kernel),
		cmocka_unit_test_setup(idle_machine_is_not_held_back,
				       setup_kernel),
		cmocka_unit_test_setup(handler_has_not_ended, setup_kernel),
		cmocka_unit_test_setup(full_pool, setup_kernel),
		cmocka_unit_test_setup(makes_way, setup_kernel),
		cmocka_unit_test_setup(fatal_waits_for_nobody, setup_kernel),
		cmocka_unit_test_setup(masked_target, setup_kernel),
		cmocka_unit_test_setup(version_1_kernel, setup_kernel),
		cmocka_unit_test_setup(new_kernel, setup_kernel),
		cmocka_unit_test_setup(random_walks, setup_kernel),
	};

	return cmocka_run_group_tests_name("ras flow", tests, NULL, NULL);
}
