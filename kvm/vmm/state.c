/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Putting words into a state and getting them back, whatever it holds.
 */
#include "state.h"

#include <endian.h>
#include <stdarg.h>
#include <string.h>

#define WORD sizeof(uint64_t)

void state_fail(struct state *s, const char *format, ...)
{
	va_list list;

	if (s->why[0])
		return;
	va_start(list, format);
	vsnprintf(s->why, sizeof(s->why), format, list);
	va_end(list);
}

/* The next bytes, in whole words. */
static uint8_t *take(struct state *s, size_t size)
{
	size_t whole = (size + WORD - 1) & ~(WORD - 1);
	uint8_t *at = s->bytes + s->at;

	if (s->why[0] || whole < size || whole > s->size - s->at)
		return NULL;
	s->at += whole;
	return at;
}

void *state_put_blob(struct state *s, size_t size)
{
	uint8_t *at;

	state_put(s, size);
	at = take(s, size);
	if (!at)
		state_fail(s, "the state is larger than %zu bytes", s->size);
	return at;
}

const void *state_get_blob(struct state *s, size_t *size)
{
	uint64_t want = state_get(s);
	const uint8_t *at = want <= s->size ? take(s, want) : NULL;

	if (!at)
		state_fail(s, "its state ends early");
	*size = at ? want : 0;
	return at;
}

void state_put(struct state *s, uint64_t word)
{
	uint8_t *at = take(s, WORD);

	if (!at)
		state_fail(s, "the state is larger than %zu bytes", s->size);
	for (unsigned i = 0; at && i < WORD; i++)
		at[i] = (uint8_t)(word >> 8 * i);
}

uint64_t state_get(struct state *s)
{
	const uint8_t *at = take(s, WORD);
	uint64_t word = 0;

	if (!at)
		state_fail(s, "its state ends early");
	for (unsigned i = 0; at && i < WORD; i++)
		word |= (uint64_t)at[i] << 8 * i;
	return word;
}

uint64_t state_get_upto(struct state *s, uint64_t max, const char *what)
{
	uint64_t word = state_get(s);

	if (word <= max)
		return word;
	state_fail(s, "%s is %llu, where %llu is the most", what,
		   (unsigned long long)word, (unsigned long long)max);
	return 0;
}

/* By words: memory is large, and a checksum by bytes is slow. */
uint64_t state_sum(uint64_t sum, const void *words, size_t bytes)
{
	const uint8_t *at = words;

	for (; bytes >= WORD; at += WORD, bytes -= WORD) {
		uint64_t word;

		memcpy(&word, at, WORD);
		sum = (sum ^ le64toh(word)) * UINT64_C(0x9e3779b97f4a7c15);
		sum ^= sum >> 29;
	}
	return sum;
}
