/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a handler finds (5.2.1), register by register and bit by bit, wherever
 * it interrupted; and what COMPLETE gives back (5.1.6). PSTATE at entry is that
 * of an exception taken to the client's exception level (TakeException in the
 * Arm ARM); NZCV is nobody's concern there.
 */
#include "check.h"
#include "event.h"
#include "probe.h"
#include "suites.h"

/* One interrupted context: two runs of one probe show all of it. */
struct context_case {
	const char *name;
	enum place place;
	unsigned el; /* of the client; 0: either */
	bool (*possible)(void);
	uint64_t pstate;
};

static bool always(void)
{
	return true;
}

static bool el0_32(void)
{
	return features.el0_32;
}

static bool el1_32(void)
{
	return features.el1_32;
}

#define NZCV_A (UINT64_C(0xa) << 28)
#define NZCV_5 (UINT64_C(0x5) << 28)

/* For the client's own level, M is filled in by `pstate_of`. */
static const struct context_case cases[] = {
	{ "ELc, interrupts on", AT_CLIENT, 0, always, NZCV_A | P_SP_ELX },
	{ "ELc, interrupts off", AT_CLIENT, 0, always,
	  NZCV_5 | P_SP_ELX | P_DAIF },
	{ "ELc, SP_EL0, A and I off", AT_CLIENT, 0, always, P_A | P_I },
	{ "EL1, interrupts on", AT_LOWER, 2, always, P_EL(1) | P_SP_ELX },
	{ "EL1, interrupts off, SP_EL0", AT_LOWER, 2, always,
	  P_EL(1) | P_DAIF },
	{ "EL0", AT_LOWER, 0, always, 0 },
	{ "EL0, AArch32", AT_LOWER_32, 0, el0_32, P32_USER | P32_Q | P32_GE },
	{ "EL1, AArch32", AT_LOWER_32, 2, el1_32,
	  P32_SUPERVISOR | P_A | P_I | P_F },
};

static struct probe by_branch, by_brk;
static const struct context_case *the_case;

static uint64_t pstate_of(const struct context_case *c)
{
	return c->place == AT_CLIENT ? c->pstate | P_EL(client_el) : c->pstate;
}

/* PSTATE while the probe waits: at a lower level its compare came before. */
static uint64_t waiting_pstate(const struct probe *p)
{
	uint64_t pstate = p->start.pstate;

	if (p->place >= AT_LOWER)
		pstate = (pstate & ~P_NZCV) | UINT64_C(6) << 28;
	return pstate;
}

static bool applies(const struct context_case *c)
{
	return (!c->el || c->el == client_el) && c->possible();
}

static void interrupt(uint64_t index)
{
	the_case = &cases[index];
	by_branch = (struct probe){ .place = the_case->place,
				    .pstate = pstate_of(the_case),
				    .way_out = BY_BRANCH,
				    .entry = event_entry };
	by_brk = by_branch;
	if (!applies(the_case))
		skip("not on this CPU, or not below this client");
	probe_run(&by_branch);
	expect(by_branch.handled, true, "an event arrived");
	expect(by_branch.returned, true, "the interrupted code went on");
	expect(load(pes[0].level), 0, "handlers left");
	events_reset(0);
	by_brk.way_out = BY_BRK;
	by_brk.entry = event_entry_brk;
	probe_run(&by_brk);
	expect(by_brk.handled, true, "an event arrived");
	expect(by_brk.returned, true, "the interrupted code went on");
}

static void need_both(void)
{
	if (!applies(the_case))
		skip("not on this CPU, or not below this client");
	if (!probe_possible(the_case->place))
		skip(no_event_there);
	if (!by_branch.handled || !by_branch.returned || !by_brk.handled ||
	    !by_brk.returned) {
		fail("no event came and went while the code waited there");
		leave();
	}
}

static void entry_arguments(uint64_t unused)
{
	const struct state *h = &by_branch.handler;

	(void)unused;
	need_both();
	expect(h->x[0], by_branch.event, "x0, the event's number");
	expect(h->x[1], ARGUMENT(0), "x1, the argument given to REGISTER");
	expect(h->x[2], by_branch.wait, "x2, the interrupted PC");
	expect(h->x[3], waiting_pstate(&by_branch),
	       "x3, the interrupted PSTATE");
}

static void entry_registers(uint64_t range)
{
	const struct state *h = &by_branch.handler, *s = &by_branch.start;

	need_both();
	for (unsigned i = range >> 8; i <= (range & 0xff); i++)
		expect(h->x[i], s->x[i], "x%u at entry", i);
}

static void entry_stacks(uint64_t unused)
{
	const struct state *h = &by_branch.handler, *s = &by_branch.start;

	(void)unused;
	need_both();
	/* Below the client, its own SP is that of the C code: not chosen. */
	if (by_branch.place < AT_LOWER)
		expect(h->sp, s->sp, "SP_ELc at entry");
	expect(h->sp_el0, s->sp_el0, "SP_EL0 at entry");
	if (client_el == 2)
		expect(h->sp_el1, s->sp_el1, "SP_EL1 at entry");
}

static void same_simd(const struct state *a, const char *when)
{
	const struct state *s = &by_branch.start;

	for (unsigned i = 0; i < 64; i++)
		expect(a->v[i], s->v[i], "v%u, half %u, %s", i / 2, i % 2,
		       when);
	expect(a->fpcr, s->fpcr, "FPCR %s", when);
	expect(a->fpsr, s->fpsr, "FPSR %s", when);
}

static void entry_simd(uint64_t unused)
{
	(void)unused;
	need_both();
	same_simd(&by_branch.handler, "at entry");
}

/* A probe at a lower level was entered by ERET, from these. */
static void same_exception_registers(const struct state *a, const char *when)
{
	const struct state *s = &by_branch.start;
	bool lower = by_branch.place >= AT_LOWER;

	expect(a->elr, lower ? s->pc : s->elr, "ELR_ELc %s", when);
	expect(a->spsr, lower ? s->pstate : s->spsr, "SPSR_ELc %s", when);
	expect(a->esr, s->esr, "ESR_ELc %s", when);
	expect(a->far, s->far, "FAR_ELc %s", when);
}

static void entry_exception_registers(uint64_t unused)
{
	(void)unused;
	need_both();
	same_exception_registers(&by_branch.handler, "at entry");
}

static void entry_pstate(uint64_t unused)
{
	uint64_t p = by_brk.entry_pstate;
	uint64_t sctlr = read_client(sctlr);

	(void)unused;
	need_both();
	expect(p & P_MODE, P_EL(client_el) | P_SP_ELX, "PSTATE.M at entry");
	expect(p & P_DAIF, P_DAIF, "PSTATE.DAIF at entry");
	expect(p & P_IL, 0, "PSTATE.IL at entry");
	expect(p & P_SS, 0, "PSTATE.SS at entry");
	expect(p & P_BTYPE, 0, "PSTATE.BTYPE at entry");
	expect(p & P_UAO, 0, "PSTATE.UAO at entry");
	if (features.ssbs)
		expect(p & P_SSBS, sctlr & SCTLR_DSSBS ? P_SSBS : 0,
		       "PSTATE.SSBS at entry (SCTLR_ELc.DSSBS)");
	if (features.pan)
		expect(p & P_PAN, waiting_pstate(&by_brk) & P_PAN,
		       "PSTATE.PAN at entry (SCTLR_ELc.SPAN is 1)");
	if (features.dit)
		expect(p & P_DIT, waiting_pstate(&by_brk) & P_DIT,
		       "PSTATE.DIT at entry");
	if (features.mte2)
		expect(p & P_TCO, P_TCO, "PSTATE.TCO at entry");
	expect(by_branch.handler.pstate & (P_MODE | P_DAIF),
	       P_EL(client_el) | P_SP_ELX | P_DAIF,
	       "CurrentEL, SPSel and DAIF");
}

static void contexts(uint64_t unused)
{
	(void)unused;
	need_both();
	for (unsigned i = 0; i < 18; i++)
		expect(by_branch.context[i], by_branch.start.x[i],
		       "CONTEXT(%u)", i);
}

static void exit_registers(uint64_t range)
{
	need_both();
	for (unsigned i = range >> 8; i <= (range & 0xff); i++)
		expect(by_branch.end.x[i], by_branch.start.x[i],
		       "x%u after COMPLETE", i);
}

static void exit_pc(uint64_t unused)
{
	(void)unused;
	need_both();
	expect(by_brk.end.pc, by_brk.wait, "PC after COMPLETE");
	expect(by_brk.end.pstate, waiting_pstate(&by_brk),
	       "PSTATE after COMPLETE");
}

static void exit_rest(uint64_t unused)
{
	const struct state *e = &by_branch.end, *s = &by_branch.start;

	(void)unused;
	need_both();
	if (by_branch.place < AT_LOWER) {
		expect(e->sp, s->sp, "SP_ELc after COMPLETE");
		same_exception_registers(e, "after COMPLETE");
	}
	expect(e->sp_el0, s->sp_el0, "SP_EL0 after COMPLETE");
	if (client_el == 2)
		expect(e->sp_el1, s->sp_el1, "SP_EL1 after COMPLETE");
	same_simd(e, "after COMPLETE");
}

static const struct check checks[] = {
	{ "5.2.1", "x0 event, x1 argument, x2 PC, x3 PSTATE", entry_arguments,
	  0 },
	{ "5.2.1", "x4 to x17 are the interrupted ones", entry_registers,
	  4 << 8 | 17 },
	{ "5.2.1", "x18 to x30 are the interrupted ones", entry_registers,
	  18 << 8 | 30 },
	{ "5.2.1", "SP_ELc, SP_EL0 and SP_EL1 are unchanged", entry_stacks, 0 },
	{ "5.2.1", "v0 to v31, FPCR and FPSR are unchanged", entry_simd, 0 },
	{ "5.2.1", "ELR, SPSR, ESR and FAR of ELc are unchanged",
	  entry_exception_registers, 0 },
	{ "5.2.1", "PSTATE is that of an exception to ELc", entry_pstate, 0 },
	{ "5.1.5", "CONTEXT gives x0 to x17", contexts, 0 },
	{ "5.1.6", "COMPLETE gives x0 to x17 back", exit_registers, 17 },
	{ "5.1.6", "COMPLETE leaves x18 to x30 as the handler has them",
	  exit_registers, 18 << 8 | 30 },
	{ "5.1.6", "COMPLETE gives PC and PSTATE back", exit_pc, 0 },
	{ "5.1.6", "COMPLETE leaves stacks, ELR, SPSR, ESR, FAR and SIMD alone",
	  exit_rest, 0 },
};

void suite_entry(void)
{
	for (unsigned i = 0; i < COUNT(cases); i++) {
		check("5.2.1", interrupt, i, "%s: an event comes and goes",
		      cases[i].name);
		for (unsigned j = 0; j < COUNT(checks); j++)
			check(checks[j].section, checks[j].run,
			      checks[j].argument, "%s: %s", cases[i].name,
			      checks[j].name);
	}
}
