/* SPDX-License-Identifier: BSD-2-Clause */
/* See decode_rig.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <sdei/decode.h>

#include "decode_rig.h"

static char text[1 << 20];

struct told {
	const uint8_t *bytes;
	size_t size, used;
	unsigned depth, wrong;
};

__attribute__((format(printf, 2, 3))) static void say(struct told *told,
						      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	told->used += (size_t)vsnprintf(text + told->used,
					sizeof(text) - told->used, format,
					args);
	va_end(args);
	assert_true(told->used < sizeof(text) - 1);
}

static void say_bytes(struct told *told, const struct sdei_decoded *item)
{
	for (size_t i = 0; i < item->size; i++)
		say(told, item->kind == SDEI_DECODED_TEXT ? "%c" : "%02x",
		    item->bytes[i]);
}

static void say_bits(struct told *told, const struct sdei_decoded *item)
{
	for (unsigned i = 0; i < 64; i++)
		if (item->number >> i & 1)
			say(told, " %s",
			    i < item->bit_count && item->bits[i] ? item->bits[i]
								 : "?");
}

static void tell(void *context, const struct sdei_decoded *item)
{
	struct told *told = context;

	if (item->kind == SDEI_DECODED_END) {
		assert_true(told->depth-- > 0);
		say(told, "}\n");
		return;
	}
	assert_true(item->offset <= told->size);
	assert_true(item->size <= told->size - item->offset);
	assert_ptr_equal(item->bytes, told->bytes + item->offset);
	assert_non_null(item->name);
	say(told, "%s%s", item->kind == SDEI_DECODED_WRONG ? "!" : "",
	    item->name);
	switch (item->kind) {
	case SDEI_DECODED_BEGIN:
		assert_true(++told->depth <= 8);
		if (item->listed)
			say(told, "[%u]", (unsigned)item->number);
		say(told, "{%s", item->text ? item->text : "");
		break;
	case SDEI_DECODED_NUMBER:
	case SDEI_DECODED_SIGNED:
		say(told, "=%lld", (long long)item->number);
		if (item->text)
			say(told, " (%s)", item->text);
		break;
	case SDEI_DECODED_HEX:
	case SDEI_DECODED_BITS:
		say(told, "=0x%llx", (unsigned long long)item->number);
		say_bits(told, item->kind == SDEI_DECODED_BITS
				       ? item
				       : &(struct sdei_decoded){ 0 });
		break;
	case SDEI_DECODED_WRONG:
		told->wrong++;
		say(told, " %s %llu %llu", item->text,
		    (unsigned long long)item->number,
		    (unsigned long long)item->limit);
		break;
	default:
		say(told, item->kind == SDEI_DECODED_BYTES ? ":" : "=");
		say_bytes(told, item);
	}
	say(told, "\n");
}

const char *decoded(const void *bytes, size_t size, unsigned *wrong)
{
	struct told told = { .size = size };
	uint8_t *copy = malloc(size ? size : 1);
	unsigned count;

	/* Exactly as long, for the sanitizer's sake. */
	memcpy(copy, bytes, size);
	told.bytes = copy;
	text[0] = '\0';
	count = sdei_cper_decode(copy, size, tell, &told);
	free(copy);
	assert_int_equal(told.depth, 0);
	assert_int_equal(told.wrong, count);
	if (wrong)
		*wrong = count;
	return text;
}

static union {
	struct sdei_record record;
	uint8_t bytes[SDEI_RECORD_MAX];
} r;

void *start(enum sdei_section_kind kind, size_t size)
{
	void *body;

	sdei_record_start(&r.record, SDEI_CPER_RECOVERABLE, 0);
	body = sdei_record_add(&r.record, sizeof(r), kind,
			       SDEI_CPER_RECOVERABLE, size, NULL, 0);
	assert_non_null(body);
	return body;
}

static bool put(void *context, size_t offset, const void *from, size_t bytes)
{
	memcpy((uint8_t *)context + offset, from, bytes);
	return true;
}

size_t block_of(uint8_t block[SDEI_RECORD_BLOCK_MAX])
{
	const uint32_t word = sdei_record_word(&r.record);

	assert_null(sdei_record_wrong(&r, r.record.size));
	memcpy(block, &word, sizeof(word));
	assert_true(sdei_record_write(&r.record, put, block));
	return sdei_record_bytes(&r.record);
}

/* cmocka cuts long strings: say the first line that differs. */
static void same_lines(const char *got, const char *expected)
{
	const char *line = got;

	for (; *got && *got == *expected; expected++)
		if (*got++ == '\n')
			line = got;
	expected -= got - line;
	if (strcmp(line, expected) != 0)
		fail_msg("%.*s, not %.*s", (int)strcspn(line, "\n"), line,
			 (int)strcspn(expected, "\n"), expected);
}

void body_is(const char *expected, const char *kind)
{
	static uint8_t block[SDEI_RECORD_BLOCK_MAX];
	char head[64] = "section[0]{", *body, *end;
	const char *all;
	unsigned wrong;

	all = decoded(block, block_of(block), &wrong);
	assert_non_null(strstr(all, strcat(strcat(head, kind), "\n")));
	body = strstr(all, "body{\n");
	assert_non_null(body);
	body += strlen("body{\n");
	/* Behind it end the body, the section and the record. */
	end = body + strlen(body) - strlen("}\n}\n}\n");
	assert_string_equal(end, "}\n}\n}\n");
	*end = '\0';
	same_lines(body, expected);
	assert_int_equal(wrong, 0);
}
