/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The example of use. A bound timer interrupt makes a private event, or there is
 * one that a hypervisor has: its handler sees whether the CPU has taken a tick
 * since. Event 0, signalled, makes any CPU say where it is, also a masked one.
 */
#include "watchdog.h"

#define PATIENCE 2 /* looks: a CPU may have been late once */

static struct watch {
	uint64_t ticks; /* of the CPU, when the dog last looked */
	unsigned quiet; /* looks since it took one */
	unsigned looks, bites;
	struct trace trace;
} watches[MAX_CPUS];
static uint64_t period;
static uint32_t event;
static bool bound;

/* What backtrace_all() waits for. */
static struct trace *wanted;
static unsigned answered;

/* Follow the frame pointers, as long as they stay on a stack of ours. */
static void take_trace(struct trace *t, const struct sdei_interrupted *at)
{
	uint64_t frame = at->x[29];

	t->pc[0] = at->pc;
	t->depth = 1;
	if ((at->pstate & P_MODE) != P_HOST)
		return;
	while (t->depth < TRACE_DEPTH && frame >= LINEAR_BASE && !(frame & 7)) {
		const uint64_t *f = (const uint64_t *)frame;

		if (f[0] && f[0] <= frame)
			return;
		t->pc[t->depth++] = f[1];
		frame = f[0];
	}
}

static void wind(void)
{
	write_sysreg(EVENT_TIMER_CVAL, read_sysreg(cntvct_el0) + period);
	write_sysreg(EVENT_TIMER_CTL, period ? 1 : 0);
	isb();
}

static void wind_call(void *unused)
{
	(void)unused;
	watches[this_cpu()->index] = (struct watch){ .ticks = ~UINT64_C(0) };
	wind();
}

static int look(const struct sdei_interrupted *at, void *argument)
{
	struct watch *w = &watches[at->cpu];
	uint64_t ticks = cpus[at->cpu].ticks;

	(void)argument;
	w->quiet = ticks == w->ticks ? w->quiet + 1 : 0;
	if (w->quiet >= PATIENCE) {
		if (!w->bites) /* Then it stays: it may be read now. */
			take_trace(&w->trace, at);
		store(w->bites, w->bites + 1);
	}
	w->ticks = ticks;
	w->looks++;
	wind();
	return SDEI_HANDLED;
}

static int answer(const struct sdei_interrupted *at, void *argument)
{
	(void)argument;
	take_trace(&wanted[at->cpu], at);
	__atomic_fetch_or(&answered, 1u << at->cpu, __ATOMIC_ACQ_REL);
	return SDEI_HANDLED;
}

/* Both beforehand: a CPU that is stuck cannot take part in a registration. */
int watchdog_start(uint64_t us, uint32_t number)
{
	int result = 0;

	event = number;
	bound = !number;
	if (bound)
		result = sdei_client_bind(client, IRQ_EVENT, &event);
	if (!result)
		result = sdei_client_register(client, event, look, NULL);
	if (!result)
		result = sdei_client_enable(client, event);
	if (!result)
		result = sdei_client_register(client, SDEI_EVENT_SIGNALLED,
					      answer, NULL);
	if (!result)
		result = sdei_client_enable(client, SDEI_EVENT_SIGNALLED);
	if (result)
		return result;
	period = bound ? microseconds(us) : 0;
	cpu_call_all(wind_call, NULL);
	return 0;
}

static void finish(uint32_t number)
{
	sdei_client_disable(client, number);
	while (sdei_client_unregister(client, number) == SDEI_PENDING)
		;
}

void watchdog_stop(void)
{
	period = 0;
	cpu_call_all(wind_call, NULL);
	finish(SDEI_EVENT_SIGNALLED);
	finish(event);
	if (bound)
		sdei_client_release(client, event);
}

unsigned watchdog_bites(unsigned cpu, struct trace *trace)
{
	unsigned bites = load(watches[cpu].bites);

	*trace = watches[cpu].trace;
	return bites;
}

unsigned watchdog_looks(unsigned cpu)
{
	return load(watches[cpu].looks);
}

unsigned backtrace_all(struct trace traces[MAX_CPUS], uint64_t us)
{
	unsigned all = (1u << cpu_count) - 1;

	wanted = traces;
	store(answered, 0);
	for (unsigned i = 0; i < cpu_count; i++)
		sdei_client_signal(client, i);
	wait_until(load(answered) == all, us);
	return load(answered);
}
