/* SPDX-License-Identifier: BSD-2-Clause */
/* One HEST out of two (firmware/boot/hest.c; ACPI 6.5, 18.3.2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* The boot stage has a fail() of its own. */
#undef fail
#include "../../firmware/boot/acpi.h"

static _Alignas(8) uint8_t area[1024];
static jmp_buf failed;
static unsigned said;

void *area_allocate(uint64_t size, uint64_t alignment)
{
	assert_in_range(size, 1, sizeof(area));
	assert_int_equal(alignment, 8);
	return memset(area, 0, sizeof(area));
}

void say(const char *text, ...)
{
	(void)text;
	said++;
}

void fail(const char *text, ...)
{
	(void)text;
	longjmp(failed, 1);
}

void acpi_seal(struct table *table)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < table->length; i++)
		sum = (uint8_t)(sum + ((uint8_t *)table)[i]);
	table->checksum = (uint8_t)(table->checksum - sum);
}

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

/* A table with sources of these types, each filled with its own number. */
static uint8_t *make(uint8_t *at, unsigned count, const uint8_t *types)
{
	uint32_t length = 40;

	memset(at, 0, 400);
	memcpy(at, "HEST", 4);
	for (unsigned i = 0; i < count; i++) {
		unsigned size = types[i] == 9 ? 64 : 92;

		memset(at + length, 0x80 + (int)i, size);
		at[length] = types[i];
		at[length + 1] = 0;
		at[length + 2] = (uint8_t)i;
		at[length + 3] = 0;
		length += size;
	}
	memcpy(at + 4, &length, 4);
	memcpy(at + 36, &count, 4);
	return at;
}

static _Alignas(8) uint8_t ours[400], theirs[400];

static const uint8_t *merge(void)
{
	return (const uint8_t *)hest_merge((struct table *)(void *)ours,
					   (struct table *)(void *)theirs);
}

static int setup(void **state)
{
	(void)state;
	said = 0;
	make(ours, 2, (const uint8_t[]){ 10, 10 });
	return 0;
}

static void both(void **state)
{
	const uint8_t *hest;
	uint8_t sum = 0;

	(void)state;
	make(theirs, 2, (const uint8_t[]){ 9, 10 });
	hest = merge();
	assert_memory_equal(hest, "HEST", 4);
	assert_int_equal(get16(hest + 4), 40 + 3 * 92 + 64);
	assert_int_equal(get16(hest + 36), 4);
	/* Ours as they were. */
	assert_memory_equal(hest + 40, ours + 40, 2 * 92);
	/* Theirs as they were but for the number. */
	assert_int_equal(get16(hest + 224), 9);
	assert_int_equal(get16(hest + 226), 2);
	assert_memory_equal(hest + 228, theirs + 44, 60);
	assert_int_equal(get16(hest + 288), 10);
	assert_int_equal(get16(hest + 290), 3);
	assert_memory_equal(hest + 292, theirs + 108, 88);
	for (unsigned i = 0; i < 380; i++)
		sum = (uint8_t)(sum + hest[i]);
	assert_int_equal(sum, 0);
	assert_int_equal(said, 0);
}

static void none_of_theirs(void **state)
{
	(void)state;
	make(theirs, 0, NULL);
	assert_int_equal(get16(merge() + 36), 2);
}

static void unknown_type(void **state)
{
	const uint8_t *hest;

	(void)state;
	make(theirs, 3, (const uint8_t[]){ 10, 6, 10 });
	hest = merge();
	assert_int_equal(get16(hest + 36), 3);
	assert_int_equal(get16(hest + 4), 40 + 3 * 92);
	assert_int_equal(said, 1);
}

static void corrupt(void **state)
{
	static const uint8_t lengths[] = { 36, 39, 40, 43, 131 };
	volatile unsigned stops = 0;

	(void)state;
	for (volatile unsigned i = 0; i < sizeof(lengths); i++) {
		make(theirs, 1, (const uint8_t[]){ 10 });
		theirs[4] = lengths[i];
		if (setjmp(failed))
			stops++;
		else
			merge();
	}
	assert_int_equal(stops, sizeof(lengths));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(both, setup),
		cmocka_unit_test_setup(none_of_theirs, setup),
		cmocka_unit_test_setup(unknown_type, setup),
		cmocka_unit_test_setup(corrupt, setup),
	};

	return cmocka_run_group_tests_name("hest", tests, NULL, NULL);
}
