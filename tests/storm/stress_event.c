/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handlers: each counts, and makes its source quiet or goes on with it.
 */
#include "stress.h"

#define TIMER_PENDING 4 /* CNTP_CTL_EL0.ISTATUS */

void arm(struct client *c)
{
	c->armed++;
	write_sysreg(cntp_cval_el0, now() + microseconds(200 + below(c, 500)));
	write_sysreg(cntp_ctl_el0, 1);
	isb();
}

static void on_signal(struct client *c, unsigned me)
{
	__atomic_fetch_add(&c->begun, 1, __ATOMIC_SEQ_CST);
	for (unsigned i = 0; i < pe_count; i++)
		c->seen[i] = load(clients[i].sent[me]);
	if (!load(stop) && below(c, 4) == 0)
		send(c, below(c, pe_count));
}

static void on_timer(struct client *c)
{
	if (!(read_sysreg(cntp_ctl_el0) & TIMER_PENDING))
		fail("the timer's handler runs, the timer did not expire");
	c->expired++;
	if (load(stop))
		write_sysreg(cntp_ctl_el0, 0);
	else
		arm(c);
	isb();
}

static void on_own(struct client *c)
{
	timer_source.quiet();
	c->own++;
}

static void on_line(struct line *l, unsigned me)
{
	unsigned owner = __atomic_exchange_n(&l->owner, me + 1,
					     __ATOMIC_ACQ_REL);

	if (owner)
		fail("event 0x%x runs here and on PE %u", l->event, owner - 1);
	if (load(l->only) >= 0 && load(l->only) != (int)me)
		fail("event 0x%x is for PE %u only", l->event,
		     (unsigned)l->only);
	if (load(l->state) != RAISED)
		fail("event 0x%x runs, its line was not raised", l->event);
	l->source->quiet();
	l->handled++;
	store(l->state, IDLE);
	store(l->owner, 0);
}

static void dispatch(struct client *c, unsigned me, uint64_t event)
{
	if (event == 0)
		on_signal(c, me);
	else if (event == timer_event)
		on_timer(c);
	else if (event == load(own_event))
		on_own(c);
	else if (event == lines[0].event)
		on_line(&lines[0], me);
	else if (event == lines[1].event)
		on_line(&lines[1], me);
	else
		fail("a handler of event 0x%lx", event);
}

void handle_event(struct event_frame *f)
{
	unsigned me = this_pe()->index;
	struct client *c = &clients[me];

	if (c->masked)
		fail("event 0x%lx arrives although masked", f->x[0]);
	if (c->level++)
		fail("event 0x%lx within a handler", f->x[0]);
	if (f->x[1] != ARGUMENT(f->x[0]))
		fail("event 0x%lx: argument 0x%lx", f->x[0], f->x[1]);
	dispatch(c, me, f->x[0]);
	f->fid = COMPLETE;
	f->argument = SDEI_HANDLED;
	c->level--;
}

void interrupted(struct pe *pe, unsigned intid)
{
	(void)pe, (void)intid;
}
