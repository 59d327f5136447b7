/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can happen to the machine as it is; and how it ends if the client does its
 * part from now on.
 */
#include "machine.h"

#include <stdio.h>

/* How often the client may look until all must be through; 10 minutes. */
#define ROUNDS 4000u
#define TURNS  12u

bool possible(const struct action *a)
{
	const struct world *w = &machine.world;
	const struct pe *p = &w->pe[a->pe % PES];
	const unsigned s = a->source;

	switch (a->doing) {
	case ENTER:
		return w->pending[s][is_private(s) ? a->pe : 0] &&
		       may_enter(w, s, a->pe);
	case LEAVE:
		return inside(w, a->pe);
	case ACKNOWLEDGE:
		return !(w->registers[s][1] & 1);
	case EMPTY:
		return !world_emptied(w, s) && w->memory[s] == GOOD;
	case BEHIND:
		/* It sends itself one in a handler, and takes it outside. */
		return p->on && p->behind != inside(w, a->pe);
	case MASK:
		return p->on && !inside(w, a->pe);
	case POLL:
		return machine.poll != UINT64_MAX;
	case LATE:
		return machine.poll != UINT64_MAX && w->now <= machine.poll;
	case BAD:
		return w->memory[s] != a->pe;
	default:
		return true;
	}
}

static bool does(enum doing doing, unsigned source, unsigned pe)
{
	const struct action a = { (uint8_t)doing, (uint8_t)source,
				  (uint8_t)pe };

	return !possible(&a) || step(&a);
}

static bool all_well(void)
{
	for (unsigned pe = 0; pe < PES; pe++)
		if ((!machine.world.pe[pe].on && !does(POWER, 0, pe)) ||
		    (machine.world.pe[pe].masked && !does(MASK, 0, pe)))
			return false;
	for (unsigned s = 0; s < SOURCES; s++)
		if ((machine.model.source[s].broken ||
		     machine.world.memory[s] != GOOD) &&
		    (!does(BAD, s, GOOD) || !does(RENEW, s, 3)))
			return false;
	return true;
}

/* One handler begins, does its work, and ends. */
static bool handle(unsigned s, unsigned pe, bool acknowledges)
{
	if (!does(ENTER, s, pe))
		return false;
	if (acknowledges && machine.model.source[s].out >= 0 &&
	    (!does(EMPTY, s, 0) || !does(ACKNOWLEDGE, s, 0)))
		return false;
	return does(LEAVE, 0, pe);
}

static bool handle_all(bool acknowledges)
{
	for (unsigned pe = 0; pe < PES; pe++) {
		while (inside(&machine.world, pe))
			if (!does(LEAVE, 0, pe))
				return false;
		if (machine.world.pe[pe].behind && !does(BEHIND, 0, pe))
			return false;
	}
	for (unsigned pe = 0; pe < PES; pe++)
		for (unsigned s = SOURCES; s--;)
			if (machine.world.pending[s][is_private(s) ? pe : 0] &&
			    !handle(s, pe, acknowledges))
				return false;
	return true;
}

static bool is_through(unsigned s, bool acknowledges)
{
	const struct source *is = &machine.model.source[s];

	if (acknowledges)
		return !is->count;
	for (unsigned i = 0; s != CORRECTED && i < is->count; i++)
		if (!is->error[i].shown)
			return false;
	return true;
}

bool client_lives(bool acknowledges)
{
	if (!all_well())
		return false;
	for (unsigned round = 0; round < ROUNDS; round++) {
		bool all = true;

		if (!handle_all(acknowledges))
			return false;
		for (unsigned s = 0; s < SOURCES; s++)
			all = all && is_through(s, acknowledges);
		/* What made way has its turn again, each of them. */
		if (all && (acknowledges || round >= TURNS))
			break;
		if (round + 1 == ROUNDS)
			return differs(
				"an error waits for ever, though the client %s",
				acknowledges ? "does its part"
					     : "takes its events");
		if (!does(POLL, 0, 0))
			return false;
	}
	for (unsigned s = 0; s < SOURCES; s++)
		if (!does(COUNT, s, 0))
			return false;
	return true;
}

void print_action(const struct action *a)
{
	static const char *const names[DOINGS] = {
		"report",
		"a handler begins",
		"the handler ends",
		"acknowledge",
		"empty the block",
		"an interrupt that it sent itself comes or goes",
		"the time has come: poll",
		"the time has come, and nobody polls",
		"mask or unmask events",
		"power off or on",
		"a new client",
		"memory becomes (0: good)",
		"replaced (1: registers, 2: block) and filled",
		"publish",
		"save and load",
		"count",
	};

	printf("  %s; source %s, PE %u\n", names[a->doing],
	       sources[a->source].name, a->pe);
}

void print_machine(void)
{
	static const char *const states[] = { "free", "published", "seen",
					      "overdue" };
	const struct world *w = &machine.world;

	for (unsigned s = 0; s < SOURCES; s++) {
		const struct source *is = &machine.model.source[s];

		printf("  %s: %s, %u misses,", sources[s].name,
		       states[is->state], is->misses);
		for (int i = 0; i < is->count; i++)
			printf(" %u%s%s%s", is->error[i].sequence,
			       is->error[i].pe ? "'" : "",
			       is->error[i].shown ? " shown" : "",
			       i == is->out ? " (out)," : ",");
		printf(" acknowledgement %llx, pending %d %d, due %lld, wait %llu, taken %u%s\n",
		       (unsigned long long)w->registers[s][1], w->pending[s][0],
		       w->pending[s][1], (long long)(is->due - w->now),
		       (unsigned long long)is->wait, is->taken,
		       is->broken ? ", broken" : "");
	}
	for (unsigned pe = 0; pe < PES; pe++)
		printf("  PE %u:%s%s%s handlers %d %d%s\n", pe,
		       w->pe[pe].on ? "" : " off",
		       w->pe[pe].masked ? " masked" : "",
		       w->pe[pe].behind ? " behind" : "", w->pe[pe].running[0],
		       w->pe[pe].running[1],
		       machine.model.suspect[pe] ? " suspect" : "");
}
