/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands that talk to a running machine: status and stop. (inject
 * and trace have more arguments and files of their own.)
 */
#include <errno.h>
#include <string.h>

#include "sdei.h"

#define STOP_SECONDS 5

static error_t talk_parse(int key, char *arg, struct argp_state *state)
{
	struct talk_options *options = state->input;

	switch (key) {
	case KEY_NAME:
		options->name = arg;
		return 0;
	case KEY_VM:
		options->name = arg;
		options->vm = true;
		return 0;
	case KEY_JSON:
		options->json = json_wanted = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option talk_option_list[] = {
	{ "name", KEY_NAME, "NAME", 0,
	  "The machine, as 'sdei run --name' named it (" DEFAULT_NAME ")", 10 },
	{ "vm", KEY_VM, "NAME", 0,
	  "Instead: the guest on this host, as 'sdei-vmm --name' named it",
	  10 },
	{ "json", KEY_JSON, NULL, 0, "Print JSON, of errors too", 10 },
	{ 0 }
};

const struct argp talk_argp = {
	talk_option_list, talk_parse, NULL, NULL, NULL, NULL, NULL
};

static const struct argp_child talk_children[] = { { &talk_argp, 0, NULL, 0 },
						   { 0 } };

static error_t json_parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
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

void parse_json_only(int argc, char **argv, const char *help)
{
	static const struct argp_option options[] = {
		{ "json", KEY_JSON, NULL, 0, "Print JSON, of errors too", 0 },
		{ 0 }
	};
	const struct argp argp = { .options = options,
				   .parser = json_parse,
				   .doc = help };

	argp_parse(&argp, argc, argv, 0, NULL, NULL);
}

/* A command whose only arguments are those. */
static error_t plain_parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = state->input;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is one argument too many", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int find(int argc, char **argv, const char *help,
		struct machine *machine)
{
	const struct argp argp = { .parser = plain_parse,
				   .doc = help,
				   .children = talk_children };
	struct talk_options options = { .name = DEFAULT_NAME };

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	return machine_choose(machine, &options);
}

int command_status(int argc, char **argv)
{
	static const char help[] =
		"Show a machine's PEs, its SDEI events with their registration "
		"and state, and its error sources with their counters."
		"\v"
		"Example:\n"
		"  sdei status --json | jq '.event[] | select(.registered==1)'";
	struct machine machine;
	struct reply reply;
	int status = find(argc, argv, help, &machine);

	if (status == EXIT_OK)
		status = control_ask(&machine, "status", &reply);
	if (status != EXIT_OK)
		return status;
	show_status(&reply);
	reply_free(&reply);
	return EXIT_OK;
}

static int stop_guest(const struct machine *machine)
{
	struct reply reply;
	int status = control_ask(machine, "stop", &reply);

	if (status == EXIT_OK) {
		reply_free(&reply);
		show_done("guest '%s' stopped", machine->name);
	}
	return status;
}

int command_stop(int argc, char **argv)
{
	static const char help[] =
		"Switch a machine off at once, as if its power cord were "
		"pulled."
		"\v"
		"Example:\n"
		"  sdei stop --name default";
	struct channel channel;
	struct machine machine;
	int error, status = find(argc, argv, help, &machine);
	int64_t end;

	if (status != EXIT_OK)
		return status;
	if (machine.vm)
		return stop_guest(&machine);
	status = machine_connect(&machine, machine.qmp, &channel, STOP_SECONDS);
	if (status != EXIT_OK)
		return status;
	error = qmp_greet(&channel);
	if (!error)
		error = qmp_ask(&channel, "{\"execute\": \"quit\"}\n");
	channel_close(&channel);
	/* QEMU may be gone before its answer arrives: its lock tells. */
	end = end_of(STOP_SECONDS);
	while (machine_running(&machine)) {
		if ((error && error != EPIPE && error != ECONNRESET) ||
		    now_ms() > end)
			return fail(EXIT_NO_ANSWER,
				    "machine '%s' did not stop: %s",
				    machine.name,
				    strerror(error ? error : ETIMEDOUT));
		sleep_ms(20);
	}
	show_done("machine '%s' stopped", machine.name);
	return EXIT_OK;
}
