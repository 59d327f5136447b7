/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets of up to 4096 small integers, for "which events are ready": a summary
 * word with one bit for each word that is not empty, and the words. Finding a
 * member takes two count-trailing-zeros whatever the size.
 *
 * Who may touch a set decides how:
 *  - a private event's ready set belongs to its PE: no lock;
 *  - an inbox is filled by any PE and emptied by its owner: atomic, no lock;
 *  - the ready sets of shared events are changed under a lock, because a
 *    summary bit must never be missing, even for a moment, while its word is
 *    not empty: the PE that was kicked for it would look away. Anyone may look
 *    into them without the lock; the event's own lock decides who gets it.
 */
#ifndef DISPATCHER_SET_H
#define DISPATCHER_SET_H

#include <stdbool.h>
#include <stdint.h>

#define SET_WORD_BITS 64u
#define SET_WORDS(n)  (((n) + SET_WORD_BITS - 1) / SET_WORD_BITS)

struct set {
	uint64_t summary;
	uint64_t *word;
};

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

/*
 * Of what several PEs may touch: whole, once, in no order. A volatile access of
 * an aligned integer is that on every machine this is built for, and one
 * instruction, which GCC's relaxed atomics are not. ThreadSanitizer must be told.
 */
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define load(place)         __atomic_load_n(place, __ATOMIC_RELAXED)
#define store(place, value) __atomic_store_n(place, value, __ATOMIC_RELAXED)
#else
#define load(place) (*(const volatile __typeof__(*(place)) *)(place))
#define store(place, value) \
	((void)(*(volatile __typeof__(*(place)) *)(place) = (value)))
#endif

/*
 * What this PE has written is seen by all before it looks at what others wrote.
 * "I can take events" and "an event is ready" are written on different PEs, and
 * each then looks at the other: with this in between, one of them sees it.
 */
static inline void look_after_writing(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* Number of the lowest bit that is set; one is. */
static inline unsigned lowest(uint64_t word)
{
	return (unsigned)__builtin_ctzll(word);
}

static inline void spin_acquire(uint8_t *lock)
{
	while (__atomic_fetch_or(lock, 1, __ATOMIC_ACQUIRE) & 1)
		while (load(lock) & 1)
			;
}

static inline void spin_release(uint8_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

/* The lowest member, or -1. Without the lock: a hint. */
static inline int set_first(const struct set *set)
{
	uint64_t summary = load(&set->summary);

	for (; summary; summary &= summary - 1) {
		unsigned w = lowest(summary);
		uint64_t word = load(&set->word[w]);

		if (word)
			return (int)(w * SET_WORD_BITS + lowest(word));
	}
	return -1;
}

/* The first member from `from` on in the same word, or else of all. So, too. */
static inline int set_first_from(const struct set *set, unsigned from)
{
	const uint64_t later = load(&set->word[from / SET_WORD_BITS]) >>
			       (from % SET_WORD_BITS);

	return later ? (int)(from + lowest(later)) : set_first(set);
}

static inline bool set_has(const struct set *set, unsigned i)
{
	return load(&set->word[i / SET_WORD_BITS]) >> (i % SET_WORD_BITS) & 1;
}

/* Add, and remove, by the set's owner or with its lock held. */
static inline void set_add(struct set *set, unsigned i)
{
	const unsigned w = i / SET_WORD_BITS;

	store(&set->word[w], set->word[w] | UINT64_C(1) << (i % SET_WORD_BITS));
	store(&set->summary, set->summary | UINT64_C(1) << w);
}

static inline void set_remove(struct set *set, unsigned i)
{
	const unsigned w = i / SET_WORD_BITS;
	const uint64_t word = set->word[w] &
			      ~(UINT64_C(1) << (i % SET_WORD_BITS));

	store(&set->word[w], word);
	if (!word)
		store(&set->summary, set->summary & ~(UINT64_C(1) << w));
}

/* Inbox: add from any PE. What was written before is seen by who takes it. */
static inline void inbox_add(struct set *inbox, unsigned i)
{
	unsigned w = i / SET_WORD_BITS;

	__atomic_fetch_or(&inbox->word[w], UINT64_C(1) << (i % SET_WORD_BITS),
			  __ATOMIC_RELEASE);
	__atomic_fetch_or(&inbox->summary, UINT64_C(1) << w, __ATOMIC_RELEASE);
}

/*
 * Inbox: take these bits out of a word, and see what their adders wrote. Whoever
 * sees them gone, by inbox_has(), sees what was written before.
 */
static inline uint64_t inbox_take(uint64_t *word, uint64_t bits)
{
	return __atomic_fetch_and(word, ~bits, __ATOMIC_ACQ_REL);
}

static inline bool inbox_has(const struct set *inbox, unsigned i)
{
	uint64_t word = __atomic_load_n(&inbox->word[i / SET_WORD_BITS],
					__ATOMIC_ACQUIRE);

	return word >> (i % SET_WORD_BITS) & 1;
}

#endif
