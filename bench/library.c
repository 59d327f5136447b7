/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_lib.bin: the dispatcher alone, in dispatchers of many sizes: does
 * anything take longer because there are more events or more PEs, and how much
 * memory does each take? No firmware is needed; its operations do nothing.
 *
 * Rows are named operation.events.pes. Half of the events are private, half
 * shared; what is measured is the last event of its kind, on the last PE.
 */
#include "support.h"

#include <sdei/dispatcher.h>

#define MAX_EVENTS   4096u
#define TIMES        1024u
#define LOOKUPS      64u /* of each event */
#define FIRST_NUMBER 0x40000100
#define FIRST_SPI    32
#define PSTATE_EL2H  0x3c9
#define ENTRY        0x1000

static struct sdei_event_info table[MAX_EVENTS];
extern unsigned char image_end[]; /* and 400 MiB behind it are free */

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
	(void)context, (void)target;
}

static int op_pe_of_affinity(void *context, uint64_t affinity)
{
	(void)context;
	return (int)affinity;
}

static int op_check(void *context, uint32_t interrupt)
{
	(void)context, (void)interrupt;
	return SDEI_SUCCESS;
}

static void op_on_pe(void *context, unsigned pe, uint32_t interrupt)
{
	(void)context, (void)pe, (void)interrupt;
}

static void op_give(void *context, uint32_t interrupt)
{
	(void)context, (void)interrupt;
}

static const struct sdei_ops ops = {
	.read = op_read,
	.resume = op_resume,
	.kick = op_kick,
	.pe_of_affinity = op_pe_of_affinity,
	.interrupt_check = op_check,
	.interrupt_take = op_on_pe,
	.interrupt_end = op_on_pe,
	.interrupt_give = op_give,
};

/* Event 0 and what follows it: `privates` in all, then `shareds`. */
static struct sdei_config configure(unsigned privates, unsigned shareds,
				    unsigned pes)
{
	for (unsigned i = 0; i < privates + shareds; i++)
		table[i] = (struct sdei_event_info){
			.number = i ? FIRST_NUMBER + i : SDEI_EVENT_SIGNALLED,
			.type = i < privates ? SDEI_TYPE_PRIVATE
					     : SDEI_TYPE_SHARED,
			.signalable = i == 0,
		};
	return (struct sdei_config){
		.events = table,
		.event_count = privates + shareds,
		.pe_count = pes,
		.client_el = 2,
		.version_minor = 1,
		.features = SDEI_FEAT_PAN | SDEI_FEAT_SSBS,
		.ops = &ops,
	};
}

/* One dispatcher, and who is measured in it. */
struct bench {
	struct sdei_dispatcher *d;
	struct sdei_context frame;
	unsigned events, pe;
	uint32_t private_event, shared_event;
	unsigned taker; /* the PE that takes what is raised */
};

typedef void operation(struct bench *b, unsigned i);

static uint64_t call_on(struct bench *b, unsigned pe, uint64_t fid, uint64_t x1,
			uint64_t x2)
{
	b->frame.x[0] = fid;
	b->frame.x[1] = x1;
	b->frame.x[2] = x2;
	b->frame.pstate = PSTATE_EL2H;
	sdei_call(b->d, pe, &b->frame);
	return b->frame.x[0];
}

static void nothing(struct bench *b, unsigned i)
{
	(void)b, (void)i;
	__asm__ volatile("");
}

static void status(struct bench *b, unsigned i)
{
	call_on(b, b->pe, SDEI_FID_EVENT_STATUS,
		table[i & (b->events - 1)].number, 0);
}

static void signal(struct bench *b, unsigned i)
{
	(void)i;
	call_on(b, b->pe, SDEI_FID_EVENT_SIGNAL, SDEI_EVENT_SIGNALLED, b->pe);
	call_on(b, b->pe, SDEI_FID_EVENT_COMPLETE, 0, 0);
}

static void deliver(struct bench *b)
{
	b->frame.pstate = PSTATE_EL2H;
	sdei_deliver(b->d, b->taker, &b->frame);
	call_on(b, b->taker, SDEI_FID_EVENT_COMPLETE, 0, 0);
}

static void raise_private(struct bench *b, unsigned i)
{
	(void)i;
	sdei_raise(b->d, b->pe, b->private_event, b->pe);
	deliver(b);
}

static void raise_shared(struct bench *b, unsigned i)
{
	(void)i;
	sdei_raise(b->d, b->pe, b->shared_event, 0);
	deliver(b);
}

static void interrupt(struct bench *b, unsigned i)
{
	(void)i;
	sdei_interrupt(b->d, b->pe, FIRST_SPI);
	deliver(b);
}

static void print_size(const char *name, unsigned events, unsigned pes)
{
	print("row ");
	print(name);
	print(".");
	print_number(events);
	print(".");
	print_number(pes);
	print(" ");
}

static void print_tenths(uint64_t tenths)
{
	print_number(tenths / 10);
	print(".");
	print_number(tenths % 10);
	print("\n");
}

static uint64_t time(struct bench *b, operation *operate, unsigned first,
		     unsigned step, unsigned times)
{
	uint64_t start = ticks_now();

	/* The compiler must not know what it calls: all pay the same call. */
	__asm__ volatile("" : "+r"(operate));
	for (unsigned i = 0; i < times; i++)
		operate(b, first + i * step);
	return ticks_now() - start;
}

/* Tenths of an instruction that each of `times` takes. */
static uint64_t tenths(struct bench *b, operation *operate, unsigned first,
		       unsigned step, unsigned times)
{
	uint64_t ticks = time(b, operate, first, step, times) -
			 time(b, nothing, first, step, times);

	return (ticks * instructions_per_tick() * 10 + times / 2) / times;
}

static void row(struct bench *b, const char *name, operation *operate,
		unsigned times)
{
	print_size(name, b->events, b->pe + 1);
	print_tenths(tenths(b, operate, 0, 1, times));
}

static void row_worst_lookup(struct bench *b)
{
	uint64_t worst = 0;

	for (unsigned i = 0; i < b->events; i++) {
		uint64_t t = tenths(b, status, i, 0, LOOKUPS);

		worst = t > worst ? t : worst;
	}
	print_size("lookup_worst", b->events, b->pe + 1);
	print_tenths(worst);
}

static void start_event(struct bench *b, uint32_t number)
{
	b->frame.x[3] = 0;
	b->frame.x[4] = 0;
	b->frame.x[5] = 0;
	if (call_on(b, b->pe, SDEI_FID_EVENT_REGISTER, number, ENTRY) ||
	    call_on(b, b->pe, SDEI_FID_EVENT_ENABLE, number, 0))
		print("failed: an event cannot be enabled\n");
}

static bool start(struct bench *b, const struct sdei_config *config)
{
	const char *why;

	b->d = sdei_dispatcher_init(image_end, sdei_dispatcher_size(config),
				    config, &why);
	if (!b->d) {
		print("failed: ");
		print(why);
		print("\n");
		return false;
	}
	for (unsigned pe = 0; pe < config->pe_count; pe++) {
		sdei_pe_on(b->d, pe);
		call_on(b, pe, SDEI_FID_PE_UNMASK, 0, 0);
	}
	start_event(b, SDEI_EVENT_SIGNALLED);
	start_event(b, b->private_event);
	start_event(b, b->shared_event);
	return true;
}

/* Raised where it cannot be taken: only the PE asked last can. */
static void row_elsewhere(struct bench *b)
{
	b->taker = b->pe - 1;
	for (unsigned pe = 0; pe <= b->pe; pe++)
		if (pe != b->taker)
			call_on(b, pe, SDEI_FID_PE_MASK, 0, 0);
	/* The first that looks takes those out that cannot: once, and each once. */
	raise_shared(b, 0);
	row(b, "raise_elsewhere", raise_shared, TIMES);
}

static void rows_of_size(unsigned events, unsigned pes)
{
	struct sdei_config config = configure(events / 2, events / 2, pes);
	struct bench b = {
		.events = events,
		.pe = pes - 1,
		.taker = pes - 1,
		.private_event = table[events / 2 - 1].number,
		.shared_event = table[events - 1].number,
	};

	table[events - 1].interrupt = FIRST_SPI;
	config.interrupt_count = FIRST_SPI + 1;
	if (!start(&b, &config))
		return;
	row(&b, "lookup", status, MAX_EVENTS);
	row_worst_lookup(&b);
	row(&b, "signal_lib", signal, TIMES);
	row(&b, "raise_private", raise_private, TIMES);
	row(&b, "raise_shared", raise_shared, TIMES);
	row(&b, "interrupt", interrupt, TIMES);
	if (pes > 1)
		row_elsewhere(&b);
}

static size_t size_of(unsigned privates, unsigned shareds, unsigned pes,
		      unsigned slots)
{
	struct sdei_config config = configure(privates, shareds, pes);

	config.shared_slots = slots;
	config.interrupt_count = slots ? FIRST_SPI : 0;
	return sdei_dispatcher_size(&config);
}

static void row_memory(const char *name, size_t bytes, unsigned things)
{
	print("row ");
	print(name);
	print(" ");
	print_tenths((bytes * 10 + things / 2) / things);
}

/* What one more of each takes, averaged over many; event 0 is always there. */
static void rows_memory(void)
{
	const unsigned n = 2048, few = 8, pes = 64;

	row_memory("memory_pe", size_of(1, 0, pes, 0) - size_of(1, 0, 1, 0),
		   pes - 1);
	row_memory("memory_private",
		   size_of(few + n, 0, pes, 0) - size_of(few, 0, pes, 0),
		   n * pes);
	row_memory("memory_shared",
		   size_of(1, few + n, 1, 0) - size_of(1, few, 1, 0), n);
	row_memory("memory_shared_64",
		   size_of(1, few + n, pes, 0) - size_of(1, few, pes, 0), n);
	row_memory("memory_slot",
		   size_of(1, 0, 1, few + n) - size_of(1, 0, 1, few), n);
}

void bench_main(void)
{
	static const unsigned events[] = { 8, 512, 4096 }, pes[] = { 1, 8, 64 };

	for (unsigned i = 0; i < 3; i++)
		for (unsigned j = 0; j < 3; j++)
			rows_of_size(events[i], pes[j]);
	rows_of_size(events[0], 512);
	rows_memory();
	print("end\n");
}
