/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be Non-secure RAM, as the boot stage tells it: one list, by which
 * every address that a client or the control line names is judged.
 */
#include "ram.h"

#include <stddef.h>

static struct ram_range ranges[BOOT_MEMORY_RANGES];
static unsigned count;

/* Neither a gap between them nor a byte in both: `a` and `b` are one range. */
static bool touch(const struct ram_range *a, const struct ram_range *b)
{
	return a->start <= b->last + 1 && b->start <= a->last + 1;
}

static void take_in(struct ram_range *added, const struct ram_range *other)
{
	if (other->start < added->start)
		added->start = other->start;
	if (other->last > added->last)
		added->last = other->last;
}

/* The list stays in the order of addresses, and nothing in it touches. */
bool ram_add(uint64_t start, uint64_t size)
{
	struct ram_range added = { start, start + size - 1 };
	unsigned kept = 0, i;

	if (!size || added.last < start || added.last == UINT64_MAX)
		return false;
	for (i = 0; i < count; i++)
		if (touch(&ranges[i], &added))
			take_in(&added, &ranges[i]);
		else
			ranges[kept++] = ranges[i];
	count = kept;
	if (count == BOOT_MEMORY_RANGES)
		return false;
	for (i = count++; i && ranges[i - 1].start > added.start; i--)
		ranges[i] = ranges[i - 1];
	ranges[i] = added;
	return true;
}

const struct ram_range *ram_range(unsigned index)
{
	return index < count ? &ranges[index] : NULL;
}

bool machine_is_ram(uint64_t address)
{
	for (unsigned i = 0; i < count; i++)
		if (address >= ranges[i].start && address <= ranges[i].last)
			return true;
	return false;
}
