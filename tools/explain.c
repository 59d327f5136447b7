/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei explain: why an event is not delivered, or an error not logged. The answer is
 * worked out from what `status` and `trace` say at one moment; the sections are
 * those of DEN0054C.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sdei/abi.h>

#include "explain.h"
#include "trace.h"

static const char *const cause_names[] = {
	[UNREGISTERED] = "unregistered",
	[DISABLED] = "disabled",
	[RUNNING] = "running",
	[OFF] = "off",
	[MASKED] = "masked",
	[BUSY] = "busy",
	[NOTHING] = "none",
};

/* A sentence about PEs, or about the event as such. */
static void tell(struct view *v, const char *cause, json_t *pes,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

static void tell(struct view *v, const char *cause, json_t *pes,
		 const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!v->json) {
		printf("- %s\n", text);
		json_decref(pes);
		return;
	}
	json_array_append_new(v->json,
			      json_pack("{s:s, s:o*, s:s}", "cause", cause,
					"pe", pes, "text", text));
}

static double seconds_since(const struct view *v, uint64_t then)
{
	return then < v->now ? (double)(v->now - then) / 1e9 : 0;
}

/* ", for 1.5 s: it interrupted ...", as far as the trace still has it. */
static const char *since_when(const struct view *v, const struct line *event)
{
	static char text[160];
	const char *number = line_get(event, "number");
	const struct line *entered = NULL;
	const char *interrupted, *pstate;

	for (unsigned i = 0; i < v->trace.lines; i++) {
		const struct line *line = &v->trace.line[i];

		if (is_kind(line, "trace") && says(line, "event", number) &&
		    number_of(line, "pe") == number_of(event, "pe"))
			entered = says(line, "", "enter") ? line : NULL;
	}
	if (!entered)
		return "";
	interrupted = line_get(entered, "pc");
	pstate = line_get(entered, "pstate");
	snprintf(text, sizeof(text), ", for %.3f s%s%s%s%s",
		 seconds_since(v, number_of(entered, "time")),
		 interrupted ? ": it interrupted " : "",
		 interrupted ? interrupted : "", pstate ? ", PSTATE " : "",
		 pstate ? pstate : "");
	return text;
}

/* " since 1.5 s: SDEI_PE_MASK at ...", if it was traced when it did so. */
static const char *masked_since(const struct view *v, const struct line *pe)
{
	static char text[160];
	const uint32_t call = (uint32_t)number_of(pe, "by");

	if (!line_get(pe, "since") && strcmp(v->one, "PE") != 0)
		return " (PE_MASK, 5.1.12, or not unmasked since it came on)";
	if (!line_get(pe, "since"))
		return " (PE_MASK, 5.1.12, or not unmasked since it came on; since "
		       "when, only a traced machine tells: 'sdei run --trace')";
	snprintf(text, sizeof(text), " since %.3f s: %s%s at %s",
		 seconds_since(v, number_of(pe, "since")),
		 call ? call_name(call) : "not by a call",
		 call == SDEI_FID_PE_MASK ? " (5.1.12)" : "",
		 line_get(pe, "at") ? line_get(pe, "at") : "?");
	return text;
}

/* A moment of a PE's own is told of it alone. */
static bool alike(const struct finding *a, const struct finding *b)
{
	if (a->cause == MASKED && b->cause == MASKED && a->pe != b->pe)
		return !line_get(a->by, "since") && !line_get(b->by, "since");
	return a->cause == b->cause && (a->cause == MASKED || a->by == b->by);
}

/* "PE 3" or "PEs 0-2, 5": all findings like this one; they are done then. */
static char *list_alike(const struct view *v, const struct finding *f,
			unsigned count, bool *done, json_t *pes)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	unsigned found = 0;

	if (!out)
		return NULL;
	for (unsigned i = 0; i < count; i++) {
		unsigned last = i;

		if (done[i] || !alike(&f[i], f))
			continue;
		while (last + 1 < count && alike(&f[last + 1], f))
			last++;
		fprintf(out, "%s%u", found ? ", " : "", f[i].pe);
		if (last > i)
			fprintf(out, "-%u", f[last].pe);
		for (; i < last + 1; i++, found++) {
			done[i] = true;
			json_array_append_new(pes, json_integer(f[i].pe));
		}
		i--;
	}
	fclose(out);
	if (asprintf(&text, "%s %s", found > 1 ? v->many : v->one, text) < 0)
		return NULL;
	return text;
}

static void tell_pes(struct view *v, const struct finding *f, const char *who,
		     json_t *pes)
{
	const char *name = cause_names[f->cause];
	const bool several = json_array_size(pes) > 1;

	switch (f->cause) {
	case UNREGISTERED:
		tell(v, name, pes,
		     "%s: no handler is registered (EVENT_REGISTER, 5.1.2).",
		     who);
		break;
	case DISABLED:
		tell(v, name, pes,
		     "%s: a handler is registered and not enabled (EVENT_ENABLE, 5.1.3).",
		     who);
		break;
	case RUNNING:
		tell(v, name, pes,
		     "%s: its handler at %s runs%s. The next one begins when that completes.",
		     who, line_get(f->by, "entry"), since_when(v, f->by));
		break;
	case OFF:
		tell(v, name, pes, "%s: switched off.", who);
		break;
	case MASKED:
		tell(v, name, pes, "%s: %s events%s.", who,
		     several ? "mask" : "masks", masked_since(v, f->by));
		break;
	case BUSY:
		tell(v, name, pes,
		     "%s: the handler of event %s (%s), of %s priority, runs at %s%s.",
		     who, line_get(f->by, "number"), line_get(f->by, "name"),
		     line_get(f->by, "priority"), line_get(f->by, "entry"),
		     since_when(v, f->by));
		break;
	case NOTHING:
		tell(v, name, pes,
		     "%s: nothing keeps it; it is delivered there at once.",
		     who);
		break;
	}
}

static void explain_pes(struct view *v, const struct finding *f, unsigned count)
{
	bool done[PES_MAX] = { false };

	for (unsigned i = 0; i < count; i++) {
		json_t *pes = json_array();
		char *who;

		if (done[i]) {
			json_decref(pes);
			continue;
		}
		who = list_alike(v, f + i, count - i, done + i, pes);
		tell_pes(v, f + i, who ? who : v->one, pes);
		free(who);
	}
}

/* The registration of a shared event, which is one for all PEs. False: see there. */
static bool explain_shared(struct view *v, const struct line *event)
{
	const enum cause cause = state_of(event);

	switch (cause) {
	case UNREGISTERED:
		tell(v, cause_names[cause], NULL,
		     "no handler is registered (EVENT_REGISTER, 5.1.2).");
		return true;
	case DISABLED:
		tell(v, cause_names[cause], NULL,
		     "a handler is registered and not enabled (EVENT_ENABLE, 5.1.3).");
		return true;
	case RUNNING:
		tell(v, cause_names[cause], NULL,
		     "its handler at %s runs on %s %s%s. The next one begins when that completes.",
		     line_get(event, "entry"), v->one, line_get(event, "pe"),
		     since_when(v, event));
		return true;
	default:
		return false;
	}
}

static void explain_source(struct view *v, const struct line *source)
{
	const char *state = line_get(source, "state");
	const char *name = line_get(source, "name");
	const uint64_t queued = number_of(source, "queued");
	const uint64_t dropped = number_of(source, "dropped");
	const double age = seconds_since(v, number_of(source, "since"));

	if (strcmp(state, "published") == 0)
		tell(v, "unhandled", NULL,
		     "source %s: a record is shown since %.3f s, and no handler has begun.",
		     name, age);
	else if (strcmp(state, "seen") == 0)
		tell(v, "unacknowledged", NULL,
		     "source %s: a handler has begun since its record was shown, %.3f s ago, and has not acknowledged it yet.",
		     name, age);
	else if (strcmp(state, "overdue") == 0)
		tell(v, "unacknowledged", NULL,
		     "source %s: handlers have ended and nobody acknowledged the record that is shown since %.3f s; its events were raised again %s times. A kernel without room for a record drops it so.",
		     name, age, line_get(source, "again"));
	else if (queued)
		tell(v, "held", NULL,
		     "source %s: %" PRIu64
		     " records are held back until the kernel has worked on those that it took.",
		     name, queued);
	else
		tell(v, "free", NULL,
		     "source %s: all that it has shown is acknowledged (%s).",
		     name, line_get(source, "acknowledged"));
	if (queued && strcmp(state, "free") != 0)
		tell(v, "queued", NULL,
		     "source %s: %" PRIu64 " more records wait behind it.",
		     name, queued);
	if (dropped)
		tell(v, "dropped", NULL,
		     "source %s: %" PRIu64
		     " records were dropped, for the queue was full; a later record tells how many.",
		     name, dropped);
}

static void explain(struct view *v, const struct line *event, const char *only)
{
	static struct finding f[PES_MAX];
	const bool shared = says(event, "type", "shared");
	const unsigned count = find_all(v, event, only, f);

	if (!v->json)
		printf("event %s (%s): %s, %s priority, %s\n", v->number,
		       line_get(event, "name"), line_get(event, "type"),
		       line_get(event, "priority"),
		       is_pending(v) ? "pending" : "not pending");
	if (!shared || !explain_shared(v, event)) {
		if (shared && says(event, "routing", "pe") &&
		    line_get(event, "pe"))
			tell(v, "routed", NULL,
			     "it is routed to %s %s alone (ROUTING_SET, 5.1.11).",
			     v->one, line_get(event, "pe"));
		explain_pes(v, f, count);
	}
	for (unsigned i = 0; i < v->status.lines; i++)
		if (is_kind(&v->status.line[i], "source") &&
		    says(&v->status.line[i], "event", v->number))
			explain_source(v, &v->status.line[i]);
}

struct explain_options {
	struct talk_options talk;
	const char *event, *pe;
};

enum { KEY_PE = KEY_OWN };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct explain_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->talk;
		return 0;
	case KEY_PE:
		options->pe = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (options->event)
			argp_error(state, "'%s' is one argument too many", arg);
		options->event = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which EVENT? 'sdei status' lists them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{ "pe", KEY_PE, "N", 0, "Of this PE, or vcpu, alone", 1 }, { 0 }
};

static const char help[] =
	"Say why an event is not delivered, or an error not logged: what keeps "
	"it from which PE, and where its error source stands."
	"\v"
	"EVENT is a number or a name, as 'sdei status' has them.\n"
	"\n"
	"Examples:\n"
	"  sdei explain 0x804\n"
	"  sdei explain memory-corrected --pe 2 --json";

static const struct argp_child children[] = { { &talk_argp, 0, NULL, 0 },
					      { 0 } };

static const struct argp argp = { .options = option_list,
				  .parser = parse,
				  .args_doc = "EVENT",
				  .doc = help,
				  .children = children };

/* Has each line the words that are printed? */
static bool is_complete(const struct reply *status)
{
	for (unsigned i = 0; i < status->lines; i++) {
		const struct line *line = &status->line[i];

		if (is_kind(line, "source") &&
		    !(line_get(line, "name") && line_get(line, "state") &&
		      line_get(line, "since") && line_get(line, "again") &&
		      line_get(line, "acknowledged")))
			return false;
		if (is_kind(line, "event") &&
		    !(line_get(line, "number") && line_get(line, "name") &&
		      line_get(line, "type") && line_get(line, "priority") &&
		      line_get(line, "entry")))
			return false;
	}
	return true;
}

static int explain_to(const struct explain_options *options,
		      const struct machine *machine, struct view *v)
{
	const struct line *event = find_event(&v->status, options->event);

	if (!event)
		return fail(
			EXIT_USAGE,
			"machine '%s' has no event '%s': 'sdei status' lists those that it has",
			machine->name, options->event);
	if (options->pe && !has_pe(&v->status, options->pe))
		return fail(EXIT_USAGE, "machine '%s' has no %s '%s'",
			    machine->name, v->one, options->pe);
	v->number = line_get(event, "number");
	v->now = number_of(&v->status.line[0], "time");
	if (!is_complete(&v->status))
		return fail(
			EXIT_NO_ANSWER,
			"machine '%s' does not say all that is needed: its firmware or VMM is of another version",
			machine->name);
	explain(v, event, options->pe);
	if (v->json)
		print_json(json_pack("{s:s, s:s, s:b, s:O}", "event", v->number,
				     "name", line_get(event, "name"), "pending",
				     is_pending(v), "found", v->json));
	return EXIT_OK;
}

int command_explain(int argc, char **argv)
{
	struct explain_options options = { .talk.name = DEFAULT_NAME };
	struct machine machine;
	struct view v = { .one = "PE", .many = "PEs" };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	status = machine_choose(&machine, &options.talk);
	if (status == EXIT_OK)
		status = control_ask(&machine, "status", &v.status);
	if (status != EXIT_OK)
		return status;
	if (machine.vm)
		v.one = "vcpu", v.many = "vcpus";
	v.json = json_wanted ? json_array() : NULL;
	status = control_ask(&machine, "trace", &v.trace);
	if (status == EXIT_OK)
		status = explain_to(&options, &machine, &v);
	json_decref(v.json);
	reply_free(&v.status);
	reply_free(&v.trace);
	return status;
}
