/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the steps of a live trace mean, in words, and the list they are kept in.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sdei/abi.h>

#include "trace.h"

#define ORIGINS_MAX  64
#define COUNT(array) (sizeof(array) / sizeof(*(array)))
/* PSCI (DEN0022): the same identifier for SMC32 and SMC64. */
#define PSCI_FIRST 0x84000000u
#define SMC64_BIT  0x40000000u

static const char *const sdei_calls[] = {
	"SDEI_VERSION",
	"SDEI_EVENT_REGISTER",
	"SDEI_EVENT_ENABLE",
	"SDEI_EVENT_DISABLE",
	"SDEI_EVENT_CONTEXT",
	"SDEI_EVENT_COMPLETE",
	"SDEI_EVENT_COMPLETE_AND_RESUME",
	"SDEI_EVENT_UNREGISTER",
	"SDEI_EVENT_STATUS",
	"SDEI_EVENT_GET_INFO",
	"SDEI_EVENT_ROUTING_SET",
	"SDEI_PE_MASK",
	"SDEI_PE_UNMASK",
	"SDEI_INTERRUPT_BIND",
	"SDEI_INTERRUPT_RELEASE",
	"SDEI_EVENT_SIGNAL",
	"SDEI_FEATURES",
	"SDEI_PRIVATE_RESET",
	"SDEI_SHARED_RESET",
};
/* How many of x1 to x5 are a call's parameters (DEN0054C 5.1). */
static const uint8_t sdei_parameters[COUNT(sdei_calls)] = {
	0, 5, 1, 1, 1, 1, 1, 1, 1, 2, 3, 0, 0, 1, 1, 2, 1, 0, 0,
};
static const char *const psci_calls[] = {
	[0x00] = "PSCI_VERSION",  [0x01] = "CPU_SUSPEND",
	[0x02] = "CPU_OFF",       [0x03] = "CPU_ON",
	[0x04] = "AFFINITY_INFO", [0x06] = "MIGRATE_INFO_TYPE",
	[0x08] = "SYSTEM_OFF",    [0x09] = "SYSTEM_RESET",
	[0x0a] = "PSCI_FEATURES", [0x0e] = "SYSTEM_SUSPEND",
};
static const char *const kinds[TRACE_KINDS] = {
	[TRACE_CALL] = "call",           [TRACE_RESULT] = "result",
	[TRACE_INTERRUPT] = "interrupt", [TRACE_TRAP] = "trap",
	[TRACE_ENTERED] = "entered",     [TRACE_COMPLETED] = "completed",
	[TRACE_PENDING] = "pending",     [TRACE_POWER] = "power",
	[TRACE_REPORTED] = "reported",   [TRACE_DISPOSED] = "disposed",
	[TRACE_PUBLISHED] = "published", [TRACE_ACKNOWLEDGED] = "acknowledged",
};
static const char *const endings[] = { "EVENT_COMPLETE",
				       "EVENT_COMPLETE_AND_RESUME",
				       "its PE went off" };
static const char *const whys[TRACE_WHYS] = {
	[TRACE_WAITS_NOT] = "it was on its way, and waits no more",
	[TRACE_UNREGISTERED] = "no handler is registered",
	[TRACE_DISABLED] = "it is not enabled",
	[TRACE_RUNNING] = "its handler runs",
	[TRACE_OFF] = "its PE is off",
	[TRACE_MASKED] = "its PE masks events",
	[TRACE_BUSY] = "its PE runs another handler",
	[TRACE_ALL] = "every PE that it may go to masks events or is busy",
};
static const char *const powers[TRACE_POWERS] = { "on", "off", "suspended",
						  "resumed" };
static const char *const fates[] = { "delivered", "pending", "queued",
				     "dropped" };
static const char *const severities[] = { "recoverable", "fatal", "corrected",
					  "informational" };

/* The word for a number, or "?": the other side may be newer, or broken. */
#define WORD(array, n) ((n) < COUNT(array) && (array)[n] ? (array)[n] : "?")

bool trace_add(struct trace *trace, const struct step *step)
{
	if (trace->steps == trace->step_room) {
		const size_t room = trace->step_room ? 2 * trace->step_room
						     : 1024;
		struct step *more = realloc(trace->step, room * sizeof(*more));

		if (!more) {
			fail(EXIT_REFUSED, "no memory left for the trace");
			return false;
		}
		trace->step = more;
		trace->step_room = room;
	}
	trace->step[trace->steps++] = *step;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	if (x->pe != y->pe)
		return x->pe < y->pe ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

void trace_sort(struct trace *trace, size_t first)
{
	if (trace->steps > first)
		qsort(trace->step + first, trace->steps - first,
		      sizeof(*trace->step), compare);
}

static int compare_remarks(const void *a, const void *b)
{
	const struct remark *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

void trace_sort_remarks(struct trace *trace)
{
	if (trace->remarks)
		qsort(trace->remark, trace->remarks, sizeof(*trace->remark),
		      compare_remarks);
}

void trace_free(struct trace *trace)
{
	for (size_t i = 0; i < trace->remarks; i++)
		free(trace->remark[i].text);
	free(trace->remark);
	free(trace->step);
	for (unsigned i = 0; i < trace->origins; i++)
		json_decref(trace->origin[i].names);
	free(trace->origin);
}

unsigned trace_origin(struct trace *trace, const char *name)
{
	struct origin *more;
	unsigned i = 0;

	while (i < trace->origins && strcmp(trace->origin[i].name, name) != 0)
		i++;
	if (i < trace->origins)
		return i;
	if (i == ORIGINS_MAX)
		exit(fail(EXIT_USAGE, "more than %d guests in one trace",
			  ORIGINS_MAX));
	more = realloc(trace->origin, (i + 1) * sizeof(*more));
	if (!more)
		exit(fail(EXIT_REFUSED, "no memory left for the trace"));
	trace->origin = more;
	trace->origins++;
	more[i] = (struct origin){ .names = json_object() };
	snprintf(more[i].name, sizeof(more[i].name), "%s", name);
	return i;
}

unsigned trace_rows(struct trace *trace)
{
	unsigned rows = 0;

	for (unsigned i = 0; i < trace->origins; i++)
		trace->origin[i].pes = trace->origin[i].itself =
			trace->origin[i].log = 0;
	for (size_t i = 0; i < trace->steps; i++) {
		struct origin *o = &trace->origin[trace->step[i].of];

		if (trace->step[i].pe == PE_NONE)
			o->itself = true;
		else if (trace->step[i].pe >= o->pes)
			o->pes = trace->step[i].pe + 1;
	}
	for (size_t i = 0; i < trace->remarks; i++)
		trace->origin[trace->remark[i].of].log = true;
	for (unsigned i = 0; i < trace->origins; i++) {
		struct origin *o = &trace->origin[i];

		o->first_row = rows;
		rows += o->pes + o->itself + o->log;
	}
	return rows;
}

unsigned row_of_step(const struct trace *trace, const struct step *step)
{
	const struct origin *o = &trace->origin[step->of];

	return o->first_row + (step->pe == PE_NONE ? o->pes : step->pe);
}

unsigned row_of_log(const struct trace *trace, unsigned of)
{
	const struct origin *o = &trace->origin[of];

	return o->first_row + o->pes + o->itself;
}

unsigned row_name(const struct trace *trace, unsigned row, char *text,
		  size_t size)
{
	const struct origin *o = trace->origin;

	while (row >= o->first_row + o->pes + o->itself + o->log)
		o++;
	row -= o->first_row;
	if (row < o->pes)
		snprintf(text, size, "%s %u", *o->name ? "vcpu" : "PE", row);
	else
		snprintf(text, size, "%s",
			 o->itself && row == o->pes ? "sdei-vmm"
						    : "kernel's log");
	return (unsigned)(o - trace->origin);
}

const char *kind_name(enum trace_kind kind)
{
	return WORD(kinds, (unsigned)kind);
}

const char *call_name(uint32_t call)
{
	static char text[16];

	if (call - SDEI_FID_FIRST < COUNT(sdei_calls))
		return sdei_calls[call - SDEI_FID_FIRST];
	if ((call & ~SMC64_BIT) - PSCI_FIRST < COUNT(psci_calls) &&
	    psci_calls[(call & ~SMC64_BIT) - PSCI_FIRST])
		return psci_calls[(call & ~SMC64_BIT) - PSCI_FIRST];
	snprintf(text, sizeof(text), "0x%08" PRIx32, call);
	return text;
}

const char *event_name(const struct trace *trace, unsigned of, uint32_t number)
{
	char key[16];
	const char *name;

	snprintf(key, sizeof(key), "0x%" PRIx32, number);
	name = json_string_value(json_object_get(trace->origin[of].names, key));
	return name ? name : "";
}

const char *step_name(const struct trace *trace, const struct step *step)
{
	switch (step->kind) {
	case TRACE_CALL:
	case TRACE_RESULT:
	case TRACE_INTERRUPT:
	case TRACE_TRAP:
	case TRACE_POWER:
		return "";
	default:
		return event_name(trace, step->of, step->code);
	}
}

static void words_call(const struct step *step, char *text, size_t size)
{
	const uint32_t index = step->code - SDEI_FID_FIRST;
	const unsigned count = index < COUNT(sdei_calls)
				       ? sdei_parameters[index]
				       : 3;
	size_t used = (size_t)snprintf(text, size, "%s(",
				       call_name(step->code));

	for (unsigned i = 1; i <= count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used,
					 "%s0x%" PRIx64, i > 1 ? ", " : "",
					 step->value[i]);
	if (used < size && step->value[0])
		snprintf(text + used, size - used, ") at 0x%" PRIx64,
			 step->value[0]);
	else if (used < size) /* of a guest's calls that is not known */
		snprintf(text + used, size - used, ")");
}

static void words_result(const struct step *step, char *text, size_t size)
{
	static const struct {
		int64_t value;
		const char *name;
	} names[] = {
		{ SDEI_NOT_SUPPORTED, "NOT_SUPPORTED" },
		{ SDEI_INVALID_PARAMETERS, "INVALID_PARAMETERS" },
		{ SDEI_DENIED, "DENIED" },
		{ SDEI_PENDING, "PENDING" },
		{ SDEI_OUT_OF_RESOURCE, "OUT_OF_RESOURCE" },
	};
	const int64_t value = (int64_t)step->value[0];

	for (unsigned i = 0; i < COUNT(names); i++)
		if (value == names[i].value &&
		    step->code - SDEI_FID_FIRST < COUNT(sdei_calls)) {
			snprintf(text, size, "%s: %s", call_name(step->code),
				 names[i].name);
			return;
		}
	if (value < 0 && value > -4096)
		snprintf(text, size, "%s: %" PRId64, call_name(step->code),
			 value);
	else
		snprintf(text, size, "%s: 0x%" PRIx64, call_name(step->code),
			 step->value[0]);
}

/* " on PE 2", " on any PE". */
static const char *on_pe(uint64_t pe)
{
	static char text[32];

	if (pe > UINT32_MAX)
		return "any PE";
	snprintf(text, sizeof(text), "PE %u", (unsigned)pe);
	return text;
}

static void words_event(const struct trace *trace, const struct step *step,
			char *text, size_t size)
{
	const char *name = event_name(trace, step->of, step->code);
	const uint64_t *v = step->value;
	int used = snprintf(text, size, "event 0x%" PRIx32 "%s%s%s", step->code,
			    *name ? " (" : "", name, *name ? ")" : "");

	if (used < 0 || (size_t)used >= size)
		return;
	text += used;
	size -= (size_t)used;
	switch (step->kind) {
	case TRACE_ENTERED:
		snprintf(text, size,
			 ": handler entered; interrupted 0x%" PRIx64
			 ", PSTATE 0x%" PRIx64,
			 v[0], v[1]);
		break;
	case TRACE_COMPLETED:
		snprintf(text, size, ": handler ended: %s",
			 WORD(endings, v[0]));
		break;
	case TRACE_PENDING:
		snprintf(text, size, ": waits for %s: %s", on_pe(v[0]),
			 WORD(whys, v[1]));
		break;
	case TRACE_REPORTED:
		snprintf(text, size, ": %s error %" PRIu64 " is reported",
			 WORD(severities, v[1]), v[0]);
		break;
	case TRACE_DISPOSED:
		snprintf(text, size, ": error %" PRIu64 ": %s%s%s", v[0],
			 WORD(fates, v[1]), v[2] > UINT32_MAX ? "" : " to ",
			 v[2] > UINT32_MAX ? "" : on_pe(v[2]));
		break;
	case TRACE_PUBLISHED:
		snprintf(text, size, ": its record %" PRIu64 " is shown", v[0]);
		break;
	default:
		snprintf(text, size, ": its record %" PRIu64 " is acknowledged",
			 v[0]);
		break;
	}
}

void step_words(const struct trace *trace, const struct step *step, char *text,
		size_t size)
{
	switch (step->kind) {
	case TRACE_CALL:
		words_call(step, text, size);
		break;
	case TRACE_RESULT:
		words_result(step, text, size);
		break;
	case TRACE_INTERRUPT:
		snprintf(text, size,
			 "interrupt %" PRIu32 " at EL3; interrupted 0x%" PRIx64
			 ", PSTATE 0x%" PRIx64,
			 step->code, step->value[0], step->value[1]);
		break;
	case TRACE_TRAP:
		snprintf(text, size,
			 "trap to EL3, ESR 0x%" PRIx32 ", at 0x%" PRIx64
			 ": given back as Undefined",
			 step->code, step->value[0]);
		break;
	case TRACE_POWER:
		snprintf(text, size, "power: %s", WORD(powers, step->code));
		break;
	default:
		words_event(trace, step, text, size);
		break;
	}
}
