/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every [task] function does: take the lock, look at the client's state
 * and at the event; and how it reaches CPUs: one after another, with the lock
 * held, which keeps the set of those that are up as it is.
 */
#include "internal.h"

int client_task_in(struct sdei_client *c, uint32_t number, task *f,
		   uintptr_t value, enum client_state wanted)
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

int client_task(struct sdei_client *c, uint32_t number, task *f,
		uintptr_t value)
{
	return client_task_in(c, number, f, value, READY);
}

struct remote_step {
	struct sdei_client *c;
	struct event *e;
	step *f;
	unsigned value;
	int result;
};

static void run_remote(void *argument)
{
	struct remote_step *remote = argument;

	remote->result = remote->f(remote->c, remote->e, remote->value);
}

/* If the CPU is not reached then run_remote() does not write the result. */
static int run_on(struct remote_step *remote, const struct cpu *cpu)
{
	const struct sdei_client_config *config = &remote->c->config;

	remote->result = SDEI_ERROR_CPU;
	config->ops->run_on(config->context, cpu->index, run_remote, remote);
	return remote->result;
}

int client_on(struct sdei_client *c, struct event *e, step *f, unsigned value,
	      const struct cpu *cpu)
{
	struct remote_step remote = { c, e, f, value, 0 };

	return run_on(&remote, cpu);
}

int client_each(struct sdei_client *c, struct event *e, step *f, unsigned value)
{
	const struct cpu *cpu;
	struct remote_step remote = { c, e, f, value, 0 };
	int next, result = SDEI_SUCCESS;

	if (e && e->shared)
		return f(c, e, value);
	for (cpu = c->cpus; cpu != c->cpus_end; cpu++) {
		next = cpu->up ? run_on(&remote, cpu) : 0;
		if (next < 0 && (!result || result == SDEI_PENDING))
			result = next;
	}
	return result;
}

int client_walk(struct sdei_client *c, step *f, unsigned value)
{
	struct event *e;
	int result = SDEI_SUCCESS;

	for (e = c->events; e != c->events_end && result >= 0; e++)
		if (client_in_use(e))
			result = f(c, e, value);
	return result < 0 ? result : SDEI_SUCCESS;
}
