/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The format of a saved state, version 1 (docs/state.md): little-endian 64-bit
 * words, each part at a place that the configuration alone decides.
 */
#ifndef DISPATCHER_STATE_FORMAT_H
#define DISPATCHER_STATE_FORMAT_H

#include "internal.h"

/* "SDEIstat", read as a little-endian word; then the version. */
#define STATE_MAGIC	UINT64_C(0x7461747349454453)
#define STATE_VERSION	1

/* Words of each part. */
#define HEADER_WORDS	7u
#define SHARED_WORDS	4u
#define PRIVATE_WORDS	3u
#define CONTEXT_WORDS	(SDEI_CONTEXT_REGISTERS + 2u)
#define PE_WORDS	(1 + PRIORITIES + PRIORITIES * CONTEXT_WORDS)

/* An event's flags: its state in [2:0]. */
#define FLAG_PENDING	(1u << 3)
#define FLAG_RELATIVE	(1u << 4)
#define FLAG_ROUTED	(1u << 5)	/* shared: RM_PE */
#define FLAGS_PRIVATE	(7u | FLAG_PENDING | FLAG_RELATIVE)
#define FLAGS_SHARED	(FLAGS_PRIVATE | FLAG_ROUTED)

/* A PE's running handler: 0 for none, else one of these and the index. */
#define RUNNING_PRIVATE	(1u << 16)
#define RUNNING_SHARED	(2u << 16)
#define RUNNING_INDEX	0xFFFFu

/* Where the parts begin, in words. */
static inline size_t slots_at(const struct sdei_dispatcher *d)
{
	return HEADER_WORDS + d->config.event_count;
}

static inline size_t shared_at(const struct sdei_dispatcher *d, unsigned i)
{
	return slots_at(d) + d->config.private_slots + d->config.shared_slots +
	       SHARED_WORDS * (size_t)i;
}

static inline size_t pe_at(const struct sdei_dispatcher *d, unsigned pe)
{
	return shared_at(d, d->shareds) +
	       (PE_WORDS + PRIVATE_WORDS * (size_t)d->privates) * pe;
}

static inline size_t state_words(const struct sdei_dispatcher *d)
{
	return pe_at(d, d->config.pe_count);
}

/* What tells one table of events from another. */
static inline uint64_t event_word(const struct sdei_event_info *e)
{
	return (uint64_t)e->number | (uint64_t)e->type << 32 |
	       (uint64_t)e->priority << 33 | (uint64_t)e->interrupt << 34;
}

#endif
