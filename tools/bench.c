/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei bench: how many instructions a firmware spends on each call and event. A payload
 * (bench/firmware.c) counts them with the system counter, on a QEMU where an instruction
 * takes a nanosecond: the numbers are exact, and the same on every host.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "given.h"
#include "platform.h"
#include "sdei.h"

#define SECONDS \
	180 /* for all rows; they take less than ten on an idle machine */

/* bench/limits: what each row is, and what ours may cost at most (0: no limit). */
static const struct row {
	const char *name;
	unsigned limit;
	const char *what;
} rows[] = {
#include <bench_rows.h>
};

struct options {
	const char *firmware, *cpu, *qemu, *payload;
};

enum { KEY_FIRMWARE = KEY_OWN, KEY_CPU, KEY_QEMU };

static const struct argp_option option_list[] = {
	{ "firmware", KEY_FIRMWARE, "FILE", 0, "Whose (OpenSDEI's)", 0 },
	{ "cpu", KEY_CPU, "MODEL", 0, "CPU model (neoverse-n1)", 0 },
	{ "qemu", KEY_QEMU, "PROGRAM", 0, "QEMU (qemu-system-aarch64)", 0 },
	{ "json", KEY_JSON, NULL, 0, "Print JSON, of errors too", 0 },
	{ 0 }
};

static const char help[] =
	"Count the instructions that a firmware spends on each SDEI call and "
	"event, its SMC and ERET included."
	"\v"
	"The firmware starts a payload at 0x60000000 on QEMU's virt, as TF-A "
	"does when it is built so. LIMIT is what OpenSDEI's may cost at most: "
	"its own tests hold it to that.\n"
	"\n"
	"Examples:\n"
	"  sdei bench\n"
	"  sdei bench --firmware flash.bin --cpu max,pauth-impdef=on --json";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case KEY_FIRMWARE:
		options->firmware = arg;
		return 0;
	case KEY_CPU:
		options->cpu = arg;
		return 0;
	case KEY_QEMU:
		options->qemu = arg;
		return 0;
	case KEY_JSON:
		json_wanted = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is one argument too many", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* In the child: never returns. */
static void become_qemu(const struct options *o, int console)
{
	char payload[2 * PATH_MAX], *loader;

	quote(payload, sizeof(payload), o->payload);
	if (asprintf(&loader, "loader,file=%s,addr=0x60000000,force-raw=on",
		     payload) < 0)
		_exit(EXIT_USAGE);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
	dup2(console, STDOUT_FILENO);
	execlp(o->qemu, o->qemu, "-machine",
	       "virt,secure=on,virtualization=on,gic-version=3", "-icount",
	       "shift=0,sleep=off", "-smp", "1", "-m", "1G", "-display", "none",
	       "-serial", "stdio", "-monitor", "none", "-net", "none", "-cpu",
	       o->cpu, "-bios", o->firmware, "-device", loader, (char *)NULL);
	fprintf(stderr, "sdei: cannot start %s: %s\n", o->qemu,
		strerror(errno));
	_exit(EXIT_USAGE);
}

static const struct row *find_row(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

/* "row NAME INSTRUCTIONS", or "note NAME WHY": that was not measured. */
static void take_line(char *line, json_t *found)
{
	char *save, *kind = strtok_r(line, " ", &save);
	char *name = strtok_r(NULL, " ", &save);
	const struct row *row = name ? find_row(name) : NULL;
	const bool is_row = kind && strcmp(kind, "row") == 0;
	json_t *json;

	if (!name || !save || (!is_row && strcmp(kind, "note") != 0))
		return;
	json = json_pack("{s:s, s:s}", "name", name, "what",
			 row ? row->what : name);
	if (is_row)
		json_object_set_new(json, "instructions",
				    json_real(atof(save)));
	else
		json_object_set_new(json, "missing", json_string(save));
	if (row && row->limit)
		json_object_set_new(json, "limit", json_integer(row->limit));
	json_array_append_new(found, json);
}

static void print_row(const json_t *json)
{
	const char *what = json_string_value(json_object_get(json, "what"));
	const char *missing =
		json_string_value(json_object_get(json, "missing"));
	const json_int_t limit =
		json_integer_value(json_object_get(json, "limit"));

	if (missing)
		printf("  %-50s not measured: %s\n", what, missing);
	else
		printf("  %-50s %8g  %8.0" JSON_INTEGER_FORMAT "\n", what,
		       json_real_value(json_object_get(json, "instructions")),
		       limit);
}

/* In the order of our table: some rows are "the same" as the one before. */
static void print_table(const struct options *o, const json_t *found)
{
	printf("%s, %s\n\n  %-50s %8s  %8s\n", o->firmware, o->cpu,
	       "instructions", "", "limit");
	for (size_t r = 0; r < sizeof(rows) / sizeof(*rows); r++)
		for (size_t i = 0; i < json_array_size(found); i++) {
			const json_t *json = json_array_get(found, i);
			const char *name = json_string_value(
				json_object_get(json, "name"));

			if (strcmp(name, rows[r].name) == 0)
				print_row(json);
		}
}

/* One line; false: it ended, or said nothing in time. */
static bool read_line(int console, int64_t until, char *line, size_t size)
{
	struct pollfd ready = { .fd = console, .events = POLLIN };
	size_t used = 0;
	char c = 0;

	while (c != '\n') {
		const int64_t left = until - now_ms();

		if (left <= 0 || poll(&ready, 1, (int)left) <= 0 ||
		    read(console, &c, 1) != 1)
			return false;
		if (c != '\r' && c != '\n' && used + 1 < size)
			line[used++] = c;
	}
	line[used] = '\0';
	return true;
}

/* All rows, to the payload's "end". False: it did not come to that. */
static bool read_rows(int console, json_t *found)
{
	const int64_t until = end_of(SECONDS);
	char line[512];

	while (read_line(console, until, line, sizeof(line))) {
		if (strcmp(line, "end") == 0)
			return true;
		take_line(line, found);
	}
	return false;
}

static int measure(const struct options *o)
{
	json_t *found = json_array();
	int console[2], status = EXIT_OK;
	pid_t child;

	if (pipe2(console, O_CLOEXEC) != 0 || (child = fork()) < 0) {
		json_decref(found);
		return fail(EXIT_USAGE, "cannot start QEMU: %s",
			    strerror(errno));
	}
	if (child == 0)
		become_qemu(o, console[1]);
	close(console[1]);
	if (!read_rows(console[0], found))
		status = fail(EXIT_NO_ANSWER,
			      "the payload did not come to its end on %s",
			      o->firmware);
	close(console[0]);
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	if (status == EXIT_OK && json_wanted)
		print_json(json_pack("{s:s, s:s, s:O}", "firmware", o->firmware,
				     "cpu", o->cpu, "row", found));
	if (status == EXIT_OK && !json_wanted)
		print_table(o, found);
	json_decref(found);
	return status;
}

int command_bench(int argc, char **argv)
{
	const struct argp argp = { .options = option_list,
				   .parser = parse,
				   .doc = help };
	struct options o = { .cpu = "neoverse-n1",
			     .qemu = "qemu-system-aarch64" };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (!o.firmware)
		o.firmware = own_file("opensdei-", platform_number(0)->images);
	o.payload = own_file("bench", "");
	status = check_file("firmware", o.firmware);
	if (status == EXIT_OK)
		status = check_file("payload", o.payload);
	return status == EXIT_OK ? measure(&o) : status;
}
