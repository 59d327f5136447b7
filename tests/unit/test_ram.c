/* SPDX-License-Identifier: BSD-2-Clause */
/* The firmware's list of RAM (firmware/el3/ram.c). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Included, not linked, to empty the list. */
#include "../../firmware/el3/ram.c"

#define GIB 0x40000000ull

static int setup(void **state)
{
	(void)state;
	count = 0;
	return 0;
}

static void check(unsigned index, uint64_t start, uint64_t end)
{
	const struct ram_range *range = ram_range(index);

	assert_non_null(range);
	assert_int_equal(range->start, start);
	assert_int_equal(range->last, end - 1);
	assert_false(machine_is_ram(start - 1));
	assert_true(machine_is_ram(start));
	assert_true(machine_is_ram(end - 1));
	assert_false(machine_is_ram(end));
}

static void empty(void **state)
{
	(void)state;
	assert_null(ram_range(0));
	assert_false(machine_is_ram(0));
	assert_false(machine_is_ram(UINT64_MAX));
}

/* Nodes of a machine with NUMA come in any order, SRAT names them again. */
static void one_of_many(void **state)
{
	static const unsigned order[] = { 3, 1, 2, 0, 2, 3 };

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		assert_true(ram_add(GIB + order[i] * GIB / 4, GIB / 4));
	check(0, GIB, 2 * GIB);
	assert_null(ram_range(1));
}

/* What can be plugged in lies apart, above or below. */
static void apart(void **state)
{
	(void)state;
	assert_true(ram_add(8 * GIB, 3 * GIB));
	assert_true(ram_add(GIB, GIB / 2));
	assert_true(ram_add(4 * GIB, 1));
	check(0, GIB, GIB + GIB / 2);
	check(1, 4 * GIB, 4 * GIB + 1);
	check(2, 8 * GIB, 11 * GIB);
	/* One that covers two and reaches into the third. */
	assert_true(ram_add(0, 9 * GIB));
	check(0, 0, 11 * GIB);
	assert_null(ram_range(1));
}

static void refused(void **state)
{
	(void)state;
	assert_false(ram_add(GIB, 0));
	assert_false(ram_add(GIB, UINT64_MAX));
	assert_false(ram_add(UINT64_MAX, 1));
	assert_null(ram_range(0));
	for (unsigned i = 0; i < BOOT_MEMORY_RANGES; i++)
		assert_true(ram_add(i * 2 * GIB, GIB));
	assert_false(ram_add(BOOT_MEMORY_RANGES * 2 * GIB, GIB));
	check(BOOT_MEMORY_RANGES - 1, (BOOT_MEMORY_RANGES - 1) * 2 * GIB,
	      (BOOT_MEMORY_RANGES * 2 - 1) * GIB);
	/* One that touches still has its place. */
	assert_true(ram_add(GIB, GIB));
	check(0, 0, 3 * GIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(empty, setup),
		cmocka_unit_test_setup(one_of_many, setup),
		cmocka_unit_test_setup(apart, setup),
		cmocka_unit_test_setup(refused, setup),
	};

	return cmocka_run_group_tests_name("ram", tests, NULL, NULL);
}
