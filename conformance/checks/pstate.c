/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bits of PSTATE that newer architectures added, at a handler's entry
 * (5.2.1): inherited, set or cleared as TakeException in the Arm ARM says. Each
 * case interrupts one PSTATE under one SCTLR_ELc.
 */
#include "check.h"
#include "event.h"
#include "probe.h"
#include "suites.h"

enum need { PAN, UAO, DIT, SSBS, MTE2, A32_SSBS };

static const struct bit_case {
	const char *name;
	enum need need;
	enum place place;
	uint64_t pstate;     /* without M at the client's level */
	uint64_t set, clear; /* in SCTLR_ELc */
	uint64_t bit;
	bool want; /* the bit, at entry */
} cases[] = {
	{ "SSBS 0, DSSBS 1: SSBS 1", SSBS, AT_CLIENT, P_SP_ELX, SCTLR_DSSBS, 0,
	  P_SSBS, true },
	{ "SSBS 1, DSSBS 0: SSBS 0", SSBS, AT_CLIENT, P_SP_ELX | P_SSBS, 0,
	  SCTLR_DSSBS, P_SSBS, false },
	{ "SSBS 1, DSSBS 1: SSBS 1", SSBS, AT_CLIENT, P_SP_ELX | P_SSBS,
	  SCTLR_DSSBS, 0, P_SSBS, true },
	{ "PAN 0, SPAN 1: PAN 0", PAN, AT_CLIENT, P_SP_ELX, SCTLR_SPAN, 0,
	  P_PAN, false },
	{ "PAN 1, SPAN 1: PAN 1", PAN, AT_CLIENT, P_SP_ELX | P_PAN, SCTLR_SPAN,
	  0, P_PAN, true },
	{ "EL0, PAN 1, SPAN 1: PAN 1", PAN, AT_LOWER, P_PAN, SCTLR_SPAN, 0,
	  P_PAN, true },
	{ "PAN 1, SPAN 0: PAN 1", PAN, AT_CLIENT, P_SP_ELX | P_PAN, 0,
	  SCTLR_SPAN, P_PAN, true },
	{ "UAO 1: UAO 0", UAO, AT_CLIENT, P_SP_ELX | P_UAO, 0, 0, P_UAO,
	  false },
	{ "DIT 0: DIT 0", DIT, AT_CLIENT, P_SP_ELX, 0, 0, P_DIT, false },
	{ "DIT 1: DIT 1", DIT, AT_CLIENT, P_SP_ELX | P_DIT, 0, 0, P_DIT, true },
	{ "EL0, DIT 1: DIT 1", DIT, AT_LOWER, P_DIT, 0, 0, P_DIT, true },
	{ "TCO 0: TCO 1", MTE2, AT_CLIENT, P_SP_ELX, 0, 0, P_TCO, true },
	{ "TCO 1: TCO 1", MTE2, AT_CLIENT, P_SP_ELX | P_TCO, 0, 0, P_TCO,
	  true },
	{ "EL0 AArch32 with its SSBS, where AArch64 has UAO: UAO 0", A32_SSBS,
	  AT_LOWER_32, P32_USER | P32_SSBS, 0, 0, P_UAO, false },
};

static bool have(enum need need)
{
	switch (need) {
	case PAN:
		return features.pan;
	case UAO:
		return features.uao;
	case DIT:
		return features.dit;
	case SSBS:
		return features.ssbs;
	case MTE2:
		return features.mte2;
	default:
		return features.ssbs && features.el0_32;
	}
}

static struct probe p;

/* Run it under another SCTLR_ELc, which is put back. */
static void run_with(uint64_t set, uint64_t clear)
{
	uint64_t sctlr = read_client(sctlr);

	write_client(sctlr, (sctlr | set) & ~clear);
	probe_run(&p);
	write_client(sctlr, sctlr);
}

static void bit(uint64_t index)
{
	const struct bit_case *c = &cases[index];

	if (!have(c->need))
		skip("this CPU does not have the feature");
	p = (struct probe){ .place = c->place,
			    .way_out = BY_BRK,
			    .entry = event_entry_brk,
			    .pstate = c->pstate };
	if (c->place == AT_CLIENT)
		p.pstate |= P_EL(client_el);
	run_with(c->set, c->clear);
	if (!expect(p.handled, true, "an event arrived"))
		return;
	expect(p.entry_pstate & c->bit, c->want ? c->bit : 0,
	       "that bit of PSTATE at entry");
	expect(p.end.pstate & c->bit, p.pstate & c->bit,
	       "that bit of PSTATE after COMPLETE");
}

/* SPAN 0 forces PAN where the client's level has user space: EL1. */
static void forced_pan(uint64_t unused)
{
	(void)unused;
	if (!features.pan)
		skip("this CPU does not have the feature");
	p = (struct probe){ .place = AT_CLIENT,
			    .way_out = BY_BRK,
			    .entry = event_entry_brk,
			    .pstate = P_SP_ELX | P_EL(client_el) };
	run_with(0, SCTLR_SPAN);
	if (expect(p.handled, true, "an event arrived"))
		expect(p.entry_pstate & P_PAN, client_el == 1 ? P_PAN : 0,
		       "PSTATE.PAN at entry, ELc is EL%u without TGE",
		       client_el);
}

void suite_pstate(void)
{
	for (unsigned i = 0; i < COUNT(cases); i++)
		check("5.2.1", bit, i, "PSTATE: %s", cases[i].name);
	check("5.2.1", forced_pan, 0, "PSTATE: PAN 0, SPAN 0: PAN 1 at EL1");
}
