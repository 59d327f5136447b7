/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probing, and building up again: version, a reset of every CPU, SHARED_RESET,
 * what is to be registered, and events unmasked last (5.1.18, 5.1.19, 6.5). At
 * the first probe nothing is registered; after hibernation the same way restores
 * all that was.
 */
#include "internal.h"

/* The interface is over; said once, because there is no second time. */
static int disable(struct sdei_client *c, uint64_t fid, int64_t answer)
{
	const struct sdei_client_config *config = &c->config;

	c->state = DISABLED;
	config->ops->trouble(config->context, SDEI_TROUBLE_DISABLED,
			     config->ops->cpu(config->context), (uint32_t)fid,
			     answer);
	return (int)answer;
}

/* Masked first: SHARED_RESET wants that of every CPU (5.1.19). */
int client_reset(struct sdei_client *c, struct event *e, uint64_t fid)
{
	int result = client_step(c, e, SDEI_FID_PE_MASK);

	(void)fid;
	return result < 0 ? result : client_step(c, e, SDEI_FID_PRIVATE_RESET);
}

/*
 * DENIED: a handler runs here, and it is none of ours, because we would be in
 * it. A kernel that died left it. It will never end unless it is ended.
 */
int client_prepare(struct sdei_client *c, struct event *e, uint64_t fid)
{
	int result = client_fill_cpu(c);

	if (!result)
		result = client_reset(c, e, fid);
	if (result == SDEI_DENIED) {
		client_abandon_all(c);
		result = client_reset(c, e, fid);
	}
	if (!result)
		this_cpu(c)->up = true;
	return result;
}

/* Register an event and enable it, unless the dispatcher has it still. */
static int restore(struct sdei_client *c, struct event *e)
{
	int result = client_step(c, e, SDEI_FID_EVENT_STATUS);

	if (result >= 0 && !(result & SDEI_STATUS_REGISTERED)) {
		result = client_step(c, e, SDEI_FID_EVENT_REGISTER);
		if (!result && e->shared && e->route >= 0)
			result = client_set_route(c, e, e->route);
	}
	if (result >= 0 && e->enabled)
		result = client_step(c, e, SDEI_FID_EVENT_ENABLE);
	return result < 0 ? result : SDEI_SUCCESS;
}

static int restore_all(struct sdei_client *c, bool shared)
{
	int result = SDEI_SUCCESS;

	for (unsigned i = 0; i < c->config.event_count && !result; i++)
		if (c->events[i].registered && c->events[i].shared == shared)
			result = restore(c, &c->events[i]);
	return result;
}

int client_restore(struct sdei_client *c, struct event *e, uint64_t fid)
{
	(void)e, (void)fid;
	return restore_all(c, false);
}

int client_restore_shared(struct sdei_client *c)
{
	int result = SDEI_SUCCESS;

	for (unsigned i = 0; i < c->config.event_count && !result; i++)
		if (c->events[i].interrupt)
			result = client_bind_again(c, &c->events[i]);
	return result ? result : restore_all(c, true);
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

/* Bit 63 is zero, major is 1, and any minor will do (5.1.1). */
static bool check_version(struct sdei_client *c)
{
	c->version = (uint64_t)c->call(SDEI_FID_VERSION, 0, 0, 0, 0, 0);
	return c->version >> SDEI_VERSION_MAJOR_SHIFT == SDEI_VERSION_MAJOR;
}

int client_start(struct sdei_client *c, struct event *e, uint64_t value)
{
	uint64_t fid = SDEI_FID_PRIVATE_RESET;
	int result;

	(void)e, (void)value;
	if (!check_version(c)) {
		disable(c, SDEI_FID_VERSION, (int64_t)c->version);
		return SDEI_NOT_SUPPORTED;
	}
	result = prepare_all(c);
	if (!result) {
		fid = SDEI_FID_SHARED_RESET;
		result = client_step(c, NULL, fid);
	}
	if (!result) {
		fid = SDEI_FID_EVENT_REGISTER;
		result = client_restore_shared(c);
	}
	if (!result)
		result = client_each(c, client_restore, NULL, 0);
	if (!result) {
		/* Handlers may come, and make calls, before the last is done. */
		c->state = READY;
		fid = SDEI_FID_PE_UNMASK;
		result = client_each(c, client_step, NULL, fid);
	}
	return result ? disable(c, fid, result) : SDEI_SUCCESS;
}

int sdei_client_probe(struct sdei_client *c)
{
	return client_task(c, UNPROBED, client_start, 0, 0);
}
