/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report of `sdei conformance` as JUnit XML: a suite for each section, a
 * case for each check; and one more suite with an error if the payload did not
 * finish.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance.h"

/* The text was made printable ASCII and newlines when it was read. */
static void put_text(FILE *to, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", to);
			break;
		case '<':
			fputs("&lt;", to);
			break;
		case '>':
			fputs("&gt;", to);
			break;
		case '"':
			fputs("&quot;", to);
			break;
		default:
			fputc(*text, to);
			break;
		}
	}
}

static void put_case(FILE *to, const struct check *check)
{
	fprintf(to, "    <testcase classname=\"sdei.%s\" name=\"",
		check->section);
	put_text(to, check->name);
	fputs(check->result == PASSED ? "\"/>\n" : "\">\n", to);
	if (check->result == FAILED) {
		fputs("      <failure message=\"not as the specification says\">",
		      to);
		put_text(to, check->text);
		fputs("</failure>\n    </testcase>\n", to);
	} else if (check->result == SKIPPED) {
		fputs("      <skipped message=\"", to);
		put_text(to, check->text);
		fputs("\"/>\n    </testcase>\n", to);
	}
}

static void put_suite(FILE *to, const struct report *report,
		      const struct section *section)
{
	const unsigned *count = section->count;
	unsigned i;

	fprintf(to,
		"  <testsuite name=\"%s\" tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\">\n",
		section->name, count[PASSED] + count[FAILED] + count[SKIPPED],
		count[FAILED], count[SKIPPED]);
	for (i = 0; i < report->checks; i++)
		if (strcmp(report->check[i].section, section->name) == 0)
			put_case(to, &report->check[i]);
	fputs("  </testsuite>\n", to);
}

static void put_report(FILE *to, const struct report *report)
{
	unsigned count, i, errors = report->problem[0] != '\0';
	struct section *sections = report_sections(report, &count);

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", to);
	fprintf(to,
		"<testsuites name=\"SDEI conformance, DEN0054C\" tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\">\n",
		report->checks + errors, report->count[FAILED], errors,
		report->count[SKIPPED]);
	for (i = 0; i < count; i++)
		put_suite(to, report, &sections[i]);
	if (errors) {
		fputs("  <testsuite name=\"payload\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n"
		      "    <testcase classname=\"sdei.payload\" name=\"finishes\">\n"
		      "      <error message=\"",
		      to);
		put_text(to, report->problem);
		fputs("\"/>\n    </testcase>\n  </testsuite>\n", to);
	}
	fputs("</testsuites>\n", to);
	free(sections);
}

int report_junit(const struct report *report, const char *path)
{
	FILE *to;

	if (strcmp(path, "-") == 0) {
		put_report(stdout, report);
		return EXIT_OK;
	}
	to = fopen(path, "w");
	if (!to)
		return fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	put_report(to, report);
	if (ferror(to) | fclose(to))
		return fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	return EXIT_OK;
}
