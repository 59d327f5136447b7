/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which record the kernel sees. A source's block holds one until the kernel
 * acknowledges it (GHESv2; ACPI 6.5, 18.3.2.8); what comes meanwhile waits in a
 * queue in Secure memory.
 *
 * Corrected errors stay in their order, and wait while the kernel is seen to be
 * behind (drain.c). An uncorrected one does not wait for a missing
 * acknowledgement: once no handler looks at the block, the record in it makes
 * way, goes back to the queue and has its turn again.
 */
#include <ras/source.h>
#include <el3/machine.h>

static uint64_t block_of(unsigned index)
{
	return PLAT_RAS_BLOCKS + (uint64_t)index * PLAT_RAS_BLOCK_SIZE;
}

static volatile uint64_t *register_of(unsigned index, unsigned offset)
{
	return ras_memory(PLAT_RAS_REGISTERS + (uint64_t)index * RAS_PAIR_SIZE +
			  offset);
}

/* The block's status word: zero if it is empty. */
static uint32_t *word_of(unsigned index)
{
	return ras_memory(block_of(index));
}

void publish_start(unsigned index)
{
	*register_of(index, RAS_PAIR_BLOCK) = block_of(index);
	*register_of(index, RAS_PAIR_ACK) = 1;
}

static void push(struct source *s, const struct waiting *record)
{
	s->queue[(s->first + s->queued) % QUEUE_LENGTH] = *record;
	s->queued++;
}

static struct waiting pop(struct source *s)
{
	struct waiting record = s->queue[s->first];

	s->first = (s->first + 1) % QUEUE_LENGTH;
	s->queued--;
	return record;
}

void publish_queue(unsigned index, const struct ras_error *error,
		   uint32_t sequence)
{
	push(&ras_sources[index], &(struct waiting){
					  .error = *error,
					  .sequence = sequence,
				  });
}

/* The first time that a record is shown it takes the news of lost ones along. */
static void first_showing(struct source *s)
{
	struct waiting *w = &s->current;

	if (w->shown)
		return;
	w->shown = true;
	s->wait_us = POLL_US;
	w->lost = s->lost < CPER_LOST_MAX ? s->lost : CPER_LOST_MAX;
	s->lost -= w->lost;
	s->published++;
}

/* Put the oldest waiting record in the source's block and raise its event. */
static void show_next(unsigned index)
{
	struct source *s = &ras_sources[index];
	struct cper_record record;

	s->current = pop(s);
	s->put_back -= s->current.shown;
	first_showing(s);
	cper_build(&record, &s->current.error, s->current.sequence,
		   s->current.lost);
	/* Taken back first: the kernel may acknowledge as soon as it can see. */
	*register_of(index, RAS_PAIR_ACK) = 0;
	__atomic_store_n(word_of(index), 0, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	cper_write(block_of(index), &record);
	s->busy = true;
	s->misses = 0;
	s->due = ras_after(s->wait_us);
	raise_event(index, s->current.error.pe);
}

static bool is_acknowledged(unsigned index)
{
	return *register_of(index, RAS_PAIR_ACK) & 1;
}

static void acknowledged(unsigned index)
{
	struct source *s = &ras_sources[index];

	s->busy = false;
	s->acknowledged++;
	s->wait_us = POLL_US;
	drain_taken(index);
}

/* Handlers saw the record and left it, and none looks at it now. */
static bool is_overdue(const struct source *s)
{
	return s->busy && !s->running && s->entered && s->misses;
}

/* The same, or it is being tried again, or others are. */
static bool was_left(const struct source *s)
{
	return (s->busy && s->misses) || s->put_back;
}

static bool may_make_way(unsigned index)
{
	const struct source *s = &ras_sources[index];

	return ras_kinds[index].severity != RAS_CORRECTED && is_overdue(s) &&
	       s->misses >= MISSES_MAX && s->queued;
}

/* Turn the queue until a record that was never shown comes first. */
static bool turn_to_new(struct source *s)
{
	for (unsigned i = 0; i < s->queued; i++) {
		struct waiting first = s->queue[s->first];

		if (!first.shown)
			return true;
		pop(s);
		push(s, &first);
	}
	return false;
}

/* The record in the block goes to the end of the queue, the next one is shown. */
static void make_way(unsigned index)
{
	struct source *s = &ras_sources[index];
	struct waiting withdrawn = s->current;

	s->withdrawn++;
	s->put_back++;
	turn_to_new(s);
	show_next(index);
	push(s, &withdrawn);
}

/*
 * Is there room for one more in the kernel? A fatal error leaves it none to care
 * for. A corrected one also waits for uncorrected ones that found none.
 */
static bool has_room(unsigned index)
{
	if (ras_kinds[index].severity == RAS_FATAL)
		return true;
	if (ras_kinds[index].severity == RAS_CORRECTED)
		for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++)
			if (ras_kinds[i].severity != RAS_CORRECTED &&
			    was_left(&ras_sources[i]))
				return false;
	return drain_has_room(index);
}

/* Count the records that wait for room, each once. */
static void count_held(struct source *s)
{
	for (unsigned i = 0; i < s->queued; i++) {
		struct waiting *w = &s->queue[(s->first + i) % QUEUE_LENGTH];

		s->held += !w->held;
		w->held = true;
	}
}

void publish_look(unsigned index)
{
	struct source *s = &ras_sources[index];

	if (s->busy && is_acknowledged(index)) {
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		acknowledged(index);
	}
	if (may_make_way(index) && turn_to_new(s))
		make_way(index);
	else if (!s->busy && s->queued && has_room(index))
		show_next(index);
	else if (!s->busy && s->queued)
		count_held(s);
}

void publish_left(unsigned index)
{
	struct source *s = &ras_sources[index];

	s->running--;
	s->misses += s->busy && s->entered && !s->running &&
		     !is_acknowledged(index);
}

void publish_again(unsigned index)
{
	struct source *s = &ras_sources[index];

	/* Emptied, and never acknowledged: a kernel that knows GHESv1 only. */
	if (is_overdue(s) && s->misses >= MISSES_MAX &&
	    !__atomic_load_n(word_of(index), __ATOMIC_ACQUIRE)) {
		acknowledged(index);
		publish_look(index);
		return;
	}
	s->wait_us = s->wait_us < RAISE_AGAIN_US / 2 ? 2 * s->wait_us
						     : RAISE_AGAIN_US;
	s->due = ras_after(s->wait_us);
	if (may_make_way(index)) {
		make_way(index);
	} else if (!raise_is_out(index)) {
		raise_event(index, s->current.error.pe);
		s->raised_again++;
	} else {
		raise_elsewhere(index);
	}
}
