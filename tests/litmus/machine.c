/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine that the dispatcher's litmus tests are about. */
#include "machine.h"

static const struct sdei_event_info events[EVENTS] = {
	[PRIVATE] = { .number = 0,
		      .signalable = true,
		      .watched = true,
		      .name = "private" },
	[ANY] = { .number = 10, .type = SDEI_TYPE_SHARED, .name = "any" },
	[ROUTED_TO_1] = { .number = 11,
			  .type = SDEI_TYPE_SHARED,
			  .name = "routed" },
	[SPI_EVENT] = { .number = 12,
			.type = SDEI_TYPE_SHARED,
			.interrupt = SPI,
			.name = "spi" },
};

static char memory[32768] __attribute__((aligned(64)));
struct sdei_dispatcher *d;
uint64_t data; /* the embedder's own */
uint64_t device;
static uint64_t seen;

static uint64_t read_register(void *context, unsigned pe,
			      enum sdei_client_register reg)
{
	(void)context, (void)pe, (void)reg;
	return 0;
}

static void resume(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	(void)context, (void)pe, (void)elr, (void)spsr;
}

static void kick(void *context, unsigned target)
{
	(void)context, (void)target;
	turn();
}

static int pe_of_affinity(void *context, uint64_t affinity)
{
	(void)context;
	return (int)affinity;
}

static int check(void *context, uint32_t interrupt)
{
	(void)context, (void)interrupt;
	return SDEI_SUCCESS;
}

static void take(void *context, unsigned pe, uint32_t interrupt)
{
	(void)context, (void)pe, (void)interrupt;
}

static void end(void *context, unsigned pe, uint32_t interrupt)
{
	(void)context, (void)pe, (void)interrupt;
	store(&device, 1);
}

static void give(void *context, uint32_t interrupt)
{
	(void)context, (void)interrupt;
	seen = load(&device);
}

static void entered(void *context, unsigned pe, uint32_t its_number,
		    const struct sdei_context *interrupted)
{
	(void)context, (void)pe, (void)its_number, (void)interrupted;
	seen = load(&data);
}

static const struct sdei_ops ops = {
	.read = read_register,
	.resume = resume,
	.kick = kick,
	.pe_of_affinity = pe_of_affinity,
	.interrupt_check = check,
	.interrupt_take = take,
	.interrupt_end = end,
	.interrupt_give = give,
	.entered = entered,
};

uint64_t call(unsigned pe, uint32_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
	      uint64_t x4, uint64_t x5)
{
	struct sdei_context frame = {
		.x = { fid, x1, x2, x3, x4, x5 }, .pstate = 0x3c9, /* EL2h */
	};

	sdei_call(d, pe, &frame);
	return frame.x[0];
}

void deliver(unsigned pe)
{
	struct sdei_context frame = { .pstate = 0x3c9 };

	sdei_deliver(d, pe, &frame);
}

uint32_t number(unsigned event)
{
	return events[event].number;
}

/* The event as this PE sees it. */
struct event *at(unsigned pe, uint32_t its_number)
{
	return disp_find(sdei_pe(d, pe), its_number);
}

void register_event(unsigned pe, uint32_t its_number)
{
	const bool routed = its_number == number(ROUTED_TO_1);

	call(pe, SDEI_FID_EVENT_REGISTER, its_number, ENTRY, 0,
	     routed ? SDEI_REGISTER_RM_PE : 0, routed);
}

void enable(unsigned pe, unsigned event)
{
	register_event(pe, number(event));
	CALL1(pe, EVENT_ENABLE, number(event));
}

static void name_event(const struct event *e, unsigned n)
{
	name(&e->state, "state", n);
	name(&e->pending, "pending", n);
	name(&e->entry_point, "entry", n);
	name(&e->argument, "argument", n);
	name(&e->relative, "relative", n);
	name(&e->routed_to, "routed_to", n);
}

static void name_shared(const struct shared_event *s, unsigned n)
{
	name_event(&s->event, n);
	name(&s->lock, "lock", n);
	name(&s->running_on, "running_on", n);
	name(&s->affinity, "affinity", n);
}

static void name_set(const struct set *set, const char *summary,
		     const char *word, unsigned n)
{
	name(&set->summary, summary, n);
	name(set->word, word, n);
}

static void name_all(void)
{
	for (unsigned i = 0; i < PES; i++) {
		const struct sdei_pe *p = sdei_pe(d, i);

		name(&p->look, "look", i);
		name(&p->floor, "floor", i);
		name(&p->inner, "inner", i);
		name(&p->masked, "masked", i);
		name(&p->hidden, "hidden", i);
		name(&p->ready_lock, "routed_lock", i);
		name_set(&p->set[INBOX], "inbox_summary", "inbox", i);
		name_set(&p->set[READY], "ready_summary", "ready", i);
		name_set(&p->set[ROUTED], "routed_summary", "routed", i);
		name_event(at(i, 0), i);
	}
	for (unsigned i = ANY; i < EVENTS; i++)
		name_shared(of_shared(at(0, number(i))), number(i));
	name(&d->bind_lock, "bind_lock", 0);
	name(&d->ready_lock, "any_lock", 0);
	name(&d->able_lock, "able_lock", 0);
	name_set(&d->any[0], "any_summary", "any", 0);
	name_set(&d->able[0], "able_summary", "able", 0);
	name(&d->interrupts[BOUND_PPI], "place", BOUND_PPI);
	name(&d->interrupts[BOUND_SPI], "place", BOUND_SPI);
	name(&d->slots[0].info.interrupt, "slot", 0);
	name(&d->slots[1].info.interrupt, "slot", 1);
	name(&data, "data", 0);
	name(&device, "device", 0);
}

/* All PEs on, PE 1 unmasked. */
void start(void)
{
	static const struct sdei_config config = {
		.events = events,
		.event_count = EVENTS,
		.private_slots = 1,
		.shared_slots = 1,
		.interrupt_count = INTERRUPTS,
		.pe_count = PES,
		.client_el = 2,
		.ops = &ops,
	};

	d = sdei_dispatcher_init(memory, sizeof(memory), &config, NULL);
	name_all();
	for (unsigned i = 0; i < PES; i++)
		sdei_pe_on(d, i);
	CALL0(1, PE_UNMASK);
}

void last(const void *place, uint64_t value)
{
	struct outcome *o = finals;

	while (o->at)
		o++;
	*o = (struct outcome){ place, value };
}

void but(uint64_t thread, const void *place, uint64_t value)
{
	odd = (struct outcome){ place, value };
	odd_thread = thread;
}

void count_only(const void *one, const void *other)
{
	only[0] = one;
	only[1] = other;
}
