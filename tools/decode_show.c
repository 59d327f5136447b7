/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What lib/ras tells of error records, printed: one line a field for people, one
 * object a structure for programs. No field is known here. In JSON
 * a number that has a name has it beside it ("severity", "severity_name"), and what
 * people read in hexadecimal is a string, for 64 bits do not fit in JSON's numbers.
 */
#define _DEFAULT_SOURCE
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sdei/decode.h>

#include "sdei.h"

#define DEPTH_MAX 16
#define TEXT_MAX  256
#define LINE      16 /* bytes of a line of a dump */

/* What is wrong, with its numbers put in. */
static void format_wrong(char *text, const struct sdei_decoded *item)
{
	uint64_t numbers[] = { item->number, item->limit };
	int used = snprintf(text, TEXT_MAX, "%s ", item->name);
	unsigned i = 0;

	for (const char *c = item->text; *c && used < TEXT_MAX - 32; c++)
		if (*c == '#' && i < 2)
			used += snprintf(text + used, TEXT_MAX - (size_t)used,
					 numbers[i] > 0xfffff ? "%#" PRIx64
							      : "%" PRIu64,
					 numbers[i]),
				i++;
		else
			text[used++] = *c;
	text[used] = '\0';
}

static void format_guid(char *text, const uint8_t *b)
{
	snprintf(text, TEXT_MAX,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
		 "%02x%02x%02x%02x%02x%02x",
		 b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9],
		 b[10], b[11], b[12], b[13], b[14], b[15]);
}

static void format_hex(char *text, const struct sdei_decoded *item)
{
	snprintf(text, TEXT_MAX, "0x%0*" PRIx64, (int)(2 * item->size),
		 item->number);
}

static void format_time(char *text, const uint8_t *b, const char *between)
{
	snprintf(text, TEXT_MAX, "%02x%02x-%02x-%02x%s%02x:%02x:%02x", b[7],
		 b[6], b[5], b[4], between, b[2], b[1], b[0]);
}

/* The name of a set bit, or what to call it. */
static const char *bit_name(const struct sdei_decoded *item, unsigned bit,
			    char *spare)
{
	if (bit < item->bit_count && item->bits[bit])
		return item->bits[bit];
	snprintf(spare, TEXT_MAX, "bit %u", bit);
	return spare;
}

/* Of text that anybody wrote: what is not printable, as \xNN. */
static void put_escaped(FILE *to, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (isprint(bytes[i]) && bytes[i] != '\\')
			fputc(bytes[i], to);
		else
			fprintf(to, "\\x%02x", bytes[i]);
}

static void words_bits(const struct sdei_decoded *item)
{
	char spare[TEXT_MAX];
	const char *between = " (";

	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(item->number >> bit & 1))
			continue;
		printf("%s%s", between, bit_name(item, bit, spare));
		between = ", ";
	}
	if (item->number)
		putchar(')');
}

/* Lines under the name: a kernel's log, or a dump. */
static void words_lines(unsigned depth, const struct sdei_decoded *item)
{
	const uint8_t *at = item->bytes, *end = at + item->size;

	for (const uint8_t *next; at < end; at = next) {
		printf("\n%*s", 2 * (int)depth + 2, "");
		if (item->kind == SDEI_DECODED_TEXT) {
			const uint8_t *line = memchr(at, '\n',
						     (size_t)(end - at));

			next = line ? line + 1 : end;
			put_escaped(stdout, at,
				    (size_t)((line ? line : end) - at));
			continue;
		}
		next = end - at > LINE ? at + LINE : end;
		printf("%04zx:", (size_t)(at - item->bytes));
		while (at < next)
			printf(" %02x", *at++);
	}
}

static void words_value(unsigned depth, const struct sdei_decoded *item)
{
	char text[TEXT_MAX] = "";

	switch (item->kind) {
	case SDEI_DECODED_NUMBER:
		printf(" %" PRIu64, item->number);
		break;
	case SDEI_DECODED_SIGNED:
		printf(" %" PRId64, (int64_t)item->number);
		break;
	case SDEI_DECODED_HEX:
	case SDEI_DECODED_BITS:
		format_hex(text, item);
		printf(" %s", text);
		break;
	case SDEI_DECODED_GUID:
		format_guid(text, item->bytes);
		printf(" %s", text);
		break;
	case SDEI_DECODED_TIME:
		format_time(text, item->bytes, " ");
		printf(" %s%s", text,
		       item->bytes[3] & 1 ? "" : " (not precise)");
		break;
	case SDEI_DECODED_TEXT:
		if (memchr(item->bytes, '\n', item->size)) {
			words_lines(depth, item);
			break;
		}
		printf(" \"");
		put_escaped(stdout, item->bytes, item->size);
		putchar('"');
		break;
	default:
		words_lines(depth, item);
	}
}

static void words(void *context, const struct sdei_decoded *item)
{
	unsigned *depth = context;
	char text[TEXT_MAX];

	if (item->kind == SDEI_DECODED_END) {
		--*depth;
		return;
	}
	printf("%*s", 2 * (int)*depth, "");
	if (item->kind == SDEI_DECODED_BEGIN) {
		printf("%s", item->name);
		if (item->listed)
			printf(" %" PRIu64, item->number);
		printf(item->text ? ": %s\n" : ":\n", item->text);
		++*depth;
		return;
	}
	if (item->kind == SDEI_DECODED_WRONG) {
		format_wrong(text, item);
		printf("WRONG at byte %#zx: %s\n", item->offset, text);
		return;
	}
	printf("%s:", item->name);
	words_value(*depth, item);
	if (item->kind == SDEI_DECODED_BITS)
		words_bits(item);
	else if (item->text)
		printf(" (%s)", item->text);
	putchar('\n');
}

/* Where JSON's next value goes. */
struct nest {
	json_t *object[DEPTH_MAX];
	unsigned depth;
};

static void append(json_t *object, const char *key, json_t *value)
{
	if (!json_object_get(object, key))
		json_object_set_new(object, key, json_array());
	json_array_append_new(json_object_get(object, key), value);
}

static void json_begin(struct nest *nest, const struct sdei_decoded *item)
{
	json_t *parent = nest->object[nest->depth], *object = json_object();
	char key[TEXT_MAX];

	json_object_set_new(object, "offset",
			    json_integer((json_int_t)item->offset));
	if (item->text)
		json_object_set_new(object, "kind", json_string(item->text));
	snprintf(key, sizeof(key), "%ss", item->name);
	if (item->listed)
		append(parent, key, object);
	else
		json_object_set_new(parent, item->name, object);
	if (nest->depth + 1 < DEPTH_MAX)
		nest->object[++nest->depth] = object;
}

static json_t *json_text(const struct sdei_decoded *item)
{
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);
	json_t *json;

	if (!memory)
		return json_null();
	for (size_t i = 0; i < item->size; i++)
		if (item->kind == SDEI_DECODED_BYTES)
			fprintf(memory, "%02x", item->bytes[i]);
		else if (item->bytes[i] == '\n')
			fputc('\n', memory);
		else
			put_escaped(memory, item->bytes + i, 1);
	fclose(memory);
	json = json_string(text);
	free(text);
	return json;
}

static json_t *json_scalar(const struct sdei_decoded *item)
{
	char text[TEXT_MAX] = "";

	switch (item->kind) {
	case SDEI_DECODED_NUMBER:
		if (item->number <= INT64_MAX)
			return json_integer((json_int_t)item->number);
		snprintf(text, sizeof(text), "%" PRIu64, item->number);
		return json_string(text);
	case SDEI_DECODED_SIGNED:
		return json_integer((json_int_t)item->number);
	case SDEI_DECODED_HEX:
	case SDEI_DECODED_BITS:
		format_hex(text, item);
		return json_string(text);
	case SDEI_DECODED_GUID:
		format_guid(text, item->bytes);
		return json_string(text);
	case SDEI_DECODED_TIME:
		format_time(text, item->bytes, "T");
		strcat(text, "Z");
		return json_string(text);
	default:
		return json_text(item);
	}
}

static void json_field(json_t *object, const struct sdei_decoded *item)
{
	char key[TEXT_MAX], spare[TEXT_MAX];

	json_object_set_new(object, item->name, json_scalar(item));
	snprintf(key, sizeof(key), "%s_name", item->name);
	if (item->text)
		json_object_set_new(object, key, json_string(item->text));
	snprintf(key, sizeof(key), "%s_precise", item->name);
	if (item->kind == SDEI_DECODED_TIME)
		json_object_set_new(object, key,
				    json_boolean(item->bytes[3] & 1));
	snprintf(key, sizeof(key), "%s_names", item->name);
	if (item->kind != SDEI_DECODED_BITS)
		return;
	json_object_set_new(object, key, json_array());
	for (unsigned bit = 0; bit < 64; bit++)
		if (item->number >> bit & 1)
			append(object, key,
			       json_string(bit_name(item, bit, spare)));
}

static void json(void *context, const struct sdei_decoded *item)
{
	struct nest *nest = context;
	json_t *object = nest->object[nest->depth];
	char text[TEXT_MAX];

	switch (item->kind) {
	case SDEI_DECODED_BEGIN:
		json_begin(nest, item);
		break;
	case SDEI_DECODED_END:
		nest->depth--;
		break;
	case SDEI_DECODED_WRONG:
		format_wrong(text, item);
		append(object, "wrong",
		       json_pack("{s:I, s:s}", "offset",
				 (json_int_t)item->offset, "what", text));
		break;
	default:
		json_field(object, item);
	}
}

unsigned show_records(const uint8_t *bytes, size_t size)
{
	struct nest nest = { .object = { NULL } };
	unsigned depth = 0, wrong;

	if (json_wanted) {
		nest.object[0] = json_pack("{s:[]}", "records");
		wrong = sdei_cper_decode(bytes, size, json, &nest);
		json_object_set_new(nest.object[0], "wrong_count",
				    json_integer(wrong));
		print_json(nest.object[0]);
		return wrong;
	}
	wrong = sdei_cper_decode(bytes, size, words, &depth);
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			return wrong;
	if (size)
		printf("no record: all %zu bytes are zero\n", size);
	return wrong;
}
