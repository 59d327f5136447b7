/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Some seconds of everything at once, then the counts: they must add up.
 */
#include "stress.h"

#define DEFAULT_SECONDS 60
/* An emulated machine's PEs take turns on the host's few. */
#define LOST SECONDS(10 + pe_count)

struct line lines[LINES];
FAR struct client clients[MAX_PES];
uint32_t timer_event, own_event = UINT32_MAX;
bool stop;

bool want(int64_t result, const uint64_t c[6])
{
	int64_t got = call(c);

	if (got != result)
		fail("%s(0x%lx, 0x%lx) is 0x%lx, not 0x%lx",
		     function_name(c[0]), c[1], c[2], got, result);
	return got == result;
}

void listen(uint32_t event)
{
	WANT(0, REGISTER, event, ENTRY, ARGUMENT(event), 0, 0);
	WANT(0, ENABLE, event);
}

/*
 * After the call at least one handler must begin: at the latest the one that is
 * due here. A handler of this PE may send as well, so the counts are atomic.
 */
void send(struct client *c, unsigned target)
{
	uint64_t due =
		__atomic_load_n(&clients[target].begun, __ATOMIC_SEQ_CST) + 1;

	__atomic_fetch_add(&c->sent[target], 1, __ATOMIC_SEQ_CST);
	WANT(0, SIGNAL, 0, pes[target].mpidr);
	if (due > c->due[target])
		c->due[target] = due;
}

/* Later signals must not hide that one was lost. */
static void send_and_wait(struct client *c, unsigned target)
{
	uint64_t before = load(clients[target].begun);

	send(c, target);
	if (!wait_until(load(clients[target].begun) > before, LOST))
		fail("a signal to PE %u: no handler", target);
}

void raise_line(struct line *l)
{
	unsigned idle = IDLE;

	if (!__atomic_compare_exchange_n(&l->state, &idle, RAISED, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return;
	__atomic_fetch_add(&l->raised, 1, __ATOMIC_RELAXED);
	l->source->fire();
}

static void masked_for_a_while(struct client *c)
{
	WANT(1, PE_MASK);
	c->masked = true;
	send(c, below(c, pe_count));
	WANT(0, PE_MASK);
	raise_line(&lines[below(c, LINES)]);
	c->masked = false;
	WANT(0, PE_UNMASK);
	c->masks++;
}

static void disabled_for_a_while(struct client *c)
{
	uint32_t event = below(c, 2) ? timer_event : 0;

	WANT(0, DISABLE, event);
	WANT(1, STATUS, event);
	send(c, below(c, pe_count));
	WANT(0, ENABLE, event);
	c->disables++;
}

static void one_step(struct client *c, bool manager)
{
	switch (below(c, 256) ? 1 + below(c, 63) : 0) {
	case 0:
		send_and_wait(c, below(c, pe_count));
		break;
	case 1:
	case 2:
	case 3:
	case 4:
		masked_for_a_while(c);
		break;
	case 5:
	case 6:
	case 7:
	case 8:
		disabled_for_a_while(c);
		break;
	case 9:
	case 10:
		raise_line(&lines[below(c, LINES)]);
		break;
	case 11:
	case 12:
	case 13:
	case 14:
		if (manager)
			manage(c);
		break;
	default:
		send(c, below(c, pe_count));
		break;
	}
}

static uint64_t work_on(struct pe *pe, uint64_t end)
{
	struct client *c = &clients[pe->index];
	bool manager = pe->index == (pe_count > 1);

	listen(0);
	listen(timer_event);
	arm(c);
	WANT(0, PE_UNMASK);
	while (!load(stop) && now() < end)
		one_step(c, manager);
	return 0;
}

static uint32_t bound(unsigned intid)
{
	int64_t event = CALL(BIND, intid);

	if (event < 0)
		bail_out("BIND of interrupt %u: %ld", intid, event);
	return (uint32_t)event;
}

static void prepare(void)
{
	for (unsigned i = 0; i < pe_count; i++)
		__builtin_memset(&clients[i], 0, sizeof(clients[i]));
	lines[0].source = &rtc_source;
	lines[1].source = &uart_source;
	timer_event = bound(IRQ_EL1_TIMER);
	for (unsigned i = 0; i < LINES; i++) {
		lines[i].source->quiet();
		lines[i].only = -1;
		lines[i].event = bound(lines[i].source->intid);
		listen(lines[i].event);
	}
	for (unsigned i = 0; i < pe_count; i++)
		clients[i].random = (parameters.seed | 1) + 0x5de1 * (i + 1);
}

static bool all_idle(void)
{
	for (unsigned i = 1; i < pe_count; i++)
		if (load(pes[i].job))
			return false;
	return true;
}

/* Nothing is on its way any more. */
static bool settled(void)
{
	for (unsigned i = 0; i < pe_count; i++) {
		const struct client *c = &clients[i];

		if (load(c->expired) != load(c->armed))
			return false;
		for (unsigned t = 0; t < pe_count; t++)
			if (load(clients[t].begun) < load(c->due[t]) ||
			    load(clients[t].seen[i]) != load(c->sent[t]))
				return false;
	}
	return load(lines[0].raised) == load(lines[0].handled) &&
	       load(lines[1].raised) == load(lines[1].handled);
}

static void judge_signals(void)
{
	uint64_t all = 0, handled = 0;

	for (unsigned t = 0; t < pe_count; t++) {
		const struct client *to = &clients[t];
		uint64_t sent = 0;

		for (unsigned i = 0; i < pe_count; i++) {
			const struct client *from = &clients[i];

			sent += from->sent[t];
			if (to->begun < from->due[t] ||
			    to->seen[i] != from->sent[t])
				fail("signal %lu of PE %u to PE %u: the last handler saw %lu; %lu began, %lu were due",
				     from->sent[t], i, t, to->seen[i],
				     to->begun, from->due[t]);
		}
		if (to->begun == 0 || to->begun > sent)
			fail("%lu signals to PE %u, %lu handlers", sent, t,
			     to->begun);
		all += sent;
		handled += to->begun;
	}
	tap(!failures(), "%lu signals, %lu handlers: coalesced, none lost", all,
	    handled);
}

static void judge_timers(void)
{
	uint64_t armed = 0, expired = 0;

	for (unsigned i = 0; i < pe_count; i++) {
		if (clients[i].armed != clients[i].expired)
			fail("timer of PE %u: armed %lu times, handled %lu", i,
			     clients[i].armed, clients[i].expired);
		armed += clients[i].armed;
		expired += clients[i].expired;
	}
	tap(armed == expired, "timers armed %lu times, %lu handlers", armed,
	    expired);
}

static void judge_lines(void)
{
	for (unsigned i = 0; i < LINES; i++)
		tap(lines[i].raised == lines[i].handled,
		    "%s raised %lu times, %lu handlers, never two at once",
		    lines[i].source->name, lines[i].raised, lines[i].handled);
}

static void tell(void)
{
	uint64_t masks = 0, disables = 0;

	for (unsigned i = 0; i < pe_count; i++) {
		masks += clients[i].masks;
		disables += clients[i].disables;
	}
	print("# %lu times masked, %lu disabled; %lu routings, %lu releases and binds of the lines, %lu lives of other events\n",
	      masks, disables, routings, rebinds, cycles);
}

void run(void)
{
	uint64_t seconds = parameters.seconds ? parameters.seconds
					      : DEFAULT_SECONDS;
	uint64_t end;

	if (client_el != 2)
		bail_out("the timer is the client's own at EL1");
	print("# stress: %lu s, %u PEs\n", seconds, pe_count);
	prepare();
	end = now() + microseconds(SECONDS(seconds));
	for (unsigned i = 1; i < pe_count; i++)
		pe_begin(i, work_on, end);
	work_on(&pes[0], end);
	store(stop, true);
	if (!wait_until(all_idle(), SECONDS(30)))
		fail("not every PE comes to an end");
	wait_until(settled(), LOST);
	delay(A_WHILE);
	tell();
	judge_signals();
	judge_timers();
	judge_lines();
	tap(!failures(), "every call answered as it must, no handler undue");
}
