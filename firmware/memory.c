/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions that a compiler may call even in freestanding code, as the
 * manuals of gcc and clang say. Word by word where both sides allow it: records
 * and contexts are copied with them.
 *
 * The empty asm in the loops keeps the compiler from recognising them as the
 * very functions they implement, and calling those.
 */
#include <stddef.h>
#include <stdint.h>

#define OPAQUE() __asm__ volatile("")

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);
int memcmp(const void *a, const void *b, size_t n);

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	unsigned char *t = to;
	const unsigned char *f = from;

	if (((uintptr_t)t | (uintptr_t)f) % 8 == 0)
		for (; n >= 8; n -= 8, t += 8, f += 8) {
			*(uint64_t *)t = *(const uint64_t *)f;
			OPAQUE();
		}
	for (; n; n--) {
		*t++ = *f++;
		OPAQUE();
	}
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	unsigned char *t = to;
	const unsigned char *f = from;

	if (t <= f)
		return memcpy(to, from, n);
	for (; n; n--) {
		t[n - 1] = f[n - 1];
		OPAQUE();
	}
	return to;
}

void *memset(void *to, int value, size_t n)
{
	unsigned char *t = to;

	for (; n; n--) {
		*t++ = (unsigned char)value;
		OPAQUE();
	}
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}
