/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a compiler may call without being asked.
 */
#include "host.h"

void *memset(void *to, int value, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);

/* Without the attribute a compiler sees a memset here, too. */
#ifdef __clang__
#define AS_WRITTEN __attribute__((no_builtin))
#else
#define AS_WRITTEN \
	__attribute__((optimize("no-tree-loop-distribute-patterns")))
#endif

AS_WRITTEN void *memset(void *to, int value, size_t size)
{
	for (char *p = to; size--; p++)
		*p = (char)value;
	return to;
}

AS_WRITTEN void *memcpy(void *restrict to, const void *restrict from,
			size_t size)
{
	const char *q = from;

	for (char *p = to; size--; p++)
		*p = *q++;
	return to;
}
