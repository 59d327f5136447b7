/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an embedder can get wrong, each with its sentence. Numbers and
 * interrupts that are given twice are found later, when the tables are filled.
 */
#include "check.h"

#define MAX_OF_TYPE	4096u
#define MAX_PES		4096u
#define MAX_INTERRUPTS	1020u
#define FIRST_PPI	16u
#define FIRST_SPI	32u

static const char *check_interrupt(const struct sdei_config *c,
				   const struct sdei_event_info *e)
{
	bool ppi = e->interrupt < FIRST_SPI;

	if (!e->interrupt)
		return NULL;
	if (e->interrupt < FIRST_PPI || e->interrupt >= c->interrupt_count)
		return "an event's interrupt is not below interrupt_count, or an SGI";
	if (ppi != (e->type == SDEI_TYPE_PRIVATE))
		return "a private event's interrupt must be a PPI, a shared one's an SPI";
	return NULL;
}

static const char *check_event(const struct sdei_config *c,
			       const struct sdei_event_info *e)
{
	if (e->number & SDEI_EVENT_RESERVED_MASK)
		return "an event number has reserved bits set";
	if (e->number >= SDEI_EVENT_BOUND)
		return "an event number is one of those for bound events";
	if (e->type > SDEI_TYPE_SHARED)
		return "an event's type is neither private nor shared";
	if (e->priority > SDEI_PRIORITY_CRITICAL)
		return "an event's priority is neither normal nor critical";
	if (e->signalable != (e->number == SDEI_EVENT_SIGNALLED))
		return "event 0, and no other, must be signalable";
	if (e->number == SDEI_EVENT_SIGNALLED &&
	    (e->type != SDEI_TYPE_PRIVATE ||
	     e->priority != SDEI_PRIORITY_NORMAL))
		return "event 0 must be private and of normal priority";
	return check_interrupt(c, e);
}

static const char *check_ops(const struct sdei_config *c, bool interrupts)
{
	const struct sdei_ops *ops = c->ops;

	if (!ops || !ops->read || !ops->resume || !ops->kick ||
	    !ops->pe_of_affinity)
		return "an operation is missing";
	if (interrupts &&
	    (!ops->interrupt_check || !ops->interrupt_take ||
	     !ops->interrupt_end || !ops->interrupt_give))
		return "an interrupt operation is missing";
	return NULL;
}

static const char *check_numbers(const struct sdei_config *c)
{
	if (!c->events || c->event_count < 1 ||
	    c->event_count > 2 * MAX_OF_TYPE)
		return "event_count is not 1 to 8192";
	if (c->pe_count < 1 || c->pe_count > MAX_PES)
		return "pe_count is not 1 to 4096";
	if (c->client_el != 1 && c->client_el != 2)
		return "client_el is not 1 or 2";
	if (c->version_minor > 1)
		return "version_minor is not 0 or 1";
	if (c->interrupt_count > MAX_INTERRUPTS)
		return "interrupt_count is not 0 to 1020";
	return NULL;
}

const char *disp_check_config(const struct sdei_config *c)
{
	size_t privates = c->private_slots, shareds = c->shared_slots;
	bool interrupts = privates || shareds, zero = false;
	const char *why = check_numbers(c);

	for (unsigned i = 0; !why && i < c->event_count; i++) {
		why = check_event(c, &c->events[i]);
		if (zero && c->events[i].number == SDEI_EVENT_SIGNALLED)
			why = "an event number is given twice";
		zero |= c->events[i].number == SDEI_EVENT_SIGNALLED;
		interrupts |= c->events[i].interrupt != 0;
		if (c->events[i].type == SDEI_TYPE_SHARED)
			shareds++;
		else
			privates++;
	}
	if (why)
		return why;
	if (!zero)
		return "event 0 is missing";
	if (privates > MAX_OF_TYPE || shareds > MAX_OF_TYPE)
		return "more than 4096 events and slots of one type";
	return check_ops(c, interrupts);
}
