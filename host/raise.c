/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who raises the tests' events: the firmware's test service, at any instruction; a
 * timer whose interrupt is bound; somebody outside; another CPU.
 */
#include "test.h"

bool exact;

static bool firmware_raises(unsigned priority, uint64_t ticks)
{
	return !firmware_raise(events[priority], ticks);
}

static bool timer_raises(unsigned priority, uint64_t ticks)
{
	if (priority)
		return false;
	write_sysreg(EVENT_TIMER_CVAL, read_sysreg(cntvct_el0) + ticks);
	write_sysreg(EVENT_TIMER_CTL, ticks ? 1 : 0);
	isb();
	return true;
}

/* Its line stays up until it is stopped. */
static void timer_stop(unsigned priority)
{
	(void)priority;
	write_sysreg(EVENT_TIMER_CTL, 0);
}

static const struct raiser firmware = { .raise = firmware_raises };
static const struct raiser timer = { timer_raises, timer_stop };

void events_start(void)
{
	uint32_t bound;
	int result;

	exact = !firmware_raise(EVENT_NORMAL, 0);
	if (exact) {
		raiser = &firmware;
		event_enable(SDEI_PRIORITY_NORMAL, EVENT_NORMAL);
		event_enable(SDEI_PRIORITY_CRITICAL, EVENT_CRITICAL);
		return;
	}
	raiser = &timer;
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
