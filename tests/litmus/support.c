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

/* In the largest accesses that fit: what is one register or word stays one. */
void *memcpy(void *to, const void *from, size_t n)
{
	const uintptr_t bits = (uintptr_t)to | (uintptr_t)from | n;
	const size_t step = bits % 8 ? bits % 4 ? 1 : 4 : 8;

	for (size_t i = 0; i < n; i += step) {
		volatile char *t = (char *)to + i;
		const char *f = (const char *)from + i;

		if (step == 8)
			*(volatile uint64_t *)t = *(const uint64_t *)f;
		else if (step == 4)
			*(volatile uint32_t *)t = *(const uint32_t *)f;
		else
			*t = *f;
	}
	return to;
}
