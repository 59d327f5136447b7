/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several PEs at once: each a thread that does at random what clients and
 * firmware do, for THREADS_SECONDS (10). Then nothing is triggered any more,
 * everything may run, and the counts must add up: after the last trigger of each
 * event a handler of it ran; none ran without a trigger; what was triggered only
 * after the one before had been handled ran exactly as often.
 */
#include "machine.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PATIENCE 20 /* seconds for what is pending to be handled */

static atomic_int phase;  /* 0: at random, 1: only handle, 2: end */
static atomic_uint quiet; /* threads that have reached phase 1 */

static const uint32_t hammered[] = { SHARED, SHARED_2, SHARED_CRIT };

static unsigned pick(struct thread *t, unsigned n)
{
	t->random = t->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(t->random >> 33) % n;
}

static void expect(int64_t result, uint32_t fid, unsigned allowed)
{
	if (result > 0 || result < -10 || !(allowed >> -result & 1))
		wrong("call %x: %ld", fid, result);
}

#define OK      (1u << 0)
#define INVALID (1u << 2)
#define DENIED  (1u << 3)
#define PENDING (1u << 5)

/*
 * A call whose answer must be among these. Not for those that may enter a
 * handler: their answer lies in what it interrupted.
 */
static int64_t ask(struct thread *t, uint32_t fid, uint64_t x1, uint64_t x2,
		   uint64_t x3, unsigned allowed)
{
	int64_t result = call(t, fid, x1, x2, x3);

	expect(result, fid, allowed);
	return result;
}

static void register_private(struct thread *t)
{
	static const uint32_t private[] = { SIGNALLED, PRIVATE_MAIL,
					    PRIVATE_CRIT };

	for (unsigned i = 0; i < 3; i++) {
		expect(register_event(t, private[i]), SDEI_FID_EVENT_REGISTER,
		       OK | DENIED);
		call(t, SDEI_FID_EVENT_ENABLE, private[i], 0, 0);
	}
}

static void register_shared(struct thread *t)
{
	for (unsigned i = 0; i < 3; i++) {
		expect(register_event(t, hammered[i]), SDEI_FID_EVENT_REGISTER,
		       OK | DENIED);
		call(t, SDEI_FID_EVENT_ENABLE, hammered[i], 0, 0);
	}
	for (unsigned i = 0; i < PES; i++) {
		register_event(t, SHARED_MAIL + i);
		call(t, SDEI_FID_EVENT_ENABLE, SHARED_MAIL + i, 0, 0);
	}
}

/* Let others run while this PE is in the state it has just reached. */
static void dally(struct thread *t)
{
	for (unsigned n = pick(t, 4); n; n--)
		sched_yield();
}

static void signal_someone(struct thread *t)
{
	unsigned target = pick(t, PES);

	add_any(&counter_of(SIGNALLED, target)->triggers, 1);
	call(t, SDEI_FID_EVENT_SIGNAL, SIGNALLED, target, 0);
}

/* A letter, once the one before was taken. */
static void send_mail(struct thread *t, bool private)
{
	unsigned to = private ? (t->index + 1) % PES : t->index;
	uint32_t number = private ? PRIVATE_MAIL : SHARED_MAIL + t->index;
	struct counter *c = counter_of(number, to);

	if (!atomic_load(&mail_taken[private][to]))
		return;
	atomic_store(&mail_taken[private][to], false);
	mail[private][to] = (load_any(&c->triggers) + 1) * 3;
	raise_event(t, number, to);
}

static void mask_awhile(struct thread *t)
{
	int64_t was = call(t, SDEI_FID_PE_MASK, 0, 0, 0);
	unsigned depth = t->depth;

	if (was != 0 && was != 1)
		wrong("PE_MASK: %ld", was);
	dally(t);
	deliver(t);
	if (t->depth != depth)
		wrong("a handler entered on PE %u, masked", t->index);
	call(t, SDEI_FID_PE_UNMASK, 0, 0, 0);
}

/* Routing needs "registered, not enabled, not running": it may be denied. */
static void reroute(struct thread *t)
{
	uint32_t number = hammered[pick(t, 3)];

	ask(t, SDEI_FID_EVENT_DISABLE, number, 0, 0, OK | DENIED);
	ask(t, SDEI_FID_EVENT_ROUTING_SET, number, pick(t, 2), pick(t, PES),
	    OK | DENIED);
	dally(t);
	call(t, SDEI_FID_EVENT_ENABLE, number, 0, 0);
}

static void reregister(struct thread *t)
{
	uint32_t number = hammered[pick(t, 3)];

	ask(t, SDEI_FID_EVENT_UNREGISTER, number, 0, 0, OK | DENIED | PENDING);
	dally(t);
	expect(register_event(t, number), SDEI_FID_EVENT_REGISTER, OK | DENIED);
	call(t, SDEI_FID_EVENT_ENABLE, number, 0, 0);
}

/* Fire, each time after the one before was handled; at times register anew. */
static void use_own_interrupt(struct thread *t)
{
	uint32_t interrupt = OWN_SPI + t->index;

	/* Handled is not yet completed: then it is still active. */
	if (!atomic_load(&own_handled[t->index]) ||
	    interrupt_is_active(interrupt, 0))
		return;
	if (!pick(t, 4))
		ask(t, SDEI_FID_EVENT_UNREGISTER, t->own_event, 0, 0,
		    OK | DENIED | PENDING);
	expect(register_event(t, t->own_event), SDEI_FID_EVENT_REGISTER,
	       OK | DENIED);
	call(t, SDEI_FID_EVENT_ENABLE, t->own_event, 0, 0);
	/* REGISTER came while it was on its way out: another time. */
	if (!(call(t, SDEI_FID_EVENT_STATUS, t->own_event, 0, 0) &
	      SDEI_STATUS_REGISTERED))
		return;
	ask(t, SDEI_FID_INTERRUPT_RELEASE, t->own_event, 0, 0, DENIED);
	atomic_store(&own_handled[t->index], false);
	if (!fire(t, interrupt))
		wrong("interrupt %u does not fire", interrupt);
	t->own_fired++;
}

/* Too few slots, and all threads bind into them, use them and release them. */
static void fight(struct thread *t)
{
	uint32_t interrupt = (pick(t, 2) ? FOUGHT_SPI : FOUGHT_PPI) +
			     pick(t, FOUGHT);
	int64_t number = call(t, SDEI_FID_INTERRUPT_BIND, interrupt, 0, 0);

	if (number == SDEI_OUT_OF_RESOURCE)
		return;
	if (number < SDEI_EVENT_BOUND)
		wrong("BIND of %u: %ld", interrupt, number);
	if (pick(t, 2))
		expect(register_event(t, (uint32_t)number),
		       SDEI_FID_EVENT_REGISTER, OK | DENIED | INVALID);
	if (pick(t, 2))
		call(t, SDEI_FID_EVENT_ENABLE, (uint64_t)number, 0, 0);
	if (pick(t, 2))
		fire(t, interrupt);
	ask(t, SDEI_FID_EVENT_UNREGISTER, (uint64_t)number, 0, 0,
	    OK | DENIED | PENDING | INVALID);
	ask(t, SDEI_FID_INTERRUPT_RELEASE, (uint64_t)number, 0, 0,
	    OK | DENIED | INVALID);
}

/* Only the last PE goes off: signals to it may get lost, nothing else. */
static void power_cycle(struct thread *t)
{
	if (t->index != PES - 1)
		return;
	power_off(t);
	dally(t);
	sdei_pe_on(dispatcher, t->index);
	register_private(t);
	call(t, SDEI_FID_PE_UNMASK, 0, 0, 0);
}

static void act(struct thread *t)
{
	/* clang-format off */
	switch (pick(t, 16)) {
	case 0: mask_awhile(t); break;
	case 1: reroute(t); break;
	case 2: reregister(t); break;
	case 3: fight(t); break;
	case 4: if (!pick(t, 8)) power_cycle(t); break;
	case 5: case 6: use_own_interrupt(t); break;
	case 7: case 8: signal_someone(t); break;
	case 9: raise_event(t, PRIVATE_CRIT, pick(t, PES)); break;
	case 10: case 11: send_mail(t, pick(t, 2)); break;
	default: raise_event(t, hammered[pick(t, 3)], 0); break;
		/* clang-format on */
	}
}

static void poll(struct thread *t)
{
	if (exchange_any(&t->kicked, false))
		deliver(t);
}

static void *run(void *argument)
{
	struct thread *t = argument;

	while (atomic_load(&phase) == 0) {
		poll(t);
		/* In a handler: now and then something else first. */
		if (t->depth && pick(t, 3))
			leave(t);
		else
			act(t);
	}
	/* Whoever switched something off has switched it on by now. */
	atomic_fetch_add(&quiet, 1);
	while (atomic_load(&quiet) < PES)
		sched_yield();
	while (t->depth)
		leave(t);
	register_shared(t);
	while (atomic_load(&phase) != 2) {
		poll(t);
		if (t->depth)
			leave(t);
		else
			sched_yield();
	}
	return NULL;
}

/* Was the last trigger handled? Signals to the PE that goes off: perhaps. */
static bool handled(uint32_t number, unsigned pe)
{
	struct counter *c = counter_of(number, pe);

	return load_any(&c->running) == 0 &&
	       (load_any(&c->seen) == load_any(&c->triggers) ||
		(number == SIGNALLED && pe == PES - 1));
}

/* The first event that still waits for a handler, or 0 and *pe = PES. */
static uint32_t waiting(unsigned *pe)
{
	static const uint32_t all[] = { SIGNALLED, PRIVATE_MAIL, PRIVATE_CRIT,
					SHARED,    SHARED_2,     SHARED_CRIT };

	for (*pe = 0; *pe < PES; ++*pe) {
		for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++)
			if (!handled(all[i], *pe))
				return all[i];
		if (!handled(SHARED_MAIL + *pe, *pe))
			return SHARED_MAIL + *pe;
		if (interrupt_is_active(OWN_SPI + *pe, 0))
			return OWN_SPI + *pe;
	}
	return 0;
}

static void __attribute__((noreturn)) stuck(uint32_t number, unsigned pe)
{
	struct sdei_report r;

	for (unsigned i = 0; sdei_query(dispatcher, pe, i, &r); i++)
		if (r.info)
			fprintf(stderr,
				"threads: PE %u sees event %x: status %u, pending %d, routing mode %u to %lx\n",
				pe, r.info->number, r.status, r.pending,
				r.routing_mode, r.affinity);
	for (unsigned i = 0; i < PES; i++)
		fprintf(stderr, "threads: PE %u: masked %d, in a handler %d\n",
			i, sdei_pe_masked(dispatcher, i),
			sdei_pe_in_handler(dispatcher, i));
	wrong("event %x waits for PE %u, and nobody comes", number, pe);
}

static void check_exact(const char *what, struct counter *c)
{
	unsigned long triggers = load_any(&c->triggers);
	unsigned long entries = load_any(&c->entries);

	if (triggers != entries)
		wrong("%s: %lu triggers, %lu handlers", what, triggers,
		      entries);
}

static void report(const char *what, uint32_t number, unsigned pes)
{
	unsigned long triggers = 0, entries = 0;

	for (unsigned pe = 0; pe < pes; pe++) {
		triggers += load_any(&counter_of(number, pe)->triggers);
		entries += load_any(&counter_of(number, pe)->entries);
	}
	printf("threads: %-22s %9lu triggers %9lu handlers\n", what, triggers,
	       entries);
}

static void judge(void)
{
	for (unsigned pe = 0; pe < PES; pe++) {
		check_exact("private mail", counter_of(PRIVATE_MAIL, pe));
		check_exact("shared mail", counter_of(SHARED_MAIL + pe, 0));
		check_exact("an interrupt of its own",
			    counter_of_interrupt(OWN_SPI + pe, 0));
	}
	report("signals", SIGNALLED, PES);
	report("private, critical", PRIVATE_CRIT, PES);
	report("private, exactly once", PRIVATE_MAIL, PES);
	for (unsigned i = 0; i < 3; i++)
		report("shared", hammered[i], 1);
	for (unsigned i = 0; i < PES; i++)
		report("shared, exactly once", SHARED_MAIL + i, 1);
	for (unsigned i = 0; i < PES; i++)
		printf("threads: interrupt %u fired and was handled %lu times\n",
		       OWN_SPI + i, threads[i].own_fired);
}

static void pause_ms(long ms)
{
	struct timespec span = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&span, NULL);
}

/* These are bound for good: nobody else is to get their numbers. */
static void bind_own(struct thread *t)
{
	t->own_event = (uint32_t)call(t, SDEI_FID_INTERRUPT_BIND,
				      OWN_SPI + t->index, 0, 0);
	expect(register_event(t, t->own_event), SDEI_FID_EVENT_REGISTER, OK);
	call(t, SDEI_FID_EVENT_ENABLE, t->own_event, 0, 0);
	atomic_store(&own_handled[t->index], true);
}

static void start(void)
{
	make_machine();
	for (unsigned pe = 0; pe < PES; pe++) {
		sdei_pe_on(dispatcher, pe);
		register_private(&threads[pe]);
		bind_own(&threads[pe]);
	}
	register_shared(&threads[0]);
	for (unsigned pe = 0; pe < PES; pe++)
		call(&threads[pe], SDEI_FID_PE_UNMASK, 0, 0, 0);
}

/* Looks, each hundredth of a second, until nothing more is waited for. */
static unsigned looks(void)
{
	const char *factor = getenv("OPENSDEI_PATIENCE");
	double slowness = factor ? strtod(factor, NULL) : 1;

	return (unsigned)(100 * PATIENCE * (slowness > 1 ? slowness : 1));
}

int main(void)
{
	const char *seconds = getenv("THREADS_SECONDS");
	pthread_t id[PES];
	uint32_t number;
	unsigned pe;

	start();
	for (unsigned i = 0; i < PES; i++)
		if (pthread_create(&id[i], NULL, run, &threads[i]))
			wrong("no thread");
	pause_ms(1000 * (seconds ? atol(seconds) : 10));
	atomic_store(&phase, 1);
	for (unsigned n = 0; (number = waiting(&pe), pe < PES); n++) {
		if (n > looks())
			stuck(number, pe);
		pause_ms(10);
	}
	atomic_store(&phase, 2);
	for (unsigned i = 0; i < PES; i++)
		pthread_join(id[i], NULL);
	judge();
	return 0;
}
