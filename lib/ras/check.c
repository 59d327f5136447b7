/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is it a sound record? Whatever the bytes are, nothing beyond them is looked at,
 * and all other functions can do with a sound one what they like.
 */
#include <sdei/cper.h>

static bool zeros(const void *bytes, size_t size)
{
	const uint8_t *byte = bytes;

	while (size--)
		if (*byte++)
			return false;
	return true;
}

/* A section in `room` bytes, which it may take; *takes: how many it does. */
static const char *section_wrong(const struct sdei_section *section,
				 size_t room, bool raw, size_t *takes)
{
	size_t least = sizeof(struct sdei_cper_status), size;
	const char *body;

	if (room < sizeof(*section))
		return "a section's beginning is cut off";
	size = (section->size + 7u) & ~7u;
	*takes = sizeof(*section) + size +
		 (section->fru ? sizeof(struct sdei_fru) : 0);
	if (*takes > room)
		return "a section is longer than the record";
	if (raw ? section->kind != SDEI_SECTION_NONE
		: section->kind >= SDEI_SECTION_KINDS)
		return "no such kind of section";
	if (section->severity > SDEI_CPER_INFORMATION)
		return "no such severity of a section";
	if (!raw)
		least = sdei_section_types[section->kind].least;
	if (section->size < least)
		return "a section is too short for its kind";
	if (section->fru & ~(raw ? 0 : SDEI_FRU_ID | SDEI_FRU_TEXT))
		return "no such field of a FRU";
	body = sdei_section_body(section);
	if (!zeros(section->reserved, sizeof(section->reserved)) ||
	    !zeros(body + section->size, size - section->size) ||
	    (section->fru &&
	     !zeros(sdei_section_fru(section)->reserved,
		    sizeof(struct sdei_fru) -
			    offsetof(struct sdei_fru, reserved))))
		return "what is reserved in a section is not zero";
	return NULL;
}

const char *sdei_record_wrong(const void *bytes, size_t size)
{
	const struct sdei_record *record = bytes;
	size_t at = sizeof(*record), takes = 0;
	unsigned count;

	if ((uintptr_t)bytes % 8)
		return "it is not aligned";
	if (size < at)
		return "its beginning is cut off";
	if (record->size < at || record->size % 8 ||
	    record->size > SDEI_RECORD_MAX || record->size > size)
		return "its size is wrong";
	if (record->severity > SDEI_CPER_INFORMATION)
		return "no such severity";
	if (record->sections > SDEI_RECORD_SECTIONS)
		return "too many sections";
	if (record->lost > SDEI_RECORD_LOST_MAX)
		return "it tells of too many lost ones";
	if (!zeros(record->reserved, sizeof(record->reserved)))
		return "what is reserved is not zero";
	/* A raw one has one section, which it does not count. */
	count = record->sections ? record->sections : 1;
	while (count--) {
		const char *wrong =
			section_wrong((const void *)((const char *)bytes + at),
				      record->size - at, !record->sections,
				      &takes);

		if (wrong)
			return wrong;
		at += takes;
	}
	return at == record->size ? NULL : "bytes follow the last section";
}
