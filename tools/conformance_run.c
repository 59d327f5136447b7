/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The payload on a machine of its own: a child becomes `sdei run` and so QEMU,
 * and lives no longer than we do. Its console is read here to the end of the
 * report, the end of QEMU or the end of our patience.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance.h"

#define GRACE_MS     2000 /* from the last check to QEMU's end */
#define SILENCES_MAX 20   /* who always says something ends, too */
#define ARGS_MAX     32

struct run {
	const struct job *job;
	struct report *report;
	struct helper helper;
	struct machine machine;
	pid_t child;
	int console;
	FILE *errors; /* what QEMU says on stderr */
	bool ended, said_anything;
	char line[8192];
	size_t used;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	interrupted = number;
}

/* An option with a value, unless that is NULL. */
static void add(char **args, int *count, const char *format, const char *value)
{
	if (value && asprintf(&args[(*count)++], format, value) < 0)
		_exit(EXIT_USAGE);
}

/* In the child: QEMU takes ",," for a comma in a file's name. */
static char *quoted(const char *path)
{
	char *copy = malloc(2 * strlen(path) + 1), *to = copy;

	if (!copy)
		_exit(EXIT_USAGE);
	for (; *path; path++) {
		if (*path == ',')
			*to++ = ',';
		*to++ = *path;
	}
	*to = '\0';
	return copy;
}

/* In the child: never returns. */
static void become_machine(const struct job *job, const char *name)
{
	char *args[ARGS_MAX] = { (char[]){ "sdei conformance" } };
	char *loader;
	int count = 1;

	json_wanted = false;
	add(args, &count, "--name=%s", name);
	add(args, &count, "--machine=%s", job->platform->name);
	add(args, &count, "--firmware=%s", job->firmware);
	add(args, &count, "--cpu=%s", job->cpu);
	add(args, &count, "--smp=%s", job->smp);
	add(args, &count, "--el2=%s", job->el2);
	add(args, &count, "--gic=%s", job->gic);
	add(args, &count, "--slots=%s", job->slots);
	add(args, &count, "--qemu=%s", job->qemu);
	add(args, &count, "--qemu-arg=%s", "-device");
	if (asprintf(&loader, "loader,file=%s,addr=0x%" PRIx64 ",force-raw=on",
		     quoted(job->payload), PLATFORM_PAYLOAD(job->platform)) < 0)
		_exit(EXIT_USAGE);
	add(args, &count, "--qemu-arg=%s", loader);
	add(args, &count, "--qemu-arg=%s", "-no-reboot");
	add(args, &count, "--option=abi=%s", job->abi);
	_exit(command_run(count, args));
}

static int start(struct run *run)
{
	int console[2], keyboard[2];
	pid_t parent = getpid();

	run->errors = tmpfile();
	if (!run->errors || pipe2(console, O_CLOEXEC) != 0 ||
	    pipe2(keyboard, O_CLOEXEC) != 0)
		return fail(EXIT_USAGE, "cannot start QEMU: %s",
			    strerror(errno));
	run->child = fork();
	if (run->child < 0)
		return fail(EXIT_USAGE, "cannot start QEMU: %s",
			    strerror(errno));
	if (run->child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(EXIT_USAGE);
		dup2(keyboard[0], STDIN_FILENO);
		dup2(console[1], STDOUT_FILENO);
		dup2(fileno(run->errors), STDERR_FILENO);
		become_machine(run->job, run->machine.name);
	}
	close(console[1]);
	close(keyboard[0]);
	run->console = console[0];
	run->helper.keyboard = keyboard[1];
	return EXIT_OK;
}

static void end_line(struct run *run)
{
	run->line[run->used] = '\0';
	run->used = 0;
	if (run->job->verbose)
		fprintf(stderr, "%s\n", run->line);
	tap_line(run->report, run->line);
	help_with(&run->helper, run->line);
}

/* What is not printable becomes '?': it ends up on somebody's terminal. */
static void take(struct run *run, const char *text, size_t size)
{
	size_t i;

	run->said_anything |= size > 0;
	for (i = 0; i < size; i++) {
		char c = text[i];

		if (c == '\n')
			end_line(run);
		else if (c != '\r' && run->used + 1 < sizeof(run->line))
			run->line[run->used++] = c >= ' ' && c <= '~' ? c : '?';
	}
}

static void read_console(struct run *run)
{
	struct pollfd ready = { .fd = run->console, .events = POLLIN };
	int64_t end = end_of(run->job->seconds);
	int64_t last = now_ms() + (end - now_ms()) * SILENCES_MAX;
	bool done = false;
	char text[4096];
	ssize_t got;

	while (!interrupted && now_ms() < end) {
		if (poll(&ready, 1, (int)(end - now_ms())) <= 0)
			continue;
		got = read(run->console, text, sizeof(text));
		if (got <= 0) {
			run->ended = true;
			break;
		}
		take(run, text, (size_t)got);
		if (!done)
			end = end_of(run->job->seconds);
		if (end > last)
			end = last;
		if (!done && (tap_done(run->report) || run->report->bail_out)) {
			done = true;
			end = now_ms() + GRACE_MS;
		}
	}
	if (run->used)
		end_line(run);
}

/* QEMU's last words. */
static void last_error(struct run *run, char *text, size_t size)
{
	char line[512];

	text[0] = '\0';
	rewind(run->errors);
	while (fgets(line, sizeof(line), run->errors))
		if (line[0] != '\n')
			snprintf(text, size, "%.*s", (int)strcspn(line, "\n"),
				 line);
}

/* Why the report is not complete, unless it is. */
static void judge(struct run *run, const char *error)
{
	struct report *r = run->report;
	char at[64] = "before 'TAP version 13'";

	if (r->started)
		snprintf(at, sizeof(at), "after %u checks", r->checks);
	if (r->bail_out)
		snprintf(r->problem, sizeof(r->problem), "it bailed out %s: %s",
			 at, r->bail_out);
	else if (r->problem[0] || tap_done(r))
		return;
	else if (interrupted)
		snprintf(r->problem, sizeof(r->problem), "interrupted %s", at);
	else if (!run->ended)
		snprintf(r->problem, sizeof(r->problem),
			 "it was still running after %d s without news, %s",
			 run->job->seconds, at);
	else if (r->plan >= 0)
		snprintf(r->problem, sizeof(r->problem),
			 "its plan says %ld checks, and there were %u", r->plan,
			 r->checks);
	else
		snprintf(r->problem, sizeof(r->problem),
			 "the machine ended early: %s, without a plan%s%s", at,
			 error[0] ? ": " : "", error);
}

static void clean_up(const struct machine *machine)
{
	char folder[SOCKET_PATH_MAX];

	unlink(machine->control);
	unlink(machine->qmp);
	unlink(machine->trace);
	unlink(machine->lock);
	unlink(machine->given);
	unlink(machine->control_lock);
	snprintf(folder, sizeof(folder), "%s", machine->control);
	*strrchr(folder, '/') = '\0';
	rmdir(folder);
}

static int finish(struct run *run)
{
	char error[512];
	int status = 0;

	if (!run->ended)
		kill(run->child, SIGKILL);
	while (waitpid(run->child, &status, 0) < 0 && errno == EINTR)
		;
	if (run->helper.state != HELP_UNTRIED)
		channel_close(&run->helper.line);
	close(run->console);
	close(run->helper.keyboard);
	last_error(run, error, sizeof(error));
	fclose(run->errors);
	if (!run->said_anything && run->ended && status != 0)
		return fail(EXIT_USAGE, "QEMU did not start: %s", error);
	judge(run, error);
	return EXIT_OK;
}

int conformance_run(const struct job *job, struct report *report)
{
	const struct sigaction on_signal = { .sa_handler = interrupt };
	struct run run = { .job = job, .report = report };
	char name[32];
	int status;

	tap_start(report);
	snprintf(name, sizeof(name), "conformance-%d", (int)getpid());
	run.helper.machine = &run.machine;
	run.helper.platform = job->platform;
	status = machine_find(&run.machine, name, true);
	if (status != EXIT_OK)
		return status;
	sigaction(SIGINT, &on_signal, NULL);
	sigaction(SIGTERM, &on_signal, NULL);
	signal(SIGPIPE, SIG_IGN);
	status = start(&run);
	if (status == EXIT_OK) {
		read_console(&run);
		status = finish(&run);
	}
	clean_up(&run.machine);
	return status;
}
