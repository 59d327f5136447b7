/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Printing on the PL011. No lock: tests print from one CPU, and a panic must
 * get through whoever holds what. Lines end in a bare newline, as TAP wants.
 */
#include "host.h"

/* PL011 (Arm DDI 0183), registers in words. */
enum {
	DR = 0x00 / 4,
	FR = 0x18 / 4,
	IBRD = 0x24 / 4,
	FBRD = 0x28 / 4,
	LCR = 0x2c / 4,
	CR = 0x30 / 4
};
#define FR_TXFE      (1u << 7)
#define FR_BUSY      (1u << 3)
#define LCR_8N1_FIFO 0x70
#define FIFO_SIZE    16
#define CR_ENABLE    0x301

static volatile uint32_t *const uart =
	(volatile uint32_t *)(LINEAR_BASE + UART_BASE);

void console_start(void)
{
	uart[CR] = 0;
	uart[IBRD] = 13; /* 115200 baud from 24 MHz */
	uart[FBRD] = 1;
	uart[LCR] = LCR_8N1_FIFO;
	uart[CR] = CR_ENABLE;
}

/* A look at FR takes a hypervisor as long as a character: one a FIFO. */
static void put(char c)
{
	static unsigned room;

	while (!room)
		room = uart[FR] & FR_TXFE ? FIFO_SIZE : 0;
	room--;
	uart[DR] = (unsigned char)c;
}

static void put_text(const char *s)
{
	while (*s)
		put(*s++);
}

static void put_number(uint64_t value, unsigned base)
{
	char digits[20];
	unsigned n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (n)
		put(digits[--n]);
}

static void put_signed(int64_t value)
{
	if (value < 0)
		put('-');
	put_number(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10);
}

void print_args(const char *p, va_list args)
{
	for (; *p; p++) {
		bool is_long;

		if (*p != '%') {
			put(*p);
			continue;
		}
		is_long = *++p == 'l';
		if (is_long)
			p++;
		if (*p == 's')
			put_text(va_arg(args, const char *));
		else if (*p == 'c')
			put((char)va_arg(args, int));
		else if (*p == 'd')
			put_signed(is_long ? va_arg(args, int64_t)
					   : va_arg(args, int));
		else if (*p == 'u' || *p == 'x')
			put_number(is_long ? va_arg(args, uint64_t)
					   : va_arg(args, unsigned),
				   *p == 'u' ? 10 : 16);
		else
			put(*p);
	}
	while (uart[FR] & FR_BUSY)
		;
}

void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_args(format, args);
	va_end(args);
}
