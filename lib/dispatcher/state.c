/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handler state machine (DEN0054C, Table 13 and section 6).
 *
 * The table is the machine: what a call answers and where it leads, for every
 * state a handler can be in. Nothing else decides; where a step is known
 * beforehand (IN_DISPATCH, IN_COMPLETE with nothing else waiting) it is written out
 * at that place.
 */
#include "internal.h"

#define OK                SDEI_SUCCESS
#define NO                SDEI_DENIED
#define TO(state, answer) { state, answer }

const struct step disp_machine[INPUTS][STATES] = {
	[IN_REGISTER] = {
		[UNREGISTERED]       = TO(REGISTERED, OK),
		[REGISTERED]         = TO(REGISTERED, NO),
		[ENABLED]            = TO(ENABLED, NO),
		[RUNNING_DISABLED]   = TO(RUNNING_DISABLED, NO),
		[RUNNING_ENABLED]    = TO(RUNNING_ENABLED, NO),
		[UNREGISTER_PENDING] = TO(UNREGISTER_PENDING, NO),
	},
	[IN_ENABLE] = {
		[UNREGISTERED]       = TO(UNREGISTERED, NO),
		[REGISTERED]         = TO(ENABLED, OK),
		[ENABLED]            = TO(ENABLED, OK),
		[RUNNING_DISABLED]   = TO(RUNNING_ENABLED, OK),
		[RUNNING_ENABLED]    = TO(RUNNING_ENABLED, OK),
		[UNREGISTER_PENDING] = TO(UNREGISTER_PENDING, NO),
	},
	[IN_DISABLE] = {
		[UNREGISTERED]       = TO(UNREGISTERED, NO),
		[REGISTERED]         = TO(REGISTERED, OK),
		[ENABLED]            = TO(REGISTERED, OK),
		[RUNNING_DISABLED]   = TO(RUNNING_DISABLED, OK),
		[RUNNING_ENABLED]    = TO(RUNNING_DISABLED, OK),
		[UNREGISTER_PENDING] = TO(UNREGISTER_PENDING, NO),
	},
	[IN_UNREGISTER] = {
		[UNREGISTERED]       = TO(UNREGISTERED, NO),
		[REGISTERED]         = TO(UNREGISTERED, OK),
		[ENABLED]            = TO(UNREGISTERED, OK),
		[RUNNING_DISABLED]   = TO(UNREGISTER_PENDING, SDEI_PENDING),
		[RUNNING_ENABLED]    = TO(UNREGISTER_PENDING, SDEI_PENDING),
		[UNREGISTER_PENDING] = TO(UNREGISTER_PENDING, SDEI_PENDING),
	},
	[IN_ROUTING_SET] = {
		[UNREGISTERED]       = TO(UNREGISTERED, NO),
		[REGISTERED]         = TO(REGISTERED, OK),
		[ENABLED]            = TO(ENABLED, NO),
		[RUNNING_DISABLED]   = TO(RUNNING_DISABLED, NO),
		[RUNNING_ENABLED]    = TO(RUNNING_ENABLED, NO),
		[UNREGISTER_PENDING] = TO(UNREGISTER_PENDING, NO),
	},
	[IN_RESET] = {
		[UNREGISTERED]       = TO(UNREGISTERED, OK),
		[REGISTERED]         = TO(UNREGISTERED, OK),
		[ENABLED]            = TO(UNREGISTERED, OK),
		[RUNNING_DISABLED]   = TO(UNREGISTER_PENDING, NO),
		[RUNNING_ENABLED]    = TO(UNREGISTER_PENDING, NO),
		[UNREGISTER_PENDING] = TO(UNREGISTER_PENDING, NO),
	},
	[IN_DISPATCH] = {
		[ENABLED]            = TO(RUNNING_ENABLED, OK),
		[UNREGISTERED]       = TO(UNREGISTERED, NO),
		[REGISTERED]         = TO(REGISTERED, NO),
		[RUNNING_DISABLED]   = TO(RUNNING_DISABLED, NO),
		[RUNNING_ENABLED]    = TO(RUNNING_ENABLED, NO),
		[UNREGISTER_PENDING] = TO(UNREGISTER_PENDING, NO),
	},
	[IN_COMPLETE] = {
		[RUNNING_DISABLED]   = TO(REGISTERED, OK),
		[RUNNING_ENABLED]    = TO(ENABLED, OK),
		[UNREGISTER_PENDING] = TO(UNREGISTERED, OK),
		[UNREGISTERED]       = TO(UNREGISTERED, NO),
		[REGISTERED]         = TO(REGISTERED, NO),
		[ENABLED]            = TO(ENABLED, NO),
	},
};

/*
 * What a step means for an event that is pending. A signal is meant for the
 * handler that is registered when it is sent, or for the next one if there is
 * none: it goes with the registration, and with a reset. Other events report a
 * condition of the platform that outlasts any registration, and stay pending.
 */
int64_t disp_step_pending(struct sdei_pe *p, struct event *e, enum input input)
{
	const enum state before = e->state;
	const struct step step = disp_machine[input][before];

	set_state(e, step.next);
	if (step.next == before && input != IN_RESET)
		return step.answer;
	if (step.next == UNREGISTERED && is_signalable(e))
		store(&e->pending, 0);
	disp_place(p, e);
	return step.answer;
}

/* disp_change() where something waits; disp_offer() releases the event's lock. */
static SELDOM void change_waiting(struct sdei_pe *p, struct sdei_context *frame,
				  struct event *e, enum input input)
{
	collect(p);
	answer(frame, is_pending(e) ? disp_step_pending(p, e, input)
				    : step_quietly(e, input));
	/* If it is ready now, it may be for this PE or for another. */
	if (disp_offer(p, e) == (int)p->index)
		disp_deliver(p, frame);
}

/* A signal goes with the registration that it was sent to: look for one first. */
void disp_change(struct sdei_pe *p, struct sdei_context *frame, struct event *e,
		 enum input input)
{
	uint64_t waits = 0;

	if (is_shared(e))
		spin_acquire(&of_shared(e)->lock);
	else
		waits = load(&p->look);
	if (waits || is_pending(e)) {
		change_waiting(p, frame, e, input);
		return;
	}
	answer(frame, step_quietly(e, input));
	if (is_shared(e))
		spin_release(&of_shared(e)->lock);
}
