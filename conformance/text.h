/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text: into a buffer, or onto UART0. The formats are %s, %c, %d, %u, %x, each
 * also with l for 64 bits, and %%.
 */
#ifndef CONFORMANCE_TEXT_H
#define CONFORMANCE_TEXT_H

#include <stdarg.h>
#include <stddef.h>

#define PRINTF(text, first) __attribute__((format(printf, text, first)))

/* What does not fit is dropped; `at` is always terminated. */
struct text {
	char *at;
	size_t size, used;
};

void text_start(struct text *t, char *at, size_t size);
void text_format(struct text *t, const char *format, va_list args);
void text_add(struct text *t, const char *format, ...) PRINTF(2, 3);

void console_start(void);
/* A character that was typed, or -1. */
int console_key(void);
void print(const char *format, ...) PRINTF(1, 2);

#endif
