/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Following a machine: its firmware is asked for a live trace, and QEMU for the memory
 * that this is in, time and again: how far has each PE got; what is new in its ring. What it had
 * written by the first look is whole, unless it was overwritten meanwhile, which a second
 * look at those numbers tells. Of a guest the same is in a file that sdei-vmm writes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace.h"

#define LIVE_SECONDS 5
#define PROMPT       "(qemu) "
#define EARLY_MS     20
#define PES_MAX      (TRACE_HEADS / sizeof(uint64_t))
#define SLOTS_MAX    (TRACE_SIZE_MAX / sizeof(struct trace_slot))

static uint64_t number(const struct reply *reply, const char *key)
{
	const char *text = line_get(reply->last, key);

	return text ? strtoull(text, NULL, 0) : 0;
}

static int no_sense(const struct live *live)
{
	return fail(
		EXIT_NO_ANSWER,
		"machine '%s': its answer about a live trace makes no sense",
		live->machine->name);
}

/* Ask for a live trace. */
static int ask(struct live *live)
{
	struct reply reply;
	const char *was;
	int status = control_ask(live->machine, "trace live", &reply);

	if (status != EXIT_OK)
		return status;
	was = line_get(reply.last, "was");
	live->begin = !was                        ? FROM_NOW
		      : strcmp(was, "early") == 0 ? TOO_EARLY
		      : strcmp(was, "asked") == 0 ? FROM_START
		      : strcmp(was, "live") == 0  ? FROM_RING
						  : FROM_NOW;
	/* Live by the option it stays so. */
	live->was_off |= live->begin != TOO_EARLY && live->begin != FROM_RING;
	live->base = number(&reply, "base");
	live->hz = number(&reply, "hz");
	live->slots = (unsigned)number(&reply, "slots");
	live->pes = (unsigned)number(&reply, "pes");
	live->own = line_get(reply.last, "own")
			    ? (unsigned)number(&reply, "own")
			    : PE_NONE;
	if (number(&reply, "format") != TRACE_FORMAT)
		status = fail(EXIT_NO_ANSWER,
			      "machine '%s': its live trace has format %" PRIu64
			      ", this sdei reads %u",
			      live->machine->name, number(&reply, "format"),
			      TRACE_FORMAT);
	else if ((!live->base && !live->machine->vm) || !live->hz ||
		 !live->slots || !live->pes || live->pes > PES_MAX ||
		 live->slots > SLOTS_MAX / live->pes)
		status = no_sense(live);
	reply_free(&reply);
	return status;
}

/* The names of events, as `status` has them. */
static int learn_names(struct live *live, struct trace *trace)
{
	const struct machine *machine = live->machine;
	struct reply reply;
	int status = control_ask(machine, "status", &reply);

	if (status != EXIT_OK)
		return status;
	live->of = trace_origin(trace, machine->vm ? machine->name : "");
	for (unsigned i = 0; i < reply.lines; i++) {
		const struct line *line = &reply.line[i];

		if (strcmp(line->kind, "event") == 0 &&
		    line_get(line, "number") && line_get(line, "name"))
			json_object_set_new(trace->origin[live->of].names,
					    line_get(line, "number"),
					    json_string(
						    line_get(line, "name")));
	}
	reply_free(&reply);
	return EXIT_OK;
}

/*
 * QEMU's monitor for people, since that for programs may keep QEMU from ending (7.2: for
 * ever, if it ends while a command is served).
 */
static int connect_monitor(struct live *live)
{
	const struct machine *machine = live->machine;
	int status = machine_connect(machine, machine->trace, &live->channel,
				     LIVE_SECONDS);
	if (status == EXIT_OK) {
		if (!channel_until(&live->channel, PROMPT))
			return EXIT_OK;
		channel_close(&live->channel);
		status = fail(EXIT_NO_ANSWER,
			      "machine '%s': QEMU does not answer on %s",
			      machine->name, machine->trace);
	}
	return status;
}

static int open_steps(struct live *live)
{
	const struct machine *machine = live->machine;

	live->steps = open(machine->steps, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (live->steps >= 0)
		return EXIT_OK;
	return fail(EXIT_NO_ANSWER, "guest '%s': no live trace: %s: %s",
		    machine->name, machine->steps, strerror(errno));
}

static int connect_to(struct live *live)
{
	const struct machine *machine = live->machine;
	int status;

	live->steps = -1;
	if (!machine_running(machine))
		return machine_missing(machine);
	live->lock = lock_wait(machine->trace_lock, 0);
	if (live->lock < 0)
		return fail(EXIT_NO_ANSWER,
			    "machine '%s': another sdei follows it already",
			    machine->name);
	status = machine->vm ? open_steps(live) : connect_monitor(live);
	if (status != EXIT_OK)
		close(live->lock);
	return status;
}

int live_close(struct live *live)
{
	struct reply reply;
	int status = EXIT_OK;

	if (live->machine->vm) {
		close(live->steps);
	} else {
		channel_close(&live->channel);
		unlink(live->machine->trace_memory);
	}
	free(live->next);
	free(live->memory);
	if (live->was_off && machine_running(live->machine)) {
		status = control_ask(live->machine, "trace off", &reply);
		if (status == EXIT_OK)
			reply_free(&reply);
	}
	close(live->lock);
	return status;
}

/* `size` bytes at `offset` in the trace's memory. 0 or an errno. */
static int look(struct live *live, void *to, size_t offset, size_t size)
{
	const char *path = live->machine->trace_memory;
	char command[SOCKET_PATH_MAX + 64];
	ssize_t got;
	int error, file;

	if (live->machine->vm) {
		got = pread(live->steps, to, size, (off_t)offset);
		/* What was written before is in it; later things may be, too. */
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		return got == (ssize_t)size ? 0 : got < 0 ? errno : EIO;
	}
	unlink(path);
	snprintf(command, sizeof(command),
		 "pmemsave 0x%" PRIx64 " %zu \"%s\"\n", live->base + offset,
		 size, path);
	live->channel.deadline = end_of(LIVE_SECONDS);
	error = channel_send(&live->channel, command);
	if (!error)
		error = channel_until(&live->channel, PROMPT);
	if (error)
		return error;
	file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (file < 0)
		return errno;
	got = read(file, to, size);
	error = got == (ssize_t)size ? 0 : EIO;
	close(file);
	return error;
}

/*
 * What was written in the rings since the last time; `written` is how far they had got.
 * One that goes on at its ring's beginning is read whole.
 */
static int look_at_news(struct live *live, const uint64_t *written)
{
	const size_t slot = sizeof(struct trace_slot);
	int error = 0;

	for (unsigned pe = 0; pe < live->pes && !error; pe++) {
		const uint64_t news = written[pe] - live->next[pe];
		size_t first = live->next[pe] % live->slots;
		size_t count = news;

		if (first + news > live->slots || news > live->slots) {
			first = 0;
			count = live->slots;
		}
		first += (size_t)pe * live->slots;
		if (count)
			error = look(live, live->memory + first * slot,
				     TRACE_HEADS + first * slot, count * slot);
	}
	return error;
}

/*
 * What a PE has written since the last time; `after` is how far it had got by now. An
 * entry n may be overwritten as soon as n + slots were written. A kernel can write there
 * what it likes: never are more taken than a ring has.
 */
static int take(struct live *live, unsigned pe, uint64_t written,
		uint64_t after, struct trace *trace)
{
	const struct trace_slot *ring =
		(const struct trace_slot *)live->memory +
		(size_t)pe * live->slots;
	const uint64_t whole = after >= live->slots ? after - live->slots + 1
						    : 0;

	if (whole > live->next[pe]) {
		const uint64_t next = whole < written ? whole : written;

		trace->lost += next - live->next[pe];
		live->next[pe] = next;
	}
	for (; live->next[pe] < written; live->next[pe]++) {
		const struct trace_slot *slot =
			&ring[live->next[pe] % live->slots];
		struct step step = { .of = live->of,
				     .pe = pe == live->own ? PE_NONE : pe,
				     .index = live->next[pe],
				     .kind = slot->kind,
				     .code = slot->code };

		step.time = slot->time / live->hz * 1000000000 +
			    slot->time % live->hz * 1000000000 / live->hz;
		memcpy(step.value, slot->value, sizeof(step.value));
		if (step.kind > TRACE_NONE && step.kind < TRACE_KINDS &&
		    !trace_add(trace, &step))
			return EXIT_REFUSED;
	}
	return EXIT_OK;
}

/* The machine has ended, and QEMU needs a moment for it; or that is not it. */
static int cannot_look(const struct live *live, int error)
{
	const int64_t end = end_of(LIVE_SECONDS);

	while (error == EPIPE || error == ECONNRESET) {
		if (!machine_running(live->machine))
			return EXIT_NO_MACHINE;
		if (now_ms() > end)
			break;
		sleep_ms(EARLY_MS);
	}
	return fail(EXIT_NO_ANSWER,
		    "machine '%s': its memory cannot be read: %s",
		    live->machine->name, strerror(error));
}

/* Until there is something that can be traced, or *ended, or that time. */
static int ask_in_time(struct live *live)
{
	int status;

	for (;;) {
		status = ask(live);
		if (status != EXIT_OK || live->begin != TOO_EARLY)
			return status;
		if (*live->ended || (live->until && now_ms() >= live->until))
			return EXIT_OK;
		sleep_ms(EARLY_MS);
	}
}

static int begin_again(struct live *live)
{
	const unsigned pes = live->pes, slots = live->slots;
	const int status = ask_in_time(live);

	/* Before the hand-off it is not known; and if we are to end, no matter. */
	if (live->begin == TOO_EARLY)
		live->slots = slots;
	if (status == EXIT_OK && (live->pes != pes || live->slots != slots))
		return no_sense(live);
	memset(live->next, 0, pes * sizeof(*live->next));
	return status;
}

/* A guest has ended, and its file with it; the next of its name has another one. */
static bool is_over(const struct live *live)
{
	struct stat st;

	return !machine_running(live->machine) ||
	       fstat(live->steps, &st) != 0 || st.st_nlink == 0;
}

/* One that was killed has left its file to the next, which wants to be asked. */
static bool is_another(struct live *live)
{
	const uint64_t before = live->stamp;

	return look(live, &live->stamp, TRACE_STAMP * sizeof(uint64_t),
		    sizeof(live->stamp)) == 0 &&
	       before && live->stamp != before;
}

int live_poll(struct live *live, struct trace *trace)
{
	const size_t first = trace->steps;
	uint64_t after[PES_MAX], written[PES_MAX];
	int error, status = EXIT_OK;

	const bool over = live->machine->vm && is_over(live);

	if (live->machine->vm && !over && is_another(live))
		return begin_again(live);
	error = look(live, written, 0, live->pes * sizeof(*written));
	if (!error)
		error = look_at_news(live, written);
	if (!error)
		error = look(live, after, 0, live->pes * sizeof(*after));
	if (error)
		return cannot_look(live, error);
	for (unsigned pe = 0; pe < live->pes && status == EXIT_OK; pe++) {
		/* It counts anew: the machine was reset, and wants to be asked. */
		if (written[pe] < live->next[pe] || after[pe] < written[pe]) {
			status = begin_again(live);
			break;
		}
		status = take(live, pe, written[pe], after[pe], trace);
	}
	trace_sort(trace, first);
	/* What it did last is read now. */
	return status == EXIT_OK && over ? EXIT_NO_MACHINE : status;
}

/* What is in the rings already is of before, unless we asked for it. */
static int skip_old(struct live *live)
{
	uint64_t written[PES_MAX];
	int error;

	if (live->begin == FROM_START || live->begin == TOO_EARLY)
		return EXIT_OK;
	error = look(live, written, 0, live->pes * sizeof(*written));
	if (error)
		return cannot_look(live, error);
	for (unsigned pe = 0; pe < live->pes; pe++)
		live->next[pe] = live->begin == FROM_NOW ? written[pe]
				 : written[pe] >= live->slots
					 ? written[pe] - live->slots + 1
					 : 0;
	return EXIT_OK;
}

int live_open(struct live *live, const struct machine *machine,
	      struct trace *trace, int64_t until,
	      const volatile sig_atomic_t *ended)
{
	int status;

	*live = (struct live){ .machine = machine,
			       .until = until,
			       .ended = ended };
	status = connect_to(live);
	if (status != EXIT_OK)
		return status;
	status = ask_in_time(live);
	if (status == EXIT_OK)
		status = learn_names(live, trace);
	if (status == EXIT_OK) {
		live->next = calloc(live->pes, sizeof(*live->next));
		live->memory = malloc((size_t)live->pes * live->slots *
				      sizeof(struct trace_slot));
		if (!live->next || !live->memory)
			status = fail(EXIT_REFUSED, "no memory left");
	}
	if (status == EXIT_OK)
		status = skip_old(live);
	if (status != EXIT_OK)
		live_close(live);
	return status;
}
