/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ERST, as a kernel drives it (ACPI 6.5, 18.5.2), as a hostile one does, and when
 * power goes at any byte.
 */
#include "apei_world.h"

#define REGISTERS CLIENT
#define RANGE     (CLIENT + 0x1000)
#define ROOM      512
#define SLOTS     4

#define WRITE 1
#define READ  2
#define CLEAR 3
#define DUMMY 12

static _Alignas(8) uint8_t store[SLOTS * SDEI_ERST_SLOT(ROOM) + 100];
static struct sdei_erst erst;

static const struct sdei_erst_config config = {
	.registers = REGISTERS,
	.range = RANGE,
	.range_size = ROOM,
	.usual_us = 100,
	.longest_us = 5000,
	.store = store,
	.store_size = sizeof(store),
	.ops = &ops,
	.context = client,
};

static int setup(void **state)
{
	(void)state;
	start_world();
	memset(store, 0xa5, sizeof(store));
	assert_true(sdei_erst_publish(&erst, &config));
	return 0;
}

/* The next client after a reset; the client's memory is lost. */
static void boot(void)
{
	power = ULONG_MAX;
	memset(client, 0x5a, sizeof(client));
	assert_true(sdei_erst_publish(&erst, &config));
}

/* BEGIN, SET_RECORD_OFFSET, SET_RECORD_IDENTIFIER, EXECUTE, GET_COMMAND_STATUS. */
static uint64_t command(unsigned what, uint64_t offset, uint64_t id)
{
	put(REGISTERS + SDEI_ERST_COMMAND, what, 8);
	put(REGISTERS + SDEI_ERST_OFFSET, offset, 8);
	put(REGISTERS + SDEI_ERST_ID, id, 8);
	put(REGISTERS + SDEI_ERST_BUSY, 1, 8);
	sdei_erst_serve(&erst);
	assert_int_equal(get(REGISTERS + SDEI_ERST_BUSY, 8), 0);
	return get(REGISTERS + SDEI_ERST_STATUS, 8);
}

static uint64_t next(void)
{
	return get(REGISTERS + SDEI_ERST_NEXT, 8);
}

static uint64_t count(void)
{
	uint64_t n = get(REGISTERS + SDEI_ERST_COUNT, 8);

	assert_int_equal(n, sdei_erst_count(&erst));
	return n;
}

/* A record (UEFI 2.10, N.2.1) with `fill` behind its header. */
static void make(uint64_t at, uint64_t id, unsigned size, uint8_t fill)
{
	memset(client + (at - CLIENT), 0, 128);
	memset(client + (at - CLIENT) + 128, fill, size - 128);
	memcpy(client + (at - CLIENT), "CPER", 4);
	put(at + 6, 0xffffffff, 4);
	put(at + 20, size, 4);
	put(at + 96, id, 8);
	put(at + 104, fill, 4);
}

static uint64_t write_one(uint64_t id, unsigned size, uint8_t fill)
{
	make(RANGE, id, size, fill);
	return command(WRITE, 0, 0);
}

static void expect(uint64_t id, unsigned size, uint8_t fill)
{
	uint8_t expected[ROOM];

	make(RANGE, id, size, fill);
	memcpy(expected, client + 0x1000, size);
	memset(client + 0x1000, 0x11, ROOM);
	assert_int_equal(command(READ, ROOM - size, id), SDEI_ERST_SUCCESS);
	assert_memory_equal(client + 0x1000 + ROOM - size, expected, size);
	for (unsigned i = 0; i < ROOM - size; i++)
		assert_int_equal(client[0x1000 + i], 0x11);
}

static void registers_at_start(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 0x28; i++)
		assert_int_equal(get(REGISTERS + i, 1), 0);
	assert_int_equal(next(), UINT64_MAX);
	assert_int_equal(count(), 0);
	assert_int_equal(get(REGISTERS + SDEI_ERST_RANGE, 8), RANGE);
	assert_int_equal(get(REGISTERS + SDEI_ERST_RANGE_SIZE, 8), ROOM);
	/* Not non-volatile (bit 1), slow (bit 2); longest in the upper half. */
	assert_int_equal(get(REGISTERS + SDEI_ERST_ATTRIBUTES, 8), 4);
	assert_int_equal(get(REGISTERS + SDEI_ERST_TIMINGS, 8),
			 5000ull << 32 | 100);
	assert_int_equal(client[SDEI_ERST_SIZE], 0xa5);
}

static void over_resets(void **state)
{
	(void)state;
	assert_int_equal(command(READ, 0, 7), SDEI_ERST_EMPTY);
	assert_int_equal(command(CLEAR, 0, 7), SDEI_ERST_EMPTY);
	assert_int_equal(write_one(7, 128, 0), SDEI_ERST_SUCCESS);
	assert_int_equal(write_one(8, ROOM, 1), SDEI_ERST_SUCCESS);
	assert_int_equal(write_one(9, 131, 2), SDEI_ERST_SUCCESS);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(count(), 3);
		expect(7, 128, 0);
		expect(8, ROOM, 1);
		expect(9, 131, 2);
		assert_int_equal(command(READ, 0, 10), SDEI_ERST_NOT_FOUND);
		boot();
	}
	assert_int_equal(command(CLEAR, 0, 10), SDEI_ERST_NOT_FOUND);
	assert_int_equal(command(CLEAR, 0, 8), SDEI_ERST_SUCCESS);
	assert_int_equal(command(READ, 0, 8), SDEI_ERST_NOT_FOUND);
	boot();
	assert_int_equal(count(), 2);
	expect(7, 128, 0);
	expect(9, 131, 2);
	assert_int_equal(command(CLEAR, 0, 7), SDEI_ERST_SUCCESS);
	assert_int_equal(command(CLEAR, 0, 9), SDEI_ERST_SUCCESS);
	assert_int_equal(command(READ, 0, 9), SDEI_ERST_EMPTY);
	assert_int_equal(next(), UINT64_MAX);
}

/* As Linux lists: the identifier, that record, the next identifier. */
static void list(const uint64_t *ids, unsigned number)
{
	for (unsigned i = 0; i < number; i++) {
		assert_int_equal(next(), ids[i]);
		assert_int_equal(command(READ, 0, ids[i]), SDEI_ERST_SUCCESS);
	}
}

static void in_order(void **state)
{
	(void)state;
	write_one(30, 200, 0);
	write_one(20, 200, 0);
	list((const uint64_t[]){ 30, 20, 30, 20, 30 }, 5);
	/* Those written since come before the list begins again. */
	write_one(25, 200, 0);
	write_one(10, 200, 0);
	list((const uint64_t[]){ 20, 25, 10, 30 }, 4);
	/* What is gone is not shown, whether it was next or last. */
	assert_int_equal(next(), 20);
	command(CLEAR, 0, 20);
	assert_int_equal(next(), 25);
	command(CLEAR, 0, 30);
	list((const uint64_t[]){ 25, 10, 25 }, 3);
	/* A replaced one is a new one. */
	write_one(25, 200, 1);
	list((const uint64_t[]){ 10, 25, 10 }, 3);
	boot();
	list((const uint64_t[]){ 10, 25, 10, 25 }, 4);
}

static void full(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= SLOTS; i++)
		assert_int_equal(write_one(i, 300, (uint8_t)i),
				 SDEI_ERST_SUCCESS);
	assert_int_equal(write_one(9, 128, 0), SDEI_ERST_NO_SPACE);
	/* To replace one takes a free slot, too. */
	assert_int_equal(write_one(2, 300, 0), SDEI_ERST_NO_SPACE);
	expect(2, 300, 2);
	command(CLEAR, 0, 4);
	for (unsigned i = 0; i < 20; i++) {
		assert_int_equal(write_one(2, 128 + i, (uint8_t)i),
				 SDEI_ERST_SUCCESS);
		assert_int_equal(count(), SLOTS - 1);
		expect(2, 128 + i, (uint8_t)i);
		expect(1, 300, 1);
		expect(3, 300, 3);
	}
}

static void refused(void **state)
{
	static const struct {
		unsigned at, size;
		uint64_t value;
	} bad[] = {
		{ 0, 4, 0x52455042 },
		{ 6, 4, 0xfffffffe },
		{ 20, 4, 127 },
		{ 20, 4, 0 },
		{ 20, 4, ROOM + 1 },
		{ 20, 4, 0xffffffff },
		{ 20, 4, 0x80000080 },
		{ 96, 8, 0 },
		{ 96, 8, 0xffffffffffffffff },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		make(RANGE, 5, 200, 0);
		put(RANGE + bad[i].at, bad[i].value, bad[i].size);
		assert_int_equal(command(WRITE, 0, 0), SDEI_ERST_FAILED);
	}
	make(RANGE, 5, 200, 0);
	assert_int_equal(command(WRITE, ROOM, 0), SDEI_ERST_FAILED);
	assert_int_equal(command(WRITE, UINT64_MAX - 100, 0), SDEI_ERST_FAILED);
	assert_int_equal(command(WRITE, ROOM - 127, 0), SDEI_ERST_FAILED);
	make(RANGE + ROOM - 200, 5, 201, 0);
	assert_int_equal(command(WRITE, ROOM - 200, 0), SDEI_ERST_FAILED);
	make(RANGE + ROOM - 200, 5, 200, 0);
	for (unsigned i = 0; i < 20; i++)
		if (i != WRITE && i != READ && i != CLEAR && i != DUMMY)
			assert_int_equal(command(i, ROOM - 200, 5),
					 SDEI_ERST_FAILED);
	assert_int_equal(command(DUMMY, ROOM - 200, 5), SDEI_ERST_SUCCESS);
	assert_int_equal(count(), 0);
	assert_int_equal(command(WRITE, ROOM - 200, 0), SDEI_ERST_SUCCESS);
	assert_int_equal(count(), 1);
	assert_int_equal(command(READ, ROOM - 199, 5), SDEI_ERST_FAILED);
	assert_int_equal(command(READ, UINT64_MAX, 5), SDEI_ERST_FAILED);
	expect(5, 200, 0);
}

/* A doorbell that others ring as well: nothing to do without EXECUTE_OPERATION. */
static void not_busy(void **state)
{
	(void)state;
	make(RANGE, 5, 200, 0);
	put(REGISTERS + SDEI_ERST_COMMAND, WRITE, 8);
	put(REGISTERS + SDEI_ERST_STATUS, 77, 8);
	sdei_erst_serve(&erst);
	assert_int_equal(sdei_erst_count(&erst), 0);
	assert_int_equal(get(REGISTERS + SDEI_ERST_STATUS, 8), 77);
}

/* Memory that fails at any access: no wild access, no half record. */
static void poisoned(void **state)
{
	for (unsigned after = 1; after < 12; after++) {
		setup(state);
		write_one(1, 200, 1);
		make(RANGE, 2, ROOM, 2);
		put(REGISTERS + SDEI_ERST_COMMAND, WRITE, 8);
		put(REGISTERS + SDEI_ERST_OFFSET, 0, 8);
		put(REGISTERS + SDEI_ERST_BUSY, 1, 8);
		bad_after = after;
		sdei_erst_serve(&erst);
		bad_after = 0;
		client_is_bad = false;
		boot();
		expect(1, 200, 1);
		if (count() == 2)
			expect(2, ROOM, 2);
		assert_int_equal(count(), after > 5 ? 2 : 1);
	}
	client_is_bad = true;
	assert_false(sdei_erst_publish(&erst, &config));
}

static bool run(void (*what)(void))
{
	if (setjmp(reset))
		return false;
	what();
	return true;
}

static void add(void)
{
	write_one(3, 300, 3);
}

static void replace(void)
{
	write_one(1, 300, 4);
}

static void clear(void)
{
	command(CLEAR, 0, 1);
}

/* After a reset: as before, or as after. Returns whether it is as after. */
static bool check_power(void (*what)(void))
{
	bool done;

	boot();
	expect(2, 150, 2);
	if (what == add) {
		expect(1, 200, 1);
		done = count() == 3;
		if (done)
			expect(3, 300, 3);
		else
			assert_int_equal(count(), 2);
	} else if (what == replace) {
		assert_int_equal(count(), 2);
		command(READ, 0, 1);
		done = get(RANGE + 20, 4) == 300;
		expect(1, done ? 300 : 200, done ? 4 : 1);
	} else {
		done = command(READ, 0, 1) == SDEI_ERST_NOT_FOUND;
		if (!done)
			expect(1, 200, 1);
		assert_int_equal(count(), done ? 1 : 2);
	}
	return done;
}

static void power_goes(void (*what)(void))
{
	static uint8_t before[sizeof(store)];
	unsigned changes = 0;
	bool done = false, last = false;

	write_one(1, 200, 1);
	write_one(2, 150, 2);
	memcpy(before, store, sizeof(store));
	for (unsigned long at = 0; !done; at++) {
		bool after;

		memcpy(store, before, sizeof(store));
		boot();
		written = 0;
		power = at;
		done = run(what);
		after = check_power(what);
		changes += after != last;
		last = after;
		/* What is left of the failed one stands in nobody's way. */
		assert_int_equal(write_one(4, ROOM, 9), SDEI_ERST_SUCCESS);
		expect(4, ROOM, 9);
	}
	assert_true(last);
	assert_int_equal(changes, 1);
}

static void power_goes_at_any_byte(void **state)
{
	for (unsigned way = 0; way < 2; way++) {
		void (*const what[])(void) = { add, replace, clear };

		for (unsigned i = 0; i < 3; i++) {
			setup(state);
			backwards = way;
			power_goes(what[i]);
		}
	}
}

/* Whatever the store holds at a cold start is no record, nor is a changed one. */
static void garbage(void **state)
{
	static uint8_t good[sizeof(store)];

	(void)state;
	write_one(1, 200, 1);
	memcpy(good, store, sizeof(good));
	for (unsigned bit = 0; bit < 8 * sizeof(good); bit++) {
		bool in_it;

		memcpy(store, good, sizeof(good));
		store[bit / 8] ^= (uint8_t)(1 << bit % 8);
		/* The slot is the last one. */
		in_it = bit / 8 >= 3 * SDEI_ERST_SLOT(ROOM) &&
			bit / 8 < 3 * SDEI_ERST_SLOT(ROOM) + 32 + 200;
		boot();
		assert_int_equal(count(), !in_it);
	}
	for (unsigned seed = 0; seed < 200; seed++) {
		srand(seed);
		for (unsigned i = 0; i < sizeof(store); i++)
			store[i] = (uint8_t)rand();
		for (unsigned i = 0; i < SLOTS; i++)
			memcpy(store + i * SDEI_ERST_SLOT(ROOM),
			       good + 3 * SDEI_ERST_SLOT(ROOM), seed % 33);
		boot();
		assert_int_equal(count(), 0);
	}
}

/* Registers and range change under every access; what is written still counts. */
static void hostile(void **state)
{
	unsigned served[6] = { 0 };

	(void)state;
	srand(1);
	on_access = hostile_byte;
	for (unsigned round = 0; round < 20000; round++) {
		unsigned offset = (unsigned)rand() % 100;

		make(RANGE + offset, 1 + (unsigned)rand() % 9,
		     128 + (unsigned)rand() % 300, (uint8_t)rand());
		put(REGISTERS + SDEI_ERST_COMMAND,
		    (const uint8_t[]){ WRITE, WRITE, WRITE, READ, CLEAR, DUMMY,
				       0 }[rand() % 7],
		    8);
		put(REGISTERS + SDEI_ERST_OFFSET,
		    round % 4 ? offset : (unsigned)rand() % 600, 8);
		put(REGISTERS + SDEI_ERST_ID, 1 + (unsigned)rand() % 9, 8);
		put(REGISTERS + SDEI_ERST_BUSY, 1, 1);
		sdei_erst_serve(&erst);
		if (get(REGISTERS + SDEI_ERST_STATUS, 8) < 6)
			served[get(REGISTERS + SDEI_ERST_STATUS, 8)]++;
		if (round % 100 == 0) {
			unsigned n = sdei_erst_count(&erst);

			assert_true(sdei_erst_publish(&erst, &config));
			assert_int_equal(sdei_erst_count(&erst), n);
		}
	}
	assert_true(served[SDEI_ERST_SUCCESS] > 1000);
	assert_true(served[SDEI_ERST_FAILED] > 1000);
	assert_true(served[SDEI_ERST_NO_SPACE] > 100);
	assert_true(served[SDEI_ERST_NOT_FOUND] > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(registers_at_start, setup),
		cmocka_unit_test_setup(over_resets, setup),
		cmocka_unit_test_setup(in_order, setup),
		cmocka_unit_test_setup(full, setup),
		cmocka_unit_test_setup(refused, setup),
		cmocka_unit_test_setup(not_busy, setup),
		cmocka_unit_test_setup(poisoned, setup),
		cmocka_unit_test_setup(power_goes_at_any_byte, setup),
		cmocka_unit_test_setup(garbage, setup),
		cmocka_unit_test_setup(hostile, setup),
	};

	return cmocka_run_group_tests_name("erst", tests, NULL, NULL);
}
