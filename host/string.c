/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a compiler may call without being asked, and what libfdt needs.
 */
#include "host.h"

void *memmove(void *to, const void *from, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memchr(const void *s, int byte, size_t size);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t limit);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
void NORETURN __stack_chk_fail(void);

/* Without the attribute a compiler sees a memset here, too. */
#ifdef __clang__
#define AS_WRITTEN __attribute__((no_builtin))
#else
#define AS_WRITTEN __attribute__((optimize("no-tree-loop-distribute-patterns")))
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

AS_WRITTEN void *memmove(void *to, const void *from, size_t size)
{
	const char *q = from;
	char *p = to;

	if (p <= q)
		while (size--)
			*p++ = *q++;
	else
		while (size--)
			p[size] = q[size];
	return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const unsigned char *p = a, *q = b;

	for (; size; size--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

void *memchr(const void *s, int byte, size_t size)
{
	for (const unsigned char *p = s; size--; p++)
		if (*p == (unsigned char)byte)
			return (void *)(uint64_t)p;
	return NULL;
}

size_t strnlen(const char *s, size_t limit)
{
	size_t n = 0;

	while (n < limit && s[n])
		n++;
	return n;
}

AS_WRITTEN size_t strlen(const char *s)
{
	return strnlen(s, ~(size_t)0);
}

char *strchr(const char *s, int c)
{
	return memchr(s, c, strlen(s) + 1);
}

char *strrchr(const char *s, int c)
{
	for (size_t n = strlen(s) + 1; n--;)
		if (s[n] == (char)c)
			return (char *)(uint64_t)&s[n];
	return NULL;
}

/* Debian's libfdt has stack protectors. */
void __stack_chk_fail(void)
{
	panic("a stack was overrun in libfdt");
}

extern uint64_t __stack_chk_guard;
uint64_t __stack_chk_guard = 0x5de1cafe5de1cafe;
