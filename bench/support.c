/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Console and numbers for the benchmarks, and the memory functions that a
 * compiler may call in freestanding code.
 */
#include "support.h"

#include <stddef.h>

#define UART_BASE 0x09000000
#define UART_DR   (*(volatile uint32_t *)UART_BASE)

void unexpected_exception(uint64_t esr, uint64_t elr, uint64_t far);
void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);

void print(const char *s)
{
	for (; *s; s++)
		UART_DR = (uint8_t)*s;
}

void print_number(uint64_t value)
{
	char digits[24], *p = &digits[23];

	*p = '\0';
	do {
		*--p = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	print(p);
}

/* One instruction is one nanosecond. */
unsigned instructions_per_tick(void)
{
	uint64_t hz;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
	return hz ? (unsigned)(1000000000 / hz) : 1;
}

void print_row(const char *name, int64_t ticks, unsigned times, int known)
{
	int64_t hundredths = ticks * 100 * instructions_per_tick() / times -
			     100 * known;
	uint64_t tenths = hundredths < 0 ? 0 : (uint64_t)(hundredths + 5) / 10;

	print("row ");
	print(name);
	print(" ");
	print_number(tenths / 10);
	print(".");
	print_number(tenths % 10);
	print("\n");
}

void print_note(const char *name, const char *text)
{
	print("note ");
	print(name);
	print(" ");
	print(text);
	print("\n");
}

void unexpected_exception(uint64_t esr, uint64_t elr, uint64_t far)
{
	print("unexpected exception: esr ");
	print_number(esr);
	print(" elr ");
	print_number(elr);
	print(" far ");
	print_number(far);
	print("\n");
	power_off();
}

/* The empty asm keeps the compiler from calling the function it is in. */
void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	unsigned char *t = to;
	const unsigned char *f = from;

	if (((uintptr_t)t | (uintptr_t)f) % 8 == 0)
		for (; n >= 8; n -= 8, t += 8, f += 8) {
			*(uint64_t *)t = *(const uint64_t *)f;
			__asm__ volatile("");
		}
	for (; n; n--) {
		*t++ = *f++;
		__asm__ volatile("");
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
		__asm__ volatile("");
	}
	return to;
}

void *memset(void *to, int value, size_t n)
{
	unsigned char *t = to;

	for (; n; n--) {
		*t++ = (unsigned char)value;
		__asm__ volatile("");
	}
	return to;
}
