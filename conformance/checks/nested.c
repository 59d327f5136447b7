/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A critical handler over a normal one (4.3.2), register by register: what it
 * finds is the normal handler's, what COMPLETE gives back too, and below both
 * the first context is intact. And the ways out other than COMPLETE.
 */
#include "check.h"
#include "event.h"
#include "help.h"
#include "probe.h"
#include "suites.h"

#define FR_RXFE   (1u << 4) /* PL011: nothing was typed */
#define HELD_NZCV (UINT64_C(0x9) << 28)
#define P_SEEN    (P_NZCV | P_DAIF | P_EL(3) | P_SP_ELX)
#define OTHER     1

extern char hold_wait[], abandoned[];
void hold(const struct state *in, struct state *out);

static uint32_t critical;
static struct probe outer;
static struct state held, inner, after;
static uint64_t context_inside[SDEI_CONTEXT_REGISTERS];
static uint64_t context_after[SDEI_CONTEXT_REGISTERS];
static unsigned arrived;
static bool in_hold, goes_off;
static uint64_t interrupted;

static void read_context(uint64_t *to)
{
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		to[i] = (uint64_t)CALL(CONTEXT, i);
}

static void on_critical(struct pe *pe, struct record *r)
{
	uint64_t pc = r->at.x[2];

	(void)pe;
	expect(r->at.x[0], critical, "x0, the event's number");
	in_hold = pc == (uint64_t)hold_wait || pc == (uint64_t)hold_wait + 4;
	interrupted = pc;
	inner = r->at;
	read_context(context_inside);
	store(arrived, arrived + 1);
}

static void fill_held(void)
{
	for (unsigned i = 0; i < 31; i++)
		held.x[i] = UINT64_C(0x401d000000000000) | 0x1000 * (i + 1) | i;
	held.x[0] = '\n';
	held.x[1] = UART_BASE;
	held.pstate = HELD_NZCV;
}

/* In the normal handler: the critical one comes while they are held. */
static void hold_registers(struct pe *pe, struct record *r)
{
	unsigned prepared = help_prepare(critical, 0);

	(void)r;
	pe->handler = on_critical;
	fill_held();
	hold(&held, &after);
	if (!help_answered(prepared))
		fail("nobody raised the critical event");
	wait_until(load(arrived), SOON);
	read_context(context_after);
}

static void same_special(const struct state *a, const char *when)
{
	const struct state *h = &outer.handler;

	expect(a->elr, h->elr, "ELR_ELc %s", when);
	expect(a->spsr, h->spsr, "SPSR_ELc %s", when);
	expect(a->esr, h->esr, "ESR_ELc %s", when);
	expect(a->far, h->far, "FAR_ELc %s", when);
	expect(a->sp_el0, h->sp_el0, "SP_EL0 %s", when);
	expect(a->sp_el1, h->sp_el1, "SP_EL1 %s", when);
	expect(a->fpcr, h->fpcr, "FPCR %s", when);
	expect(a->fpsr, h->fpsr, "FPSR %s", when);
	for (unsigned i = 0; i < 64; i++)
		expect(a->v[i], h->v[i], "v%u, half %u, %s", i / 2, i % 2,
		       when);
}

static void run_nested(uint64_t type)
{
	critical = need_critical((unsigned)type);
	arrived = 0;
	in_hold = false;
	interrupted = 0;
	ASK(OK, REGISTER, critical, ENTRY, ARGUMENT(0), SDEI_REGISTER_RM_PE,
	    pes[0].mpidr);
	ASK(OK, ENABLE, critical);
	outer = (struct probe){ .place = AT_CLIENT,
				.way_out = BY_BRANCH,
				.pstate = P_EL(client_el) | P_SP_ELX,
				.entry = event_entry,
				.in_handler = hold_registers };
	probe_run(&outer);
	expect(outer.handled, true, "the normal event arrived");
	expect(outer.returned, true, "the interrupted code went on");
	if (!in_hold || !outer.handled || !outer.returned) {
		fail("the critical event came at 0x%lx, not in the normal handler at 0x%lx",
		     interrupted, (uint64_t)hold_wait);
		leave();
	}
}

/* The last nesting; the check that ran it tells if there was none. */
static void need_nested(void)
{
	need_critical(SDEI_TYPE_PRIVATE);
	if (!in_hold || !outer.returned) {
		fail("no critical handler ran over a normal one");
		leave();
	}
}

static void inner_entry(uint64_t unused)
{
	(void)unused;
	need_nested();
	expect(inner.x[1], ARGUMENT(0), "x1, the argument");
	expect(inner.x[3] & P_SEEN,
	       HELD_NZCV | P_DAIF | P_EL(client_el) | P_SP_ELX,
	       "x3, PSTATE of the normal handler");
	expect(inner.pstate & (P_DAIF | P_EL(3) | P_SP_ELX),
	       P_DAIF | P_EL(client_el) | P_SP_ELX,
	       "CurrentEL, SPSel and DAIF");
	for (unsigned i = 4; i < 31; i++)
		expect(inner.x[i], held.x[i], "x%u at entry", i);
	expect(inner.sp, after.sp, "SP at entry");
	same_special(&inner, "at entry");
}

static void contexts(uint64_t unused)
{
	(void)unused;
	need_nested();
	/* x0 is what was written to the console, or its flags that were read. */
	if (context_inside[0] != held.x[0])
		expect(context_inside[0], after.x[0] | FR_RXFE,
		       "CONTEXT(0) in the critical handler");
	for (unsigned i = 1; i < SDEI_CONTEXT_REGISTERS; i++)
		expect(context_inside[i], held.x[i],
		       "CONTEXT(%u) in the critical handler", i);
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		expect(context_after[i], outer.start.x[i],
		       "CONTEXT(%u) in the normal handler, afterwards", i);
}

static void inner_exit(uint64_t unused)
{
	(void)unused;
	need_nested();
	for (unsigned i = 1; i < 31; i++)
		expect(after.x[i], held.x[i], "x%u after COMPLETE", i);
	expect(after.pstate & P_SEEN,
	       HELD_NZCV | P_DAIF | P_EL(client_el) | P_SP_ELX,
	       "PSTATE after COMPLETE");
	same_special(&after, "after COMPLETE");
}

static void outer_exit(uint64_t unused)
{
	const struct state *e = &outer.end, *s = &outer.start;

	(void)unused;
	need_nested();
	for (unsigned i = 0; i < 31; i++)
		expect(e->x[i], s->x[i], "x%u after both", i);
	expect(e->sp, s->sp, "SP after both");
	same_special(e, "after both");
}

/* COMPLETE_AND_RESUME of the critical one leaves the normal one running. */
static unsigned request;

static void resume_both(struct pe *pe, struct record *r)
{
	(void)pe;
	if (r->at.x[0] == critical) {
		r->fid = COMPLETE_AND_RESUME;
		r->argument = (uint64_t)abandoned;
		return;
	}
	request = help_prepare(critical, 0);
	print("\n");
	expect(help_answered(request), true, "it was raised");
	delay(A_WHILE);
	fail("the normal handler went on after COMPLETE_AND_RESUME");
}

static void resume(uint64_t type)
{
	struct pe *pe = this_pe();

	critical = need_critical((unsigned)type);
	listen(0, resume_both);
	ASK(OK, REGISTER, critical, ENTRY, 0, SDEI_REGISTER_RM_PE, pe->mpidr);
	ASK(OK, ENABLE, critical);
	if (!context_save(&pe->back)) {
		signal(0);
		fail("the signal did not arrive");
	}
	ASK_VALUE(3, STATUS, critical);
	ASK_VALUE(7, STATUS, 0);
	if (!context_save(&pe->back))
		ASK(OK, COMPLETE_AND_RESUME, (uint64_t)abandoned);
	ASK_VALUE(3, STATUS, critical);
	ASK_VALUE(3, STATUS, 0);
	ASK(DENIED, COMPLETE, 0);
	expect(help_answered(request), true, "it was raised");
	pe->level = 0;
	pe->record = (struct record *)(pe->levels + LEVELS) - 1;
	irq_unmask();
}

/* On another PE: a normal handler that waits there for the critical one. */
static void wait_inside(struct pe *pe, struct record *r)
{
	if (r->at.x[0] == critical) {
		expect(pe->level, 2, "handlers on PE %u", pe->index);
		store(arrived, arrived + 1);
		if (goes_off) {
			store(pe->online, false);
			r->fid = PSCI_CPU_OFF;
		}
		return;
	}
	store(in_hold, true);
	wait_until(load(arrived), SECONDS(6));
}

static uint64_t enable_job(struct pe *pe, uint64_t event)
{
	ASK(OK, REGISTER, event, ENTRY, 0, SDEI_REGISTER_RM_PE, pe->mpidr);
	ASK(OK, ENABLE, event);
	return 0;
}

static void nest_elsewhere(uint64_t type, bool off)
{
	if (pe_count < 2)
		skip("one PE");
	critical = need_critical((unsigned)type);
	arrived = 0;
	in_hold = false;
	goes_off = off;
	pe_run(OTHER, enable_job, critical);
	listen(OTHER, wait_inside);
	signal(OTHER);
	expect(wait_until(load(in_hold), SOON), true, "a normal handler runs");
	raise(critical, OTHER);
	expect(wait_until(load(arrived), SOON), true, "a critical handler ran");
}

static void elsewhere(uint64_t type)
{
	nest_elsewhere(type, false);
	ran(OTHER, 2);
	expect((uint64_t)CALL_ON(OTHER, STATUS, 0), 3, "STATUS of event 0");
	expect((uint64_t)CALL_ON(OTHER, STATUS, critical), 3,
	       "STATUS of the critical event");
	ran_not(0, 0);
}

/* 6.5.4: CPU_OFF completes the handler, and so all that run there. */
static void off_in_both(uint64_t type)
{
	nest_elsewhere(type, true);
	expect(pe_wait_off(OTHER), true, "PE %u is off", OTHER);
	if (!expect(pe_power_on(OTHER), true, "PE %u came on", OTHER))
		leave();
	expect((uint64_t)CALL_ON(OTHER, COMPLETE, 0), (uint64_t)SDEI_DENIED,
	       "COMPLETE after CPU_ON");
	expect((uint64_t)CALL_ON(OTHER, STATUS, 0), 0, "STATUS after CPU_ON");
	CALL(UNREGISTER, critical);
	pes[OTHER].runs = 0;
	nest_elsewhere(type, false);
	ran(OTHER, 2);
}

static const struct check checks[] = {
	{ "5.2.1", "what critical finds is the normal handler's", inner_entry,
	  0 },
	{ "5.1.5", "CONTEXT is of the handler that runs, then of the other",
	  contexts, 0 },
	{ "5.1.6", "COMPLETE gives the normal handler back", inner_exit, 0 },
	{ "5.1.6", "and then the first context", outer_exit, 0 },
};

void suite_nested(void)
{
	static const char *const names[] = { "private", "shared" };

	for (unsigned type = 0; type < 2; type++) {
		check("4.3.2", run_nested, type,
		      "critical, %s, over normal: both come and go",
		      names[type]);
		for (unsigned i = 0; i < COUNT(checks); i++)
			check(checks[i].section, checks[i].run, 0,
			      "critical, %s, over normal: %s", names[type],
			      checks[i].name);
		check("5.1.7", resume, type,
		      "COMPLETE_AND_RESUME of critical, %s, then of normal",
		      names[type]);
		check("4.3.2", elsewhere, type,
		      "critical, %s, over normal on another PE", names[type]);
		check("6.5.4", off_in_both, type,
		      "CPU_OFF in critical, %s, over normal completes both",
		      names[type]);
	}
}
