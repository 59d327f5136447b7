/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A source's event: which PE is to take it, and what came of that.
 */
#include "internal.h"

static enum sdei_ras_readiness readiness(const struct sdei_ras *ras,
					 const struct source *s, unsigned pe)
{
	return ras->config.ops->readiness(ras->config.context, s->index, pe);
}

/*
 * The PE that a private event for `wanted` is raised on: the best that there is,
 * and among equals itself. Its record says whose error it is. A fatal error waits
 * for no other handler, if there is a PE without one.
 */
static unsigned choose_pe(const struct sdei_ras *ras, const struct source *s,
			  unsigned wanted)
{
	const enum sdei_ras_readiness enough =
		s->info->severity == SDEI_CPER_FATAL ? SDEI_RAS_FREE
						     : SDEI_RAS_ABLE;
	enum sdei_ras_readiness best = readiness(ras, s, wanted);
	unsigned chosen = wanted;

	for (unsigned pe = 0; best < enough && pe < ras->config.pe_count;
	     pe++) {
		enum sdei_ras_readiness r = readiness(ras, s, pe);

		if (r <= best)
			continue;
		best = r;
		chosen = pe;
	}
	return chosen;
}

void ras_raise_event(struct sdei_ras *ras, struct source *s)
{
	const unsigned wanted = ras_queue_out(s)->pe;

	ras_happens(s, RAISED);
	s->target = s->info->is_private ? choose_pe(ras, s, wanted) : wanted;
	s->why = "";
	s->taker = ras->config.ops->raise(ras->config.context, s->index,
					  s->target, &s->why);
	if (s->taker == SDEI_RAS_WAITS || s->target == wanted)
		return;
	s->why =
		readiness(ras, s, wanted) == SDEI_RAS_OFF
			? "the PE is off, another one takes its event"
			: "the PE cannot take events now, another one takes this one";
}

bool ras_raise_is_out(const struct sdei_ras *ras, const struct source *s)
{
	return s->running ||
	       ras->config.ops->out(ras->config.context, s->index, s->target);
}

void ras_raise_elsewhere(struct sdei_ras *ras, struct source *s)
{
	if (s->state == SDEI_RAS_IS_PUBLISHED && s->info->is_private &&
	    choose_pe(ras, s, ras_queue_out(s)->pe) != s->target)
		ras_raise_event(ras, s);
}
