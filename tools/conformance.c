/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei conformance: arguments, and what becomes of the report. The machine is
 * conformance_run.c's, the payload conformance/.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance.h"

#define SECONDS     120
#define SECONDS_MAX 86400

enum {
	KEY_MACHINE = KEY_OWN,
	KEY_FIRMWARE,
	KEY_PAYLOAD,
	KEY_CPU,
	KEY_SMP,
	KEY_EL2,
	KEY_GIC,
	KEY_QEMU,
	KEY_ABI,
	KEY_SLOTS,
	KEY_TIMEOUT,
	KEY_JUNIT,
	KEY_VERBOSE,
};

struct arguments {
	struct job job;
	const char *junit;
};

static void take_seconds(struct argp_state *state, const char *arg)
{
	struct arguments *a = state->input;
	char *end;
	long seconds = strtol(arg, &end, 10);

	if (*end || seconds < 1 || seconds > SECONDS_MAX)
		argp_error(state, "--timeout: '%s' is not 1 to %d seconds", arg,
			   SECONDS_MAX);
	a->job.seconds = (int)seconds;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	/* clang-format off */
	switch (key) {
	case KEY_FIRMWARE:	a->job.firmware = arg; return 0;
	case KEY_PAYLOAD:	a->job.payload = arg; return 0;
	case KEY_CPU:		a->job.cpu = arg; return 0;
	case KEY_SMP:		a->job.smp = arg; return 0;
	case KEY_EL2:		a->job.el2 = arg; return 0;
	case KEY_GIC:		a->job.gic = arg; return 0;
	case KEY_QEMU:		a->job.qemu = arg; return 0;
	case KEY_TIMEOUT:	take_seconds(state, arg); return 0;
	case KEY_JUNIT:		a->junit = arg; return 0;
	case KEY_JSON:		json_wanted = true; return 0;
	case KEY_VERBOSE:	a->job.verbose = true; return 0;
	/* clang-format on */
	case KEY_MACHINE:
		a->job.platform = platform_find(arg);
		if (!a->job.platform)
			argp_error(state, "--machine: '%s' is none of %s", arg,
				   platform_names());
		return 0;
	case KEY_ABI:
		a->job.abi = arg;
		if (strcmp(arg, "1.0") != 0 && strcmp(arg, "1.1") != 0)
			argp_error(state, "--abi: '%s' is neither 1.0 nor 1.1",
				   arg);
		return 0;
	case KEY_SLOTS:
		a->job.slots = arg;
		if (!are_slots(arg))
			argp_error(
				state,
				"--slots: '%s' is not PRIVATE:SHARED, two numbers",
				arg);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is one argument too many", arg);
		return 0;
	case ARGP_KEY_END:
		if (a->job.el2 && strcmp(a->job.el2, "on") != 0 &&
		    strcmp(a->job.el2, "off") != 0)
			argp_error(state, "--el2: '%s' is neither on nor off",
				   a->job.el2);
		if (json_wanted && a->junit && strcmp(a->junit, "-") == 0)
			argp_error(state,
				   "--json and --junit=- both want the output");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "firmware", KEY_FIRMWARE, "FILE", 0,
	  "Firmware to judge, any for QEMU's machine (OpenSDEI's, which came with "
	  "this program)",
	  1 },
	{ "payload", KEY_PAYLOAD, "FILE", 0,
	  "What judges it, and prints TAP 13 (the machine's, which came with this "
	  "program)",
	  1 },
	{ "machine", KEY_MACHINE, "MACHINE", 0, "QEMU's machine", 2 },
	{ "cpu", KEY_CPU, "MODEL", 0, "CPU model (neoverse-n1)", 2 },
	{ "smp", KEY_SMP, "N", 0, "Number of CPUs (4)", 2 },
	{ "el2", KEY_EL2, "on|off", 0,
	  "Whether the CPUs have EL2; without it the client is at EL1 (on)",
	  2 },
	{ "gic", KEY_GIC, "VERSION", 0,
	  "GIC, as QEMU's gic-version= takes it: 3, 4 or max (3)", 2 },
	{ "abi", KEY_ABI, "1.0|1.1", 0,
	  "The version that OpenSDEI's firmware is to report (1.1)", 2 },
	{ "slots", KEY_SLOTS, "PRIVATE:SHARED", 0,
	  "The bind slots that OpenSDEI's firmware is to offer (all)", 2 },
	{ "qemu", KEY_QEMU, "PROGRAM", 0, "QEMU (qemu-system-aarch64)", 2 },
	{ "timeout", KEY_TIMEOUT, "SECONDS", 0,
	  "How long it may print nothing (120)", 2 },
	{ "junit", KEY_JUNIT, "FILE|-", 0,
	  "Write JUnit XML; to - instead of the table", 3 },
	{ "json", KEY_JSON, NULL, 0, "Print JSON instead of the table", 3 },
	{ "verbose", KEY_VERBOSE, NULL, 0,
	  "Copy the machine's console to stderr", 3 },
	{ 0 }
};

static const char help[] =
	"Judge a firmware's SDEI dispatcher by Arm DEN0054C, on a machine of "
	"its own."
	"\v"
	"Critical events, which no client can raise, are injected where the "
	"firmware speaks OpenSDEI's control line; else their checks are "
	"skipped.\n"
	"\n"
	"Examples:\n"
	"  sdei conformance --smp 8\n"
	"  sdei conformance --firmware flash.bin --el2 off\n"
	"  sdei conformance --junit results.xml\n"
	"\n"
	"Exit status:\n"
	"  0  every check passed or was skipped\n"
	"  1  a check failed, or the payload did not finish\n"
	"  2  wrong arguments, or a file that is not there";

static char *filter(int key, const char *text, void *input)
{
	(void)input;
	return platform_help(key, KEY_MACHINE, text);
}

static const struct argp argp = {
	.options = options, .parser = parse, .doc = help, .help_filter = filter
};

/* The payload that was built with this program for this machine. */
static char *own_payload(const struct platform *platform)
{
	return platform == platform_number(0)
		       ? own_file("conformance", "")
		       : own_file("conformance-", platform->images);
}

static int show(const struct arguments *a, const struct report *report)
{
	int status = EXIT_OK;

	if (a->junit)
		status = report_junit(report, a->junit);
	if (json_wanted)
		report_json(&a->job, report);
	else if (!a->junit || strcmp(a->junit, "-") != 0)
		report_table(report);
	if (status != EXIT_OK)
		return status;
	return report->count[FAILED] || report->problem[0] ? EXIT_REFUSED
							   : EXIT_OK;
}

int command_conformance(int argc, char **argv)
{
	struct arguments a = { .job = { .platform = platform_number(0),
					.seconds = SECONDS } };
	struct report report;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	if (!a.job.payload)
		a.job.payload = own_payload(a.job.platform);
	status = check_file("firmware", a.job.firmware);
	if (status == EXIT_OK)
		status = check_file("payload", a.job.payload);
	if (status != EXIT_OK)
		return status;
	status = conformance_run(&a.job, &report);
	if (status == EXIT_OK)
		status = show(&a, &report);
	tap_free(&report);
	return status;
}
