/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Masking; CPUs that come, go and sleep; systems that sleep, end or crash
 * (6.5). Always: mask before anything is taken away, unmask after everything is
 * there.
 */
#include "internal.h"

/* While the client is ready; good in a handler. */
static int here(struct sdei_client *c, unsigned call)
{
	return c->state == READY ? client_pe(c, call) : SDEI_ERROR_DISABLED;
}

int sdei_client_mask(struct sdei_client *c)
{
	return here(c, CALL_OF(SDEI_FID_PE_MASK));
}

int sdei_client_unmask(struct sdei_client *c, int masked)
{
	if (masked == 1)
		return here(c, CALL_OF(SDEI_FID_PE_UNMASK));
	return c->state == READY ? SDEI_SUCCESS : SDEI_ERROR_DISABLED;
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
		client_walk(c, client_reroute, cpu->index);
		result = client_pe(c, CALL_OF(SDEI_FID_PE_UNMASK));
	}
	if (result) {
		cpu->up = false;
		client_reset(c, NULL, 0);
	}
	return result;
}

int sdei_client_cpu_up(struct sdei_client *c)
{
	return client_task(c, NO_EVENT, up, 0);
}

/* Masked before anything is moved: what is pending must not begin here. */
static int down(struct sdei_client *c, struct event *e, uintptr_t value)
{
	struct cpu *cpu = client_this_cpu(c);
	int result, routed;

	(void)e, (void)value;
	cpu->up = false;
	client_pe(c, CALL_OF(SDEI_FID_PE_MASK));
	routed = client_walk(c, client_reroute, cpu->index);
	result = client_reset(c, NULL, 0);
	return result ? result : routed;
}

int sdei_client_cpu_down(struct sdei_client *c)
{
	return client_task(c, NO_EVENT, down, 0);
}

/* Only what was masked here is unmasked afterwards. */
int sdei_client_cpu_suspend(struct sdei_client *c)
{
	int masked = sdei_client_mask(c);

	if (masked <= 0)
		return masked;
	client_this_cpu(c)->slept = true;
	return SDEI_SUCCESS;
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
	int result = client_restore(c, e, SHARED_EVENTS | PRIVATE_EVENTS);
	int unmasked = sdei_client_cpu_resume(c);

	(void)value;
	return result ? result : unmasked;
}

int sdei_client_system_resume(struct sdei_client *c)
{
	return client_task(c, NO_EVENT, resume, 0);
}

/* Mask and reset everywhere, whatever fails; `value` is the state after it. */
int client_end(struct sdei_client *c, struct event *e, uintptr_t value)
{
	int result = client_each(c, NULL, client_reset, 0);
	int shared = client_pe(c, CALL_OF(SDEI_FID_SHARED_RESET));

	(void)e;
	c->state = (enum client_state)value;
	return result ? result : shared;
}

int sdei_client_shutdown(struct sdei_client *c)
{
	return client_task(c, NO_EVENT, client_end, DISABLED);
}

/* The dispatcher knows best whether a handler runs; more than two cannot. */
unsigned client_abandon_all(struct sdei_client *c)
{
	uint64_t fid = c->config.stub ? STUB_ABANDON
				      : SDEI_FID_EVENT_COMPLETE_RESUME;
	struct level *l = client_this_cpu(c)->level;
	unsigned ended = client_abandon(fid, l->hvc, l->stub.world);

	if (ended) {
		ended += client_abandon(fid, l->hvc, l->stub.world);
		l[SDEI_PRIORITY_NORMAL].running = NULL;
		l[SDEI_PRIORITY_CRITICAL].running = NULL;
	}
	return ended;
}

unsigned sdei_client_crash(struct sdei_client *c)
{
	if (sdei_client_mask(c) == SDEI_ERROR_DISABLED)
		return 0;
	return client_abandon_all(c);
}
