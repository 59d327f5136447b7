/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts as events (5.1.14, 5.1.15), and where shared events go (5.1.11).
 *
 * What is bound has an entry in the table of events, registered or not: after
 * hibernation it is bound again, and its number may be another then.
 */
#include "internal.h"

/* An event's number, or an error. 0 is event 0's: never a bound one's. */
static int bind(struct sdei_client *c, uint32_t interrupt)
{
	int number = (int)client_ask(c, CALL_OF(SDEI_FID_INTERRUPT_BIND),
				     interrupt, 0, 0);

	if (number >= 0 && (!number || number & SDEI_EVENT_RESERVED_MASK))
		return SDEI_ERROR_ANSWER;
	return number;
}

int client_bind_again(struct sdei_client *c, struct event *e)
{
	int number = bind(c, e->interrupt);

	if (number < 0)
		return number;
	e->number = (uint32_t)number;
	return SDEI_SUCCESS;
}

static int take(struct sdei_client *c, struct event *e, uintptr_t value)
{
	uint32_t interrupt = (uint32_t)value;
	int number = bind(c, interrupt);

	if (number < 0)
		return number;
	e = client_find(c, (uint32_t)number);
	/* A number that is taken otherwise: not this interrupt's. */
	if (e && e->interrupt != interrupt)
		return SDEI_ERROR_ANSWER;
	e = e ? e : client_find(c, NO_EVENT);
	if (!e) {
		client_ask(c, CALL_OF(SDEI_FID_INTERRUPT_RELEASE),
			   (uint64_t)number, 0, 0);
		return SDEI_OUT_OF_RESOURCE;
	}
	e->number = (uint32_t)number;
	e->interrupt = interrupt;
	return number;
}

int sdei_client_bind(struct sdei_client *c, uint32_t interrupt,
		     uint32_t *number)
{
	int result = client_task(c, READY, take, 0, interrupt);

	if (result < 0)
		return result;
	*number = (uint32_t)result;
	return SDEI_SUCCESS;
}

static int release(struct sdei_client *c, struct event *e, uintptr_t value)
{
	int result;

	(void)value;
	if (!e || !e->interrupt)
		return SDEI_INVALID_PARAMETERS;
	if (!client_settled(c, e))
		return SDEI_DENIED;
	result = client_step(c, e, CALL_OF(SDEI_FID_INTERRUPT_RELEASE));
	if (!result)
		e->interrupt = 0;
	client_retire(e);
	return result;
}

int sdei_client_release(struct sdei_client *c, uint32_t number)
{
	return client_task(c, READY, release, number, 0);
}

/* A CPU that is down cannot take it: then any may. */
int client_set_route(struct sdei_client *c, struct event *e, int cpu)
{
	bool one = cpu >= 0 && c->cpus[cpu].up;

	return (int)client_ask(c, CALL_OF(SDEI_FID_EVENT_ROUTING_SET),
			       e->number, one,
			       one ? c->config.cpus[cpu].affinity : 0);
}

static int route(struct sdei_client *c, struct event *e, uintptr_t value)
{
	int result, cpu = (int)value;

	if (cpu < -1 || cpu >= (int)c->config.cpu_count)
		return SDEI_INVALID_PARAMETERS;
	if (!e || !e->registered)
		return SDEI_DENIED;
	if (!e->shared)
		return SDEI_INVALID_PARAMETERS;
	result = client_set_route(c, e, cpu);
	if (!result)
		e->route = cpu;
	return result;
}

int sdei_client_route(struct sdei_client *c, uint32_t number, int cpu)
{
	return client_task(c, READY, route, number, (uintptr_t)(intptr_t)cpu);
}
