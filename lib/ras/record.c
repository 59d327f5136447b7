/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record in a queue: making it, and making a status block of it.
 *
 * What is copied are the sections' bodies, by whoever writes the block: all of
 * the rest of an entry is made on the stack, where it lies as in the block, so
 * that words go to words.
 */
#include <sdei/cper.h>

#define GUID_SIZE 16
/* How much of the sequence number the text shows: it wraps at a million. */
#define SEQUENCE_SHOWN 1000000

/* A block's beginning. */
struct head {
	struct sdei_cper_status status;
	struct sdei_cper_entry entry;
};
#define BEHIND_WORD sizeof(((struct sdei_cper_status *)0)->word)

static size_t padded(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

static size_t fru_size(const struct sdei_section *section)
{
	return section->fru ? sizeof(struct sdei_fru) : 0;
}

void sdei_record_start(struct sdei_record *record, unsigned severity,
		       unsigned pe)
{
	*record = (struct sdei_record){
		.size = sizeof(*record),
		.pe = (uint16_t)pe,
		.severity = (uint8_t)severity,
	};
}

/* Append a section and all that belongs to it; NULL: no room. */
static struct sdei_section *append(struct sdei_record *record, size_t room,
				   unsigned kind, size_t size, unsigned fru)
{
	struct sdei_section *section =
		(struct sdei_section *)((char *)record + record->size);
	size_t all = sizeof(*section) + padded(size);

	if (fru)
		all += sizeof(struct sdei_fru);
	if (room > SDEI_RECORD_MAX)
		room = SDEI_RECORD_MAX;
	if (size > SDEI_RECORD_MAX || record->size + all > room)
		return NULL;
	*section = (struct sdei_section){
		.size = (uint16_t)size,
		.kind = (uint8_t)kind,
		.fru = (uint8_t)fru,
	};
	record->size = (uint16_t)(record->size + all);
	return section;
}

void *sdei_record_add(struct sdei_record *record, size_t room,
		      enum sdei_section_kind kind, unsigned severity,
		      size_t size, const struct sdei_fru *fru,
		      unsigned fru_valid)
{
	bool first = record->size == sizeof(*record);
	struct sdei_section *section;
	void *body;

	fru_valid = fru ? fru_valid & (SDEI_FRU_ID | SDEI_FRU_TEXT) : 0;
	/* No section, and not the first: it is raw. */
	if (first == (record->sections != 0) ||
	    record->sections >= SDEI_RECORD_SECTIONS ||
	    (unsigned)kind >= SDEI_SECTION_KINDS ||
	    severity > SDEI_CPER_INFORMATION ||
	    size < sdei_section_types[kind].least)
		return NULL;
	section = append(record, room, kind, size, fru_valid);
	if (!section)
		return NULL;
	record->sections++;
	section->severity = (uint8_t)severity;
	section->flags = first ? SDEI_SECTION_PRIMARY : 0;
	if (fru_valid) {
		struct sdei_fru *to = sdei_section_fru(section);

		*to = *fru;
		__builtin_memset(to->reserved, 0, sizeof(to->reserved));
	}
	body = sdei_section_body(section);
	__builtin_memset(body, 0, padded(size));
	return body;
}

bool sdei_record_raw(struct sdei_record *record, size_t room, const void *bytes,
		     size_t size)
{
	struct sdei_section *section;
	char *body;

	if (record->size != sizeof(*record) ||
	    size < sizeof(struct sdei_cper_status))
		return false;
	section = append(record, room, SDEI_SECTION_NONE, size, 0);
	if (!section)
		return false;
	body = sdei_section_body(section);
	__builtin_memset(body + padded(size) - 8, 0, 8);
	__builtin_memcpy(body, bytes, size);
	return true;
}

struct sdei_fru *sdei_section_fru(const struct sdei_section *section)
{
	return section->fru ? (struct sdei_fru *)(section + 1) : NULL;
}

void *sdei_section_body(const struct sdei_section *section)
{
	return (char *)(section + 1) + fru_size(section);
}

static const struct sdei_section *
first_section(const struct sdei_record *record)
{
	return (const struct sdei_section *)(record + 1);
}

const struct sdei_section *sdei_record_next(const struct sdei_record *record,
					    const struct sdei_section *previous)
{
	const char *next = (const char *)(record + 1);

	if (!record->sections)
		return NULL;
	if (previous)
		next = (const char *)sdei_section_body(previous) +
		       padded(previous->size);
	return next < (const char *)record + record->size
		       ? (const struct sdei_section *)next
		       : NULL;
}

/* Bytes of the body that only say what kind the section is of. */
static size_t guid_size(const struct sdei_section *section)
{
	return section->kind == SDEI_SECTION_VENDOR ? GUID_SIZE : 0;
}

size_t sdei_record_bytes(const struct sdei_record *record)
{
	const struct sdei_section *s = NULL;
	size_t bytes = sizeof(struct sdei_cper_status);

	if (!record->sections)
		return first_section(record)->size;
	while ((s = sdei_record_next(record, s)))
		bytes += sizeof(struct sdei_cper_entry) + s->size -
			 guid_size(s);
	return bytes;
}

uint32_t sdei_record_word(const struct sdei_record *record)
{
	static const uint8_t bits[] = {
		[SDEI_CPER_RECOVERABLE] = SDEI_STATUS_UNCORRECTED,
		[SDEI_CPER_FATAL] = SDEI_STATUS_UNCORRECTED,
		[SDEI_CPER_CORRECTED] = SDEI_STATUS_CORRECTED,
		[SDEI_CPER_INFORMATION] = 0,
	};
	const struct sdei_section *s = NULL;
	uint32_t word = SDEI_STATUS_ENTRIES(record->sections);

	if (!record->sections)
		return *(const uint32_t *)sdei_section_body(
			first_section(record));
	/* What is there already are several now. */
	while ((s = sdei_record_next(record, s)))
		word |= bits[s->severity] | (word & bits[s->severity]) << 2;
	return word;
}

bool sdei_record_tells(const struct sdei_record *record)
{
	const struct sdei_section *s = NULL;

	while ((s = sdei_record_next(record, s)))
		if (!(s->fru & SDEI_FRU_TEXT))
			return true;
	return false;
}

/* A number's decimal digits, the first in the lowest byte. */
static uint64_t decimal(unsigned number)
{
	uint64_t digits = 0;

	do {
		digits = digits << 8 | ('0' + number % 10);
		number /= 10;
	} while (number);
	return digits;
}

/* At most "seq 999999 lost 999": 19 characters, and the zero after them. */
static void tell(struct sdei_cper_entry *entry, uint32_t sequence,
		 unsigned lost)
{
	uint64_t digits = decimal(sequence % SEQUENCE_SHOWN);
	char *at = entry->fru_text + 4;

	entry->valid |= SDEI_FRU_TEXT;
	__builtin_memcpy(entry->fru_text, "seq ", 4);
	__builtin_memcpy(entry->fru_text + 4, &digits, sizeof(digits));
	if (!lost)
		return;
	if (lost > SDEI_RECORD_LOST_MAX)
		lost = SDEI_RECORD_LOST_MAX;
	while (*at)
		at++;
	__builtin_memcpy(at, " lost ", 6);
	at += 6;
	for (digits = decimal(lost); digits; digits >>= 8)
		*at++ = (char)digits;
}

/* What is the same for all sections is there already. */
static void fill_entry(struct sdei_cper_entry *entry,
		       const struct sdei_section *section, const char *body,
		       size_t guid)
{
	const struct sdei_fru *fru = sdei_section_fru(section);
	const void *type = guid ? (const void *)body
				: sdei_section_types[section->kind].guid;

	__builtin_memcpy(entry->type, __builtin_assume_aligned(type, 8),
			 sizeof(entry->type));
	entry->severity = section->severity;
	entry->revision = SDEI_ENTRY_REVISION;
	entry->valid = section->fru | (entry->time ? SDEI_ENTRY_HAS_TIME : 0);
	entry->flags = section->flags;
	entry->length = (uint32_t)(section->size - guid);
	__builtin_memset(entry->fru_id, 0,
			 sizeof(entry->fru_id) + sizeof(entry->fru_text));
	if (!fru)
		return;
	if (section->fru & SDEI_FRU_ID)
		__builtin_memcpy(entry->fru_id, fru->id, sizeof(fru->id));
	if (section->fru & SDEI_FRU_TEXT)
		__builtin_memcpy(entry->fru_text, fru->text, sizeof(fru->text));
}

static bool write_raw(const struct sdei_record *record, sdei_record_put *put,
		      void *context)
{
	const struct sdei_section *s = first_section(record);

	return put(context, BEHIND_WORD,
		   (char *)sdei_section_body(s) + BEHIND_WORD,
		   s->size - BEHIND_WORD);
}

bool sdei_record_write(const struct sdei_record *record, sdei_record_put *put,
		       void *context)
{
	const struct sdei_section *s = first_section(record);
	const char *end = (const char *)record + record->size, *body;
	/* What of the head is to be written, and where. */
	size_t from = BEHIND_WORD, at = BEHIND_WORD;
	bool told = false;
	struct head head;

	if (!record->sections)
		return write_raw(record, put, context);
	head.status = (struct sdei_cper_status){
		.data_length = (uint32_t)(sdei_record_bytes(record) -
					  sizeof(head.status)),
		.severity = record->severity,
	};
	head.entry.time = record->time;
	for (; (const char *)s < end;
	     s = (const void *)(body + padded(s->size))) {
		const size_t guid = guid_size(s);

		body = sdei_section_body(s);
		fill_entry(&head.entry, s, body, guid);
		if (!told && !(s->fru & SDEI_FRU_TEXT)) {
			tell(&head.entry, record->sequence, record->lost);
			told = true;
		}
		if (!put(context, at, (char *)&head + from,
			 sizeof(head) - from))
			return false;
		at += sizeof(head) - from;
		if (!put(context, at, body + guid, head.entry.length))
			return false;
		at += head.entry.length;
		from = sizeof(head.status);
	}
	return true;
}
