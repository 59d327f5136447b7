/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of somebody else's on the firmware's clock: the kernel's log, or its ftrace as
 * text (a trace.dat is turned into that by trace-cmd). Linux counts from where its
 * clock began, and does not say where that was; so moments that both know are looked
 * for: its first SDEI call, which it says in a line; an error that was reported, whose
 * record it logs with our number in it; or a line "counter=N" with the counter, in ns,
 * that somebody wrote to /dev/kmsg.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sdei/abi.h>

#include "trace.h"

#define DETECTED "sdei: SDEIv"
#define COUNTER  "counter="
#define NUMBER   "fru_text: seq " /* of each of our records */
#define GIGA     1000000000

bool trace_remark(struct trace *trace, uint64_t time, unsigned of,
		  const char *text)
{
	if (trace->remarks == trace->remark_room) {
		const size_t room = trace->remark_room ? 2 * trace->remark_room
						       : 256;
		struct remark *more = realloc(trace->remark,
					      room * sizeof(*more));

		if (!more)
			return false;
		trace->remark = more;
		trace->remark_room = room;
	}
	trace->remark[trace->remarks] =
		(struct remark){ time, of, trace->remarks, strdup(text) };
	return trace->remark[trace->remarks].text && ++trace->remarks;
}

/* "123.456789" behind a '[' or a blank, ended by ']' or ':'. NULL: there is none. */
static const char *find_time(const char *line, uint64_t *time)
{
	for (const char *p = line; (p = strpbrk(p, "[ \t"));) {
		char *dot, *end;
		uint64_t seconds, fraction, scale = GIGA;

		p += strspn(p, "[ \t");
		if (!isdigit((unsigned char)*p))
			continue;
		seconds = strtoull(p, &dot, 10);
		if (*dot != '.' || !isdigit((unsigned char)dot[1]))
			continue;
		fraction = strtoull(dot + 1, &end, 10);
		if ((*end != ']' && *end != ':') || end - dot > 10)
			continue;
		for (const char *digit = dot + 1; digit < end; digit++)
			scale /= 10;
		*time = seconds * GIGA + fraction * scale;
		return end + 1;
	}
	return NULL;
}

/* The counter's value when the kernel's clock began; false: nobody says. */
struct clock {
	bool known;
	uint64_t start;
};

/* The later the better: a line is stamped after what it tells of. */
static void learn(struct clock *clock, uint64_t counter, uint64_t time)
{
	if (counter < time || (clock->known && counter - time <= clock->start))
		return;
	clock->start = counter - time;
	clock->known = true;
}

/* The next step of this kind and origin, and with this code, from `i` on. */
static size_t find_step(const struct trace *trace, size_t i, unsigned of,
			enum trace_kind kind, uint32_t code)
{
	while (i < trace->steps &&
	       (trace->step[i].kind != kind || trace->step[i].code != code ||
		trace->step[i].of != of))
		i++;
	return i;
}

/* The handler that a report leads to: on the PE that its event is for, if it is for one. */
static size_t find_handler(const struct trace *trace, size_t report)
{
	const struct step *r = &trace->step[report];
	uint64_t pe = UINT64_MAX;
	size_t i;

	for (i = report + 1; i < trace->steps && pe == UINT64_MAX; i++) {
		const struct step *s = &trace->step[i];

		if (s->code != r->code || s->pe != r->pe || s->of != r->of)
			continue;
		if (s->kind == TRACE_PENDING)
			pe = s->value[0];
		else if (s->kind == TRACE_DISPOSED &&
			 s->value[0] == r->value[0])
			break;
	}
	if (pe == UINT64_MAX && i < trace->steps)
		pe = trace->step[i].value[2];
	for (i = report; i < trace->steps; i++)
		if (trace->step[i].kind == TRACE_ENTERED &&
		    trace->step[i].code == r->code &&
		    trace->step[i].of == r->of &&
		    (pe > UINT32_MAX || trace->step[i].pe == pe))
			break;
	return i;
}

/*
 * What the log's line about that report comes after: the end of its handler, which leaves
 * the printing to an interrupt; or its beginning, if it never ends, for then it is the
 * panic that prints. trace->steps: nothing of it is there.
 */
static size_t find_cause(const struct trace *trace, unsigned of,
			 uint64_t number)
{
	size_t i = 0, handler, end;

	while (i < trace->steps &&
	       (trace->step[i].kind != TRACE_REPORTED ||
		trace->step[i].of != of || trace->step[i].value[0] != number))
		i++;
	if (i == trace->steps)
		return i;
	handler = find_handler(trace, i);
	end = find_step(trace, handler, of, TRACE_COMPLETED,
			trace->step[i].code);
	return end < trace->steps ? end : handler;
}

/* The number of a record that a line of the log is about; 0: of none. */
static uint64_t number_in(const char *text)
{
	const char *number = strstr(text, NUMBER);

	return number ? strtoull(number + strlen(NUMBER), NULL, 10) : 0;
}

static void learn_from_line(struct clock *clock, const struct trace *trace,
			    unsigned of, const char *text, uint64_t time)
{
	const char *counter = strstr(text, COUNTER);
	const uint64_t number = number_in(text);
	size_t at = trace->steps;

	/* A guest's counter is not the host's, which its steps have. */
	if (counter && *trace->origin[of].name)
		return;
	if (counter)
		learn(clock, strtoull(counter + strlen(COUNTER), NULL, 10),
		      time);
	else if (number)
		at = find_cause(trace, of, number);
	else if (strstr(text, DETECTED))
		at = find_step(trace, 0, of, TRACE_RESULT, SDEI_FID_VERSION);
	if (at < trace->steps)
		learn(clock, trace->step[at].time, time);
}

static FILE *open_log(const char *path, bool *is_pipe)
{
	const size_t length = strlen(path);
	char *command;
	FILE *in;

	*is_pipe = length > 4 && strcmp(path + length - 4, ".dat") == 0 &&
		   !strchr(path, '\'');
	if (!*is_pipe)
		return fopen(path, "r");
	if (asprintf(&command, "trace-cmd report -i '%s'", path) < 0)
		return NULL;
	in = popen(command, "re");
	free(command);
	return in;
}

static int read_lines(struct trace *trace, unsigned of, FILE *in,
		      struct clock *clock)
{
	char *line = NULL;
	size_t room = 0;
	int status = EXIT_OK;

	while (status == EXIT_OK && getline(&line, &room, in) >= 0) {
		uint64_t time;
		const char *text = find_time(line, &time);

		line[strcspn(line, "\r\n")] = '\0';
		if (!text)
			continue;
		text += strspn(text, " ");
		learn_from_line(clock, trace, of, text, time);
		if (*text && !trace_remark(trace, time, of, text))
			status = fail(EXIT_REFUSED, "no memory left");
	}
	free(line);
	return status;
}

int trace_read_log(struct trace *trace, unsigned of, const char *path)
{
	const size_t first = trace->remarks;
	struct clock clock = { false, 0 };
	bool is_pipe;
	FILE *in = open_log(path, &is_pipe);
	int status, closed;

	if (!in)
		return fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	status = read_lines(trace, of, in, &clock);
	closed = is_pipe ? pclose(in) : fclose(in);
	if (status != EXIT_OK)
		return status;
	if (closed != 0)
		return fail(EXIT_USAGE, "%s: trace-cmd cannot read it", path);
	if (!clock.known)
		return fail(EXIT_USAGE,
			    "%s: nothing in it tells when the kernel's clock "
			    "began: have an error of the trace's in it, or "
			    "trace from its start ('sdei run --trace') so that "
			    "its line \"" DETECTED "\" is in both, or a line "
			    "\"" COUNTER "N\", N the system counter in ns",
			    path);
	for (size_t i = first; i < trace->remarks; i++)
		trace->remark[i].time += clock.start;
	return EXIT_OK;
}

/* Numbers of one origin's reports are not another's. */
static uint64_t flow_of(unsigned of, uint64_t number)
{
	return number ? (uint64_t)of << 32 | (uint32_t)number : 0;
}

uint64_t *flows_of(const struct trace *trace)
{
	uint64_t *flows = calloc(trace->steps + trace->remarks + 1,
				 sizeof(*flows));

	for (size_t i = 0; flows && i < trace->steps; i++) {
		size_t handler;

		if (trace->step[i].kind != TRACE_REPORTED)
			continue;
		flows[i] = flow_of(trace->step[i].of, trace->step[i].value[0]);
		handler = find_handler(trace, i);
		/* One handler for several reports: the first one's. */
		if (handler < trace->steps && !flows[handler])
			flows[handler] = flows[i];
	}
	for (size_t i = 0; flows && i < trace->remarks; i++)
		flows[trace->steps + i] =
			flow_of(trace->remark[i].of,
				number_in(trace->remark[i].text));
	return flows;
}
