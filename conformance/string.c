/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the compiler calls for structures. The barriers keep it from turning
 * the loops into calls of these functions.
 */
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memset(void *to, int value, size_t n);

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	const unsigned char *f = from;
	unsigned char *t = to;

	for (size_t i = 0; i < n; i++) {
		t[i] = f[i];
		__asm__ volatile("");
	}
	return to;
}

void *memset(void *to, int value, size_t n)
{
	unsigned char *t = to;

	for (size_t i = 0; i < n; i++) {
		t[i] = (unsigned char)value;
		__asm__ volatile("");
	}
	return to;
}
