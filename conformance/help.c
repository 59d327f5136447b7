/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking whoever reads the console to raise an event.
 */
#include "help.h"

#include "check.h"
#include "event.h"
#include "suites.h"

/* Once somebody has answered, a lack of answers is not taken for a no. */
#define PATIENCE SECONDS(5)
#define FIRST    SECONDS(2) /* until then nobody may be there */

/*
 * Requests and answers are counted: a handler that is entered before the answer
 * to its request may ask for the next.
 */
static unsigned asked, answers;
static bool alone, raised[2];

unsigned help_prepare(uint32_t event, unsigned pe)
{
	print("# raise 0x%x on PE %u", event, pe);
	return ++asked;
}

static unsigned help_ask(uint32_t event, unsigned pe)
{
	unsigned request = help_prepare(event, pe);

	print("\n");
	return request;
}

static bool has_answer(unsigned request)
{
	int key = console_key();

	if (key >= 0) {
		answers++;
		raised[answers % 2] = key == 'y';
	}
	return load(answers) >= request;
}

bool help_answered(unsigned request)
{
	return wait_until(has_answer(request), answers ? PATIENCE : FIRST) &&
	       raised[request % 2];
}

void raise(uint32_t event, unsigned pe)
{
	if (!help_answered(help_ask(event, pe)))
		fail("nobody raised event 0x%x on PE %u", event, pe);
}

/* It may be pending still, from now or from a check that went wrong. */
static void drain(uint32_t event)
{
	struct pe *pe = this_pe();

	pe->handler = NULL;
	CALL(REGISTER, event, ENTRY, 0, SDEI_REGISTER_RM_PE, pe->mpidr);
	CALL(ENABLE, event);
	CALL(PE_UNMASK);
	delay(A_WHILE);
	CALL(PE_MASK);
	CALL(UNREGISTER, event);
	store(pe->runs, 0);
}

uint32_t need_critical(unsigned type)
{
	static enum { UNTRIED, RAISED, REFUSED } tried[2];
	uint32_t event = known_event(type, SDEI_PRIORITY_CRITICAL);

	if (!event)
		skip("no critical event of this platform is known");
	if (tried[type] == UNTRIED && !alone) {
		tried[type] = help_answered(help_ask(event, 0)) ? RAISED
								: REFUSED;
		alone = !answers;
	}
	if (tried[type] != RAISED)
		skip("nobody here can raise a critical event: `sdei conformance` can, on OpenSDEI's firmware");
	drain(event);
	return event;
}
