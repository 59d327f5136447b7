/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TAP, and what else all tests share: seeds, and how long a loop takes.
 */
#include "test.h"

struct handover *const handover = (struct handover *)(LINEAR_BASE + HANDOVER);
unsigned attempt;
uint64_t spins_ms;

static unsigned failures;

void check(bool ok, const char *what, ...)
{
	va_list args;

	if (ok || ++failures > 10)
		return;
	print("# ");
	va_start(args, what);
	print_args(what, args);
	va_end(args);
	print("\n");
}

void tap(const char *name, ...)
{
	va_list args;

	print("%sok %lu - ", failures ? "not " : "", ++handover->tap);
	va_start(args, name);
	print_args(name, args);
	va_end(args);
	print("\n");
	failures = 0;
}

void tap_skip(const char *reason, const char *name)
{
	print("ok %lu - %s # SKIP %s\n", ++handover->tap, name, reason);
}

void tap_end(void)
{
	print("1..%lu\n# done\n", handover->tap);
}

static uint64_t time_loop(uint64_t n)
{
	uint64_t start = now();

	__asm__ volatile("1: sub %0, %0, #1\n"
			 "cbnz %0, 1b"
			 : "+r"(n));
	return now() - start;
}

/* The best of some: an emulator is slow at first, and may lose its CPU. */
void calibrate(void)
{
	uint64_t n = 50000, best = ~UINT64_C(0);

	for (unsigned i = 0; i < 10; i++) {
		uint64_t ticks = time_loop(n);

		if (ticks && ticks < best)
			best = ticks;
	}
	spins_ms = n * microseconds(1000) / best;
	print("# %lu Hz, %lu iterations a millisecond\n",
	      read_sysreg(cntfrq_el0), spins_ms);
}

static uint64_t next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

uint64_t new_seed(void)
{
	static uint64_t last = 0x5de1;

	return last++;
}

/* Values that each register can hold; SP is the caller's. */
void fill_state(struct state *s, uint64_t seed)
{
	uint64_t *word = (uint64_t *)s;

	for (size_t i = 0; i < sizeof(*s) / 8; i++)
		word[i] = next(&seed);
	s->nzcv &= P_NZCV;
	s->elr &= ~UINT64_C(3);
	s->spsr = (s->spsr & P_NZCV) | P_DAIF | P_EL1H;
	s->esr &= 0xffffffff;
	s->vbar &= ~UINT64_C(0x7ff);
	s->mdscr = 0;
	s->fp.fpcr &= 0x07c00000;
	s->fp.fpsr &= 0x0800009f;
}
