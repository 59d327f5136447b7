/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the client leaves to the dispatcher to carry over: a registration, what was
 * written before a signal. The dispatcher is plain memory here, as little as one may
 * promise: it need not order for the client what it does not look at itself.
 */
#include "litmus.h"

#include "../../lib/client/internal.h"

#define CPUS  2u
#define EVENT UINT32_C(10)
#define STACK 1024u

static struct sdei_client *c;
/* The dispatcher's: which registration; a signal is pending. */
static uint64_t registered, signalled;
static uint64_t data, seen;

#define get(p)    (*(const volatile __typeof__(*(p)) *)(p))
#define put(p, v) (*(volatile __typeof__(*(p)) *)(p) = (v))

static int64_t call(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		    uint64_t x4, uint64_t x5)
{
	(void)x1, (void)x2, (void)x4, (void)x5;
	if (fid == SDEI_FID_EVENT_REGISTER)
		put(&registered, x3);
	if (fid == SDEI_FID_EVENT_SIGNAL)
		put(&signalled, 1);
	return 0;
}

static uint64_t call_in_handler(uint64_t fid, uint64_t x1)
{
	(void)fid, (void)x1;
	return 0;
}

static unsigned this_cpu(void *context)
{
	(void)context;
	return 0;
}

static bool run_on(void *context, unsigned cpu, void (*function)(void *),
		   void *argument)
{
	(void)context, (void)cpu;
	function(argument);
	return true;
}

static void trouble(void *context, enum sdei_trouble what, unsigned cpu,
		    uint32_t event, int64_t detail)
{
	(void)context, (void)what, (void)cpu, (void)event, (void)detail;
}

static int handler(const struct sdei_interrupted *interrupted, void *argument)
{
	(void)interrupted;
	seen = get((const uint64_t *)argument);
	return SDEI_HANDLED + 1;
}

static void start(void)
{
	static char memory[16384] __attribute__((aligned(16)));
	static char stacks[2][STACK] __attribute__((aligned(16)));
	static struct sdei_client_cpu cpus[CPUS];
	static const struct sdei_client_ops ops = {
		.cpu = this_cpu,
		.run_on = run_on,
		.trouble = trouble,
	};
	static const struct sdei_client_config config = {
		.cpus = cpus,
		.ops = &ops,
		.cpu_count = CPUS,
		.event_count = 1,
		.stack_size = STACK,
		.conduit = SDEI_CONDUIT_SMC,
		.call = call,
	};

	for (unsigned i = 0; i < CPUS; i++) {
		cpus[i].affinity = i;
		cpus[i].stack[0] = stacks[0];
		cpus[i].stack[1] = stacks[1];
	}
	c = sdei_client_init(memory, sizeof(memory), &config, NULL);
	client_fill_cpu(c);
	c->state = READY;
	c->cpus[0].up = true;
	c->cpus[0].level[0].call = call_in_handler;
	c->cpus[0].level[1].call = call_in_handler;
	name(&registered, "registered", 0);
	name(&signalled, "signalled", 0);
	name(&data, "data", 0);
	name(&c->events->handler, "handler", 0);
	name(&c->events->argument, "argument", 0);
	name(&c->events->number, "number", 0);
	name(&c->registrations->level, "level", 0);
	name(&c->registrations->event, "event", 0);
}

static void carried(const void *by, const void *place, uint64_t before)
{
	odd = (struct outcome){ place, before };
	odd_thread = 1;
	only[0] = by;
	only[1] = place;
}

/* All that a handler follows is there when the dispatcher has its registration. */

static void t0_register(void)
{
	put(&data, 1);
	sdei_client_register(c, EVENT, handler, &data);
}

/* As entry.S does. */
static void t1_event(void)
{
	const struct registration *r =
		(const struct registration *)get(&registered);

	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	client_event(get(&r->level), r);
}

static void b_level(void)
{
	start();
	carried(&registered, &c->registrations->level, 0);
}

static void b_event(void)
{
	start();
	carried(&registered, &c->registrations->event, 0);
}

static void b_handler(void)
{
	start();
	carried(&registered, &c->events->handler, 0);
}

static void b_argument(void)
{
	start();
	carried(&registered, &data, 0);
}

/* Who gets a signal sees what was written before it was sent. */

static void t0_signal(void)
{
	put(&data, 1);
	sdei_client_signal(c, 1);
}

static void t1_signal(void)
{
	seen = get(&signalled);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	seen = get(&data);
}

static void b_signal(void)
{
	start();
	carried(&signalled, &data, 0);
}

const struct litmus tests[] = {
	{ "client-level", b_level, { t0_register, t1_event }, { 0, AFTER(0) } },
	{ "client-event", b_event, { t0_register, t1_event }, { 0, AFTER(0) } },
	{ "client-handler",
	  b_handler,
	  { t0_register, t1_event },
	  { 0, AFTER(0) } },
	{ "client-argument",
	  b_argument,
	  { t0_register, t1_event },
	  { 0, AFTER(0) } },
	{ "client-signal",
	  b_signal,
	  { t0_signal, t1_signal },
	  { 0, AFTER(0) } },
	{ 0 },
};
