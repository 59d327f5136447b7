/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is given as a list in memory: `where` is an address. The list is read once and
 * kept: a kernel on the way to its place may be laid over where it was loaded.
 */
#include <given_list.h>
#include <string.h>

#include "boot.h"
#include "given.h"

static struct given_list list; /* of 0 files: there is none */

static void check_entry(const struct given_entry *e, uint64_t ram_end)
{
	if (!memchr(e->name, 0, sizeof(e->name)))
		fail("the list of files at 0x%lx is corrupt: a name has no end",
		     (uint64_t)PLAT_GIVEN_BASE);
	if (e->size > UINT32_MAX || e->address < PLAT_GIVEN_BASE ||
	    e->address > ram_end || e->size > ram_end - e->address)
		fail("%s does not fit into memory: %lu KiB at 0x%lx, but files lie from 0x%lx to RAM's end at 0x%lx; give QEMU more with -m",
		     e->name, e->size / KIB, e->address,
		     (uint64_t)PLAT_GIVEN_BASE, ram_end);
}

void given_check(uint64_t ram_end)
{
	const struct given_list *const loaded = (const void *)PLAT_GIVEN_BASE;

	if (ram_end < PLAT_GIVEN_BASE + sizeof(list) ||
	    loaded->magic != GIVEN_MAGIC)
		return;
	memcpy(&list, loaded, sizeof(list));
	if (list.count > GIVEN_MAX)
		fail("the list of files at 0x%lx is corrupt: it has %lu, at most %u can be",
		     (uint64_t)PLAT_GIVEN_BASE, list.count, GIVEN_MAX);
	for (uint64_t i = 0; i < list.count; i++)
		check_entry(&list.entry[i], ram_end);
}

bool given_find(const char *name, struct given *file)
{
	for (uint64_t i = 0; i < list.count; i++) {
		const struct given_entry *e = &list.entry[i];

		if (strcmp(name, e->name))
			continue;
		*file = (struct given){ e->address, (uint32_t)e->size };
		return true;
	}
	return false;
}

void given_read(const struct given *file, uint32_t offset, void *to,
		uint32_t size)
{
	if (offset > file->size || size > file->size - offset)
		fail("%u bytes at %u are read of a file of %u bytes", size,
		     offset, file->size);
	memmove(to, (const void *)(file->where + offset), size);
}

bool given_overlaps(const struct given *file, uint64_t start, uint64_t size)
{
	return size && file->size && file->where < start + size &&
	       start < file->where + file->size;
}
