/* SPDX-License-Identifier: BSD-2-Clause */
/* The surroundings of the sources, and what the library may ask of them. */
#include "ras.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STRIDE (SDEI_RAS_PAIR_SIZE + BLOCK + 2 * GAP)

void ras_fail(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "finding: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	abort();
}

unsigned ras_take(struct ras_world *w)
{
	return w->next < w->end ? *w->next++ : 0;
}

/* Something of the client's runs. */
static void meddle(struct ras_world *w)
{
	unsigned what, s, at;

	if (w->quiet)
		return;
	what = ras_take(w);
	s = what % SOURCES;
	at = (unsigned)(w->sources[s].block - BASE);
	switch (what / SOURCES % 8) {
	case 1: /* acknowledge, or write any byte of the registers */
		w->client[w->sources[s].registers - BASE + 8] = 1;
		break;
	case 2:
		w->client[w->sources[s].registers - BASE + ras_take(w) % 16] =
			(uint8_t)ras_take(w);
		break;
	case 3:
		memset(&w->client[at], 0, 4);
		break;
	case 4:
		w->client[at + ras_take(w) * 4 % BLOCK] = (uint8_t)ras_take(w);
		break;
	case 5:
		memset(&w->client[at], (int)ras_take(w), BLOCK);
		break;
	default:
		break;
	}
}

/* Is it a source's, all of it? */
static uint8_t *place(struct ras_world *w, uint64_t address, size_t bytes)
{
	for (unsigned s = 0; s < SOURCES; s++) {
		const struct sdei_ras_source *i = &w->sources[s];

		if ((address >= i->registers &&
		     address + bytes <= i->registers + SDEI_RAS_PAIR_SIZE) ||
		    (address >= i->block &&
		     address + bytes <= i->block + BLOCK))
			return &w->client[address - BASE];
	}
	ras_fail("%zu bytes at %#llx are nobody's", bytes,
		 (unsigned long long)address);
}

static bool fails(struct ras_world *w)
{
	return !w->quiet && w->fail && !--w->fail;
}

static bool op_read(void *context, uint64_t address, void *to, size_t bytes)
{
	struct ras_world *w = context;
	const uint8_t *from = place(w, address, bytes);

	meddle(w);
	if ((bytes != 4 && bytes != 8) || address % bytes)
		ras_fail("a word is read in pieces");
	if (fails(w))
		return false;
	memcpy(to, from, bytes);
	return true;
}

static bool op_write(void *context, uint64_t address, const void *from,
		     size_t bytes)
{
	struct ras_world *w = context;
	uint8_t *to = place(w, address, bytes);

	meddle(w);
	if (fails(w))
		return false;
	memcpy(to, from, bytes);
	meddle(w);
	return true;
}

static uint64_t op_now(void *context)
{
	return ((struct ras_world *)context)->now;
}

static void op_poll_at(void *context, uint64_t at)
{
	struct ras_world *w = context;

	if (at < w->poll)
		w->poll = at;
}

static unsigned priority(unsigned s)
{
	return s % 2;
}

static bool runs(const struct ras_world *w, unsigned s, unsigned pe)
{
	return w->pe[pe].running[priority(s)] == (int)s;
}

static bool runs_anywhere(const struct ras_world *w, unsigned s)
{
	for (unsigned pe = 0; pe < PES; pe++)
		if (runs(w, s, pe))
			return true;
	return false;
}

static bool may_enter(const struct ras_world *w, unsigned s, unsigned pe)
{
	const struct fuzz_pe *p = &w->pe[pe];

	return p->on && !p->masked && p->running[1] < 0 &&
	       p->running[priority(s)] < 0 &&
	       (w->sources[s].is_private || !runs_anywhere(w, s));
}

static int op_raise(void *context, unsigned s, unsigned pe, const char **why)
{
	struct ras_world *w = context;
	const bool private = s < SOURCES && w->sources[s].is_private;

	if (s >= SOURCES || pe >= PES)
		ras_fail("source %u's event is raised on PE %u", s, pe);
	w->pending[s][private ? pe : 0] = true;
	for (unsigned other = 0; other < PES; other++)
		if ((!private || other == pe) && may_enter(w, s, other))
			return s == 3 ? SDEI_RAS_TAKEN : (int)other;
	*why = "it waits";
	return SDEI_RAS_WAITS;
}

static bool op_out(void *context, unsigned s, unsigned pe)
{
	const struct ras_world *w = context;

	if (s >= SOURCES || pe >= PES)
		ras_fail("is the event of source %u out on PE %u?", s, pe);
	return w->sources[s].is_private
		       ? w->pending[s][pe] || runs(w, s, pe)
		       : w->pending[s][0] || runs_anywhere(w, s);
}

static enum sdei_ras_readiness op_readiness(void *context, unsigned s,
					    unsigned pe)
{
	const struct ras_world *w = context;
	const struct fuzz_pe *p = &w->pe[pe];

	if (s >= SOURCES || pe >= PES || !w->sources[s].is_private)
		ras_fail("is PE %u ready for source %u?", pe, s);
	if (!p->on || p->masked)
		return p->on ? SDEI_RAS_ON : SDEI_RAS_OFF;
	return p->running[0] < 0 && p->running[1] < 0 ? SDEI_RAS_FREE
						      : SDEI_RAS_ABLE;
}

static bool op_behind(void *context, unsigned pe)
{
	const struct ras_world *w = context;

	if (pe >= PES)
		ras_fail("is PE %u behind?", pe);
	return w->pe[pe].behind;
}

static const struct sdei_ras_ops ops = {
	.read = op_read,
	.write = op_write,
	.now = op_now,
	.poll_at = op_poll_at,
	.raise = op_raise,
	.out = op_out,
	.readiness = op_readiness,
	.behind = op_behind,
};

void ras_make_library(struct ras_world *w)
{
	const char *why = NULL;

	memset(w->library, 0xA5, sizeof(w->library));
	w->ras = sdei_ras_init(w->library, sizeof(w->library), &w->config,
			       &why);
	if (!w->ras)
		ras_fail("no sources: %s", why);
}

/* The first byte says how many are preallocated, and which events are private. */
void ras_make(struct ras_world *w, const uint8_t *bytes, size_t size)
{
	static const uint8_t severities[SOURCES] = { SDEI_CPER_CORRECTED,
						     SDEI_CPER_RECOVERABLE,
						     SDEI_CPER_CORRECTED,
						     SDEI_CPER_FATAL };
	unsigned kind;

	memset(w, 0, sizeof(*w));
	w->next = bytes;
	w->end = bytes + size;
	w->trace = getenv("FUZZ_TRACE") != NULL;
	kind = ras_take(w);
	for (unsigned s = 0; s < SOURCES; s++)
		w->sources[s] = (struct sdei_ras_source){
			.name = "a source",
			.error_class = s == 2 ? SDEI_RAS_MEMORY
					      : SDEI_RAS_PLATFORM,
			.severity = severities[s],
			.notify = SDEI_RAS_NOTIFY_SDEI,
			.is_private = kind >> s & 1,
			.registers = BASE + s * STRIDE,
			.block = BASE + s * STRIDE + SDEI_RAS_PAIR_SIZE + GAP,
		};
	w->config = (struct sdei_ras_config){
		.sources = w->sources,
		.source_count = SOURCES,
		.pe_count = PES,
		.preallocated = kind / 16 % 4 + 1,
		.block_size = BLOCK,
		.queue_size = QUEUE,
		.tick_hz = 1000,
		.ops = &ops,
		.context = w,
	};
	w->now = 5000;
	w->poll = UINT64_MAX;
	for (unsigned pe = 0; pe < PES; pe++)
		w->pe[pe] = (struct fuzz_pe){ .on = true,
					      .running = { -1, -1 } };
	ras_make_library(w);
	w->quiet = true;
	if (!sdei_ras_publish(w->ras))
		ras_fail("good memory is bad");
	w->quiet = false;
}
