/* SPDX-License-Identifier: BSD-2-Clause */
/* The firmware's options (firmware/boot/options.c), with one file given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#undef fail /* cmocka's */
#include "boot.h"
#include "given.h"
#include "handoff.h"

static const char *content; /* of the file; NULL: there is none */
static jmp_buf failed;
static char said[256];

bool given_find(const char *name, struct given *file)
{
	assert_non_null(strstr(name, "opt/opensdei/"));
	file->where = 0x20;
	file->size = content ? (uint32_t)strlen(content) : 0;
	return content;
}

void given_read(const struct given *file, uint32_t offset, void *to,
		uint32_t size)
{
	assert_int_equal(file->where, 0x20);
	assert_true(offset + size <= strlen(content));
	memcpy(to, content + offset, size);
}

void fail(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	vsnprintf(said, sizeof(said), text, args);
	va_end(args);
	longjmp(failed, 1);
}

/* Is the value refused, with a sentence that has it and what is right in it? */
static bool refused(const char *value)
{
	content = value;
	if (setjmp(failed)) {
		assert_non_null(strstr(said, "opt/opensdei/slots"));
		assert_non_null(strstr(said, "0:0 to 3:64"));
		return true;
	}
	option_slots();
	return false;
}

static void slots_taken(void **state)
{
	static const struct {
		const char *value;
		unsigned private, shared;
	} good[] = {
		{ NULL, 3, 64 },    { "3:64", 3, 64 }, { "0:0", 0, 0 },
		{ "1:2", 1, 2 },    { "0:64", 0, 64 }, { "3:0", 3, 0 },
		{ "03:007", 3, 7 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint64_t flags;

		assert_false(refused(good[i].value));
		flags = option_slots();
		assert_int_equal(BOOT_HANDOFF_PRIVATE(flags), good[i].private);
		assert_int_equal(BOOT_HANDOFF_SHARED(flags), good[i].shared);
		assert_int_equal(flags & 0xffff, 0);
	}
}

static void slots_refused(void **state)
{
	static const char *const bad[] = {
		"",
		":",
		"3",
		"3:",
		":64",
		"4:64",
		"3:65",
		"4:65",
		"-1:2",
		"1:-2",
		"+1:2",
		" 1:2",
		"1 :2",
		"1:2 ",
		"1:2\n",
		"1:2:3",
		"1,2",
		"0x1:2",
		"1:0x2",
		"a:b",
		"3:64x",
		"4294967296:1",
		"1:4294967297",
		"18446744073709551617:1",
		"65537:65537",
		"0000000000000000000000000000000000000001:2",
		"1:00000000000000000000000000000000000000002x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!refused(bad[i])) {
			print_error("\"%s\" is taken\n", bad[i]);
			assert_true(false);
		}
}

/* KiB; 0: refused, with a sentence that says what is right. */
static unsigned trace_size(const char *value)
{
	content = value;
	if (setjmp(failed)) {
		assert_non_null(
			strstr(said, "KiB from 256 (the default) to 65536"));
		return 0;
	}
	return option_trace_size();
}

static void trace_sizes(void **state)
{
	static const struct {
		const char *value;
		unsigned kib;
	} cases[] = {
		{ NULL, 256 },
		{ "256", 256 },
		{ "0256", 256 },
		{ "257", 2048 },
		{ "2048", 2048 },
		{ "2049", 4096 },
		{ "65536", 65536 },
		{ "", 0 },
		{ "0", 0 },
		{ "255", 0 },
		{ "65537", 0 },
		{ "-256", 0 },
		{ "+256", 0 },
		{ " 256", 0 },
		{ "256 ", 0 },
		{ "256k", 0 },
		{ "0x100", 0 },
		{ "4294967552", 0 },
		{ "18446744073709551872", 0 },
		{ "0000000000000000000000000000256", 256 },
		{ "00000000000000000000000000000256", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const unsigned kib = trace_size(cases[i].value);

		if (kib != cases[i].kib)
			print_error("\"%s\"\n", cases[i].value);
		assert_int_equal(kib, cases[i].kib);
	}
}

static void choices(void **state)
{
	static const char *const values[] = { "1.1", "1.0" };

	(void)state;
	content = NULL;
	assert_int_equal(option_choice("opt/opensdei/abi", values), 0);
	content = "1.0";
	assert_int_equal(option_choice("opt/opensdei/abi", values), 1);
	content = "1.0, and more than thirty-one bytes of it";
	if (!setjmp(failed)) {
		option_choice("opt/opensdei/abi", values);
		assert_true(false);
	}
	assert_non_null(strstr(said, "\"1.1\" (the default) or \"1.0\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_taken),
		cmocka_unit_test(slots_refused),
		cmocka_unit_test(trace_sizes),
		cmocka_unit_test(choices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
