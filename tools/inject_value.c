/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei inject: what a person types as a value. Numbers are decimal, or
 * hexadecimal with 0x, and have no sign and no blanks; whatever is wrong is
 * repeated to the person together with what is allowed.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "inject.h"

#define LIST_MAX 512

bool value_number(const char *text, uint64_t max, uint64_t *value)
{
	bool hex = strncmp(text, "0x", 2) == 0;
	const char *digits = hex ? text + 2 : text;
	size_t length = strspn(digits,
			       hex ? "0123456789abcdefABCDEF" : "0123456789");
	uint64_t number;

	if (length == 0 || digits[length])
		return false;
	errno = 0;
	number = strtoull(digits, NULL, hex ? 16 : 10);
	if (errno != 0 || number > max)
		return false;
	*value = number;
	return true;
}

bool value_word(const char *text, const struct inject_word *words,
		uint64_t *value)
{
	for (; words && words->name; words++)
		if (strcmp(text, words->name) == 0) {
			*value = words->value;
			return true;
		}
	return false;
}

static int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0'
	       : isxdigit((unsigned char)c)
		       ? tolower((unsigned char)c) - 'a' + 10
		       : -1;
}

/* `count` bytes, two digits each, from text that may end anywhere. */
static bool pairs(const char *text, uint8_t *to, size_t count)
{
	for (; count--; text += 2) {
		int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);

		if (low < 0)
			return false;
		*to++ = (uint8_t)(high << 4 | low);
	}
	return true;
}

bool value_guid(const char *text, uint8_t *guid)
{
	/* Where each byte's digits are: the first three fields lie in memory
	 * with their lowest byte first (UEFI 2.10, appendix A). */
	static const uint8_t at[16] = { 6,  4,  2,  0,  11, 9,  16, 14,
					19, 21, 24, 26, 28, 30, 32, 34 };
	uint8_t bytes[16];
	unsigned i;

	if (strlen(text) != 36 || text[8] != '-' || text[13] != '-' ||
	    text[18] != '-' || text[23] != '-')
		return false;
	for (i = 0; i < sizeof(at); i++)
		if (!pairs(text + at[i], &bytes[i], 1))
			return false;
	memcpy(guid, bytes, sizeof(bytes));
	return true;
}

bool value_time(const char *text, uint64_t *seconds)
{
	const uint64_t last = 253402300799; /* of year 9999 */
	struct tm tm = { 0 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	time_t time;

	if (value_number(text, last, seconds))
		return *seconds != 0;
	if (!end || (*end && strcmp(end, "Z") != 0))
		return false;
	time = timegm(&tm);
	if (time <= 0 || (uint64_t)time > last)
		return false;
	*seconds = (uint64_t)time;
	return true;
}

bool value_pci(const char *text, unsigned *segment, unsigned *bus,
	       unsigned *device, unsigned *function)
{
	uint8_t s[2], b, d;

	/* "0000:00:01.0", as lspci -D prints it. */
	if (strlen(text) != 12 || text[4] != ':' || text[7] != ':' ||
	    text[10] != '.' || !pairs(text, s, 2) || !pairs(text + 5, &b, 1) ||
	    !pairs(text + 8, &d, 1) || d > 0x1f || text[11] < '0' ||
	    text[11] > '7')
		return false;
	*segment = (unsigned)s[0] << 8 | s[1];
	*bus = b;
	*device = d;
	*function = (unsigned)(text[11] - '0');
	return true;
}

void list_words(const struct inject_word *words, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (; words->name && used < size; words++)
		used += (size_t)snprintf(text + used, size - used, "%s%s",
					 used ? ", " : "", words->name);
}

uint64_t take_number(struct argp_state *state, const char *name,
		     const char *text, uint64_t max,
		     const struct inject_word *words)
{
	char list[LIST_MAX];
	uint64_t value = 0;

	if (value_word(text, words, &value) || value_number(text, max, &value))
		return value;
	if (words) {
		list_words(words, list, sizeof(list));
		argp_error(state,
			   "--%s: '%s' is none of %s, and no number from 0 to "
			   "%#llx",
			   name, text, list, (unsigned long long)max);
	}
	argp_error(state,
		   "--%s: '%s' is not a number from 0 to %#llx (decimal, or "
		   "hexadecimal with 0x)",
		   name, text, (unsigned long long)max);
	return 0;
}

uint64_t take_bits(struct argp_state *state, const char *name, const char *text,
		   uint64_t max, const struct inject_word *words)
{
	char copy[256], list[LIST_MAX], *save = NULL, *word;
	uint64_t value = 0, bit;

	if (value_number(text, max, &value))
		return value;
	snprintf(copy, sizeof(copy), "%s", text);
	word = strtok_r(copy, ",", &save);
	for (; word && value_word(word, words, &bit);
	     word = strtok_r(NULL, ",", &save))
		value |= bit;
	if (!word && value)
		return value;
	list_words(words, list, sizeof(list));
	argp_error(state,
		   "--%s: '%s' is none of %s (several with commas between "
		   "them), and no number from 0 to %#llx",
		   name, word ? word : text, list, (unsigned long long)max);
	return 0;
}

/* At most `room` bytes, and one more if there are too many. */
static size_t read_file(struct argp_state *state, const char *path, uint8_t *to,
			size_t room)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *file = standard ? stdin : fopen(path, "rb");
	size_t size;

	if (!file) {
		argp_error(state, "%s: %s", path, strerror(errno));
		return 0;
	}
	size = fread(to, 1, room, file);
	if (ferror(file))
		argp_error(state, "%s: %s", path, strerror(errno));
	if (size == room && fgetc(file) != EOF)
		size++;
	if (!standard)
		fclose(file);
	return size;
}

size_t take_file(struct argp_state *state, const char *path, uint8_t *to,
		 size_t room)
{
	size_t size = read_file(state, path, to, room);

	if (size > room)
		argp_error(state, "%s: more than %zu bytes, which is the most",
			   path, room);
	return size;
}

size_t take_bytes(struct argp_state *state, const char *name, const char *text,
		  uint8_t *to, size_t room)
{
	size_t size = strlen(text) / 2;

	if (text[0] == '@')
		size = read_file(state, text + 1, to, room);
	else if (strlen(text) % 2 || !size ||
		 strspn(text, "0123456789abcdefABCDEF") != strlen(text))
		argp_error(state,
			   "--%s: '%s' is not bytes: pairs of hexadecimal "
			   "digits, or @FILE",
			   name, text);
	if (size > room)
		argp_error(state, "--%s: too many bytes, it can have %zu", name,
			   room);
	if (text[0] != '@')
		pairs(text, to, size);
	return size;
}

void take_guid(struct argp_state *state, const char *name, const char *text,
	       uint8_t *guid)
{
	if (!value_guid(text, guid))
		argp_error(state,
			   "--%s: '%s' is not a GUID like "
			   "01234567-89ab-cdef-0123-456789abcdef",
			   name, text);
}
