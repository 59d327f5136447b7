/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an embedder can get wrong, each with its sentence. Numbers and
 * interrupts that are given twice are found later, when the tables are filled.
 */
#include "internal.h"

#define MAX_OF_TYPE 4096u

const char disp_twice[] = "an event number is given twice";

/* Numbers, each with its range. */
static const struct range {
	uint8_t field, least;
	uint16_t most;
	char why[28];
} ranges[] = {
/* clang-format off */
#define RANGE(name, least, most) \
	{ offsetof(struct sdei_config, name), least, most, \
	  #name " not " #least "-" #most }
	RANGE(event_count, 1, 8192),
	RANGE(pe_count, 1, 4096),
	RANGE(client_el, 1, 2),
	RANGE(version_minor, 0, 1),
	RANGE(interrupt_count, 0, 1020),
	RANGE(private_slots, 0, 4096),
	RANGE(shared_slots, 0, 4096),
};
/* clang-format on */

static const char *check_numbers(const struct sdei_config *c)
{
	const struct range *r = ranges,
			   *end = ranges + sizeof(ranges) / sizeof(*r);

	for (; r < end; r++) {
		unsigned value =
			*(const unsigned *)((const char *)c + r->field);

		if (value < r->least || value > r->most)
			return r->why;
	}
	return c->events ? NULL : ranges[0].why;
}

static const char *check_event(const struct sdei_config *c,
			       const struct sdei_event_info *e)
{
	bool zero = e->number == SDEI_EVENT_SIGNALLED;

	if (e->number & SDEI_EVENT_RESERVED_MASK ||
	    e->number >= SDEI_EVENT_BOUND)
		return "an event number is reserved or for bound events";
	if ((e->type | e->priority) > 1)
		return "a type or priority is not 0 or 1";
	if (e->signalable != zero || (zero && (e->type | e->priority)))
		return "event 0 alone is signalable, and private and normal";
	if (e->interrupt && !disp_fits(c, e->interrupt, e->type))
		return "an interrupt is no private PPI or shared SPI below interrupt_count";
	return NULL;
}

/* The operations that must be there come first, those of interrupts last. */
#define OPERATION(name) (offsetof(struct sdei_ops, name) / sizeof(void *))
_Static_assert(OPERATION(pe_of_affinity) == 3 && OPERATION(interrupt_give) == 7,
	       "check_ops");

static const char *check_ops(const struct sdei_ops *ops, bool interrupts)
{
	unsigned needed = interrupts ? 8 : 4;

	for (unsigned i = 0; ops && i < needed; i++)
		if (!((const uintptr_t *)ops)[i])
			ops = NULL;
	return ops ? NULL : "an operation is missing";
}

const char *disp_check_config(struct sdei_dispatcher *d)
{
	const struct sdei_config *c = &d->config;
	uint32_t interrupts = c->private_slots + c->shared_slots;
	const char *why = check_numbers(c);
	unsigned zeros = 0, shared = 0;

	d->slot_count = interrupts;
	for (unsigned i = 0; !why && i < c->event_count; i++) {
		const struct sdei_event_info *e = &c->events[i];

		zeros += e->number == SDEI_EVENT_SIGNALLED;
		shared += e->type;
		interrupts |= e->interrupt;
		why = check_event(c, e);
	}
	if (why)
		return why;
	d->privates = c->event_count - shared + c->private_slots;
	d->shareds = shared + c->shared_slots;
	if (zeros != 1)
		return zeros ? disp_twice : "event 0 is missing";
	if (d->privates > MAX_OF_TYPE || d->shareds > MAX_OF_TYPE)
		return "more than 4096 events and slots of a type";
	return check_ops(c->ops, interrupts);
}
