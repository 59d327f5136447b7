/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one PE does while all go on: it routes the lines' events, releases and
 * binds them again, and has events of its own from BIND to RELEASE.
 */
#include "stress.h"

#define SPARE_SPI 80
#define SPARES    16

uint64_t routings, rebinds, cycles;

/* Only a disabled handler that does not run can be routed (5.1.11). */
static void route(struct client *c, struct line *l)
{
	int target = (int)below(c, pe_count + 1) - 1;
	int64_t result;

	WANT(0, DISABLE, l->event);
	result = CALL(ROUTING_SET, l->event,
		      target < 0 ? SDEI_RM_ANY : SDEI_RM_PE,
		      target < 0 ? 0 : pes[target].mpidr);
	if (result == 0) {
		store(l->only, target);
		routings++;
	} else if (result != SDEI_DENIED) {
		fail("ROUTING_SET of 0x%x: %ld", l->event, result);
	}
	WANT(0, ENABLE, l->event);
}

/* Nobody raises the line meanwhile; its last handler may still run. */
static void rebind(struct line *l)
{
	unsigned idle = IDLE;
	int64_t result, event;

	if (!__atomic_compare_exchange_n(&l->state, &idle, CLOSED, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return;
	result = CALL(UNREGISTER, l->event);
	if (result != 0 && result != SDEI_PENDING)
		fail("UNREGISTER of 0x%x: %ld", l->event, result);
	if (!wait_until(CALL(STATUS, l->event) == 0, SOON))
		fail("event 0x%x stays in state %ld", l->event,
		     CALL(STATUS, l->event));
	WANT(0, RELEASE, l->event);
	event = CALL(BIND, l->source->intid);
	if (event < 0)
		bail_out("BIND of interrupt %u: %ld", l->source->intid, event);
	store(l->event, (uint32_t)event);
	store(l->only, -1);
	listen(l->event);
	store(l->state, IDLE);
	rebinds++;
}

/* A private event's whole life, with one trigger: one handler. */
static void own_life(struct client *c)
{
	uint64_t before = c->own;
	int64_t event = CALL(BIND, timer_source.intid);

	if (event < 0) {
		fail("BIND of interrupt %u: %ld", timer_source.intid, event);
		return;
	}
	store(own_event, (uint32_t)event);
	listen((uint32_t)event);
	timer_source.fire();
	if (!wait_until(load(c->own) != before, SOON))
		fail("the manager's timer: no handler");
	if (c->own > before + 1)
		fail("the manager's timer: %lu handlers", c->own - before);
	WANT(0, DISABLE, (uint64_t)event);
	WANT(0, UNREGISTER, (uint64_t)event);
	WANT(0, RELEASE, (uint64_t)event);
	WANT(SDEI_INVALID_PARAMETERS, STATUS, (uint64_t)event);
	cycles++;
}

/* A shared event's, without a device; while pending it cannot be bound. */
static void spare_life(struct client *c)
{
	unsigned intid = SPARE_SPI + below(c, SPARES);
	int64_t event;

	irq_set_edge(intid, true);
	irq_set_pending(intid, true);
	WANT(SDEI_DENIED, BIND, intid);
	irq_set_pending(intid, false);
	event = CALL(BIND, intid);
	if (event < 0) {
		fail("BIND of interrupt %u: %ld", intid, event);
		return;
	}
	listen((uint32_t)event);
	WANT(SDEI_DENIED, RELEASE, (uint64_t)event);
	WANT(0, UNREGISTER, (uint64_t)event);
	WANT(0, RELEASE, (uint64_t)event);
	cycles++;
}

void manage(struct client *c)
{
	struct line *l = &lines[below(c, LINES)];

	switch (below(c, 4)) {
	case 0:
		route(c, l);
		break;
	case 1:
		rebind(l);
		break;
	case 2:
		own_life(c);
		break;
	default:
		spare_life(c);
		break;
	}
}
