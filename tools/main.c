/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei - start a machine with the OpenSDEI firmware, break its hardware, look
 * at its events. This file finds the command; each command has a function.
 */
#include <stdio.h>
#include <string.h>

#include "sdei.h"

static const struct command {
	const char *name;
	char *title; /* argv[0] of the command: begins its messages */
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "run", (char[]){ "sdei run" }, command_run },
	{ "inject", (char[]){ "sdei inject" }, command_inject },
	{ "status", (char[]){ "sdei status" }, command_status },
	{ "trace", (char[]){ "sdei trace" }, command_trace },
	{ "explain", (char[]){ "sdei explain" }, command_explain },
	{ "doctor", (char[]){ "sdei doctor" }, command_doctor },
	{ "list", (char[]){ "sdei list" }, command_list },
	{ "stop", (char[]){ "sdei stop" }, command_stop },
	{ "conformance", (char[]){ "sdei conformance" }, command_conformance },
	{ "decode", (char[]){ "sdei decode" }, command_decode },
	{ "bench", (char[]){ "sdei bench" }, command_bench },
	{ "campaign", (char[]){ "sdei campaign" }, command_campaign },
};

const char *argp_program_version = "sdei (OpenSDEI) " OPENSDEI_VERSION;

static const char help[] =
	"Start a machine with the OpenSDEI firmware, inject hardware errors, "
	"look at its events."
	"\v"
	"Commands (each has --help):\n"
	"  run          start QEMU with the firmware, console on this terminal\n"
	"  inject       report hardware errors of any kind to the firmware\n"
	"  status       show the events, PEs and error sources of a machine\n"
	"  trace        show, follow or draw what passes through EL3\n"
	"  explain      say why an event is not delivered, an error not logged\n"
	"  doctor       say what is missing here, and what mends it\n"
	"  list         the machines and guests that run here\n"
	"  stop         switch a machine off\n"
	"  conformance  judge a firmware by the specification\n"
	"  decode       say in words what an error record's bytes mean\n"
	"  bench        count a firmware's instructions for each call and event\n"
	"  campaign     boot many machines, compare what became of their errors\n"
	"\n"
	"Examples:\n"
	"  sdei run --kernel vmlinuz --initrd initrd.cpio.gz --smp 4\n"
	"  sdei inject memory --severity corrected --address 0x50005000\n"
	"  sdei inject processor --severity recoverable --cpu 2\n"
	"  sdei status --json\n"
	"  sdei explain memory-corrected\n"
	"  sdei conformance --firmware flash.bin\n"
	"  sdei decode --json block.bin\n"
	"\n"
	"Exit status:\n"
	"  0  done\n"
	"  1  the firmware refused, or does not conform, or a record is wrong, or\n"
	"     something is missing\n"
	"  2  wrong arguments, or a file that is not there\n"
	"  3  no such machine is running\n"
	"  4  the machine gave no answer, or one that makes no sense";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_ARG:
		argp_error(state, "no command '%s'", arg);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no command given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "COMMAND [OPTION...]",
	.doc = help,
};

int main(int argc, char **argv)
{
	size_t i;

	argp_err_exit_status = EXIT_USAGE;
	for (i = 0; argc > 1 && i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		argv[1] = commands[i].title;
		return commands[i].run(argc - 1, argv + 1);
	}
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, NULL);
	return EXIT_USAGE;
}
