/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks and what they can say. A check is a function: whatever it asks or
 * expects in vain fails it, and is printed below its line. Each starts with
 * every event unregistered on every PE and every PE masked, and must not mind
 * being left in the middle, by the watchdog or by an exception.
 */
#ifndef CONFORMANCE_CHECK_H
#define CONFORMANCE_CHECK_H

#include "arch.h"
#include "call.h"
#include "machine.h"

/* Results that are allowed: bit n stands for -n. */
#define OK            (1u << 0)
#define NOT_SUPPORTED (1u << 1)
#define INVALID       (1u << 2)
#define DENIED        (1u << 3)
#define PENDING       (1u << 5)
#define NO_RESOURCE   (1u << 10)

typedef void check_fn(uint64_t argument);

struct check {
	const char *section; /* of DEN0054C */
	const char *name;
	check_fn *run;
	uint64_t argument;
};

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define CHECKS(array) check_all(array, COUNT(array))
void check_all(const struct check *checks, size_t count);
void check(const char *section, check_fn *run, uint64_t argument,
	   const char *name, ...) PRINTF(4, 5);

/* The call must return one of the allowed results. Returns what it did. */
#define ASK(allowed, ...) ask(allowed, (const uint64_t[6]){ __VA_ARGS__ })
int64_t ask(unsigned allowed, const uint64_t c[6]);

/* The call must return exactly this. */
#define ASK_VALUE(value, ...) \
	ask_value(value, (const uint64_t[6]){ __VA_ARGS__ })
int64_t ask_value(int64_t value, const uint64_t c[6]);

bool expect(uint64_t got, uint64_t want, const char *what, ...) PRINTF(3, 4);
void fail(const char *why, ...) PRINTF(1, 2);

/* The rest of the check does not apply to this dispatcher or machine. */
void __attribute__((noreturn)) skip(const char *reason);
/* Nothing further can be learned: leave the check as it stands. */
void __attribute__((noreturn)) leave(void);

/* From exceptions: what they return to. NULL if no check runs on this PE. */
struct context *check_context(void);
void check_hung(void);
bool check_failed(void);
/* Of the check that runs, or did last. */
unsigned check_number(void);
void check_end(void);
void __attribute__((noreturn)) bail_out(const char *why, ...) PRINTF(1, 2);

#endif
