/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small printf for a UART: %s %c %d %u %x %lu %lx, a width with leading
 * zeros (%016lx), and %%.
 */
#include "print.h"

#include "mmio.h"

static void put(uint64_t uart, char c)
{
	while (mmio_read32(uart + UART_FR) & UART_FR_TXFF)
		;
	mmio_write32(uart + UART_DR, (uint8_t)c);
}

static void put_string(uint64_t uart, const char *s)
{
	for (; *s; s++) {
		if (*s == '\n')
			put(uart, '\r');
		put(uart, *s);
	}
}

static void put_number(uint64_t uart, uint64_t value, unsigned base,
		       unsigned width)
{
	char digits[24];
	unsigned n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (width > n) {
		put(uart, '0');
		width--;
	}
	while (n)
		put(uart, digits[--n]);
}

static void put_signed(uint64_t uart, int64_t value)
{
	if (value < 0)
		put(uart, '-');
	put_number(uart, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10,
		   0);
}

/* One conversion; returns the format behind it. */
static const char *convert(uint64_t uart, const char *f, va_list *args)
{
	unsigned width = 0, is_long = 0;

	for (; *f >= '0' && *f <= '9'; f++)
		width = width * 10 + (unsigned)(*f - '0');
	for (; *f == 'l'; f++)
		is_long = 1;
	switch (*f) {
	case 's':
		put_string(uart, va_arg(*args, const char *));
		break;
	case 'c':
		put(uart, (char)va_arg(*args, int));
		break;
	case 'd':
		put_signed(uart,
			   is_long ? va_arg(*args, long) : va_arg(*args, int));
		break;
	case 'u':
	case 'x':
		put_number(uart,
			   is_long ? va_arg(*args, unsigned long)
				   : va_arg(*args, unsigned),
			   *f == 'x' ? 16 : 10, width);
		break;
	default:
		put(uart, *f);
		break;
	}
	return f + 1;
}

void uart_vprintf(uint64_t uart, const char *format, va_list args)
{
	va_list list;

	va_copy(list, args);
	while (*format) {
		if (*format == '%' && format[1]) {
			format = convert(uart, format + 1, &list);
			continue;
		}
		if (*format == '\n')
			put(uart, '\r');
		put(uart, *format++);
	}
	va_end(list);
}

void uart_printf(uint64_t uart, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	uart_vprintf(uart, format, args);
	va_end(args);
}
