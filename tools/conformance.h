/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of `sdei conformance` share: what to run, and what the payload
 * reported. A report is complete if `problem` is empty.
 */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include "platform.h"
#include "sdei.h"

enum result { PASSED, FAILED, SKIPPED, RESULTS };

struct check {
	unsigned number;
	enum result result;
	char *section; /* of DEN0054C; "-" if the line names none */
	char *name;
	char *text; /* failed: the diagnostic; skipped: the reason */
};

struct report {
	struct check *check;
	unsigned checks, count[RESULTS];
	long plan;    /* -1: none seen */
	bool started; /* "TAP version 13" was there */
	bool in_diagnostic;
	char *bail_out;    /* why, or NULL */
	char problem[512]; /* why the run is not complete, or "" */
};

/* How one section, or all of them, came out. */
struct section {
	const char *name;
	unsigned count[RESULTS];
};

/* Arguments for `sdei run` as they were given; NULL: its default. */
struct job {
	const struct platform *platform;
	const char *firmware, *cpu, *smp, *el2, *gic, *qemu, *abi, *slots,
		*payload;
	int seconds;
	bool verbose; /* the console on stderr as well */
};

/* TAP 13, line by line (conformance_tap.c). */
void tap_start(struct report *report);
void tap_line(struct report *report, const char *line);
bool tap_done(const struct report *report);
void tap_free(struct report *report);
char *copy_text(const char *text, size_t length);

/* Run it to its end; an exit status, EXIT_OK if there is a report. */
int conformance_run(const struct job *job, struct report *report);

/*
 * The payload's requests for an event that only the firmware can raise
 * (conformance_help.c).
 */
struct helper {
	const struct platform *platform;
	const struct machine *machine;
	int keyboard; /* the console's other direction */
	enum { HELP_UNTRIED, HELP_NONE, HELP_THERE } state;
	struct channel line;
};

void help_with(struct helper *helper, const char *line);

/* The report for people and for programs (conformance_show.c, _junit.c). */
struct section *report_sections(const struct report *report, unsigned *count);
void report_table(const struct report *report);
void report_json(const struct job *job, const struct report *report);
int report_junit(const struct report *report, const char *path);

#endif
