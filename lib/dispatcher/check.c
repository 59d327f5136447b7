/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an embedder can get wrong, each with its sentence. Numbers and
 * interrupts that are given twice are found later, when the tables are filled.
 */
#include "internal.h"

#define MAX_OF_TYPE	4096u
#define MAX_PES		4096u
#define MAX_INTERRUPTS	1020u

const char disp_twice[] = "an event number is given twice";

static const char *check_event(const struct sdei_config *c,
			       const struct sdei_event_info *e)
{
	bool zero = e->number == SDEI_EVENT_SIGNALLED;

	if (e->number & SDEI_EVENT_RESERVED_MASK ||
	    e->number >= SDEI_EVENT_BOUND)
		return "an event number is reserved, or of those for bound events";
	if (e->type > SDEI_TYPE_SHARED || e->priority > SDEI_PRIORITY_CRITICAL)
		return "an event's type or priority is not 0 or 1";
	if (e->signalable != zero || (zero && (e->type || e->priority)))
		return "event 0 must be private, normal and signalable, no other is";
	if (e->interrupt && !disp_fits(c, e->interrupt, e->type))
		return "an interrupt is not a PPI of a private event or an SPI of a shared one, below interrupt_count";
	return NULL;
}

static const char *check_ops(const struct sdei_ops *ops, bool interrupts)
{
	if (!ops || !ops->read || !ops->resume || !ops->kick ||
	    !ops->pe_of_affinity ||
	    (interrupts &&
	     (!ops->interrupt_check || !ops->interrupt_take ||
	      !ops->interrupt_end || !ops->interrupt_give)))
		return "an operation is missing";
	return NULL;
}

static const char *check_numbers(const struct sdei_config *c)
{
	if (!c->events || c->event_count - 1 >= 2 * MAX_OF_TYPE)
		return "event_count is not 1 to 8192";
	if (c->pe_count - 1 >= MAX_PES)
		return "pe_count is not 1 to 4096";
	if (c->client_el - 1 >= 2)
		return "client_el is not 1 or 2";
	if (c->version_minor > 1)
		return "version_minor is not 0 or 1";
	if (c->interrupt_count > MAX_INTERRUPTS)
		return "interrupt_count is not 0 to 1020";
	return NULL;
}

const char *disp_check_config(const struct sdei_config *c)
{
	size_t of_type[] = { c->private_slots, c->shared_slots };
	bool interrupts = of_type[0] || of_type[1];
	const char *why = check_numbers(c);
	unsigned zeros = 0;

	for (unsigned i = 0; !why && i < c->event_count; i++) {
		const struct sdei_event_info *e = &c->events[i];

		why = check_event(c, e);
		zeros += e->number == SDEI_EVENT_SIGNALLED;
		interrupts |= e->interrupt != 0;
		of_type[e->type == SDEI_TYPE_SHARED]++;
	}
	if (why)
		return why;
	if (zeros != 1)
		return zeros ? disp_twice : "event 0 is missing";
	if (of_type[0] > MAX_OF_TYPE || of_type[1] > MAX_OF_TYPE)
		return "more than 4096 events and slots of one type";
	return check_ops(c->ops, interrupts);
}
