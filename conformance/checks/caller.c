/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls judged from outside C: from the wrong exception level, with every
 * register watched, and interrupted by the event that they make deliverable.
 */
#include "check.h"
#include "event.h"
#include "probe.h"
#include "suites.h"

static struct probe p;

/* 4.1: the client is at the highest Non-secure level, nobody else may call. */
static void from_el1(uint64_t fid)
{
	if (client_el != 2)
		skip("the client is at EL1: EL0 has no SMC");
	p = (struct probe){ .place = AT_LOWER_CALL,
			    .way_out = BY_BRK,
			    .pstate = P_EL(1) | P_SP_ELX | P_DAIF,
			    .x = { fid, 0, ENTRY, 0 } };
	probe_run(&p);
	if (!expect(p.returned, true, "the call returned"))
		return;
	expect(p.end.x[0], (uint64_t)SDEI_NOT_SUPPORTED, "x0 of %s from EL1",
	       function_name(fid));
	for (unsigned i = 4; i < 18; i++)
		expect(p.end.x[i], p.start.x[i], "x%u after the call", i);
	ASK_VALUE(0, STATUS, 0);
	ASK_VALUE(0, PE_MASK);
}

/* A call that makes nothing deliverable: all but x0-x3 as they were. */
static void watched(uint64_t fid)
{
	p = (struct probe){ .place = AT_CLIENT_CALL,
			    .way_out = BY_BRANCH,
			    .pstate = P_EL(client_el) | P_SP_ELX | P_DAIF,
			    .x = { fid, 0, 0, 0 } };
	probe_run(&p);
	if (!expect(p.returned, true, "the call returned"))
		return;
	for (unsigned i = 4; i < 31; i++)
		expect(p.end.x[i], p.start.x[i], "x%u after the call", i);
	expect(p.end.sp, p.start.sp, "SP_ELc after the call");
	expect(p.end.sp_el0, p.start.sp_el0, "SP_EL0 after the call");
	expect(p.end.elr, p.start.elr, "ELR_ELc after the call");
	expect(p.end.spsr, p.start.spsr, "SPSR_ELc after the call");
	expect(p.end.esr, p.start.esr, "ESR_ELc after the call");
	expect(p.end.far, p.start.far, "FAR_ELc after the call");
	for (unsigned i = 0; i < 64; i++)
		expect(p.end.v[i], p.start.v[i], "v%u, half %u, after the call",
		       i / 2, i % 2);
}

/* PSTATE after a call is the caller's, with all four flags. */
static void pstate_after(uint64_t nzcv)
{
	p = (struct probe){ .place = AT_CLIENT_CALL,
			    .way_out = BY_BRK,
			    .pstate = P_EL(client_el) | nzcv << 28 | P_A,
			    .x = { VERSION, 0, 0, 0 } };
	probe_run(&p);
	if (!expect(p.returned, true, "the call returned"))
		return;
	expect(p.end.pc, p.wait, "PC after the call");
	expect(p.end.pstate, p.start.pstate, "PSTATE after the call");
}

/* The event that a call makes deliverable interrupts after its result. */
static void delivering(uint64_t fid)
{
	p = (struct probe){ .place = AT_CLIENT_CALL,
			    .way_out = BY_BRANCH,
			    .pstate = P_EL(client_el) | P_SP_ELX,
			    .x = { fid, 0, pes[0].mpidr, 0 },
			    .entry = event_entry };
	probe_run(&p);
	if (!expect(p.handled, true, "the event arrived") ||
	    !expect(p.returned, true, "the caller went on"))
		return;
	expect(p.handler.x[2], p.wait, "the interrupted PC");
	expect(p.context[0], 0, "the interrupted x0, SUCCESS");
	for (unsigned i = 4; i < 18; i++)
		expect(p.context[i], p.start.x[i], "the interrupted x%u", i);
	expect(p.end.x[0], 0, "x0 after the handler, SUCCESS");
	for (unsigned i = 4; i < 31; i++)
		expect(p.end.x[i], p.start.x[i], "x%u after the handler", i);
	ran(0, 1);
}

/* Registers of EL1 belong to a guest: neither events nor calls change them. */
static void guest_registers(uint64_t unused)
{
	const uint64_t a = UINT64_C(0x00005e15e15e15e0);

	(void)unused;
	if (client_el != 2)
		skip("no EL2");
	write_sysreg(elr_el1, a);
	write_sysreg(spsr_el1, 0x80000004);
	write_sysreg(esr_el1, 0x5e1111);
	write_sysreg(far_el1, a + 8);
	write_sysreg(tpidr_el1, a + 16);
	write_sysreg(vbar_el1, UINT64_C(0x5e15e000));
	isb();
	listen(0, NULL);
	signal(0);
	ran(0, 1);
	/* From another PE it comes as an interrupt, not within a call. */
	CALL_ON(pe_count - 1, SIGNAL, 0, pes[0].mpidr);
	ran(0, 2);
	expect(read_sysreg(elr_el1), a, "ELR_EL1");
	expect(read_sysreg(spsr_el1), 0x80000004, "SPSR_EL1");
	expect(read_sysreg(esr_el1), 0x5e1111, "ESR_EL1");
	expect(read_sysreg(far_el1), a + 8, "FAR_EL1");
	expect(read_sysreg(tpidr_el1), a + 16, "TPIDR_EL1");
	expect(read_sysreg(vbar_el1), UINT64_C(0x5e15e000), "VBAR_EL1");
}

/* Relative mode: the entry point counts from VBAR_ELc. */
extern char vectors[], event_entry_relative[];

static void relative(uint64_t unused)
{
	uint64_t offset = (uint64_t)(event_entry_relative - vectors);

	(void)unused;
	if (CALL(FEATURES, SDEI_FEATURE_RELATIVE_MODE) != 1)
		skip("FEATURES says no relative mode");
	ASK(INVALID, REGISTER, 0, offset + 2, 0, SDEI_REGISTER_RELATIVE, 0);
	ASK(OK, REGISTER, 0, offset, 0, SDEI_REGISTER_RELATIVE, 0);
	ASK(OK, ENABLE, 0);
	ASK(OK, PE_UNMASK);
	signal(0);
	ran(0, 1);
	/* The next registration is absolute again. */
	ASK(OK, UNREGISTER, 0);
	listen(0, NULL);
	signal(0);
	ran(0, 2);
}

static void check_delivering(uint64_t fid)
{
	check("5.1.13", delivering, fid,
	      "%s: what it delivers interrupts after the result",
	      function_name(fid));
}

void suite_caller(void)
{
	static const uint64_t calls[] = { VERSION,       STATUS,       GET_INFO,
					  ENABLE,        FEATURES,     PE_MASK,
					  PRIVATE_RESET, SHARED_RESET, COMPLETE,
					  0xC400003F };

	for (uint64_t fid = VERSION; fid <= SHARED_RESET; fid++)
		check("4.1", from_el1, fid, "%s from EL1 is not served",
		      function_name(fid));
	for (unsigned i = 0; i < COUNT(calls); i++)
		check("5.1", watched, calls[i],
		      "%s: x4 to x30, stacks, ELR, SPSR and SIMD are the caller's",
		      function_name(calls[i]));
	for (uint64_t nzcv = 0; nzcv < 16; nzcv += 5)
		check("5.1", pstate_after, nzcv,
		      "PC and PSTATE after a call, NZCV 0x%lx", nzcv);
	check_delivering(SIGNAL);
	check("5.1.2", relative, 0,
	      "relative mode: the entry point counts from VBAR_ELc");
	check("5.2.1", guest_registers, 0,
	      "registers of EL1 are unchanged by an event at EL2");
}

void suite_caller_waiting(void)
{
	check_delivering(PE_UNMASK);
	check_delivering(ENABLE);
}
