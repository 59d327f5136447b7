/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A saved guest goes on, in a machine that is just made. The file may be
 * anything: what it says of sizes is checked before it is used, and nothing
 * of the state is looked at before the checksum has shown that all is there.
 */
#include "state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096

struct saved {
	const char *path;
	FILE *file;
	uint64_t sum;
	size_t state_size;
};

static struct saved saved;

static void read_words(void *words, size_t bytes)
{
	errno = 0;
	if (fread(words, 1, bytes, saved.file) != bytes)
		vmm_die("%s: %s", saved.path,
			errno ? strerror(errno) : "it ends early");
	saved.sum = state_sum(saved.sum, words, bytes);
}

static uint64_t read_word(void)
{
	uint8_t bytes[8];
	uint64_t value = 0;

	read_words(bytes, sizeof(bytes));
	for (unsigned i = 0; i < 8; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	return value;
}

static uint64_t between(uint64_t value, uint64_t min, uint64_t max,
			const char *what)
{
	if (value < min || value > max)
		vmm_die("%s: %s is %llu: it can be %llu to %llu", saved.path,
			what, (unsigned long long)value,
			(unsigned long long)min, (unsigned long long)max);
	return value;
}

void restore_open(struct vmm *vmm, const char *path)
{
	uint64_t version;

	saved = (struct saved){ .path = path, .file = fopen(path, "rbe") };
	if (!saved.file)
		vmm_die("%s: %s", path, strerror(errno));
	if (read_word() != STATE_MAGIC)
		vmm_die("%s: it is no guest that sdei-vmm saved", path);
	version = read_word();
	if (version != STATE_VERSION)
		vmm_die("%s: its format is version %llu, and this sdei-vmm reads version %llu only: resume it by the one that saved it",
			path, (unsigned long long)version,
			(unsigned long long)STATE_VERSION);
	vmm->options.vcpus = (unsigned)between(read_word(), 1, VCPUS_MAX,
					       "its number of vcpus");
	vmm->options.memory = between(read_word(), MEMORY_MIN * MIB,
				      MEMORY_MAX * MIB, "its memory");
	if (vmm->options.memory % MIB)
		vmm_die("%s: its memory is not in whole MiB", path);
	vmm->options.acpi = between(read_word(), 0, 1, "its use of ACPI");
	saved.state_size = between(read_word(), 0, STATE_MAX,
				   "the size of its state");
	if (saved.state_size % 8)
		vmm_die("%s: its state is not in whole words", path);
}

/* Straight into the guest's memory, which is all zero. */
static void read_memory(struct vmm *vmm)
{
	uint64_t from = 0, at, bytes;

	do {
		at = between(read_word(), from, vmm->options.memory,
			     "a place in its memory");
		bytes = between(read_word(), 0, vmm->options.memory - at,
				"the size of some of its memory");
		if (at % PAGE || bytes % PAGE)
			vmm_die("%s: its memory is not in whole pages",
				saved.path);
		read_words(vmm->ram + at, bytes);
		from = at + bytes;
	} while (bytes);
}

static void check_sum(void)
{
	uint64_t sum = saved.sum;

	if (read_word() != sum)
		vmm_die("%s: its checksum is wrong: it was damaged or changed",
			saved.path);
	if (fgetc(saved.file) != EOF)
		vmm_die("%s: something follows behind its end", saved.path);
}

void restore(struct vmm *vmm)
{
	struct state s = { .size = saved.state_size,
			   .bytes = malloc(saved.state_size + 1) };

	if (!s.bytes)
		vmm_die("no memory");
	read_words(s.bytes, s.size);
	read_memory(vmm);
	check_sum();
	fclose(saved.file);
	parts_get(vmm, &s);
	if (s.why[0])
		vmm_die("%s: %s", saved.path, s.why);
	free(s.bytes);
}
