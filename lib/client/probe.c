/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probing, and building up again: version, a reset of every CPU, SHARED_RESET,
 * what is to be registered, and events unmasked last (5.1.18, 5.1.19, 6.5). At
 * the first probe nothing is registered; after hibernation the same way restores
 * all that was.
 */
#include "internal.h"

/* Masked first: SHARED_RESET wants that of every CPU (5.1.19). */
int client_reset(struct sdei_client *c, struct event *e, unsigned value)
{
	int result = client_step(c, e, CALL_OF(SDEI_FID_PE_MASK));

	(void)value;
	return result < 0 ? result
			  : client_step(c, e, CALL_OF(SDEI_FID_PRIVATE_RESET));
}

/*
 * DENIED: a handler runs here, and it is none of ours, because we would be in
 * it. A kernel that died left it. It will never end unless it is ended.
 */
int client_prepare(struct sdei_client *c, struct event *e, unsigned value)
{
	int result = client_fill_cpu(c);

	if (!result)
		result = client_reset(c, e, value);
	if (result == SDEI_DENIED) {
		client_abandon_all(c);
		result = client_reset(c, e, value);
	}
	if (!result)
		client_this_cpu(c)->up = true;
	return result;
}

/* Register an event and enable it, unless the dispatcher has it still. */
static int restore(struct sdei_client *c, struct event *e, unsigned shared)
{
	int result = SDEI_SUCCESS;

	if (shared && e->interrupt)
		result = client_bind_again(c, e);
	if (result || !e->registered || e->shared != shared)
		return result;
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

int client_restore(struct sdei_client *c, struct event *e, unsigned value)
{
	(void)e;
	return client_walk(c, restore, value);
}

/* CPUs that cannot be reached are down; they will come by cpu_up(). */
static int prepare_all(struct sdei_client *c)
{
	int result = SDEI_SUCCESS;

	for (unsigned i = 0; i < c->config.cpu_count && !result; i++) {
		c->cpus[i].up = false;
		result = client_on(c, &c->cpus[i], client_prepare, NULL, 0);
		if (result == SDEI_ERROR_CPU)
			result = SDEI_SUCCESS;
	}
	return result;
}

/* Returns the first error, and in *fid what was asked when it came. */
static int start(struct sdei_client *c, uint64_t *fid)
{
	int result;

	*fid = SDEI_FID_PRIVATE_RESET;
	result = prepare_all(c);
	if (result)
		return result;
	*fid = SDEI_FID_SHARED_RESET;
	result = client_step(c, NULL, CALL_OF(SDEI_FID_SHARED_RESET));
	if (result)
		return result;
	*fid = SDEI_FID_EVENT_REGISTER;
	result = client_restore(c, NULL, SHARED_EVENTS);
	if (!result)
		result = client_each(c, client_restore, NULL, PRIVATE_EVENTS);
	if (result)
		return result;
	/* Handlers may come, and make calls, before the last is done. */
	c->state = READY;
	*fid = SDEI_FID_PE_UNMASK;
	return client_each(c, client_step, NULL, CALL_OF(SDEI_FID_PE_UNMASK));
}

/* Major is 1, and any minor will do (5.1.1). A failure is told once. */
int client_start(struct sdei_client *c, struct event *e, uintptr_t value)
{
	const struct sdei_client_config *config = &c->config;
	uint64_t fid = SDEI_FID_VERSION;
	int64_t answer = c->call(fid, 0, 0, 0, 0, 0);
	int result = SDEI_NOT_SUPPORTED;

	(void)e, (void)value;
	if (answer >> SDEI_VERSION_MAJOR_SHIFT == SDEI_VERSION_MAJOR) {
		c->version = (uint64_t)answer;
		answer = result = start(c, &fid);
	}
	if (result) {
		c->state = DISABLED;
		config->ops->trouble(config->context, SDEI_TROUBLE_DISABLED,
				     config->ops->cpu(config->context),
				     (uint32_t)fid, answer);
	}
	return result;
}

int sdei_client_probe(struct sdei_client *c)
{
	return client_task(c, UNPROBED, client_start, 0, 0);
}
