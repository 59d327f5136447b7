/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All sources as bytes, for a guest that migrates: a header, and for each source
 * its numbers and its records. Numbers are little-endian.
 *
 * What is loaded is not believed: every record is looked at as if the client had
 * made it, and has to be one that could have been reported.
 */
#include "internal.h"

#define MAGIC   0x53415253 /* "SRAS" */
#define VERSION 1
#define NO_OUT  UINT32_MAX

struct header {
	uint32_t magic, version, sources, sequence;
};

struct saved {
	uint64_t injected, published, acknowledged, dropped;
	uint64_t held, raised_again, withdrawn;
	uint32_t lost;
	uint32_t out;   /* where, in its records, the published one is */
	uint32_t bytes; /* of records that follow */
	uint32_t reserved;
};

/* Offset of the published record among those that ras_queue_copy() copies. */
static uint32_t out_of(const struct source *s)
{
	uint32_t before = 0;
	const struct sdei_record *r;

	if (s->state == SDEI_RAS_IS_FREE)
		return NO_OUT;
	for (uint32_t o = s->head; o < s->out; o += r->size) {
		r = (const struct sdei_record *)(s->records + o);
		if (!(r->state & RECORD_DONE))
			before += r->size;
	}
	return before;
}

size_t sdei_ras_save(const struct sdei_ras *ras, void *buffer, size_t size)
{
	const struct header header = { MAGIC, VERSION, ras->config.source_count,
				       ras->sequence };
	size_t needed = sizeof(header);
	uint8_t *to = buffer;

	for (unsigned i = 0; i < ras->config.source_count; i++)
		needed += sizeof(struct saved) +
			  ras_queue_copy(source_at(ras, i), NULL);
	if (size < needed)
		return needed;
	__builtin_memcpy(to, &header, sizeof(header));
	to += sizeof(header);
	for (unsigned i = 0; i < ras->config.source_count; i++) {
		const struct source *s = source_at(ras, i);
		const struct saved saved = {
			.injected = s->injected,
			.published = s->published,
			.acknowledged = s->acknowledged,
			.dropped = s->dropped,
			.held = s->held,
			.raised_again = s->raised_again,
			.withdrawn = s->withdrawn,
			.lost = s->lost,
			.out = out_of(s),
			.bytes = (uint32_t)ras_queue_copy(s, NULL),
		};

		__builtin_memcpy(to, &saved, sizeof(saved));
		to += sizeof(saved);
		to += ras_queue_copy(s, to);
	}
	return needed;
}

/* One record of source `i`, copied to where it will stay. */
static const char *load_record(const struct sdei_ras *ras,
			       const struct sdei_record *r, uint32_t room)
{
	if (sdei_record_wrong(r, room))
		return "a saved error record is not sound";
	if (r->pe >= ras->config.pe_count ||
	    sdei_record_bytes(r) > ras->config.block_size ||
	    r->state & ~(RECORD_SHOWN | RECORD_HELD))
		return "a saved error record is not one of its source's";
	return NULL;
}

static const char *load_records(const struct sdei_ras *ras, struct source *s,
				const uint8_t *from, uint32_t bytes,
				uint32_t out)
{
	bool found = out == NO_OUT;
	const char *wrong;

	if (bytes > ras->config.queue_size)
		return "a saved error queue is longer than there is room for";
	__builtin_memcpy(s->records, from, bytes);
	while (s->used < bytes) {
		const struct sdei_record *r =
			(const struct sdei_record *)(s->records + s->used);

		wrong = load_record(ras, r, bytes - s->used);
		if (wrong)
			return wrong;
		if (s->used == out) {
			found = r->state & RECORD_SHOWN;
			s->out = out;
			s->target = r->pe;
			s->state = SDEI_RAS_IS_PUBLISHED;
		} else {
			s->queued++;
			s->put_back += r->state & RECORD_SHOWN;
		}
		s->used += r->size;
	}
	return found ? NULL : "a saved error source shows no record of its own";
}

/* What ras.h says of its counters. */
static bool adds_up(const struct source *s)
{
	return s->injected == s->acknowledged + s->dropped + s->queued +
				      (s->state != SDEI_RAS_IS_FREE);
}

static const char *load_source(const struct sdei_ras *ras, struct source *s,
			       const uint8_t **from, size_t *left)
{
	struct saved saved;
	const char *wrong;

	if (*left < sizeof(saved))
		return "the saved error sources end too early";
	__builtin_memcpy(&saved, *from, sizeof(saved));
	*from += sizeof(saved);
	*left -= sizeof(saved);
	if (*left < saved.bytes)
		return "the saved error sources end too early";
	s->injected = saved.injected;
	s->published = saved.published;
	s->acknowledged = saved.acknowledged;
	s->dropped = saved.dropped;
	s->held = saved.held;
	s->raised_again = saved.raised_again;
	s->withdrawn = saved.withdrawn;
	s->lost = saved.lost;
	s->due = s->since = now(ras);
	*left -= saved.bytes;
	*from += saved.bytes;
	wrong = load_records(ras, s, *from - saved.bytes, saved.bytes,
			     saved.out);
	if (!wrong && (saved.reserved || !adds_up(s)))
		wrong = "a saved error source's numbers do not add up";
	return wrong;
}

static const char *load_all(struct sdei_ras *ras, const uint8_t *from,
			    size_t left)
{
	struct header header;
	const char *wrong = NULL;

	if (left < sizeof(header))
		return "the saved error sources end too early";
	__builtin_memcpy(&header, from, sizeof(header));
	if (header.magic != MAGIC || header.version != VERSION)
		return "these are no saved error sources, or another version's";
	if (header.sources != ras->config.source_count)
		return "there is another number of error sources";
	ras->sequence = header.sequence;
	from += sizeof(header);
	left -= sizeof(header);
	for (unsigned i = 0; !wrong && i < header.sources; i++)
		wrong = load_source(ras, source_at(ras, i), &from, &left);
	if (!wrong && left)
		wrong = "there is more than the saved error sources";
	return wrong;
}

bool sdei_ras_load(struct sdei_ras *ras, const void *buffer, size_t size,
		   const char **why)
{
	const struct sdei_ras_config config = ras->config;
	const char *wrong;

	sdei_ras_init(ras, SIZE_MAX, &config, NULL);
	wrong = load_all(ras, buffer, size);
	if (!wrong) {
		ras_drain_suspect(ras);
		ras_tell_others(ras);
		return true;
	}
	if (why)
		*why = wrong;
	sdei_ras_init(ras, SIZE_MAX, &config, NULL);
	return false;
}
