/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a compiler may call (firmware/memory.c): every alignment, length and overlap
 * that there is within a few words, against copies a byte at a time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define memcpy  firmware_memcpy
#define memmove firmware_memmove
#define memset  firmware_memset
#define memcmp  firmware_memcmp
#include "../../firmware/memory.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp

#define SIZE 160

static _Alignas(16) uint8_t got[SIZE], want[SIZE];

static void fill(void)
{
	for (unsigned i = 0; i < SIZE; i++)
		got[i] = want[i] = (uint8_t)(i * 7 + 1);
}

static void check(void)
{
	for (unsigned i = 0; i < SIZE; i++)
		assert_int_equal(got[i], want[i]);
}

static void moves(void **state)
{
	(void)state;
	for (unsigned to = 0; to < 40; to++)
		for (unsigned from = 0; from < 40; from++)
			for (unsigned n = 0; n < 100; n++) {
				uint8_t middle[100];

				fill();
				for (unsigned i = 0; i < n; i++)
					middle[i] = want[from + i];
				for (unsigned i = 0; i < n; i++)
					want[to + i] = middle[i];
				assert_ptr_equal(firmware_memmove(got + to,
								  got + from,
								  n),
						 got + to);
				check();
			}
}

static void copies_and_sets(void **state)
{
	static _Alignas(16) uint8_t source[SIZE];

	(void)state;
	for (unsigned i = 0; i < SIZE; i++)
		source[i] = (uint8_t)(200 - i);
	for (unsigned to = 0; to < 20; to++)
		for (unsigned from = 0; from < 20; from++)
			for (unsigned n = 0; n < 80; n++) {
				fill();
				for (unsigned i = 0; i < n; i++)
					want[to + i] = source[from + i];
				firmware_memcpy(got + to, source + from, n);
				check();
				fill();
				for (unsigned i = 0; i < n; i++)
					want[to + i] = (uint8_t)from;
				firmware_memset(got + to, (int)from | 0x300, n);
				check();
			}
}

static void compares(void **state)
{
	(void)state;
	assert_int_equal(firmware_memcmp("abc", "abc", 3), 0);
	assert_true(firmware_memcmp("abd", "abc", 3) > 0);
	assert_true(firmware_memcmp("\x7f", "\x80", 1) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves),
		cmocka_unit_test(copies_and_sets),
		cmocka_unit_test(compares),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
