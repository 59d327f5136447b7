/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * burn32 SECONDS - burn for AArch32 at EL0, on the CPU that it is started on.
 * No C library: there is none for this target where arm64 is built.
 */
#include <stdint.h>

#define SYS_EXIT          1
#define SYS_WRITE         4
#define SYS_ACCESS        33
#define SYS_CLOCK_GETTIME 263
#define CLOCK_MONOTONIC   1
#define TURNS             20000u
#define GPRS              13u
#define Q_AND_GE          0x080A0000u
#define Q_AND_ALL_GE      0x080F0000u

struct values {
	double d[32];
	uint32_t r[GPRS];
	uint32_t apsr;
};

void hold32(const struct values *values, struct values *results,
	    uint32_t turns);
__attribute__((noreturn, used)) void burn32(const char *const *stack);

/* The compiler's own wish, for a structure. */
void *memcpy(void *to, const void *from, unsigned long size);
void *memcpy(void *to, const void *from, unsigned long size)
{
	volatile uint8_t *t = to;
	const uint8_t *f = from;

	while (size--)
		*t++ = *f++;
	return to;
}

static long call(long number, long a, long b, long c)
{
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;
	register long r7 __asm__("r7") = number;

	__asm__ volatile("svc #0"
			 : "+r"(r0)
			 : "r"(r1), "r"(r2), "r"(r7)
			 : "memory");
	return r0;
}

struct line {
	char text[64];
	unsigned length;
};

static void add(struct line *line, const char *text)
{
	while (*text)
		line->text[line->length++] = *text++;
}

static void add_number(struct line *line, uint32_t number)
{
	char text[12], *at = &text[11];

	*at = '\0';
	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	add(line, at);
}

/* At once: others print, too. */
static void report(uint32_t rounds, uint32_t mismatches)
{
	struct line line;

	line.length = 0;
	add(&line, "burn32: ");
	add_number(&line, rounds);
	add(&line, " rounds, ");
	add_number(&line, mismatches);
	add(&line, " mismatches\n");
	call(SYS_WRITE, 1, (long)line.text, (long)line.length);
}

static long seconds(void)
{
	volatile long now[2] = { 0, 0 };

	call(SYS_CLOCK_GETTIME, CLOCK_MONOTONIC, (long)now, 0);
	return now[0];
}

/* What hold32() does, done slowly. */
static struct values expect(const struct values *from)
{
	struct values v = *from;

	for (uint32_t i = 0; i < TURNS; i++) {
		double product = v.d[30] * v.d[29];

		v.r[12] = v.r[12] * v.r[11] + v.r[10];
		v.d[31] += product;
	}
	v.r[6]++;
	return v;
}

static uint32_t differences(const struct values *a, const struct values *b)
{
	const uint32_t *d = (const uint32_t *)a->d, *e = (const uint32_t *)b->d;
	uint32_t n = (b->apsr & Q_AND_ALL_GE) != Q_AND_GE;

	for (unsigned i = 0; i < 64; i++)
		n += d[i] != e[i];
	for (unsigned i = 0; i < GPRS; i++)
		n += a->r[i] != b->r[i];
	return n;
}

/* stack: how many words the command has, and the words. */
void burn32(const char *const *stack)
{
	static struct values from, want, got;
	const char *file = stack[2] ? stack[3] : 0;
	uint32_t rounds = 0, mismatches = 0;
	long end = 0;

	for (const char *c = stack[2]; c && *c >= '0' && *c <= '9'; c++)
		end = end * 10 + (*c - '0');
	for (unsigned i = 0; i < GPRS; i++)
		from.r[i] = 0x01010101u * (i + 1);
	for (unsigned i = 0; i < 32; i++)
		from.d[i] = 1.25 * (i + 1);
	from.apsr = Q_AND_GE;
	want = expect(&from);
	end += seconds();
	do {
		hold32(&from, &got, TURNS);
		mismatches += differences(&want, &got);
		rounds++;
	} while (file ? call(SYS_ACCESS, (long)file, 0, 0) != 0
		      : seconds() < end);
	report(rounds, mismatches);
	call(SYS_EXIT, mismatches != 0, 0, 0);
	__builtin_unreachable();
}

__asm__(".globl _start\n"
	".type _start, %function\n"
	"_start: mov r0, sp\n"
	"bic sp, sp, #7\n"
	"b burn32\n");
