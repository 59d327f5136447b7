/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One step: the world changes as the action says, the library is told of it and
 * works on the one world, the model on the other.
 */
#include "machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct machine machine;
char difference[512];

static struct sdei_ras_config config;
/* The model's, during a step. */
static struct world beside;

bool differs(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(difference, sizeof(difference), format, arguments);
	va_end(arguments);
	return false;
}

static struct sdei_ras *library(void)
{
	return (struct sdei_ras *)machine.library;
}

/* The client's memory at an address; NULL: bad. Its source is *s. */
static uint8_t *memory_at(uint64_t address, size_t bytes, unsigned *s)
{
	struct world *w = &machine.world;
	uint64_t offset = address - BLOCK_AT(0);

	if (offset < SOURCES * BLOCK) {
		*s = (unsigned)(offset / BLOCK);
		offset %= BLOCK;
		if (offset + bytes > BLOCK)
			abort();
		return w->memory[*s] == GOOD ? &w->block[*s][offset] : NULL;
	}
	offset = address - REGISTERS(0);
	if (offset + bytes > SOURCES * sizeof(w->registers[0]))
		abort();
	*s = (unsigned)(offset / sizeof(w->registers[0]));
	return w->memory[*s] == ALL_BAD ? NULL
					: (uint8_t *)w->registers + offset;
}

static bool op_read(void *context, uint64_t address, void *to, size_t bytes)
{
	unsigned s;
	const uint8_t *from = memory_at(address, bytes, &s);

	(void)context;
	if (!from)
		return false;
	memcpy(to, from, bytes);
	return true;
}

static bool op_write(void *context, uint64_t address, const void *from,
		     size_t bytes)
{
	unsigned s;
	uint8_t *to = memory_at(address, bytes, &s);

	(void)context;
	if (!to)
		return false;
	if (address >= BLOCK_AT(0))
		judge_write(address, from, bytes);
	else
		judge_taken_back(s);
	memcpy(to, from, bytes);
	return true;
}

static uint64_t op_now(void *context)
{
	(void)context;
	return machine.world.now;
}

static void op_poll_at(void *context, uint64_t at)
{
	(void)context;
	if (at < machine.poll)
		machine.poll = at;
}

static int op_raise(void *context, unsigned source, unsigned pe,
		    const char **why)
{
	int taker = world_raise(&machine.world, source, pe);

	(void)context;
	if (taker == SDEI_RAS_WAITS)
		*why = "it waits";
	return taker;
}

static bool op_out(void *context, unsigned source, unsigned pe)
{
	(void)context;
	return world_out(&machine.world, source, pe);
}

static enum sdei_ras_readiness op_readiness(void *context, unsigned source,
					    unsigned pe)
{
	(void)context;
	(void)source;
	return world_readiness(&machine.world, pe);
}

static bool op_behind(void *context, unsigned pe)
{
	(void)context;
	return machine.world.pe[pe].behind;
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

static void make_library(void)
{
	const char *why = "";

	memset(machine.library, 0xA5, sizeof(machine.library));
	if (sdei_ras_init(machine.library, sizeof(machine.library), &config,
			  &why))
		return;
	printf("sdei_ras_init: %s\n", why);
	exit(1);
}

void machine_start(unsigned private, unsigned preallocated)
{
	config = (struct sdei_ras_config){
		.sources = sources,
		.source_count = SOURCES,
		.pe_count = PES,
		.preallocated = preallocated,
		.block_size = BLOCK,
		.queue_size = QUEUE,
		.tick_hz = 1000,
		.ops = &ops,
	};
	for (unsigned s = 0; s < SOURCES; s++)
		sources[s].is_private = private >> s & 1;
	memset(&machine, 0, sizeof(machine));
	machine.poll = UINT64_MAX;
	machine.world.now = 1000000;
	for (unsigned pe = 0; pe < PES; pe++)
		machine.world.pe[pe] = (struct pe){ .on = true,
						    .running = { -1, -1 } };
	model_start(&machine.model, preallocated);
	make_library();
	judge_sleeps = true;
	if (!sdei_ras_publish(library()))
		exit(1);
	judge_sleeps = false;
}

/* The source whose handler is innermost on a PE, or -1. */
static int innermost(const struct world *w, unsigned pe)
{
	return w->pe[pe].running[w->pe[pe].running[1] >= 0];
}

static void end(struct world *w, unsigned pe)
{
	w->pe[pe].running[w->pe[pe].running[1] >= 0] = -1;
}

static void begin(struct world *w, unsigned s, unsigned pe)
{
	w->pe[pe].running[s != CORRECTED] = (int8_t)s;
}

static bool same_fate(const struct sdei_ras_outcome *is,
		      const struct sdei_ras_outcome *should)
{
	if (is->sequence != should->sequence)
		return differs("it is number %u; the model says %u",
			       is->sequence, should->sequence);
	if (is->fate != should->fate || is->pe != should->pe)
		return differs(
			"its fate is %d, on PE %d; the model says %d, %d",
			is->fate, is->pe, should->fate, should->pe);
	if (!is->why || (is->fate != SDEI_RAS_DELIVERED && !*is->why))
		return differs("nothing says why");
	return true;
}

static bool report(unsigned s, unsigned pe)
{
	struct error e = { .sequence = machine.model.sequence + 1,
			   .pe = (uint8_t)pe };
	_Alignas(8) uint8_t record[SDEI_RECORD_MAX];
	struct sdei_ras_outcome is, should;

	error_record(s, &e, record, sizeof(record));
	if (!sdei_ras_report(library(), s, (void *)record, &is))
		return differs("the report is refused");
	model_report(&machine.model, &beside, s, pe, &should);
	return same_fate(&is, &should);
}

static bool enter(unsigned s, unsigned pe)
{
	unsigned home = is_private(s) ? pe : 0;

	machine.world.pending[s][home] = beside.pending[s][home] = false;
	judge_entered(s, pe);
	sdei_ras_entered(library(), s, pe);
	model_entered(&machine.model, &beside, s, pe);
	begin(&machine.world, s, pe);
	begin(&beside, s, pe);
	return true;
}

static bool leave(unsigned pe)
{
	unsigned s = (unsigned)innermost(&machine.world, pe);

	end(&machine.world, pe);
	end(&beside, pe);
	judge_left(s, pe);
	sdei_ras_left(library(), s, pe);
	model_left(&machine.model, &beside, s);
	return true;
}

/* Its handlers end, and its private events are gone. */
static bool go_off(unsigned pe)
{
	machine.world.pe[pe].on = beside.pe[pe].on = false;
	machine.world.pe[pe].behind = beside.pe[pe].behind = false;
	for (unsigned s = 0; s < SOURCES; s++)
		if (is_private(s))
			machine.world.pending[s][pe] = beside.pending[s][pe] =
				false;
	while (innermost(&machine.world, pe) >= 0)
		leave(pe);
	sdei_ras_pe_off(library(), pe);
	model_pe_off(&machine.model, &beside, pe);
	return true;
}

static bool power(unsigned pe)
{
	if (machine.world.pe[pe].on)
		return go_off(pe);
	machine.world.pe[pe] = (struct pe){ .on = true, .running = { -1, -1 } };
	beside.pe[pe] = machine.world.pe[pe];
	return true;
}

static bool new_client(void)
{
	memset(machine.world.pending, 0, sizeof(machine.world.pending));
	for (unsigned pe = 0; pe < PES; pe++)
		machine.world.pe[pe].behind = false;
	memcpy(beside.pending, machine.world.pending, sizeof(beside.pending));
	memcpy(beside.pe, machine.world.pe, sizeof(beside.pe));
	judge_new_client();
	sdei_ras_client_reset(library());
	model_client_reset(&machine.model, &beside);
	return true;
}

/*
 * What is replaced begins within the registers and ends within the block, or is
 * one of the two: with both, sources behind and before are in it as well.
 */
static bool renew(unsigned s, bool pair, bool block)
{
	const uint64_t from = pair ? REGISTERS(s) + 8 : BLOCK_AT(s) + 100;
	const uint64_t to = block ? BLOCK_AT(s) + 200 : REGISTERS(s) + 16;
	bool pairs[SOURCES], blocks[SOURCES], is, should = true;

	for (unsigned i = 0; i < SOURCES; i++) {
		pairs[i] = pair && (block ? i >= s : i == s);
		blocks[i] = block && (pair ? i <= s : i == s);
		if (pairs[i])
			machine.world.registers[i][1] = 0xAAAA;
		if (blocks[i])
			memset(machine.world.block[i], 0, BLOCK);
	}
	beside = machine.world;
	judge_sleeps = true;
	is = sdei_ras_renew(library(), from, to - from);
	judge_sleeps = false;
	for (unsigned i = 0; i < SOURCES; i++)
		if (pairs[i] || blocks[i])
			should &= model_renew(&machine.model, &beside, i,
					      pairs[i], blocks[i]);
	return is == should ||
	       differs("renewed: %d; the model says %d", is, should);
}

static bool publish(void)
{
	bool is, should;

	judge_sleeps = true;
	is = sdei_ras_publish(library());
	judge_sleeps = false;
	should = model_publish(&machine.model, &beside);
	return is == should ||
	       differs("published: %d; the model says %d", is, should);
}

/* The state that is saved is the state that is loaded. */
static bool reload(void)
{
	static uint8_t first[sizeof(machine.library)], second[sizeof(first)];
	int8_t running[PES][2];
	const char *why = "nothing";
	size_t bytes = sdei_ras_save(library(), first, sizeof(first));

	if (bytes > sizeof(first) ||
	    sdei_ras_save(library(), second, bytes - 1) != bytes)
		return differs("sdei_ras_save(): %zu bytes", bytes);
	make_library();
	machine.poll = UINT64_MAX;
	if (!sdei_ras_load(library(), first, bytes, &why))
		return differs("sdei_ras_load(): %s", why);
	if (sdei_ras_save(library(), second, sizeof(second)) != bytes ||
	    memcmp(first, second, bytes) != 0)
		return differs("saved, loaded and saved again is not the same");
	model_reload(&machine.model, &beside);
	judge_new_client();
	/* It is told of handlers that run. */
	for (unsigned pe = 0; pe < PES; pe++) {
		memcpy(running[pe], beside.pe[pe].running, 2);
		memset(beside.pe[pe].running, -1, 2);
		memset(machine.world.pe[pe].running, -1, 2);
	}
	for (unsigned pe = 0; pe < PES; pe++)
		for (unsigned level = 0; level < 2; level++)
			if (running[pe][level] >= 0)
				enter((unsigned)running[pe][level], pe);
	return true;
}

static bool count(unsigned s)
{
	struct sdei_ras_counters is = { 0 }, should = { 0 };

	if (!sdei_ras_count(library(), s, &is))
		return differs("there is no such source");
	model_count(&machine.model, &beside, s, &should);
	if (is.injected != is.acknowledged + is.dropped + is.queued +
				   (is.state != SDEI_RAS_IS_FREE))
		return differs("the counters do not add up");
#define SAME(field) \
	if (is.field != should.field) \
	return differs(#field " is %u; the model says %u", (unsigned)is.field, \
		       (unsigned)should.field)
	SAME(injected);
	SAME(published);
	SAME(acknowledged);
	SAME(dropped);
	SAME(held);
	SAME(raised_again);
	SAME(withdrawn);
	SAME(queued);
	SAME(state);
#undef SAME
	return true;
}

static bool poll(bool late)
{
	if (machine.world.now < machine.poll)
		machine.world.now = beside.now = machine.poll;
	if (late)
		return true;
	machine.poll = UINT64_MAX;
	sdei_ras_poll(library());
	model_poll(&machine.model, &beside);
	return true;
}

static bool client(const struct action *a)
{
	struct world *w = &machine.world;

	switch (a->doing) {
	case ACKNOWLEDGE:
		/* Only bit 0 counts. */
		w->registers[a->source][1] = 0x5555;
		machine.judge[a->source].shown = false;
		break;
	case EMPTY:
		memset(w->block[a->source], 0, 4);
		break;
	case BEHIND:
		w->pe[a->pe].behind = !w->pe[a->pe].behind;
		break;
	case MASK:
		w->pe[a->pe].masked = !w->pe[a->pe].masked;
		break;
	case BAD:
		w->memory[a->source] = a->pe;
		machine.judge[a->source].shown = false;
		break;
	}
	beside = *w;
	return true;
}

static bool act(const struct action *a)
{
	switch (a->doing) {
	case REPORT:
		return report(a->source, a->pe);
	case ENTER:
		return enter(a->source, a->pe);
	case LEAVE:
		return leave(a->pe);
	case POLL:
	case LATE:
		return poll(a->doing == LATE);
	case POWER:
		return power(a->pe);
	case RESET:
		return new_client();
	case RENEW:
		return renew(a->source, a->pe & 1, a->pe & 2);
	case PUBLISH:
		return publish();
	case RELOAD:
		return reload();
	case COUNT:
		return count(a->source);
	default:
		return client(a);
	}
}

static bool same_world(void)
{
	const struct world *w = &machine.world;

	for (unsigned s = 0; s < SOURCES; s++) {
		for (unsigned pe = 0; pe < PES; pe++)
			if (w->raised[s][pe] != beside.raised[s][pe])
				return differs(
					"the %s source's event is raised %u times on PE %u; the model says %u",
					sources[s].name, w->raised[s][pe], pe,
					beside.raised[s][pe]);
		if (memcmp(w->registers[s], beside.registers[s], 16) != 0)
			return differs(
				"the acknowledgement of the %s source is %llx; the model says %llx",
				sources[s].name,
				(unsigned long long)w->registers[s][1],
				(unsigned long long)beside.registers[s][1]);
		for (unsigned i = 0; i < BLOCK; i++)
			if (w->block[s][i] != beside.block[s][i])
				return differs(
					"byte %u of the %s source's block is %02x; the model says %02x",
					i, sources[s].name, w->block[s][i],
					beside.block[s][i]);
	}
	return true;
}

bool step(const struct action *a)
{
	memset(machine.world.raised, 0, sizeof(machine.world.raised));
	beside = machine.world;
	judge_angry = false;
	return act(a) && !judge_angry && same_world() && judge_polls();
}
