/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPUs that come, go and sleep; systems that sleep, hibernate, end or crash
 * (6.5). Always: mask before anything is taken away, unmask after everything is
 * there.
 */
#include "internal.h"

/* Route again what is routed to `cpu`, which comes or goes. */
static int reroute(struct sdei_client *c, struct event *e, unsigned cpu)
{
	int result = SDEI_SUCCESS, enabled = SDEI_SUCCESS;

	if (!e->registered || e->route != (int)cpu)
		return SDEI_SUCCESS;
	if (e->enabled)
		result = client_step(c, e, CALL_OF(SDEI_FID_EVENT_DISABLE));
	if (!result)
		result = client_set_route(c, e, e->route);
	if (e->enabled)
		enabled = client_step(c, e, CALL_OF(SDEI_FID_EVENT_ENABLE));
	return result ? result : enabled;
}

/* Where events go is a wish: if it cannot be, they go to any. */
static int up(struct sdei_client *c, struct event *e, uintptr_t value)
{
	struct cpu *cpu = client_this_cpu(c);
	int result = client_prepare(c, NULL, 0);

	(void)e, (void)value;
	if (!result)
		result = client_restore(c, NULL, PRIVATE_EVENTS);
	if (!result) {
		client_walk(c, reroute, cpu->index);
		result = client_step(c, NULL, CALL_OF(SDEI_FID_PE_UNMASK));
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
static int down(struct sdei_client *c, struct event *e, uintptr_t value)
{
	struct cpu *cpu = client_this_cpu(c);
	int result, routed;

	(void)e, (void)value;
	cpu->up = false;
	client_step(c, NULL, CALL_OF(SDEI_FID_PE_MASK));
	routed = client_walk(c, reroute, cpu->index);
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

	if (masked > 0)
		client_this_cpu(c)->slept = true;
	return masked < 0 ? masked : SDEI_SUCCESS;
}

int sdei_client_cpu_resume(struct sdei_client *c)
{
	struct cpu *cpu = client_this_cpu(c);
	int masked = cpu->slept;

	cpu->slept = false;
	return sdei_client_unmask(c, masked);
}

int sdei_client_system_suspend(struct sdei_client *c)
{
	return sdei_client_cpu_suspend(c);
}

static int resume(struct sdei_client *c, struct event *e, uintptr_t value)
{
	int unmasked, result = client_restore(c, e, SHARED_EVENTS);

	(void)value;
	if (!result)
		result = client_restore(c, e, PRIVATE_EVENTS);
	unmasked = sdei_client_cpu_resume(c);
	return result ? result : unmasked;
}

int sdei_client_system_resume(struct sdei_client *c)
{
	return client_task(c, READY, resume, 0, 0);
}

/* Mask and reset everywhere, whatever fails; `value` is the state after it. */
static int end(struct sdei_client *c, struct event *e, uintptr_t value)
{
	int result = client_each(c, client_reset, NULL, 0);
	int shared = client_step(c, NULL, CALL_OF(SDEI_FID_SHARED_RESET));

	(void)e;
	c->state = (enum client_state)value;
	return result ? result : shared;
}

/* SDEI_PENDING if a handler of `e` runs here, or, if it is shared, anywhere. */
static int running(struct sdei_client *c, struct event *e, unsigned call)
{
	int status = client_step(c, e, call);

	return status > 0 && status & SDEI_STATUS_RUNNING ? SDEI_PENDING
							  : status;
}

/* The step for events of freeze(): nothing of them runs any more. */
static int quiet(struct sdei_client *c, struct event *e, unsigned value)
{
	int result = client_each(c, running, e, CALL_OF(SDEI_FID_EVENT_STATUS));

	(void)value;
	if (result >= 0)
		e->leaving = false;
	client_retire(e);
	return result;
}

/* While everything is masked no handler can begin: what is seen stays so. */
static int freeze(struct sdei_client *c, struct event *e, uintptr_t value)
{
	int result = client_each(c, client_step, NULL,
				 CALL_OF(SDEI_FID_PE_MASK));

	if (!result)
		result = client_walk(c, quiet, 0);
	if (!result)
		return end(c, e, value);
	client_each(c, client_step, NULL, CALL_OF(SDEI_FID_PE_UNMASK));
	return result;
}

int sdei_client_freeze(struct sdei_client *c)
{
	return client_task(c, READY, freeze, 0, FROZEN);
}

int sdei_client_thaw(struct sdei_client *c)
{
	return client_task(c, FROZEN, client_start, 0, 0);
}

int sdei_client_shutdown(struct sdei_client *c)
{
	return client_task(c, READY, end, 0, DISABLED);
}

/* The dispatcher knows best whether a handler runs; more than two cannot. */
unsigned client_abandon_all(struct sdei_client *c)
{
	uint64_t fid = c->config.stub ? STUB_ABANDON
				      : SDEI_FID_EVENT_COMPLETE_RESUME;
	struct level *l = client_this_cpu(c)->level;
	unsigned ended = 0;

	while (ended < PRIORITIES &&
	       client_abandon(fid, l->hvc, l->stub.world))
		l[ended++].running = NULL;
	return ended;
}

unsigned sdei_client_crash(struct sdei_client *c)
{
	if (sdei_client_mask(c) == SDEI_ERROR_DISABLED)
		return 0;
	return client_abandon_all(c);
}
