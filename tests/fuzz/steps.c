/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From bytes to steps: which call with which arguments, which interrupt, which
 * raise, which change of power. Arguments are biased towards what gets past the
 * first check, so that a few bytes go far.
 */
#include "world.h"

static uint32_t event_number(struct world *w)
{
	static const uint32_t strange[] = {
		0x40000077, 0x80000000, 0xFFFFFFFF, 0x40F00000,
		0x40F00003, 0x40F00004, 0x01000000, 0x00FFFFFF,
	};
	unsigned e = take(w) % 32;

	if (e < EVENTS && w->now[0][e].info)
		return w->now[0][e].info->number;
	if (e < 24)
		return w->config.events[e % TABLE].number;
	return strange[e - 24];
}

/* With something above bit 31 now and then: it must not matter (SMCCC 2.7). */
static uint64_t dirty(struct world *w, uint32_t value)
{
	return take(w) % 8 == 7 ? (uint64_t)0xDEADBEEF << 32 | value : value;
}

static uint64_t affinity(struct world *w)
{
	static const uint64_t strange[] = {
		0x103,     0, 0xFF, 1ull << 32 | 0x100, 1ull << 63 | 0x100,
		0xC1000100
	};
	unsigned n = take(w) % 16;

	return n < 10 ? 0x100 + n % PES : strange[n - 10];
}

static uint64_t address(struct world *w)
{
	unsigned n = take(w);

	if (n == 255)
		return 0;
	return 0xffff800010000000 + 4 * n + (n > 250 ? 1 : 0);
}

static uint32_t interrupt_id(struct world *w)
{
	static const uint32_t strange[] = { 0,    15,   48,        1020,
					    1056, 8192, UINT32_MAX };
	unsigned n = take(w) % 64;

	if (n < 48)
		return n % 2 ? 16 + n / 2 % 8 : 32 + n / 2 % 16;
	return strange[n % 7];
}

static void register_arguments(struct world *w, uint64_t x[5])
{
	unsigned flags;

	x[0] = dirty(w, event_number(w));
	x[1] = address(w);
	x[2] = take(w) * UINT64_C(0x0101010101010101);
	flags = take(w);
	x[3] = flags < 240 ? flags & 3 : flags;
	x[4] = affinity(w);
}

static void arguments(struct world *w, uint32_t fid, uint64_t x[5])
{
	switch (fid) {
	case SDEI_FID_EVENT_REGISTER:
		register_arguments(w, x);
		break;
	case SDEI_FID_EVENT_CONTEXT:
	case SDEI_FID_FEATURES:
	case SDEI_FID_EVENT_COMPLETE:
		x[0] = take(w) % 20;
		break;
	case SDEI_FID_EVENT_COMPLETE_RESUME:
		x[0] = address(w);
		break;
	case SDEI_FID_EVENT_GET_INFO:
		x[0] = dirty(w, event_number(w));
		x[1] = take(w) % 6;
		break;
	case SDEI_FID_EVENT_ROUTING_SET:
		x[0] = dirty(w, event_number(w));
		x[1] = take(w) % 3;
		x[2] = affinity(w);
		break;
	case SDEI_FID_INTERRUPT_BIND:
		x[0] = dirty(w, interrupt_id(w));
		break;
	case SDEI_FID_EVENT_SIGNAL:
		x[0] = take(w) % 16 ? dirty(w, 0) : event_number(w);
		x[1] = affinity(w);
		break;
	default:
		x[0] = dirty(w, event_number(w));
	}
}

/* Where the PE has got to: its registers, and whom an exception interrupts. */
static void wander(struct world *w, unsigned pe)
{
	static const uint64_t elsewhere[] = { 0x60000005, 0x0, 0x1d3,
					      0x200001f0, 0x80400004 };
	struct pe *p = &w->pe[pe];
	uint64_t own = w->config.client_el << 2 | 1;
	unsigned n = take(w);

	p->frame.pc += 4 * n;
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		p->frame.x[i] += n * UINT64_C(0x100010001) + i;
	p->frame.pstate = own | (n & 0xf0) << 24 | (n & 8) << 19;
	/* A handler does not leave the client's exception level. */
	if (n % 4 == 3 && innermost_of(p) < 0)
		p->frame.pstate = elsewhere[n / 4 % 5];
}

/* Back to the client, as after a trap from what it runs. */
static void trap(struct world *w, unsigned pe)
{
	struct sdei_context *f = &w->pe[pe].frame;

	if ((f->pstate & 0x1f) != (w->config.client_el << 2 | 1))
		f->pstate = w->config.client_el << 2 | 1;
}

static void random_call(struct world *w, unsigned pe, uint32_t fid)
{
	uint64_t x[5] = { 0 };

	if (!w->pe[pe].on)
		return;
	arguments(w, fid, x);
	/* Mostly from the right place. */
	if (take(w) % 16 != 15)
		trap(w, pe);
	call(w, pe, fid, x);
}

static void deliver(struct world *w, unsigned pe)
{
	struct sdei_context before = w->pe[pe].frame;
	bool entered;

	w->pe[pe].kicked = false;
	/* The firmware serves a PE that is off, but delivers nothing to it. */
	if (!w->pe[pe].on)
		return;
	begin(w, pe);
	trace(w, "PE %u: deliver\n", pe);
	entered = sdei_deliver(w->d, pe, &w->pe[pe].frame);
	find_entered(w);
	if (entered != (w->entered_now == 1))
		fail(w, "sdei_deliver says %d", entered);
	check_frame(w, pe, &before);
	look(w);
}

void drain(struct world *w)
{
	bool again = true;

	for (unsigned turn = 0; again; turn++) {
		if (turn > 100)
			fail(w, "kicks without end");
		again = false;
		for (unsigned pe = 0; pe < PES; pe++)
			if (w->pe[pe].kicked) {
				again = true;
				deliver(w, pe);
			}
	}
	check_nothing_waits(w);
}

static bool anyone_can(const struct world *w, unsigned e, unsigned target)
{
	if (!is_shared_index(w, e))
		return deliverable(w, target, e);
	for (unsigned pe = 0; pe < PES; pe++)
		if (deliverable(w, pe, e))
			return true;
	return false;
}

static void raise_event(struct world *w, unsigned self)
{
	uint32_t number = event_number(w);
	unsigned target = take(w) % 8;
	int e = index_of(w, number), taker;
	bool known = e >= 0 && e < (int)TABLE;

	target = target == 7 ? PES : target % PES;
	known = known && (target < PES || is_shared_index(w, (unsigned)e));
	begin(w, PES);
	if (known)
		w->pending[home(w, target, (unsigned)e)][e] = true;
	trace(w, "PE %u: raise %x for PE %u\n", self, number, target);
	taker = sdei_raise(w->d, self, number, target);
	trace(w, "\t= %d\n", taker);
	find_entered(w);
	look(w);
	if (e < (int)TABLE && known != (taker != SDEI_RAISE_UNKNOWN))
		fail(w, "raise of %x: %d", number, taker);
	if (known && (taker >= 0) != anyone_can(w, (unsigned)e, target))
		fail(w, "raise of %x: %d", number, taker);
	if (taker >= 0 && !deliverable(w, (unsigned)taker, (unsigned)e))
		fail(w, "raise of %x: PE %d cannot take it", number, taker);
	/* Its embedder delivers before it goes on; that may take a while. */
	w->pe[self].kicked = true;
}

/* Event of an interrupt, or -1. */
static int event_of(const struct world *w, uint32_t interrupt)
{
	for (unsigned e = 0; interrupt && e < EVENTS; e++)
		if (interrupt_of(w, e) == interrupt)
			return (int)e;
	return -1;
}

/* An interrupt to fire: mostly one that is somebody's. */
static uint32_t some_interrupt(struct world *w)
{
	unsigned choice = take(w);
	uint32_t interrupt = interrupt_of(w, choice % EVENTS);

	if (choice >= 248)
		return interrupt_id(w);
	if (!interrupt)
		return choice < 128 ? 20 : 40;
	return interrupt;
}

/* The interrupt's event is delivered at once, if that can be. */
static void take_interrupt(struct world *w, unsigned pe, uint32_t interrupt,
			   bool known)
{
	struct sdei_context before = w->pe[pe].frame;

	begin(w, pe);
	w->pe[pe].kicked = false;
	trace(w, "PE %u: take interrupt %u\n", pe, interrupt);
	if (sdei_take_interrupt(w->d, pe, interrupt, &w->pe[pe].frame) != known)
		fail(w, "interrupt %u: is it ours?", interrupt);
	find_entered(w);
	check_frame(w, pe, &before);
	look(w);
}

static void fire(struct world *w, unsigned pe)
{
	uint32_t interrupt = some_interrupt(w);
	int known = event_of(w, interrupt);
	struct line *line;

	if (interrupt < INTERRUPTS) {
		line = &w->line[interrupt < 32 ? pe : 0][interrupt];
		/* An active one does not fire again. */
		if (line->active)
			return;
		line->active = known >= 0;
	}
	if (known >= 0)
		w->pending[home(w, pe, (unsigned)known)][known] = true;
	if (w->pe[pe].on && take(w) % 2) {
		take_interrupt(w, pe, interrupt, known >= 0);
		return;
	}
	begin(w, PES);
	trace(w, "PE %u: interrupt %u\n", pe, interrupt);
	if (sdei_interrupt(w->d, pe, interrupt) != (known >= 0))
		fail(w, "interrupt %u: is it ours?", interrupt);
	find_entered(w);
	look(w);
	w->pe[pe].kicked = true;
}

static void power(struct world *w, unsigned pe)
{
	struct pe *p = &w->pe[pe];
	bool suspend = p->on && take(w) % 2;

	begin(w, pe);
	w->resets = !suspend;
	p->masked = true;
	trace(w, "PE %u: %s\n", pe, suspend ? "suspend" : p->on ? "off" : "on");
	/* Its handlers end (6.5.4). */
	while (innermost_of(p) >= 0)
		pop(w, pe);
	if (suspend) {
		sdei_pe_suspend(w->d, pe);
	} else if (p->on) {
		sdei_pe_off(w->d, pe);
		p->on = false;
	} else {
		sdei_pe_on(w->d, pe);
		p->on = true;
	}
	trap(w, pe);
	find_entered(w);
	look(w);
}

/* A client's usual start: all PEs on, unmasked; one event listened to. */
static void listen(struct world *w, unsigned pe)
{
	uint64_t x[5] = { event_number(w), 0xffff800010080000, 0x77, 0, 0 };

	if (!w->pe[pe].on)
		power(w, pe);
	trap(w, pe);
	call(w, pe, SDEI_FID_EVENT_REGISTER, x);
	trap(w, pe);
	call(w, pe, SDEI_FID_EVENT_ENABLE, x);
	trap(w, pe);
	call(w, pe, SDEI_FID_PE_UNMASK, x);
}

/* What both kinds of fuzzing do. False if `choice` is none of it. */
static bool common(struct world *w, unsigned choice, unsigned pe)
{
	if (choice < 32)
		random_call(w, pe, SDEI_FID_FIRST + choice);
	else if (choice < 36)
		listen(w, pe);
	else if (choice < 40)
		random_call(w, pe, SDEI_FID_EVENT_COMPLETE);
	else if (choice < 44)
		raise_event(w, pe);
	else
		return false;
	return true;
}

void one_call(struct world *w)
{
	unsigned byte = take(w), pe = (byte >> 6) % PES;

	if (!w->pe[pe].on)
		power(w, pe);
	if (!common(w, byte % 64, pe))
		fire(w, pe);
	drain(w);
}

void one_step(struct world *w)
{
	unsigned byte = take(w), pe = (byte >> 6) % PES;
	unsigned choice = byte % 64;

	if (common(w, choice, pe))
		return;
	if (choice < 48)
		fire(w, pe);
	else if (choice < 52)
		power(w, pe);
	else if (choice < 54)
		drain(w);
	else if (choice < 58)
		wander(w, pe);
	else if (choice < 60)
		w->busy[16 + take(w) % 32] ^= true;
	else if (w->pe[pe].kicked || choice == 63)
		deliver(w, pe);
}

void settle(struct world *w)
{
	static const uint64_t x[5];
	bool again = true;

	drain(w);
	for (unsigned turn = 0; again; turn++) {
		if (turn > 200)
			fail(w, "handlers without end");
		again = false;
		for (unsigned pe = 0; pe < PES; pe++)
			if (innermost_of(&w->pe[pe]) >= 0) {
				again = true;
				trap(w, pe);
				call(w, pe, SDEI_FID_EVENT_COMPLETE, x);
			}
		drain(w);
	}
}
