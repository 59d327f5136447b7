/* SPDX-License-Identifier: BSD-2-Clause */
/* What all litmus tests share. */
#include "litmus.h"

#include <stddef.h>

struct outcome odd, finals[4];
uint64_t odd_thread;
const void *only[4];
struct name names[128];

void name(const void *at, const char *called, unsigned number)
{
	struct name *n = names;

	while (n->at)
		n++;
	*n = (struct name){ at, called, number };
}

__attribute__((noinline)) void turn(void)
{
	__asm__ volatile("");
}

void *memset(void *to, int value, size_t n);
void *memcpy(void *to, const void *from, size_t n);

void *memset(void *to, int value, size_t n)
{
	for (volatile char *t = to; n; n--)
		*t++ = (char)value;
	return to;
}

void *memcpy(void *to, const void *from, size_t n)
{
	volatile uint64_t *words = to;
	const uint64_t *from_words = from;
	volatile char *t;
	const char *f;

	/* Words, as every C library does: an access each. */
	for (; n >= sizeof(*words); n -= sizeof(*words))
		*words++ = *from_words++;
	t = (volatile char *)words;
	for (f = (const char *)from_words; n; n--)
		*t++ = *f++;
	return to;
}
