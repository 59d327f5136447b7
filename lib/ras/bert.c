/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records that outlive the reset that they lead to (ACPI 6.5, 18.3.1).
 *
 * The store has two halves. Each change writes the half that does not count, as a
 * whole, and then its magic number: the newer of two sound halves counts. So
 * wherever power goes, all is as it was before or as it is after. At a cold start
 * anything may be there; only what has the right magic number and checksum is
 * believed.
 *
 * The region is the client's, and is believed only as long as it holds what was
 * shown, all but the status word. A client that lies there loses its own record.
 */
#include <sdei/apei.h>

#include "keep.h"

#define MAGIC 0x33524542u /* "BER3" */

struct half {
	uint32_t magic;
	uint32_t crc; /* of the entries and of the rest of this */
	uint32_t generation;
	uint32_t bytes; /* of entries */
	uint32_t count;
	uint32_t lost; /* in all that were not consumed */
	uint32_t reserved[2];
};
#define CRC_FROM offsetof(struct half, generation)

/* Followed by its record, as it is or will be shown. */
struct entry {
	uint32_t offset; /* in the region, if it is shown */
	uint16_t shown;  /* since a client's latest start */
	uint16_t told;   /* of the record's `lost`: of those that we dropped */
	uint64_t reserved;
};

/* A change on its way. */
struct change {
	const struct sdei_bert_config *config;
	const struct half *old;
	struct half *to;
	struct half head;
};

static uint32_t room(const struct sdei_bert_config *c)
{
	return (c->store_size / 2 & ~UINT32_C(7)) -
	       (uint32_t)sizeof(struct half);
}

static struct half *half(const struct sdei_bert_config *c, unsigned index)
{
	return (struct half *)((uint8_t *)c->store +
			       index * (room(c) + sizeof(struct half)));
}

static const struct sdei_record *record_of(const struct entry *e)
{
	return (const struct sdei_record *)(e + 1);
}

static const struct entry *after(const struct entry *e)
{
	return (const struct entry *)((const uint8_t *)(e + 1) +
				      record_of(e)->size);
}

static bool is_sound(const struct sdei_bert_config *c, const struct half *h)
{
	const uint8_t *at = (const uint8_t *)(h + 1);
	uint32_t left = h->bytes;

	if (h->magic != MAGIC || left > room(c) ||
	    keep_crc(keep_crc(0, at, left), (const uint8_t *)h + CRC_FROM,
		     sizeof(*h) - CRC_FROM) != h->crc)
		return false;
	for (uint32_t i = 0; i < h->count; i++) {
		const struct entry *e = (const struct entry *)at;
		uint32_t size;

		if (left < sizeof(*e) ||
		    sdei_record_wrong(e + 1, left - sizeof(*e)))
			return false;
		size = (uint32_t)sizeof(*e) + record_of(e)->size;
		at += size;
		left -= size;
	}
	return !left;
}

/* The half that counts; an empty one, if nothing that can be believed is there. */
static const struct half *open(const struct sdei_bert_config *c)
{
	static const struct half empty;
	const struct half *a = half(c, 0), *b = half(c, 1);

	if (!is_sound(c, b))
		return is_sound(c, a) ? a : &empty;
	if (!is_sound(c, a))
		return b;
	return (int32_t)(a->generation - b->generation) > 0 ? a : b;
}

#define FOR_ENTRIES(e, half) \
	for (const struct entry *e = (const struct entry *)((half) + 1), \
				*const end_ = end_of(half); \
	     e < end_; e = after(e))

static const struct entry *end_of(const struct half *h)
{
	return (const struct entry *)((const uint8_t *)(h + 1) + h->bytes);
}

static void begin(struct change *ch, const struct sdei_bert_config *c)
{
	const uint32_t none = 0;

	ch->config = c;
	ch->old = open(c);
	ch->to = half(c, ch->old == half(c, 0));
	ch->head = (struct half){
		.magic = MAGIC,
		.generation = ch->old->generation + 1,
		.lost = ch->old->lost,
	};
	keep_write(&ch->to->magic, &none, sizeof(none));
}

static void put(struct change *ch, const void *from, size_t bytes)
{
	keep_write((uint8_t *)(ch->to + 1) + ch->head.bytes, from, bytes);
	ch->head.crc = keep_crc(ch->head.crc, from, bytes);
	ch->head.bytes += (uint32_t)bytes;
}

/* A record that tells of `e->told` lost ones of ours, and did of `told`. */
static bool append(struct change *ch, const struct entry *e, unsigned told,
		   const struct sdei_record *record)
{
	struct sdei_record head = *record;

	if (ch->head.bytes + sizeof(*e) + head.size > room(ch->config))
		return false;
	head.lost = (uint16_t)(head.lost - told + e->told);
	put(ch, e, sizeof(*e));
	put(ch, &head, sizeof(head));
	put(ch, record + 1, head.size - sizeof(head));
	ch->head.count++;
	return true;
}

static void commit(struct change *ch)
{
	struct half *head = &ch->head;

	head->crc = keep_crc(head->crc, (const uint8_t *)head + CRC_FROM,
			     sizeof(*head) - CRC_FROM);
	keep_write(&ch->to->crc, &head->crc,
		   sizeof(*head) - offsetof(struct half, crc));
	keep_write(&ch->to->magic, &head->magic, sizeof(head->magic));
}

void sdei_bert_keep(const struct sdei_bert_config *config,
		    const struct sdei_record *record)
{
	struct change ch;

	begin(&ch, config);
	FOR_ENTRIES(e, ch.old)
	append(&ch, e, e->told, record_of(e));
	if (!append(&ch, &(struct entry){ 0 }, 0, record))
		ch.head.lost++;
	commit(&ch);
}

/* Where in the client's memory a record is. */
struct place {
	const struct sdei_bert_config *config;
	uint64_t address;
};

static bool write_at(void *context, size_t offset, const void *from,
		     size_t bytes)
{
	const struct place *p = context;

	return p->config->ops->write(p->config->context, p->address + offset,
				     from, bytes);
}

static bool is_there(void *context, size_t offset, const void *from,
		     size_t bytes)
{
	const struct place *p = context;
	const uint8_t *expected = from;
	uint64_t piece[8];

	for (size_t at = 0, size; at < bytes; at += size) {
		size = bytes - at < sizeof(piece) ? bytes - at : sizeof(piece);
		if (!p->config->ops->read(p->config->context,
					  p->address + offset + at, piece,
					  size) ||
		    __builtin_memcmp(piece, expected + at, size) != 0)
			return false;
	}
	return true;
}

static bool clear_region(const struct sdei_bert_config *c)
{
	static const uint64_t zeros[16];
	uint32_t size;

	for (uint32_t at = 0; at < c->region_size; at += size) {
		size = c->region_size - at;
		if (size > sizeof(zeros))
			size = sizeof(zeros);
		if (!c->ops->write(c->context, c->region + at, zeros, size))
			return false;
	}
	return true;
}

/*
 * Of the kept records as many as the region has room for, and the last of them
 * that can tells of those that were dropped.
 */
static void choose(struct change *ch)
{
	const struct entry *teller = NULL;
	uint32_t offset = 0, end = ch->config->region_size;

	FOR_ENTRIES(e, ch->old)
	{
		offset += (uint32_t)sdei_record_bytes(record_of(e));
		if (offset > end)
			break;
		if (sdei_record_tells(record_of(e)))
			teller = e;
	}
	offset = 0;
	FOR_ENTRIES(e, ch->old)
	{
		uint32_t own = (uint32_t)record_of(e)->lost - e->told;
		uint32_t size = (uint32_t)sdei_record_bytes(record_of(e));
		struct entry shown = { .offset = offset };

		if (size > end - offset)
			end = offset;
		shown.shown = offset < end;
		if (e == teller && own < SDEI_RECORD_LOST_MAX) {
			shown.told = (uint16_t)(SDEI_RECORD_LOST_MAX - own);
			if (shown.told > ch->head.lost)
				shown.told = (uint16_t)ch->head.lost;
		}
		append(ch, &shown, e->told, record_of(e));
		offset += shown.shown ? size : 0;
	}
}

bool sdei_bert_show(const struct sdei_bert_config *config)
{
	struct change ch;

	begin(&ch, config);
	choose(&ch);
	commit(&ch);
	if (!clear_region(config))
		return false;
	FOR_ENTRIES(e, ch.to)
	{
		struct place place = { config, config->region + e->offset };
		const uint32_t word = sdei_record_word(record_of(e));

		if (e->shown &&
		    (!sdei_record_write(record_of(e), write_at, &place) ||
		     !write_at(&place, 0, &word, sizeof(word))))
			return false;
	}
	return true;
}

/* Does the region hold the record still, but with its status word cleared? */
static bool is_consumed(const struct sdei_bert_config *c, const struct entry *e)
{
	static const uint32_t cleared;
	struct place place = { c, c->region + e->offset };

	return e->shown && is_there(&place, 0, &cleared, sizeof(cleared)) &&
	       sdei_record_write(record_of(e), is_there, &place);
}

void sdei_bert_look(const struct sdei_bert_config *config)
{
	struct change ch;

	begin(&ch, config);
	FOR_ENTRIES(e, ch.old)
	{
		if (is_consumed(config, e))
			ch.head.lost -= e->told;
		else
			append(&ch, e, e->told, record_of(e));
	}
	if (ch.head.count != ch.old->count)
		commit(&ch);
}

void sdei_bert_count(const struct sdei_bert_config *config,
		     struct sdei_bert_kept *kept)
{
	const struct half *h = open(config);

	*kept = (struct sdei_bert_kept){ h->count, h->lost };
}
