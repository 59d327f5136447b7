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
	uint32_t blocks; /* bytes of the region that the records take */
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

static bool half_is_sound(const struct sdei_bert_config *c,
			  const struct half *h)
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

	if (!half_is_sound(c, b))
		return half_is_sound(c, a) ? a : &empty;
	if (!half_is_sound(c, a))
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
	static const uint64_t zeros[4];
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

/* Does the region hold the record still, but with its status word cleared? */
static bool is_consumed(const struct sdei_bert_config *c, const struct entry *e)
{
	static const uint32_t cleared;
	struct place place = { c, c->region + e->offset };

	return e->shown && is_there(&place, 0, &cleared, sizeof(cleared)) &&
	       sdei_record_write(record_of(e), is_there, &place);
}

static void put_in_region(struct change *ch, const void *from, size_t bytes)
{
	keep_write((uint8_t *)(ch->to + 1) + ch->head.bytes, from, bytes);
	ch->head.crc = keep_crc(ch->head.crc, from, bytes);
	ch->head.bytes += (uint32_t)bytes;
}

/* A record that tells of `told` more lost ones. False: there is no room for it. */
static bool append(struct change *ch, const struct entry *e, uint32_t told,
		   const struct sdei_record *record)
{
	struct sdei_record head = *record;
	const uint32_t block = (uint32_t)sdei_record_bytes(record);

	if (ch->head.bytes + sizeof(*e) + head.size > room(ch->config) ||
	    block > ch->config->region_size - ch->blocks)
		return false;
	head.lost = (uint16_t)(head.lost + told);
	put_in_region(ch, e, sizeof(*e));
	put_in_region(ch, &head, sizeof(head));
	put_in_region(ch, record + 1, head.size - sizeof(head));
	ch->blocks += block;
	ch->head.count++;
	return true;
}

/* How many of ours a record can tell of beside what it tells of anyhow. */
static uint16_t told_of(const struct entry *e, uint32_t lost)
{
	const uint32_t own = (uint32_t)record_of(e)->lost - e->told;
	const uint32_t most = own < SDEI_RECORD_LOST_MAX
				      ? SDEI_RECORD_LOST_MAX - own
				      : 0;

	return (uint16_t)(lost < most ? lost : most);
}

enum change_for { LOOK, SHOW, KEEP };

/*
 * All that is kept, once more: but for what was consumed; as it will be shown, the
 * last record that can telling of those that were dropped; with another one.
 */
static const struct half *change(const struct sdei_bert_config *c,
				 enum change_for what,
				 const struct sdei_record *record)
{
	struct change ch = { .config = c, .old = open(c) };
	const struct entry *teller = NULL;
	const uint32_t none = 0;

	ch.to = half(c, ch.old == half(c, 0));
	ch.head.magic = MAGIC;
	ch.head.generation = ch.old->generation + 1;
	ch.head.lost = ch.old->lost;
	keep_write(&ch.to->magic, &none, sizeof(none));
	FOR_ENTRIES(e, ch.old)
	if (sdei_record_tells(record_of(e)))
		teller = e;
	FOR_ENTRIES(e, ch.old)
	{
		struct entry now = *e;

		if (what == LOOK && is_consumed(c, e)) {
			ch.head.lost -= e->told;
			continue;
		}
		if (what == SHOW)
			now = (struct entry){
				.offset = ch.blocks,
				.shown = 1,
				.told = e == teller ? told_of(e, ch.head.lost)
						    : 0,
			};
		append(&ch, &now, (uint32_t)now.told - e->told, record_of(e));
	}
	if (record && !append(&ch, &(struct entry){ 0 }, 0, record))
		ch.head.lost++;
	ch.head.crc = keep_crc(ch.head.crc,
			       (const uint8_t *)&ch.head + CRC_FROM,
			       sizeof(ch.head) - CRC_FROM);
	keep_write(&ch.to->crc, &ch.head.crc,
		   sizeof(ch.head) - offsetof(struct half, crc));
	keep_write(&ch.to->magic, &ch.head.magic, sizeof(ch.head.magic));
	return ch.to;
}

void sdei_bert_keep(const struct sdei_bert_config *config,
		    const struct sdei_record *record)
{
	change(config, KEEP, record);
}

void sdei_bert_look(const struct sdei_bert_config *config)
{
	change(config, LOOK, NULL);
}

bool sdei_bert_show(const struct sdei_bert_config *config)
{
	const struct half *shown = change(config, SHOW, NULL);

	if (!clear_region(config))
		return false;
	FOR_ENTRIES(e, shown)
	{
		struct place place = { config, config->region + e->offset };
		const uint32_t word = sdei_record_word(record_of(e));

		if (!sdei_record_write(record_of(e), write_at, &place) ||
		    !write_at(&place, 0, &word, sizeof(word)))
			return false;
	}
	return true;
}

void sdei_bert_count(const struct sdei_bert_config *config,
		     struct sdei_bert_kept *kept)
{
	const struct half *h = open(config);

	*kept = (struct sdei_bert_kept){ h->count, h->lost };
}
