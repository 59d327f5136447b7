/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The test service (test.h). The Secure timer reaches EL3 whatever the client
 * masks, so an event can be put between any two of its instructions.
 */
#include "test.h"

#include "dispatch.h"
#include "machine.h"
#include "timer.h"

#include <handoff.h>
#include <platform.h>

static struct {
	uint32_t event;
	bool armed;
} shots[PLAT_MAX_PES];

int64_t test_raise(uint64_t event, uint64_t ticks)
{
	unsigned self = machine_self();

	if (!(dispatch_handed_over()->flags & BOOT_HANDOFF_TEST))
		return -1;
	shots[self].event = (uint32_t)event;
	shots[self].armed = ticks != 0;
	if (ticks)
		timer_start(TIMER_TEST, ticks);
	else
		timer_stop(TIMER_TEST);
	return 0;
}

void test_timer(void)
{
	unsigned self = machine_self();

	if (!shots[self].armed)
		return;
	shots[self].armed = false;
	sdei_raise(dispatch_instance(), self, shots[self].event, self);
}
