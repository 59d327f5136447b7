/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * String functions for libfdt and for us (firmware/memory.c has the rest), and
 * what Debian's libfdt needs besides because it is built with a stack
 * protector.
 *
 * The empty asm keeps the compiler from recognising a loop as the very function
 * that it implements, and calling that.
 */
#include <stdint.h>
#include <string.h>

#include "boot.h"

#define OPAQUE() __asm__ volatile("")

extern const uintptr_t __stack_chk_guard;
void __attribute__((noreturn)) __stack_chk_fail(void);

const uintptr_t __stack_chk_guard = 0x00cafe0ddba11000;

void __stack_chk_fail(void)
{
	fail("the stack was overwritten (libfdt's stack protector)");
}

void *memchr(const void *s, int byte, size_t size)
{
	const unsigned char *p = s;

	for (; size--; p++)
		if (*p == (unsigned char)byte)
			return (void *)p;
	return NULL;
}

size_t strnlen(const char *s, size_t limit)
{
	size_t length = 0;

	while (length < limit && s[length]) {
		length++;
		OPAQUE();
	}
	return length;
}

size_t strlen(const char *s)
{
	return strnlen(s, SIZE_MAX);
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (unsigned char)*a - (unsigned char)*b;
}

char *strchr(const char *s, int c)
{
	return memchr(s, c, strlen(s) + 1);
}

char *strrchr(const char *s, int c)
{
	const char *p = s + strlen(s);

	for (;; p--) {
		if (*p == (char)c)
			return (char *)p;
		if (p == s)
			return NULL;
	}
}
