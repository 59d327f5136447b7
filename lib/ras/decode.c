/* SPDX-License-Identifier: BSD-2-Clause */
/* The decoder's hands: reading, telling, and walking a table of fields. */
#include "decode.h"

uint64_t decode_get(const struct decode *d, size_t at, size_t size)
{
	uint64_t number = 0;

	while (size--)
		number = number << 8 | d->bytes[at + size];
	return number;
}

struct span decode_behind(struct span s, size_t skip)
{
	if (skip > s.size)
		skip = s.size;
	return (struct span){ s.at + skip, s.size - skip };
}

struct span decode_first(struct span s, size_t size)
{
	return (struct span){ s.at, size < s.size ? size : s.size };
}

static void tell(struct decode *d, struct sdei_decoded *item, struct span s)
{
	item->offset = s.at;
	item->size = s.size;
	item->bytes = d->bytes + s.at;
	d->tell(d->context, item);
}

void decode_begin(struct decode *d, const char *name, const char *text,
		  struct span s)
{
	struct sdei_decoded item = { .kind = SDEI_DECODED_BEGIN,
				     .name = name,
				     .text = text };

	tell(d, &item, s);
}

void decode_begin_item(struct decode *d, const char *name, unsigned index,
		       const char *text, struct span s)
{
	struct sdei_decoded item = { .kind = SDEI_DECODED_BEGIN,
				     .listed = true,
				     .name = name,
				     .number = index,
				     .text = text };

	tell(d, &item, s);
}

void decode_end(struct decode *d)
{
	struct sdei_decoded item = { .kind = SDEI_DECODED_END };

	tell(d, &item, (struct span){ 0, 0 });
}

void decode_number(struct decode *d, enum sdei_decoded_kind kind,
		   const char *name, struct span s, uint64_t number,
		   const struct names *names)
{
	struct sdei_decoded item = { .kind = kind,
				     .name = name,
				     .number = number };

	if (names && kind == SDEI_DECODED_BITS) {
		item.bits = names->list;
		item.bit_count = names->count;
	} else if (names && number < names->count) {
		item.text = names->list[number];
	}
	tell(d, &item, s);
}

void decode_bytes(struct decode *d, enum sdei_decoded_kind kind,
		  const char *name, struct span s)
{
	struct sdei_decoded item = { .kind = kind, .name = name };
	size_t length = 0;

	if (!s.size)
		return;
	if (kind == SDEI_DECODED_TEXT) {
		while (length < s.size && d->bytes[s.at + length])
			length++;
		s.size = length;
	}
	tell(d, &item, s);
}

void decode_wrong(struct decode *d, size_t at, const char *name,
		  const char *text, uint64_t number, uint64_t limit)
{
	struct sdei_decoded item = { .kind = SDEI_DECODED_WRONG,
				     .name = name,
				     .text = text,
				     .number = number,
				     .limit = limit };

	d->wrong++;
	/* What is cut off may have lain beyond the end. */
	tell(d, &item, (struct span){ at < d->size ? at : d->size, 0 });
}

/* Two decimal digits a byte, but in the fourth: flags. */
static void check_time(struct decode *d, struct span s)
{
	const uint64_t time = decode_get(d, s.at, s.size);

	for (unsigned i = 0; i < 2 * s.size; i++)
		if (i / 2 != 3 && (time >> 4 * i & 15) > 9) {
			decode_wrong(d, s.at, "time", "has a digit #",
				     time >> 4 * i & 15, 0);
			return;
		}
}

static void tell_field(struct decode *d, struct span s, const struct field *f)
{
	uint64_t number, mask;

	if (f->kind >= SDEI_DECODED_GUID) {
		decode_bytes(d, f->kind, f->name, s);
		if (f->kind == SDEI_DECODED_TIME)
			check_time(d, s);
		return;
	}
	number = decode_get(d, s.at, s.size);
	if (f->width) {
		mask = ((UINT64_C(1) << (f->width - 1) << 1) - 1) << f->shift;
		number &= mask;
		if (!f->keep) {
			number >>= f->shift;
			s.at += f->shift / 8;
			s.size = (f->width + 7) / 8;
		}
	}
	if (f->kind == SDEI_DECODED_SIGNED)
		number = (uint64_t)(int16_t)number;
	decode_number(d, f->kind, f->name, s, number, f->names);
}

static uint64_t validation(struct decode *d, struct span s,
			   const struct layout *l)
{
	uint64_t known = l->also, valid;
	struct span at = { s.at + l->valid_at, l->valid_size };

	if (!l->valid_size)
		return 0;
	if (l->valid_at + l->valid_size > s.size) {
		decode_wrong(d, s.at, "validation_bits",
			     "are cut off: they end at byte #, of #",
			     l->valid_at + l->valid_size, s.size);
		return 0;
	}
	valid = decode_get(d, at.at, at.size);
	decode_number(d, SDEI_DECODED_HEX, "validation_bits", at, valid, NULL);
	for (unsigned i = 0; i < l->count; i++)
		if (l->fields[i].valid != ALWAYS)
			known |= UINT64_C(1) << l->fields[i].valid;
	if (valid & ~known)
		decode_wrong(d, at.at, "validation_bits",
			     "has bits that mean nothing: #", valid & ~known,
			     0);
	return valid;
}

uint64_t decode_layout(struct decode *d, struct span s, const struct layout *l)
{
	const uint64_t valid = validation(d, s, l);
	bool cut = false;

	for (unsigned i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];

		if (f->valid != ALWAYS && !(valid >> f->valid & 1))
			continue;
		if (f->at + f->size <= s.size) {
			tell_field(d, (struct span){ s.at + f->at, f->size },
				   f);
		} else if (!cut) {
			decode_wrong(d, s.at + f->at, f->name,
				     "is cut off: it ends at byte #, of #",
				     f->at + f->size, s.size);
			cut = true;
		}
	}
	return valid;
}
