/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Masking (5.1.12, 5.1.13) and what stays pending behind masks and disabled
 * events: nothing is lost, nothing runs twice.
 */
#include "check.h"
#include "event.h"
#include "suites.h"

static void mask_twice(uint64_t unused)
{
	(void)unused;
	ASK_VALUE(0, PE_MASK);
	ASK_VALUE(0, PE_UNMASK);
	ASK_VALUE(1, PE_MASK);
	ASK_VALUE(0, PE_MASK);
	ASK_VALUE(0, PE_MASK);
}

static void unmask_twice(uint64_t unused)
{
	(void)unused;
	ASK_VALUE(0, PE_UNMASK);
	ASK_VALUE(0, PE_UNMASK);
	ASK_VALUE(1, PE_MASK);
}

static void mask_and_status(uint64_t unused)
{
	(void)unused;
	ASK(OK, REGISTER, 0, ENTRY, 0, 0, 0);
	ASK(OK, ENABLE, 0);
	ASK(OK, PE_UNMASK);
	ASK_VALUE(3, STATUS, 0);
	ASK_VALUE(1, PE_MASK);
	ASK_VALUE(3, STATUS, 0);
}

/* Whether other calls change the mask: 0 = still masked, 1 = not. */
static void mask_survives(uint64_t fid)
{
	CALL(fid, 0, ENTRY, 0, 0, 0);
	ASK_VALUE(0, PE_MASK);
	ASK_VALUE(0, PE_UNMASK);
	CALL(fid, 0, ENTRY, 0, 0, 0);
	ASK_VALUE(1, PE_MASK);
}

static void delivered(uint64_t unused)
{
	(void)unused;
	listen(0, NULL);
	signal(0);
	ran(0, 1);
	signal(0);
	ran(0, 2);
}

/* `how_many` signals while masked give one handler, at UNMASK. */
static void while_masked(uint64_t how_many)
{
	listen(0, NULL);
	ASK_VALUE(1, PE_MASK);
	for (unsigned i = 0; i < how_many; i++)
		signal(0);
	ran_not(0, 0);
	ASK_VALUE(0, PE_MASK);
	ASK_VALUE(0, PE_UNMASK);
	ran(0, 1);
	ASK_VALUE(1, PE_MASK);
	ASK_VALUE(0, PE_UNMASK);
	ran(0, 1);
}

static void while_disabled(uint64_t how_many)
{
	listen(0, NULL);
	ASK(OK, DISABLE, 0);
	for (unsigned i = 0; i < how_many; i++)
		signal(0);
	ran_not(0, 0);
	ASK(OK, DISABLE, 0);
	ran_not(0, 0);
	ASK(OK, ENABLE, 0);
	ran(0, 1);
	ASK(OK, DISABLE, 0);
	ASK(OK, ENABLE, 0);
	ran(0, 1);
}

/* Pending between REGISTER and the first ENABLE must not be lost. */
static void before_enable(uint64_t unused)
{
	(void)unused;
	ASK(OK, REGISTER, 0, ENTRY, 0, 0, 0);
	ASK(OK, PE_UNMASK);
	signal(0);
	ran_not(0, 0);
	ASK(OK, ENABLE, 0);
	ran(0, 1);
}

static void masked_and_disabled(uint64_t unmask_first)
{
	listen(0, NULL);
	ASK(OK, DISABLE, 0);
	ASK_VALUE(1, PE_MASK);
	signal(0);
	CALL(unmask_first ? PE_UNMASK : ENABLE, 0);
	ran_not(0, 0);
	CALL(unmask_first ? ENABLE : PE_UNMASK, 0);
	ran(0, 1);
}

/* Before REGISTER it is the dispatcher's choice: kept (one) or dropped. */
static void while_unregistered(uint64_t unused)
{
	unsigned runs;

	(void)unused;
	ASK(OK, PE_UNMASK);
	signal(0);
	signal(0);
	ran_not(0, 0);
	ASK_VALUE(0, STATUS, 0);
	listen(0, NULL);
	delay(A_WHILE);
	runs = load(pes[0].runs);
	if (runs > 1)
		expect(runs, 1, "handlers that ran");
	signal(0);
	ran(0, runs + 1);
}

static void after_unregister(uint64_t unused)
{
	(void)unused;
	listen(0, NULL);
	ASK(OK, UNREGISTER, 0);
	signal(0);
	ran_not(0, 0);
	ASK_VALUE(0, STATUS, 0);
}

static void after_reset(uint64_t unused)
{
	(void)unused;
	listen(0, NULL);
	ASK(OK, PRIVATE_RESET);
	ASK_VALUE(1, PE_MASK);
	ASK_VALUE(0, PE_UNMASK);
	signal(0);
	ran_not(0, 0);
	ASK_VALUE(0, STATUS, 0);
}

static void many_rounds(uint64_t rounds)
{
	listen(0, NULL);
	for (unsigned i = 0; i < rounds; i++) {
		signal(0);
		if (!wait_until(load(pes[0].runs) == i + 1, SOON))
			break;
	}
	ran(0, (unsigned)rounds);
}

static const struct check checks[] = {
	{ "5.1.12", "PE_MASK: 1 if this call masked, 0 if it was masked",
	  mask_twice, 0 },
	{ "5.1.13", "PE_UNMASK: 0, also when it was not masked", unmask_twice,
	  0 },
	{ "5.1.12", "masking does not change STATUS", mask_and_status, 0 },
	{ "5.1.12", "REGISTER does not change the mask", mask_survives,
	  REGISTER },
	{ "5.1.12", "STATUS does not change the mask", mask_survives, STATUS },
	{ "5.1.18", "PRIVATE_RESET does not change the mask", mask_survives,
	  PRIVATE_RESET },
	{ "5.1.19", "SHARED_RESET does not change the mask", mask_survives,
	  SHARED_RESET },
	{ "5.1.16", "event 0 arrives, once for each signal", delivered, 0 },
	{ "5.1.13", "a signal while masked arrives at UNMASK, once",
	  while_masked, 1 },
	{ "5.1.16", "three signals while masked arrive as one", while_masked,
	  3 },
	{ "5.1.4", "a signal while disabled arrives at ENABLE, once",
	  while_disabled, 1 },
	{ "5.1.16", "three signals while disabled arrive as one",
	  while_disabled, 3 },
	{ "5.1.3", "a signal between REGISTER and ENABLE is not lost",
	  before_enable, 0 },
	{ "5.1.3", "masked and disabled: ENABLE first, then UNMASK delivers",
	  masked_and_disabled, 0 },
	{ "5.1.13", "masked and disabled: UNMASK first, then ENABLE delivers",
	  masked_and_disabled, 1 },
	{ "5.1.2", "a signal while unregistered is kept as one, or dropped",
	  while_unregistered, 0 },
	{ "5.1.8", "an unregistered handler runs no more", after_unregister,
	  0 },
	{ "5.1.18", "after PRIVATE_RESET the handler runs no more", after_reset,
	  0 },
	{ "5.1.16", "a thousand signals, a thousand handlers", many_rounds,
	  1000 },
};

void suite_mask(void)
{
	CHECKS(checks);
}
