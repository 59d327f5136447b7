/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The storm: every PE has its share of calls to make. PE 0 also keeps the
 * others going: it starts those that went off and wakes those asleep.
 */
#include "storm.h"

#include "source.h"

#define DEFAULT_SEED  0x5de1
#define DEFAULT_CALLS 400000
#define PATIENCE      SECONDS(20)

/* No PE goes off or to sleep any more. */
static bool settle;

void power_off(struct client *c)
{
	struct pe *pe = this_pe();

	if (pe->index == 0 || load(settle))
		return;
	irq_mask();
	owner_drop_all();
	c->offs++;
	store(pe->online, false);
	fail("CPU_OFF returns %ld", CALL(PSCI_CPU_OFF));
}

void power_sleep(struct client *c)
{
	int64_t result;

	if (this_pe()->index == 0 || load(settle))
		return;
	irq_mask();
	c->sleeps++;
	if (one_in(c, 2)) {
		result = suspend(PSCI_CPU_SUSPEND, PSCI_POWER_DOWN, 0);
		c->masked = true;
		if (result != 1)
			fail("CPU_SUSPEND to power-down returns %ld", result);
	} else {
		result = CALL(PSCI_CPU_SUSPEND, 0);
		if (result != 0)
			fail("CPU_SUSPEND to standby returns %ld", result);
	}
}

static uint64_t work_off(struct pe *pe, uint64_t unused);

/* On PE 0. True if everybody has made its calls and is on. */
static bool tend(void)
{
	bool done = true;

	for (unsigned i = 1; i < pe_count; i++) {
		struct pe *pe = &pes[i];

		if (!load(pe->online)) {
			done = false;
			if (CALL(PSCI_AFFINITY_INFO, pe->mpidr, 0) == PSCI_OFF)
				CALL(PSCI_CPU_ON, pe->mpidr,
				     (uint64_t)secondary_entry, i);
			continue;
		}
		if (load(pe->job)) {
			done = false;
			gic_wake(pe);
		} else if (load(clients[i].calls) < clients[i].quota) {
			done = false;
			pe_begin(i, work_off, 0);
		}
	}
	return done;
}

static void one_step(struct client *c)
{
	random_call(c);
	if (one_in(c, 4))
		random_device(c);
	if (one_in(c, 8))
		irq_unmask();
	else if (one_in(c, 16))
		irq_mask();
	if (one_in(c, 2048))
		power_off(c);
	if (one_in(c, 2048))
		power_sleep(c);
}

/* A PE that comes here just came on, so events are masked (5.1.12). */
static uint64_t work_off(struct pe *pe, uint64_t unused)
{
	struct client *c = &clients[pe->index];

	(void)unused;
	track_on(c);
	while (c->calls < c->quota) {
		one_step(c);
		if (pe->index == 0 && one_in(c, 32))
			tend();
	}
	irq_mask();
	return 0;
}

static void prepare(void)
{
	uint64_t seed = parameters.seed ? parameters.seed : DEFAULT_SEED;
	uint64_t calls = parameters.calls ? parameters.calls : DEFAULT_CALLS;

	version = CALL(VERSION);
	offered[0] = CALL(FEATURES, SDEI_FEATURE_BIND_SLOTS);
	offered[1] = CALL(FEATURES, SDEI_FEATURE_RELATIVE_MODE);
	number_start();
	for (unsigned i = 0; i < pe_count; i++) {
		clients[i].random = seed;
		for (unsigned n = 0; n < 4 + i; n++)
			clients[i].random ^= next_random(&clients[i].random);
		clients[i].random |= 1;
		clients[i].quota = calls / pe_count + 1;
	}
	print("# storm: seed 0x%lx, %lu calls, %u PEs, client at EL%u, %u event numbers\n",
	      seed, calls, pe_count, client_el, number_count);
	tap(!failures(), "before: all slots can be bound and released");
}

/* Who did not get through, and what it was at. */
static void stuck(void)
{
	for (unsigned i = 0; i < pe_count; i++)
		print("# PE %u: %lu of %lu calls, %s, %s, handler depth %u\n",
		      i, clients[i].calls, clients[i].quota,
		      load(pes[i].online) ? "on" : "off",
		      load(pes[i].job) ? "at work" : "idle", clients[i].level);
	bail_out("not every PE comes to an end");
}

static uint64_t all_calls(void)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < pe_count; i++)
		n += load(clients[i].calls);
	return n;
}

/* Wait as long as there is progress. */
static void wait_for_all(void)
{
	uint64_t calls;

	do {
		calls = all_calls();
		if (wait_until(tend(), PATIENCE))
			return;
	} while (all_calls() != calls);
	stuck();
}

void run(void)
{
	prepare();
	work_off(&pes[0], 0);
	wait_for_all();
	store(settle, true);
	wait_for_all();
	store(calm, true);
	after();
}
