/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control line: one request to the firmware, its answer taken apart into
 * lines and words (docs/control.md).
 *
 * The line has no connections: what an earlier program left unfinished, in
 * either direction, is still on it. So every conversation begins with `version`
 * and ignores what comes before its answer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sdei.h"

#define ANSWER_SECONDS 5
#define REQUEST_MAX    4159 /* docs/control.md */
#define LINE_MAX_BYTES 1024
#define REPLY_MAX      (4096 * 1024) /* 512 PEs need less than half */
#define GREETING       "ok opensdei="
#define PROTOCOL       "protocol=1"

static int answer_error(const struct machine *machine, int error)
{
	switch (error) {
	case ETIMEDOUT:
		return fail(EXIT_NO_ANSWER,
			    "machine '%s': no answer from the %s in %d s",
			    machine->name, machine->vm ? "VMM" : "firmware",
			    ANSWER_SECONDS);
	case EPIPE:
	case ECONNRESET:
		return fail(EXIT_NO_ANSWER,
			    "machine '%s' ended before it answered",
			    machine->name);
	case EMSGSIZE:
		return fail(EXIT_NO_ANSWER,
			    "machine '%s': the answer is too long",
			    machine->name);
	default:
		return fail(EXIT_NO_ANSWER, "machine '%s': %s", machine->name,
			    strerror(error));
	}
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/*
 * Agree where on the line we are. A firmware that is just starting may lose the
 * first characters, so ask once a second.
 */
static int greeting(struct channel *channel, char *line, size_t size)
{
	int tries, error = ETIMEDOUT;

	for (tries = 0; tries < ANSWER_SECONDS && error == ETIMEDOUT; tries++) {
		channel->deadline = end_of(1);
		error = channel_send(channel, "\nversion\n");
		while (!error) {
			error = channel_line(channel, line, size);
			if (!error && begins(line, GREETING))
				return 0;
			if (error == EMSGSIZE) /* somebody's left-overs */
				error = 0;
		}
	}
	return error;
}

static int synchronise(struct channel *channel, const struct machine *machine)
{
	char line[LINE_MAX_BYTES];
	int error = greeting(channel, line, sizeof(line));

	if (error)
		return answer_error(machine, error);
	if (!strstr(line, PROTOCOL))
		return fail(EXIT_NO_ANSWER,
			    "machine '%s' speaks another protocol: '%s', not "
			    "'%s'",
			    machine->name, line, PROTOCOL);
	return EXIT_OK;
}

static bool is_last(const char *line)
{
	return strcmp(line, "ok") == 0 || begins(line, "ok ") ||
	       strcmp(line, "error") == 0 || begins(line, "error ");
}

/* Collect lines into reply->text, each ended by '\0'. Counts them. */
static int collect(struct channel *channel, struct reply *reply, size_t *size)
{
	char line[LINE_MAX_BYTES] = "";
	int error;

	*size = 0;
	for (bool last = false; !last;) {
		size_t length;
		char *text;

		/* The limit is on silence; REPLY_MAX limits the rest. */
		channel->deadline = end_of(ANSWER_SECONDS);
		error = channel_line(channel, line, sizeof(line));
		if (error)
			return error;
		/* An answer to somebody's earlier `version` is not ours. */
		if (line[0] == '\0' || begins(line, GREETING))
			continue;
		length = strlen(line) + 1;
		if (*size + length > REPLY_MAX)
			return EMSGSIZE;
		text = realloc(reply->text, *size + length);
		if (!text)
			return ENOMEM;
		reply->text = text;
		memcpy(text + *size, line, length);
		*size += length;
		reply->lines++;
		last = is_last(line);
	}
	return 0;
}

/* Takes a line apart in place: blanks and '=' become ends of strings. */
static void take_apart(char *text, struct line *line)
{
	char *save = NULL, *word = strtok_r(text, " ", &save);

	line->kind = word ? word : "";
	line->words = 0;
	line->rest = word && save ? save : "";
	if (line->rest[0] == '\0' || strcmp(line->kind, "error") == 0)
		return;
	while (line->words < LINE_WORDS_MAX) {
		struct word *next = &line->word[line->words];
		char *equals;

		/* A reason has blanks in it and runs to the end. */
		save += strspn(save, " ");
		if (begins(save, "reason=")) {
			next->key = "reason";
			next->value = save + strlen("reason=");
			line->words++;
			return;
		}
		word = strtok_r(NULL, " ", &save);
		if (!word)
			return;
		equals = strchr(word, '=');
		if (equals)
			*equals = '\0';
		next->key = equals ? word : "";
		next->value = equals ? equals + 1 : word;
		line->words++;
	}
}

static int parse(struct reply *reply, size_t size)
{
	char *text = reply->text, *end = text + size;
	unsigned i;

	reply->line = calloc(reply->lines, sizeof(*reply->line));
	if (!reply->line)
		return ENOMEM;
	for (i = 0; i < reply->lines && text < end; i++) {
		size_t length = strlen(text) + 1;

		take_apart(text, &reply->line[i]);
		text += length;
	}
	reply->last = &reply->line[reply->lines - 1];
	return 0;
}

const char *line_get(const struct line *line, const char *key)
{
	unsigned i;

	for (i = 0; i < line->words; i++)
		if (strcmp(line->word[i].key, key) == 0)
			return line->word[i].value;
	return NULL;
}

void reply_free(struct reply *reply)
{
	free(reply->line);
	free(reply->text);
	memset(reply, 0, sizeof(*reply));
}

/* Nobody else can ask while it is open. */
struct session {
	const struct machine *machine;
	int lock;
	struct channel channel;
};

static int control_open(struct session *session, const struct machine *machine)
{
	int status;

	session->machine = machine;
	if (!machine_running(machine))
		return machine_missing(machine);
	/* QEMU's socket takes one client; the others would wait unheard. */
	session->lock = lock_wait(machine->control_lock, 4 * ANSWER_SECONDS);
	if (session->lock < 0)
		return fail(EXIT_NO_ANSWER,
			    "machine '%s': another sdei is talking to it (%s)",
			    machine->name, strerror(errno));
	status = machine_connect(machine, machine->control, &session->channel,
				 ANSWER_SECONDS);
	if (status == EXIT_OK) {
		status = synchronise(&session->channel, machine);
		if (status == EXIT_OK)
			return EXIT_OK;
		channel_close(&session->channel);
	}
	close(session->lock);
	return status;
}

static void control_close(struct session *session)
{
	channel_close(&session->channel);
	close(session->lock);
}

static int control_request(struct session *session, const char *request,
			   struct reply *reply)
{
	struct channel *channel = &session->channel;
	size_t size = 0;
	int status = EXIT_OK, error;

	memset(reply, 0, sizeof(*reply));
	if (strlen(request) > REQUEST_MAX)
		return fail(EXIT_USAGE, "the request is too long");
	channel->deadline = end_of(ANSWER_SECONDS);
	error = channel_send(channel, request);
	if (!error)
		error = channel_send(channel, "\n");
	if (!error)
		error = collect(channel, reply, &size);
	if (!error)
		error = parse(reply, size);
	if (error)
		status = answer_error(session->machine, error);
	else if (strcmp(reply->last->kind, "error") == 0)
		status = fail(EXIT_REFUSED, "the %s refused: %s",
			      session->machine->vm ? "VMM" : "firmware",
			      reply->last->rest);
	if (status != EXIT_OK)
		reply_free(reply);
	return status;
}

int control_ask(const struct machine *machine, const char *request,
		struct reply *reply)
{
	struct session session;
	int status = control_open(&session, machine);

	if (status != EXIT_OK)
		return status;
	status = control_request(&session, request, reply);
	control_close(&session);
	return status;
}
