/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts as triggers: INTERRUPT_BIND (5.1.14), INTERRUPT_RELEASE (5.1.15),
 * their firing, the platform's own, and relative mode (5.1.2).
 */
#include "fake.h"

#define BIND(m, pe, intid)    CALL(m, pe, SDEI_FID_INTERRUPT_BIND, intid)
#define RELEASE(m, pe, event) CALL(m, pe, SDEI_FID_INTERRUPT_RELEASE, event)
#define STATUS(m, pe, event)  CALL(m, pe, SDEI_FID_EVENT_STATUS, event)
#define COMPLETE(m, pe)       CALL(m, pe, SDEI_FID_EVENT_COMPLETE, 0)
#define BAD                   SDEI_INVALID_PARAMETERS
#define NO                    SDEI_DENIED
#define OK                    SDEI_SUCCESS
#define PPI                   30u
#define SPI                   33u

static void numbers_and_types(void **state)
{
	struct machine *m = *state;
	const uint32_t g = SDEI_FID_EVENT_GET_INFO;

	assert_int_equal(BIND(m, 0, PPI), BOUND(0));
	assert_int_equal(BIND(m, 1, SPI), BOUND(PRIVATE_SLOTS));
	assert_true(BOUND(0) & SDEI_EVENT_VENDOR);
	/* Bound again, by anybody: the same number, and nothing changes. */
	assert_int_equal(BIND(m, 2, PPI), BOUND(0));
	assert_int_equal(BIND(m, 0, SPI), BOUND(PRIVATE_SLOTS));
	assert_int_equal(CALL(m, 3, g, BOUND(0), SDEI_INFO_TYPE), 0);
	assert_int_equal(CALL(m, 3, g, BOUND(2), SDEI_INFO_TYPE), 1);
	assert_int_equal(CALL(m, 3, g, BOUND(0), SDEI_INFO_SIGNALED), 1);
	assert_int_equal(CALL(m, 3, g, BOUND(2), SDEI_INFO_PRIORITY), 0);
	assert_int_equal(STATUS(m, 3, BOUND(0)), 0);
	assert_true(m->taken >> PPI & 1);
	assert_true(m->taken >> SPI & 1);
}

/* In this order: range, the platform's, bound, whose, inactive, slots. */
static void refusals(void **state)
{
	static const uint32_t bad[] = {
		0,    7,          15,           INTERRUPTS, 1019,
		1020, 1023,       1024,         1056,       4096,
		8192, 0xFFFFFFFF, WATCHDOG_PPI, SECURE_SPI
	};
	struct machine *m = *state;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(BIND(m, 0, bad[i]), BAD);
	m->active = 1ull << SPI | 1ull << SECURE_SPI;
	assert_int_equal(BIND(m, 0, SPI), NO);
	assert_int_equal(BIND(m, 0, SECURE_SPI), BAD);
	for (unsigned i = 0; i < SHARED_SLOTS; i++)
		assert_true(BIND(m, 0, 40 + i) > 0);
	assert_int_equal(BIND(m, 0, 43), SDEI_OUT_OF_RESOURCE);
	assert_int_equal(BIND(m, 0, SPI), NO);
	assert_int_equal(BIND(m, 0, 41), BOUND(PRIVATE_SLOTS + 1));
	/* The other kind has slots of its own. */
	assert_int_equal(BIND(m, 0, 16), BOUND(0));
	assert_int_equal(BIND(m, 0, 31), BOUND(1));
	assert_int_equal(BIND(m, 0, 17), SDEI_OUT_OF_RESOURCE);
	assert_false(m->taken >> 43 & 1);
}

static void release(void **state)
{
	struct machine *m = *state;
	int64_t event = BIND(m, 0, SPI);

	assert_int_equal(RELEASE(m, 0, PRIVATE), BAD);
	assert_int_equal(RELEASE(m, 0, BOUND(0)), BAD);
	assert_int_equal(RELEASE(m, 0, BOUND(5)), BAD);
	assert_int_equal(RELEASE(m, 0, UNKNOWN), BAD);
	assert_int_equal(RELEASE(m, 1, event), OK);
	assert_false(m->taken >> SPI & 1);
	assert_int_equal(RELEASE(m, 0, event), BAD);
	/* The number is gone from every call. */
	assert_int_equal(STATUS(m, 0, event), BAD);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_REGISTER, event, ENTRY),
			 BAD);
	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_ENABLE, event), BAD);
	assert_int_equal(fire(m, 0, SPI), false);
	/* And the slot is back. */
	assert_int_equal(BIND(m, 0, 40), event);
}

/* DENIED unless unregistered: a private one on every PE (5.1.15). */
static void release_judges_all_pes(void **state)
{
	struct machine *m = *state;
	int64_t spi = BIND(m, 0, SPI), ppi = BIND(m, 0, PPI);

	listen(m, 2, (uint32_t)ppi);
	listen(m, 0, (uint32_t)spi);
	assert_int_equal(RELEASE(m, 0, ppi), NO);
	assert_int_equal(RELEASE(m, 1, spi), NO);
	/* Unregister-pending holds it, too. */
	assert_true(fire(m, 2, PPI));
	assert_true(deliver(m, 2));
	assert_int_equal(CALL(m, 2, SDEI_FID_EVENT_UNREGISTER, ppi),
			 SDEI_PENDING);
	assert_int_equal(RELEASE(m, 0, ppi), NO);
	COMPLETE(m, 2);
	assert_int_equal(RELEASE(m, 0, ppi), OK);
	assert_int_equal(CALL(m, 3, SDEI_FID_EVENT_UNREGISTER, spi), OK);
	assert_int_equal(RELEASE(m, 3, spi), OK);
}

/* Fired, entered, ended at COMPLETE and not before (5.1.6). */
static void firing(void **state)
{
	struct machine *m = *state;
	uint32_t spi = (uint32_t)BIND(m, 0, SPI);
	uint32_t ppi = (uint32_t)BIND(m, 0, PPI);

	listen(m, 0, spi);
	listen(m, 1, ppi);
	assert_true(fire(m, 0, SPI));
	assert_true(deliver(m, 0));
	assert_true(at_handler(m, 0, spi));
	assert_int_equal(m->ended[SPI], 0);
	COMPLETE(m, 0);
	assert_int_equal(m->ended[SPI], 1);
	assert_int_equal(m->active, 0);

	assert_true(fire(m, 1, PPI));
	assert_true(deliver(m, 1));
	assert_true(at_handler(m, 1, ppi));
	CALL(m, 1, SDEI_FID_EVENT_COMPLETE_RESUME, 0x1000);
	assert_int_equal(m->ended[PPI], 1);
}

/* Before anybody listens, while masked, while disabled: it waits, active. */
static void firing_waits(void **state)
{
	struct machine *m = *state;
	uint32_t ppi = (uint32_t)BIND(m, 0, PPI);

	assert_true(fire(m, 3, PPI));
	assert_false(deliver(m, 3));
	assert_true(m->active >> PPI & 1);
	listen(m, 3, ppi);
	assert_true(at_handler(m, 3, ppi));
	CALL(m, 3, SDEI_FID_EVENT_DISABLE, ppi);
	COMPLETE(m, 3);
	assert_true(fire(m, 3, PPI));
	assert_false(deliver(m, 3));
	CALL(m, 3, SDEI_FID_EVENT_UNREGISTER, ppi);
	listen(m, 3, ppi);
	assert_true(at_handler(m, 3, ppi));
	COMPLETE(m, 3);
	assert_int_equal(m->ended[PPI], 2);
}

/* Released while pending: forgotten, and nothing of it in the next binding. */
static void release_forgets(void **state)
{
	struct machine *m = *state;
	uint32_t ppi = (uint32_t)BIND(m, 0, PPI);
	uint32_t spi = (uint32_t)BIND(m, 0, SPI);

	assert_true(fire(m, 1, PPI));
	assert_true(fire(m, 1, SPI));
	assert_int_equal(RELEASE(m, 0, ppi), OK);
	assert_int_equal(RELEASE(m, 0, spi), OK);
	assert_int_equal(m->active, 0);
	assert_int_equal(BIND(m, 0, 31), ppi);
	assert_int_equal(BIND(m, 0, 34), spi);
	listen(m, 1, ppi);
	listen(m, 1, spi);
	assert_false(deliver(m, 1));
}

/* Taken where it fired if that PE can, else where one can. */
static void shared_interrupt_finds_a_pe(void **state)
{
	struct machine *m = *state;
	uint32_t spi = (uint32_t)BIND(m, 0, SPI);

	listen(m, 0, spi);
	CALL(m, 2, SDEI_FID_PE_MASK, 0);
	assert_true(fire(m, 2, SPI));
	assert_false(deliver(m, 2));
	assert_true(m->kicks[3] > 0);
	assert_true(deliver(m, 3));
	COMPLETE(m, 3);
	assert_int_equal(m->ended[SPI], 1);
}

static void unknown_interrupts(void **state)
{
	struct machine *m = *state;

	assert_false(sdei_interrupt(m->d, 0, 33));
	assert_false(sdei_interrupt(m->d, 0, INTERRUPTS));
	assert_false(sdei_interrupt(m->d, 0, 0xFFFFFFFF));
}

/* The platform's own: not to be bound or released, ended like the others. */
static void table_interrupt(void **state)
{
	struct machine *m = *state;

	assert_int_equal(BIND(m, 0, WATCHDOG_PPI), BAD);
	assert_int_equal(RELEASE(m, 0, WATCHDOG), BAD);
	listen(m, 1, WATCHDOG);
	assert_true(fire(m, 1, WATCHDOG_PPI));
	assert_true(deliver(m, 1));
	assert_true(at_handler(m, 1, WATCHDOG));
	COMPLETE(m, 1);
	assert_int_equal(m->ended[WATCHDOG_PPI], 1);
}

/* 5.1.18: PRIVATE_RESET unregisters bound events and leaves them bound. */
static void private_reset(void **state)
{
	struct machine *m = *state;
	uint32_t ppi = (uint32_t)BIND(m, 0, PPI);

	listen(m, 0, ppi);
	listen(m, 1, ppi);
	assert_int_equal(CALL(m, 0, SDEI_FID_PRIVATE_RESET, 0), OK);
	assert_int_equal(STATUS(m, 0, ppi), 0);
	assert_int_equal(STATUS(m, 1, ppi), 3);
}

/* 5.1.19: all bindings go, but for what is registered or while one runs. */
static void shared_reset(void **state)
{
	struct machine *m = *state;
	const uint32_t reset = SDEI_FID_SHARED_RESET;
	uint32_t ppi = (uint32_t)BIND(m, 0, PPI);
	uint32_t spi = (uint32_t)BIND(m, 0, SPI);

	listen(m, 0, spi);
	listen(m, 1, ppi);
	assert_int_equal(CALL(m, 0, reset, 0), NO);
	assert_int_equal(STATUS(m, 0, spi), BAD);
	assert_int_equal(STATUS(m, 1, ppi), 3);
	assert_int_equal(CALL(m, 1, SDEI_FID_PRIVATE_RESET, 0), OK);
	assert_int_equal(CALL(m, 0, reset, 0), OK);
	assert_int_equal(STATUS(m, 1, ppi), BAD);
	assert_int_equal(m->taken, 1ull << WATCHDOG_PPI);

	/* With a shared handler running nothing is released. */
	spi = (uint32_t)BIND(m, 0, SPI);
	listen(m, 0, SHARED);
	sdei_raise(m->d, 0, SHARED, 0);
	assert_true(deliver(m, 0));
	assert_int_equal(CALL(m, 0, reset, 0), NO);
	assert_int_equal(STATUS(m, 0, spi), 0);
	COMPLETE(m, 0);
	assert_int_equal(CALL(m, 0, reset, 0), OK);
	assert_int_equal(STATUS(m, 0, spi), BAD);
}

/* A PE that goes off inside a bound handler ends its interrupt. */
static void off_inside(void **state)
{
	struct machine *m = *state;
	uint32_t spi = (uint32_t)BIND(m, 0, SPI);

	listen(m, 0, spi);
	assert_true(fire(m, 0, SPI));
	assert_true(deliver(m, 0));
	sdei_pe_off(m->d, 0);
	assert_int_equal(m->ended[SPI], 1);
	assert_true(fire(m, 1, SPI));
	assert_true(deliver(m, 1));
}

/* Without slots there is nothing to bind with, and nothing to release. */
static void no_slots(void **state)
{
	struct machine *m = *state;

	m->config.private_slots = m->config.shared_slots = 0;
	m->d = sdei_dispatcher_init(m->memory, sizeof(m->memory), &m->config,
				    NULL);
	assert_non_null(m->d);
	assert_int_equal(CALL(m, 0, SDEI_FID_FEATURES, 0), 0);
	assert_int_equal(BIND(m, 0, SPI), SDEI_OUT_OF_RESOURCE);
	assert_int_equal(BIND(m, 0, INTERRUPTS), SDEI_OUT_OF_RESOURCE);
	assert_int_equal(BIND(m, 0, 3), BAD);
	assert_int_equal(RELEASE(m, 0, BOUND(0)), BAD);
}

/* sdei_take_interrupt() at once, and when something is in the way. */
static void taking(void **state)
{
	struct machine *m = *state;
	uint32_t event = (uint32_t)BIND(m, 0, SPI);

	assert_false(sdei_take_interrupt(m->d, 0, SPI + 1, &m->frame[0]));
	assert_true(sdei_take_interrupt(m->d, 0, SPI, &m->frame[0]));
	listen(m, 0, event);
	assert_true(at_handler(m, 0, event));
	assert_true(sdei_take_interrupt(m->d, 0, SPI, &m->frame[0]));
	COMPLETE(m, 0);
	assert_true(at_handler(m, 0, event));
	COMPLETE(m, 0);
	assert_false(sdei_pe_in_handler(m->d, 0));
	assert_true(sdei_take_interrupt(m->d, 0, SPI, &m->frame[0]));
	assert_true(at_handler(m, 0, event));
	COMPLETE(m, 0);
	assert_int_equal(m->ended[SPI], 3);
	assert_int_equal(RELEASE(m, 0, event), NO);
}

/* A bound event is its interrupt's alone. */
static void bound_is_not_raised(void **state)
{
	struct machine *m = *state;
	uint32_t event = (uint32_t)BIND(m, 0, SPI);

	listen(m, 0, event);
	assert_int_equal(sdei_raise(m->d, 0, event, 0), SDEI_RAISE_UNKNOWN);
}

/* 5.1.2: the entry is found from the vector base when the event comes. */
static void relative_mode(void **state)
{
	struct machine *m = *state;

	assert_int_equal(CALL(m, 0, SDEI_FID_EVENT_REGISTER, PRIVATE, 0x480,
			      ARGUMENT, SDEI_REGISTER_RELATIVE),
			 OK);
	CALL(m, 0, SDEI_FID_EVENT_ENABLE, PRIVATE);
	m->vbar = 0xffff800010000000u;
	sdei_raise(m->d, 0, PRIVATE, 0);
	assert_true(deliver(m, 0));
	assert_int_equal(m->frame[0].pc, 0xffff800010000480u);
	COMPLETE(m, 0);
	m->vbar = 0xffff800020000000u;
	sdei_raise(m->d, 0, PRIVATE, 0);
	assert_true(deliver(m, 0));
	assert_int_equal(m->frame[0].pc, 0xffff800020000480u);
	COMPLETE(m, 0);
	/* Registered again, without: absolute again. */
	CALL(m, 0, SDEI_FID_EVENT_UNREGISTER, PRIVATE);
	listen(m, 0, PRIVATE);
	sdei_raise(m->d, 0, PRIVATE, 0);
	assert_true(deliver(m, 0));
	assert_true(at_handler(m, 0, PRIVATE));
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, start_machine, stop_machine)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_and_types),
		TEST(refusals),
		TEST(release),
		TEST(release_judges_all_pes),
		TEST(firing),
		TEST(firing_waits),
		TEST(release_forgets),
		TEST(shared_interrupt_finds_a_pe),
		TEST(unknown_interrupts),
		TEST(table_interrupt),
		TEST(private_reset),
		TEST(shared_reset),
		TEST(off_inside),
		TEST(no_slots),
		TEST(taking),
		TEST(bound_is_not_raised),
		TEST(relative_mode),
	};

	return cmocka_run_group_tests_name("bind", tests, NULL, NULL);
}
