/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What surrounds sections: status blocks (ACPI 6.5, 18.3.2.7.1), one or several
 * behind each other, and records with a header of their own (UEFI 2.10, N.2.1 and
 * N.2.2). Each is decoded in the bytes that it may have and takes as many as it
 * says, which is more than none.
 */
#include "decode.h"

#define GUID_SIZE 16

NAMES(severities, "recoverable", "fatal", "corrected", "informational");
NAMES(status_bits, "uncorrected", "corrected", "several uncorrected",
      "several corrected");
NAMES(section_flags, "primary", "containment warning", "reset",
      "error threshold exceeded", "resource not accessible", "latent error",
      "propagated", "overflow");
NAMES(record_flags, "recovered", "previous boot", "simulated");

struct header {
	char signature[4]; /* "CPER" */
	uint16_t revision;
	uint32_t signature_end;
	uint16_t section_count;
	uint32_t severity;
	uint32_t valid;
	uint32_t length;
	uint64_t time;
	uint8_t platform_id[16], partition_id[16], creator_id[16];
	uint8_t notification_type[16];
	uint64_t record_id;
	uint32_t flags;
	uint64_t persistence;
	uint8_t reserved[12];
} SDEI_PACKED(1);
_Static_assert(sizeof(struct header) == 128, "N.2.1");

struct descriptor {
	uint32_t offset, length;
	uint16_t revision;
	uint8_t valid;
	uint8_t reserved;
	uint32_t flags;
	uint8_t type[16], fru_id[16];
	uint32_t severity;
	char fru_text[20];
};
_Static_assert(sizeof(struct descriptor) == 72, "N.2.2");

/* clang-format off */
static const struct field status_fields[] = {
	NAMED_PART("block_status", BITS, ALWAYS, sdei_cper_status, word, 0, 4, status_bits),
	PART("entry_count", NUMBER, ALWAYS, sdei_cper_status, word, 4, 10),
	FIELD("raw_data_offset", NUMBER, ALWAYS, sdei_cper_status, raw_offset),
	FIELD("raw_data_length", NUMBER, ALWAYS, sdei_cper_status, raw_length),
	FIELD("data_length", NUMBER, ALWAYS, sdei_cper_status, data_length),
	NAMED("severity", NUMBER, ALWAYS, sdei_cper_status, severity, severities),
};
static const struct field entry_fields[] = {
	FIELD("section_type", GUID, ALWAYS, sdei_cper_entry, type),
	NAMED("severity", NUMBER, ALWAYS, sdei_cper_entry, severity, severities),
	FIELD("revision", HEX, ALWAYS, sdei_cper_entry, revision),
	NAMED("flags", BITS, ALWAYS, sdei_cper_entry, flags, section_flags),
	FIELD("length", NUMBER, ALWAYS, sdei_cper_entry, length),
	FIELD("fru_id", GUID, 0, sdei_cper_entry, fru_id),
	FIELD("fru_text", TEXT, 1, sdei_cper_entry, fru_text),
	FIELD("time", TIME, 2, sdei_cper_entry, time),
};
static const struct field header_fields[] = {
	FIELD("revision", HEX, ALWAYS, header, revision),
	FIELD("section_count", NUMBER, ALWAYS, header, section_count),
	NAMED("severity", NUMBER, ALWAYS, header, severity, severities),
	FIELD("record_length", NUMBER, ALWAYS, header, length),
	FIELD("time", TIME, 1, header, time),
	FIELD("platform_id", GUID, 0, header, platform_id),
	FIELD("partition_id", GUID, 2, header, partition_id),
	FIELD("creator_id", GUID, ALWAYS, header, creator_id),
	FIELD("notification_type", GUID, ALWAYS, header, notification_type),
	FIELD("record_id", HEX, ALWAYS, header, record_id),
	NAMED("flags", BITS, ALWAYS, header, flags, record_flags),
	FIELD("persistence", HEX, ALWAYS, header, persistence),
};
static const struct field descriptor_fields[] = {
	FIELD("section_type", GUID, ALWAYS, descriptor, type),
	NAMED("severity", NUMBER, ALWAYS, descriptor, severity, severities),
	FIELD("revision", HEX, ALWAYS, descriptor, revision),
	NAMED("flags", BITS, ALWAYS, descriptor, flags, section_flags),
	FIELD("offset", NUMBER, ALWAYS, descriptor, offset),
	FIELD("length", NUMBER, ALWAYS, descriptor, length),
	FIELD("fru_id", GUID, 0, descriptor, fru_id),
	FIELD("fru_text", TEXT, 1, descriptor, fru_text),
};
/* clang-format on */

static const struct layout status = PLAIN_LAYOUT(status_fields,
						 sdei_cper_status);
static const struct layout entry = LAYOUT(entry_fields, sdei_cper_entry, valid,
					  0);
static const struct layout header = LAYOUT(header_fields, header, valid, 0);
static const struct layout descriptor = LAYOUT(descriptor_fields, descriptor,
					       valid, 0);

/* Before revision 3 an entry ends where the time would be. */
static size_t entry_size(const struct decode *d, struct span s)
{
	const size_t at = offsetof(struct sdei_cper_entry, revision);

	if (s.size < at + 2 ||
	    decode_get(d, s.at + at, 2) < SDEI_ENTRY_REVISION)
		return offsetof(struct sdei_cper_entry, time);
	return sizeof(struct sdei_cper_entry);
}

/* An entry and its section. Returns what is behind them. */
static struct span tell_entry(struct decode *d, struct span s, unsigned index)
{
	const uint8_t *guid = d->bytes + s.at;
	const size_t size = entry_size(d, s);
	struct span body = decode_behind(s, size);
	size_t length = 0;

	decode_begin_item(d, "section", index,
			  s.size < GUID_SIZE ? NULL : decode_section_name(guid),
			  s);
	decode_layout(d, decode_first(s, size), &entry);
	if (s.size >= size) {
		const size_t at = s.at +
				  offsetof(struct sdei_cper_entry, length);

		length = decode_get(d, at, 4);
		if (length > body.size)
			decode_wrong(d, at, "length",
				     "is #, but only # bytes follow", length,
				     body.size);
		decode_section(d, guid, decode_first(body, length));
	} else {
		decode_wrong(d, s.at, "entry",
			     "is cut off: it has # bytes, not #", s.size, size);
	}
	decode_end(d);
	return decode_behind(body, length);
}

static void tell_entries(struct decode *d, struct span s, unsigned count)
{
	const size_t at = s.at - sizeof(struct sdei_cper_status);
	unsigned index = 0;

	while (s.size)
		s = tell_entry(d, s, index++);
	if (index != count)
		decode_wrong(d, at, "entry_count", "is #, but there are #",
			     count, index);
}

/* What raw data there are lies behind the entries. Returns the block's size. */
static size_t tell_raw(struct decode *d, struct span s, size_t size)
{
	const size_t offset = decode_get(d, s.at + 4, 4);
	const size_t length = decode_get(d, s.at + 8, 4);

	if (!length)
		return size;
	if (offset < size) {
		decode_wrong(d, s.at + 4, "raw_data_offset",
			     "is #, but the entries end at #", offset, size);
		return size;
	}
	if (offset + length > s.size)
		decode_wrong(d, s.at + 4, "raw_data_offset",
			     "and length lead to #, beyond the end at #",
			     offset + length, s.size);
	decode_bytes(d, SDEI_DECODED_BYTES, "raw_data",
		     decode_first(decode_behind(s, offset), length));
	return offset + length;
}

/* A status block. Returns what is behind it. */
static struct span tell_block(struct decode *d, struct span s, unsigned index)
{
	struct span entries;
	size_t length, size;
	unsigned word;

	decode_begin_item(d, "record", index, "status block", s);
	decode_layout(d, s, &status);
	if (s.size < status.size) {
		decode_end(d);
		return decode_behind(s, s.size);
	}
	word = (unsigned)decode_get(d, s.at, 4);
	if (word >> 14)
		decode_wrong(d, s.at, "block_status",
			     "has bits that mean nothing: #",
			     (uint64_t)(word >> 14) << 14, 0);
	length = decode_get(d, s.at + 12, 4);
	entries = decode_behind(s, status.size);
	if (length > entries.size)
		decode_wrong(d, s.at + 12, "data_length",
			     "is #, but only # bytes follow", length,
			     entries.size);
	entries = decode_first(entries, length);
	tell_entries(d, entries, SDEI_STATUS_ENTRY_COUNT(word));
	size = tell_raw(d, s, status.size + entries.size);
	decode_end(d);
	return decode_behind(s, size);
}

/* Section `index` of a record; `left`: bytes that sections may still have. */
static void tell_section(struct decode *d, struct span s, unsigned index,
			 size_t *left)
{
	const struct span at = { s.at + header.size + index * descriptor.size,
				 descriptor.size };
	const size_t offset = decode_get(d, at.at, 4);
	const size_t length = decode_get(d, at.at + 4, 4);
	const uint8_t *guid = d->bytes + at.at +
			      offsetof(struct descriptor, type);

	decode_begin_item(d, "section", index, decode_section_name(guid), at);
	decode_layout(d, at, &descriptor);
	if (offset > s.size || length > s.size - offset)
		decode_wrong(
			d, at.at, "offset",
			"and length lead to #, beyond the record's end at #",
			offset + length, s.size);
	s = decode_first(decode_behind(s, offset), length);
	if (s.size > *left) {
		decode_wrong(d, at.at + 4, "length",
			     "is #: sections share bytes, # are left", s.size,
			     *left);
	} else {
		*left -= s.size;
		decode_section(d, guid, s);
	}
	decode_end(d);
}

/* A record with a header. Returns what is behind it. */
static struct span tell_record(struct decode *d, struct span all,
			       unsigned index)
{
	struct span s = all;
	size_t count, length, left, fit;

	decode_begin_item(d, "record", index, "CPER record", all);
	decode_layout(d, s, &header);
	if (s.size < header.size) {
		decode_wrong(d, s.at, "header",
			     "is cut off: it has # bytes, not #", s.size,
			     header.size);
		decode_end(d);
		return decode_behind(s, s.size);
	}
	if (decode_get(d, s.at + 6, 4) != UINT32_MAX)
		decode_wrong(d, s.at + 6, "signature_end", "is #, not #",
			     decode_get(d, s.at + 6, 4), UINT32_MAX);
	count = decode_get(d, s.at + 10, 2);
	length = decode_get(d, s.at + 20, 4);
	if (length < header.size || length > s.size)
		decode_wrong(d, s.at + 20, "record_length",
			     "is #, but there are # bytes", length, s.size);
	else
		s = decode_first(s, length);
	fit = (s.size - header.size) / descriptor.size;
	if (count > fit)
		decode_wrong(d, s.at + 10, "section_count",
			     "is #, but there is room for #", count, fit);
	left = s.size - header.size -
	       (count < fit ? count : fit) * descriptor.size;
	for (unsigned i = 0; i < count && i < fit; i++)
		tell_section(d, s, i, &left);
	decode_end(d);
	return decode_behind(all, s.size);
}

static bool zeros(const struct decode *d, struct span s)
{
	while (s.size)
		if (d->bytes[s.at + --s.size])
			return false;
	return true;
}

unsigned sdei_cper_decode(const void *bytes, size_t size,
			  sdei_decoded_tell *tell, void *context)
{
	struct decode d = { bytes, size, tell, context, 0 };
	struct span s = { 0, size };

	if (!size)
		decode_wrong(&d, 0, "record", "is not there", 0, 0);
	/* A region ends with zeros, which is where a status word is one. */
	for (unsigned i = 0; s.size; i++) {
		if (s.size >= 4 && !__builtin_memcmp(d.bytes + s.at, "CPER", 4))
			s = tell_record(&d, s, i);
		else if (s.size >= 4 && decode_get(&d, s.at, 4))
			s = tell_block(&d, s, i);
		else if (zeros(&d, s))
			break;
		else if (s.size < 4)
			s = tell_block(&d, s, i);
		else {
			decode_wrong(
				&d, s.at, "record",
				"is not there: # bytes begin with a status of 0",
				s.size, 0);
			break;
		}
	}
	return d.wrong;
}
