/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handler state machine (DEN0054C, Table 13 and section 6).
 *
 * The table is the machine: what a call answers and where it leads, for every
 * state a handler can be in. Nothing else changes a state.
 */
#include "internal.h"

#define OK SDEI_SUCCESS
#define NO SDEI_DENIED

const struct transition disp_machine[INPUTS][STATES] = {
	[IN_REGISTER] = {
		[UNREGISTERED]       = { OK, REGISTERED },
		[REGISTERED]         = { NO, REGISTERED },
		[ENABLED]            = { NO, ENABLED },
		[RUNNING_DISABLED]   = { NO, RUNNING_DISABLED },
		[RUNNING_ENABLED]    = { NO, RUNNING_ENABLED },
		[UNREGISTER_PENDING] = { NO, UNREGISTER_PENDING },
	},
	[IN_ENABLE] = {
		[UNREGISTERED]       = { NO, UNREGISTERED },
		[REGISTERED]         = { OK, ENABLED },
		[ENABLED]            = { OK, ENABLED },
		[RUNNING_DISABLED]   = { OK, RUNNING_ENABLED },
		[RUNNING_ENABLED]    = { OK, RUNNING_ENABLED },
		[UNREGISTER_PENDING] = { NO, UNREGISTER_PENDING },
	},
	[IN_DISABLE] = {
		[UNREGISTERED]       = { NO, UNREGISTERED },
		[REGISTERED]         = { OK, REGISTERED },
		[ENABLED]            = { OK, REGISTERED },
		[RUNNING_DISABLED]   = { OK, RUNNING_DISABLED },
		[RUNNING_ENABLED]    = { OK, RUNNING_DISABLED },
		[UNREGISTER_PENDING] = { NO, UNREGISTER_PENDING },
	},
	[IN_UNREGISTER] = {
		[UNREGISTERED]       = { NO, UNREGISTERED },
		[REGISTERED]         = { OK, UNREGISTERED },
		[ENABLED]            = { OK, UNREGISTERED },
		[RUNNING_DISABLED]   = { SDEI_PENDING, UNREGISTER_PENDING },
		[RUNNING_ENABLED]    = { SDEI_PENDING, UNREGISTER_PENDING },
		[UNREGISTER_PENDING] = { SDEI_PENDING, UNREGISTER_PENDING },
	},
	[IN_ROUTING_SET] = {
		[UNREGISTERED]       = { NO, UNREGISTERED },
		[REGISTERED]         = { OK, REGISTERED },
		[ENABLED]            = { NO, ENABLED },
		[RUNNING_DISABLED]   = { NO, RUNNING_DISABLED },
		[RUNNING_ENABLED]    = { NO, RUNNING_ENABLED },
		[UNREGISTER_PENDING] = { NO, UNREGISTER_PENDING },
	},
	[IN_RESET] = {
		[UNREGISTERED]       = { OK, UNREGISTERED },
		[REGISTERED]         = { OK, UNREGISTERED },
		[ENABLED]            = { OK, UNREGISTERED },
		[RUNNING_DISABLED]   = { NO, UNREGISTER_PENDING },
		[RUNNING_ENABLED]    = { NO, UNREGISTER_PENDING },
		[UNREGISTER_PENDING] = { NO, UNREGISTER_PENDING },
	},
	[IN_DISPATCH] = {
		[ENABLED]            = { OK, RUNNING_ENABLED },
		[UNREGISTERED]       = { NO, UNREGISTERED },
		[REGISTERED]         = { NO, REGISTERED },
		[RUNNING_DISABLED]   = { NO, RUNNING_DISABLED },
		[RUNNING_ENABLED]    = { NO, RUNNING_ENABLED },
		[UNREGISTER_PENDING] = { NO, UNREGISTER_PENDING },
	},
	[IN_COMPLETE] = {
		[RUNNING_DISABLED]   = { OK, REGISTERED },
		[RUNNING_ENABLED]    = { OK, ENABLED },
		[UNREGISTER_PENDING] = { OK, UNREGISTERED },
		[UNREGISTERED]       = { NO, UNREGISTERED },
		[REGISTERED]         = { NO, REGISTERED },
		[ENABLED]            = { NO, ENABLED },
	},
};

/*
 * What a step means for an event that is pending. A signal is meant for the
 * handler that is registered when it is sent, or for the next one if there is
 * none: it goes with the registration, and with a reset. Other events report a
 * condition of the platform that outlasts any registration, and stay pending.
 */
int disp_step(struct pe *p, struct event *e, enum input input)
{
	uint8_t before = e->state;
	int result = step_quietly(e, input);

	if (!(e->state & SDEI_STATUS_RUNNING))
		store(&e->running_on, -1);
	if (!is_pending(e) || (e->state == before && input != IN_RESET))
		return result;
	if (input == IN_DISPATCH ||
	    (e->state == UNREGISTERED && is_signalable(e)))
		store(&e->pending, false);
	disp_place(p, e);
	return result;
}

int disp_step_locked(struct pe *p, struct event *e, enum input input)
{
	int result;

	disp_lock(e);
	result = disp_step(p, e, input);
	disp_unlock(e);
	return result;
}
