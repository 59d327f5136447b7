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

struct output {
	FILE *file;
	uint64_t sum;
};

/* A failure shows when the file is closed. */
static void write_words(struct output *out, const void *words, size_t bytes)
{
	out->sum = state_sum(out->sum, words, bytes);
	fwrite(words, 1, bytes, out->file);
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

static void write_memory(struct output *out, const struct vmm *vmm)
{
	uint64_t end = vmm->options.memory, at = 0, run;

	while (at < end) {
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

static void write_all(FILE *file, const struct vmm *vmm, const struct state *s)
{
	struct output out = { .file = file };
	const uint64_t header[HEADER_WORDS] = {
		[HEADER_MAGIC] = STATE_MAGIC,
		[HEADER_VERSION] = STATE_VERSION,
		[HEADER_VCPUS] = vmm->options.vcpus,
		[HEADER_MEMORY] = vmm->options.memory,
		[HEADER_ACPI] = vmm->options.acpi,
		[HEADER_STATE] = s->at,
	};

	for (unsigned i = 0; i < HEADER_WORDS; i++)
		write_word(&out, header[i]);
	write_words(&out, s->bytes, s->at);
	write_memory(&out, vmm);
	write_word(&out, out.sum);
}

/* Written, on the disk, and closed. */
static bool finish(FILE *file)
{
	bool good = !fflush(file) && !ferror(file) && !fsync(fileno(file));

	return !fclose(file) && good;
}

/* mkostemp() makes it for its owner alone. */
static FILE *make_file(char *path)
{
	int fd = mkostemp(path, O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && !file) {
		close(fd);
		unlink(path);
	}
	return file;
}

static void save_to(struct vmm *vmm, const char *path, struct state *s)
{
	char temporary[SAVE_PATH_MAX + 8];
	FILE *file;

	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	file = make_file(temporary);
	if (!file) {
		state_fail(s, "%s: %s", path, strerror(errno));
		return;
	}
	write_all(file, vmm, s);
	if (finish(file) && !rename(temporary, path))
		return;
	state_fail(s, "%s: %s", path, strerror(errno));
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
	else
		parts_put(vmm, &s);
	if (!s.why[0])
		save_to(vmm, path, &s);
	free(s.bytes);
	snprintf(why, why_size, "%s", s.why);
	return !s.why[0];
}
