/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * COMPLETE_AND_RESUME (5.1.7): as if the interrupted code had taken an
 * exception to the client's exception level, at the address that was given.
 */
#include "check.h"
#include "event.h"
#include "probe.h"
#include "suites.h"

static const struct context_case {
	const char *name;
	enum place place;
	unsigned el; /* of the client; 0: either */
	uint64_t pstate;
} cases[] = {
	{ "ELc, interrupts on", AT_CLIENT, 0, UINT64_C(0x90000000) | P_SP_ELX },
	{ "ELc, interrupts off, SP_EL0", AT_CLIENT, 0, P_DAIF },
	{ "EL1", AT_LOWER, 2, P_EL(1) | P_SP_ELX },
	{ "EL0", AT_LOWER, 0, 0 },
	{ "EL0, AArch32", AT_LOWER_32, 0, P32_USER },
};

extern char probe_exit[];
static struct probe to_exit, to_brk;
static const struct context_case *the_case;

static void run_to(struct probe *p, uint64_t address)
{
	const struct context_case *c = the_case;

	*p = (struct probe){ .place = c->place,
			     .entry = event_entry,
			     .fid = COMPLETE_AND_RESUME,
			     .argument = address };
	p->pstate = c->place == AT_CLIENT ? c->pstate | P_EL(client_el)
					  : c->pstate;
	if ((c->el && c->el != client_el) ||
	    (c->place == AT_LOWER_32 && !features.el0_32))
		skip("not on this CPU, or not below this client");
	probe_run(p);
	expect(p->handled, true, "an event arrived");
	expect(p->returned, true, "it resumed");
}

static void resume(uint64_t index)
{
	the_case = &cases[index];
	to_exit.handled = to_brk.handled = false;
	run_to(&to_exit, (uint64_t)probe_exit);
	events_reset(0);
	run_to(&to_brk, IN_PROBE(probe_resumed));
	ASK_VALUE(3, STATUS, to_brk.event);
	ASK(DENIED, COMPLETE, 0);
}

static void need_both(void)
{
	if ((the_case->el && the_case->el != client_el) ||
	    (the_case->place == AT_LOWER_32 && !features.el0_32))
		skip("not on this CPU, or not below this client");
	if (!probe_possible(the_case->place))
		skip(no_event_there);
	if (!to_exit.handled || !to_exit.returned || !to_brk.handled ||
	    !to_brk.returned) {
		fail("it did not resume");
		leave();
	}
}

/* PSTATE while the probe waits, after its compare. */
static uint64_t interrupted_pstate(const struct probe *p)
{
	if (p->place < AT_LOWER)
		return p->start.pstate;
	return (p->start.pstate & ~P_NZCV) | UINT64_C(6) << 28;
}

static void where(uint64_t unused)
{
	(void)unused;
	need_both();
	expect(to_brk.end.pc, to_brk.argument, "PC");
	expect(to_brk.end.pstate & (P_MODE | P_DAIF),
	       P_EL(client_el) | P_SP_ELX | P_DAIF, "PSTATE.M and DAIF");
	expect(to_brk.end.pstate & (P_IL | P_SS | P_BTYPE), 0,
	       "PSTATE.IL, SS and BTYPE");
}

static void elr_and_spsr(uint64_t unused)
{
	(void)unused;
	need_both();
	expect(to_exit.end.elr, to_exit.wait, "ELR_ELc");
	expect(to_exit.end.spsr, interrupted_pstate(&to_exit), "SPSR_ELc");
}

static void registers(uint64_t unused)
{
	(void)unused;
	need_both();
	for (unsigned i = 0; i < 31; i++)
		expect(to_exit.end.x[i], to_exit.start.x[i], "x%u", i);
}

static void rest(uint64_t unused)
{
	const struct state *e = &to_exit.end, *s = &to_exit.start;

	(void)unused;
	need_both();
	expect(e->esr, s->esr, "ESR_ELc");
	expect(e->far, s->far, "FAR_ELc");
	expect(e->sp_el0, s->sp_el0, "SP_EL0");
	if (to_exit.place < AT_LOWER)
		expect(e->sp, s->sp, "SP_ELc");
	if (client_el == 2)
		expect(e->sp_el1, s->sp_el1, "SP_EL1");
	for (unsigned i = 0; i < 64; i++)
		expect(e->v[i], s->v[i], "v%u, half %u", i / 2, i % 2);
	expect(e->fpcr, s->fpcr, "FPCR");
	expect(e->fpsr, s->fpsr, "FPSR");
}

/* The bits that newer features add, as any exception sets them. */
static void newer_pstate(uint64_t unused)
{
	uint64_t p = to_brk.end.pstate, was = interrupted_pstate(&to_brk);

	(void)unused;
	need_both();
	expect(p & P_UAO, 0, "PSTATE.UAO");
	if (features.ssbs)
		expect(p & P_SSBS,
		       read_client(sctlr) & SCTLR_DSSBS ? P_SSBS : 0,
		       "PSTATE.SSBS (SCTLR_ELc.DSSBS)");
	if (features.pan)
		expect(p & P_PAN, was & P_PAN, "PSTATE.PAN");
	if (features.mte2)
		expect(p & P_TCO, P_TCO, "PSTATE.TCO");
}

/* The address is refused: the handler goes on and completes as it likes. */
static void refuse(struct pe *pe, struct record *r)
{
	(void)pe, (void)r;
	ASK(INVALID, COMPLETE_AND_RESUME, ENTRY + 2);
	ASK_VALUE(7, STATUS, 0);
	ASK(INVALID, COMPLETE_AND_RESUME, ENTRY + 1);
	ASK_VALUE(7, STATUS, 0);
}

static void refused(uint64_t unused)
{
	(void)unused;
	listen(0, refuse);
	signal(0);
	ran(0, 1);
	ASK_VALUE(3, STATUS, 0);
}

/* What waits comes after the handler has resumed elsewhere, too. */
static unsigned resumes;
extern char abandoned[];

static void resume_and_pend(struct pe *pe, struct record *r)
{
	(void)pe;
	if (resumes++)
		return;
	signal(0);
	r->fid = COMPLETE_AND_RESUME;
	r->argument = (uint64_t)abandoned;
}

static void next_after_resume(uint64_t unused)
{
	(void)unused;
	resumes = 0;
	if (!context_save(&this_pe()->back)) {
		listen(0, resume_and_pend);
		signal(0);
		ran(0, 2);
		fail("the interrupted code went on");
	}
	irq_unmask();
	ran(0, 2);
}

static const struct check checks[] = {
	{ "5.1.7", "PC, M, DAIF, IL, SS and BTYPE", where, 0 },
	{ "5.1.7", "ELR and SPSR of ELc are the interrupted PC and PSTATE",
	  elr_and_spsr, 0 },
	{ "5.1.7", "x0 to x30", registers, 0 },
	{ "5.1.7", "stacks, ESR, FAR and SIMD are unchanged", rest, 0 },
	{ "5.1.7", "PAN, UAO, SSBS and TCO as an exception sets them",
	  newer_pstate, 0 },
};

void suite_resume(void)
{
	for (unsigned i = 0; i < COUNT(cases); i++) {
		check("5.1.7", resume, i,
		      "resume from a handler that interrupted %s",
		      cases[i].name);
		for (unsigned j = 0; j < COUNT(checks); j++)
			check(checks[j].section, checks[j].run, 0,
			      "resume, %s: %s", cases[i].name, checks[j].name);
	}
	check("5.1.7", refused, 0,
	      "resume: an unaligned address is refused, the handler goes on");
	check("5.1.7", next_after_resume, 0,
	      "resume: the next pending event comes");
}
