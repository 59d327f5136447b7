/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts as events (5.1.14, 5.1.15), and where shared events go (5.1.11).
 *
 * What is bound has an entry in the table of events, registered or not: after
 * hibernation it is bound again, and its number may be another then.
 */
#include "internal.h"

static int take(struct sdei_client *c, struct event *e, uintptr_t value)
{
	uint32_t interrupt = (uint32_t)value;
	int number = client_bind(c, interrupt);

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
	int result = client_task(c, NO_EVENT, take, interrupt);

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
	result = client_settle(c, e);
	if (!result)
		result = client_step(c, e, CALL_OF(SDEI_FID_INTERRUPT_RELEASE));
	if (!result)
		e->interrupt = 0;
	return result;
}

int sdei_client_release(struct sdei_client *c, uint32_t number)
{
	return client_task(c, number, release, 0);
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
	return client_task(c, number, route, (uintptr_t)(intptr_t)cpu);
}
