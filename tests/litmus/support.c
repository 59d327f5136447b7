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
	volatile char *t = to;

	for (const char *f = from; n; n--)
		*t++ = *f++;
	return to;
}
