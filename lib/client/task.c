/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every [task] function does: take the lock, look at the client's state and
 * at the event; and how it reaches CPUs: one after another, with the lock held,
 * which keeps the set of those that are up as it is.
 */
#include "internal.h"

int client_task(struct sdei_client *c, enum client_state wanted, task *f,
		uint32_t number, uintptr_t value)
{
	const struct sdei_client_ops *ops = c->config.ops;
	int result;

	if (ops->lock)
		ops->lock(c->config.context);
	if (c->state == wanted)
		result = f(c, client_find(c, number), value);
	else
		result = c->state == READY ? SDEI_DENIED : SDEI_ERROR_DISABLED;
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
				   (unsigned)(cpu - c->cpus), run, &job))
		return SDEI_ERROR_CPU;
	return job.result;
}

int client_each(struct sdei_client *c, step *f, struct event *e, unsigned value)
{
	int result = SDEI_SUCCESS;

	if (e && e->shared)
		return f(c, e, value);
	for (unsigned i = 0; i < c->config.cpu_count; i++) {
		int next = 0;

		if (c->cpus[i].up)
			next = client_on(c, &c->cpus[i], f, e, value);
		if (next < 0 && (!result || result == SDEI_PENDING))
			result = next;
	}
	return result;
}

int client_walk(struct sdei_client *c, step *f, unsigned value)
{
	int result = SDEI_SUCCESS;

	for (unsigned i = 0; i < c->config.event_count && result >= 0; i++)
		if (in_use(&c->events[i]))
			result = f(c, &c->events[i], value);
	return result < 0 ? result : SDEI_SUCCESS;
}
