/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report of `sdei conformance` for people, and as JSON.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance.h"

static const char *const names[RESULTS] = { "passed", "failed", "skipped" };

static int by_name(const void *a, const void *b)
{
	const struct section *left = a, *right = b;

	return strverscmp(left->name, right->name);
}

static struct section *find(struct section *sections, unsigned count,
			    const char *name)
{
	unsigned i;

	for (i = 0; i < count; i++)
		if (strcmp(sections[i].name, name) == 0)
			return &sections[i];
	return NULL;
}

struct section *report_sections(const struct report *report, unsigned *count)
{
	struct section *sections = calloc(report->checks + 1,
					  sizeof(*sections));
	unsigned i;

	if (!sections)
		exit(fail(EXIT_USAGE, "out of memory"));
	*count = 0;
	for (i = 0; i < report->checks; i++) {
		const struct check *check = &report->check[i];
		struct section *s = find(sections, *count, check->section);

		if (!s) {
			s = &sections[(*count)++];
			s->name = check->section;
		}
		s->count[check->result]++;
	}
	qsort(sections, *count, sizeof(*sections), by_name);
	return sections;
}

static void print_counts(const char *name, const unsigned count[RESULTS])
{
	printf("%-10s %8u %8u %8u\n", name, count[PASSED], count[FAILED],
	       count[SKIPPED]);
}

static void print_failures(const struct report *report)
{
	unsigned i;

	for (i = 0; i < report->checks; i++) {
		const struct check *check = &report->check[i];

		if (check->result == FAILED)
			printf("\nFAILED %u, %s %s\n%s", check->number,
			       check->section, check->name, check->text);
	}
}

/* Each reason once, where it first appears. */
static void print_skips(const struct report *report)
{
	const char *heading = "\nSkipped:\n";
	unsigned i, j;

	for (i = 0; i < report->checks; i++) {
		const struct check *check = &report->check[i];
		unsigned before = 0, count = 0;

		if (check->result != SKIPPED)
			continue;
		for (j = 0; j < report->checks; j++) {
			const struct check *other = &report->check[j];

			if (other->result != SKIPPED ||
			    strcmp(other->text, check->text) != 0)
				continue;
			before += j < i;
			count++;
		}
		if (before)
			continue;
		printf("%s%6u  %s\n", heading, count, check->text);
		heading = "";
	}
}

void report_table(const struct report *report)
{
	unsigned count, i;
	struct section *sections = report_sections(report, &count);

	printf("%-10s %8s %8s %8s\n", "DEN0054C", names[PASSED], names[FAILED],
	       names[SKIPPED]);
	for (i = 0; i < count; i++)
		print_counts(sections[i].name, sections[i].count);
	print_counts("all", report->count);
	print_failures(report);
	print_skips(report);
	if (report->problem[0])
		printf("\nThe payload did not finish: %s\n", report->problem);
	free(sections);
}

static json_t *json_counts(const unsigned count[RESULTS])
{
	return json_pack("{s:i, s:i, s:i}", names[PASSED], count[PASSED],
			 names[FAILED], count[FAILED], names[SKIPPED],
			 count[SKIPPED]);
}

static json_t *json_check(const struct check *check)
{
	json_t *json = json_pack("{s:i, s:s, s:s, s:s}", "number",
				 check->number, "section", check->section,
				 "name", check->name, "result",
				 names[check->result]);

	if (check->result != PASSED)
		json_object_set_new(json,
				    check->result == FAILED ? "diagnostic"
							    : "reason",
				    json_string(check->text));
	return json;
}

void report_json(const struct job *job, const struct report *report)
{
	unsigned count, i;
	struct section *sections = report_sections(report, &count);
	json_t *all = json_counts(report->count);
	json_t *list = json_array(), *checks = json_array();

	for (i = 0; i < count; i++) {
		json_t *json = json_counts(sections[i].count);

		json_object_set_new(json, "section",
				    json_string(sections[i].name));
		json_array_append_new(list, json);
	}
	for (i = 0; i < report->checks; i++)
		json_array_append_new(checks, json_check(&report->check[i]));
	json_object_set_new(all, "checks", json_integer(report->checks));
	json_object_set_new(all, "plan",
			    report->plan < 0 ? json_null()
					     : json_integer(report->plan));
	json_object_set_new(all, "problem",
			    report->problem[0] ? json_string(report->problem)
					       : json_null());
	json_object_set_new(all, "payload", json_string(job->payload));
	json_object_set_new(all, "section", list);
	json_object_set_new(all, "check", checks);
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
	free(sections);
}
