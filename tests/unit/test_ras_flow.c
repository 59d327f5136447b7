/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From injection to the kernel's log, with a kernel that is slow, deaf or full.
 *
 * The kernel here works as Linux does: a handler copies the record into one pool
 * and asks for an interrupt on its own PE, unless one is asked for already; that
 * interrupt empties the pool. A full pool: no acknowledgement, whatever the
 * severity. The dispatcher is a small one of this file's own.
 */
#include "ras_fake.h"

#include <ras/source.h>

#define SOURCES		6
#define FIRST_EVENT	0x40000100u
#define NOBODY		(-1)
#define ENOUGH		(SOURCES * PLAT_RAS_PREALLOCATED)

static const bool private[SOURCES] = { false, false, true, true, false, true };
static const bool critical[SOURCES] = { false, true, false, true, true, true };

/* The dispatcher. */
static bool waits[SOURCES][PES];	/* shared ones: on PE 0 */
static int runs[PES][2];		/* by priority; NOBODY: no handler */

/* The kernel. */
static unsigned pool, room, list, claimed, starved, panics, logged[200000];
static unsigned working[PES];		/* records that its interrupt holds */
static bool irqs_masked[PES], listens;

static unsigned index_of_event(uint32_t number) { return number - FIRST_EVENT; }

static bool can_take(unsigned pe, unsigned source)
{
	return listens && pe_on[pe] && !masked_pe[pe] &&
	       runs[pe][1] == NOBODY &&
	       (critical[source] || runs[pe][0] == NOBODY);
}

static int my_raise(uint32_t number, unsigned target)
{
	unsigned s = index_of_event(number);

	waits[s][private[s] ? target : 0] = true;
	if (private[s])
		return can_take(target, s) ? (int)target : SDEI_RAISE_PENDING;
	for (unsigned i = 0; i < PES; i++)
		if (can_take((self + i) % PES, s))
			return (int)((self + i) % PES);
	return SDEI_RAISE_PENDING;
}

static void my_query(uint32_t number, unsigned pe, struct sdei_report *report)
{
	unsigned s = index_of_event(number);

	if (!number)
		return;
	report->status = listens ? SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED
				 : 0;
	report->pending = waits[s][private[s] ? pe : 0];
	for (unsigned p = 0; p < PES; p++)
		if ((p == pe || !private[s]) && runs[p][critical[s]] == (int)s)
			report->status |= SDEI_STATUS_RUNNING;
	busy_pe[pe] = runs[pe][0] != NOBODY || runs[pe][1] != NOBODY;
}

static int setup_kernel(void **state)
{
	setup(state);
	memset(waits, 0, sizeof(waits));
	memset(logged, 0, sizeof(logged));
	memset(working, 0, sizeof(working));
	memset(irqs_masked, 0, sizeof(irqs_masked));
	for (unsigned pe = 0; pe < PES; pe++)
		runs[pe][0] = runs[pe][1] = NOBODY;
	pool = list = claimed = starved = panics = 0;
	room = ENOUGH;
	listens = true;
	on_raise = my_raise;
	on_query = my_query;
	return 0;
}

/* Enter what can be entered on a PE; false if nothing can. */
static bool enter(unsigned pe)
{
	static const unsigned order[SOURCES] = { 4, 5, 1, 3, 0, 2 };

	for (unsigned i = 0; i < SOURCES; i++) {
		unsigned s = order[i];
		bool *wait = &waits[s][private[s] ? pe : 0];
		bool elsewhere = false;

		for (unsigned p = 0; p < PES; p++)
			elsewhere |= !private[s] &&
				     runs[p][critical[s]] == (int)s;
		if (!*wait || elsewhere || !can_take(pe, s))
			continue;
		*wait = false;
		runs[pe][critical[s]] = (int)s;
		self = pe;
		ras_entered(FIRST_EVENT + s, pe);
		return true;
	}
	return false;
}

/* Linux's ghes_in_nmi_queue_one_entry(), and the irq_work behind it. */
static void handle(unsigned pe, unsigned s)
{
	if (!get(block(s), 4))
		return;
	if (pool == room) {
		starved++;
		return;
	}
	assert_in_range(get(block(s) + 16, 4), 0, 2);
	logged[atoi(text(block(s)) + 4)]++;
	if (get(block(s) + 16, 4) == 1)
		panics++;
	acknowledge(s);
	pool++;
	list++;
	if (!claimed) {
		claimed = pe + 1;
		sgi[pe] = true;
	}
}

/* The innermost handler on a PE runs to its end; false if there is none. */
static bool leave(unsigned pe)
{
	int *run = &runs[pe][runs[pe][1] != NOBODY];
	unsigned s = (unsigned)*run;

	if (*run == NOBODY)
		return false;
	handle(pe, s);
	*run = NOBODY;
	self = pe;
	ras_completed(FIRST_EVENT + s, pe);
	return true;
}

/* The interrupt that the kernel sent itself, in two steps: taken, and done. */
static bool interrupt(unsigned pe)
{
	if (irqs_masked[pe] || runs[pe][0] != NOBODY || runs[pe][1] != NOBODY)
		return false;
	if (working[pe]) {
		pool -= working[pe];
		working[pe] = 0;
		sgi[pe] = claimed == pe + 1;
		return true;
	}
	if (!sgi[pe])
		return false;
	working[pe] = list;
	list = claimed = 0;
	if (!working[pe])
		sgi[pe] = false;
	return true;
}

/* Everything that can happen without time passing. */
static void settle(void)
{
	bool more;

	do {
		more = false;
		for (unsigned pe = 0; pe < PES; pe++) {
			more |= enter(pe);
			more |= leave(pe);
			more |= interrupt(pe);
		}
	} while (more);
}

static void pass(unsigned microseconds)
{
	uint64_t end = now + microseconds;

	while (poll_at && poll_at <= end) {
		next_poll();
		settle();
	}
	now = end;
}

/* Nothing is lost uncounted. */
static void check_sums(void)
{
	for (unsigned s = 0; s < SOURCES; s++) {
		struct ras_counters c = counters(s);

		assert_int_equal(c.injected, c.acknowledged + c.dropped +
				 c.queued + c.busy);
		assert_true(c.queued <= 32);
	}
}

/* All sources have nothing to do and the poll timer rests. */
static void check_idle(void)
{
	check_sums();
	pass(2000000);			/* another PE's timer, in vain */
	for (unsigned s = 0; s < SOURCES; s++)
		assert_false(counters(s).busy || counters(s).queued);
	assert_int_equal(poll_at, 0);
}

/* The input: interrupts masked on PE 1, 1,400 errors for it. */
static void masked_pe_starves_nobody(void **state)
{
	(void)state;
	irqs_masked[1] = true;
	for (unsigned i = 0; i < 1400; i++) {
		inject(processor_error(RAS_CORRECTED, 1));
		settle();
		pass(100);
	}
	assert_int_equal(counters(2).acknowledged, PLAT_RAS_PREALLOCATED);
	assert_int_equal(counters(2).queued, 32);
	assert_int_equal(counters(2).held, 32);
	assert_int_equal(pool, PLAT_RAS_PREALLOCATED);
	/* Corrected memory errors are handled elsewhere: they join the rest. */
	inject(memory_error(RAS_CORRECTED));
	inject(memory_error(RAS_RECOVERABLE));
	settle();
	assert_int_equal(counters(0).acknowledged, 1);
	assert_int_equal(counters(1).acknowledged, 1);
	assert_int_equal(panics, 0);
	inject(memory_error(RAS_FATAL));
	settle();
	assert_int_equal(panics, 1);
	/* It lives again when the PE does, and tells of what was lost. */
	irqs_masked[1] = false;
	settle();
	pass(50000);
	check_idle();
	assert_int_equal(counters(2).dropped, 1400 - PLAT_RAS_PREALLOCATED - 32);
	assert_int_equal(starved, 0);
}

/* Memory errors handled by PE 0 while PE 1 has asked for the interrupt. */
static void another_pe_asked_first(void **state)
{
	(void)state;
	irqs_masked[1] = true;
	inject(processor_error(RAS_CORRECTED, 1));
	settle();
	for (unsigned i = 0; i < 1000; i++) {
		self = 0;
		inject(memory_error(RAS_CORRECTED));
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
		inject(memory_error(RAS_CORRECTED));
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
	drain_start();
	drain_entered(1);
	for (unsigned i = 0; i < PLAT_RAS_PREALLOCATED; i++)
		drain_taken(0);
	assert_false(drain_has_room(0));
	drain_left(1);
	sgi[1] = true;
	assert_false(drain_has_room(0));
	assert_true(drain_has_room(1));
	sgi[1] = false;
	assert_true(drain_has_room(0));
}

/* A kernel whose pool is full for its own reasons: raised again, for ever. */
static void full_pool(void **state)
{
	uint64_t before;

	(void)state;
	room = 0;
	for (unsigned s = 0; s < 2; s++)
		inject(memory_error((enum ras_severity)s));
	inject(processor_error(RAS_RECOVERABLE, 2));
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
	inject(memory_error(RAS_RECOVERABLE));
	settle();
	pass(10000);
	settle();
	inject(memory_error(RAS_RECOVERABLE));
	assert_string_equal(text(block(1)), "seq 2");
	assert_int_equal(counters(1).withdrawn, 1);
	settle();
	pass(10000);
	inject(memory_error(RAS_RECOVERABLE));
	assert_string_equal(text(block(1)), "seq 3");
	/* Corrected ones leave the room that comes to those. */
	inject(memory_error(RAS_CORRECTED));
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
	inject(processor_error(RAS_RECOVERABLE, 1));
	assert_true(enter(1));
	self = 2;
	inject(memory_error(RAS_RECOVERABLE));
	assert_true(enter(2));
	my_query(FIRST_EVENT, 1, &(struct sdei_report){ 0 });
	inject(processor_error(RAS_FATAL, 1));
	assert_int_equal(raised_event, PLAT_EVENT_CPU_FATAL);
	assert_int_not_equal(raised_target, 1);
	assert_true(enter(raised_target));
	assert_true(leave(raised_target));
	assert_int_equal(panics, 1);
	/* One that no handler has acknowledged makes way for the next. */
	room = pool;
	inject(memory_error(RAS_FATAL));
	assert_true(enter(0) && leave(0));
	now = poll_at;
	next_poll();
	assert_true(enter(0) && leave(0));
	room = ENOUGH;
	inject(memory_error(RAS_FATAL));
	assert_true(enter(0) && leave(0));
	assert_int_equal(logged[5], 1);
	assert_int_equal(panics, 2);
}

/* Masked before, masked meanwhile: the error goes to one that is not. */
static void masked_target(void **state)
{
	struct ras_outcome o;

	(void)state;
	masked_pe[1] = true;
	o = inject(processor_error(RAS_RECOVERABLE, 1));
	assert_int_equal(o.pe, 0);
	assert_string_equal(o.reason, "the PE cannot take events now, another one takes this one");
	settle();
	masked_pe[1] = false;
	o = inject(processor_error(RAS_RECOVERABLE, 1));
	assert_int_equal(o.pe, 1);
	masked_pe[1] = true;
	/* Another error arrives, or the poll does. */
	inject(processor_error(RAS_RECOVERABLE, 2));
	settle();
	assert_int_equal(counters(3).acknowledged, 3);
	masked_pe[1] = false;
	o = inject(processor_error(RAS_CORRECTED, 1));
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
		inject(memory_error(RAS_CORRECTED));
		self = 0;
		assert_true(enter(0));
		put(block(0), 0, 4);
		runs[0][0] = NOBODY;
		ras_completed(FIRST_EVENT, 0);
		assert_true(counters(0).busy);
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
		inject(processor_error(RAS_CORRECTED, 1));
		settle();
	}
	assert_int_equal(counters(2).queued, 32);
	inject(memory_error(RAS_RECOVERABLE));
	enter(0);
	listens = false;
	runs[0][1] = NOBODY;		/* crashed in the handler */
	ras_completed(PLAT_EVENT_MEMORY_UE, 0);
	pool = list = claimed = 0;
	memset(waits, 0, sizeof(waits));	/* and pending events went */
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
		inject(rand() % 2 ? memory_error(RAS_FATAL)
				  : processor_error(RAS_FATAL, pe));
		++*fatals;
		break;
	default:
		inject(rand() % 2 ?
		       memory_error(rand() % 8 ? RAS_CORRECTED
					       : RAS_RECOVERABLE) :
		       processor_error(rand() % 8 ? RAS_CORRECTED
						  : RAS_RECOVERABLE, pe));
	}
}

/* Whatever comes in whatever order: counted, and in the end alive. */
static void random_walks(void **state)
{
	for (unsigned seed = 0; seed < 300; seed++) {
		bool small = seed % 3 == 0;	/* pools that get full, too */
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
