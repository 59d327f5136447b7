/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every [task] function does: take the lock, look at the client's state
 * and at the event; and how it reaches CPUs: one after another, with the lock
 * held, which keeps the set of those that are up as it is.
 */
#include "internal.h"

int client_task(struct sdei_client *c, enum client_state wanted, task *f,
		uint32_t number, uintptr_t value)
{
	const struct sdei_client_ops *ops = c->config.ops;
	int result;

	if (ops->lock)
		ops->lock(c->config.context);
	result = c->state == READY ? SDEI_DENIED : SDEI_ERROR_DISABLED;
	if (c->state == wanted)
		result = f(c, client_find(c, number), value);
	if (ops->unlock)
		ops->unlock(c->config.context);
	return result;
}

struct job {
	struct sdei_client *c;
	step *f;
	struct event *e;
	unsigned value;
	int result;
};

static void run(void *argument)
{
	struct job *job = argument;

	job->result = job->f(job->c, job->e, job->value);
}

int client_on(struct sdei_client *c, struct cpu *cpu, step *f, struct event *e,
	      unsigned value)
{
	struct job job = { c, f, e, value, SDEI_ERROR_CPU };

	if (!c->config.ops->run_on(c->config.context,
				   cpu->index, run, &job))
		return SDEI_ERROR_CPU;
	return job.result;
}

int client_each(struct sdei_client *c, step *f, struct event *e, unsigned value)
{
	struct cpu *cpu = c->cpus, *end = cpu + c->config.cpu_count;
	int next, result = SDEI_SUCCESS;

	if (e && e->shared)
		return f(c, e, value);
	for (; cpu != end; cpu++) {
		next = cpu->up ? client_on(c, cpu, f, e, value) : 0;
		if (next < 0 && (!result || result == SDEI_PENDING))
			result = next;
	}
	return result;
}

int client_walk(struct sdei_client *c, step *f, unsigned value)
{
	struct event *e = c->events, *end = e + c->config.event_count;
	int result = SDEI_SUCCESS;

	for (; e != end && result >= 0; e++)
		if (e->number != NO_EVENT)
			result = f(c, e, value);
	return result < 0 ? result : SDEI_SUCCESS;
}
