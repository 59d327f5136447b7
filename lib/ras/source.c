/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error sources: what happens to them comes in here.
 *
 * The lock of a source is held over ops->raise(), so it comes before any lock that
 * the embedder takes there. Whoever looks at all sources does so one after the
 * other.
 */
#include "internal.h"

#define PE_MAX     4096
#define SOURCE_MAX 64
#define BLOCK_MIN  1024
#define ALIGN      16

/*
 * What follows what. An occurrence that a state knows nothing of leaves it: an
 * event may be raised, or its handler entered, with nothing to tell.
 */
static const uint8_t next[SDEI_RAS_STATES][OCCURRENCES] = {
#define ROW(shown, raised, entered, missed, again, acknowledged) \
	{ \
		SDEI_RAS_IS_##shown,   SDEI_RAS_IS_##raised, \
		SDEI_RAS_IS_##entered, SDEI_RAS_IS_##missed, \
		SDEI_RAS_IS_##again,   SDEI_RAS_IS_##acknowledged \
	}
	/* clang-format off */
	/*                             SHOWN      RAISED     ENTERED MISSED     MISSED_AGAIN ACKN. */
	[SDEI_RAS_IS_FREE]      = ROW(PUBLISHED, FREE,      FREE,   FREE,      FREE,        FREE),
	[SDEI_RAS_IS_PUBLISHED] = ROW(PUBLISHED, PUBLISHED, SEEN,   PUBLISHED, PUBLISHED,   FREE),
	[SDEI_RAS_IS_SEEN]      = ROW(PUBLISHED, PUBLISHED, SEEN,   SEEN,      OVERDUE,     FREE),
	[SDEI_RAS_IS_OVERDUE]   = ROW(PUBLISHED, PUBLISHED, SEEN,   OVERDUE,   OVERDUE,     FREE),
/* clang-format on */
#undef ROW
};

void ras_happens(struct source *s, enum occurrence what)
{
	set_state(s, next[s->state][what]);
}

static void lock_source(const struct sdei_ras *ras, struct source *s)
{
	if (ras->config.ops->lock)
		ras->config.ops->lock(ras->config.context, &s->lock);
}

/*
 * One of the counts that all sources look at: am I in it? Who sees it late goes on at
 * the next poll.
 */
static void count_in(uint32_t *count, bool *am, bool want)
{
	if (*am == want)
		return;
	*am = want;
	__atomic_fetch_add(count, want ? 1 : -1u, __ATOMIC_RELAXED);
}

/* When does it want to be looked at? UINT64_MAX: never. */
static uint64_t wanted_at(const struct sdei_ras *ras, const struct source *s)
{
	const bool is_out = s->state != SDEI_RAS_IS_FREE;
	uint64_t soon;

	if (!s->queued)
		return is_out ? s->due : UINT64_MAX;
	soon = now(ras) + ras->soon;
	return is_out && s->due < soon ? s->due : soon;
}

/* Tell the others how it stands, and let go. Returns when it is to be polled. */
static uint64_t release(struct sdei_ras *ras, struct source *s)
{
	const uint64_t at = wanted_at(ras, s);

	count_in(&ras->left, &s->is_left, ras_publish_is_left(s));
	count_in(&ras->waiting, &s->is_waiting,
		 s->state == SDEI_RAS_IS_FREE && s->queued);
	if (ras->config.ops->unlock)
		ras->config.ops->unlock(ras->config.context, &s->lock);
	return at;
}

/*
 * If an earlier poll is to come and serves, it sees what was done to the source:
 * sdei_ras_poll() has the other half.
 */
static void poll_at(const struct sdei_ras *ras, uint64_t at)
{
	if (at == UINT64_MAX)
		return;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	ras->config.ops->poll_at(ras->config.context, at);
}

static void unlock_source(struct sdei_ras *ras, struct source *s)
{
	poll_at(ras, release(ras, s));
}

void ras_tell_others(struct sdei_ras *ras)
{
	for (unsigned i = 0; i < ras->config.source_count; i++) {
		lock_source(ras, source_at(ras, i));
		unlock_source(ras, source_at(ras, i));
	}
}

/* Without the lock: nothing to do, most likely. */
static bool is_idle(const struct source *s)
{
	return __atomic_load_n(&s->state, __ATOMIC_RELAXED) ==
		       SDEI_RAS_IS_FREE &&
	       !load(&s->queued);
}

/* What happened to one source may let another go on. */
static void look_at_waiting(struct sdei_ras *ras)
{
	for (unsigned i = 0;
	     load(&ras->waiting) && i < ras->config.source_count; i++) {
		struct source *s = source_at(ras, i);

		if (is_idle(s))
			continue;
		lock_source(ras, s);
		ras_publish_look(ras, s);
		unlock_source(ras, s);
	}
}

static const char *what_is_wrong(const struct sdei_ras_config *c)
{
	if (!c->sources || !c->source_count || c->source_count > SOURCE_MAX)
		return "there must be 1 to 64 error sources";
	if (!c->pe_count || c->pe_count > PE_MAX)
		return "there must be 1 to 4096 PEs";
	if (!c->preallocated || c->preallocated > UINT16_MAX)
		return "1 to 65535 records of a source can be asked for";
	if (c->block_size < BLOCK_MIN)
		return "a status block must have 1024 bytes at least";
	if (c->queue_size < SDEI_RECORD_MAX || c->queue_size > 65536 ||
	    c->queue_size % 8)
		return "a queue must have 2048 to 65536 bytes, a multiple of 8";
	if (c->tick_hz < 1000)
		return "the clock must tick 1000 times a second at least";
	if (!c->ops || !c->ops->read || !c->ops->write || !c->ops->now ||
	    !c->ops->poll_at || !c->ops->raise || !c->ops->out ||
	    !c->ops->lock != !c->ops->unlock)
		return "an operation is missing";
	for (unsigned i = 0; i < c->source_count; i++)
		if (c->sources[i].is_private && !c->ops->readiness)
			return "a private event needs the operation `readiness`";
	return NULL;
}

static uint32_t stride(const struct sdei_ras_config *c)
{
	return (uint32_t)(sizeof(struct source) + c->queue_size + ALIGN - 1) &
	       ~(ALIGN - 1u);
}

static size_t size_of(const struct sdei_ras_config *c)
{
	return sizeof(struct sdei_ras) + (size_t)c->source_count * stride(c) +
	       c->pe_count * sizeof(struct drain);
}

struct sdei_ras *sdei_ras_init(void *memory, size_t size,
			       const struct sdei_ras_config *config,
			       const char **why)
{
	struct sdei_ras *ras = memory;
	const char *wrong = what_is_wrong(config);

	if (!wrong && ((uintptr_t)memory % ALIGN || size < size_of(config)))
		wrong = "the memory is too small, or not aligned to 16 bytes";
	if (wrong) {
		if (why)
			*why = wrong;
		return NULL;
	}
	__builtin_memset(memory, 0, size_of(config));
	ras->config = *config;
	ras->stride = stride(config);
	ras->soon = config->tick_hz / 100;
	ras->most = config->tick_hz;
	ras->sources = (uint8_t *)(ras + 1);
	ras->pes = (struct drain *)(ras->sources +
				    (size_t)config->source_count * ras->stride);
	for (unsigned i = 0; i < config->source_count; i++) {
		source_at(ras, i)->info = &config->sources[i];
		source_at(ras, i)->index = i;
		source_at(ras, i)->why = "";
		source_at(ras, i)->wait = ras->soon;
	}
	return ras;
}

bool sdei_ras_publish(struct sdei_ras *ras)
{
	bool good = true;

	for (unsigned i = 0; i < ras->config.source_count; i++) {
		struct source *s = source_at(ras, i);

		lock_source(ras, s);
		good &= ras_publish_fill(ras, s, true, true);
		unlock_source(ras, s);
	}
	return good;
}

static enum sdei_ras_class class_of(const struct sdei_record *record)
{
	const struct sdei_section *first = sdei_record_next(record, NULL);

	if (!first)
		return SDEI_RAS_PLATFORM;
	switch (first->kind) {
	case SDEI_SECTION_MEMORY:
	case SDEI_SECTION_MEMORY2:
		return SDEI_RAS_MEMORY;
	case SDEI_SECTION_PROCESSOR:
		return SDEI_RAS_PROCESSOR;
	case SDEI_SECTION_PCIE:
		return SDEI_RAS_PCIE;
	default:
		return SDEI_RAS_PLATFORM;
	}
}

/* What is only to be known is told as what was corrected is. */
int sdei_ras_find(const struct sdei_ras *ras, const struct sdei_record *record)
{
	const enum sdei_ras_class class = class_of(record);
	const uint8_t severity = record->severity == SDEI_CPER_INFORMATION
					 ? SDEI_CPER_CORRECTED
					 : record->severity;

	for (unsigned i = 0; i < ras->config.source_count; i++)
		if (ras->config.sources[i].error_class == class &&
		    ras->config.sources[i].severity == severity)
			return (int)i;
	return -1;
}

uint32_t sdei_ras_sequence(struct sdei_ras *ras)
{
	return __atomic_add_fetch(&ras->sequence, 1, __ATOMIC_RELAXED);
}

static void drop(struct source *s, struct sdei_ras_outcome *outcome)
{
	s->dropped++;
	s->lost++;
	outcome->fate = SDEI_RAS_DROPPED;
	outcome->why =
		s->broken
			? "the source's memory is bad"
			: "the queue is full, the next record tells of the loss";
}

/* Queue a record, see what can be shown, and say where this one is then. */
static void add(struct sdei_ras *ras, struct source *s,
		const struct sdei_record *record,
		struct sdei_ras_outcome *outcome)
{
	const uint32_t sequence = record->sequence;

	if (s->state != SDEI_RAS_IS_FREE || s->queued) {
		ras_publish_look(ras, s);
		ras_raise_elsewhere(ras, s);
	}
	if (s->broken || !ras_queue_add(ras, s, record)) {
		drop(s, outcome);
		return;
	}
	ras_publish_look(ras, s);
	if (s->broken) {
		outcome->fate = SDEI_RAS_DROPPED;
		outcome->why = "the source's memory is bad";
	} else if (s->state == SDEI_RAS_IS_FREE) {
		outcome->fate = SDEI_RAS_QUEUED;
		outcome->why =
			"held back until the kernel has worked on those that it took";
	} else if (ras_queue_out(s)->sequence != sequence) {
		outcome->fate = SDEI_RAS_QUEUED;
		outcome->why = "an earlier record is not acknowledged yet";
	} else {
		outcome->fate = s->taker == SDEI_RAS_WAITS ? SDEI_RAS_PENDING
							   : SDEI_RAS_DELIVERED;
		outcome->pe = s->taker >= 0 ? s->taker : -1;
		outcome->why = s->why;
	}
}

bool sdei_ras_report(struct sdei_ras *ras, unsigned source,
		     struct sdei_record *record,
		     struct sdei_ras_outcome *outcome)
{
	struct source *s = source_at(ras, source);

	if (source >= ras->config.source_count ||
	    record->pe >= ras->config.pe_count ||
	    sdei_record_bytes(record) > ras->config.block_size)
		return false;
	if (!record->sequence)
		record->sequence = sdei_ras_sequence(ras);
	record->lost = 0;
	record->state = 0;
	*outcome = (struct sdei_ras_outcome){
		.sequence = record->sequence,
		.pe = -1,
		.why = "",
	};
	lock_source(ras, s);
	s->injected++;
	add(ras, s, record, outcome);
	unlock_source(ras, s);
	return true;
}

void sdei_ras_entered(struct sdei_ras *ras, unsigned source, unsigned pe)
{
	struct source *s = source_at(ras, source);

	ras_drain_entered(ras, pe);
	lock_source(ras, s);
	s->running++;
	ras_happens(s, ENTERED);
	if (ras->config.ops->unlock)
		ras->config.ops->unlock(ras->config.context, &s->lock);
}

void sdei_ras_left(struct sdei_ras *ras, unsigned source, unsigned pe)
{
	struct source *s = source_at(ras, source);

	ras_drain_left(ras, pe);
	lock_source(ras, s);
	ras_publish_left(ras, s);
	ras_publish_look(ras, s);
	unlock_source(ras, s);
	look_at_waiting(ras);
}

void sdei_ras_poll(struct sdei_ras *ras)
{
	uint64_t at = UINT64_MAX;

	/* Whoever does not see that this poll is over is seen. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (unsigned i = 0; i < ras->config.source_count; i++) {
		struct source *s = source_at(ras, i);
		uint64_t wanted;

		if (is_idle(s))
			continue;
		lock_source(ras, s);
		ras_publish_look(ras, s);
		if (s->state != SDEI_RAS_IS_FREE && s->due <= now(ras))
			ras_publish_again(ras, s);
		wanted = release(ras, s);
		at = wanted < at ? wanted : at;
	}
	poll_at(ras, at);
}

void sdei_ras_pe_off(struct sdei_ras *ras, unsigned pe)
{
	ras_drain_pe_off(ras, pe);
	for (unsigned i = 0; i < ras->config.source_count; i++) {
		struct source *s = source_at(ras, i);

		if (is_idle(s))
			continue;
		lock_source(ras, s);
		ras_publish_look(ras, s);
		if (s->state != SDEI_RAS_IS_FREE && s->target == pe &&
		    s->info->is_private)
			ras_raise_event(ras, s);
		unlock_source(ras, s);
	}
}

void sdei_ras_client_reset(struct sdei_ras *ras)
{
	ras_drain_new_client(ras);
	for (unsigned i = 0; i < ras->config.source_count; i++) {
		struct source *s = source_at(ras, i);

		if (is_idle(s))
			continue;
		lock_source(ras, s);
		/* This one has missed nothing. */
		ras_happens(s, RAISED);
		s->misses = 0;
		s->wait = ras->soon;
		s->since = now(ras);
		s->due = s->since + ras->soon;
		unlock_source(ras, s);
	}
}

bool sdei_ras_full(const struct sdei_ras *ras)
{
	return load(&ras->full);
}

/* Either begins within the other. */
static bool overlaps(uint64_t a, uint64_t a_bytes, uint64_t b, uint64_t b_bytes)
{
	return a - b < b_bytes || b - a < a_bytes;
}

bool sdei_ras_renew(struct sdei_ras *ras, uint64_t address, size_t bytes)
{
	bool good = true;

	for (unsigned i = 0; i < ras->config.source_count; i++) {
		struct source *s = source_at(ras, i);

		const bool pair = overlaps(s->info->registers,
					   SDEI_RAS_PAIR_SIZE, address, bytes);
		const bool block = overlaps(s->info->block,
					    ras->config.block_size, address,
					    bytes);

		if (!pair && !block)
			continue;
		lock_source(ras, s);
		good &= ras_publish_fill(ras, s, pair, block);
		if (s->state != SDEI_RAS_IS_FREE)
			ras_raise_event(ras, s);
		unlock_source(ras, s);
	}
	return good;
}

bool sdei_ras_count(struct sdei_ras *ras, unsigned source,
		    struct sdei_ras_counters *counters)
{
	struct source *s = source_at(ras, source);

	if (source >= ras->config.source_count)
		return false;
	lock_source(ras, s);
	ras_publish_look(ras, s);
	*counters = (struct sdei_ras_counters){
		.injected = s->injected,
		.published = s->published,
		.acknowledged = s->acknowledged,
		.dropped = s->dropped,
		.held = s->held,
		.raised_again = s->raised_again,
		.withdrawn = s->withdrawn,
		.since = s->state == SDEI_RAS_IS_FREE ? 0 : s->since,
		.queued = s->queued,
		.state = s->state,
	};
	unlock_source(ras, s);
	return true;
}
