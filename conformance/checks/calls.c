/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every call with each of its errors while no handler runs: event 0 is
 * unregistered or registered, the PE is masked. Where the specification leaves
 * the order of checks open, each of the errors is allowed.
 */
#include "check.h"
#include "event.h"
#include "suites.h"

#define NO_EVENT 0x40fff0f0 /* vendor space; nobody has it */
#define HIGH     UINT64_C(0xdead000000000000)

/* One call in the clean state, or with event 0 registered first. */
struct one_call {
	const char *section, *name;
	unsigned allowed;
	bool registered;
	uint64_t call[6];
};

/* clang-format off */
static const struct one_call calls[] = {
	{ "5.1.2", "REGISTER: event 0", OK, false, { REGISTER, 0, ENTRY } },
	{ "5.1.2", "REGISTER: routing and affinity of a private event are ignored",
	  OK, false, { REGISTER, 0, ENTRY, 0, 1, ~UINT64_C(0) } },
	{ "5.1.2", "REGISTER: affinity is ignored without RM_PE", OK, false,
	  { REGISTER, 0, ENTRY, 0, 0, 0x12345678 } },
	{ "5.1.2", "REGISTER: x1[63:32] is ignored", OK, false,
	  { REGISTER, HIGH, ENTRY } },
	{ "5.1.2", "REGISTER: unknown event", INVALID, false,
	  { REGISTER, NO_EVENT, ENTRY } },
	{ "5.1.2", "REGISTER: unaligned entry point", INVALID, false,
	  { REGISTER, 0, ENTRY + 2 } },
	{ "5.1.2", "REGISTER: entry point 0 (refused or taken)", INVALID | OK,
	  false, { REGISTER, 0, 0 } },
	{ "5.1.2", "REGISTER: reserved flag bit 2", INVALID, false,
	  { REGISTER, 0, ENTRY, 0, 4 } },
	{ "5.1.2", "REGISTER: reserved flag bit 32", INVALID, false,
	  { REGISTER, 0, ENTRY, 0, UINT64_C(1) << 32 } },
	{ "5.1.2", "REGISTER: reserved flag bit 63", INVALID, false,
	  { REGISTER, 0, ENTRY, 0, UINT64_C(1) << 63 } },
	{ "5.1.2", "REGISTER: again", DENIED, true, { REGISTER, 0, ENTRY } },
	{ "5.1.2", "REGISTER: again, with a reserved flag", DENIED | INVALID,
	  true, { REGISTER, 0, ENTRY, 0, 4 } },
	{ "5.1.3", "ENABLE: unknown event", INVALID, false,
	  { ENABLE, NO_EVENT } },
	{ "5.1.3", "ENABLE: x1[63:32] is ignored", OK, true, { ENABLE, HIGH } },
	{ "5.1.4", "DISABLE: unknown event", INVALID, false,
	  { DISABLE, NO_EVENT } },
	{ "5.1.4", "DISABLE: x1[63:32] is ignored", OK, true,
	  { DISABLE, HIGH } },
	{ "5.1.5", "CONTEXT: no handler runs", DENIED, false, { CONTEXT, 0 } },
	{ "5.1.5", "CONTEXT: x17, no handler runs", DENIED, false,
	  { CONTEXT, 17 } },
	{ "5.1.5", "CONTEXT: x18, no handler runs", DENIED | INVALID, false,
	  { CONTEXT, 18 } },
	{ "5.1.6", "COMPLETE: no handler runs", DENIED, false, { COMPLETE, 0 } },
	{ "5.1.6", "COMPLETE: no handler runs, status EV_FAILED", DENIED, false,
	  { COMPLETE, 1 } },
	{ "5.1.7", "COMPLETE_AND_RESUME: no handler runs", DENIED, false,
	  { COMPLETE_AND_RESUME, ENTRY } },
	{ "5.1.7", "COMPLETE_AND_RESUME: no handler runs, address unaligned",
	  DENIED | INVALID, false, { COMPLETE_AND_RESUME, ENTRY + 1 } },
	{ "5.1.8", "UNREGISTER: unknown event", INVALID, false,
	  { UNREGISTER, NO_EVENT } },
	{ "5.1.8", "UNREGISTER: x1[63:32] is ignored", OK, true,
	  { UNREGISTER, HIGH } },
	{ "5.1.9", "STATUS: unknown event", INVALID, false,
	  { STATUS, NO_EVENT } },
	{ "5.1.9", "STATUS: x1[63:32] is ignored", OK, false, { STATUS, HIGH } },
	{ "5.1.10", "GET_INFO: unknown event", INVALID, false,
	  { GET_INFO, NO_EVENT, 0 } },
	{ "5.1.10", "GET_INFO: routing mode of a private event", INVALID, false,
	  { GET_INFO, 0, SDEI_INFO_ROUTING_MODE } },
	{ "5.1.10", "GET_INFO: affinity of a private event", INVALID, false,
	  { GET_INFO, 0, SDEI_INFO_ROUTING_AFF } },
	{ "5.1.10", "GET_INFO: routing mode of a registered private event",
	  INVALID, true, { GET_INFO, 0, SDEI_INFO_ROUTING_MODE } },
	{ "5.1.10", "GET_INFO: affinity of a registered private event", INVALID,
	  true, { GET_INFO, 0, SDEI_INFO_ROUTING_AFF } },
	{ "5.1.10", "GET_INFO: unknown information 5", INVALID, false,
	  { GET_INFO, 0, 5 } },
	{ "5.1.10", "GET_INFO: unknown information 0xffffffff", INVALID, false,
	  { GET_INFO, 0, 0xffffffff } },
	{ "5.1.10", "GET_INFO: x1[63:32] is ignored", OK, false,
	  { GET_INFO, HIGH, SDEI_INFO_TYPE } },
	{ "5.1.10", "GET_INFO: event 0 is private (0)", OK, false,
	  { GET_INFO, 0, SDEI_INFO_TYPE } },
	{ "5.1.10", "GET_INFO: event 0 can be signalled (0)", OK, false,
	  { GET_INFO, 0, SDEI_INFO_SIGNALED } },
	{ "5.1.10", "GET_INFO: event 0 is of normal priority (0)", OK, false,
	  { GET_INFO, 0, SDEI_INFO_PRIORITY } },
	{ "5.1.11", "ROUTING_SET: unknown event", INVALID, false,
	  { ROUTING_SET, NO_EVENT, 0, 0 } },
	{ "5.1.11", "ROUTING_SET: private event", INVALID, false,
	  { ROUTING_SET, 0, 0, 0 } },
	{ "5.1.11", "ROUTING_SET: registered private event", INVALID, true,
	  { ROUTING_SET, 0, 0, 0 } },
	{ "5.1.15", "RELEASE: unknown event", INVALID, false,
	  { RELEASE, NO_EVENT } },
	{ "5.1.15", "RELEASE: event 0 is not bound", INVALID, false,
	  { RELEASE, 0 } },
	{ "5.1.15", "RELEASE: event 0, registered, is not bound", INVALID, true,
	  { RELEASE, 0 } },
	{ "5.1.16", "SIGNAL: unknown event", INVALID, false,
	  { SIGNAL, NO_EVENT, 0 } },
	{ "5.1.16", "SIGNAL: event 1", INVALID, false, { SIGNAL, 1, 0 } },
	{ "5.1.16", "SIGNAL: affinity of no PE, Aff0", INVALID, false,
	  { SIGNAL, 0, 0xff } },
	{ "5.1.16", "SIGNAL: affinity of no PE, Aff1", INVALID, false,
	  { SIGNAL, 0, 0xff00 } },
	{ "5.1.16", "SIGNAL: affinity of no PE, Aff2", INVALID, false,
	  { SIGNAL, 0, 0xff0000 } },
	{ "5.1.16", "SIGNAL: affinity of no PE, Aff3", INVALID, false,
	  { SIGNAL, 0, UINT64_C(0xff00000000) } },
	{ "5.1.16", "SIGNAL: affinity of all ones", INVALID, false,
	  { SIGNAL, 0, ~UINT64_C(0) } },
	{ "5.1.17", "FEATURES: unknown feature 2", INVALID, false,
	  { FEATURES, 2 } },
	{ "5.1.17", "FEATURES: unknown feature 0xffffffff", INVALID, false,
	  { FEATURES, 0xffffffff } },
	{ "5.1.18", "PRIVATE_RESET: nothing registered", OK, false,
	  { PRIVATE_RESET } },
	{ "5.1.18", "PRIVATE_RESET: event 0 registered", OK, true,
	  { PRIVATE_RESET } },
	{ "5.1.19", "SHARED_RESET: nothing registered", OK, false,
	  { SHARED_RESET } },
	{ "5.1.19", "SHARED_RESET: only a private event registered", OK, true,
	  { SHARED_RESET } },
	{ "5.1", "SMC32 alias 0x84000020 of VERSION is unknown", NOT_SUPPORTED,
	  false, { 0x84000020 } },
	{ "5.1", "SMC32 alias 0x84000028 of STATUS is unknown", NOT_SUPPORTED,
	  false, { 0x84000028 } },
	{ "5.1", "SMC32 alias 0x8400002b of PE_MASK is unknown", NOT_SUPPORTED,
	  false, { 0x8400002b } },
};
/* clang-format on */

static void one(uint64_t argument)
{
	const struct one_call *c = &calls[argument];

	if (c->registered)
		ASK(OK, REGISTER, 0, ENTRY, 0, 0, 0);
	ask(c->allowed, c->call);
}

static void version(uint64_t unused)
{
	uint64_t v = (uint64_t)CALL(VERSION);

	(void)unused;
	expect(v >> 63, 0, "VERSION bit 63");
	expect(v >> 48, SDEI_VERSION_MAJOR, "VERSION [62:48], major");
	expect((uint64_t)CALL(VERSION), v, "VERSION, asked again");
}

static void unknown_function(uint64_t fid)
{
	ASK(NOT_SUPPORTED, fid, 0, 0, 0, 0, 0);
}

/* Event numbers with bit 31 or [29:24] set cannot exist. */
static void bad_number(uint64_t number)
{
	static const uint64_t fids[] = { REGISTER,    ENABLE, DISABLE,
					 UNREGISTER,  STATUS, GET_INFO,
					 ROUTING_SET, SIGNAL, RELEASE };

	for (unsigned i = 0; i < COUNT(fids); i++)
		ASK(INVALID, fids[i], number, fids[i] == REGISTER ? ENTRY : 0,
		    0, 0, 0);
}

/* x0 is compared as a whole: Linux does. call() returns all 64 bits. */
static void sign_extended(uint64_t unused)
{
	(void)unused;
	expect((uint64_t)CALL(ENABLE, NO_EVENT), (uint64_t)-2,
	       "x0 of an INVALID_PARAMETERS");
	expect((uint64_t)CALL(ENABLE, 0), (uint64_t)-3, "x0 of a DENIED");
	expect((uint64_t)CALL(0xC400003F), (uint64_t)-1,
	       "x0 of a NOT_SUPPORTED");
}

/* x4-x17 are always the caller's; x1-x3 since SMCCC 1.1. */
static void registers_preserved(uint64_t fid)
{
	uint64_t x[18];

	for (unsigned i = 0; i < 18; i++)
		x[i] = UINT64_C(0x5dea000000000100) + i;
	x[0] = fid;
	x[1] = 0;
	conduit_call(x);
	expect(x[1], 0, "x1 after %s", function_name(fid));
	for (unsigned i = 2; i < 18; i++)
		expect(x[i], UINT64_C(0x5dea000000000100) + i, "x%u after %s",
		       i, function_name(fid));
}

/* A refused REGISTER leaves no trace. */
static void refused_register(uint64_t unused)
{
	(void)unused;
	ASK(INVALID, REGISTER, 0, ENTRY, 0, 4, 0);
	ASK_VALUE(0, STATUS, 0);
	ASK(DENIED, ENABLE, 0);
}

static void relative_mode(uint64_t unused)
{
	int64_t offered = CALL(FEATURES, SDEI_FEATURE_RELATIVE_MODE);

	(void)unused;
	if (offered == 1)
		skip("the dispatcher offers relative mode");
	ASK(INVALID, REGISTER, 0, ENTRY, 0, SDEI_REGISTER_RELATIVE, 0);
}

static void feature_values(uint64_t unused)
{
	int64_t slots = CALL(FEATURES, SDEI_FEATURE_BIND_SLOTS);
	int64_t relative = CALL(FEATURES, SDEI_FEATURE_RELATIVE_MODE);

	(void)unused;
	expect(slots < 0 || slots >> 32, 0, "FEATURES(0) is negative or wide");
	/* 1.0 does not know the feature. */
	if (relative != 0 && relative != 1)
		ASK(INVALID, FEATURES, SDEI_FEATURE_RELATIVE_MODE);
}

static const struct check others[] = {
	{ "5.1.1", "VERSION: major 1, bit 63 clear, the same twice", version,
	  0 },
	{ "5.1", "errors are sign-extended to 64 bits", sign_extended, 0 },
	{ "5.1.2", "REGISTER: refused, nothing is registered", refused_register,
	  0 },
	{ "5.1.2", "REGISTER: relative mode where FEATURES says no",
	  relative_mode, 0 },
	{ "5.1.17", "FEATURES: bind slots and relative mode", feature_values,
	  0 },
	{ "5.1.9", "event 1 does not exist for any call", bad_number, 1 },
	{ "5.1.9", "event 0x40fff0f0 does not exist for any call", bad_number,
	  NO_EVENT },
	{ "5.1.9", "event numbers with bit 31 do not exist for any call",
	  bad_number, 0x80000000 },
	{ "5.1.9", "event numbers with bit 24 do not exist for any call",
	  bad_number, 0x01000000 },
	{ "5.1.9", "event number 0xffffffff does not exist for any call",
	  bad_number, 0xffffffff },
};

void suite_calls(void)
{
	static const uint64_t quiet[] = { VERSION,     STATUS,  GET_INFO,
					  ENABLE,      PE_MASK, PE_UNMASK,
					  FEATURES,    RELEASE, PRIVATE_RESET,
					  SHARED_RESET };

	CHECKS(others);
	for (unsigned i = 0; i < COUNT(calls); i++)
		check(calls[i].section, one, i, "%s", calls[i].name);
	for (uint64_t fid = SHARED_RESET + 1; fid <= SDEI_FID_LAST; fid++)
		check("5.1", unknown_function, fid, "function 0x%lx is unknown",
		      fid);
	for (unsigned i = 0; i < COUNT(quiet); i++)
		check("5.1", registers_preserved, quiet[i],
		      "%s: x1 to x17 are the caller's",
		      function_name(quiet[i]));
}
