/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An error source, as the files that work on it share it:
 *
 *   source.c   the table of states; reports and occurrences come in
 *   queue.c    the records that wait, and the one that is out
 *   publish.c  the block: which record the client sees
 *   raise.c    the event: which PE, and again until there is an acknowledgement
 *   drain.c    how much the client has taken and not yet worked on
 *   save.c     all of it as bytes
 *
 * What a source has is changed under its lock only, and no two locks are held at
 * once. What sources know of each other are the atomic words in struct sdei_ras.
 */
#ifndef RAS_INTERNAL_H
#define RAS_INTERNAL_H

#include <sdei/ras.h>

/*
 * A handler that ended without an acknowledgement may belong to a client that
 * acknowledges later. After the second one, 10 ms later at least, an uncorrected
 * record makes way.
 */
#define MISSES_MAX 2

/* A record's `state`, while it is in a queue. */
#define RECORD_SHOWN (1u << 0) /* it was in the block, and made way */
#define RECORD_HELD  (1u << 1) /* counted as held back */
#define RECORD_DONE  (1u << 2) /* its bytes are free */

/* What happens to a source, of which its next state follows (source.c). */
enum occurrence {
	SHOWN,
	RAISED,
	ENTERED,
	MISSED,       /* the last handler ended without an acknowledgement */
	MISSED_AGAIN, /* MISSES_MAX times */
	ACKNOWLEDGED,
	OCCURRENCES,
};

struct source {
	struct sdei_ras_lock lock;
	uint8_t state; /* enum sdei_ras_state */
	uint8_t misses;
	bool broken; /* the client's memory is bad, and nothing helps */
	bool is_left, is_waiting; /* as counted in struct sdei_ras */
	uint16_t running;         /* PEs that are in a handler of it */
	const struct sdei_ras_source *info;
	uint32_t index;
	/* The queue: bytes of `records`. */
	uint32_t head; /* all before is free */
	uint32_t used; /* all behind is free */
	uint32_t dead; /* free, in between and before */
	uint32_t out;  /* where the published record is; while not free */
	uint32_t queued;
	uint32_t put_back; /* of those, how many have been shown */
	uint32_t lost;     /* dropped, and not yet told of */
	/* Acknowledged, and not known to be worked on; the last of them when so
	 * many looks had begun. */
	uint32_t taken;
	uint64_t looks;
	/* The latest raising: where to, and what came of it. */
	uint32_t target;
	int taker;
	const char *why;
	/* When the event is raised again, and how long after that. */
	uint64_t due, wait;
	uint64_t since; /* this client can see what is out */
	uint64_t injected, published, acknowledged, dropped;
	uint64_t held, raised_again, withdrawn;
	uint8_t records[];
};

_Static_assert(sizeof(struct source) <= SDEI_RAS_SOURCE_BYTES, "ras.h says so");

/* What the client may have left on a PE (drain.c); counts may wrap. */
struct drain {
	uint32_t entered; /* handlers that began there: its own to change */
	uint32_t clean;   /* so many had begun when it was seen to be done */
	uint32_t inside; /* handlers, one within the other: its own to change */
};

struct sdei_ras {
	struct sdei_ras_config config;
	uint32_t sequence;
	/* Uncorrected sources with a record that a handler left. */
	uint32_t left;
	uint32_t waiting; /* sources that are free, and have records waiting */
	uint32_t full;    /* some source has as much out as it may */
	uint64_t looks;   /* so many looks whether the client is done began */
	uint64_t done;    /* the number of a late one that saw that it is */
	uint32_t stride;  /* bytes from a source to the next */
	uint64_t soon, most; /* ticks: 10 ms, 1 s */
	struct drain *pes;
	uint8_t *sources;
};

static inline struct source *source_at(const struct sdei_ras *ras, unsigned i)
{
	return (struct source *)(ras->sources + (size_t)i * ras->stride);
}

static inline uint64_t now(const struct sdei_ras *ras)
{
	return ras->config.ops->now(ras->config.context);
}

static inline bool is_corrected(const struct source *s)
{
	return s->info->severity == SDEI_CPER_CORRECTED;
}

/* In no order: hints, and words with nothing behind them. */
static inline uint32_t load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static inline void store(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/* These two are looked at without the lock as well (is_idle() in source.c). */
static inline void set_state(struct source *s, enum sdei_ras_state state)
{
	__atomic_store_n(&s->state, (uint8_t)state, __ATOMIC_RELAXED);
}

static inline void add_queued(struct source *s, uint32_t n)
{
	__atomic_store_n(&s->queued, s->queued + n, __ATOMIC_RELAXED);
}

/* source.c: the state that follows. */
void ras_happens(struct source *s, enum occurrence what);
/* All of them were changed at once: what they know of each other, the poll. */
void ras_tell_others(struct sdei_ras *ras);

/* queue.c: the record that is out. */
static inline struct sdei_record *ras_queue_out(struct source *s)
{
	return (struct sdei_record *)(s->records + s->out);
}

/* Append a copy. False: no room. */
bool ras_queue_add(const struct sdei_ras *ras, struct source *s,
		   const struct sdei_record *record);
/* The oldest that waits is out. There is one, and none is out. */
void ras_queue_take(struct source *s);
/* The one that is out waits again; another one that waits is out. */
void ras_queue_turn(struct source *s);
/* Does one wait that was never shown? */
bool ras_queue_has_new(const struct source *s);
/* The one that is out is done with. */
void ras_queue_drop(struct source *s);
/* Count those that wait as held back, each once. */
void ras_queue_hold(struct source *s);
/* Bytes of all that are not done. */
size_t ras_queue_copy(const struct source *s, void *to);

/* publish.c: its registers; its block, empty or with what is out. */
bool ras_publish_fill(const struct sdei_ras *ras, struct source *s, bool pair,
		      bool block);
/* See whether the record was acknowledged, and show what can be. */
void ras_publish_look(struct sdei_ras *ras, struct source *s);
/* A handler of the source's event ended. */
void ras_publish_left(struct sdei_ras *ras, struct source *s);
/* The time of `due` has come. */
void ras_publish_again(struct sdei_ras *ras, struct source *s);
/* Is there a record that handlers saw and left, or that made way? */
bool ras_publish_is_left(const struct source *s);

/* raise.c: raise the event for the PE of the record that is out. */
void ras_raise_event(struct sdei_ras *ras, struct source *s);
/* Is the latest raising pending still, or does a handler run? */
bool ras_raise_is_out(const struct sdei_ras *ras, const struct source *s);
/* The event waits on a PE that cannot take it: does another one by now? */
void ras_raise_elsewhere(struct sdei_ras *ras, struct source *s);

/* drain.c: a handler is entered; ends; the PE goes off; a new client. */
void ras_drain_entered(struct sdei_ras *ras, unsigned pe);
void ras_drain_left(struct sdei_ras *ras, unsigned pe);
void ras_drain_pe_off(struct sdei_ras *ras, unsigned pe);
void ras_drain_new_client(struct sdei_ras *ras);
void ras_drain_suspect(struct sdei_ras *ras);
/* The client acknowledged a record. */
void ras_drain_taken(struct sdei_ras *ras, struct source *s);
/* May one more be shown? */
bool ras_drain_has_room(struct sdei_ras *ras, struct source *s);

#endif
