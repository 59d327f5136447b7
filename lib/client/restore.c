/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the dispatcher forgot, or has to be told anew, when a CPU or the system
 * comes or goes: interrupts bound, events registered, routed and enabled as the
 * table of events has them.
 */
#include "internal.h"

/* 0 is event 0's number: never a bound one's. */
int client_bind(struct sdei_client *c, uint32_t interrupt)
{
	int number = (int)client_ask(c, CALL_OF(SDEI_FID_INTERRUPT_BIND),
				     interrupt, 0, 0);

	if (number >= 0 && (!number || number & SDEI_EVENT_RESERVED_MASK))
		return SDEI_ERROR_ANSWER;
	return number;
}

/* A CPU that is down cannot take it: then any may. */
int client_set_route(struct sdei_client *c, struct event *e, int cpu)
{
	bool one = cpu >= 0 && c->cpus[cpu].up;

	return (int)client_ask(c, CALL_OF(SDEI_FID_EVENT_ROUTING_SET),
			       e->number, one,
			       one ? c->config.cpus[cpu].affinity : 0);
}

/* Routing wants it disabled, which an event may be already (5.1.11). */
int client_reroute(struct sdei_client *c, struct event *e, unsigned cpu)
{
	int result, enabled;

	if (!e->registered || e->route != (int)cpu)
		return SDEI_SUCCESS;
	result = client_step(c, e, CALL_OF(SDEI_FID_EVENT_DISABLE));
	if (!result)
		result = client_set_route(c, e, e->route);
	if (!e->enabled)
		return result;
	enabled = client_step(c, e, CALL_OF(SDEI_FID_EVENT_ENABLE));
	return result ? result : enabled;
}

/* Register an event and enable it, unless the dispatcher has it still. */
static int restore(struct sdei_client *c, struct event *e, unsigned which)
{
	int result;

	if (which & SHARED_EVENTS && e->interrupt) {
		result = client_bind(c, e->interrupt);
		if (result < 0)
			return result;
		e->number = (uint32_t)result;
	}
	if (!e->registered ||
	    !(which & (e->shared ? SHARED_EVENTS : PRIVATE_EVENTS)))
		return SDEI_SUCCESS;
	result = client_step(c, e, CALL_OF(SDEI_FID_EVENT_STATUS));
	if (result >= 0 && !(result & SDEI_STATUS_REGISTERED)) {
		result = client_step(c, e, CALL_OF(SDEI_FID_EVENT_REGISTER));
		if (!result && e->route >= 0)
			result = client_set_route(c, e, e->route);
	}
	if (result >= 0 && e->enabled)
		result = client_step(c, e, CALL_OF(SDEI_FID_EVENT_ENABLE));
	return result;
}

int client_restore(struct sdei_client *c, struct event *e, unsigned which)
{
	(void)e;
	return client_walk(c, restore, which);
}
