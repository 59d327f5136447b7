/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions and signals: calls that change nothing the client remembers.
 */
#include "internal.h"

uint64_t sdei_client_version(const struct sdei_client *c)
{
	return c->state == READY ? c->version : 0;
}

int sdei_client_status(struct sdei_client *c, uint32_t number, unsigned cpu)
{
	struct event e; /* its number is all that is asked */

	if (c->state != READY)
		return SDEI_ERROR_DISABLED;
	if (cpu >= c->config.cpu_count)
		return SDEI_INVALID_PARAMETERS;
	e.number = number;
	return client_on(c, &e, client_step, CALL_OF(SDEI_FID_EVENT_STATUS),
			 &c->cpus[cpu]);
}

/* For [any] functions. */
static int64_t query(struct sdei_client *c, unsigned call, uint64_t x1,
		     uint64_t x2)
{
	if (c->state != READY)
		return SDEI_ERROR_DISABLED;
	return client_ask(c, call, x1, x2, 0);
}

int64_t sdei_client_info(struct sdei_client *c, uint32_t number, uint32_t what)
{
	return query(c, CALL_OF(SDEI_FID_EVENT_GET_INFO), number, what);
}

int64_t sdei_client_features(struct sdei_client *c, uint32_t feature)
{
	return query(c, CALL_OF(SDEI_FID_FEATURES), feature, 0);
}

int sdei_client_signal(struct sdei_client *c, unsigned cpu)
{
	if (cpu >= c->config.cpu_count)
		return SDEI_INVALID_PARAMETERS;
	/* The dispatcher owes this to the handler (5.1.16), not all do it. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	return (int)query(c, CALL_OF(SDEI_FID_EVENT_SIGNAL),
			  SDEI_EVENT_SIGNALLED, c->config.cpus[cpu].affinity);
}

const struct sdei_interrupted *
sdei_client_interrupted(const struct sdei_client *c, unsigned cpu,
			unsigned priority)
{
	const struct level *l;

	if (cpu >= c->config.cpu_count || priority >= PRIORITIES)
		return NULL;
	l = &c->cpus[cpu].level[priority];
	return __atomic_load_n(&l->running, __ATOMIC_RELAXED) ? &l->interrupted
							      : NULL;
}
