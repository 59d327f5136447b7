/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared events (6.2): one registration for all PEs, and routing. There is no
 * call to enumerate events, so one is taken from the numbers that platforms are
 * known to use; it is never triggered here.
 */
#include "check.h"
#include "event.h"
#include "suites.h"

/* Numbers to try: OpenSDEI's, TF-A's on Arm platforms, others' in the field. */
static const uint32_t numbers[] = {
	0x40000100, 0x40000101, 0x40000102, 0x40000103, 0x40000104,
	0x40000105, 1000,       1001,       1002,       2000,
	2001,       2002,       0x40000000, 0x40000001,
};

#define ANY (-1)

uint32_t known_event(unsigned type, int priority)
{
	for (unsigned i = 0; i < COUNT(numbers); i++)
		if (CALL(GET_INFO, numbers[i], SDEI_INFO_TYPE) == type &&
		    (priority == ANY || CALL(GET_INFO, numbers[i],
					     SDEI_INFO_PRIORITY) == priority))
			return numbers[i];
	return 0;
}

static uint32_t shared_event(void)
{
	uint32_t event = known_event(SDEI_TYPE_SHARED, ANY);

	if (!event)
		skip("no shared event of this platform is known");
	return event;
}

static uint64_t mpidr(unsigned pe)
{
	return pes[pe < pe_count ? pe : 0].mpidr;
}

/* U, R and E: every call and its answer (Table 13). */
static void state_table(uint64_t unused)
{
	uint32_t e = shared_event();

	(void)unused;
	ASK(DENIED, ENABLE, e);
	ASK(DENIED, DISABLE, e);
	ASK(DENIED, UNREGISTER, e);
	ASK(DENIED, ROUTING_SET, e, SDEI_RM_ANY, 0);
	ASK_VALUE(0, STATUS, e);
	ASK(OK, REGISTER, e, ENTRY, 0, 0, 0);
	ASK_VALUE(1, STATUS, e);
	ASK(DENIED, REGISTER, e, ENTRY, 0, 0, 0);
	ASK(OK, DISABLE, e);
	ASK(OK, ENABLE, e);
	ASK_VALUE(3, STATUS, e);
	ASK(OK, ENABLE, e);
	ASK(DENIED, REGISTER, e, ENTRY, 0, 0, 0);
	ASK(OK, DISABLE, e);
	ASK_VALUE(1, STATUS, e);
	ASK(OK, ENABLE, e);
	ASK(OK, UNREGISTER, e);
	ASK_VALUE(0, STATUS, e);
}

static void info(uint64_t unused)
{
	uint32_t e = shared_event();
	int64_t priority = CALL(GET_INFO, e, SDEI_INFO_PRIORITY);
	int64_t signaled = CALL(GET_INFO, e, SDEI_INFO_SIGNALED);

	(void)unused;
	ASK_VALUE(SDEI_TYPE_SHARED, GET_INFO, e, SDEI_INFO_TYPE);
	if (priority != SDEI_PRIORITY_NORMAL)
		ASK_VALUE(SDEI_PRIORITY_CRITICAL, GET_INFO, e,
			  SDEI_INFO_PRIORITY);
	if (signaled != SDEI_CAN_BE_SIGNALED)
		ASK_VALUE(SDEI_CANNOT_BE_SIGNALED, GET_INFO, e,
			  SDEI_INFO_SIGNALED);
	ASK(INVALID, GET_INFO, e, 5);
	ASK(INVALID, RELEASE, e);
	ASK(INVALID, SIGNAL, e, mpidr(0));
}

static void routing_info(uint64_t unused)
{
	uint32_t e = shared_event();

	(void)unused;
	ASK(DENIED, GET_INFO, e, SDEI_INFO_ROUTING_MODE);
	ASK(DENIED, GET_INFO, e, SDEI_INFO_ROUTING_AFF);
	ASK(OK, REGISTER, e, ENTRY, 0, SDEI_RM_ANY, 0);
	ASK_VALUE(SDEI_RM_ANY, GET_INFO, e, SDEI_INFO_ROUTING_MODE);
	ASK(INVALID, GET_INFO, e, SDEI_INFO_ROUTING_AFF);
	ASK(OK, UNREGISTER, e);
	ASK(OK, REGISTER, e, ENTRY, 0, SDEI_REGISTER_RM_PE, mpidr(0));
	ASK_VALUE((int64_t)mpidr(0), GET_INFO, e, SDEI_INFO_ROUTING_AFF);
	ASK(OK, UNREGISTER, e);
	ASK(OK, REGISTER, e, ENTRY, 0, SDEI_REGISTER_RM_PE, mpidr(1));
	ASK_VALUE(SDEI_RM_PE, GET_INFO, e, SDEI_INFO_ROUTING_MODE);
	ASK_VALUE((int64_t)mpidr(1), GET_INFO, e, SDEI_INFO_ROUTING_AFF);
	ASK(OK, ENABLE, e);
	ASK_VALUE(SDEI_RM_PE, GET_INFO, e, SDEI_INFO_ROUTING_MODE);
	ASK_VALUE((int64_t)mpidr(1), GET_INFO, e, SDEI_INFO_ROUTING_AFF);
}

static void routing_set(uint64_t unused)
{
	uint32_t e = shared_event();

	(void)unused;
	ASK(OK, REGISTER, e, ENTRY, 0, SDEI_RM_ANY, 0);
	ASK(OK, ROUTING_SET, e, SDEI_RM_PE, mpidr(1));
	ASK_VALUE(SDEI_RM_PE, GET_INFO, e, SDEI_INFO_ROUTING_MODE);
	ASK_VALUE((int64_t)mpidr(1), GET_INFO, e, SDEI_INFO_ROUTING_AFF);
	ASK(OK, ROUTING_SET, e, SDEI_RM_PE, mpidr(0));
	ASK_VALUE((int64_t)mpidr(0), GET_INFO, e, SDEI_INFO_ROUTING_AFF);
	ASK(OK, ROUTING_SET, e, SDEI_RM_ANY, 0xffff);
	ASK_VALUE(SDEI_RM_ANY, GET_INFO, e, SDEI_INFO_ROUTING_MODE);
	ASK(OK, ENABLE, e);
	ASK(DENIED, ROUTING_SET, e, SDEI_RM_ANY, 0);
	ASK(DENIED, ROUTING_SET, e, SDEI_RM_PE, mpidr(0));
	ASK_VALUE(3, STATUS, e);
	ASK(OK, DISABLE, e);
	ASK(OK, ROUTING_SET, e, SDEI_RM_PE, mpidr(0));
	ASK_VALUE(1, STATUS, e);
}

static void bad_routing(uint64_t unused)
{
	uint32_t e = shared_event();

	(void)unused;
	ASK(INVALID, REGISTER, e, ENTRY, 0, SDEI_REGISTER_RM_PE, 0xff);
	ASK(INVALID, REGISTER, e, ENTRY, 0, SDEI_REGISTER_RM_PE, 0xff00);
	ASK(INVALID, REGISTER, e, ENTRY, 0, SDEI_REGISTER_RM_PE,
	    UINT64_C(0xff00000000));
	ASK(INVALID, REGISTER, e, ENTRY, 0, SDEI_REGISTER_RM_PE,
	    mpidr(0) | UINT64_C(1) << 40);
	ASK_VALUE(0, STATUS, e);
	ASK(OK, REGISTER, e, ENTRY, 0, 0, ~UINT64_C(0));
	ASK(INVALID, ROUTING_SET, e, 2, mpidr(0));
	ASK(INVALID, ROUTING_SET, e, UINT64_C(1) << 63, mpidr(0));
	ASK(INVALID, ROUTING_SET, e, SDEI_RM_PE, 0xff);
	ASK(INVALID, ROUTING_SET, e, SDEI_RM_PE, 0xff00);
	ASK(INVALID, ROUTING_SET, e, SDEI_RM_PE, ~UINT64_C(0));
	ASK_VALUE(SDEI_RM_ANY, GET_INFO, e, SDEI_INFO_ROUTING_MODE);
}

/* 5.1.2 wants bits 31 to 24 zero; MPIDR_EL1 reads otherwise. Never another PE. */
static void as_mpidr_reads(uint64_t bits)
{
	uint32_t e = shared_event();

	if (ASK(OK | INVALID, REGISTER, e, ENTRY, 0, SDEI_REGISTER_RM_PE,
		bits | mpidr(1)) == SDEI_SUCCESS)
		ASK_VALUE((int64_t)mpidr(1), GET_INFO, e,
			  SDEI_INFO_ROUTING_AFF);
	else
		ASK(OK, REGISTER, e, ENTRY, 0, SDEI_REGISTER_RM_PE, mpidr(1));
	if (ASK(OK | INVALID, ROUTING_SET, e, SDEI_RM_PE, bits | mpidr(0)) ==
	    SDEI_SUCCESS)
		ASK_VALUE((int64_t)mpidr(0), GET_INFO, e,
			  SDEI_INFO_ROUTING_AFF);
	else
		ASK_VALUE((int64_t)mpidr(1), GET_INFO, e,
			  SDEI_INFO_ROUTING_AFF);
}

static void bad_register(uint64_t unused)
{
	uint32_t e = shared_event();

	(void)unused;
	ASK(INVALID, REGISTER, e, ENTRY + 2, 0, 0, 0);
	ASK(INVALID, REGISTER, e, ENTRY, 0, 4, 0);
	ASK(INVALID, REGISTER, e, ENTRY, 0, UINT64_C(1) << 63, 0);
	ASK_VALUE(0, STATUS, e);
}

/* One registration, seen and changed from every PE. */
static void global(uint64_t unused)
{
	uint32_t e = shared_event();

	(void)unused;
	if (pe_count < 2)
		skip("one PE");
	ASK(OK, REGISTER, e, ENTRY, 0, 0, 0);
	expect((uint64_t)CALL_ON(1, STATUS, e), 1, "STATUS on PE 1");
	expect((uint64_t)CALL_ON(1, REGISTER, e, ENTRY), (uint64_t)SDEI_DENIED,
	       "REGISTER on PE 1");
	expect((uint64_t)CALL_ON(1, ENABLE, e), 0, "ENABLE on PE 1");
	ASK_VALUE(3, STATUS, e);
	expect((uint64_t)CALL_ON(1, UNREGISTER, e), 0, "UNREGISTER on PE 1");
	ASK_VALUE(0, STATUS, e);
}

static void resets(uint64_t unused)
{
	uint32_t e = shared_event();

	(void)unused;
	ASK(OK, REGISTER, e, ENTRY, 0, 0, 0);
	ASK(OK, PRIVATE_RESET);
	ASK_VALUE(1, STATUS, e);
	ASK(OK, ENABLE, e);
	ASK(OK, REGISTER, 0, ENTRY, 0, 0, 0);
	ASK(OK, SHARED_RESET);
	ASK_VALUE(0, STATUS, e);
	ASK_VALUE(1, STATUS, 0);
	ASK(DENIED, ENABLE, e);
}

static void private_event(uint64_t priority)
{
	uint32_t e = known_event(SDEI_TYPE_PRIVATE, (int)priority);

	if (!e)
		skip("no private event of this platform is known");
	ASK(OK, REGISTER, e, ENTRY, 0, 0, 0);
	ASK(OK, ENABLE, e);
	ASK(OK, REGISTER, 0, ENTRY, 0, 0, 0);
	ASK(INVALID, ROUTING_SET, e, 0, 0);
	ASK(INVALID, GET_INFO, e, SDEI_INFO_ROUTING_MODE);
	ASK_VALUE(3, STATUS, e);
	if (pe_count > 1)
		expect((uint64_t)CALL_ON(1, STATUS, e), 0, "STATUS on PE 1");
	ASK(OK, PRIVATE_RESET);
	ASK_VALUE(0, STATUS, e);
	ASK_VALUE(0, STATUS, 0);
}

static const struct check checks[] = {
	{ "6.2", "unregistered, registered, enabled: every call", state_table,
	  0 },
	{ "5.1.10", "GET_INFO, RELEASE and SIGNAL of a shared event", info, 0 },
	{ "5.1.10", "GET_INFO of routing and affinity", routing_info, 0 },
	{ "5.1.11", "ROUTING_SET: registered and disabled only", routing_set,
	  0 },
	{ "5.1.11", "bad routing modes and affinities", bad_routing, 0 },
	{ "5.1.11", "a PE named with MPIDR_EL1's bit 31 (taken or refused)",
	  as_mpidr_reads, UINT64_C(1) << 31 },
	{ "5.1.11",
	  "a PE named with MPIDR_EL1's bits 31 to 24 (taken or refused)",
	  as_mpidr_reads, UINT64_C(0xff000000) },
	{ "5.1.2", "REGISTER of a shared event: bad parameters", bad_register,
	  0 },
	{ "6.2.1", "a shared event is registered once, for every PE", global,
	  0 },
	{ "5.1.19", "SHARED_RESET and PRIVATE_RESET keep to their own", resets,
	  0 },
	{ "6.2", "another private event, of normal priority", private_event,
	  SDEI_PRIORITY_NORMAL },
	{ "6.2", "another private event, of critical priority", private_event,
	  SDEI_PRIORITY_CRITICAL },
};

void suite_shared(void)
{
	CHECKS(checks);
}
