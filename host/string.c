/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a compiler may call without being asked.
 */
#include "host.h"

/* Without the attribute a compiler sees a memset here, too. */
#ifdef __clang__
#define AS_WRITTEN __attribute__((no_builtin))
#else
#define AS_WRITTEN \
	__attribute__((optimize("no-tree-loop-distribute-patterns")))
#endif

/* By words where that is possible: nearly everything here is made of them. */
AS_WRITTEN void *memset(void *to, int value, size_t size)
{
	char *p = to;

	if (!value && (uint64_t)p % 8 == 0)
		for (; size >= 8; size -= 8, p += 8)
			*(uint64_t *)p = 0;
	while (size--)
		*p++ = (char)value;
	return to;
}

AS_WRITTEN void *memcpy(void *restrict to, const void *restrict from,
			size_t size)
{
	const char *q = from;
	char *p = to;

	if (((uint64_t)p | (uint64_t)q) % 8 == 0)
		for (; size >= 8; size -= 8, p += 8, q += 8)
			*(uint64_t *)p = *(const uint64_t *)q;
	while (size--)
		*p++ = *q++;
	return to;
}
