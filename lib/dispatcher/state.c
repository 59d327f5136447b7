/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handler state machine (DEN0054C, Table 13 and section 6).
 *
 * The table is the machine: what a call answers and where it leads, for every
 * state a handler can be in. Nothing else changes a state; step() in internal.h
 * is what applies it.
 */
#include "internal.h"

#define OK SDEI_SUCCESS
#define NO SDEI_DENIED

const struct transition disp_machine[INPUTS][STATES] = {
	[IN_REGISTER] = {
		[UNREGISTERED]       = { OK, REGISTERED },
		[REGISTERED]         = { NO, SAME },
		[ENABLED]            = { NO, SAME },
		[RUNNING_DISABLED]   = { NO, SAME },
		[RUNNING_ENABLED]    = { NO, SAME },
		[UNREGISTER_PENDING] = { NO, SAME },
	},
	[IN_ENABLE] = {
		[UNREGISTERED]       = { NO, SAME },
		[REGISTERED]         = { OK, ENABLED },
		[ENABLED]            = { OK, SAME },
		[RUNNING_DISABLED]   = { OK, RUNNING_ENABLED },
		[RUNNING_ENABLED]    = { OK, SAME },
		[UNREGISTER_PENDING] = { NO, SAME },
	},
	[IN_DISABLE] = {
		[UNREGISTERED]       = { NO, SAME },
		[REGISTERED]         = { OK, SAME },
		[ENABLED]            = { OK, REGISTERED },
		[RUNNING_DISABLED]   = { OK, SAME },
		[RUNNING_ENABLED]    = { OK, RUNNING_DISABLED },
		[UNREGISTER_PENDING] = { NO, SAME },
	},
	[IN_UNREGISTER] = {
		[UNREGISTERED]       = { NO, SAME },
		[REGISTERED]         = { OK, UNREGISTERED },
		[ENABLED]            = { OK, UNREGISTERED },
		[RUNNING_DISABLED]   = { SDEI_PENDING, UNREGISTER_PENDING },
		[RUNNING_ENABLED]    = { SDEI_PENDING, UNREGISTER_PENDING },
		[UNREGISTER_PENDING] = { SDEI_PENDING, SAME },
	},
	[IN_ROUTING_SET] = {
		[UNREGISTERED]       = { NO, SAME },
		[REGISTERED]         = { OK, SAME },
		[ENABLED]            = { NO, SAME },
		[RUNNING_DISABLED]   = { NO, SAME },
		[RUNNING_ENABLED]    = { NO, SAME },
		[UNREGISTER_PENDING] = { NO, SAME },
	},
	[IN_RESET] = {
		[UNREGISTERED]       = { OK, SAME },
		[REGISTERED]         = { OK, UNREGISTERED },
		[ENABLED]            = { OK, UNREGISTERED },
		[RUNNING_DISABLED]   = { NO, UNREGISTER_PENDING },
		[RUNNING_ENABLED]    = { NO, UNREGISTER_PENDING },
		[UNREGISTER_PENDING] = { NO, SAME },
	},
	[IN_DISPATCH] = {
		[ENABLED]            = { OK, RUNNING_ENABLED },
		[UNREGISTERED]       = { NO, SAME },
		[REGISTERED]         = { NO, SAME },
		[RUNNING_DISABLED]   = { NO, SAME },
		[RUNNING_ENABLED]    = { NO, SAME },
		[UNREGISTER_PENDING] = { NO, SAME },
	},
	[IN_COMPLETE] = {
		[RUNNING_DISABLED]   = { OK, REGISTERED },
		[RUNNING_ENABLED]    = { OK, ENABLED },
		[UNREGISTER_PENDING] = { OK, UNREGISTERED },
		[UNREGISTERED]       = { NO, SAME },
		[REGISTERED]         = { NO, SAME },
		[ENABLED]            = { NO, SAME },
	},
};

/*
 * A signal is meant for the handler that is registered when it is sent, or for
 * the next one if there is none: it goes with the registration. Other events
 * report a condition of the platform that outlasts any registration, and stay
 * pending.
 */
void disp_step_pending(struct sdei_dispatcher *d, struct pe *p,
		       struct event *e, enum input input)
{
	if (input == IN_DISPATCH ||
	    (e->state == UNREGISTERED && e->traits & SIGNALABLE))
		store(&e->pending, false);
	place(d, p, e);
}
