/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a call may answer: by its parameters, by the level it was made from, and
 * by what this PE knows of itself. Other PEs may have had a hand in the rest.
 */
#include "storm.h"

/* Results that are allowed: bit n stands for -n; bit 0 for a value, too. */
#define OK            (1u << 0)
#define NOT_SUPPORTED (1u << 1)
#define INVALID       (1u << 2)
#define DENIED        (1u << 3)
#define PENDING       (1u << 5)
#define NO_RESOURCE   (1u << 10)

#define SECURE_TIMER  29
#define SECURE_UART   40
#define INTERRUPT_END 1020

int64_t version, offered[2];

bool affinity_known(uint64_t affinity)
{
	for (unsigned i = 0; i < pe_count; i++)
		if (pes[i].mpidr == affinity)
			return true;
	return false;
}

/* A PE may be named as its MPIDR_EL1 reads. */
static bool names_pe(uint64_t affinity)
{
	return affinity_known(affinity & ~(uint64_t)SDEI_MPIDR_OTHER);
}

static bool routing_is_bad(uint64_t mode, uint64_t affinity)
{
	return mode > SDEI_RM_PE || (mode == SDEI_RM_PE && !names_pe(affinity));
}

static enum kind kind_of(const struct made *m)
{
	return m->number < 0 ? GARBAGE : numbers[m->number].kind;
}

/* What depends on the event's state, if there is such an event now. */
static unsigned of_event(enum kind kind, unsigned allowed)
{
	if (kind == GARBAGE)
		return INVALID;
	return kind_is_slot(kind) ? allowed | INVALID : allowed;
}

static unsigned allow_register(const struct made *m)
{
	const uint64_t *x = m->before;
	enum kind kind = kind_of(m);
	bool shared = !kind_is_private(kind);

	if (x[2] == 0 || x[2] % 4 || x[4] >> 2 ||
	    (x[4] & SDEI_REGISTER_RELATIVE && offered[1] != 1) ||
	    (shared && routing_is_bad(x[4] & SDEI_REGISTER_RM_PE, x[5])))
		return INVALID;
	if (m->alone && m->registered == YES)
		return of_event(kind, DENIED);
	return of_event(kind, OK | DENIED);
}

/* ENABLE, DISABLE, UNREGISTER. */
static unsigned allow_change(const struct made *m, unsigned allowed)
{
	if (m->alone && m->registered == YES)
		return allowed & ~DENIED;
	if (m->alone && m->registered == NO)
		return of_event(kind_of(m), DENIED | (allowed & PENDING));
	return of_event(kind_of(m), allowed);
}

static unsigned allow_info(const struct made *m)
{
	uint32_t info = (uint32_t)m->before[2];
	enum kind kind = kind_of(m);

	if (info <= SDEI_INFO_PRIORITY)
		return of_event(kind, OK);
	if (info > SDEI_INFO_ROUTING_AFF || kind_is_private(kind))
		return INVALID;
	return of_event(kind, info == SDEI_INFO_ROUTING_MODE
				      ? OK | DENIED
				      : OK | DENIED | INVALID);
}

static unsigned allow_routing(const struct made *m)
{
	if (kind_is_private(kind_of(m)) ||
	    routing_is_bad(m->before[2], m->before[3]))
		return INVALID;
	return of_event(kind_of(m), OK | DENIED);
}

static unsigned allow_bind(uint32_t intid)
{
	if (intid < 16 || intid >= INTERRUPT_END || intid == SECURE_TIMER ||
	    intid == SECURE_UART)
		return INVALID;
	return OK | INVALID | DENIED | NO_RESOURCE;
}

static unsigned allow_in_handler(const struct made *m)
{
	bool is_register = (uint32_t)m->before[1] < SDEI_CONTEXT_REGISTERS;

	if ((uint32_t)m->before[0] == CONTEXT) {
		if (m->level)
			return is_register ? ~0u : INVALID;
		return is_register ? DENIED : DENIED | INVALID;
	}
	if (m->level)
		return INVALID; /* where to resume was nonsense */
	return m->before[1] % 4 ? DENIED | INVALID : DENIED;
}

static unsigned allowed_results(const struct made *m)
{
	const uint64_t *x = m->before;

	switch ((uint32_t)x[0]) {
	case VERSION:
	case PE_MASK:
	case PE_UNMASK:
		return OK;
	case REGISTER:
		return allow_register(m);
	case ENABLE:
	case DISABLE:
		return allow_change(m, OK | DENIED | INVALID);
	case UNREGISTER:
		return allow_change(m, OK | PENDING | DENIED);
	case CONTEXT:
	case COMPLETE:
	case COMPLETE_AND_RESUME:
		return allow_in_handler(m);
	case STATUS:
		return of_event(kind_of(m), OK);
	case GET_INFO:
		return allow_info(m);
	case ROUTING_SET:
		return allow_routing(m);
	case BIND:
		return allow_bind((uint32_t)x[1]);
	case RELEASE:
		return kind_is_slot(kind_of(m)) ? OK | INVALID | DENIED
						: INVALID;
	case SIGNAL:
		return (uint32_t)x[1] == 0 && names_pe(x[2]) ? OK : INVALID;
	case FEATURES:
		return (uint32_t)x[1] < 2 ? OK : INVALID;
	case PRIVATE_RESET:
		return m->level ? OK | DENIED : OK;
	case SHARED_RESET:
		return OK | DENIED;
	default:
		return NOT_SUPPORTED;
	}
}

/* Is this value, of a call that succeeded, one the call can give? */
static bool status_ok(const struct made *m, uint64_t value)
{
	if (value > 7 || value == 2 || value == 6)
		return false;
	if (!m->alone || m->registered == UNKNOWN)
		return true;
	return (value & SDEI_STATUS_REGISTERED) == (m->registered == YES);
}

static bool info_ok(const struct made *m, uint64_t value)
{
	const struct number *n = &numbers[m->number];

	switch ((uint32_t)m->before[2]) {
	case SDEI_INFO_TYPE:
		return value == !kind_is_private(n->kind);
	case SDEI_INFO_SIGNALED:
		return value == (n->kind != SIGNALLED);
	case SDEI_INFO_PRIORITY:
		return value == n->critical;
	case SDEI_INFO_ROUTING_MODE:
		return value <= SDEI_RM_PE;
	default:
		return affinity_known(value);
	}
}

/* x0 to x3 of the interrupted context: only the handler at hand knew them. */
static bool context_ok(const struct client *c, const struct made *m,
		       uint64_t value)
{
	unsigned i = (unsigned)m->before[1];

	return i < 4 || value == c->inner[m->level]->x[i];
}

static bool bound_ok(const struct made *m, uint64_t value)
{
	enum kind want = (uint32_t)m->before[1] < 32 ? PRIVATE_SLOT
						     : SHARED_SLOT;

	return value >> 32 == 0 && number_kind((uint32_t)value) == want;
}

static bool value_ok(const struct client *c, const struct made *m,
		     uint64_t value)
{
	switch ((uint32_t)m->before[0]) {
	case VERSION:
		return value == (uint64_t)version;
	case PE_MASK:
		return value <= 1 && (!m->masked || value == 0);
	case STATUS:
		return status_ok(m, value);
	case GET_INFO:
		return info_ok(m, value);
	case CONTEXT:
		return context_ok(c, m, value);
	case BIND:
		return bound_ok(m, value);
	case FEATURES:
		return value == (uint64_t)offered[m->before[1] & 1];
	default:
		return value == 0;
	}
}

void judge(const struct client *c, const struct made *m)
{
	int64_t result = (int64_t)m->after[0];
	unsigned allowed = allowed_results(m);
	bool ok;

	if (allowed == ~0u || (result >= 0 && allowed & OK))
		ok = value_ok(c, m, (uint64_t)result);
	else
		ok = result < 0 && result >= -10 && allowed & 1u << -result;
	if (!ok)
		fail("%s(0x%lx, 0x%lx, 0x%lx, 0x%lx, 0x%lx) at level %u: 0x%lx, allowed 0x%x, known %u%s",
		     function_name(m->before[0]), m->before[1], m->before[2],
		     m->before[3], m->before[4], m->before[5], m->level,
		     m->after[0], allowed, m->registered,
		     m->alone ? ", alone" : "");
	for (unsigned i = 1; i < 18; i++)
		if (m->after[i] != m->before[i])
			fail("%s: x%u was 0x%lx, became 0x%lx",
			     function_name(m->before[0]), i, m->before[i],
			     m->after[i]);
}
