/* SPDX-License-Identifier: BSD-2-Clause */
#include "model.h"

#include <string.h>

/* Handlers that end without an acknowledgement, until a record may make way. */
#define TWICE 2

void model_start(struct model *m, unsigned preallocated)
{
	memset(m, 0, sizeof(*m));
	m->preallocated = preallocated;
	for (unsigned s = 0; s < SOURCES; s++) {
		m->source[s].out = -1;
		m->source[s].wait = PATIENT;
	}
}

unsigned model_waiting(const struct source *s)
{
	return s->count - (s->out >= 0);
}

/* Of those that wait, the first that was shown or not, from `first` on; or -1. */
static int waiting_one(const struct source *s, bool shown, int first)
{
	for (int i = first; i < s->count; i++)
		if (i != s->out && s->error[i].shown == shown)
			return i;
	return -1;
}

static bool is_uncorrected(unsigned i)
{
	return i != CORRECTED;
}

/* It was seen and left, or it made way: the client has not done its part. */
static bool is_left(const struct source *s)
{
	return (s->out >= 0 && s->misses) || waiting_one(s, true, 0) >= 0;
}

static void forget(struct source *s, int i)
{
	memmove(&s->error[i], &s->error[i + 1],
		(size_t)(s->count - 1 - i) * sizeof(s->error[0]));
	s->count--;
	memset(&s->error[s->count], 0, sizeof(s->error[0]));
	if (i == s->out) {
		s->out = -1;
		s->state = SDEI_RAS_IS_FREE;
	}
}

/* Is every PE seen to be done with what its handlers took? */
static bool is_done(struct model *m, const struct world *w)
{
	bool all = true;

	for (unsigned pe = 0; pe < PES; pe++) {
		if (!inside(w, pe) && !w->pe[pe].behind)
			m->suspect[pe] = false;
		all = all && !m->suspect[pe];
	}
	if (!all)
		return false;
	m->full = false;
	for (unsigned i = 0; i < SOURCES; i++)
		m->source[i].taken = 0;
	return true;
}

static bool has_room(struct model *m, const struct world *w, unsigned i)
{
	if (i == FATAL)
		return true;
	for (unsigned other = 0; other < SOURCES; other++)
		if (i == CORRECTED && is_uncorrected(other) &&
		    is_left(&m->source[other]))
			return false;
	if (m->source[i].taken < m->preallocated || is_done(m, w))
		return true;
	m->full = true;
	return false;
}

/* The PE that can do most with it; among equals the one whose error it is. */
static unsigned best_pe(const struct world *w, unsigned i, unsigned wanted)
{
	unsigned best = wanted;

	for (unsigned pe = 0; pe < PES; pe++) {
		enum sdei_ras_readiness is = world_readiness(w, pe);
		enum sdei_ras_readiness was = world_readiness(w, best);

		/* Only a fatal one minds a handler that will end. */
		if (is > was && !(was == SDEI_RAS_ABLE && i != FATAL))
			best = pe;
	}
	return best;
}

static int raise(struct model *m, struct world *w, unsigned i)
{
	struct source *s = &m->source[i];
	unsigned wanted = s->error[s->out].pe;

	s->state = SDEI_RAS_IS_PUBLISHED;
	s->target = (uint8_t)(is_private(i) ? best_pe(w, i, wanted) : wanted);
	return world_raise(w, i, s->target);
}

static void give_up(struct source *s)
{
	s->broken = true;
	s->counters.dropped += s->count;
	s->lost += s->count;
	while (s->count)
		forget(s, 0);
	s->out = -1;
	s->state = SDEI_RAS_IS_FREE;
}

/* The client sees it. Returns who takes the event. */
static int show(struct model *m, struct world *w, unsigned i, int which)
{
	struct source *s = &m->source[i];
	struct error *e = &s->error[which];

	s->out = (int8_t)which;
	s->state = SDEI_RAS_IS_PUBLISHED;
	s->misses = 0;
	if (!e->shown) {
		e->shown = true;
		s->wait = PATIENT;
		s->counters.published++;
		/* A raw record is shown as it is. */
		if (!e->pe) {
			e->lost = (uint16_t)(s->lost < 999 ? s->lost : 999);
			s->lost -= e->lost;
		}
	}
	if (!world_set_pair(w, i, false) || !world_empty(w, i) ||
	    !world_show(w, i, e)) {
		give_up(s);
		return SDEI_RAS_WAITS;
	}
	s->at = w->now;
	s->due = w->now + s->wait;
	return raise(m, w, i);
}

static void acknowledge(struct source *s)
{
	s->counters.acknowledged++;
	s->wait = PATIENT;
	s->taken++;
	forget(s, s->out);
}

/* An uncorrected one that handlers left twice, and none looks at now. */
static bool may_make_way(const struct source *s, const struct world *w,
			 unsigned i)
{
	return is_uncorrected(i) && s->state == SDEI_RAS_IS_OVERDUE &&
	       !handlers(w, i) && model_waiting(s);
}

static int make_way(struct model *m, struct world *w, unsigned i)
{
	struct source *s = &m->source[i];
	int next = waiting_one(s, false, 0);

	if (next < 0)
		next = waiting_one(s, true, s->out + 1);
	if (next < 0)
		next = waiting_one(s, true, 0);
	s->counters.withdrawn++;
	return show(m, w, i, next);
}

/* A client that knows GHESv1 only: two handlers, and it has emptied the block. */
static bool is_emptied(const struct source *s, const struct world *w,
		       unsigned i)
{
	return s->state == SDEI_RAS_IS_OVERDUE && !handlers(w, i) &&
	       world_emptied(w, i);
}

static int look(struct model *m, struct world *w, unsigned i)
{
	struct source *s = &m->source[i];
	bool new;

	if (s->out >= 0 && world_acknowledged(w, i))
		acknowledge(s);
	new = waiting_one(s, false, 0) >= 0;
	if (new && may_make_way(s, w, i)) {
		if (!is_emptied(s, w, i))
			return make_way(m, w, i);
		acknowledge(s);
	}
	if (s->out >= 0 || !s->count)
		return SDEI_RAS_WAITS;
	if (has_room(m, w, i))
		return show(m, w, i, 0);
	for (unsigned n = 0; n < s->count; n++) {
		s->counters.held += !s->error[n].held;
		s->error[n].held = true;
	}
	return SDEI_RAS_WAITS;
}

/* The event may wait where it cannot be taken, while another PE could by now. */
static int go_elsewhere(struct model *m, struct world *w, unsigned i)
{
	struct source *s = &m->source[i];

	if (s->state == SDEI_RAS_IS_PUBLISHED && is_private(i) &&
	    best_pe(w, i, s->error[s->out].pe) != s->target)
		return raise(m, w, i);
	return SDEI_RAS_WAITS;
}

/* Its registers, and what it shows; then its memory is good. */
static bool fill(struct model *m, struct world *w, unsigned i, bool pair,
		 bool block)
{
	struct source *s = &m->source[i];
	bool good = (!pair || world_set_pair(w, i, s->out < 0)) &&
		    (!block ||
		     (world_empty(w, i) &&
		      (s->out < 0 || world_show(w, i, &s->error[s->out]))));

	if (good)
		s->broken = false;
	return good;
}

bool model_publish(struct model *m, struct world *w)
{
	bool good = true;

	for (unsigned i = 0; i < SOURCES; i++)
		good &= fill(m, w, i, true, true);
	return good;
}

static bool fits(const struct source *s, const struct error *e)
{
	unsigned bytes = error_bytes(e);

	for (unsigned n = 0; n < s->count; n++)
		bytes += error_bytes(&s->error[n]);
	return bytes <= QUEUE;
}

void model_report(struct model *m, struct world *w, unsigned i, unsigned pe,
		  struct sdei_ras_outcome *outcome)
{
	struct source *s = &m->source[i];
	struct error e = { .sequence = ++m->sequence, .pe = (uint8_t)pe };
	int taker;

	*outcome = (struct sdei_ras_outcome){ .sequence = e.sequence,
					      .fate = SDEI_RAS_DROPPED,
					      .pe = -1 };
	s->counters.injected++;
	look(m, w, i);
	go_elsewhere(m, w, i);
	if (s->broken || !fits(s, &e)) {
		s->counters.dropped++;
		s->lost++;
		return;
	}
	s->error[s->count++] = e;
	taker = look(m, w, i);
	if (s->broken)
		return;
	outcome->fate = SDEI_RAS_QUEUED;
	if (s->out < 0 || s->error[s->out].sequence != e.sequence)
		return;
	outcome->fate = taker < 0 ? SDEI_RAS_PENDING : SDEI_RAS_DELIVERED;
	outcome->pe = taker < 0 ? -1 : taker;
}

void model_entered(struct model *m, struct world *w, unsigned i, unsigned pe)
{
	if (m->full)
		is_done(m, w);
	m->suspect[pe] = true;
	if (m->source[i].out >= 0)
		m->source[i].state = SDEI_RAS_IS_SEEN;
}

/* The world knows by now that it ended. */
void model_left(struct model *m, struct world *w, unsigned i)
{
	struct source *s = &m->source[i];

	if (!handlers(w, i) && s->state == SDEI_RAS_IS_SEEN &&
	    !world_acknowledged(w, i) &&
	    (s->misses + 1 != TWICE || w->now >= s->at + PATIENT) &&
	    ++s->misses >= TWICE)
		s->state = SDEI_RAS_IS_OVERDUE;
	look(m, w, i);
	/* While some source waits for room, all are looked at. */
	for (unsigned other = 0; other < SOURCES; other++) {
		bool any = false;

		for (unsigned n = 0; n < SOURCES; n++)
			any = any ||
			      (m->source[n].out < 0 && m->source[n].count);
		if (any)
			look(m, w, other);
	}
}

static void again(struct model *m, struct world *w, unsigned i)
{
	struct source *s = &m->source[i];

	if (is_emptied(s, w, i)) {
		acknowledge(s);
		look(m, w, i);
		return;
	}
	s->wait = s->wait * 2 < SECOND ? s->wait * 2 : SECOND;
	s->due = w->now + s->wait;
	if (may_make_way(s, w, i)) {
		make_way(m, w, i);
	} else if (!handlers(w, i) && !world_out(w, i, s->target)) {
		raise(m, w, i);
		s->counters.raised_again++;
	} else {
		go_elsewhere(m, w, i);
	}
}

void model_poll(struct model *m, struct world *w)
{
	for (unsigned i = 0; i < SOURCES; i++) {
		look(m, w, i);
		if (m->source[i].out >= 0 && m->source[i].due <= w->now)
			again(m, w, i);
	}
}

void model_pe_off(struct model *m, struct world *w, unsigned pe)
{
	m->suspect[pe] = false;
	for (unsigned i = 0; i < SOURCES; i++) {
		look(m, w, i);
		if (m->source[i].out >= 0 && is_private(i) &&
		    m->source[i].target == pe)
			raise(m, w, i);
	}
}

/* The next one has missed nothing, and has nothing to work on. */
void model_client_reset(struct model *m, struct world *w)
{
	m->full = false;
	for (unsigned pe = 0; pe < PES; pe++)
		m->suspect[pe] = m->suspect[pe] && inside(w, pe);
	for (unsigned i = 0; i < SOURCES; i++) {
		struct source *s = &m->source[i];

		s->taken = 0;
		if (!s->count)
			continue;
		s->wait = PATIENT;
		s->at = w->now;
		s->due = w->now + PATIENT;
		s->misses = 0;
		if (s->out >= 0)
			s->state = SDEI_RAS_IS_PUBLISHED;
	}
}

bool model_renew(struct model *m, struct world *w, unsigned i, bool pair,
		 bool block)
{
	bool good = fill(m, w, i, pair, block);

	if (m->source[i].out >= 0)
		raise(m, w, i);
	return good;
}

void model_count(struct model *m, struct world *w, unsigned i,
		 struct sdei_ras_counters *counters)
{
	struct source *s = &m->source[i];

	look(m, w, i);
	*counters = s->counters;
	counters->queued = model_waiting(s);
	counters->state = s->state;
}

void model_reload(struct model *m, const struct world *w)
{
	/* Everybody is suspect, and has all out that it may. */
	for (unsigned pe = 0; pe < PES; pe++)
		m->suspect[pe] = true;
	m->full = true;
	for (unsigned i = 0; i < SOURCES; i++) {
		struct source *s = &m->source[i];

		s->taken = (uint8_t)m->preallocated;
		s->wait = PATIENT;
		s->at = s->due = w->now;
		s->misses = 0;
		s->broken = false;
		s->target = 0;
		if (s->out < 0)
			continue;
		s->target = s->error[s->out].pe;
		s->state = SDEI_RAS_IS_PUBLISHED;
	}
}

uint64_t model_wanted(const struct source *s, const struct world *w)
{
	uint64_t at = s->out >= 0 ? s->due : UINT64_MAX;

	if (model_waiting(s) && at > w->now + PATIENT)
		at = w->now + PATIENT;
	return at < w->now ? w->now : at;
}
