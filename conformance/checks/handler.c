/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls from within a handler (6.1.2): what is always allowed, what is refused,
 * and that changes made there take effect when the handler completes.
 */
#include "check.h"
#include "event.h"
#include "suites.h"

static const struct one_call {
	const char *section, *name;
	unsigned allowed;
	uint64_t call[6];
} calls[] = {
	{ "5.1.9", "STATUS of an unknown event", INVALID, { STATUS, 1 } },
	{ "5.1.5", "CONTEXT: x18", INVALID, { CONTEXT, 18 } },
	{ "5.1.5", "CONTEXT: x31", INVALID, { CONTEXT, 31 } },
	{ "5.1.5", "CONTEXT: 0xffffffff", INVALID, { CONTEXT, 0xffffffff } },
	{ "5.1.7",
	  "COMPLETE_AND_RESUME: unaligned by 1",
	  INVALID,
	  { COMPLETE_AND_RESUME, ENTRY + 1 } },
	{ "5.1.7",
	  "COMPLETE_AND_RESUME: unaligned by 2",
	  INVALID,
	  { COMPLETE_AND_RESUME, ENTRY + 2 } },
	{ "5.1.17", "FEATURES: unknown feature", INVALID, { FEATURES, 99 } },
	{ "5.1.2",
	  "REGISTER of the running event",
	  DENIED,
	  { REGISTER, 0, ENTRY } },
	{ "5.1.11",
	  "ROUTING_SET of the running private event",
	  INVALID,
	  { ROUTING_SET, 0, 0, 0 } },
	{ "5.1.14",
	  "INTERRUPT_BIND: SGI 0 is refused, as outside",
	  INVALID | NO_RESOURCE,
	  { BIND, 0 } },
	{ "5.1.16", "SIGNAL to no PE", INVALID, { SIGNAL, 0, 0xff } },
	{ "5.1.19",
	  "SHARED_RESET: no shared handler runs",
	  OK,
	  { SHARED_RESET } },
	{ "5.1", "unknown function 0xc400003f", NOT_SUPPORTED, { 0xC400003F } },
};

static const struct one_call *one;
static unsigned mask_in_handler;

static void ask_one(struct pe *pe, struct record *r)
{
	(void)pe, (void)r;
	ask(one->allowed, one->call);
}

static void in_handler(uint64_t index)
{
	one = &calls[index];
	listen(0, ask_one);
	signal(0);
	ran(0, 1);
	ASK(DENIED, COMPLETE, 0);
}

static void ask_version(struct pe *pe, struct record *r)
{
	(void)pe, (void)r;
	expect((uint64_t)CALL(VERSION) >> 48, SDEI_VERSION_MAJOR,
	       "VERSION major");
}

static void ask_features(struct pe *pe, struct record *r)
{
	(void)pe, (void)r;
	expect((uint64_t)CALL(FEATURES, 0) >> 32, 0, "FEATURES(0)");
}

/* PSCI calls that a handler may make. */
static void ask_psci(struct pe *pe, struct record *r)
{
	(void)r;
	expect(CALL(PSCI_VERSION) > 0, true, "PSCI_VERSION is positive");
	ASK(OK, PSCI_AFFINITY_INFO, pe->mpidr, 0);
	ASK(OK, PSCI_FEATURES, PSCI_CPU_ON);
}

static void ask_mask(struct pe *pe, struct record *r)
{
	(void)r;
	if (pe->runs)
		return;
	ASK_VALUE(1, PE_MASK);
	ASK_VALUE(0, PE_MASK);
	ASK_VALUE(7, STATUS, 0);
	signal(0);
	if (mask_in_handler)
		ASK_VALUE(0, PE_UNMASK);
}

static void with_handler(uint64_t handler)
{
	listen(0, (on_event *)handler);
	signal(0);
	ran(0, 1);
	ASK_VALUE(3, STATUS, 0);
}

/* Masked in the handler: it completes, the next one waits for UNMASK. */
static void masked_in_handler(uint64_t unmask_again)
{
	mask_in_handler = (unsigned)unmask_again;
	listen(0, ask_mask);
	signal(0);
	if (unmask_again) {
		ran(0, 2);
		return;
	}
	ran(0, 1);
	ASK_VALUE(0, PE_MASK);
	ASK_VALUE(0, PE_UNMASK);
	ran(0, 2);
}

/* Signals to itself wait for COMPLETE: the same priority does not nest. */
static unsigned depth_seen;

static void signal_self(struct pe *pe, struct record *r)
{
	(void)r;
	if (pe->level > depth_seen)
		depth_seen = pe->level;
	if (pe->runs >= 3)
		return;
	signal(0);
	signal(0);
	delay(A_WHILE);
	ASK_VALUE(7, STATUS, 0);
}

static void no_nesting(uint64_t unused)
{
	(void)unused;
	depth_seen = 0;
	listen(0, signal_self);
	signal(0);
	ran(0, 4);
	expect(depth_seen, 1, "handlers at once");
}

/* Disabled in the handler, signalled: waits for ENABLE, not for COMPLETE. */
static void disable_and_signal(struct pe *pe, struct record *r)
{
	(void)r;
	if (pe->runs)
		return;
	ASK(OK, DISABLE, 0);
	signal(0);
}

static void disabled_in_handler(uint64_t unused)
{
	(void)unused;
	listen(0, disable_and_signal);
	signal(0);
	ran(0, 1);
	ASK_VALUE(1, STATUS, 0);
	ASK(OK, ENABLE, 0);
	ran(0, 2);
}

static void unregister_all_ways(struct pe *pe, struct record *r)
{
	(void)pe, (void)r;
	ASK(PENDING, UNREGISTER, 0);
	ASK_VALUE(4, STATUS, 0);
	ASK(PENDING, UNREGISTER, 0);
	ASK(DENIED, REGISTER, 0, ENTRY, 0, 0, 0);
	ASK(DENIED, ENABLE, 0);
	ASK(DENIED, DISABLE, 0);
	ASK(OK, GET_INFO, 0, 0);
	ASK_VALUE(4, STATUS, 0);
}

static void unregistered_in_handler(uint64_t unused)
{
	(void)unused;
	listen(0, unregister_all_ways);
	signal(0);
	ran(0, 1);
	ASK_VALUE(0, STATUS, 0);
	ASK(OK, REGISTER, 0, ENTRY, 0, 0, 0);
}

static void reset_all_ways(struct pe *pe, struct record *r)
{
	(void)pe, (void)r;
	ASK(DENIED, PRIVATE_RESET);
	ASK_VALUE(4, STATUS, 0);
	ASK(DENIED, PRIVATE_RESET);
	ASK(PENDING, UNREGISTER, 0);
	ASK(DENIED, REGISTER, 0, ENTRY, 0, 0, 0);
}

static void reset_in_handler(uint64_t unused)
{
	(void)unused;
	listen(0, reset_all_ways);
	signal(0);
	ran(0, 1);
	ASK_VALUE(0, STATUS, 0);
	ASK(OK, PRIVATE_RESET);
	ASK(DENIED, ENABLE, 0);
}

/* Status EV_FAILED ends a handler, too; what else it does is the platform's. */
static void end_failed(struct pe *pe, struct record *r)
{
	(void)pe;
	r->argument = SDEI_FAILED;
}

static const struct check checks[] = {
	{ "6.1.2", "VERSION within a handler", with_handler,
	  (uint64_t)ask_version },
	{ "6.1.2", "FEATURES within a handler", with_handler,
	  (uint64_t)ask_features },
	{ "6.5.4", "PSCI VERSION, AFFINITY_INFO, FEATURES within a handler",
	  with_handler, (uint64_t)ask_psci },
	{ "5.1.6", "COMPLETE with EV_FAILED", with_handler,
	  (uint64_t)end_failed },
	{ "5.1.13", "PE_UNMASK within a handler: the next waits for COMPLETE",
	  masked_in_handler, 1 },
	{ "5.1.16", "SIGNAL to itself within a handler: runs after COMPLETE",
	  no_nesting, 0 },
	{ "5.1.8", "UNREGISTER within a handler: PENDING, status 4, then 0",
	  unregistered_in_handler, 0 },
	{ "5.1.18", "PRIVATE_RESET within a handler: DENIED, and yet done",
	  reset_in_handler, 0 },
};

static const struct check waiting[] = {
	{ "5.1.12", "PE_MASK within a handler: 1, then 0; holds after COMPLETE",
	  masked_in_handler, 0 },
	{ "5.1.4", "DISABLE within a handler: the next waits for ENABLE",
	  disabled_in_handler, 0 },
};

void suite_handler(void)
{
	for (unsigned i = 0; i < COUNT(calls); i++)
		check(calls[i].section, in_handler, i, "within a handler: %s",
		      calls[i].name);
	CHECKS(checks);
}

void suite_handler_waiting(void)
{
	CHECKS(waiting);
}
