/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei inject: the options. Which there are the table of fields says; argp gets one
 * for each name in it. Arguments are taken in their order, so when --help comes it
 * is known of which kind of error, and the options of the others are hidden.
 *
 * What is a value is checked here and in the files that inject.h lists; whether an
 * address or a PE exists only the firmware knows.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inject.h"

#define OPTIONS_MAX 128
/* Groups of --help: argp sorts within one, so each option has its own. */
#define FIRST_FIELD 16
#define LAST_GROUP  1000

/* Who has an option: a bit each of enum kind. */
#define MEMORY    (1u << KIND_MEMORY)
#define PROCESSOR (1u << KIND_PROCESSOR)
#define CXL       (1u << KIND_CXL)
#define SECTIONS  ((1u << KIND_RECORD) - 1)
#define RECORDS   (SECTIONS | 1u << KIND_RECORD)

/* The options that are no fields, and where each one's text goes. */
#define OF_ALL(field)     offsetof(struct inject, field), false
#define OF_SECTION(field) offsetof(struct inject_given, field), true
#define OF_ITSELF         0, false

static const struct own {
	const char *name, *argument;
	unsigned kinds;
	size_t at;
	bool section;
	bool first; /* of --help: before the fields */
	const char *doc;
} own[] = {
	{ "severity", "SEVERITY", RECORDS, OF_SECTION(severity), true,
	  "corrected, recoverable, fatal or informational: the record's; of a "
	  "further section, its own" },
	{ "memory2", NULL, MEMORY, OF_SECTION(memory2), true,
	  "The second version of the section (N.2.6)" },
	{ "event", "EVENT", CXL, OF_SECTION(event), true,
	  "protocol (the error, unless said otherwise), general-media, dram "
	  "or module" },
	{ "error", "TYPE", PROCESSOR, OF_ITSELF, true,
	  "cache, tlb, bus or vendor; can be given several times, and what "
	  "follows is of the latest" },
	{ "fru-id", "GUID", SECTIONS, OF_SECTION(fru_id), false,
	  "Of the section: the unit to be replaced" },
	{ "fru-text", "TEXT", SECTIONS, OF_SECTION(fru_text), false,
	  "...in words, instead of a sequence number" },
	{ "section-flags", "BITS", SECTIONS, OF_SECTION(flags), false,
	  "primary, not-contained, reset, threshold, not-accessible, latent, "
	  "propagated, overflow" },
	{ "section", "KIND", SECTIONS, OF_ITSELF, false,
	  "One more section: what follows is about that (8 at most)" },
	{ "cpu", "N", RECORDS, OF_ALL(cpu), false,
	  "Whose error it is: a PE, by its number" },
	{ "time", "TIME", RECORDS, OF_ALL(time), false,
	  "When it was: 2026-01-31T23:59:59 (UTC) or seconds since 1970; else "
	  "now" },
	{ "count", "N", RECORDS, OF_ALL(count), false,
	  "So many times, by the firmware's own timer, and a summary" },
	{ "rate", "R", RECORDS, OF_ALL(rate), false,
	  "...so many a second, up to 10000; 0: as fast as it goes" },
};

static struct argp_option options[OPTIONS_MAX];
static unsigned option_kinds[OPTIONS_MAX];
static bool early[OPTIONS_MAX]; /* given before the kind was */

static const char *argument_of(const struct inject_field *f)
{
	static const char *const names[] = {
		[FORM_NUMBER] = "N",         [FORM_SIGNED] = "N",
		[FORM_BITS] = "BITS",        [FORM_BYTES] = "HEX|@FILE",
		[FORM_APPEND] = "HEX|@FILE", [FORM_CONTEXT] = "TYPE:HEX",
		[FORM_GUID] = "GUID",        [FORM_PCIE] = "SSSS:BB:DD.F",
		[FORM_CXL] = "SSSS:BB:DD.F",
	};

	return f->words && f->form == FORM_NUMBER ? "WORD" : names[f->form];
}

/* The kinds that have a section of which this is a field. */
static unsigned kinds_of(const struct inject_field *f)
{
	unsigned kinds = 0;

	for (unsigned k = 0; k < KINDS; k++)
		if (inject_kinds[k].sections & f->sections)
			kinds |= 1u << k;
	return kinds;
}

static unsigned find_option(const char *name)
{
	unsigned i = 0;

	while (options[i].name && strcmp(options[i].name, name) != 0)
		i++;
	return i;
}

static void add_option(const char *name, const char *argument, const char *doc,
		       unsigned kinds, unsigned group)
{
	unsigned i = find_option(name);

	option_kinds[i] |= kinds;
	if (options[i].name || i == OPTIONS_MAX - 1)
		return;
	options[i] = (struct argp_option){
		.name = name,
		.key = KEY_OWN + (int)i,
		.arg = argument,
		.doc = doc,
		.group = (int)group,
		.flags = kinds == RECORDS ? 0 : OPTION_HIDDEN,
	};
}

static void add_own(bool first, unsigned group)
{
	for (unsigned i = 0; i < LENGTH(own); i++)
		if (own[i].first == first)
			add_option(own[i].name, own[i].argument, own[i].doc,
				   own[i].kinds, group + i);
}

static void make_options(void)
{
	add_own(true, 1);
	for (unsigned i = 0; i < inject_field_count; i++) {
		const struct inject_field *f = &inject_fields[i];

		add_option(f->name, argument_of(f), f->doc ? f->doc : "",
			   kinds_of(f), FIRST_FIELD + i);
	}
	add_own(false, FIRST_FIELD + (unsigned)inject_field_count);
}

/* What --help says of an option to whoever asks about a kind. */
static const char *describe_field(const char *name, enum kind kind)
{
	static char text[OPTIONS_MAX][1024];
	char *to = text[find_option(name)];
	const size_t size = sizeof(text[0]);
	size_t used = 0;

	to[0] = '\0';
	for (size_t i = 0; i < inject_field_count; i++) {
		const struct inject_field *f = &inject_fields[i];
		char list[512] = "";

		if (strcmp(f->name, name) != 0 || !f->doc ||
		    !(inject_kinds[kind].sections & f->sections))
			continue;
		if (f->words)
			list_words(f->words, list, sizeof(list));
		used += (size_t)snprintf(to + used, size - used, "%s%s%s%s",
					 used ? "; " : "", f->doc,
					 f->words ? ": " : "", list);
	}
	return to;
}

/* For --help, from now on: what that kind has, as it has it. */
static void show_kind(enum kind kind)
{
	for (unsigned i = 0; options[i].name; i++) {
		const char *doc = describe_field(options[i].name, kind);

		options[i].flags = option_kinds[i] >> kind & 1 ? 0
							       : OPTION_HIDDEN;
		if (*doc)
			options[i].doc = doc;
		for (size_t j = 0; j < inject_field_count; j++)
			if (strcmp(inject_fields[j].name, options[i].name) ==
				    0 &&
			    inject_kinds[kind].sections &
				    inject_fields[j].sections) {
				options[i].arg = argument_of(&inject_fields[j]);
				break;
			}
	}
}

static enum kind find_kind(const char *text)
{
	unsigned kind = 0;

	while (kind < KINDS && strcmp(text, inject_kinds[kind].name) != 0)
		kind++;
	return (enum kind)kind;
}

static struct inject_given *latest(struct inject *inject)
{
	return &inject->section[inject->sections - 1];
}

static void check_option(const struct inject *inject, enum kind kind,
			 const char *name)
{
	if (!(option_kinds[find_option(name)] >> kind & 1))
		argp_error(inject->state, "a %s error has no --%s",
			   inject_kinds[kind].name, name);
}

static void take_kind(struct inject *inject, const char *text)
{
	struct inject_given *first = &inject->section[0];

	if (first->kind == KIND_RECORD && !inject->file) {
		inject->file = text;
		return;
	}
	if (first->kind != KIND_NONE)
		argp_error(inject->state, "'%s' is one argument too many",
			   text);
	first->kind = find_kind(text);
	if (first->kind == KIND_NONE)
		argp_error(inject->state,
			   "'%s' is none of memory, processor, pcie, cxl, "
			   "platform, vendor, record, dump, stop",
			   text);
	/* Those that came before the kind. */
	for (unsigned i = 0; options[i].name; i++)
		if (early[i])
			check_option(inject, first->kind, options[i].name);
	show_kind(first->kind);
}

static void take_section(struct inject *inject, const char *text)
{
	enum kind kind = find_kind(text);

	if (latest(inject)->kind == KIND_NONE)
		argp_error(inject->state,
			   "--section: what kind the first section has comes "
			   "before");
	if (latest(inject)->kind >= KIND_RECORD)
		argp_error(inject->state, "a %s has no --section",
			   inject_kinds[latest(inject)->kind].name);
	if (kind >= KIND_RECORD)
		argp_error(inject->state,
			   "--section: '%s' is none of memory, processor, "
			   "pcie, cxl, platform, vendor",
			   text);
	if (inject->sections == SDEI_RECORD_SECTIONS)
		argp_error(inject->state,
			   "--section: a record has %d sections at most",
			   SDEI_RECORD_SECTIONS);
	inject->sections++;
	latest(inject)->kind = kind;
	show_kind(kind);
}

static void take_option(struct inject *inject, unsigned i, const char *text)
{
	struct inject_given *given = latest(inject);
	const char *name = options[i].name;

	if (strcmp(name, "section") == 0) {
		take_section(inject, text);
		return;
	}
	if (given->kind != KIND_NONE)
		check_option(inject, given->kind, name);
	else
		early[i] = true;
	for (size_t j = 0; j < LENGTH(own); j++)
		if (own[j].at && strcmp(own[j].name, name) == 0) {
			char *to = own[j].section ? (char *)given
						  : (char *)inject;

			*(const char **)(to + own[j].at) = text ? text : "";
			return;
		}
	if (given->count == GIVEN_MAX)
		argp_error(inject->state,
			   "more than %d options are too many for a section",
			   GIVEN_MAX);
	given->option[given->count].name = name;
	given->option[given->count++].text = text;
}

/* All is known. What is wrong is said while argp can do so. */
static void take_all(struct inject *inject)
{
	if (inject->section[0].kind == KIND_NONE)
		argp_error(inject->state,
			   "what kind of error: memory, processor, pcie, cxl, "
			   "platform, vendor, record, dump or stop?");
	inject_request(inject);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct inject *inject = state->input;

	inject->state = state;
	if (key >= KEY_OWN && key < KEY_OWN + OPTIONS_MAX) {
		take_option(inject, (unsigned)(key - KEY_OWN), arg);
		return 0;
	}
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &inject->talk;
		return 0;
	case ARGP_KEY_ARG:
		take_kind(inject, arg);
		return 0;
	case ARGP_KEY_END:
		take_all(inject);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char help[] =
	"Report hardware errors to the firmware of a running machine, which "
	"tells the kernel by an SDEI event."
	"\v"
	"Kinds ('sdei inject KIND --help' lists what can be said of each):\n"
	"  memory       an error of memory\n"
	"  processor    an error of an Arm processor\n"
	"  pcie         an error of a PCI Express function\n"
	"  cxl          a CXL protocol error, or a component's event\n"
	"  platform     a reference to a firmware error record\n"
	"  vendor       a section that only its vendor knows\n"
	"  record FILE  a status block of any bytes ('-': standard input), to "
	"test a kernel's parser; its source takes --severity\n"
	"  dump         no error: have the kernel panic, by AGDI\n"
	"  stop         no error: end all storms that --count began\n"
	"\n"
	"The answer says which event it became, and whether a PE takes it now "
	"(delivered), the event waits because it is masked or disabled "
	"(pending), or an earlier record is not yet acknowledged (queued).\n"
	"\n"
	"Examples:\n"
	"  sdei inject memory --severity corrected --address 0x50005000\n"
	"  sdei inject memory --severity recoverable --address 0x50006000 "
	"--node 0 --card 1 --bank 3 --row 77\n"
	"  sdei inject processor --severity corrected --cpu 2 --json\n"
	"  sdei inject processor --severity recoverable --error tlb --level 2 "
	"--error bus --timeout yes\n"
	"  sdei inject pcie --severity corrected --device 0000:00:01.0 "
	"--aer-correctable 0x40 --section vendor "
	"--guid 01234567-89ab-cdef-0123-456789abcdef --data 00ff\n"
	"  sdei inject memory --severity corrected --address 0x50005000 "
	"--count 60000 --rate 1000";

static const struct argp_child children[] = {
	{ &talk_argp, 0, NULL, LAST_GROUP }, { 0 }
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "KIND [FILE]",
	.doc = help,
	.children = children,
};

int command_inject(int argc, char **argv)
{
	static struct inject inject = { .talk.name = DEFAULT_NAME,
					.sections = 1 };
	char what[256];
	struct machine machine;
	struct reply reply;
	int status;

	inject.section[0].kind = KIND_NONE;
	make_options();
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &inject);
	status = machine_choose(&machine, &inject.talk);
	if (status != EXIT_OK)
		return status;
	if (inject.count)
		return inject_storm(&machine, inject.request);
	status = control_ask(&machine, inject.request, &reply);
	if (status != EXIT_OK)
		return status;
	inject_describe(&inject, what, sizeof(what));
	if (inject.section[0].kind == KIND_STOP)
		show_stop(&reply);
	else
		show_inject(what, &reply);
	reply_free(&reply);
	return EXIT_OK;
}
