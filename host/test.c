/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TAP, the events that tests raise, and their handler.
 */
#include "test.h"

struct seen seen[2][MAX_CPUS];
uint32_t events[2] = { NO_EVENT, NO_EVENT };
bool exact;
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

bool raise_after(unsigned priority, uint64_t ticks)
{
	if (exact)
		return !firmware_raise(events[priority], ticks);
	if (outside) {
		outside_raise(priority);
		return true;
	}
	if (priority)
		return false;
	if (neighbour) {
		neighbour_raise(ticks);
		return true;
	}
	write_sysreg(EVENT_TIMER_CVAL, read_sysreg(cntvct_el0) + ticks);
	write_sysreg(EVENT_TIMER_CTL, ticks ? 1 : 0);
	isb();
	return true;
}

/* What holds in every handler, whoever was interrupted. */
static const char *look(const struct sdei_interrupted *at)
{
	uint64_t number = read_sysreg(mpidr_el1) & (MAX_CPUS - 1);
	uint64_t pan;

	if (this_cpu() != &cpus[number])
		return "per-CPU data are not this CPU's";
	if (at->cpu != number)
		return "the client takes it for another CPU";
	if ((read_sysreg(daif) & P_DAIF) != P_DAIF)
		return "an exception is not masked";
	if (has_pan()) {
		pan = read_sysreg(S3_0_C4_C2_3);
		if (!pan)
			return "PAN is off";
	}
	return NULL;
}

static bool is_guest(const struct sdei_interrupted *at)
{
#if HOST_VHE
	return !(read_sysreg(hcr_el2) & HCR_TGE) &&
	       (at->pstate & P_MODE) <= P_EL1H;
#else
	return at->from == SDEI_FROM_GUEST;
#endif
}

static int on_event(const struct sdei_interrupted *at, void *argument)
{
	struct seen *s = (struct seen *)argument + at->cpu;

	s->time = read_sysreg(cntpct_el0);
	s->wrong = look(at);
	s->at = *at;
	s->guest = is_guest(at);
	if (outside)
		outside_came(argument == seen[SDEI_PRIORITY_CRITICAL]);
	else if (!exact && !neighbour)
		write_sysreg(EVENT_TIMER_CTL, 0);
	if (s->action)
		s->action(s);
	s->count++;
	return SDEI_HANDLED;
}

void event_enable(unsigned priority, uint32_t number)
{
	int result = sdei_client_register(client, number, on_event,
					  seen[priority]);

	if (!result)
		result = sdei_client_enable(client, number);
	if (result)
		panic("event 0x%x: %d", number, result);
	events[priority] = number;
}

void event_route(unsigned priority, unsigned cpu)
{
	uint32_t number = events[priority];
	int result;

	if (sdei_client_info(client, number, SDEI_INFO_TYPE) !=
	    SDEI_TYPE_SHARED)
		return;
	result = sdei_client_disable(client, number);
	if (!result)
		result = sdei_client_route(client, number, (int)cpu);
	if (!result)
		result = sdei_client_enable(client, number);
	check(!result, "event 0x%x to CPU %u: %d", number, cpu, result);
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
static void calibrate(void)
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

void events_again(void)
{
	for (unsigned priority = 0; priority < 2; priority++)
		if (events[priority] != NO_EVENT)
			event_enable(priority, events[priority]);
}

void events_start(void)
{
	uint32_t bound;
	int result;

	calibrate();
	exact = !firmware_raise(EVENT_NORMAL, 0);
	if (exact) {
		event_enable(SDEI_PRIORITY_NORMAL, EVENT_NORMAL);
		event_enable(SDEI_PRIORITY_CRITICAL, EVENT_CRITICAL);
		return;
	}
	result = sdei_client_bind(client, IRQ_EVENT, &bound);
	if (!result)
		event_enable(SDEI_PRIORITY_NORMAL, bound);
	else if (result == SDEI_INVALID_PARAMETERS)
		outside_start();
	else if (result == SDEI_OUT_OF_RESOURCE && cpu_count > 1)
		neighbour_start();
	else if (result != SDEI_OUT_OF_RESOURCE)
		panic("cannot bind interrupt %u: %d", IRQ_EVENT, result);
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
