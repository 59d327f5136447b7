/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What both benchmarks use: a console, the counter, and how results are
 * printed for bench.py:
 *
 *	row NAME INSTRUCTIONS
 *	note NAME TEXT		(why there is no such row)
 *	end
 */
#ifndef BENCH_SUPPORT_H
#define BENCH_SUPPORT_H

#include <stdint.h>

void print(const char *s);
void print_number(uint64_t value);

/* Instructions that one tick of CNTVCT_EL0 stands for (-icount shift=0). */
unsigned instructions_per_tick(void);
/*
 * Print a row: `ticks` counted over `times` repetitions of the thing, less
 * `known` instructions of each that are the benchmark's own, or, if it is
 * negative, that were taken off and count.
 */
void print_row(const char *name, int64_t ticks, unsigned times, int known);
void print_note(const char *name, const char *text);

static inline uint64_t ticks_now(void)
{
	uint64_t ticks;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}

void __attribute__((noreturn)) power_off(void);
void bench_main(void);

#endif
