/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei decode: a file becomes bytes, and lib/ras tells what they mean. Text is
 * taken for a hex dump: a record has bytes in it that no text has.
 */
#define _DEFAULT_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdei.h"

#define SIZE_MAX_READ ((size_t)16 << 20)

struct decode_options {
	const char *path;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct decode_options *options = state->input;

	switch (key) {
	case KEY_JSON:
		json_wanted = true;
		return 0;
	case ARGP_KEY_ARG:
		if (options->path)
			argp_error(state, "'%s' is one argument too many", arg);
		options->path = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which FILE? '-' is standard input");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{ "json", KEY_JSON, NULL, 0, "Print JSON, of errors too", 0 }, { 0 }
};

static const char help[] =
	"Say in words what error records mean: status blocks as firmware shows "
	"them, BERT regions, records as ERST keeps them."
	"\v"
	"FILE holds the bytes, or a hex dump of them as xxd or hexdump -vC make "
	"it; '-' is standard input. What is wrong with a record is said where "
	"it stands, and what can be read is read; the exit status is 1 then.\n"
	"\n"
	"Examples:\n"
	"  sdei decode block.bin\n"
	"  sdei decode --json /sys/firmware/acpi/tables/data/BERT\n"
	"  xxd block.bin | sdei decode -";

static const struct argp argp = {
	.options = option_list,
	.parser = parse,
	.args_doc = "FILE|-",
	.doc = help,
};

/* All of a file, and a zero behind it. */
static int read_all(const char *path, uint8_t **bytes, size_t *size)
{
	bool standard = strcmp(path, "-") == 0;
	int status = standard ? EXIT_OK : check_file("record", path);
	FILE *file;
	size_t room = 0;

	*bytes = NULL;
	*size = 0;
	if (status != EXIT_OK)
		return status;
	file = standard ? stdin : fopen(path, "rb");
	while (file && !feof(file) && !ferror(file) && *size < SIZE_MAX_READ) {
		uint8_t *more = *bytes;

		if (room - *size < 2) {
			room = room ? 2 * room : 65536;
			more = realloc(*bytes, room);
		}
		if (!more)
			break;
		*bytes = more;
		*size += fread(*bytes + *size, 1, room - *size - 1, file);
	}
	if (!file || ferror(file) || !feof(file) || *size > SIZE_MAX_READ) {
		status = fail(EXIT_USAGE, "record %s: %s", path,
			      *size >= SIZE_MAX_READ ? "more than 16 MiB"
						     : strerror(errno));
		free(*bytes);
	} else {
		(*bytes)[*size] = 0;
	}
	if (file && !standard)
		fclose(file);
	return status;
}

static bool is_text(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!isprint(bytes[i]) && !isspace(bytes[i]))
			return false;
	return size > 0;
}

#define HEX_DIGITS "0123456789abcdefABCDEF"

/* Where the digits of a line begin, behind "00000010:" or "00000010  ". */
static const char *behind_offset(const char *line)
{
	size_t digits = strspn(line, HEX_DIGITS);

	if (digits && line[digits] == ':')
		return line + digits + 1;
	/* hexdump's are at least seven, and no byte has so many. */
	if (digits >= 7 && digits <= 16 && isblank((unsigned char)line[digits]))
		return line + digits;
	return line;
}

/*
 * A line's bytes, to *to. False: it is no hex dump's. What is behind two blanks
 * (xxd) or a bar (hexdump -C, which has two blanks in its middle) is text again.
 */
static bool take_line(const char *line, uint8_t **to)
{
	const char *at = behind_offset(line);
	bool xxd = at != line && at[-1] == ':';

	while (isspace((unsigned char)*at))
		at++;
	while (*at && *at != '|') {
		char pair[3] = { at[0], at[1], 0 };

		if (!isxdigit((unsigned char)at[0]) ||
		    !isxdigit((unsigned char)at[1]))
			return false;
		*(*to)++ = (uint8_t)strtoul(pair, NULL, 16);
		at += 2;
		if (xxd && at[0] == ' ' && at[1] == ' ')
			return true;
		while (isspace((unsigned char)*at))
			at++;
	}
	return true;
}

/* hexdump's last line: an offset and nothing else. */
static bool is_size(const char *line)
{
	size_t digits = strspn(line, HEX_DIGITS);

	return (digits == 7 || digits == 8) &&
	       !line[digits + strspn(line + digits, "\r")];
}

/* In place: a dump is longer than what it shows. 0, or the line that is none. */
static unsigned from_hex(uint8_t *bytes, size_t *size)
{
	char *rest = (char *)bytes, *line;
	bool offsets = false;
	uint8_t *to = bytes;
	unsigned count = 1;

	for (; (line = strsep(&rest, "\n")); count++) {
		if (offsets && is_size(line))
			continue;
		offsets |= behind_offset(line) != line;
		if (!take_line(line, &to))
			return count;
	}
	*size = (size_t)(to - bytes);
	return 0;
}

int command_decode(int argc, char **argv)
{
	struct decode_options options = { 0 };
	unsigned line = 0, wrong = 0;
	uint8_t *bytes;
	size_t size;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	status = read_all(options.path, &bytes, &size);
	if (status != EXIT_OK)
		return status;
	if (is_text(bytes, size))
		line = from_hex(bytes, &size);
	if (line)
		status = fail(EXIT_USAGE,
			      "record %s: neither a record nor a hex dump with "
			      "all lines: see line %u",
			      options.path, line);
	else
		wrong = show_records(bytes, size);
	free(bytes);
	return wrong ? EXIT_REFUSED : status;
}
