/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One HEST out of two: QEMU has error sources of its own with `ras=on`, and a
 * kernel looks at one table only. QEMU goes on looking at its own, which stays
 * where it is, so the sources' numbers are free to be others in ours.
 */
#include <string.h>

#include "acpi.h"

/* ACPI 6.5, table 18.1. */
struct __attribute__((packed)) hest {
	struct table header;
	uint32_t count;
};
_Static_assert(sizeof(struct hest) == 40, "ACPI 6.5, table 18.1");

/* What every source begins with; of these types the size is fixed. */
struct __attribute__((packed)) source {
	uint16_t type;
	uint16_t id;
};
#define GHES         9
#define GHES_SIZE    64 /* 18.3.2.7 */
#define GHES_V2      10
#define GHES_V2_SIZE 92 /* 18.3.2.8 */

static uint32_t source_size(const struct source *source)
{
	switch (source->type) {
	case GHES:
		return GHES_SIZE;
	case GHES_V2:
		return GHES_V2_SIZE;
	default:
		return 0;
	}
}

/* Appends a table's sources, numbered from where `to` stands. */
static void append(struct hest *to, const struct hest *from)
{
	const uint8_t *next = (const uint8_t *)(from + 1);
	const uint8_t *end = (const uint8_t *)from + from->header.length;

	for (uint32_t i = 0; i < from->count; i++) {
		struct source source;
		uint32_t size;
		uint8_t *place = (uint8_t *)to + to->header.length;

		if (end - next < (ptrdiff_t)sizeof(source))
			fail("a HEST is corrupt: it announces %u error sources and has %u",
			     from->count, i);
		memcpy(&source, next, sizeof(source));
		size = source_size(&source);
		if (!size) {
			say("QEMU's HEST has an error source of type %u: it and those behind it are left out",
			    source.type);
			return;
		}
		if (end - next < (ptrdiff_t)size)
			fail("a HEST is corrupt: it ends inside error source %u of %u",
			     i + 1, from->count);
		memcpy(place, next, size);
		source.id = (uint16_t)to->count++;
		memcpy(place, &source, sizeof(source));
		to->header.length += size;
		next += size;
	}
}

struct table *hest_merge(const struct table *ours, const struct table *theirs)
{
	struct hest *both;

	if (theirs->length < sizeof(*both))
		fail("QEMU's HEST has %u bytes: even an empty one has %u",
		     theirs->length, (unsigned)sizeof(*both));
	both = area_allocate((uint64_t)ours->length + theirs->length, 8);
	both->header = *ours;
	both->header.length = sizeof(*both);
	append(both, (const struct hest *)ours);
	append(both, (const struct hest *)theirs);
	acpi_seal(&both->header);
	return &both->header;
}
