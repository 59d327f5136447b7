/* SPDX-License-Identifier: BSD-2-Clause */
/* All that can happen to the sources, as bytes choose; and what must be true then. */
#include "ras.h"

#include <stdio.h>
#include <string.h>

#define RECORD 2048u
/* Polls after which nothing may wait any more. */
#define ROUNDS 3000u

static bool make_record(struct ras_world *w, struct sdei_record *r, unsigned s)
{
	static const uint8_t noise[RECORD] = { 0x13, 0, 0, 0, 1, 2, 3, 4 };
	const unsigned kind = ras_take(w), size = ras_take(w) * 8 + kind / 64;
	const unsigned severity = w->sources[s % SOURCES].severity;

	sdei_record_start(r, severity, ras_take(w) % (PES + 1));
	switch (kind % 4) {
	case 0:
		return sdei_record_raw(r, RECORD, noise, size);
	case 1:
		return sdei_record_memory(r, RECORD, severity) != NULL;
	case 2:
		return sdei_record_add(r, RECORD, SDEI_SECTION_VENDOR, severity,
				       size, NULL, 0) != NULL;
	default:
		return sdei_record_add(r, RECORD, SDEI_SECTION_FIRMWARE,
				       severity, size, NULL, 0) != NULL &&
		       sdei_record_memory(r, RECORD, severity) != NULL;
	}
}

static void report(struct ras_world *w)
{
	_Alignas(8) uint8_t bytes[RECORD];
	struct sdei_record *r = (void *)bytes;
	struct sdei_ras_outcome o = { .fate = (enum sdei_ras_fate)77 };
	unsigned s = ras_take(w) % (SOURCES + 1);
	bool should;

	if (!make_record(w, r, s))
		return;
	if (sdei_record_wrong(r, sizeof(bytes)))
		ras_fail("a record is made, and wrong");
	should = s < SOURCES && r->pe < PES && sdei_record_bytes(r) <= BLOCK;
	if (sdei_ras_report(w->ras, s, r, &o) != should)
		ras_fail("a report is taken, or not, against the rules");
	if (!should)
		return;
	w->reports[s]++;
	if (o.sequence != r->sequence || !o.sequence || !o.why)
		ras_fail("report %u has number %u", o.sequence, r->sequence);
	if (o.fate > SDEI_RAS_DROPPED || o.pe < -1 || o.pe >= (int)PES ||
	    (o.pe >= 0 && o.fate != SDEI_RAS_DELIVERED))
		ras_fail("a fate %d on PE %d", o.fate, o.pe);
	if (o.fate != SDEI_RAS_DELIVERED && !*o.why)
		ras_fail("a fate %d, and nothing says why", o.fate);
}

static void leave(struct ras_world *w, unsigned pe)
{
	int *level = &w->pe[pe].running[w->pe[pe].running[1] >= 0];
	int s = *level;

	if (s < 0)
		return;
	*level = -1;
	sdei_ras_left(w->ras, (unsigned)s, pe);
}

static void enter(struct ras_world *w, unsigned s, unsigned pe)
{
	struct fuzz_pe *p = &w->pe[pe];
	bool *pending = &w->pending[s][w->sources[s].is_private ? pe : 0];

	if (!*pending || !p->on || p->masked || p->running[1] >= 0 ||
	    p->running[s % 2] >= 0)
		return;
	for (unsigned other = 0; other < PES; other++)
		if (!w->sources[s].is_private &&
		    w->pe[other].running[s % 2] == (int)s)
			return;
	*pending = false;
	sdei_ras_entered(w->ras, s, pe);
	p->running[s % 2] = (int)s;
}

static void poll(struct ras_world *w)
{
	if (w->poll != UINT64_MAX && w->poll > w->now)
		w->now = w->poll;
	w->poll = UINT64_MAX;
	sdei_ras_poll(w->ras);
}

static void power(struct ras_world *w, unsigned pe)
{
	if (!w->pe[pe].on) {
		w->pe[pe].on = true;
		return;
	}
	w->pe[pe].on = w->pe[pe].behind = false;
	leave(w, pe);
	leave(w, pe);
	for (unsigned s = 0; s < SOURCES; s++)
		if (w->sources[s].is_private)
			w->pending[s][pe] = false;
	sdei_ras_pe_off(w->ras, pe);
}

static void renew(struct ras_world *w)
{
	unsigned from = ras_take(w) * CLIENT / 256;
	unsigned bytes = ras_take(w) * 8;

	if (from + bytes > CLIENT)
		bytes = CLIENT - from;
	memset(&w->client[from], (int)ras_take(w), bytes);
	sdei_ras_renew(w->ras, BASE + from, bytes);
}

/* Handlers that run are not told of: their ends come out of nothing. */
static void move(struct ras_world *w)
{
	static uint8_t state[STATE_MAX];
	size_t size = sdei_ras_save(w->ras, state, sizeof(state));
	const char *why = "nothing";

	if (size > sizeof(state))
		ras_fail("a state of %zu bytes", size);
	ras_make_library(w);
	w->poll = UINT64_MAX;
	if (!sdei_ras_load(w->ras, state, size, &why))
		ras_fail("its own state is refused: %s", why);
}

static void other_step(struct ras_world *w, unsigned what)
{
	const unsigned pe = ras_take(w) % PES;

	switch (what) {
	case 0:
		power(w, pe);
		break;
	case 1:
		memset(w->pending, 0, sizeof(w->pending));
		sdei_ras_client_reset(w->ras);
		break;
	case 2:
		renew(w);
		break;
	case 3:
		sdei_ras_publish(w->ras);
		break;
	case 4:
		move(w);
		break;
	case 5:
		w->fail = ras_take(w);
		break;
	case 6:
		w->now += ras_take(w);
		break;
	default:
		w->pe[pe].masked = !w->pe[pe].masked;
		break;
	}
}

void ras_step(struct ras_world *w)
{
	const unsigned what = ras_take(w), pe = what / 8 % 4 % PES;

	if (w->trace)
		fprintf(stderr, "step %u\n", what);
	switch (what % 8) {
	case 0:
	case 1:
		report(w);
		break;
	case 2:
	case 3:
		enter(w, what / 32 % SOURCES, pe);
		break;
	case 4:
		leave(w, pe);
		break;
	case 5:
		poll(w);
		break;
	case 6:
		w->pe[pe].behind = what & 128;
		break;
	default:
		other_step(w, what / 8 % 8);
		break;
	}
}

static void check_source(struct ras_world *w, unsigned s)
{
	struct sdei_ras_counters c;

	if (!sdei_ras_count(w->ras, s, &c))
		ras_fail("there is no source %u", s);
	if (c.state >= SDEI_RAS_STATES)
		ras_fail("source %u is in state %u", s, c.state);
	if (c.injected != c.acknowledged + c.dropped + c.queued +
				  (c.state != SDEI_RAS_IS_FREE))
		ras_fail("source %u's counters do not add up", s);
	if (c.injected != w->reports[s])
		ras_fail("source %u counts other reports", s);
	if ((c.queued || c.state != SDEI_RAS_IS_FREE) &&
	    w->poll > w->now + w->config.tick_hz)
		ras_fail("source %u waits, and nobody is asked to look", s);
}

/* Counting looks at the client's memory: all is as before when it is done. */
void ras_check(struct ras_world *w)
{
	static struct ras_world before;
	struct sdei_ras_counters c;

	before = *w;
	w->quiet = true;
	for (unsigned s = 0; s < SOURCES; s++)
		check_source(w, s);
	if (sdei_ras_count(w->ras, SOURCES, &c))
		ras_fail("there are too many sources");
	*w = before;
}

static bool handle(struct ras_world *w)
{
	bool any = false;

	for (unsigned pe = 0; pe < PES; pe++)
		for (unsigned s = 0; s < SOURCES; s++) {
			enter(w, s, pe);
			if (w->pe[pe].running[s % 2] != (int)s)
				continue;
			any = true;
			memset(&w->client[w->sources[s].block - BASE], 0, 4);
			w->client[w->sources[s].registers - BASE + 8] = 1;
			leave(w, pe);
		}
	return any;
}

void ras_settle(struct ras_world *w)
{
	struct sdei_ras_counters c;
	bool all = false;

	w->quiet = true;
	for (unsigned pe = 0; pe < PES; pe++) {
		w->pe[pe].on = true;
		w->pe[pe].masked = w->pe[pe].behind = false;
		leave(w, pe);
		leave(w, pe);
	}
	for (unsigned round = 0; !all; round++) {
		if (round == ROUNDS)
			ras_fail("an error waits for ever");
		while (handle(w))
			;
		all = true;
		for (unsigned s = 0; s < SOURCES; s++)
			all = sdei_ras_count(w->ras, s, &c) && !c.queued &&
			      c.state == SDEI_RAS_IS_FREE && all;
		if (!all)
			poll(w);
	}
	ras_check(w);
}
