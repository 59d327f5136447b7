/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saving a guest whose vcpus are stopped. Nothing of the guest is changed, so
 * after a failure it just goes on; the file has its name only when it is whole.
 */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE 4096

/* Elsewhere the page would be good, and what is in it wrong. */
static const char bad_memory[] =
	"some of the guest's memory went bad: its content cannot be saved";

struct output {
	const struct vmm *vmm;
	const struct state *state;
	int fd, error; /* errno of the first failure */
	uint64_t sum;
};

static void write_words(struct output *out, const void *words, size_t bytes)
{
	const uint8_t *at = words;

	out->sum = state_sum(out->sum, words, bytes);
	while (bytes && !out->error) {
		ssize_t written = write(out->fd, at, bytes);

		if (written < 0 && errno != EINTR)
			out->error = errno;
		if (written > 0) {
			at += written;
			bytes -= (size_t)written;
		}
	}
}

static void write_word(struct output *out, uint64_t value)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	write_words(out, bytes, sizeof(bytes));
}

static bool is_zero(const uint8_t *page)
{
	const uint64_t *word = (const void *)page;
	uint64_t any = 0;

	for (unsigned i = 0; i < PAGE / 8 && !any; i += 8)
		any = word[i] | word[i + 1] | word[i + 2] | word[i + 3] |
		      word[i + 4] | word[i + 5] | word[i + 6] | word[i + 7];
	return !any;
}

static void write_memory(struct output *out)
{
	const struct vmm *vmm = out->vmm;
	uint64_t end = vmm->options.memory, at = 0, run;

	while (at < end && !out->error) {
		for (run = at; run < end && !is_zero(vmm->ram + run);)
			run += PAGE;
		if (run == at) {
			at += PAGE;
			continue;
		}
		write_word(out, at);
		write_word(out, run - at);
		write_words(out, vmm->ram + at, run - at);
		at = run;
	}
	write_word(out, end);
	write_word(out, 0);
}

static void write_all(void *argument)
{
	struct output *out = argument;
	const struct vmm *vmm = out->vmm;
	const struct state *s = out->state;
	const uint64_t header[HEADER_WORDS] = {
		[HEADER_MAGIC] = STATE_MAGIC,
		[HEADER_VERSION] = STATE_VERSION,
		[HEADER_VCPUS] = vmm->options.vcpus,
		[HEADER_MEMORY] = vmm->options.memory,
		[HEADER_ACPI] = vmm->options.acpi,
		[HEADER_STATE] = s->at,
	};

	for (unsigned i = 0; i < HEADER_WORDS; i++)
		write_word(out, header[i]);
	write_words(out, s->bytes, s->at);
	write_memory(out);
	write_word(out, out->sum);
}

/* mkostemp() makes the file for its owner alone. */
static void save_to(struct vmm *vmm, const char *path, struct state *s)
{
	char temporary[SAVE_PATH_MAX + 8];
	struct output out = { .vmm = vmm, .state = s };

	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	out.fd = mkostemp(temporary, O_CLOEXEC);
	if (out.fd < 0) {
		state_fail(s, "%s: %s", path, strerror(errno));
		return;
	}
	if (!poison_guard(write_all, &out))
		state_fail(s, bad_memory);
	if (!out.error && fsync(out.fd))
		out.error = errno;
	if (close(out.fd) && !out.error)
		out.error = errno;
	if (!out.error && !s->why[0] && rename(temporary, path))
		out.error = errno;
	if (out.error)
		state_fail(s, "%s: %s", path, strerror(out.error));
	if (s->why[0])
		unlink(temporary);
}

bool save(struct vmm *vmm, const char *path, char *why, size_t why_size)
{
	struct state s = { .bytes = malloc(STATE_MAX), .size = STATE_MAX };

	if (!s.bytes)
		state_fail(&s, "no memory");
	else if (strlen(path) > SAVE_PATH_MAX)
		state_fail(&s, "the file's name is longer than %d bytes",
			   SAVE_PATH_MAX);
	else if (poison_count(vmm))
		state_fail(&s, bad_memory);
	else
		parts_put(vmm, &s);
	if (!s.why[0])
		save_to(vmm, path, &s);
	free(s.bytes);
	snprintf(why, why_size, "%s", s.why);
	return !s.why[0];
}
