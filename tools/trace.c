/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei trace: the latest deliveries, which the firmware always has; or, followed live,
 * all that passes through EL3, in words, as JSON, or into a picture.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

#define POLL_MS   4
#define FILES_MAX 8

struct options {
	struct talk_options talk;
	bool follow;
	double seconds; /* 0: for ever */
	/* Files to read, and the log that goes with each; or one, of the machine. */
	struct {
		const char *from, *log;
	} file[FILES_MAX];
	unsigned files;
	const char *perfetto, *svg;
};

enum { KEY_SECONDS = KEY_OWN, KEY_FROM, KEY_LOG, KEY_PERFETTO, KEY_SVG };

static const char help[] =
	"Show the latest events that were delivered and completed, oldest "
	"first: when, on which PE, and what they interrupted. With --follow: "
	"all that passes through EL3 from now on, as it comes: calls and their "
	"results, interrupts, deliveries, ends, why an event waits, power, "
	"error records."
	"\v"
	"An entry's PSTATE tells what the event broke into: 0x80 set means "
	"that interrupts were masked.\n"
	"\n"
	"While nobody follows the firmware spends nothing on it; 'sdei run "
	"--trace' has it begin with the kernel. What came faster than it was "
	"read is counted, and told.\n"
	"\n"
	"Examples:\n"
	"  sdei trace\n"
	"  sdei trace --follow\n"
	"  sdei trace --follow --json > steps.json\n"
	"  sdei trace --perfetto trace.pftrace --seconds 5\n"
	"  sdei trace --from steps.json --svg trace.svg\n"
	"  sdei trace --vm guest --follow --json > guest.json\n"
	"  sdei trace --from steps.json --from guest.json --perfetto all.pftrace";

static const struct argp_option option_list[] = {
	{ "follow", 'f', NULL, 0, "Until ^C, or --seconds are over", 0 },
	{ "seconds", KEY_SECONDS, "N", 0, "Follow for so long", 0 },
	{ "from", KEY_FROM, "FILE", 0,
	  "Instead of a machine: what --follow --json printed; - is standard "
	  "input. Several: a machine and its guests, on one clock",
	  0 },
	{ "log", KEY_LOG, "FILE", 0,
	  "Put the kernel's log (dmesg's, a console's) or its ftrace, as text or "
	  "trace.dat, onto the same clock; after a --from: the log of that one",
	  0 },
	{ "perfetto", KEY_PERFETTO, "FILE", 0,
	  "Follow, then write a trace for ui.perfetto.dev or trace_processor",
	  0 },
	{ "svg", KEY_SVG, "FILE", 0, "Follow, then draw a timeline", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;
	const char **log_to;
	char *end;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->talk;
		return 0;
	case 'f':
		options->follow = true;
		return 0;
	case KEY_SECONDS:
		options->seconds = strtod(arg, &end);
		if (*end || end == arg || !(options->seconds > 0) ||
		    options->seconds > 1e6)
			argp_error(state,
				   "--seconds %s: it can be a number above 0, "
				   "up to 1000000",
				   arg);
		options->follow = true;
		return 0;
	case KEY_FROM:
		if (options->files == FILES_MAX)
			argp_error(state, "at most %d times --from", FILES_MAX);
		options->file[options->files++].from = arg;
		return 0;
	case KEY_LOG:
		log_to = &options->file[options->files ? options->files - 1 : 0]
				  .log;
		if (*log_to)
			argp_error(state,
				   "--log %s: one log for each --from, which "
				   "it follows",
				   arg);
		*log_to = arg;
		return 0;
	case KEY_PERFETTO:
		options->perfetto = arg;
		return 0;
	case KEY_SVG:
		options->svg = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is one argument too many", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static void print_step(const struct trace *trace, const struct step *step)
{
	const char *vm = trace->origin[step->of].name;
	char text[256], who[16];

	if (json_wanted) {
		step_print_json(trace, step, stdout);
		return;
	}
	step_words(trace, step, text, sizeof(text));
	if (step->pe == PE_NONE)
		snprintf(who, sizeof(who), "VMM");
	else
		snprintf(who, sizeof(who), "%s %-3u", *vm ? "vcpu" : "PE",
			 step->pe);
	printf("%6" PRIu64 ".%09" PRIu64 "  ", step->time / 1000000000,
	       step->time % 1000000000);
	/* Of several that are shown together each says whose it is. */
	if (trace->origins > 1)
		printf("%-10s ", *vm ? vm : "machine");
	printf("%s  %s\n", who, text);
}

static void print_lost(uint64_t lost)
{
	if (json_wanted)
		printf("{\"lost\":%" PRIu64 "}\n", lost);
	else if (lost)
		printf("(%" PRIu64
		       " steps came faster than they could be read, "
		       "and are lost)\n",
		       lost);
}

/* What has come so far, and is not kept if nobody wants it later. */
static void print_new(struct trace *trace, size_t *shown, bool keep)
{
	for (; *shown < trace->steps; (*shown)++)
		print_step(trace, &trace->step[*shown]);
	if (!keep)
		*shown = trace->steps = 0;
	fflush(stdout);
}

static int follow(const struct options *options, const struct machine *machine,
		  struct trace *trace)
{
	const bool keep = options->perfetto || options->svg;
	const int64_t until =
		options->seconds > 0
			? now_ms() + (int64_t)(options->seconds * 1000)
			: 0;
	const struct sigaction action = { .sa_handler = end };
	struct live live;
	size_t shown = 0;
	int status, closed;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	/* Whoever reads may stop; then the machine is to be untraced again. */
	sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	status = live_open(&live, machine, trace, until, &ended);
	if (status != EXIT_OK)
		return status;
	while (status == EXIT_OK && !ferror(stdout)) {
		const bool last = ended ||
				  (options->seconds > 0 && now_ms() >= until);

		const size_t before = trace->steps;
		size_t news;

		status = live_poll(&live, trace);
		news = trace->steps - before;
		if (!keep || options->follow)
			print_new(trace, &shown, keep);
		if (last)
			break;
		/* Much has come: so will more. */
		if (news < live.slots / 4)
			sleep_ms(POLL_MS);
	}
	/* A machine that ended was followed to its end. */
	if (status == EXIT_NO_MACHINE)
		status = EXIT_OK;
	/* Whoever reads may stop; a disk that is full is another thing. */
	if (ferror(stdout) && errno != EPIPE && status == EXIT_OK)
		status = fail(EXIT_USAGE, "standard output: %s",
			      strerror(errno));
	closed = live_close(&live);
	if (!keep || options->follow || trace->lost)
		print_lost(trace->lost);
	return status == EXIT_OK ? closed : status;
}

static int show_latest(const struct machine *machine)
{
	struct reply reply;
	int status = control_ask(machine, "trace", &reply);

	if (status != EXIT_OK)
		return status;
	show_trace(&reply);
	reply_free(&reply);
	return EXIT_OK;
}

/* Each file's steps, then its log, which is put onto the clock of those. */
static int read_files(const struct options *options, struct trace *trace,
		      unsigned *of)
{
	for (unsigned i = 0; i < options->files; i++) {
		const int status = trace_read(trace, options->file[i].from,
					      &of[i]);

		if (status != EXIT_OK)
			return status;
	}
	/* What several PEs wrote at the same time came as it was found. */
	trace_sort(trace, 0);
	return EXIT_OK;
}

static int read_logs(const struct options *options, struct trace *trace,
		     const unsigned *of)
{
	for (unsigned i = 0; i < FILES_MAX; i++) {
		const char *log = options->file[i].log;
		const int status = log ? trace_read_log(trace, of[i], log)
				       : EXIT_OK;

		if (status != EXIT_OK)
			return status;
	}
	trace_sort_remarks(trace);
	return EXIT_OK;
}

static int write_files(const struct options *options, struct trace *trace)
{
	int status = EXIT_OK;

	if (options->perfetto)
		status = trace_perfetto(trace, options->perfetto);
	if (status == EXIT_OK && options->svg)
		status = trace_svg(trace, options->svg);
	return status;
}

int command_trace(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &talk_argp, 0, NULL, 0 }, { 0 }
	};
	const struct argp argp = { .options = option_list,
				   .parser = parse,
				   .doc = help,
				   .children = children };
	struct options options = { .talk.name = DEFAULT_NAME };
	unsigned of[FILES_MAX] = { 0 };
	struct machine machine;
	struct trace trace = { 0 };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	for (unsigned i = 0; i < FILES_MAX; i++)
		if (options.file[i].log && !options.perfetto && !options.svg)
			return fail(EXIT_USAGE,
				    "--log goes into a picture: --perfetto or "
				    "--svg");
	if (options.files) {
		status = read_files(&options, &trace, of);
		if (status == EXIT_OK && !options.perfetto && !options.svg)
			for (size_t i = 0; i < trace.steps; i++)
				print_step(&trace, &trace.step[i]);
	} else {
		status = machine_choose(&machine, &options.talk);
		if (status == EXIT_OK && !options.follow && !options.perfetto &&
		    !options.svg)
			return show_latest(&machine);
		if (status == EXIT_OK)
			status = follow(&options, &machine, &trace);
	}
	trace_sort(&trace, 0);
	if (status == EXIT_OK)
		status = read_logs(&options, &trace, of);
	if (status == EXIT_OK)
		status = write_files(&options, &trace);
	trace_free(&trace);
	return status;
}
