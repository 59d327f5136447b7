/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * After the storm: everything is reset, and must work on every PE.
 */
#include "storm.h"

#include "source.h"

#define ROUNDS 3

/* One TAP line for what `failures` says since the last. */
static unsigned told;

static void section(const char *name)
{
	tap(failures() == told, "%s", name);
	told = failures();
}

static void want(int64_t result, const uint64_t c[6])
{
	int64_t got = call(c);

	if (got != result)
		fail("%s(0x%lx, 0x%lx) is 0x%lx, not 0x%lx",
		     function_name(c[0]), c[1], c[2], got, result);
}

#define WANT(result, ...) want(result, (const uint64_t[6]){ __VA_ARGS__ })

static uint64_t runs(unsigned pe)
{
	return load(clients[pe].runs);
}

/* Exactly `n` more handlers than `since` run on this PE. */
static void ran(unsigned pe, uint64_t since, uint64_t n)
{
	wait_until(runs(pe) - since >= n, SOON);
	delay(A_WHILE);
	if (runs(pe) - since != n)
		fail("%lu handlers ran on PE %u, not %lu", runs(pe) - since, pe,
		     n);
}

static uint64_t calm_down(struct pe *pe, uint64_t unused)
{
	struct client *c = &clients[pe->index];

	(void)unused;
	irq_mask();
	quiet_timers();
	CALL(PE_MASK);
	c->masked = true;
	WANT(0, PRIVATE_RESET);
	for (unsigned i = 0; i < number_count; i++)
		c->registered[i] = NO;
	return 0;
}

static uint64_t clear_private(struct pe *pe, uint64_t unused)
{
	(void)pe, (void)unused;
	for (unsigned i = 16; i < 32; i++) {
		irq_enable(i, false);
		irq_set_pending(i, false);
	}
	return 0;
}

static uint64_t nothing_registered(struct pe *pe, uint64_t unused)
{
	(void)pe, (void)unused;
	for (unsigned i = 0; i < number_count; i++)
		WANT(kind_is_slot(numbers[i].kind) ? SDEI_INVALID_PARAMETERS
						   : 0,
		     STATUS, numbers[i].number);
	return 0;
}

static uint64_t same_answers(struct pe *pe, uint64_t unused)
{
	(void)pe, (void)unused;
	WANT(version, VERSION);
	WANT(offered[0], FEATURES, SDEI_FEATURE_BIND_SLOTS);
	WANT(offered[1], FEATURES, SDEI_FEATURE_RELATIVE_MODE);
	WANT(0, PE_MASK);
	WANT(SDEI_DENIED, COMPLETE, 0);
	WANT(SDEI_DENIED, CONTEXT, 0);
	return 0;
}

static void reset_all(void)
{
	on_each(calm_down, 0);
	sources_quiet();
	WANT(0, SHARED_RESET);
	on_each(clear_private, 0);
	for (unsigned i = 0; i < MAX_NUMBERS; i++)
		irq_set_pending(spare_interrupt(true, i), false);
	irq_set_pending(IRQ_RTC, false);
	irq_set_pending(IRQ_UART, false);
}

static void listen(struct pe *pe, uint32_t event)
{
	struct client *c = &clients[pe->index];

	c->registered[number_find(event)] = YES;
	WANT(0, REGISTER, event, ENTRY, argument_for(pe->index, event));
	WANT(0, ENABLE, event);
	WANT(3, STATUS, event);
}

static void unmask(struct pe *pe)
{
	clients[pe->index].masked = false;
	WANT(0, PE_UNMASK);
}

static void deafen(struct pe *pe, uint32_t event)
{
	WANT(0, DISABLE, event);
	WANT(0, UNREGISTER, event);
	clients[pe->index].registered[number_find(event)] = NO;
}

static uint64_t listen_to_signals(struct pe *pe, uint64_t unused)
{
	(void)unused;
	listen(pe, 0);
	unmask(pe);
	/* One from the storm may have been kept. */
	delay(A_WHILE);
	return 0;
}

static uint64_t signal(struct pe *pe, uint64_t target)
{
	uint64_t since;

	(void)pe;
	for (unsigned i = 0; i < ROUNDS; i++) {
		since = runs((unsigned)target);
		WANT(0, SIGNAL, 0, pes[target].mpidr);
		ran((unsigned)target, since, 1);
	}
	return 0;
}

static uint64_t stop_listening(struct pe *pe, uint64_t unused)
{
	(void)unused;
	deafen(pe, 0);
	return 0;
}

static void signals(void)
{
	on_each(listen_to_signals, 0);
	for (unsigned i = 0; i < pe_count; i++)
		pe_run(i, signal, i);
	for (unsigned i = 0; i < pe_count; i++)
		pe_run(i, signal, (i + 1) % pe_count);
	on_each(stop_listening, 0);
	section("after: a signal to each PE from itself and another: one handler");
}

static uint64_t own_timer(struct pe *pe, uint64_t event)
{
	uint64_t since = runs(pe->index);

	listen(pe, (uint32_t)event);
	timer_source.fire();
	ran(pe->index, since, 1);
	deafen(pe, (uint32_t)event);
	return 0;
}

static void timers(void)
{
	int64_t event = CALL(BIND, timer_source.intid);

	if (event < 0)
		fail("BIND of the timer: %ld", event);
	else
		on_each(own_timer, (uint64_t)event);
	WANT(0, RELEASE, (uint64_t)event);
	section("after: a bound timer on each PE: one handler");
}

static void line_to(uint32_t event, unsigned pe)
{
	uint64_t since = runs(pe);

	WANT(0, DISABLE, event);
	WANT(0, ROUTING_SET, event, SDEI_RM_PE, pes[pe].mpidr);
	WANT(0, ENABLE, event);
	rtc_source.fire();
	ran(pe, since, 1);
	/* It counts before its end, which routing and unregistering need. */
	if (!wait_until(!(CALL(STATUS, event) & SDEI_STATUS_RUNNING), SOON))
		fail("the handler on PE %u does not end", pe);
}

static void lines(void)
{
	int64_t event = CALL(BIND, rtc_source.intid);

	if (event < 0) {
		fail("BIND of the RTC: %ld", event);
	} else {
		listen(&pes[0], (uint32_t)event);
		for (unsigned i = 0; i < pe_count; i++)
			line_to((uint32_t)event, i);
		deafen(&pes[0], (uint32_t)event);
	}
	WANT(0, RELEASE, (uint64_t)event);
	section("after: a bound SPI routed to each PE: one handler");
}

static void silence(void)
{
	uint64_t before = 0, now_ran = 0;

	for (unsigned i = 0; i < pe_count; i++)
		before += runs(i);
	delay(20 * A_WHILE);
	for (unsigned i = 0; i < pe_count; i++)
		now_ran += runs(i);
	if (now_ran != before)
		fail("%lu handlers ran", now_ran - before);
	section("after: with nothing registered nothing arrives");
}

static void tell_functions(void)
{
	for (unsigned f = 0; f < 32; f++) {
		uint64_t refused = 0, done = 0;

		for (unsigned i = 0; i < pe_count; i++) {
			refused += clients[i].counts[f][0];
			done += clients[i].counts[f][1];
		}
		if (done)
			print("# %s: %lu done, %lu refused\n",
			      function_name(SDEI_FID_FIRST + f), done, refused);
	}
}

static void tell_counts(void)
{
	uint64_t calls = 0, all = 0, bound = 0, deepest = 0;

	for (unsigned i = 0; i < pe_count; i++) {
		const struct client *c = &clients[i];

		print("# PE %u: %lu calls, %lu handlers, %lu interrupts, %lu resumes, %lu times off, %lu asleep\n",
		      i, c->calls, c->runs, c->irqs, c->resumes, c->offs,
		      c->sleeps);
		calls += c->calls;
		all += c->runs;
		for (unsigned n = 0; n < number_count; n++)
			if (kind_is_slot(numbers[n].kind))
				bound += c->handled[n];
		if (c->deepest > deepest)
			deepest = c->deepest;
	}
	print("# total: %lu calls, %lu handlers, %lu of bound events, depth %lu\n",
	      calls, all, bound, deepest);
}

void after(void)
{
	tell_functions();
	tell_counts();
	section("storm: every answer allowed, no handler undue, no register lost");
	reset_all();
	section("after: PRIVATE_RESET on each PE and SHARED_RESET succeed");
	on_each(nothing_registered, 0);
	section("after: nothing is registered or bound");
	on_each(same_answers, 0);
	section("after: VERSION and FEATURES answer as before, nothing runs");
	number_all_slots();
	section("after: all slots can be bound and released");
	signals();
	timers();
	lines();
	silence();
}
