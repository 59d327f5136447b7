/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A litmus test: what each of two or three PEs does, by the library's own
 * functions, and an outcome that must not be. litmus.py runs the functions one by
 * one, notes which accesses to memory each makes, and asks herd7 for an execution
 * in which every load returns again what it returned then.
 *
 * A thread starts from where `from` says. All from BEFORE: none saw what the others
 * did. From AFTER(n): it saw what thread n did; `odd` then says which one load
 * returns something else, and is the last that counts, since another way may
 * follow. At TURN: it runs where thread 0 calls turn().
 */
#ifndef LITMUS_H
#define LITMUS_H

#include <stdint.h>

#define THREADS  3
#define BEFORE   0
#define AFTER(n) (1 + (n))
#define TURN     4

struct litmus {
	const char *name;
	void (*before)(void);
	void (*thread[THREADS])(void);
	uint64_t from[THREADS];
};

/* Ends with one that has no name. */
extern const struct litmus tests[];

/* The outcome, told by before(): what else must hold beside what was loaded. */
struct outcome {
	const void *at;
	uint64_t value;
};

extern struct outcome odd; /* the first load of a place by the odd thread */
extern uint64_t odd_thread;
extern struct outcome finals[4]; /* in memory in the end */

/*
 * Not all places, for herd7's sake, but these. What is left out could only forbid
 * more, so Never is Never.
 */
extern const void *only[4];

/* What locations are called in the tests that are made: litmus.py reads it. */
struct name {
	const void *at;
	const char *name;
	uint64_t number; /* behind the name */
};

extern struct name names[128];
void name(const void *at, const char *called, unsigned number);

void turn(void);

#endif
