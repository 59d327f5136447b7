/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Around the dispatcher: making it, the PEs' power, and what
 * sdei_query() shows.
 */
#include "fake.h"

#include <stdlib.h>
#include <string.h>

/* 5.1.12, 6.5: on is masked, with nothing private registered. */
static void power_on(void **state)
{
	struct machine *m = *state;

	listen(m, 0, PRIVATE);
	listen(m, 0, SHARED);
	sdei_pe_off(m->d, 0);
	sdei_pe_on(m->d, 0);
	assert_true(sdei_pe_masked(m->d, 0));
	assert_int_equal(CALL(m, 0, SDEI_FID_PE_MASK, 0), 0);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS, PRIVATE), 0);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS, SHARED), 3);
}

/* 6.5: masked after power-down, everything else as it was. */
static void suspend(void **state)
{
	struct machine *m = *state;

	listen(m, 0, PRIVATE);
	sdei_raise(m->d, 1, PRIVATE, 0);
	sdei_pe_suspend(m->d, 0);
	assert_false(deliver(m, 0));
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS, PRIVATE), 3);
	CALL(m, 0, SDEI_FID_PE_UNMASK, 0);
	assert_true(at_handler(m, 0, PRIVATE));
}

/* SYSTEM_SUSPEND inside a handler ends it; it stays registered. */
static void suspend_inside_a_handler(void **state)
{
	struct machine *m = *state;

	listen(m, 0, PRIVATE);
	sdei_raise(m->d, 0, PRIVATE, 0);
	assert_true(deliver(m, 0));
	assert_true(sdei_pe_in_handler(m->d, 0));
	sdei_pe_suspend(m->d, 0);
	assert_false(sdei_pe_in_handler(m->d, 0));
	assert_int_equal(m->last_how, SDEI_POWERED_OFF);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS, PRIVATE), 3);
}

/* 6.5.4: going off inside handlers ends them; a shared event goes on. */
static void off_inside_handlers(void **state)
{
	struct machine *m = *state;

	listen(m, 0, SHARED);
	listen(m, 0, PRIVATE_CRIT);
	sdei_raise(m->d, 0, SHARED, 0);
	assert_true(deliver(m, 0));
	sdei_raise(m->d, 0, PRIVATE_CRIT, 0);
	assert_true(deliver(m, 0));
	sdei_raise(m->d, 0, SHARED, 0);
	sdei_pe_off(m->d, 0);
	assert_int_equal(m->completed, 2);
	assert_int_equal(m->last_completed, SHARED);
	assert_int_equal(m->last_how, SDEI_POWERED_OFF);
	assert_true(m->kicks[1] > 0);
	assert_true(deliver(m, 1));
	assert_true(at_handler(m, 1, SHARED));
	sdei_pe_on(m->d, 0);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_COMPLETE, 0), SDEI_DENIED);
}

/* An off PE is never woken for an event, and loses none of the platform's. */
static void off_waits(void **state)
{
	struct machine *m = *state;

	sdei_pe_off(m->d, 1);
	assert_int_equal(sdei_raise(m->d, 0, PRIVATE, 1), SDEI_RAISE_PENDING);
	assert_int_equal(m->kicks[1], 0);
	sdei_pe_on(m->d, 1);
	listen(m, 1, PRIVATE);
	assert_false(at_handler(m, 1, PRIVATE));
	CALL(m, 1, SDEI_FID_PE_UNMASK, 0);
	assert_true(at_handler(m, 1, PRIVATE));
}

static void query(void **state)
{
	struct machine *m = *state;
	struct sdei_report r;

	CALL(m, 0, SDEI_FID_EVENT_REGISTER, SHARED, ENTRY, 0, 1, 0x102);
	CALL(m, 0, SDEI_FID_EVENT_ENABLE, SHARED);
	assert_true(sdei_query(m->d, 0, 3, &r));
	assert_int_equal(r.info->number, SHARED);
	assert_int_equal(r.status, 3);
	assert_int_equal(r.routing_mode, SDEI_RM_PE);
	assert_int_equal(r.affinity, 0x102);
	assert_int_equal(r.entry_point, ENTRY);
	assert_int_equal(r.running_on, -1);
	assert_false(r.pending);
	sdei_raise(m->d, 0, SHARED, 0);
	assert_true(sdei_query(m->d, 0, 3, &r));
	assert_true(r.pending);
	deliver(m, 2);
	assert_true(sdei_query(m->d, 0, 3, &r));
	assert_false(r.pending);
	assert_int_equal(r.running_on, 2);
	/* A signal that its PE has not seen yet counts. */
	sdei_raise(m->d, 0, SIGNALLED, 1);
	assert_true(sdei_query(m->d, 1, 1, &r));
	assert_true(r.pending);
	assert_true(sdei_query(m->d, 0, 1, &r));
	assert_false(r.pending);
	assert_false(sdei_query(m->d, PES, 0, &r));
	/* Slots come behind the table's seven; these are free. */
	assert_true(sdei_query(m->d, 0, 7, &r));
	assert_null(r.info);
	assert_false(sdei_query(m->d, 0, 7 + PRIVATE_SLOTS + SHARED_SLOTS, &r));
}

/* What init refuses, one thing at a time. */
static void bad_config(struct machine *m, const struct sdei_config *config)
{
	const char *why = NULL;

	assert_null(sdei_dispatcher_init(m->memory, sizeof(m->memory), config,
					 &why));
	assert_non_null(why);
	assert_int_equal(sdei_dispatcher_size(config), 0);
}

static void bad_events(void **state)
{
	static const struct sdei_event_info bad[] = {
		{ .number = 0x80000001 },
		{ .number = 0x41000000 },
		{ .number = PRIVATE, .type = 2 },
		{ .number = PRIVATE, .priority = 2 },
		{ .number = PRIVATE, .signalable = true },
		{ .number = SIGNALLED },
		{ .number = SIGNALLED, .signalable = true, .type = 1 },
		{ .number = SIGNALLED, .signalable = true, .priority = 1 },
		{ .number = PRIVATE }, /* event 0 is missing */
		{ .number = SDEI_EVENT_BOUND },
		{ .number = PRIVATE, .interrupt = 15 },
		{ .number = PRIVATE, .interrupt = 33 },
		{ .number = PRIVATE, .type = 1, .interrupt = 20 },
		{ .number = PRIVATE, .type = 1, .interrupt = INTERRUPTS },
	};
	struct machine *m = *state;
	struct sdei_config c = m->config;

	c.event_count = 1;
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		c.events = &bad[i];
		bad_config(m, &c);
	}
}

static void bad_configs(void **state)
{
	struct machine *m = *state;
	struct sdei_config c;
	struct sdei_ops ops;

#define BAD(field, value) (c = m->config, c.field = (value), bad_config(m, &c))
	BAD(events, NULL);
	BAD(event_count, 0);
	BAD(event_count, 8193);
	BAD(pe_count, 0);
	BAD(pe_count, 4097);
	BAD(client_el, 0);
	BAD(client_el, 3);
	BAD(version_minor, 2);
	BAD(ops, NULL);
#define WITHOUT(op) \
	(ops = m->ops, ops.op = NULL, c = m->config, c.ops = &ops, \
	 bad_config(m, &c))
	WITHOUT(read);
	WITHOUT(resume);
	WITHOUT(kick);
	WITHOUT(pe_of_affinity);
	WITHOUT(interrupt_check);
	WITHOUT(interrupt_take);
	WITHOUT(interrupt_end);
	WITHOUT(interrupt_give);
	/* Slots of one type are enough to need them. */
	ops = m->ops, ops.interrupt_check = NULL;
	c = m->config, c.ops = &ops, c.private_slots = 0;
	bad_config(m, &c);
	c.private_slots = 1, c.shared_slots = 0;
	bad_config(m, &c);
	BAD(interrupt_count, 1021);
	BAD(private_slots, 4096);
	BAD(shared_slots, 4096);
}

static void bad_memory(void **state)
{
	static const struct sdei_event_info twice[] = {
		{ .number = SIGNALLED, .signalable = true },
		{ .number = PRIVATE },
		{ .number = PRIVATE, .type = 1 },
		{ .number = SHARED, .type = 1 },
	};
	static const struct sdei_event_info zero_twice[] = {
		{ .number = SIGNALLED, .signalable = true },
		{ .number = SIGNALLED, .signalable = true },
	};
	static const struct sdei_event_info same_interrupt[] = {
		{ .number = SIGNALLED, .signalable = true, .interrupt = 20 },
		{ .number = PRIVATE, .interrupt = 20 },
	};
	struct machine *m = *state;
	size_t size = sdei_dispatcher_size(&m->config);
	struct sdei_config c = m->config;
	const char *why = NULL;

	assert_null(sdei_dispatcher_init(m->memory, size - 1, &c, &why));
	assert_string_equal(why, "the memory is too small");
	/* Too small for anything: nothing is written. */
	memset(m->memory, 0x5a, 32);
	why = NULL;
	assert_null(sdei_dispatcher_init(m->memory, 16, &c, &why));
	assert_string_equal(why, "the memory is too small");
	assert_int_equal(m->memory[0], 0x5a);
	assert_int_equal(m->memory[16], 0x5a);
	assert_null(sdei_dispatcher_init(m->memory + 8, size, &c, &why));
	assert_string_equal(why, "the memory is not aligned to 16");
	assert_null(sdei_dispatcher_init(NULL, size, &c, &why));
	c.events = twice;
	c.event_count = 4;
	assert_null(sdei_dispatcher_init(m->memory, size, &c, &why));
	assert_string_equal(why, "an event number is given twice");
	c.events = zero_twice;
	c.event_count = 2;
	assert_null(sdei_dispatcher_init(m->memory, size, &c, &why));
	assert_string_equal(why, "an event number is given twice");
	c.events = same_interrupt;
	c.event_count = 2;
	assert_null(sdei_dispatcher_init(m->memory, size, &c, &why));
	assert_string_equal(why, "an interrupt is given twice");
	assert_non_null(
		sdei_dispatcher_init(m->memory, size, &m->config, &why));
}

/* 4096 private and as many shared events, exactly the memory that was asked. */
static void many_events(void **state)
{
	enum { N = 8192 };
	struct machine *m = *state;
	struct sdei_event_info *events = calloc(N, sizeof(events[0]));
	struct sdei_config c = m->config;
	size_t size;
	void *memory;

	for (unsigned i = 0; i < N; i++)
		events[i] = (struct sdei_event_info){
			.number = i ? SDEI_EVENT_VENDOR + i * 37 : 0,
			.type = i & 1,
			.signalable = !i,
		};
	c.events = events;
	c.event_count = N;
	c.private_slots = c.shared_slots = 0;
	size = sdei_dispatcher_size(&c);
	assert_true(size > 0);
	assert_true(size <=
		    SDEI_DISPATCHER_BOUND(PES, N / 2, N / 2, INTERRUPTS));
	memory = aligned_alloc(16, (size + 15) & ~(size_t)15);
	m->d = sdei_dispatcher_init(memory, size, &c, NULL);
	assert_non_null(m->d);
	CALL(m, 1, SDEI_FID_PE_UNMASK, 0);
	for (unsigned i = 1; i < N; i += 61)
		listen(m, 1, events[i].number);
	for (unsigned i = 1; i < N; i += 61) {
		sdei_raise(m->d, 0, events[i].number, 1);
		assert_true(deliver(m, 1));
		assert_true(at_handler(m, 1, events[i].number));
		CALL(m, 1, SDEI_FID_EVENT_COMPLETE, 0);
	}
	free(memory);
	free(events);
}

/* The constant that embedders reserve is enough for small tables, too. */
static void bound(void **state)
{
	static const struct sdei_event_info one[] = {
		{ .number = SIGNALLED, .signalable = true },
	};
	struct machine *m = *state;
	struct sdei_config c = m->config;

	assert_true(sdei_dispatcher_size(&c) <=
		    SDEI_DISPATCHER_BOUND(PES, 4 + PRIVATE_SLOTS,
					  3 + SHARED_SLOTS, INTERRUPTS));
	c.events = one;
	c.event_count = 1;
	c.private_slots = c.shared_slots = 0;
	c.interrupt_count = 0;
	for (c.pe_count = 1; c.pe_count <= 64; c.pe_count++)
		assert_true(sdei_dispatcher_size(&c) <=
			    SDEI_DISPATCHER_BOUND(c.pe_count, 1, 0, 0));
}

/* Numbers that are looked for first at the end of the table, and do not fit. */
static void numbers_at_the_end(void **state)
{
	struct sdei_event_info events[3] = {
		{ .number = SIGNALLED, .signalable = true },
	};
	struct machine *m = *state;
	unsigned n = 1;

	for (uint32_t number = 1; n < 3; number++)
		if ((uint64_t)(number * 0x9E3779B1u) * 6 >> 32 == 5)
			events[n++].number = number;
	m->config.events = events;
	m->config.event_count = 3;
	m->d = sdei_dispatcher_init(m->memory, sizeof(m->memory), &m->config,
				    NULL);
	for (unsigned i = 0; i < 3; i++)
		listen(m, 0, events[i].number);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS,
			      events[2].number + 1),
			 SDEI_INVALID_PARAMETERS);
}

static unsigned resets[2];

static void count_reset(void *context, unsigned pe, bool shared)
{
	(void)context;
	assert_int_equal(pe, 1);
	resets[shared]++;
}

/* ops->reset hears of both, and the other hooks may be missing. */
static void hooks(void **state)
{
	struct machine *m = *state;

	m->ops.entered = NULL;
	m->ops.completed = NULL;
	m->ops.reset = count_reset;
	listen(m, 1, PRIVATE);
	sdei_raise(m->d, 1, PRIVATE, 1);
	assert_true(deliver(m, 1));
	assert_true(at_handler(m, 1, PRIVATE));
	CALL(m, 1, SDEI_FID_EVENT_COMPLETE, 0);
	assert_int_equal(m->entered + m->completed, 0);
	assert_int_equal(CALL(m, 1, SDEI_FID_PRIVATE_RESET, 0), SDEI_SUCCESS);
	assert_int_equal(CALL(m, 1, SDEI_FID_SHARED_RESET, 0), SDEI_SUCCESS);
	assert_int_equal(resets[0], 1);
	assert_int_equal(resets[1], 1);
}

/* CPU_ON without CPU_OFF before: what the handler left is gone. */
static void on_inside_a_handler(void **state)
{
	struct machine *m = *state;

	listen(m, 0, PRIVATE);
	sdei_raise(m->d, 0, PRIVATE, 0);
	assert_true(deliver(m, 0));
	sdei_pe_on(m->d, 0);
	assert_true(sdei_pe_masked(m->d, 0));
	assert_false(sdei_pe_in_handler(m->d, 0));
	fill_frame(m, 0);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_STATUS, PRIVATE), 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, start_machine, stop_machine)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(power_on),
		TEST(suspend),
		TEST(suspend_inside_a_handler),
		TEST(off_inside_handlers),
		TEST(off_waits),
		TEST(query),
		TEST(bad_events),
		TEST(bad_configs),
		TEST(bad_memory),
		TEST(many_events),
		TEST(bound),
		TEST(numbers_at_the_end),
		TEST(hooks),
		TEST(on_inside_a_handler),
	};

	return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
