/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formatting and the console, a PL011. Lines end in a bare newline: TAP is for
 * programs to read.
 */
#include <stdbool.h>
#include <stdint.h>

#include "platform.h"
#include "text.h"

/* PL011 (Arm DDI 0183), registers in words. */
enum {
	DR = 0x00 / 4,
	FR = 0x18 / 4,
	IBRD = 0x24 / 4,
	FBRD = 0x28 / 4,
	LCR = 0x2c / 4,
	CR = 0x30 / 4
};
#define FR_BUSY      (1u << 3)
#define FR_RXFE      (1u << 4)
#define LCR_8N1_FIFO 0x70
#define FIFO_SIZE    16
#define CR_ENABLE    0x301

static volatile uint32_t *const uart = (volatile uint32_t *)UART_BASE;

void text_start(struct text *t, char *at, size_t size)
{
	*t = (struct text){ .at = at, .size = size };
	at[0] = '\0';
}

static void put(struct text *t, char c)
{
	if (t->used + 1 >= t->size)
		return;
	t->at[t->used++] = c;
	t->at[t->used] = '\0';
}

static void put_string(struct text *t, const char *s)
{
	while (*s)
		put(t, *s++);
}

static void put_number(struct text *t, uint64_t value, unsigned base)
{
	char digits[20];
	unsigned n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (n)
		put(t, digits[--n]);
}

static void put_signed(struct text *t, int64_t value)
{
	if (value < 0)
		put(t, '-');
	put_number(t, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10);
}

void text_format(struct text *t, const char *p, va_list args)
{
	for (; *p; p++) {
		bool is_long;

		if (*p != '%') {
			put(t, *p);
			continue;
		}
		is_long = *++p == 'l';
		if (is_long)
			p++;
		if (*p == 's')
			put_string(t, va_arg(args, const char *));
		else if (*p == 'c')
			put(t, (char)va_arg(args, int));
		else if (*p == 'd')
			put_signed(t, is_long ? va_arg(args, int64_t)
					      : va_arg(args, int));
		else if (*p == 'u' || *p == 'x')
			put_number(t,
				   is_long ? va_arg(args, uint64_t)
					   : va_arg(args, unsigned),
				   *p == 'u' ? 10 : 16);
		else
			put(t, *p);
	}
}

void text_add(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_format(t, format, args);
	va_end(args);
}

void console_start(void)
{
	uart[CR] = 0;
	uart[IBRD] = 13; /* 115200 baud from 24 MHz */
	uart[FBRD] = 1;
	uart[LCR] = LCR_8N1_FIFO;
	uart[CR] = CR_ENABLE;
}

int console_key(void)
{
	return uart[FR] & FR_RXFE ? -1 : (int)(uart[DR] & 0xff);
}

void print(const char *format, ...)
{
	char line[4096];
	struct text t;
	va_list args;

	text_start(&t, line, sizeof(line));
	va_start(args, format);
	text_format(&t, format, args);
	va_end(args);
	/* A look at FR takes a hypervisor as long as a character: one a FIFO. */
	for (const char *s = line; *s;) {
		for (unsigned room = FIFO_SIZE; room && *s; room--)
			uart[DR] = (unsigned char)*s++;
		while (uart[FR] & FR_BUSY)
			;
	}
}
