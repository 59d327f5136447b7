/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walks. All have the same six events, one of each kind. The product of all
 * their states has more than 10^12 elements, so each walk takes every state of
 * one cut through it, and from each of them every call and every trigger, on
 * all events; a step that leads out of the cut is compared and not followed:
 *  - one event in use, anything else untouched: its whole life, power included,
 *    relative entry points of some; once more with the library
 *    saved and loaded in every state;
 *  - shared events that any of three PEs may take, while PEs come and go;
 *  - two events in use, any pair of the six: nesting, resets, bindings;
 *  - all events enabled: everything pending, running and masked at once;
 *  - registrations: all events in U, R or E at once, nothing pending.
 */
#include "walk.h"

#include <stdio.h>
#include <string.h>

static bool call(unsigned pe, uint64_t fid, uint64_t x1, uint64_t x2,
		 uint64_t x3, uint64_t x4, uint64_t x5)
{
	const struct action a = { .doing = CALL,
				  .pe = pe,
				  .x = { fid, x1, x2, x3, x4, x5 } };

	return step(&a) && settle(&a);
}

static bool from_power_on(void)
{
	return true;
}

/* All PEs on and open. */
static bool from_open(void)
{
	for (unsigned pe = 0; pe < machine.pes; pe++) {
		const struct action on = { .doing = PE_ON, .pe = pe };

		if (!step(&on) || !settle(&on) ||
		    !call(pe, SDEI_FID_PE_UNMASK, 0, 0, 0, 0, 0))
			return false;
	}
	return true;
}

/* Register and enable `e` wherever it can be. Both slots are bound then. */
static bool listen(unsigned e, bool to_one)
{
	bool shared = kinds[e].shared, good = true;

	for (unsigned pe = 0; pe < (shared ? 1 : machine.pes); pe++)
		good = good &&
		       call(pe, SDEI_FID_EVENT_REGISTER, kinds[e].number,
			    0xffff800010000000 + e * 0x1000,
			    0xA000 + e * 16 + (shared ? 15 : pe), to_one,
			    AFFINITY(1)) &&
		       call(pe, SDEI_FID_EVENT_ENABLE, kinds[e].number, 0, 0, 0,
			    0);
	return good;
}

/* All events bound, registered and enabled; the bound shared one to PE 1. */
static bool from_enabled(void)
{
	bool good = from_open() &&
		    call(0, SDEI_FID_INTERRUPT_BIND, PPI_1, 0, 0, 0, 0) &&
		    call(0, SDEI_FID_INTERRUPT_BIND, SPI_1, 0, 0, 0, 0);

	for (unsigned e = 0; e < EVENTS; e++)
		good = good && listen(e, e == SHARED_SLOT);
	return good;
}

/* The shared ones only, all to any PE. */
static bool from_shared(void)
{
	return from_open() &&
	       call(0, SDEI_FID_INTERRUPT_BIND, SPI_1, 0, 0, 0, 0) &&
	       listen(SHARED, false) && listen(SHARED_CRIT, false) &&
	       listen(SHARED_SLOT, false);
}

/* The second interrupt of each type is bound, looked at, and not followed. */
static bool first_interrupts(const struct model *m)
{
	uint8_t ppi = m->event[PRIVATE_SLOT].interrupt;
	uint8_t spi = m->event[SHARED_SLOT].interrupt;

	return (!ppi || ppi == PPI_1) && (!spi || spi == SPI_1);
}

static bool idle(const struct model *m, unsigned e)
{
	for (unsigned pe = 0; pe < machine.pes; pe++)
		if (model_status(m, e, pe) || model_pending(m, e, pe))
			return false;
	return m->event[e].exists == !kinds[e].slot;
}

static bool any_relative(const struct model *m, unsigned e)
{
	for (unsigned pe = 0; pe < machine.pes; pe++)
		if (m->event[e].handler[pe].relative)
			return true;
	return false;
}

/* At most so many events are in use; the bound and the shared are absolute. */
static bool in_use(const struct model *m, unsigned most)
{
	unsigned busy = 0;

	for (unsigned e = 0; e < EVENTS; e++) {
		busy += !idle(m, e);
		if (any_relative(m, e) && !kinds[e].critical && e != SIGNALLED)
			return false;
	}
	return busy <= most && first_interrupts(m);
}

static bool one_in_use(const struct model *m)
{
	return in_use(m, 1);
}

static bool two_in_use(const struct model *m)
{
	for (unsigned pe = 0; pe < machine.pes; pe++)
		if (!m->pe[pe].on)
			return false;
	for (unsigned e = 0; e < EVENTS; e++)
		if (any_relative(m, e))
			return false;
	return in_use(m, 2);
}

/* Everything stays enabled and every PE on: what comes when, and where. */
static bool all_enabled(const struct model *m)
{
	for (unsigned e = 0; e < EVENTS; e++)
		for (unsigned pe = 0; pe < machine.pes; pe++)
			if (!m->pe[pe].on || !(model_status(m, e, pe) & 2) ||
			    m->event[e].to_one != (e == SHARED_SLOT) ||
			    any_relative(m, e))
				return false;
	return true;
}

/* Shared events wander between PEs that come and go. */
static bool all_shared(const struct model *m)
{
	for (unsigned e = 0; e < EVENTS; e++)
		if (kinds[e].shared
			    ? !(model_status(m, e, 0) & 2) || m->event[e].to_one
			    : !idle(m, e))
			return false;
	return true;
}

/* Who is registered, over all events at once; nothing comes. */
static bool none_pending(const struct model *m)
{
	for (unsigned e = 0; e < EVENTS; e++)
		for (unsigned pe = 0; pe < machine.pes; pe++)
			if (!m->pe[pe].on || model_pending(m, e, pe) ||
			    (model_status(m, e, pe) & 4) ||
			    any_relative(m, e) || m->event[e].to_one)
				return false;
	for (unsigned pe = 0; pe < machine.pes; pe++)
		if (m->pe[pe].masked)
			return false;
	return first_interrupts(m);
}

int main(int argc, char **argv)
{
	static const struct walk walks[] = {
		{ "one event in use", 2, from_power_on, one_in_use, 1, true,
		  false },
		{ "one event in use, saved and loaded", 2, from_power_on,
		  one_in_use, 1, false, true },
		{ "shared events on three PEs", 3, from_shared, all_shared, 1,
		  false, false },
		{ "two events in use", 2, from_open, two_in_use, 10, false,
		  false },
		{ "all events enabled", 2, from_enabled, all_enabled, 10, false,
		  false },
		{ "registrations", 2, from_open, none_pending, 10, false,
		  false },
	};

	for (unsigned i = 0; i < sizeof(walks) / sizeof(walks[0]); i++)
		if ((argc < 2 || !strcmp(argv[1], walks[i].name)) &&
		    !walk(&walks[i]))
			return 1;
	return 0;
}
