/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which record the client sees. A source's block holds one until the client
 * acknowledges it (GHESv2; ACPI 6.5, 18.3.2.8); what comes meanwhile waits.
 *
 * Corrected errors stay in their order, and wait while the client is seen to be
 * behind (drain.c). An uncorrected one does not wait for a missing
 * acknowledgement: once no handler looks at the block, the record in it makes
 * way, waits once more and has its turn again.
 */
#include "internal.h"

static bool write(const struct sdei_ras *ras, uint64_t address,
		  const void *from, size_t bytes)
{
	return ras->config.ops->write(ras->config.context, address, from,
				      bytes);
}

static bool write_pair(const struct sdei_ras *ras, const struct source *s,
		       uint64_t ack)
{
	const uint64_t pair[2] = { s->info->block, ack };

	return write(ras, s->info->registers, pair, sizeof(pair));
}

/* Where in the client's memory a record goes. */
struct place {
	const struct sdei_ras *ras;
	uint64_t block;
};

static bool put_in_block(void *context, size_t offset, const void *from,
			 size_t bytes)
{
	const struct place *p = context;

	return write(p->ras, p->block + offset, from, bytes);
}

/*
 * The status word is zero until all else is there: whoever looks at the block
 * sees that it is empty.
 */
static bool write_record(const struct sdei_ras *ras, struct source *s)
{
	const struct sdei_record *record = ras_queue_out(s);
	const uint32_t word = sdei_record_word(record);
	struct place place = { ras, s->info->block };

	if (!sdei_record_write(record, put_in_block, &place))
		return false;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	return write(ras, s->info->block, &word, sizeof(word));
}

static bool write_empty(const struct sdei_ras *ras, const struct source *s)
{
	const uint32_t empty = 0;

	return write(ras, s->info->block, &empty, sizeof(empty));
}

bool ras_publish_fill(const struct sdei_ras *ras, struct source *s, bool pair,
		      bool block)
{
	const bool is_free = s->state == SDEI_RAS_IS_FREE;
	const bool good = (!pair || write_pair(ras, s, is_free)) &&
			  (!block || (write_empty(ras, s) &&
				      (is_free || write_record(ras, s))));

	/* Good again, as it seems: the next record that is shown will tell. */
	s->broken = s->broken && !good;
	return good;
}

static void lose(struct source *s)
{
	s->dropped++;
	s->lost++;
}

/* What is out, and all that waits, is there for nobody to see. */
static void give_up(struct source *s)
{
	s->broken = true;
	set_state(s, SDEI_RAS_IS_FREE);
	ras_queue_drop(s);
	lose(s);
	while (s->queued) {
		ras_queue_take(s);
		ras_queue_drop(s);
		lose(s);
	}
}

/* The first time that a record is shown it takes the news of lost ones along. */
static void first_showing(const struct sdei_ras *ras, struct source *s)
{
	struct sdei_record *r = ras_queue_out(s);

	if (r->state & RECORD_SHOWN)
		return;
	r->state |= RECORD_SHOWN;
	s->wait = ras->soon;
	s->published++;
	if (!s->lost || !sdei_record_tells(r))
		return;
	r->lost = (uint16_t)(s->lost < SDEI_RECORD_LOST_MAX
				     ? s->lost
				     : SDEI_RECORD_LOST_MAX);
	s->lost -= r->lost;
}

/* Put the record that is out in the block and raise its event. */
static void show(struct sdei_ras *ras, struct source *s)
{
	const uint64_t none = 0;

	first_showing(ras, s);
	ras_happens(s, SHOWN);
	s->misses = 0;
	/* Taken back first: the client may acknowledge as soon as it can see. */
	if (!write(ras, s->info->registers + SDEI_RAS_PAIR_ACK, &none,
		   sizeof(none)) ||
	    !write_empty(ras, s)) {
		give_up(s);
		return;
	}
	/* Whoever sees some of the record sees that the old one is gone. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	if (!write_record(ras, s)) {
		give_up(s);
		return;
	}
	s->since = now(ras);
	s->due = s->since + s->wait;
	ras_raise_event(ras, s);
}

/* Unreadable, it is not acknowledged; who shows the next one finds out. */
static bool is_acknowledged(const struct sdei_ras *ras, const struct source *s)
{
	uint64_t ack = 0;

	return ras->config.ops->read(ras->config.context,
				     s->info->registers + SDEI_RAS_PAIR_ACK,
				     &ack, sizeof(ack)) &&
	       ack & 1;
}

static bool is_emptied(const struct sdei_ras *ras, const struct source *s)
{
	uint32_t word = 1;

	return ras->config.ops->read(ras->config.context, s->info->block, &word,
				     sizeof(word)) &&
	       !word;
}

static void acknowledged(struct sdei_ras *ras, struct source *s)
{
	ras_happens(s, ACKNOWLEDGED);
	s->acknowledged++;
	s->wait = ras->soon;
	ras_queue_drop(s);
	ras_drain_taken(ras, s);
}

/* Then no handler runs: one that begins makes it seen. */
static bool is_overdue(const struct source *s)
{
	return s->state == SDEI_RAS_IS_OVERDUE;
}

bool ras_publish_is_left(const struct source *s)
{
	return !is_corrected(s) &&
	       ((s->state != SDEI_RAS_IS_FREE && s->misses) || s->put_back);
}

static bool may_make_way(const struct source *s)
{
	return !is_corrected(s) && is_overdue(s) && s->queued;
}

static void make_way(struct sdei_ras *ras, struct source *s)
{
	s->withdrawn++;
	ras_queue_turn(s);
	show(ras, s);
}

/*
 * Is there room for one more in the client? A fatal error leaves it none to care
 * for. A corrected one also waits for uncorrected ones that found none.
 */
static bool has_room(struct sdei_ras *ras, struct source *s)
{
	if (s->info->severity == SDEI_CPER_FATAL)
		return true;
	if (is_corrected(s) && load(&ras->left))
		return false;
	return ras_drain_has_room(ras, s);
}

/* Emptied, and never acknowledged: by a client that knows GHESv1 only. */
static bool is_taken(const struct sdei_ras *ras, const struct source *s)
{
	return is_overdue(s) && is_emptied(ras, s);
}

void ras_publish_look(struct sdei_ras *ras, struct source *s)
{
	if (s->state != SDEI_RAS_IS_FREE && is_acknowledged(ras, s)) {
		/* What the client copied until then was not yet written over. */
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		acknowledged(ras, s);
	}
	if (may_make_way(s) && ras_queue_has_new(s)) {
		if (!is_taken(ras, s)) {
			make_way(ras, s);
			return;
		}
		acknowledged(ras, s);
	}
	if (s->state == SDEI_RAS_IS_FREE && s->queued) {
		if (has_room(ras, s)) {
			ras_queue_take(s);
			show(ras, s);
		} else {
			ras_queue_hold(s);
		}
	}
}

void ras_publish_left(struct sdei_ras *ras, struct source *s)
{
	/* Who was loaded may not have been told of its beginning. */
	s->running -= s->running != 0;
	if (s->running || s->state != SDEI_RAS_IS_SEEN ||
	    is_acknowledged(ras, s))
		return;
	/* Two at once, for an event that moved, give the client no time. */
	if (s->misses == MISSES_MAX - 1 && now(ras) - s->since < ras->soon)
		return;
	s->misses++;
	ras_happens(s, s->misses < MISSES_MAX ? MISSED : MISSED_AGAIN);
}

void ras_publish_again(struct sdei_ras *ras, struct source *s)
{
	if (is_taken(ras, s)) {
		acknowledged(ras, s);
		ras_publish_look(ras, s);
		return;
	}
	s->wait = 2 * s->wait < ras->most ? 2 * s->wait : ras->most;
	s->due = now(ras) + s->wait;
	if (may_make_way(s)) {
		make_way(ras, s);
	} else if (!ras_raise_is_out(ras, s)) {
		ras_raise_event(ras, s);
		s->raised_again++;
	} else {
		ras_raise_elsewhere(ras, s);
	}
}
