/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bound interrupts that fire: delivery of private and shared events by level
 * and edge sources, the states of a running shared handler, routing.
 */
#include "check.h"
#include "event.h"
#include "source.h"
#include "suites.h"

static const struct source *source;
static uint32_t event;
static unsigned fires_left;
static bool hold, inside;

/* The source is quiet before COMPLETE, unless it is to fire again. */
static void quieten(struct pe *pe, struct record *r)
{
	expect(r->at.x[0], event, "x0, the event's number");
	expect(r->at.x[1], ARGUMENT(pe->index), "x1, the argument");
	ASK_VALUE(7, STATUS, event);
	if (!fires_left || !--fires_left)
		source->quiet();
}

static void start(const struct source *s, on_event *handler)
{
	source = s;
	event = bind(s);
	fires_left = 1;
	hold = inside = false;
	this_pe()->handler = handler;
}

/* The argument names the PE that the handler is expected on. */
static void enable_on(unsigned pe, uint64_t flags)
{
	ASK(OK, REGISTER, event, ENTRY, ARGUMENT(pe), flags, pes[pe].mpidr);
	ASK(OK, ENABLE, event);
}

static void fires(uint64_t s)
{
	start((const struct source *)s, quieten);
	enable_on(0, 0);
	ASK(OK, PE_UNMASK);
	source->fire();
	ran(0, 1);
	ASK_VALUE(3, STATUS, event);
	source->fire();
	ran(0, 2);
}

/* Its priority is above all that the client can give or mask. */
static void fires_over_all(uint64_t s)
{
	start((const struct source *)s, quieten);
	enable_on(0, 0);
	ASK(OK, PE_UNMASK);
	irq_mask_priorities(true);
	source->fire();
	ran(0, 1);
	irq_mask_priorities(false);
}

/* A level that stays up fires again after each COMPLETE. */
static void level_stays(uint64_t s)
{
	start((const struct source *)s, quieten);
	fires_left = 3;
	enable_on(0, 0);
	ASK(OK, PE_UNMASK);
	source->fire();
	ran(0, 3);
}

static void nothing(struct pe *pe, struct record *r)
{
	(void)pe, (void)r;
}

static void edge_stays(uint64_t unused)
{
	(void)unused;
	start(&rtc_edge_source, nothing);
	enable_on(0, 0);
	ASK(OK, PE_UNMASK);
	source->fire();
	ran(0, 1);
	source->quiet();
	ran(0, 1);
}

/* It fires while masked or disabled: holds nobody up, and comes once. */
static void fires_late(uint64_t s, uint64_t before, uint64_t after)
{
	start((const struct source *)s, quieten);
	enable_on(0, 0);
	ASK(OK, PE_UNMASK);
	CALL(before, event);
	source->fire();
	ran_not(0, 0);
	ASK(OK, after, event);
	ran(0, 1);
}

static void fires_masked(uint64_t s)
{
	fires_late(s, PE_MASK, PE_UNMASK);
}

static void fires_disabled(uint64_t s)
{
	fires_late(s, DISABLE, ENABLE);
}

/* Two normal events: the second waits for the first to complete. */
static unsigned deepest;

static void fire_and_look(struct pe *pe, struct record *r)
{
	if (pe->level > deepest)
		deepest = pe->level;
	if (r->at.x[0] == 0) {
		source->fire();
		delay(A_WHILE);
		ASK_VALUE(3, STATUS, event);
	} else {
		source->quiet();
	}
}

static void no_nesting(uint64_t s)
{
	start((const struct source *)s, fire_and_look);
	deepest = 0;
	enable_on(0, 0);
	listen(0, fire_and_look);
	signal(0);
	ran(0, 2);
	expect(deepest, 1, "normal handlers at once");
}

/* Bound once, registered on each PE, fired on one. */
static uint64_t fire_job(struct pe *pe, uint64_t unused)
{
	(void)unused;
	pe->handler = quieten;
	enable_on(pe->index, 0);
	ASK(OK, PE_UNMASK);
	source->fire();
	return 0;
}

static void fires_elsewhere(uint64_t unused)
{
	(void)unused;
	if (pe_count < 2)
		skip("one PE");
	start(&timer_source, quieten);
	enable_on(0, 0);
	ASK(OK, PE_UNMASK);
	pe_run(1, fire_job, 0);
	ran(1, 1);
	ran_not(0, 0);
}

/* What any PE may find on itself: for a shared event with `routing`. */
static uint64_t ready_job(struct pe *pe, uint64_t unmask)
{
	pe->handler = quieten;
	if (unmask)
		CALL(PE_UNMASK);
	return 0;
}

static void route(uint64_t flags, unsigned target)
{
	if (pe_count < 2)
		skip("one PE");
	start(&rtc_source, quieten);
	pe_run(1, ready_job, 0);
	enable_on(target, flags);
}

static void routed_to_other(uint64_t unused)
{
	(void)unused;
	route(SDEI_REGISTER_RM_PE, 1);
	CALL(PE_UNMASK);
	pe_run(1, ready_job, 1);
	source->fire();
	ran(1, 1);
	ran_not(0, 0);
}

static void routed_to_masked(uint64_t unused)
{
	(void)unused;
	route(SDEI_REGISTER_RM_PE, 1);
	CALL(PE_UNMASK);
	source->fire();
	ran_not(1, 0);
	ran_not(0, 0);
	pe_run(1, ready_job, 1);
	ran(1, 1);
	ran_not(0, 0);
}

static void routed_again(uint64_t unused)
{
	(void)unused;
	route(SDEI_REGISTER_RM_PE, 1);
	ASK(OK, DISABLE, event);
	ASK(OK, UNREGISTER, event);
	ASK(OK, REGISTER, event, ENTRY, ARGUMENT(0), SDEI_REGISTER_RM_PE,
	    pes[1].mpidr);
	ASK(OK, ROUTING_SET, event, SDEI_RM_PE, pes[0].mpidr);
	ASK(OK, ENABLE, event);
	CALL(PE_UNMASK);
	pe_run(1, ready_job, 1);
	source->fire();
	ran(0, 1);
	ran_not(1, 0);
}

/* RM_ANY finds the one PE that is not masked, whichever it is. */
static void any_finds(uint64_t target)
{
	route(0, (unsigned)target);
	if (target)
		pe_run(1, ready_job, 1);
	else
		CALL(PE_UNMASK);
	source->fire();
	ran((unsigned)target, 1);
	ran_not(!target, 0);
}

/* All masked: it goes to the first that unmasks. */
static void any_waits(uint64_t target)
{
	route(0, (unsigned)target);
	source->fire();
	ran_not(0, 0);
	ran_not(1, 0);
	if (target)
		pe_run(1, ready_job, 1);
	else
		CALL(PE_UNMASK);
	ran((unsigned)target, 1);
	ran_not(!target, 0);
}

/* It fired while disabled: ENABLE on a PE that masks sends it to one that can. */
static void enabled_elsewhere(uint64_t flags)
{
	route(flags, 1);
	ASK(OK, DISABLE, event);
	pe_run(1, ready_job, 1);
	source->fire();
	ran_not(1, 0);
	ASK(OK, ENABLE, event);
	ran(1, 1);
	ran_not(0, 0);
}

/* The shared handler holds PE 0; PE 1 looks at it. */
static void look_from_other(struct pe *pe, struct record *r)
{
	(void)pe, (void)r;
	store(inside, true);
	source->quiet();
	wait_until(!load(hold), SOON);
}

static uint64_t watch_job(struct pe *pe, uint64_t unused)
{
	uint64_t mpidr = pe->mpidr;

	(void)unused;
	CALL(PE_UNMASK);
	wait_until(load(inside), SOON);
	ASK_VALUE(7, STATUS, event);
	ASK(DENIED, COMPLETE, 0);
	ASK(DENIED, CONTEXT, 0);
	ASK(DENIED, REGISTER, event, ENTRY, 0, 0, 0);
	ASK(DENIED, ROUTING_SET, event, SDEI_RM_PE, mpidr);
	ASK(OK, PRIVATE_RESET);
	ASK_VALUE(7, STATUS, event);
	ASK(OK, DISABLE, event);
	ASK_VALUE(5, STATUS, event);
	ASK(OK, ENABLE, event);
	ASK(DENIED, RELEASE, event);
	ASK(PENDING, UNREGISTER, event);
	ASK_VALUE(4, STATUS, event);
	ASK(DENIED, SHARED_RESET);
	ASK(DENIED, RELEASE, event);
	store(hold, false);
	return 0;
}

static void seen_from_other(uint64_t unused)
{
	uint64_t answer;

	(void)unused;
	if (pe_count < 2)
		skip("one PE");
	start(&rtc_source, look_from_other);
	hold = true;
	enable_on(0, 0);
	pe_begin(1, watch_job, 0);
	CALL(PE_UNMASK);
	source->fire();
	ran(0, 1);
	pe_wait(1, &answer);
	ASK_VALUE(0, STATUS, event);
	ASK(OK, RELEASE, event);
}

/* Table 13 for a running shared event: `state` and what to ask there. */
/* clang-format off */
static const struct running_row {
	const char *name;
	uint64_t fid, x2;
	unsigned allowed[3];	/* in R*, E*, P */
	uint8_t next[3];
} rows[] = {
	{ "REGISTER", REGISTER, ENTRY, { DENIED, DENIED, DENIED },
	  { 5, 7, 4 } },
	{ "ENABLE", ENABLE, 0, { OK, OK, DENIED }, { 7, 7, 4 } },
	{ "DISABLE", DISABLE, 0, { OK, OK, DENIED }, { 5, 5, 4 } },
	{ "UNREGISTER", UNREGISTER, 0, { PENDING, PENDING, PENDING },
	  { 4, 4, 4 } },
	{ "ROUTING_SET", ROUTING_SET, 0, { DENIED, DENIED, DENIED },
	  { 5, 7, 4 } },
	{ "GET_INFO of the routing mode", GET_INFO, SDEI_INFO_ROUTING_MODE,
	  { OK, OK, DENIED }, { 5, 7, 4 } },
	{ "RELEASE", RELEASE, 0, { DENIED, DENIED, DENIED }, { 5, 7, 4 } },
	{ "SHARED_RESET", SHARED_RESET, 0, { DENIED, DENIED, DENIED },
	  { 4, 4, 4 } },
	{ "PRIVATE_RESET", PRIVATE_RESET, 0, { OK, OK, OK }, { 5, 7, 4 } },
};
/* clang-format on */

static const char *const state_names[] = { "running", "running and enabled",
					   "unregister-pending" };
static uint64_t the_row;

static void try_row(struct pe *pe, struct record *r)
{
	static const uint8_t states[] = { 5, 7, 4 };
	const struct running_row *row = &rows[the_row / 3];
	unsigned state = the_row % 3;

	(void)pe, (void)r;
	source->quiet();
	if (state == 0)
		ASK(OK, DISABLE, event);
	if (state == 2)
		ASK(PENDING, UNREGISTER, event);
	ASK_VALUE(states[state], STATUS, event);
	ASK(row->allowed[state], row->fid, event, row->x2, 0, 0, 0);
	ASK_VALUE(row->next[state], STATUS, event);
	ASK_VALUE(event, BIND, source->intid);
}

static void shared_state(uint64_t row)
{
	static const uint8_t after[] = { [5] = 1, [7] = 3, [4] = 0 };

	start(&rtc_source, try_row);
	the_row = row;
	enable_on(0, 0);
	ASK(OK, PE_UNMASK);
	source->fire();
	ran(0, 1);
	ASK_VALUE(after[rows[row / 3].next[row % 3]], STATUS, event);
}

static const struct check checks[] = {
	{ "5.1.14", "a PPI fires", fires, (uint64_t)&timer_source },
	{ "5.1.14", "a level SPI fires", fires, (uint64_t)&rtc_source },
	{ "5.1.14", "an edge SPI fires", fires, (uint64_t)&rtc_edge_source },
	{ "5.1.14", "another SPI, the UART's, fires", fires,
	  (uint64_t)&uart_source },
	{ "5.1.14", "a PPI fires though ICC_PMR masks all priorities",
	  fires_over_all, (uint64_t)&timer_source },
	{ "5.1.14", "an SPI fires though ICC_PMR masks all priorities",
	  fires_over_all, (uint64_t)&rtc_source },
	{ "5.1.6", "a PPI whose level stays fires again after COMPLETE",
	  level_stays, (uint64_t)&timer_source },
	{ "5.1.6", "an SPI whose level stays fires again after COMPLETE",
	  level_stays, (uint64_t)&rtc_source },
	{ "5.1.6", "an edge SPI does not fire again", edge_stays, 0 },
	{ "5.1.13", "a PPI that fires while masked comes at UNMASK",
	  fires_masked, (uint64_t)&timer_source },
	{ "5.1.13", "a level SPI that fires while masked comes at UNMASK",
	  fires_masked, (uint64_t)&rtc_source },
	{ "5.1.13", "an edge SPI that fires while masked comes at UNMASK",
	  fires_masked, (uint64_t)&rtc_edge_source },
	{ "5.1.3", "a PPI that fires while disabled comes at ENABLE",
	  fires_disabled, (uint64_t)&timer_source },
	{ "5.1.3", "a level SPI that fires while disabled comes at ENABLE",
	  fires_disabled, (uint64_t)&rtc_source },
	{ "5.1.3", "an edge SPI that fires while disabled comes at ENABLE",
	  fires_disabled, (uint64_t)&rtc_edge_source },
	{ "4.3.2", "a PPI within event 0's handler waits for COMPLETE",
	  no_nesting, (uint64_t)&timer_source },
	{ "4.3.2", "an SPI within event 0's handler waits for COMPLETE",
	  no_nesting, (uint64_t)&rtc_source },
	{ "5.1.14", "a PPI bound on one PE fires on another", fires_elsewhere,
	  0 },
	{ "5.1.2", "RM_PE: to its PE, nobody else", routed_to_other, 0 },
	{ "5.1.12", "RM_PE to a masked PE: waits for that PE", routed_to_masked,
	  0 },
	{ "5.1.11", "ROUTING_SET moves it to another PE", routed_again, 0 },
	{ "5.1.12", "RM_ANY: to PE 1, the one that is not masked", any_finds,
	  1 },
	{ "5.1.12", "RM_ANY: to PE 0, the one that is not masked", any_finds,
	  0 },
	{ "5.1.12", "RM_ANY, all masked: to PE 1, the first to unmask",
	  any_waits, 1 },
	{ "5.1.12", "RM_ANY, all masked: to PE 0, the first to unmask",
	  any_waits, 0 },
	{ "5.1.3", "RM_ANY, fired while disabled: ENABLE elsewhere sends it",
	  enabled_elsewhere, 0 },
	{ "5.1.3", "RM_PE, fired while disabled: ENABLE elsewhere sends it",
	  enabled_elsewhere, SDEI_REGISTER_RM_PE },
	{ "6.2.1", "a shared handler runs: every call from another PE",
	  seen_from_other, 0 },
};

void suite_bound(void)
{
	CHECKS(checks);
	for (unsigned i = 0; i < COUNT(rows) * 3; i++)
		check("6.2.1", shared_state, i, "shared event: %s while %s",
		      rows[i / 3].name, state_names[i % 3]);
}
