/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all tests share: TAP, events at a chosen moment, and what a handler saw.
 */
#ifndef HOST_TEST_H
#define HOST_TEST_H

#include "host.h"

/* Something is wrong with the test that runs; its name ends it. */
void check(bool ok, const char *what, ...) PRINTF(2, 3);
void tap(const char *name, ...) PRINTF(1, 2);
void tap_skip(const char *reason, const char *name);
void tap_end(void);

/* What the last event on a CPU found. */
struct seen {
	unsigned count;
	const char *wrong; /* what no handler may find, or NULL */
	uint64_t time;
	bool guest; /* a guest was interrupted, at EL1 or EL0 */
	struct sdei_interrupted at;
	/* What to do in the handler, beside looking. */
	void (*action)(struct seen *seen);
	void *argument;
};
extern struct seen seen[2][MAX_CPUS]; /* by SDEI_PRIORITY_* */

/* events.c: the events that tests raise, by priority. */
#define NO_EVENT UINT32_MAX
extern uint32_t events[2];
void event_enable(unsigned priority, uint32_t number);
/* Register and enable them anew, with another client. */
void events_again(void);
/* If it is shared: from now on to that CPU. */
void event_route(unsigned priority, unsigned cpu);
/*
 * Raise it on this CPU after so many ticks; 0 takes it back. False: nobody raises
 * one of that priority.
 */
bool raise_after(unsigned priority, uint64_t ticks);
/* Who does so; `came`, if there is one, is called by the handler. */
struct raiser {
	bool (*raise)(unsigned priority, uint64_t ticks);
	void (*came)(unsigned priority);
};
extern const struct raiser *raiser;

/* raise.c: find who raises them, register and enable them. */
void events_start(void);
/* The firmware has the service to do so: any event, any instruction. */
extern bool exact;

/*
 * outside.c: events are raised by somebody outside, about `lateness`
 * microseconds after raise_after(), whatever was said there.
 */
extern bool outside;
extern uint64_t lateness, lateness_most;
void outside_start(void);
void outside_ask(uint32_t event, unsigned cpu);
/* Wait until what was asked for has come. */
void outside_settle(void);
/*
 * neighbour.c: events are signals of another CPU's. None may be raised while
 * this CPU masks events: in TF-A 2.12 that ends all normal events of the CPU.
 */
extern bool neighbour;
void neighbour_start(void);
bool neighbour_stop(void);
/* How long to wait for what takes no more than `us` with events at hand. */
static inline uint64_t patience(uint64_t us)
{
	return outside ? 5 * us : us;
}

/*
 * A test's event must come while somebody waits for it. On a busy machine time
 * goes on while nothing runs: so there are several attempts, each with its
 * event later and its wait longer than the one before.
 */
#define ATTEMPTS 6
extern unsigned attempt;
/* Iterations of a probe's loop that take about a millisecond; how many is measured. */
extern uint64_t spins_ms;
void calibrate(void);
static inline uint64_t raise_ticks(void)
{
	return microseconds(2000) << attempt;
}
static inline uint64_t wait_spins(void)
{
	return (10 + lateness / 1000) * spins_ms << 2 * attempt;
}
void fill_state(struct state *s, uint64_t seed);
/* Another one each time, and the same ones in each run. */
uint64_t new_seed(void);

/* What one image leaves for the next. `mode` is the loader's: MODE_*. */
struct handover {
	uint64_t mode, magic, stage;
	uint64_t tap; /* results so far */
	uint64_t result, masked, stopped;
};
extern struct handover *const handover;
#define HANDOVER_MAGIC 0x5de15de15de15de1
enum { MODE_ALL, MODE_SWEEP, MODE_PANIC };

/* kexec.c */
void image_copy(void);
bool image_has_next(void);
void NORETURN kexec(void);
void NORETURN crash(void);
void test_after_kexec(void);
void test_after_crash(void);

void test_context(void);
void test_aarch32(void);
void test_many(void);
/* On this CPU, without a line of TAP: an event in each place but guests. */
void contexts_here(unsigned priority);
void aarch32_here(unsigned priority);
/* A job on any CPU, this one included, until it is done. */
bool do_on(unsigned cpu, work *job, void *argument);
void test_handler(void);
void test_panic(void);
void test_signal(void);
void test_cpus(void);
void test_bind(void);
void check_all_events(void);

#endif
