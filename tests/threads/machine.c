/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine and its counts. What must be true of a handler is checked here,
 * where it begins: one at a time, never more often than triggered, and it sees
 * what was written before the trigger.
 */
#include "machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIXED  6u
#define EVENTS (FIXED + PES)

struct sdei_dispatcher *dispatcher;
struct thread threads[PES];
atomic_bool mail_taken[2][PES], own_handled[PES];
unsigned long mail[2][PES];

static struct sdei_event_info events[EVENTS] = {
	{ .number = SIGNALLED, .signalable = true },
	{ .number = PRIVATE_MAIL },
	{ .number = PRIVATE_CRIT, .priority = 1 },
	{ .number = SHARED, .type = 1 },
	{ .number = SHARED_2, .type = 1 },
	{ .number = SHARED_CRIT, .type = 1, .priority = 1 },
};
static struct counter counters[EVENTS][PES];
static struct counter interrupts[INTERRUPTS][PES];
/* 0: inactive; else which firing made it active. */
static atomic_ulong active[INTERRUPTS][PES];
static atomic_ulong firings;
static _Alignas(16) unsigned char memory[65536];

void wrong(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "threads: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	_Exit(1);
}

struct counter *counter_of_interrupt(uint32_t interrupt, unsigned pe)
{
	return &interrupts[interrupt][interrupt < 32 ? pe : 0];
}

struct counter *counter_of(uint32_t number, unsigned pe)
{
	struct sdei_report report;

	for (unsigned i = 0; i < EVENTS; i++)
		if (events[i].number == number)
			return &counters[i][events[i].type ? 0 : pe];
	for (unsigned i = EVENTS; sdei_query(dispatcher, pe, i, &report); i++)
		if (report.info && report.info->number == number)
			return counter_of_interrupt(report.info->interrupt, pe);
	wrong("event %x is nobody's", number);
}

static uint64_t op_read(void *context, unsigned pe,
			enum sdei_client_register reg)
{
	(void)context, (void)pe, (void)reg;
	return 0;
}

static void op_resume(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	(void)context, (void)pe, (void)elr, (void)spsr;
}

static void op_kick(void *context, unsigned target)
{
	(void)context;
	store_any(&threads[target].kicked, true);
}

static int op_pe_of_affinity(void *context, uint64_t affinity)
{
	(void)context;
	return affinity < PES ? (int)affinity : -1;
}

static int op_check(void *context, uint32_t interrupt)
{
	(void)context, (void)interrupt;
	return SDEI_SUCCESS;
}

static void op_take(void *context, unsigned pe, uint32_t interrupt)
{
	(void)context, (void)pe, (void)interrupt;
}

static void op_end(void *context, unsigned pe, uint32_t interrupt)
{
	(void)context;
	if (!exchange_any(&active[interrupt][interrupt < 32 ? pe : 0], 0) &&
	    interrupt >= OWN_SPI && interrupt < OWN_SPI + PES)
		wrong("interrupt %u ended twice", interrupt);
}

static void op_give(void *context, uint32_t interrupt)
{
	(void)context;
	for (unsigned pe = 0; pe < PES; pe++)
		store_any(&active[interrupt][pe], 0);
}

/* Whose mail an event carries; the handler takes it. */
static void take_mail(uint32_t number, unsigned pe, unsigned long trigger)
{
	unsigned private = number == PRIVATE_MAIL;
	unsigned from = private ? pe : number - SHARED_MAIL;

	if (!private && number - SHARED_MAIL >= PES)
		return;
	if (mail[private][from] != trigger * 3)
		wrong("event %x: an old letter", number);
	if (atomic_exchange(&mail_taken[private][from], true))
		wrong("event %x: two handlers for one trigger", number);
}

/* A handler begins: its counts, and what it finds. */
static void begin_handler(struct thread *t, uint32_t number)
{
	struct counter *c = counter_of(number, t->index);
	unsigned long trigger = load_any(&c->triggers);
	unsigned long seen = load_any(&c->seen);

	if (exchange_any(&c->running, 1))
		wrong("event %x runs twice", number);
	if (add_any(&c->entries, 1) + 1 > trigger)
		wrong("event %x: more handlers than triggers", number);
	while (seen < trigger && !swap_any(&c->seen, &seen, trigger))
		;
	if (t->depth == 2)
		wrong("three handlers on PE %u", t->index);
	t->number[t->depth++] = number;
	take_mail(number, t->index, trigger);
	for (unsigned i = 0; i < PES; i++)
		if (c == counter_of_interrupt(OWN_SPI + i, t->index))
			atomic_store(&own_handled[i], true);
}

/* Has the frame become a handler's? Then that begins, and moves on. */
static void go_on(struct thread *t)
{
	if (t->frame.pc != HANDLER_ENTRY)
		return;
	t->frame.pc += 4;
	begin_handler(t, (uint32_t)t->frame.x[0]);
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
};

void make_machine(void)
{
	static const struct sdei_config config = {
		.events = events,
		.event_count = EVENTS,
		.private_slots = 2,
		.shared_slots = PES + 2,
		.interrupt_count = INTERRUPTS,
		.pe_count = PES,
		.client_el = CLIENT_EL,
		.version_minor = 1,
		.ops = &ops,
	};
	const char *why;

	for (unsigned i = 0; i < PES; i++)
		events[FIXED + i] = (struct sdei_event_info){
			.number = SHARED_MAIL + i,
			.type = 1,
		};
	dispatcher = sdei_dispatcher_init(memory, sizeof(memory), &config,
					  &why);
	if (!dispatcher)
		wrong("no dispatcher: %s", why);
	for (unsigned pe = 0; pe < PES; pe++) {
		threads[pe].index = pe;
		threads[pe].random = pe + 1;
		threads[pe].frame.pstate = CLIENT_EL << 2 | 1;
		atomic_store(&mail_taken[0][pe], true);
		atomic_store(&mail_taken[1][pe], true);
	}
}

int64_t call(struct thread *t, uint32_t fid, uint64_t x1, uint64_t x2,
	     uint64_t x3)
{
	t->frame.x[0] = fid;
	t->frame.x[1] = x1;
	t->frame.x[2] = x2;
	t->frame.x[3] = x3;
	t->frame.x[4] = t->frame.x[5] = 0;
	sdei_call(dispatcher, t->index, &t->frame);
	go_on(t);
	return (int64_t)t->frame.x[0];
}

int64_t register_event(struct thread *t, uint32_t number)
{
	return call(t, SDEI_FID_EVENT_REGISTER, number, HANDLER_ENTRY, 0);
}

void deliver(struct thread *t)
{
	sdei_deliver(dispatcher, t->index, &t->frame);
	go_on(t);
}

void raise_event(struct thread *t, uint32_t number, unsigned target)
{
	add_any(&counter_of(number, target)->triggers, 1);
	sdei_raise(dispatcher, t->index, number, target);
	deliver(t);
}

bool fire(struct thread *t, uint32_t interrupt)
{
	unsigned pe = interrupt < 32 ? t->index : 0;
	struct counter *c = counter_of_interrupt(interrupt, pe);
	unsigned long mine = add_any(&firings, 1) + 1, none = 0;

	if (!swap_any(&active[interrupt][pe], &none, mine))
		return false;
	add_any(&c->triggers, 1);
	if (!sdei_take_interrupt(dispatcher, t->index, interrupt, &t->frame))
		swap_any(&active[interrupt][pe], &mine, 0);
	go_on(t);
	return true;
}

bool interrupt_is_active(uint32_t interrupt, unsigned pe)
{
	return load_any(&active[interrupt][interrupt < 32 ? pe : 0]);
}

void leave(struct thread *t)
{
	uint32_t number = t->number[t->depth - 1];

	store_any(&counter_of(number, t->index)->running, 0);
	t->depth--;
	call(t, SDEI_FID_EVENT_COMPLETE, SDEI_HANDLED, 0, 0);
}

void power_off(struct thread *t)
{
	while (t->depth)
		store_any(&counter_of(t->number[--t->depth], t->index)->running,
			  0);
	sdei_pe_off(dispatcher, t->index);
	t->frame.pc = 0;
	t->frame.pstate = CLIENT_EL << 2 | 1;
}
