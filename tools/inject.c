/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei inject: arguments become one request line. What is a number, and which
 * options belong to which kind of error, is checked here; whether an address or
 * a PE exists only the firmware knows.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdei.h"

enum {
	KEY_SEVERITY = KEY_OWN,
	KEY_ADDRESS,
	KEY_MASK,
	KEY_NODE,
	KEY_CARD,
	KEY_MODULE,
	KEY_BANK,
	KEY_ROW,
	KEY_COLUMN,
	KEY_TYPE,
	KEY_CPU,
	KEY_END,
};

#define NUMBERS (KEY_END - KEY_ADDRESS)

static const char *const severities[] = { "corrected", "recoverable", "fatal" };

/* The options that are numbers, in the order of their keys. */
static const struct number {
	const char *name;
	uint64_t max;
	enum { MEMORY = 1, PROCESSOR = 2, BOTH = 3 } kinds;
} numbers[NUMBERS] = {
	{ "address", UINT64_MAX, BOTH },  { "mask", UINT64_MAX, MEMORY },
	{ "node", UINT16_MAX, MEMORY },   { "card", UINT16_MAX, MEMORY },
	{ "module", UINT16_MAX, MEMORY }, { "bank", UINT16_MAX, MEMORY },
	{ "row", UINT16_MAX, MEMORY },    { "column", UINT16_MAX, MEMORY },
	{ "type", 15, MEMORY },           { "cpu", UINT16_MAX, PROCESSOR },
};

struct inject {
	struct talk_options talk;
	int kind; /* MEMORY, PROCESSOR or 0 */
	const char *severity;
	uint64_t value[NUMBERS];
	bool given[NUMBERS];
};

/* "0x1f" or "31"; no sign, no blanks, nothing after it. */
static bool number(const char *text, uint64_t max, uint64_t *value)
{
	bool hex = strncmp(text, "0x", 2) == 0;
	const char *digits = hex ? text + 2 : text;
	size_t length = strspn(digits,
			       hex ? "0123456789abcdefABCDEF" : "0123456789");

	if (length == 0 || digits[length])
		return false;
	errno = 0;
	*value = strtoull(digits, NULL, hex ? 16 : 10);
	return errno == 0 && *value <= max;
}

static void take_number(struct inject *inject, int key, const char *text,
			struct argp_state *state)
{
	unsigned i = (unsigned)(key - KEY_ADDRESS);

	if (!number(text, numbers[i].max, &inject->value[i]))
		argp_error(state,
			   "--%s: '%s' is not a number from 0 to %#llx "
			   "(decimal, or hexadecimal with 0x)",
			   numbers[i].name, text,
			   (unsigned long long)numbers[i].max);
	inject->given[i] = true;
}

static void take_severity(struct inject *inject, const char *text,
			  struct argp_state *state)
{
	size_t i;

	for (i = 0; i < sizeof(severities) / sizeof(*severities); i++)
		if (strcmp(text, severities[i]) == 0)
			inject->severity = text;
	if (inject->severity != text)
		argp_error(state,
			   "--severity: '%s' is none of corrected, "
			   "recoverable, fatal",
			   text);
}

static void take_kind(struct inject *inject, const char *text,
		      struct argp_state *state)
{
	if (inject->kind)
		argp_error(state, "'%s' is one argument too many", text);
	else if (strcmp(text, "memory") == 0)
		inject->kind = MEMORY;
	else if (strcmp(text, "processor") == 0)
		inject->kind = PROCESSOR;
	else
		argp_error(state, "'%s' is neither memory nor processor", text);
}

static void check(const struct inject *inject, struct argp_state *state)
{
	unsigned i;

	if (!inject->kind)
		argp_error(state, "what kind of error: memory or processor?");
	if (!inject->severity)
		argp_error(state,
			   "--severity is missing: corrected, recoverable or "
			   "fatal");
	for (i = 0; i < NUMBERS; i++)
		if (inject->given[i] && !(numbers[i].kinds & inject->kind))
			argp_error(state, "a %s error has no --%s",
				   inject->kind == MEMORY ? "memory"
							  : "processor",
				   numbers[i].name);
	if (inject->kind == MEMORY && !inject->given[0])
		argp_error(state, "a memory error needs --address");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct inject *inject = state->input;

	if (key >= KEY_ADDRESS && key < KEY_END) {
		take_number(inject, key, arg, state);
		return 0;
	}
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &inject->talk;
		return 0;
	case KEY_SEVERITY:
		take_severity(inject, arg, state);
		return 0;
	case ARGP_KEY_ARG:
		take_kind(inject, arg, state);
		return 0;
	case ARGP_KEY_END:
		check(inject, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "severity", KEY_SEVERITY, "SEVERITY", 0,
	  "corrected, recoverable or fatal", 1 },
	{ "address", KEY_ADDRESS, "ADDRESS", 0, "Physical, in bytes", 1 },
	{ "mask", KEY_MASK, "MASK", 0, "Memory: which address bits are valid",
	  2 },
	{ "node", KEY_NODE, "N", 0, "Memory: where it is, from node...", 3 },
	{ "card", KEY_CARD, "N", 0, "Memory: card", 4 },
	{ "module", KEY_MODULE, "N", 0, "Memory: module", 5 },
	{ "bank", KEY_BANK, "N", 0, "Memory: bank", 6 },
	{ "row", KEY_ROW, "N", 0, "Memory: row", 7 },
	{ "column", KEY_COLUMN, "N", 0, "Memory: ...to column", 8 },
	{ "type", KEY_TYPE, "N", 0,
	  "Memory: what happened, 0-15 as UEFI 2.10 N.2.5 numbers it "
	  "(2 single-bit, 3 multi-bit ECC)",
	  9 },
	{ "cpu", KEY_CPU, "N", 0, "Processor: which PE, by its number", 9 },
	{ 0 }
};

static const char help[] =
	"Report a hardware error to the firmware of a running machine, which "
	"tells the kernel by an SDEI event."
	"\v"
	"The answer says which event it became, and whether a PE takes it now "
	"(delivered), the event waits because it is masked or disabled "
	"(pending), or an earlier record is not yet acknowledged (queued).\n"
	"\n"
	"Examples:\n"
	"  sdei inject memory --severity corrected --address 0x50005000\n"
	"  sdei inject memory --severity recoverable --address 0x50006000 "
	"--node 0 --card 1 --bank 3 --row 77\n"
	"  sdei inject processor --severity corrected --cpu 2 --json";

static const struct argp_child children[] = { { &talk_argp, 0, NULL, 0 },
					      { 0 } };

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "memory|processor",
	.doc = help,
	.children = children,
};

static void compose(const struct inject *inject, char *request, size_t size)
{
	size_t used;
	unsigned i;

	snprintf(request, size, "inject %s severity=%s",
		 inject->kind == MEMORY ? "memory" : "processor",
		 inject->severity);
	for (i = 0; i < NUMBERS; i++) {
		bool hex = numbers[i].max > UINT16_MAX;

		used = strlen(request);
		if (inject->given[i])
			snprintf(request + used, size - used,
				 hex ? " %s=%#llx" : " %s=%llu",
				 numbers[i].name,
				 (unsigned long long)inject->value[i]);
	}
}

static void describe(const struct inject *inject, char *what, size_t size)
{
	int used = snprintf(what, size, "%s %s",
			    inject->kind == MEMORY ? "memory" : "processor",
			    inject->severity);

	if (inject->given[0])
		snprintf(what + used, size - (size_t)used, " %#llx",
			 (unsigned long long)inject->value[0]);
}

int command_inject(int argc, char **argv)
{
	struct inject inject = { .talk.name = DEFAULT_NAME };
	char request[512], what[64];
	struct machine machine;
	struct reply reply;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &inject);
	status = machine_choose(&machine, &inject.talk);
	if (status != EXIT_OK)
		return status;
	compose(&inject, request, sizeof(request));
	status = control_ask(&machine, request, &reply);
	if (status != EXIT_OK)
		return status;
	describe(&inject, what, sizeof(what));
	show_inject(what, &reply);
	reply_free(&reply);
	return EXIT_OK;
}
