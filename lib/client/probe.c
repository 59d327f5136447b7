/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probing, and building up again: version, a reset of every CPU, SHARED_RESET,
 * what is to be registered, and events unmasked last (5.1.18, 5.1.19, 6.5). At
 * the first probe nothing is registered; after hibernation the same way
 * restores all that was.
 */
#include "internal.h"

/* Masked first: SHARED_RESET wants that of every CPU (5.1.19). */
int client_reset(struct sdei_client *c, struct event *e, unsigned value)
{
	int result = client_pe(c, CALL_OF(SDEI_FID_PE_MASK));

	(void)e, (void)value;
	return result < 0 ? result
			  : client_pe(c, CALL_OF(SDEI_FID_PRIVATE_RESET));
}

/*
 * DENIED: a handler runs here, and it is none of ours, because we would be in
 * it. A kernel that died left it. It will never end unless it is ended.
 */
int client_prepare(struct sdei_client *c, struct event *e, unsigned value)
{
	int result = client_fill_cpu(c);

	(void)e, (void)value;
	if (!result)
		result = client_reset(c, NULL, 0);
	if (result == SDEI_DENIED) {
		client_abandon_all(c);
		result = client_reset(c, NULL, 0);
	}
	if (!result)
		client_this_cpu(c)->up = true;
	return result;
}

/* CPUs that cannot be reached are down; they will come by cpu_up(). */
static int prepare_all(struct sdei_client *c)
{
	struct cpu *cpu;
	int result = SDEI_SUCCESS;

	for (cpu = c->cpus; cpu != c->cpus_end && !result; cpu++) {
		cpu->up = false;
		result = client_on(c, NULL, client_prepare, 0, cpu);
		if (result == SDEI_ERROR_CPU)
			result = SDEI_SUCCESS;
	}
	return result;
}

/* Handlers may come, and make calls, before the last PE is unmasked. */
static int start(struct sdei_client *c)
{
	int result = prepare_all(c);

	if (!result)
		result = client_pe(c, CALL_OF(SDEI_FID_SHARED_RESET));
	if (!result)
		result = client_restore(c, NULL, SHARED_EVENTS);
	if (!result)
		result = client_each(c, NULL, client_restore, PRIVATE_EVENTS);
	if (result)
		return result;
	c->state = READY;
	return client_step_each(c, NULL, CALL_OF(SDEI_FID_PE_UNMASK));
}

/* Major is 1, and any minor will do (5.1.1). A failure is told once. */
int client_start(struct sdei_client *c, struct event *e, uintptr_t value)
{
	const struct sdei_client_config *config = &c->config;
	int64_t answer = c->call(SDEI_FID_VERSION, 0, 0, 0, 0, 0);
	int result = SDEI_NOT_SUPPORTED;

	(void)e, (void)value;
	c->asked = CALL_OF(SDEI_FID_VERSION);
	if (answer >> SDEI_VERSION_MAJOR_SHIFT == SDEI_VERSION_MAJOR) {
		c->version = (uint64_t)answer;
		answer = result = start(c);
	}
	if (result) {
		c->state = DISABLED;
		config->ops->trouble(config->context, SDEI_TROUBLE_DISABLED,
				     client_this_cpu(c)->index,
				     SDEI_FID_FIRST + c->asked, answer);
	}
	return result;
}

int sdei_client_probe(struct sdei_client *c)
{
	return client_task_in(c, NO_EVENT, client_start, 0, UNPROBED);
}
