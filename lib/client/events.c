/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events: registering, enabling and the ways back (5.1.2 to 5.1.4, 5.1.8).
 *
 * An event's entry in the table is complete before the dispatcher hears of it,
 * because its handler may run at any moment after that; and it is given up only
 * when the dispatcher has said that no handler of it runs any more.
 */
#include "internal.h"

struct event *client_find(struct sdei_client *c, uint32_t number)
{
	struct event *e;

	for (e = c->events; e != c->events_end; e++)
		if ((client_in_use(e) ? e->number : NO_EVENT) == number)
			return e;
	return NULL;
}

/*
 * UNREGISTER is good to repeat: when the last handler has ended the dispatcher
 * says DENIED, for "not registered", which is what was wanted. STATUS tells
 * that from trouble.
 */
static int denied(struct sdei_client *c, struct event *e)
{
	int status = client_step(c, e, CALL_OF(SDEI_FID_EVENT_STATUS));

	if (status == SDEI_STATUS_RUNNING)
		return SDEI_PENDING;
	return status > 0 ? SDEI_DENIED : status;
}

/*
 * All that the entry code follows from x1; a private event's is this CPU's own.
 * Seen by every CPU that the event may come to before the dispatcher has it.
 */
static struct registration *link(struct sdei_client *c, struct event *e)
{
	struct registration *r = &e->registration;
	struct cpu *cpu = client_this_cpu(c);

	/* Whoever registers has an event. */
	/* cppcheck-suppress nullPointer */
	if (!e->shared) { /* NOLINT(clang-analyzer-core.NullDereference) */
		r = &e->private[cpu->index];
		r->level = (struct level *)((char *)cpu + e->level_offset);
		r->level_el2 = r->level->el2;
	}
	r->event = e;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	return r;
}

int client_step(struct sdei_client *c, struct event *e, unsigned call)
{
	uint64_t x1 = 0, x2 = 0, x3 = 0;
	int result;

	if (e)
		x1 = e->number;
	if (call == CALL_OF(SDEI_FID_EVENT_REGISTER)) {
		x2 = c->config.entry_point;
		x3 = (uintptr_t)link(c, e) + c->config.el2_offset;
	}
	result = (int)client_ask(c, call, x1, x2, x3);
	if (call == CALL_OF(SDEI_FID_EVENT_UNREGISTER) && result == SDEI_DENIED)
		return denied(c, e);
	return result;
}

int client_pe(struct sdei_client *c, unsigned call)
{
	return client_step(c, NULL, call);
}

int client_step_each(struct sdei_client *c, struct event *e, unsigned call)
{
	return client_each(c, e, client_step, call);
}

static int finish_unregister(struct sdei_client *c, struct event *e)
{
	int result = client_step_each(c, e, CALL_OF(SDEI_FID_EVENT_UNREGISTER));

	e->registered = false;
	e->enabled = false;
	e->leaving = result != SDEI_SUCCESS;
	return result;
}

int client_settle(struct sdei_client *c, struct event *e)
{
	if (e->registered || (e->leaving && finish_unregister(c, e)))
		return SDEI_DENIED;
	return SDEI_SUCCESS;
}

static int info(struct sdei_client *c, const struct event *e, unsigned what)
{
	return (int)client_ask(c, CALL_OF(SDEI_FID_EVENT_GET_INFO), e->number,
			       what, 0);
}

/* What the event is, as the dispatcher says. */
static int learn(struct sdei_client *c, struct event *e)
{
	int type = info(c, e, SDEI_INFO_TYPE);
	int priority = info(c, e, SDEI_INFO_PRIORITY);

	e->shared = type == SDEI_TYPE_SHARED;
	e->level_offset = offsetof(struct cpu, level[0]);
	if (priority == SDEI_PRIORITY_CRITICAL)
		e->level_offset = offsetof(struct cpu, level[1]);
	return type < 0 ? type : priority;
}

struct request {
	uint32_t number;
	sdei_handler *handler;
	void *argument;
};

static int enter(struct sdei_client *c, struct event *e, uintptr_t value)
{
	const struct request *r = (const struct request *)value;
	int result;

	if (!r->handler || r->number & SDEI_EVENT_RESERVED_MASK)
		return SDEI_INVALID_PARAMETERS;
	if (e) {
		result = client_settle(c, e);
		if (result)
			return result;
	} else {
		e = client_find(c, NO_EVENT);
		if (!e)
			return SDEI_OUT_OF_RESOURCE;
	}
	e->number = r->number;
	e->handler = r->handler;
	e->argument = r->argument;
	e->route = -1;
	result = learn(c, e);
	if (result < 0)
		return result;
	result = client_step_each(c, e, CALL_OF(SDEI_FID_EVENT_REGISTER));
	e->registered = !result;
	if (result)
		finish_unregister(c, e);
	return result;
}

int sdei_client_register(struct sdei_client *c, uint32_t number,
			 sdei_handler *handler, void *argument)
{
	struct request r = { number, handler, argument };

	return client_task(c, number, enter, (uintptr_t)&r);
}

/* value: ENABLE or DISABLE. Half enabled is disabled. */
static int gate(struct sdei_client *c, struct event *e, uintptr_t value)
{
	bool on = value == CALL_OF(SDEI_FID_EVENT_ENABLE);
	int result;

	if (!e || !e->registered)
		return SDEI_DENIED;
	result = client_step_each(c, e, (unsigned)value);
	e->enabled = on && !result;
	if (on != e->enabled)
		client_step_each(c, e, CALL_OF(SDEI_FID_EVENT_DISABLE));
	return result;
}

int sdei_client_enable(struct sdei_client *c, uint32_t number)
{
	return client_task(c, number, gate, CALL_OF(SDEI_FID_EVENT_ENABLE));
}

int sdei_client_disable(struct sdei_client *c, uint32_t number)
{
	return client_task(c, number, gate, CALL_OF(SDEI_FID_EVENT_DISABLE));
}

static int unregister(struct sdei_client *c, struct event *e, uintptr_t value)
{
	(void)value;
	if (!e || !(e->registered || e->leaving))
		return SDEI_DENIED;
	return finish_unregister(c, e);
}

int sdei_client_unregister(struct sdei_client *c, uint32_t number)
{
	return client_task(c, number, unregister, 0);
}
