/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions that a compiler may call even in freestanding code, as the
 * manuals of gcc and clang say. Words at a time where both sides allow it: records
 * are copied with them.
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

/*
 * Two of a size at a time, while both sides are aligned to one. Both are read before
 * either is written, which `volatile` holds the compiler to: memmove() of what
 * overlaps comes here, too.
 */
#define COPY(type) \
	for (; n >= 2 * sizeof(type); n -= 2 * sizeof(type)) { \
		const type one = ((const volatile type *)f)[0]; \
		const type two = ((const volatile type *)f)[1]; \
\
		((volatile type *)t)[0] = one; \
		((volatile type *)t)[1] = two; \
		t += 2 * sizeof(type); \
		f += 2 * sizeof(type); \
	}

/* From the first byte to the last. */
static inline void copy_up(unsigned char *t, const unsigned char *f, size_t n)
{
	const uintptr_t both = (uintptr_t)t | (uintptr_t)f;

	if (both % 4 == 0) {
		if (both % 8 == 0)
			COPY(uint64_t)
		COPY(uint32_t)
	}
	for (; n; n--) {
		*t++ = *f++;
		OPAQUE();
	}
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	copy_up(to, from, n);
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	unsigned char *t = to;
	const unsigned char *f = from;

	if (t <= f) {
		copy_up(t, f, n);
		return to;
	}
	for (; n; n--) {
		t[n - 1] = f[n - 1];
		OPAQUE();
	}
	return to;
}

void *memset(void *to, int value, size_t n)
{
	const uint64_t word = (uint8_t)value * UINT64_C(0x0101010101010101);
	unsigned char *t = to;

	if ((uintptr_t)t % 8 == 0)
		for (; n >= 16; n -= 16, t += 16) {
			((uint64_t *)t)[0] = word;
			((uint64_t *)t)[1] = word;
			OPAQUE();
		}
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
