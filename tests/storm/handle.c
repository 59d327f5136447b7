/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handlers and interrupts: was this one due, then random calls, then an end.
 */
#include "storm.h"

#include "source.h"

bool calm;

uint64_t argument_for(unsigned pe, uint32_t number)
{
	return ARGUMENT(kind_is_private(number_kind(number)) ? pe : ANYONE,
			number);
}

void quiet_timer(unsigned intid)
{
	if (intid == IRQ_EL1_VIRTUAL_TIMER)
		write_sysreg(cntv_ctl_el0, 0);
	else if (intid == IRQ_EL1_TIMER)
		write_sysreg(cntp_ctl_el0, 0);
	else if (intid == IRQ_EL2_TIMER && client_el == 2)
		write_sysreg(cnthp_ctl_el2, 0);
	isb();
}

void quiet_timers(void)
{
	quiet_timer(IRQ_EL1_VIRTUAL_TIMER);
	quiet_timer(IRQ_EL1_TIMER);
	quiet_timer(IRQ_EL2_TIMER);
}

static void arm_timer(struct client *c, unsigned which)
{
	uint64_t us = 20 + below(c, 1000);

	if (which == 0) {
		timer_fire_in(us);
	} else if (which == 1) {
		timer_set(us);
	} else {
		write_sysreg(cntp_cval_el0, now() + microseconds(us));
		write_sysreg(cntp_ctl_el0, 1);
		isb();
	}
}

static unsigned random_timer(struct client *c)
{
	static const unsigned timers[] = { IRQ_EL1_VIRTUAL_TIMER, IRQ_EL2_TIMER,
					   IRQ_EL1_TIMER };

	return timers[below(c, 3)];
}

static void random_line(struct client *c)
{
	switch (below(c, 6)) {
	case 0:
		rtc_source.fire();
		break;
	case 1:
		uart_source.fire();
		break;
	default:
		rtc_source.quiet();
		uart_source.quiet();
		break;
	}
}

void random_device(struct client *c)
{
	unsigned intid;

	switch (below(c, 8)) {
	case 0:
	case 1:
	case 2:
		arm_timer(c, below(c, 3));
		break;
	case 3:
		random_line(c);
		break;
	case 4:
		gic_wake(&pes[below(c, pe_count)]);
		break;
	case 5:
		intid = random_timer(c);
		irq_route_here(intid);
		irq_enable(intid, one_in(c, 2));
		break;
	case 6:
		intid = spare_interrupt(true, below(c, 7));
		irq_set_pending(intid, one_in(c, 4));
		break;
	default:
		quiet_timers();
		break;
	}
}

/* Any interrupt of the client's own: its line goes down, or up again later. */
void interrupted(struct pe *pe, unsigned intid)
{
	struct client *c = &clients[pe->index];

	c->irqs++;
	quiet_timer(intid);
	if (!load(calm) && one_in(c, 2))
		random_device(c);
}

static void check_arrival(struct client *c, const struct event_frame *f, int n)
{
	unsigned me = this_pe()->index;
	uint64_t mode = f->x[3] & (P_MODE | P_AARCH32);

	if (c->masked)
		fail("event 0x%lx arrives although masked", f->x[0]);
	if (n < 0 || f->x[0] >> 32) {
		fail("a handler of event 0x%lx", f->x[0]);
		return;
	}
	if (f->x[1] != argument_for(me, (uint32_t)f->x[0]))
		fail("event 0x%lx: argument 0x%lx", f->x[0], f->x[1]);
	if (kind_is_private(numbers[n].kind) && known(c, (unsigned)n) == NO)
		fail("event 0x%lx is not registered here", f->x[0]);
	if (mode != (P_EL(client_el) | P_SP_ELX))
		fail("event 0x%lx: interrupted PSTATE 0x%lx", f->x[0], f->x[3]);
	if (f->x[2] < LOAD_BASE || f->x[2] >= LOAD_BASE + LOAD_SIZE)
		fail("event 0x%lx: interrupted PC 0x%lx", f->x[0], f->x[2]);
	if (c->level == 1 && !numbers[n].critical)
		fail("event 0x%lx within a handler", f->x[0]);
}

static void enter(struct client *c, struct event_frame *f, int n)
{
	if (c->level == 2)
		bail_out("event 0x%lx as the third handler at once", f->x[0]);
	c->runs++;
	check_arrival(c, f, n);
	c->inner[++c->level] = f;
	if (c->level > c->deepest)
		c->deepest = c->level;
	if (n < 0)
		return;
	c->handled[n]++;
	if (!kind_is_private(numbers[n].kind))
		owner_take((unsigned)n);
}

/*
 * A critical event may have come between a normal one's arrival and its check:
 * then it must not change what the check looks at. All that it knows is that
 * interrupts were masked.
 */
static bool may_do_something(const struct client *c,
			     const struct event_frame *f, int n)
{
	if (load(calm) || n < 0)
		return false;
	return !numbers[n].critical || c->level == 2 || !(f->x[3] & P_I);
}

static void do_something(struct client *c)
{
	for (unsigned i = below(c, 4); i; i--)
		random_call(c);
	if (one_in(c, 4))
		random_device(c);
	if (one_in(c, 4096))
		power_off(c);
}

/*
 * COMPLETE_AND_RESUME destroys ELR and SPSR: only where an interrupt could have
 * done so as well.
 */
static void choose_end(struct client *c, struct event_frame *f)
{
	f->fid = COMPLETE;
	f->argument = SDEI_HANDLED;
	if (load(calm))
		return;
	if (one_in(c, 4))
		f->argument = next_random(&c->random);
	if (!(f->x[3] & P_I) && one_in(c, 3)) {
		f->fid = COMPLETE_AND_RESUME;
		f->argument = (uint64_t)resumed;
		c->resumes++;
	}
}

void handle_event(struct event_frame *f)
{
	struct client *c = self();
	int n = number_find((uint32_t)f->x[0]);

	enter(c, f, n);
	/* Level-triggered sources must be quiet before the end (5.1.6). */
	quiet_timers();
	if (n >= 0 && numbers[n].kind == SHARED_SLOT) {
		rtc_source.quiet();
		uart_source.quiet();
	}
	if (may_do_something(c, f, n))
		do_something(c);
	choose_end(c, f);
	if (n >= 0 && !kind_is_private(numbers[n].kind))
		owner_drop((unsigned)n);
	c->level--;
}
