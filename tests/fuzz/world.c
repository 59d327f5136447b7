/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making a world, and the operations its dispatcher calls. The interrupt
 * controller here refuses what a real one cannot do: an interrupt taken twice,
 * or given back without having been taken.
 */
#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECURE_PPI 29u
#define SECURE_SPI 33u

static const struct sdei_event_info events[TABLE] = {
	{ .number = 0x40000022, .type = 1, .priority = 1, .watched = true },
	{ .number = SDEI_EVENT_SIGNALLED, .signalable = true },
	{ .number = 0x40000010, .watched = true },
	{ .number = 0x40000020, .type = 1 },
	{ .number = 0x40000011, .priority = 1 },
	{ .number = 0x40000021, .type = 1 },
	{ .number = 0x00000007, .priority = 1, .interrupt = 20 },
	{ .number = 0x00000008, .type = 1, .priority = 1, .interrupt = 40 },
};

void fail(const struct world *w, const char *format, ...)
{
	va_list args;

	(void)w;
	fprintf(stderr, "finding: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	abort();
}

void trace(const struct world *w, const char *format, ...)
{
	va_list args;

	if (!w->trace)
		return;
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
}

unsigned take(struct world *w)
{
	return w->next < w->end ? *w->next++ : 0;
}

bool is_shared_index(const struct world *w, unsigned e)
{
	if (e >= TABLE)
		return e >= TABLE + PRIVATE_SLOTS;
	return w->config.events[e].type == SDEI_TYPE_SHARED;
}

unsigned home(const struct world *w, unsigned pe, unsigned e)
{
	return is_shared_index(w, e) ? 0 : pe;
}

int index_of(const struct world *w, uint32_t number)
{
	for (unsigned e = 0; e < EVENTS; e++)
		if (w->now[0][e].info && w->now[0][e].info->number == number)
			return (int)e;
	return -1;
}

uint32_t interrupt_of(const struct world *w, unsigned e)
{
	return e < TABLE ? w->config.events[e].interrupt : w->bound[e];
}

int innermost_of(const struct pe *p)
{
	if (p->running[SDEI_PRIORITY_CRITICAL].event >= 0)
		return SDEI_PRIORITY_CRITICAL;
	return p->running[SDEI_PRIORITY_NORMAL].event >= 0 ? 0 : -1;
}

static uint64_t op_read(void *context, unsigned pe,
			enum sdei_client_register reg)
{
	struct world *w = context;

	switch (reg) {
	case SDEI_SCTLR_ELC:
		return w->sctlr;
	case SDEI_VBAR_ELC:
		return 0xffff800000080000 + 0x10000 * pe;
	case SDEI_HCR_EL2:
		if (w->config.client_el != 2)
			fail(w, "HCR_EL2 read without EL2");
		return w->hcr;
	case SDEI_GCSCR_ELC:
		if (!(w->config.features & SDEI_FEAT_GCS))
			fail(w, "GCSCR read without GCS");
		return w->gcscr;
	}
	fail(w, "register %d read", (int)reg);
}

static void op_resume(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	struct world *w = context;

	if (pe != w->acting)
		fail(w, "resume on PE %u in a step of PE %u", pe, w->acting);
	w->elr = elr;
	w->spsr = spsr;
	w->resumed++;
}

static void op_kick(void *context, unsigned target)
{
	struct world *w = context;

	if (target >= PES)
		fail(w, "kick of PE %u", target);
	trace(w, "\tkick PE %u\n", target);
	w->pe[target].kicked = true;
}

static int op_pe_of_affinity(void *context, uint64_t affinity)
{
	(void)context;
	return affinity >= 0x100 && affinity < 0x100 + PES
		       ? (int)(affinity - 0x100)
		       : -1;
}

static int op_check(void *context, uint32_t interrupt)
{
	struct world *w = context;

	if (interrupt < 16 || interrupt >= INTERRUPTS)
		fail(w, "interrupt_check of %u", interrupt);
	if (interrupt == SECURE_PPI || interrupt == SECURE_SPI)
		return SDEI_INVALID_PARAMETERS;
	return w->busy[interrupt] ? SDEI_DENIED : SDEI_SUCCESS;
}

static void op_take(void *context, unsigned pe, uint32_t interrupt)
{
	struct world *w = context;

	(void)pe;
	if (interrupt < 16 || interrupt >= INTERRUPTS || w->owned[interrupt])
		fail(w, "interrupt_take of %u", interrupt);
	w->owned[interrupt] = true;
}

static void op_end(void *context, unsigned pe, uint32_t interrupt)
{
	struct world *w = context;
	struct line *line;

	if (interrupt < 16 || interrupt >= INTERRUPTS || pe >= PES)
		fail(w, "interrupt_end of %u on PE %u", interrupt, pe);
	line = &w->line[interrupt < 32 ? pe : 0][interrupt];
	/* An event of the table may have been raised without its interrupt. */
	if (!line->active && w->owned[interrupt])
		fail(w, "interrupt_end of %u on PE %u: it is not active",
		     interrupt, pe);
	line->active = false;
}

static void op_give(void *context, uint32_t interrupt)
{
	struct world *w = context;

	if (interrupt >= INTERRUPTS || !w->owned[interrupt])
		fail(w, "interrupt_give of %u", interrupt);
	w->owned[interrupt] = false;
	for (unsigned pe = 0; pe < PES; pe++)
		w->line[pe][interrupt].active = false;
}

static const struct sdei_ops ops = {
	.read = op_read,
	.resume = op_resume,
	.kick = op_kick,
	.pe_of_affinity = op_pe_of_affinity,
	.interrupt_check = op_check,
	.interrupt_take = op_take,
	.interrupt_end = op_end,
	.interrupt_give = op_give,
	.entered = on_entered,
	.completed = on_completed,
};

void make_dispatcher(struct world *w)
{
	const char *why = NULL;

	w->config.context = w;
	w->d = sdei_dispatcher_init(w->memory, sizeof(w->memory), &w->config,
				    &why);
	if (!w->d)
		fail(w, "no dispatcher: %s", why);
}

/* The first byte chooses the machine: client's EL, features, registers. */
void make_world(struct world *w, const uint8_t *bytes, size_t size)
{
	unsigned kind;

	memset(w, 0, sizeof(*w));
	w->next = bytes;
	w->end = bytes + size;
	w->trace = getenv("FUZZ_TRACE") != NULL;
	kind = take(w);
	w->config = (struct sdei_config){
		.events = events,
		.event_count = TABLE,
		.private_slots = PRIVATE_SLOTS,
		.shared_slots = SHARED_SLOTS,
		.interrupt_count = INTERRUPTS,
		.pe_count = PES,
		.client_el = kind & 1 ? 1 : 2,
		.version_minor = 1,
		.vendor_version = 0x12345678,
		.features = kind & 2 ? 0x7f : 0,
		.ops = &ops,
	};
	w->sctlr = kind & 4 ? ~UINT64_C(0) : 0;
	w->hcr = w->gcscr = kind & 8 ? ~UINT64_C(0) : 0;
	make_dispatcher(w);
	for (unsigned e = 0; e < EVENTS; e++)
		w->routed[e] = -1;
	for (unsigned pe = 0; pe < PES; pe++) {
		w->pe[pe].masked = true;
		w->pe[pe].running[0].event = w->pe[pe].running[1].event = -1;
		w->pe[pe].frame.pc = 0x40080000 + 0x1000 * pe;
		w->pe[pe].frame.pstate = w->config.client_el << 2 | 1;
		for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
			w->pe[pe].frame.x[i] = 0xAB0000000000 | pe << 8 | i;
	}
	begin(w, PES);
	find_entered(w);
	look(w);
}
