/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events that somebody outside raises: a hypervisor keeps the timers' interrupts
 * to itself and has no service to raise an event. A line on the console is the
 * request, in sdei-vmm's words (docs/kvm.md); whoever reads the console passes it
 * on. That takes as long as it takes: it is measured first.
 */
#include "test.h"

#define SAMPLES 8

bool outside;
uint64_t lateness, lateness_most;
static bool asked[2]; /* for an event that has not come yet */

void outside_ask(uint32_t event, unsigned cpu)
{
	print("# raise event=0x%x vcpu=%u\n", event, cpu);
}

static bool outside_raise(unsigned priority, uint64_t ticks)
{
	(void)ticks;
	store(asked[priority], true);
	outside_ask(events[priority], this_cpu()->index);
	return true;
}

static void outside_came(unsigned priority)
{
	store(asked[priority], false);
}

static const struct raiser raised_outside = { outside_raise, outside_came };

void outside_settle(void)
{
	for (unsigned priority = 0; priority < 2; priority++)
		if (!wait_until(!load(asked[priority]), SECONDS(10)))
			panic("nobody raises event 0x%x: see docs/kvm.md",
			      events[priority]);
}

static uint64_t measure(unsigned priority)
{
	uint64_t start = now();

	outside_raise(priority, 0);
	outside_settle();
	return (now() - start) / microseconds(1);
}

/*
 * The middle one of what was measured: a busy machine is once very late, and every
 * wait would be as long. Who waits tries again, longer (ATTEMPTS).
 */
static uint64_t middle(uint64_t samples[SAMPLES])
{
	for (unsigned i = 1; i < SAMPLES; i++)
		for (unsigned j = i; j && samples[j] < samples[j - 1]; j--) {
			uint64_t less = samples[j];

			samples[j] = samples[j - 1];
			samples[j - 1] = less;
		}
	return samples[SAMPLES / 2];
}

void outside_start(void)
{
	uint64_t samples[SAMPLES];

	outside = true;
	raiser = &raised_outside;
	event_enable(SDEI_PRIORITY_NORMAL, EVENT_OUTSIDE_NORMAL);
	if (sdei_client_info(client, EVENT_OUTSIDE_CRITICAL, SDEI_INFO_TYPE) >=
	    0) {
		event_enable(SDEI_PRIORITY_CRITICAL, EVENT_OUTSIDE_CRITICAL);
		event_route(SDEI_PRIORITY_CRITICAL, this_cpu()->index);
	}
	for (unsigned i = 0; i < SAMPLES; i++)
		samples[i] = measure(SDEI_PRIORITY_NORMAL);
	lateness = middle(samples);
	lateness_most = samples[SAMPLES - 1];
	print("# events are raised outside, after %lu microseconds, %lu at most\n",
	      lateness, lateness_most);
}
