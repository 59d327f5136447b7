/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Raising events for the payload. Some, the critical ones, no client can raise:
 * it prints "# raise 0x40000103 on PE 0" and waits. If this firmware speaks our
 * control line (docs/control.md) the error that raises this event is injected,
 * and the payload is told by one character on its console: 'y' after the
 * firmware's answer, 'n' if nobody can help.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conformance.h"

#define GREETING       "ok opensdei="
#define PATIENCE       1 /* seconds; the payload has two */
#define LINE_MAX_BYTES 1024

/* The error that raises each critical event of the reference firmware. */
#define MEMORY_EVENT    0x40000101
#define PROCESSOR_EVENT 0x40000103
#define MEMORY_ERROR    "inject memory severity=recoverable address=0x%" PRIx64
#define PROCESSOR_ERROR "inject processor severity=recoverable cpu=%u"

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Send, and read lines until one begins with `want`, or with "error". */
static bool ask(struct channel *line, const char *request, const char *want,
		char *answer, size_t size)
{
	line->deadline = end_of(PATIENCE);
	if (channel_send(line, request) != 0 || channel_send(line, "\n") != 0)
		return false;
	while (channel_line(line, answer, size) == 0) {
		if (begins(answer, want))
			return true;
		if (begins(answer, "error"))
			return false;
	}
	return false;
}

static bool firmware_answers(struct helper *helper)
{
	char answer[LINE_MAX_BYTES];

	if (helper->state == HELP_UNTRIED) {
		helper->state = HELP_NONE;
		if (channel_open(&helper->line, helper->machine->control,
				 PATIENCE) == 0 &&
		    ask(&helper->line, "\nversion", GREETING, answer,
			sizeof(answer)))
			helper->state = HELP_THERE;
	}
	return helper->state == HELP_THERE;
}

static bool raise_event(struct helper *helper, unsigned event, unsigned pe)
{
	char request[128], answer[LINE_MAX_BYTES], want[32];

	if (event == MEMORY_EVENT)
		snprintf(request, sizeof(request), MEMORY_ERROR,
			 PLATFORM_MEMORY(helper->platform));
	else if (event == PROCESSOR_EVENT)
		snprintf(request, sizeof(request), PROCESSOR_ERROR, pe);
	else
		return false;
	snprintf(want, sizeof(want), " event=0x%x ", event);
	return firmware_answers(helper) &&
	       ask(&helper->line, request, "ok sequence=", answer,
		   sizeof(answer)) &&
	       strstr(answer, want);
}

void help_with(struct helper *helper, const char *line)
{
	unsigned event, pe;
	const char *answer;

	if (sscanf(line, "# raise 0x%x on PE %u", &event, &pe) != 2)
		return;
	answer = raise_event(helper, event, pe) ? "y" : "n";
	/* If the machine is gone, its console has ended, which is noticed. */
	if (write(helper->keyboard, answer, 1) != 1)
		helper->state = HELP_NONE;
}
