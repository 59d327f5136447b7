/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What people read (tables) and what programs read (JSON). In JSON every word
 * of an answer appears under its own key: decimal values are numbers,
 * hexadecimal ones stay strings, for 64-bit values do not fit in JSON's.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdei.h"

bool json_wanted;

/* One column: its heading, the key, and what to do to the value. */
struct column {
	const char *heading;
	const char *key;
	enum { PLAIN, FLAG, SECONDS } form;
};

#define COLUMNS_MAX 12
#define CELL_MAX    64

void print_json(json_t *json)
{
	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
}

int fail(int status, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(stderr, "sdei: %s\n", text);
	if (json_wanted)
		print_json(
			json_pack("{s:s, s:i}", "error", text, "exit", status));
	return status;
}

void show_done(const char *format, ...)
{
	va_list args;

	if (json_wanted) {
		print_json(json_object());
		return;
	}
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static json_t *json_value(const char *value)
{
	size_t digits = strspn(value, "0123456789");

	if (digits == 0 || value[digits] || digits > 18)
		return json_string(value);
	return json_integer(strtoll(value, NULL, 10));
}

static json_t *json_line(const struct line *line)
{
	json_t *json = json_object();
	unsigned i;

	/* The only bare word there is says what a trace line tells of. */
	for (i = 0; i < line->words; i++)
		json_object_set_new(json,
				    line->word[i].key[0] ? line->word[i].key
							 : "what",
				    json_value(line->word[i].value));
	return json;
}

/* All lines of a kind. */
static json_t *json_lines(const struct reply *reply, const char *kind)
{
	json_t *json = json_array();
	unsigned i;

	for (i = 0; i < reply->lines; i++)
		if (strcmp(reply->line[i].kind, kind) == 0)
			json_array_append_new(json, json_line(&reply->line[i]));
	return json;
}

static void format_seconds(char *cell, const char *value)
{
	unsigned long long ns = strtoull(value, NULL, 0);

	snprintf(cell, CELL_MAX, "%llu.%06llu", ns / 1000000000,
		 ns / 1000 % 1000000);
}

static void format_cell(char *cell, const struct line *line,
			const struct column *column)
{
	const char *value = line_get(line, column->key);

	if (!value)
		value = "-";
	else if (column->form == FLAG)
		value = strcmp(value, "0") == 0 ? "no" : "yes";
	if (column->form == SECONDS && isdigit((unsigned char)value[0]))
		format_seconds(cell, value);
	else
		snprintf(cell, CELL_MAX, "%s", value);
}

struct table {
	char cells[COLUMNS_MAX][CELL_MAX];
	size_t width[COLUMNS_MAX];
	unsigned columns;
};

static void measure(struct table *table)
{
	unsigned i;

	for (i = 0; i < table->columns; i++)
		if (table->width[i] < strlen(table->cells[i]))
			table->width[i] = strlen(table->cells[i]);
}

static void print_row(struct table *table)
{
	unsigned i;

	/* No blanks after the last cell. */
	for (i = 0; i + 1 < table->columns; i++)
		printf("%-*s  ", (int)table->width[i], table->cells[i]);
	printf("%s\n", table->cells[i]);
}

static void print_table(const struct reply *reply, const char *kind,
			const struct column *columns, unsigned n)
{
	/* Twice over the same rows: the widths must be known to print. */
	void (*const passes[])(struct table *) = { measure, print_row };
	struct table table = { .columns = n };
	unsigned pass, i, column;

	for (pass = 0; pass < 2; pass++) {
		for (column = 0; column < n; column++)
			snprintf(table.cells[column], CELL_MAX, "%s",
				 columns[column].heading);
		passes[pass](&table);
		for (i = 0; i < reply->lines; i++) {
			if (strcmp(reply->line[i].kind, kind) != 0)
				continue;
			for (column = 0; column < n; column++)
				format_cell(table.cells[column],
					    &reply->line[i], &columns[column]);
			passes[pass](&table);
		}
	}
}

#define TABLE(reply, kind, ...) \
	do { \
		static const struct column columns[] = { __VA_ARGS__ }; \
		_Static_assert(sizeof(columns) <= \
				       COLUMNS_MAX * sizeof(columns[0]), \
			       "columns"); \
		print_table(reply, kind, columns, \
			    sizeof(columns) / sizeof(columns[0])); \
	} while (0)

static const char *or_dash(const char *value)
{
	return value ? value : "-";
}

void show_inject(const char *what, const struct reply *reply)
{
	const struct line *last = reply->last;
	const char *pe = line_get(last, "pe");
	const char *reason = line_get(last, "reason");
	char time[CELL_MAX];

	if (json_wanted) {
		print_json(json_line(last));
		return;
	}
	format_seconds(time, or_dash(line_get(last, "time")));
	printf("#%s %s: event %s %s", or_dash(line_get(last, "sequence")), what,
	       or_dash(line_get(last, "event")),
	       or_dash(line_get(last, "disposition")));
	if (pe)
		printf(" to PE %s", pe);
	printf(" at %s s", time);
	if (reason && reason[0])
		printf(" (%s)", reason);
	putchar('\n');
}

void show_stop(const struct reply *reply)
{
	if (json_wanted)
		print_json(json_line(reply->last));
	else
		printf("storms ended: %s\n",
		       or_dash(line_get(reply->last, "stopped")));
}

static void show_machine(const struct reply *reply)
{
	char time[CELL_MAX];
	unsigned i;

	for (i = 0; i < reply->lines; i++) {
		const struct line *line = &reply->line[i];

		if (strcmp(line->kind, "machine") != 0)
			continue;
		format_seconds(time, or_dash(line_get(line, "time")));
		printf("machine: %s PEs, RAM %s, tables %s, client at %s, "
		       "up %s s\n",
		       or_dash(line_get(line, "pes")),
		       or_dash(line_get(line, "ram")),
		       or_dash(line_get(line, "tables")),
		       or_dash(line_get(line, "client")), time);
	}
}

/* Fatal errors that no kernel has read of yet, if there are any. */
static void show_bert(const struct reply *reply)
{
	for (unsigned i = 0; i < reply->lines; i++) {
		const struct line *line = &reply->line[i];
		const char *kept = line_get(line, "kept");

		if (strcmp(line->kind, "bert") == 0 && kept &&
		    strcmp(kept, "0") != 0)
			printf("\nboot error record: %s fatal kept for the next "
			       "kernel, %s more lost\n",
			       kept, or_dash(line_get(line, "lost")));
	}
}

static void show_storms(const struct reply *reply)
{
	bool any = false;

	for (unsigned i = 0; i < reply->lines; i++)
		any |= strcmp(reply->line[i].kind, "storm") == 0;
	if (!any)
		return;
	putchar('\n');
	TABLE(reply, "storm", { "STORM", "id", PLAIN },
	      { "EVENT", "event", PLAIN }, { "RUNNING", "running", FLAG },
	      { "COUNT", "count", PLAIN }, { "RATE", "rate", PLAIN },
	      { "INJECTED", "injected", PLAIN },
	      { "SKIPPED", "skipped", PLAIN }, { "LEFT", "left", PLAIN },
	      { "DROPPED", "dropped", PLAIN });
}

void show_status(const struct reply *reply)
{
	if (json_wanted) {
		json_t *machine = json_lines(reply, "machine");

		json_t *bert = json_lines(reply, "bert");

		print_json(json_pack("{s:O?, s:O?, s:o, s:o, s:o, s:o, s:o}",
				     "bert", json_array_get(bert, 0), "machine",
				     json_array_get(machine, 0), "memory",
				     json_lines(reply, "memory"), "pe",
				     json_lines(reply, "pe"), "event",
				     json_lines(reply, "event"), "source",
				     json_lines(reply, "source"), "storm",
				     json_lines(reply, "storm")));
		json_decref(machine);
		json_decref(bert);
		return;
	}
	show_machine(reply);
	putchar('\n');
	TABLE(reply, "memory", { "MEMORY", "start", PLAIN },
	      { "END", "end", PLAIN });
	putchar('\n');
	TABLE(reply, "pe", { "PE", "index", PLAIN },
	      { "AFFINITY", "affinity", PLAIN }, { "POWER", "power", PLAIN },
	      { "MASKED", "masked", FLAG });
	putchar('\n');
	TABLE(reply, "event", { "EVENT", "number", PLAIN },
	      { "NAME", "name", PLAIN }, { "TYPE", "type", PLAIN },
	      { "PRIORITY", "priority", PLAIN },
	      { "ROUTING", "routing", PLAIN }, { "PE", "pe", PLAIN },
	      { "REGISTERED", "registered", FLAG },
	      { "ENABLED", "enabled", FLAG }, { "RUNNING", "running", FLAG },
	      { "PENDING", "pending", FLAG }, { "ENTRY", "entry", PLAIN });
	putchar('\n');
	TABLE(reply, "source", { "SOURCE", "name", PLAIN },
	      { "EVENT", "event", PLAIN }, { "INJECTED", "injected", PLAIN },
	      { "PUBLISHED", "published", PLAIN },
	      { "ACKNOWLEDGED", "acknowledged", PLAIN },
	      { "QUEUED", "queued", PLAIN }, { "HELD", "held", PLAIN },
	      { "DROPPED", "dropped", PLAIN }, { "AGAIN", "again", PLAIN },
	      { "WITHDRAWN", "withdrawn", PLAIN }, { "BUSY", "busy", FLAG });
	show_storms(reply);
	show_bert(reply);
}

void show_trace(const struct reply *reply)
{
	const char *lost = line_get(reply->last, "lost");

	if (json_wanted) {
		print_json(json_pack("{s:o, s:o}", "trace",
				     json_lines(reply, "trace"), "lost",
				     json_value(lost ? lost : "0")));
		return;
	}
	TABLE(reply, "trace", { "TIME", "time", SECONDS },
	      { "PE", "pe", PLAIN }, { "WHAT", "", PLAIN },
	      { "EVENT", "event", PLAIN }, { "PC", "pc", PLAIN },
	      { "PSTATE", "pstate", PLAIN }, { "HOW", "how", PLAIN });
	if (lost && strcmp(lost, "0") != 0)
		printf("(%s older entries are lost)\n", lost);
}
