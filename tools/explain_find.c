/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What keeps an event from a PE, found in an answer to `status`.
 */
#include <stdlib.h>
#include <string.h>

#include "explain.h"

uint64_t number_of(const struct line *line, const char *key)
{
	const char *text = line_get(line, key);

	return text ? strtoull(text, NULL, 0) : 0;
}

bool is_kind(const struct line *line, const char *kind)
{
	return strcmp(line->kind, kind) == 0;
}

bool says(const struct line *line, const char *key, const char *value)
{
	const char *text = line_get(line, key);

	return text && strcmp(text, value) == 0;
}

static bool is_of(const struct view *v, const struct line *line)
{
	return is_kind(line, "event") && says(line, "number", v->number);
}

/* By its number, in any base, or its name. */
const struct line *find_event(const struct reply *status, const char *wanted)
{
	char *end;
	const uint64_t number = strtoull(wanted, &end, 0);

	for (unsigned i = 0; i < status->lines; i++) {
		const struct line *line = &status->line[i];

		if (is_kind(line, "event") &&
		    (says(line, "name", wanted) ||
		     (*wanted && !*end && number_of(line, "number") == number)))
			return line;
	}
	return NULL;
}

bool has_pe(const struct reply *status, const char *pe)
{
	for (unsigned i = 0; i < status->lines; i++)
		if (is_kind(&status->line[i], "pe") &&
		    says(&status->line[i], "index", pe))
			return true;
	return false;
}

bool is_pending(const struct view *v)
{
	for (unsigned i = 0; i < v->status.lines; i++)
		if (is_of(v, &v->status.line[i]) &&
		    says(&v->status.line[i], "pending", "1"))
			return true;
	return false;
}

/* Of a private event on that PE, of a shared one anywhere. */
static const struct line *event_on(const struct view *v, unsigned pe)
{
	for (unsigned i = 0; i < v->status.lines; i++) {
		const struct line *line = &v->status.line[i];

		if (is_of(v, line) && (says(line, "type", "shared") ||
				       number_of(line, "pe") == pe))
			return line;
	}
	return NULL;
}

/* What runs on a PE and no event of this priority interrupts. */
static const struct line *runs_there(const struct view *v, unsigned pe,
				     const struct line *event)
{
	for (unsigned i = 0; i < v->status.lines; i++) {
		const struct line *line = &v->status.line[i];

		if (is_kind(line, "event") && says(line, "running", "1") &&
		    number_of(line, "pe") == pe &&
		    (says(line, "priority", "critical") ||
		     says(event, "priority", "normal")))
			return line;
	}
	return NULL;
}

enum cause state_of(const struct line *event)
{
	if (says(event, "running", "1"))
		return RUNNING;
	if (says(event, "registered", "0"))
		return UNREGISTERED;
	return says(event, "enabled", "0") ? DISABLED : NOTHING;
}

static struct finding find_on(const struct view *v, const struct line *pe_line)
{
	const unsigned pe = (unsigned)number_of(pe_line, "index");
	const struct line *event = event_on(v, pe);
	struct finding f = { pe, NOTHING, NULL };

	if (says(event, "type", "private"))
		f.cause = state_of(event);
	f.by = f.cause == RUNNING ? event : NULL;
	if (f.cause != NOTHING && f.cause != UNREGISTERED)
		return f;
	if (says(pe_line, "power", "off"))
		f.cause = OFF;
	else if (f.cause == NOTHING && says(pe_line, "masked", "1"))
		f = (struct finding){ pe, MASKED, pe_line };
	else if (f.cause == NOTHING && (f.by = runs_there(v, pe, event)))
		f.cause = BUSY;
	return f;
}

/* Of those PEs that can take it and were asked about. */
unsigned find_all(const struct view *v, const struct line *event,
		  const char *only, struct finding f[PES_MAX])
{
	const bool routed = says(event, "type", "shared") &&
			    says(event, "routing", "pe");
	unsigned count = 0;

	for (unsigned i = 0; i < v->status.lines && count < PES_MAX; i++) {
		const struct line *line = &v->status.line[i];

		if (!is_kind(line, "pe") ||
		    (only && !says(line, "index", only)) ||
		    (routed && line_get(event, "pe") &&
		     !says(line, "index", line_get(event, "pe"))))
			continue;
		f[count++] = find_on(v, line);
	}
	return count;
}
