/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TAP 13 (testanything.org) as the conformance payload writes it on a console
 * that is not its alone: what comes before "TAP version 13" and what is not TAP
 * is somebody else's and ignored.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance.h"

#define START    "TAP version 13"
#define BAIL_OUT "Bail out!"
#define SKIP     "# SKIP"

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

char *copy_text(const char *text, size_t length)
{
	char *copy = strndup(text, length);

	if (!copy)
		exit(fail(EXIT_USAGE, "out of memory"));
	return copy;
}

void tap_start(struct report *report)
{
	memset(report, 0, sizeof(*report));
	report->plan = -1;
}

void tap_free(struct report *report)
{
	unsigned i;

	for (i = 0; i < report->checks; i++) {
		free(report->check[i].section);
		free(report->check[i].name);
		free(report->check[i].text);
	}
	free(report->check);
	free(report->bail_out);
}

bool tap_done(const struct report *report)
{
	return report->plan >= 0 && report->checks == (unsigned)report->plan;
}

static struct check *add_check(struct report *report)
{
	struct check *check;

	report->check = reallocarray(report->check, report->checks + 1,
				     sizeof(*report->check));
	if (!report->check)
		exit(fail(EXIT_USAGE, "out of memory"));
	check = &report->check[report->checks++];
	memset(check, 0, sizeof(*check));
	return check;
}

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " ");
}

/* "5.1.2 REGISTER: event 0 # SKIP why" into section, name and text. */
static void describe(struct check *check, const char *text)
{
	const char *skip = strcasestr(text, SKIP);
	size_t length = strspn(text, "0123456789.");
	const char *name = text + length, *end;

	check->section = length ? copy_text(text, length) : copy_text("-", 1);
	name = skip_blanks(name);
	end = skip ? skip : text + strlen(text);
	while (end > name && end[-1] == ' ')
		end--;
	check->name = copy_text(name, end > name ? (size_t)(end - name) : 0);
	if (skip)
		skip = skip_blanks(skip + strlen(SKIP));
	check->text = skip ? copy_text(skip, strlen(skip)) : copy_text("", 0);
	if (skip && check->result == PASSED)
		check->result = SKIPPED;
}

static bool check_line(struct report *report, const char *line)
{
	bool failed = begins(line, "not ok ");
	const char *text = failed ? line + strlen("not ") : line;
	struct check *check;
	char *end;

	if (!begins(text, "ok "))
		return false;
	check = add_check(report);
	check->result = failed ? FAILED : PASSED;
	check->number = (unsigned)strtoul(text + strlen("ok "), &end, 10);
	text = skip_blanks(end);
	if (begins(text, "- "))
		text = skip_blanks(text + 2);
	describe(check, text);
	report->count[check->result]++;
	if (check->number != report->checks && !report->problem[0])
		snprintf(report->problem, sizeof(report->problem),
			 "check %u was followed by check %u: output was lost",
			 report->checks - 1, check->number);
	return true;
}

/* A line between "---" and "...", below a check that failed. */
static void diagnostic_line(struct report *report, const char *line)
{
	struct check *check;
	char *text;

	if (strcmp(line, "  ...") == 0) {
		report->in_diagnostic = false;
		return;
	}
	if (!report->checks)
		return;
	check = &report->check[report->checks - 1];
	if (asprintf(&text, "%s%s\n", check->text,
		     begins(line, "  ") ? line + 2 : line) < 0)
		exit(fail(EXIT_USAGE, "out of memory"));
	free(check->text);
	check->text = text;
}

void tap_line(struct report *report, const char *line)
{
	const char *start = strstr(line, START);
	long plan;

	if (!report->started) {
		/* The firmware may have left a line without its end. */
		report->started = start && !start[strlen(START)];
		return;
	}
	if (begins(line, BAIL_OUT) && !report->bail_out) {
		line = skip_blanks(line + strlen(BAIL_OUT));
		report->bail_out = copy_text(line, strlen(line));
	} else if (report->in_diagnostic) {
		diagnostic_line(report, line);
	} else if (strcmp(line, "  ---") == 0) {
		report->in_diagnostic = true;
	} else if (!check_line(report, line) &&
		   sscanf(line, "1..%ld", &plan) == 1 && plan >= 0) {
		report->plan = plan;
	}
}
