/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The test service (test.h). The Secure timer reaches EL3 whatever the client
 * masks, so an event can be put between any two of its instructions.
 */
#include "test.h"

#include "dispatch.h"
#include "pe.h"

#include <handoff.h>

int64_t test_raise(uint64_t event, uint64_t ticks)
{
	struct pe *self = this_pe();

	if (!(dispatch_handed_over()->flags & BOOT_HANDOFF_TEST))
		return -1;
	self->shot = (uint32_t)event;
	self->shot_armed = ticks != 0;
	if (ticks)
		timer_start(TIMER_TEST, ticks);
	else
		timer_stop(TIMER_TEST);
	return 0;
}

void test_timer(void)
{
	struct pe *self = this_pe();

	if (!self->shot_armed)
		return;
	self->shot_armed = false;
	sdei_raise(dispatch_instance(), self->index, self->shot, self->index);
}
