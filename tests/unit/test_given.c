/* SPDX-License-Identifier: BSD-2-Clause */
/* A list of files in memory (firmware/boot/given_list.c): what is found, what refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#undef fail /* cmocka's */

static _Alignas(8) unsigned char memory[0x2000];
#define PLAT_GIVEN_BASE ((uint64_t)(uintptr_t)memory)
#include "given_list.c"

#define END (PLAT_GIVEN_BASE + sizeof(memory))

static jmp_buf failed;
static char said[256];

void fail(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	vsnprintf(said, sizeof(said), text, args);
	va_end(args);
	longjmp(failed, 1);
}

/* The first entry of a list: at 16 its name, at 64 its address, at 72 its size. */
static void make(const char *name, uint64_t address, uint64_t size)
{
	const uint64_t one = 1;

	memset(memory, 0, sizeof(memory));
	memcpy(memory, "SDEIgiv1", 8);
	memcpy(memory + 8, &one, 8);
	memcpy(memory + 16, name, strlen(name));
	memcpy(memory + 64, &address, 8);
	memcpy(memory + 72, &size, 8);
	list.count = 0;
}

/* Is what make() has made refused, with this in the sentence? */
static bool refused(const char *why)
{
	if (setjmp(failed))
		return strstr(said, why);
	given_check(END);
	return false;
}

static void found(void **state)
{
	struct given file;
	char text[4] = "";

	(void)state;
	make("kernel", PLAT_GIVEN_BASE + 0x1000, 5);
	memcpy(memory + 0x1000, "abcde", 5);
	given_check(END);
	assert_false(given_find("initrd", &file));
	assert_true(given_find("kernel", &file));
	assert_int_equal(file.size, 5);
	given_read(&file, 2, text, 3);
	assert_string_equal(text, "cde");
	if (!setjmp(failed)) {
		given_read(&file, 3, text, 3);
		assert_true(false);
	}
	assert_non_null(strstr(said, "3 bytes at 3 are read of a file of 5"));
}

/* To a place that overlaps with where it lies, below. */
static void moved(void **state)
{
	struct given file;

	(void)state;
	make("kernel", PLAT_GIVEN_BASE + 0x1003, 5);
	memcpy(memory + 0x1003, "abcde", 5);
	given_check(END);
	assert_true(given_find("kernel", &file));
	given_read(&file, 0, memory + 0x1001, 5);
	assert_memory_equal(memory + 0x1001, "abcdede", 7);
}

/* What was checked holds, whatever is written over it later. */
static void kept(void **state)
{
	struct given file;

	(void)state;
	make("kernel", PLAT_GIVEN_BASE + 0x1000, 5);
	given_check(END);
	memset(memory, 'x', sizeof(struct given_list));
	assert_true(given_find("kernel", &file));
	assert_int_equal(file.where, PLAT_GIVEN_BASE + 0x1000);
	assert_int_equal(file.size, 5);
}

/* Is a byte of the file in [start, start + size)? */
static void overlaps(void **state)
{
	const struct given file = { 0x1000, 0x10 };
	const struct given empty = { 0x1000, 0 };

	(void)state;
	assert_false(given_overlaps(&file, 0xf00, 0x100));
	assert_true(given_overlaps(&file, 0xf00, 0x101));
	assert_true(given_overlaps(&file, 0xf00, 0x1000));
	assert_true(given_overlaps(&file, 0x1004, 4));
	assert_true(given_overlaps(&file, 0x100f, 1));
	assert_false(given_overlaps(&file, 0x1010, 0x100));
	assert_false(given_overlaps(&file, 0x1004, 0));
	assert_false(given_overlaps(&empty, 0xf00, 0x1000));
}

static void nothing(void **state)
{
	struct given file;

	(void)state;
	make("kernel", PLAT_GIVEN_BASE + 0x1000, 5);
	memory[0] ^= 1;
	given_check(END);
	assert_false(given_find("kernel", &file));
	make("kernel", PLAT_GIVEN_BASE + 0x1000, 5);
	given_check(PLAT_GIVEN_BASE); /* no RAM there */
	assert_false(given_find("kernel", &file));
}

static void bad(void **state)
{
	const uint64_t many = GIVEN_MAX + 1;

	(void)state;
	make("kernel", PLAT_GIVEN_BASE + 0x1000, 5);
	memcpy(memory + 8, &many, 8);
	assert_true(refused("it has 17, at most 16"));
	make("kernel", PLAT_GIVEN_BASE + 0x1000, 5);
	memset(memory + 16, 'x', 48);
	assert_true(refused("a name has no end"));
	make("kernel", PLAT_GIVEN_BASE - 1, 5);
	assert_true(refused("kernel does not fit"));
	make("kernel", PLAT_GIVEN_BASE + 0x1000, 0x1001);
	assert_true(refused("kernel does not fit"));
	make("kernel", END + 1, 0);
	assert_true(refused("kernel does not fit"));
	make("kernel", PLAT_GIVEN_BASE + 0x1000, UINT64_MAX - 0x800);
	assert_true(refused("kernel does not fit"));
	make("kernel", PLAT_GIVEN_BASE + 0x1000, 0x1000);
	assert_false(refused(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found),   cmocka_unit_test(moved),
		cmocka_unit_test(kept),    cmocka_unit_test(overlaps),
		cmocka_unit_test(nothing), cmocka_unit_test(bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
