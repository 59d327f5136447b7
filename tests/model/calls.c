/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The model's calls: one function for each of SDEI.md, section 3. They look at
 * the event first, then at the other parameters, then at the state.
 */
#include "model.h"

#include <string.h>

#define FLAGS (SDEI_REGISTER_RM_PE | SDEI_REGISTER_RELATIVE)

/* Everything a call may need to look at. */
struct call {
	struct model *m;
	unsigned pes, pe;
	const uint64_t *x;
	int e; /* the event that x1 names, or -1 */
	struct outcome *o;
};

static int64_t version(struct call *c)
{
	(void)c;
	return (int64_t)1 << 48 | (int64_t)1 << 32 | 0x12345678;
}

static int pe_of(const struct call *c, uint64_t affinity)
{
	for (unsigned pe = 0; pe < c->pes; pe++)
		if ((affinity & ~(uint64_t)SDEI_MPIDR_OTHER) == AFFINITY(pe))
			return (int)pe;
	return -1;
}

static void route(struct call *c, bool to_one, uint64_t affinity)
{
	struct event *event = &c->m->event[c->e];

	event->to_one = to_one;
	event->target = to_one ? (uint8_t)pe_of(c, affinity) : 0;
}

static int64_t event_register(struct call *c)
{
	bool shared = kinds[c->e].shared;
	bool to_one = shared && (c->x[4] & SDEI_REGISTER_RM_PE);
	struct handler *h = model_handler(c->m, (unsigned)c->e, c->pe);

	if (c->x[2] % 4 || (c->x[4] & ~(uint64_t)FLAGS))
		return SDEI_INVALID_PARAMETERS;
	/* VBAR itself is an entry point, 0 is none. */
	if (!c->x[2] && !(c->x[4] & SDEI_REGISTER_RELATIVE))
		return SDEI_INVALID_PARAMETERS;
	if (to_one && pe_of(c, c->x[5]) < 0)
		return SDEI_INVALID_PARAMETERS;
	if (h->registered || h->running)
		return SDEI_DENIED;
	h->registered = true;
	h->relative = c->x[4] & SDEI_REGISTER_RELATIVE;
	if (shared)
		route(c, to_one, c->x[5]);
	return SDEI_SUCCESS;
}

static int64_t event_enable(struct call *c)
{
	struct handler *h = model_handler(c->m, (unsigned)c->e, c->pe);

	if (!h->registered)
		return SDEI_DENIED;
	h->enabled = true;
	return SDEI_SUCCESS;
}

static int64_t event_disable(struct call *c)
{
	struct handler *h = model_handler(c->m, (unsigned)c->e, c->pe);

	if (!h->registered)
		return SDEI_DENIED;
	h->enabled = false;
	return SDEI_SUCCESS;
}

static bool in_handler(const struct call *c)
{
	return model_running(c->m, c->pe, true) >= 0 ||
	       model_running(c->m, c->pe, false) >= 0;
}

/* The register itself comes from the saved context: whoever asks fills it in. */
static int64_t event_context(struct call *c)
{
	if ((uint32_t)c->x[1] > 17)
		return SDEI_INVALID_PARAMETERS;
	return in_handler(c) ? SDEI_SUCCESS : SDEI_DENIED;
}

static int64_t event_complete(struct call *c)
{
	if (!in_handler(c))
		return SDEI_DENIED;
	c->o->left = true;
	model_leave(c->m, c->pe, c->o);
	return SDEI_SUCCESS;
}

static int64_t event_complete_resume(struct call *c)
{
	if (in_handler(c) && c->x[1] % 4)
		return SDEI_INVALID_PARAMETERS;
	return event_complete(c);
}

static int64_t event_unregister(struct call *c)
{
	struct handler *h = model_handler(c->m, (unsigned)c->e, c->pe);

	if (!h->registered && !h->running)
		return SDEI_DENIED;
	return model_drop(c->m, (unsigned)c->e, c->pe) ? SDEI_PENDING
						       : SDEI_SUCCESS;
}

static int64_t event_status(struct call *c)
{
	return model_status(c->m, (unsigned)c->e, c->pe);
}

static int64_t routing_info(struct call *c)
{
	const struct event *event = &c->m->event[c->e];

	if (!kinds[c->e].shared)
		return SDEI_INVALID_PARAMETERS;
	if (!event->handler[0].registered)
		return SDEI_DENIED;
	if ((uint32_t)c->x[2] == SDEI_INFO_ROUTING_MODE)
		return event->to_one ? SDEI_RM_PE : SDEI_RM_ANY;
	return event->to_one ? (int64_t)AFFINITY(event->target)
			     : SDEI_INVALID_PARAMETERS;
}

static int64_t event_get_info(struct call *c)
{
	switch ((uint32_t)c->x[2]) {
	case SDEI_INFO_TYPE:
		return kinds[c->e].shared;
	case SDEI_INFO_SIGNALED:
		return c->e == SIGNALLED ? SDEI_CAN_BE_SIGNALED
					 : SDEI_CANNOT_BE_SIGNALED;
	case SDEI_INFO_PRIORITY:
		return kinds[c->e].critical;
	case SDEI_INFO_ROUTING_MODE:
	case SDEI_INFO_ROUTING_AFF:
		return routing_info(c);
	default:
		return SDEI_INVALID_PARAMETERS;
	}
}

static int64_t event_routing_set(struct call *c)
{
	if (!kinds[c->e].shared || c->x[2] > SDEI_RM_PE)
		return SDEI_INVALID_PARAMETERS;
	if (c->x[2] == SDEI_RM_PE && pe_of(c, c->x[3]) < 0)
		return SDEI_INVALID_PARAMETERS;
	if (model_status(c->m, (unsigned)c->e, c->pe) != SDEI_STATUS_REGISTERED)
		return SDEI_DENIED;
	route(c, c->x[2] == SDEI_RM_PE, c->x[3]);
	return SDEI_SUCCESS;
}

static int64_t pe_mask(struct call *c)
{
	bool was = c->m->pe[c->pe].masked;

	c->m->pe[c->pe].masked = true;
	return !was;
}

static int64_t pe_unmask(struct call *c)
{
	c->m->pe[c->pe].masked = false;
	return SDEI_SUCCESS;
}

/* What the machine's GIC says of an interrupt that the client wants bound. */
static int64_t gic_says(uint32_t interrupt)
{
	if (interrupt == SPI_SECURE)
		return SDEI_INVALID_PARAMETERS;
	if (interrupt == PPI_BUSY || interrupt == SPI_BUSY)
		return SDEI_DENIED;
	return SDEI_SUCCESS;
}

static int64_t interrupt_bind(struct call *c)
{
	uint32_t interrupt = (uint32_t)c->x[1];
	unsigned slot = interrupt < 32 ? PRIVATE_SLOT : SHARED_SLOT;
	struct event *event = &c->m->event[slot];

	if (interrupt < 16 || interrupt >= INTERRUPTS)
		return SDEI_INVALID_PARAMETERS;
	if (interrupt == PPI_OF_TABLE || interrupt == SPI_OF_TABLE)
		return SDEI_INVALID_PARAMETERS;
	if (event->exists && event->interrupt == interrupt)
		return kinds[slot].number;
	if (gic_says(interrupt) != SDEI_SUCCESS)
		return gic_says(interrupt);
	if (event->exists)
		return SDEI_OUT_OF_RESOURCE;
	event->exists = true;
	event->interrupt = (uint8_t)interrupt;
	c->o->taken |= (uint8_t)(1 << slot);
	return kinds[slot].number;
}

/* Give a binding back, unless its handler is in use on any PE. */
static int64_t release(struct call *c, unsigned slot)
{
	for (unsigned pe = 0; pe < c->pes; pe++)
		if (model_status(c->m, slot, pe))
			return SDEI_DENIED;
	memset(&c->m->event[slot], 0, sizeof(struct event));
	c->o->given |= (uint8_t)(1 << slot);
	return SDEI_SUCCESS;
}

static int64_t interrupt_release(struct call *c)
{
	if (!kinds[c->e].slot)
		return SDEI_INVALID_PARAMETERS;
	return release(c, (unsigned)c->e);
}

static int64_t event_signal(struct call *c)
{
	int target = pe_of(c, c->x[2]);

	if (c->e != SIGNALLED || target < 0)
		return SDEI_INVALID_PARAMETERS;
	c->m->event[SIGNALLED].pending[target] = true;
	return SDEI_SUCCESS;
}

static int64_t features(struct call *c)
{
	switch ((uint32_t)c->x[1]) {
	case SDEI_FEATURE_BIND_SLOTS:
		return 1 << 16 | 1;
	case SDEI_FEATURE_RELATIVE_MODE:
		return 1;
	default:
		return SDEI_INVALID_PARAMETERS;
	}
}

static int64_t private_reset(struct call *c)
{
	bool running = false;

	for (unsigned e = 0; e < EVENTS; e++)
		if (!kinds[e].shared)
			running |= model_drop(c->m, e, c->pe);
	return running ? SDEI_DENIED : SDEI_SUCCESS;
}

static int64_t shared_reset(struct call *c)
{
	bool running = false;
	int64_t result = SDEI_SUCCESS;

	for (unsigned e = 0; e < EVENTS; e++)
		if (kinds[e].shared)
			running |= model_drop(c->m, e, c->pe);
	if (running)
		return SDEI_DENIED;
	for (unsigned e = 0; e < EVENTS; e++)
		if (kinds[e].slot && c->m->event[e].exists &&
		    release(c, e) != SDEI_SUCCESS)
			result = SDEI_DENIED;
	return result;
}

/* In the order of their identifiers. */
static const struct {
	int64_t (*answer)(struct call *c);
	bool names_event; /* in x1: if there is none such, INVALID */
} calls[] = {
	{ version, false },
	{ event_register, true },
	{ event_enable, true },
	{ event_disable, true },
	{ event_context, false },
	{ event_complete, false },
	{ event_complete_resume, false },
	{ event_unregister, true },
	{ event_status, true },
	{ event_get_info, true },
	{ event_routing_set, true },
	{ pe_mask, false },
	{ pe_unmask, false },
	{ interrupt_bind, false },
	{ interrupt_release, true },
	{ event_signal, true },
	{ features, false },
	{ private_reset, false },
	{ shared_reset, false },
};

struct outcome model_call(struct model *m, unsigned pes, unsigned pe,
			  const uint64_t x[6])
{
	struct outcome o = { 0 };
	struct call c = { .m = m, .pes = pes, .pe = pe, .x = x, .o = &o };
	uint32_t which = (uint32_t)x[0] - SDEI_FID_FIRST;

	if (which >= sizeof(calls) / sizeof(calls[0])) {
		o.x0 = SDEI_NOT_SUPPORTED;
		return o;
	}
	c.e = model_find(m, (uint32_t)x[1]);
	if (calls[which].names_event && c.e < 0)
		o.x0 = SDEI_INVALID_PARAMETERS;
	else
		o.x0 = calls[which].answer(&c);
	return o;
}
