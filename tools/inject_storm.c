/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei inject --count: one request, of which the firmware makes a storm of errors by its
 * own timer. What has become of it is asked for until it has ended; in between others
 * can ask.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inject.h"

/* Until it is asked for, twice as long each time, up to... */
#define FIRST_MS    10
#define PROGRESS_MS 200 /* ...if somebody looks on */
#define SILENT_MS   1000

static const char *const fates[] = { "delivered", "pending", "queued",
				     "dropped" };

struct storm {
	char id[24];
	int64_t start;
	/* As it was answered last. */
	uint64_t count, injected, skipped, fate[LENGTH(fates)], first, last;
	bool runs;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static double seconds(const struct storm *s)
{
	return (double)(now_ms() - s->start) / 1000;
}

/* "12 delivered, 0 pending, ...": what has become of them. */
static void print_fates(FILE *to, const struct storm *s)
{
	for (unsigned i = 0; i < LENGTH(fates); i++)
		fprintf(to, "%s%llu %s", i ? ", " : "",
			(unsigned long long)s->fate[i], fates[i]);
	if (s->skipped)
		fprintf(to, ", %llu skipped", (unsigned long long)s->skipped);
}

static void progress(const struct storm *s)
{
	double took = seconds(s);

	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r\033[K%llu of %llu, %.0f/s: ",
		(unsigned long long)s->injected, (unsigned long long)s->count,
		took > 0 ? (double)s->injected / took : 0);
	print_fates(stderr, s);
	fflush(stderr);
}

static uint64_t number_of(const struct line *line, const char *key)
{
	const char *value = line_get(line, key);

	return value ? strtoull(value, NULL, 10) : 0;
}

/* How does it stand? */
static int look(struct storm *s, const struct machine *machine)
{
	const struct line *line;
	struct reply reply;
	char request[64];
	int status;

	snprintf(request, sizeof(request), "storms storm=%s", s->id);
	status = control_ask(machine, request, &reply);
	if (status != EXIT_OK)
		return status;
	line = &reply.line[0];
	if (line != reply.last) {
		s->runs = number_of(line, "running");
		s->count = number_of(line, "count");
		s->injected = number_of(line, "injected");
		s->skipped = number_of(line, "skipped");
		s->first = number_of(line, "first");
		s->last = number_of(line, "last");
		for (unsigned i = 0; i < LENGTH(fates); i++)
			s->fate[i] = number_of(line, fates[i]);
	} else {
		status = fail(EXIT_NO_ANSWER,
			      "nothing is known of the storm any more: the "
			      "machine was reset, or others had its place");
	}
	reply_free(&reply);
	return status;
}

static void summary(const struct storm *s)
{
	const double took = seconds(s);
	json_t *json;

	if (json_wanted) {
		json = json_pack("{s:I, s:I, s:f, s:I, s:I}", "injected",
				 (json_int_t)s->injected, "skipped",
				 (json_int_t)s->skipped, "seconds", took,
				 "first", (json_int_t)s->first, "last",
				 (json_int_t)s->last);
		for (unsigned i = 0; json && i < LENGTH(fates); i++)
			json_object_set_new(json, fates[i],
					    json_integer(
						    (json_int_t)s->fate[i]));
		print_json(json);
		return;
	}
	printf("%llu injected in %.1f s, #%llu to #%llu: ",
	       (unsigned long long)s->injected, took,
	       (unsigned long long)s->first, (unsigned long long)s->last);
	print_fates(stdout, s);
	putchar('\n');
}

static int end(const struct storm *s, const struct machine *machine)
{
	char request[64];
	struct reply reply;
	int status;

	snprintf(request, sizeof(request), "inject stop storm=%s", s->id);
	status = control_ask(machine, request, &reply);
	if (status == EXIT_OK)
		reply_free(&reply);
	return status;
}

/* Until it has ended, or the user has seen enough. */
static int follow(struct storm *s, const struct machine *machine)
{
	const int most = isatty(STDERR_FILENO) ? PROGRESS_MS : SILENT_MS;
	int pause = FIRST_MS, status = EXIT_OK;

	while (status == EXIT_OK && s->runs && !stopped) {
		sleep_ms(pause);
		pause = pause < most / 2 ? 2 * pause : most;
		if (!stopped)
			status = look(s, machine);
		progress(s);
	}
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	if (status == EXIT_OK && s->runs) {
		status = end(s, machine);
		if (status == EXIT_OK)
			status = look(s, machine);
	}
	return status;
}

int inject_storm(const struct machine *machine, const char *request)
{
	struct storm s = { .start = now_ms(), .runs = true };
	struct sigaction action = { .sa_handler = stop };
	struct reply reply;
	const char *id;
	int status = control_ask(machine, request, &reply);

	if (status != EXIT_OK)
		return status;
	id = line_get(reply.last, "storm");
	snprintf(s.id, sizeof(s.id), "%s", id ? id : "");
	reply_free(&reply);
	/* Whoever has seen enough is told what there was. */
	sigaction(SIGINT, &action, NULL);
	status = follow(&s, machine);
	if (status == EXIT_OK)
		summary(&s);
	return status;
}
