/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A source's records, one behind the other in the order in which they came, each
 * as long as it is. The one that the client sees stays among them, so nothing is
 * copied when it is shown, makes way or has its turn again. What is done with
 * leaves a hole; when the end is reached the others move up.
 */
#include "internal.h"

static struct sdei_record *at(const struct source *s, uint32_t offset)
{
	return (struct sdei_record *)(uintptr_t)(s->records + offset);
}

/* While there is one that is out. */
static bool waits(const struct source *s, uint32_t offset)
{
	return !(at(s, offset)->state & RECORD_DONE) && offset != s->out;
}

/* The free bytes at both ends are no holes. */
static void trim(struct source *s)
{
	while (s->head < s->used && at(s, s->head)->state & RECORD_DONE)
		s->head += at(s, s->head)->size;
	if (s->head == s->used)
		s->head = s->used = s->dead = 0;
}

static void move_up(struct source *s)
{
	uint32_t to = 0, size;

	for (uint32_t from = s->head; from < s->used; from += size) {
		size = at(s, from)->size;
		if (at(s, from)->state & RECORD_DONE)
			continue;
		if (s->out == from)
			s->out = to;
		__builtin_memmove(at(s, to), at(s, from), size);
		to += size;
	}
	s->head = s->dead = 0;
	s->used = to;
}

bool ras_queue_add(const struct sdei_ras *ras, struct source *s,
		   const struct sdei_record *record)
{
	if (s->used - s->dead + record->size > ras->config.queue_size)
		return false;
	if (s->used + record->size > ras->config.queue_size)
		move_up(s);
	__builtin_memcpy(at(s, s->used), record, record->size);
	s->used += record->size;
	add_queued(s, 1);
	return true;
}

static void take(struct source *s, uint32_t offset)
{
	s->out = offset;
	add_queued(s, -1u);
	s->put_back -= at(s, offset)->state & RECORD_SHOWN;
}

void ras_queue_take(struct source *s)
{
	take(s, s->head);
}

/* The first that waits in [from, end) and has none of these bits; or `end`. */
static uint32_t find_waiting(const struct source *s, uint32_t from,
			     uint32_t end, unsigned without)
{
	while (from < end && (!waits(s, from) || at(s, from)->state & without))
		from += at(s, from)->size;
	return from;
}

bool ras_queue_has_new(const struct source *s)
{
	return s->queued > s->put_back;
}

/* New ones first, as they came; then each in turn. */
void ras_queue_turn(struct source *s)
{
	uint32_t next = find_waiting(s, s->head, s->used, RECORD_SHOWN);

	if (next == s->used)
		next = find_waiting(s, s->out, s->used, 0);
	if (next == s->used)
		next = find_waiting(s, s->head, s->out, 0);
	add_queued(s, 1);
	s->put_back++;
	take(s, next);
}

void ras_queue_drop(struct source *s)
{
	struct sdei_record *record = ras_queue_out(s);

	record->state |= RECORD_DONE;
	s->dead += record->size;
	trim(s);
}

void ras_queue_hold(struct source *s)
{
	struct sdei_record *r;

	for (uint32_t o = s->head; o < s->used; o += r->size) {
		r = at(s, o);
		if (r->state & (RECORD_HELD | RECORD_DONE))
			continue;
		r->state |= RECORD_HELD;
		s->held++;
	}
}

size_t ras_queue_copy(const struct source *s, void *to)
{
	uint32_t bytes = 0;
	const struct sdei_record *r;

	for (uint32_t o = s->head; o < s->used; o += r->size) {
		r = at(s, o);
		if (r->state & RECORD_DONE)
			continue;
		if (to)
			__builtin_memcpy((uint8_t *)to + bytes, r, r->size);
		bytes += r->size;
	}
	return bytes;
}
