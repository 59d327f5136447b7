/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher's handshakes. PE 1 is the one that something happens to, PE 0 the
 * one that makes it happen, PE 2 a third.
 */
#include "machine.h"

/* What PEs do. */

static void t0_raise_private(void)
{
	sdei_raise(d, 0, number(PRIVATE), 1);
}

static void t0_raise_any(void)
{
	sdei_raise(d, 0, number(ANY), 0);
}

static void t0_raise_routed(void)
{
	sdei_raise(d, 0, number(ROUTED_TO_1), 0);
}

static void t0_mask(void)
{
	CALL0(0, PE_MASK);
}

static void t0_deliver(void)
{
	deliver(0);
}

static void t1_deliver(void)
{
	deliver(1);
}

static void t2_deliver(void)
{
	deliver(2);
}

static void t1_unmask(void)
{
	CALL0(1, PE_UNMASK);
}

static void t1_mask(void)
{
	CALL0(1, PE_MASK);
}

static void t1_off(void)
{
	sdei_pe_off(d, 1);
}

static void t1_complete(void)
{
	CALL1(1, EVENT_COMPLETE, SDEI_HANDLED);
}

/* Raise against unmask: each sees the other, or a PE that can take it does not. */

static void b_masked(void)
{
	start();
	enable(1, PRIVATE);
	enable(1, ANY);
	enable(1, ROUTED_TO_1);
	CALL0(1, PE_MASK);
}

static void b_running(void)
{
	start();
	enable(1, PRIVATE);
	enable(1, ANY);
	sdei_raise(d, 1, number(PRIVATE), 1);
	deliver(1);
}

/* Inbox against look: `look` does not stay 0 with something there. */

static void b_look(void)
{
	b_masked();
	store(&sdei_pe(d, 1)->look, 1);
	last(&sdei_pe(d, 1)->look, 0);
}

/* Who takes a note sees it, and what was written before. */

static void t0_send(void)
{
	store(&data, 1);
	sdei_raise(d, 0, number(PRIVATE), 1);
}

static void b_note(void)
{
	b_masked();
	but(1, sdei_pe(d, 1)->set[INBOX].word, 0);
}

static void b_data(void)
{
	start();
	enable(1, PRIVATE);
	but(1, &data, 0);
	/* Not by the summary: that may be of another who left a note. */
	count_only(&data, sdei_pe(d, 1)->set[INBOX].word);
}

/* A PE that was found not to be able, and is: either it or the other sees that. */

static void becomes_able(unsigned pe)
{
	struct sdei_pe *p = sdei_pe(d, pe);

	p->masked = false;
	p->closed = NO_PRIORITY;
	store(&p->floor, NO_PRIORITY);
}

/* PE 2 has taken what made PE 0 ask PE 1. */
static void asked_in_vain(void)
{
	b_masked();
	t0_raise_any();
	deliver(1);
}

static void b_shown(void)
{
	asked_in_vain();
	becomes_able(2);
	deliver(2);
	CALL1(2, EVENT_COMPLETE, SDEI_HANDLED);
	CALL0(2, PE_MASK);
	becomes_able(1);
	but(1, &d->any[0].summary, 0);
	count_only(&d->any[0].summary, d->able[0].word);
}

/* What PE 0 passes on goes to PE 2 meanwhile, and PE 1 unmasks. */
static void b_asked(void)
{
	b_masked();
	at(0, number(ANY))->pending = 1;
	set_add(&d->any[0], at(0, number(ANY))->index);
	becomes_able(0);
	becomes_able(2);
	but(1, &sdei_pe(d, 1)->look, 0);
}

/* Held, and then not. */

static void t1_hold(void)
{
	sdei_hold(d, 1, true);
}

static void t1_let_go(void)
{
	sdei_hold(d, 1, false);
	deliver(1);
}

static void b_held(void)
{
	start();
	enable(1, PRIVATE);
	t1_hold();
}

/* Pass on: who was kicked and cannot take it any more sees that it is there. */

static void b_able(void)
{
	start();
	enable(1, ANY);
}

/* Two PEs do not take the same event, nor is one lost between them. */

static void b_two_want(void)
{
	start();
	enable(1, ANY);
	becomes_able(2);
	t0_raise_any();
	CALL0(2, PE_MASK);
	becomes_able(0);
	count_only(&of_shared(at(0, number(ANY)))->lock, d->any[0].word);
}

static void b_nobody(void)
{
	start();
	count_only(&of_shared(at(0, number(ANY)))->lock,
		   &at(0, number(ANY))->state);
}

static void t0_register(void)
{
	register_event(0, number(ANY));
}

static void t1_register(void)
{
	register_event(1, number(ANY));
}

static void t1_enable(void)
{
	CALL1(1, EVENT_ENABLE, number(ANY));
}

static void b_registered(void)
{
	start();
	register_event(1, number(ANY));
	count_only(&of_shared(at(0, number(ANY)))->lock,
		   &at(0, number(ANY))->pending);
	only[2] = &at(0, number(ANY))->state;
}

/* Whoever enters a handler reads what was registered, without the lock. */

static void t0_enable_spi(void)
{
	enable(0, SPI_EVENT);
}

static void t1_take_spi(void)
{
	struct sdei_context frame = { .pstate = 0x3c9 };

	sdei_take_interrupt(d, 1, SPI, &frame);
}

static void b_entry(void)
{
	start();
	but(1, &at(0, number(SPI_EVENT))->entry_point, 0);
	count_only(&of_shared(at(0, number(SPI_EVENT)))->lock,
		   &at(0, number(SPI_EVENT))->entry_point);
	only[2] = &at(0, number(SPI_EVENT))->state;
}

/* Pending no more: then it is known who runs it. */

static void t0_query(void)
{
	struct sdei_report report;

	sdei_query(d, 0, ANY, &report);
}

static void t0_query_private(void)
{
	struct sdei_report report;

	sdei_query(d, 1, PRIVATE, &report);
}

static void b_running_on(void)
{
	b_two_want();
	but(0, &of_shared(at(0, number(ANY)))->running_on, 0xffff);
	count_only(&of_shared(at(0, number(ANY)))->running_on,
		   &at(0, number(ANY))->pending);
}

static void t1_dispatch_now(void)
{
	struct sdei_context frame = { .pstate = 0x3c9 };

	sdei_dispatch_now(d, 1, number(ANY), &frame);
}

static void b_kicked(void)
{
	start();
	enable(1, ANY);
	but(0, &of_shared(at(0, number(ANY)))->running_on, 0xffff);
	count_only(&of_shared(at(0, number(ANY)))->running_on,
		   &at(0, number(ANY))->pending);
}

static void t1_mask_deliver(void)
{
	t1_mask();
	t1_deliver();
}

static void b_kicked_private(void)
{
	start();
	enable(1, PRIVATE);
	but(0, &at(1, number(PRIVATE))->pending, 0);
}

static void b_noted(void)
{
	b_masked();
	t0_raise_private();
	but(0, &at(1, number(PRIVATE))->pending, 0);
}

/* Bind and release against trigger. */

static void b_bound(void)
{
	start();
	CALL1(1, INTERRUPT_BIND, BOUND_PPI);
	last(&at(1, SLOT_PPI)->pending, 1);
}

static void t0_release(void)
{
	CALL1(0, INTERRUPT_RELEASE, SLOT_PPI);
}

static void t1_trigger(void)
{
	sdei_interrupt(d, 1, BOUND_PPI);
}

/* A release sees that a handler is done, and what was done for it. */
static void ends(void)
{
	start();
	CALL1(1, INTERRUPT_BIND, BOUND_PPI);
	register_event(1, SLOT_PPI);
	CALL1(1, EVENT_ENABLE, SLOT_PPI);
	sdei_interrupt(d, 1, BOUND_PPI);
	deliver(1);
	CALL1(1, EVENT_UNREGISTER, SLOT_PPI);
}

static void b_ends(void)
{
	ends();
	but(0, &device, 0);
}

/* Whose interrupt it was is not changed before that. */
static void b_ends_its_interrupt(void)
{
	ends();
	but(1, &d->slots[0].info.interrupt, 0);
	count_only(&d->slots[0].info.interrupt, &at(1, SLOT_PPI)->state);
}

/* One registers what the other releases. */
static void b_slot(void)
{
	start();
	CALL1(1, INTERRUPT_BIND, BOUND_PPI);
}

static void t1_register_slot(void)
{
	register_event(1, SLOT_PPI);
}

const struct litmus tests[] = {
	{ "raise-unmask", b_masked, { t0_raise_private, t1_unmask }, { 0 } },
	{ "raise-complete",
	  b_running,
	  { t0_raise_private, t1_complete },
	  { 0 } },
	{ "routed-unmask", b_masked, { t0_raise_routed, t1_unmask }, { 0 } },
	{ "any-unmask", b_masked, { t0_raise_any, t1_unmask }, { 0 } },
	{ "any-complete", b_running, { t0_raise_any, t1_complete }, { 0 } },
	{ "inbox-look", b_look, { t0_raise_private, t1_deliver }, { 0 } },
	{ "routed-look", b_look, { t0_raise_routed, t1_deliver }, { 0 } },
	{ "hidden-look", b_look, { t0_raise_any, t1_deliver }, { 0 } },
	{ "inbox-note",
	  b_note,
	  { t0_raise_private, t1_deliver },
	  { 0, AFTER(0) } },
	{ "inbox-data", b_data, { t0_send, t1_deliver }, { 0, AFTER(0) } },
	{ "able-shown", b_shown, { t0_raise_any, t1_deliver }, { 0 } },
	{ "able-asked",
	  b_asked,
	  { t0_mask, t1_unmask, t2_deliver },
	  { 0, AFTER(2) } },
	{ "pass-on-mask", b_able, { t0_raise_any, t1_mask }, { 0 } },
	{ "pass-on-off", b_able, { t0_raise_any, t1_off }, { 0 } },
	{ "pass-on-hold", b_able, { t0_raise_any, t1_hold }, { 0 } },
	{ "raise-let-go", b_held, { t0_raise_private, t1_let_go }, { 0 } },
	{ "both-take", b_two_want, { t0_deliver, t1_deliver }, { 0 } },
	{ "both-register", b_nobody, { t0_register, t1_register }, { 0 } },
	{ "raise-enable", b_registered, { t0_raise_any, t1_enable }, { 0 } },
	{ "entry", b_entry, { t0_enable_spi, t1_take_spi }, { 0, AFTER(0) } },
	{ "query-running-on",
	  b_running_on,
	  { t0_query, t1_deliver },
	  { AFTER(1), 0 } },
	{ "now-running-on",
	  b_running_on,
	  { t0_query, t1_dispatch_now },
	  { AFTER(1), 0 } },
	{ "raise-running-on",
	  b_kicked,
	  { t0_raise_any, t1_deliver },
	  { 0, TURN } },
	{ "query-note",
	  b_noted,
	  { t0_query_private, t1_deliver },
	  { AFTER(1), 0 } },
	{ "raise-note",
	  b_kicked_private,
	  { t0_raise_private, t1_mask_deliver },
	  { 0, TURN } },
	{ "release-trigger", b_bound, { t0_release, t1_trigger }, { 0 } },
	{ "release-end", b_ends, { t0_release, t1_complete }, { AFTER(1), 0 } },
	{ "release-interrupt",
	  b_ends_its_interrupt,
	  { t0_release, t1_complete },
	  { AFTER(1), 0 } },
	{ "release-register", b_slot, { t0_release, t1_register_slot }, { 0 } },
	{ 0 },
};
