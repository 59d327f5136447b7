/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPUs that come, go and sleep; systems that sleep, hibernate, end or crash
 * (6.5). Always: mask before anything is taken away, unmask after everything is
 * there.
 */
#include "internal.h"

/* Route again what is routed to this CPU, which comes or goes. */
static int route_again(struct sdei_client *c, const struct cpu *cpu)
{
	int result = SDEI_SUCCESS, enabled = SDEI_SUCCESS;

	for (unsigned i = 0; i < c->config.event_count && !result; i++) {
		struct event *e = &c->events[i];

		if (!e->registered || e->route != cpu - c->cpus)
			continue;
		if (e->enabled)
			result = client_step(c, e, SDEI_FID_EVENT_DISABLE);
		if (!result)
			result = client_set_route(c, e, e->route);
		if (e->enabled)
			enabled = client_step(c, e, SDEI_FID_EVENT_ENABLE);
		result = result ? result : enabled;
	}
	return result;
}

/* Where events go is a wish: if it cannot be they go to any, and all is well. */
static int up(struct sdei_client *c, struct event *e, uint64_t value)
{
	struct cpu *cpu = this_cpu(c);
	int result = client_prepare(c, NULL, 0);

	(void)e, (void)value;
	if (!result)
		result = client_restore(c, NULL, 0);
	if (!result) {
		route_again(c, cpu);
		result = client_step(c, NULL, SDEI_FID_PE_UNMASK);
	}
	if (result) {
		cpu->up = false;
		client_reset(c, NULL, 0);
	}
	return result;
}

int sdei_client_cpu_up(struct sdei_client *c)
{
	return client_task(c, READY, up, 0, 0);
}

/* Masked before anything is moved: what is pending must not begin here. */
static int down(struct sdei_client *c, struct event *e, uint64_t value)
{
	struct cpu *cpu = this_cpu(c);
	int result, routed;

	(void)e, (void)value;
	cpu->up = false;
	client_step(c, NULL, SDEI_FID_PE_MASK);
	routed = route_again(c, cpu);
	result = client_reset(c, NULL, 0);
	return result ? result : routed;
}

int sdei_client_cpu_down(struct sdei_client *c)
{
	return client_task(c, READY, down, 0, 0);
}

/* Only what was masked here is unmasked afterwards. */
int sdei_client_cpu_suspend(struct sdei_client *c)
{
	int masked = sdei_client_mask(c);

	if (masked == 1)
		this_cpu(c)->slept = true;
	return masked < 0 ? masked : SDEI_SUCCESS;
}

int sdei_client_cpu_resume(struct sdei_client *c)
{
	struct cpu *cpu = this_cpu(c);
	int masked = cpu->slept;

	cpu->slept = false;
	return sdei_client_unmask(c, masked);
}

int sdei_client_system_suspend(struct sdei_client *c)
{
	return sdei_client_cpu_suspend(c);
}

static int resume(struct sdei_client *c, struct event *e, uint64_t value)
{
	int unmasked, result = client_restore_shared(c);

	(void)e, (void)value;
	if (!result)
		result = client_restore(c, NULL, 0);
	unmasked = sdei_client_cpu_resume(c);
	return result ? result : unmasked;
}

int sdei_client_system_resume(struct sdei_client *c)
{
	return client_task(c, READY, resume, 0, 0);
}

/* Mask and reset everywhere, whatever fails on the way; the client is `value`. */
static int end(struct sdei_client *c, struct event *e, uint64_t value)
{
	int result = client_each(c, client_reset, NULL, 0);
	int shared = client_step(c, NULL, SDEI_FID_SHARED_RESET);

	(void)e;
	c->state = (enum client_state)value;
	return result ? result : shared;
}

/* SDEI_PENDING if a handler of `e` runs here, or, if it is shared, anywhere. */
static int running(struct sdei_client *c, struct event *e, uint64_t fid)
{
	int status = client_step(c, e, fid);

	return status > 0 && status & SDEI_STATUS_RUNNING ? SDEI_PENDING
							  : status;
}

/* While everything is masked no handler can begin: what is seen stays so. */
static int freeze(struct sdei_client *c, struct event *e, uint64_t value)
{
	int result = client_each(c, client_step, NULL, SDEI_FID_PE_MASK);

	(void)value;
	for (unsigned i = 0; i < c->config.event_count && !result; i++) {
		e = &c->events[i];
		if (e->registered || e->leaving)
			result = client_each(c, running, e,
					     SDEI_FID_EVENT_STATUS);
		if (result >= 0)
			e->leaving = false;
	}
	if (result < 0) {
		client_each(c, client_step, NULL, SDEI_FID_PE_UNMASK);
		return result;
	}
	return end(c, NULL, FROZEN);
}

int sdei_client_freeze(struct sdei_client *c)
{
	return client_task(c, READY, freeze, 0, 0);
}

int sdei_client_thaw(struct sdei_client *c)
{
	return client_task(c, FROZEN, client_start, 0, 0);
}

int sdei_client_shutdown(struct sdei_client *c)
{
	return client_task(c, READY, end, 0, DISABLED);
}

/* The level of the innermost handler that is ours, or NULL. */
static struct level *innermost(struct cpu *cpu)
{
	for (int priority = PRIORITIES - 1; priority >= 0; priority--)
		if (cpu->level[priority].running)
			return &cpu->level[priority];
	return NULL;
}

/* The dispatcher knows best whether a handler runs; more than two cannot. */
unsigned client_abandon_all(struct sdei_client *c)
{
	const struct sdei_client_config *config = &c->config;
	unsigned ended = 0;

	while (ended < PRIORITIES) {
		struct level *l = innermost(this_cpu(c));

		if (!client_abandon(config->stub
					    ? STUB_ABANDON
					    : SDEI_FID_EVENT_COMPLETE_RESUME,
				    config->conduit == SDEI_CONDUIT_HVC,
				    l ? l->el2 : 0))
			break;
		if (l)
			l->running = NULL;
		ended++;
	}
	return ended;
}

unsigned sdei_client_crash(struct sdei_client *c)
{
	if (sdei_client_mask(c) == SDEI_ERROR_DISABLED)
		return 0;
	return client_abandon_all(c);
}
