/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei inject --count: the same error many times, at a rate or as fast as answers
 * come. The line to the firmware is given up about once a second and wherever
 * there is time, so that others (sdei status) can ask in between.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "inject.h"

#define HOLD_MS     1000 /* the line, at most */
#define PAUSE_MS    25   /* for others: they look every 10 ms */
#define LONG_MS     100  /* to wait for the next one: not with the line held */
#define PROGRESS_MS 200
/* sdei-vmm serves eight lines a connection; two of them greet. */
#define VM_REQUESTS 6

static const char *const fates[] = { "delivered", "pending", "queued",
				     "dropped" };

struct storm {
	uint64_t count, rate, sent;
	uint64_t fate[LENGTH(fates)];
	char first[24], last[24]; /* sequence numbers */
	int64_t start, shown;
	int64_t paused; /* when others last could ask */
	unsigned asked; /* while it is open */
	bool open;
	struct session session;
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

static void progress(struct storm *s, bool end)
{
	double took = seconds(s);

	if (!isatty(STDERR_FILENO))
		return;
	if (end) {
		fputs("\r\033[K", stderr);
		return;
	}
	if (now_ms() < s->shown + PROGRESS_MS)
		return;
	s->shown = now_ms();
	fprintf(stderr,
		"\r\033[K%llu of %llu, %.0f/s: %llu delivered, %llu pending, "
		"%llu queued, %llu dropped",
		(unsigned long long)s->sent, (unsigned long long)s->count,
		took > 0 ? (double)s->sent / took : 0,
		(unsigned long long)s->fate[0], (unsigned long long)s->fate[1],
		(unsigned long long)s->fate[2], (unsigned long long)s->fate[3]);
	fflush(stderr);
}

static void release(struct storm *s)
{
	if (s->open)
		control_close(&s->session);
	s->open = false;
}

static void give_way(struct storm *s)
{
	if (s->open && s->session.machine->vm && s->asked == VM_REQUESTS)
		release(s);
	if (now_ms() < s->paused + HOLD_MS)
		return;
	release(s);
	sleep_ms(PAUSE_MS);
	s->paused = now_ms();
}

/* Until the next one is due. */
static void wait_turn(struct storm *s)
{
	int64_t due, left;

	give_way(s);
	if (!s->rate)
		return;
	due = s->start + (int64_t)((double)s->sent * 1000 / (double)s->rate);
	if (due - now_ms() > LONG_MS)
		release(s);
	while ((left = due - now_ms()) > 0 && !stopped) {
		sleep_ms(left < PROGRESS_MS ? (int)left : PROGRESS_MS);
		progress(s, false);
	}
}

static int send_one(struct storm *s, const struct machine *machine,
		    const char *request)
{
	const char *fate, *sequence;
	struct reply reply;
	int status = EXIT_OK;

	if (!s->open) {
		status = control_open(&s->session, machine);
		if (status != EXIT_OK)
			return status;
		s->open = true;
		s->asked = 0;
	}
	s->asked++;
	status = control_request(&s->session, request, &reply);
	if (status != EXIT_OK)
		return status;
	fate = line_get(reply.last, "disposition");
	for (unsigned i = 0; fate && i < LENGTH(fates); i++)
		s->fate[i] += strcmp(fate, fates[i]) == 0;
	sequence = line_get(reply.last, "sequence");
	snprintf(s->last, sizeof(s->last), "%s", sequence ? sequence : "-");
	if (!s->sent++)
		memcpy(s->first, s->last, sizeof(s->first));
	reply_free(&reply);
	return EXIT_OK;
}

static void summary(const struct storm *s)
{
	double took = seconds(s);

	if (json_wanted) {
		print_json(json_pack(
			"{s:I, s:I, s:I, s:I, s:I, s:f, s:I, s:I}", "injected",
			(json_int_t)s->sent, fates[0], (json_int_t)s->fate[0],
			fates[1], (json_int_t)s->fate[1], fates[2],
			(json_int_t)s->fate[2], fates[3],
			(json_int_t)s->fate[3], "seconds", took, "first",
			(json_int_t)strtoll(s->first, NULL, 10), "last",
			(json_int_t)strtoll(s->last, NULL, 10)));
		return;
	}
	printf("%llu injected in %.1f s, #%s to #%s: %llu delivered, %llu "
	       "pending, %llu queued, %llu dropped\n",
	       (unsigned long long)s->sent, took, s->first, s->last,
	       (unsigned long long)s->fate[0], (unsigned long long)s->fate[1],
	       (unsigned long long)s->fate[2], (unsigned long long)s->fate[3]);
}

int inject_storm(const struct machine *machine, const char *request,
		 uint64_t count, uint64_t rate)
{
	struct storm s = { .count = count,
			   .rate = rate,
			   .start = now_ms(),
			   .paused = now_ms() };
	struct sigaction action = { .sa_handler = stop };
	int status = EXIT_OK;

	/* Whoever has seen enough is told what there was. */
	sigaction(SIGINT, &action, NULL);
	while (s.sent < count && status == EXIT_OK && !stopped) {
		wait_turn(&s);
		if (!stopped)
			status = send_one(&s, machine, request);
		progress(&s, false);
	}
	progress(&s, true);
	release(&s);
	/* After a failure the error is all that a program is to read. */
	if (s.sent && (status == EXIT_OK || !json_wanted))
		summary(&s);
	return status;
}
