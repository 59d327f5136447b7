/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PEs going off and on, sleeping and waking (6.5, 5.1.12): masked after a start
 * and after waking from power-down; unchanged by standby; never woken by an
 * event. The last PE is the one that goes off.
 */
#include "check.h"
#include "event.h"
#include "help.h"
#include "source.h"
#include "suites.h"

#define OTHER         (pe_count - 1)
#define WAKE_ARGUMENT UINT64_C(0x3a5ec0de3a5ec0de)
#define WOKEN         1 /* suspend() came back by the entry point */
#define NO_POWER_DOWN UINT64_MAX
#define NAP           3000 /* microseconds */

static bool going_down;

static void need_two(void)
{
	if (pe_count < 2)
		skip("one PE");
}

static void psci(uint64_t unused)
{
	int64_t version = CALL(PSCI_VERSION);

	(void)unused;
	expect(version >= 0x00010000, true, "PSCI_VERSION is 1.0 or later");
	for (unsigned i = 0; i < pe_count; i++)
		ASK_VALUE(PSCI_ON, PSCI_AFFINITY_INFO, pes[i].mpidr, 0);
	expect((uint64_t)CALL(PSCI_CPU_ON, pes[0].mpidr, ENTRY, 0),
	       (uint64_t)PSCI_ALREADY_ON, "CPU_ON of this PE");
	expect(CALL(PSCI_FEATURES, PSCI_CPU_ON) >= 0, true,
	       "PSCI_FEATURES knows CPU_ON");
	expect(CALL(PSCI_FEATURES, PSCI_CPU_SUSPEND) >= 0, true,
	       "PSCI_FEATURES knows CPU_SUSPEND");
}

static uint64_t off_job(struct pe *pe, uint64_t unused)
{
	(void)unused;
	store(pe->online, false);
	store(pe->job, NULL);
	CALL(PSCI_CPU_OFF);
	store(pe->online, true);
	return 0;
}

static void turn_off(unsigned pe)
{
	pe_begin(pe, off_job, 0);
	expect(pe_wait_off(pe), true, "PE %u is off", pe);
}

static void turn_on(unsigned pe)
{
	if (!expect(pe_power_on(pe), true, "PE %u came on", pe))
		leave();
	expect(pes[pe].woken_argument, 0x0c0ffee0 + pe, "x0 at its start");
}

static void first_start(uint64_t unused)
{
	(void)unused;
	need_two();
	turn_off(OTHER);
	turn_on(OTHER);
	expect((uint64_t)CALL_ON(OTHER, STATUS, 0), 0, "STATUS after CPU_ON");
	expect((uint64_t)CALL_ON(OTHER, PE_MASK), 0, "PE_MASK after CPU_ON");
}

/* Registered, enabled and unmasked before: nothing of it is left. */
static void start_after_use(uint64_t unused)
{
	(void)unused;
	need_two();
	listen(OTHER, NULL);
	turn_off(OTHER);
	turn_on(OTHER);
	expect((uint64_t)CALL_ON(OTHER, PE_MASK), 0, "PE_MASK after CPU_ON");
	expect((uint64_t)CALL_ON(OTHER, STATUS, 0), 0, "STATUS after CPU_ON");
	expect((uint64_t)CALL_ON(OTHER, ENABLE, 0), (uint64_t)SDEI_DENIED,
	       "ENABLE after CPU_ON");
	listen(OTHER, NULL);
	signal(OTHER);
	ran(OTHER, 1);
}

static void signal_to_off(uint64_t unused)
{
	(void)unused;
	need_two();
	listen(OTHER, NULL);
	turn_off(OTHER);
	signal(OTHER);
	signal(OTHER);
	delay(A_WHILE);
	expect((uint64_t)CALL(PSCI_AFFINITY_INFO, pes[OTHER].mpidr, 0),
	       PSCI_OFF, "AFFINITY_INFO after a signal to it");
	ran_not(OTHER, 0);
	turn_on(OTHER);
	CALL_ON(OTHER, PE_UNMASK);
	ran_not(OTHER, 0);
	CALL_ON(OTHER, PE_MASK);
	listen(OTHER, NULL);
	signal(OTHER);
	wait_until(load(pes[OTHER].runs) > 0, SOON);
	expect(load(pes[OTHER].runs) > 0, true, "signals arrive again");
}

/* 6.5.4: CPU_OFF in a handler completes it, then the PE is off. */
static void off_in_handler(struct pe *pe, struct record *r)
{
	(void)r;
	store(pe->online, false);
	r->fid = PSCI_CPU_OFF;
}

static void off_from_handler(uint64_t unused)
{
	(void)unused;
	need_two();
	listen(OTHER, off_in_handler);
	signal(OTHER);
	expect(pe_wait_off(OTHER), true, "PE %u is off", OTHER);
	turn_on(OTHER);
	expect((uint64_t)CALL_ON(OTHER, STATUS, 0), 0, "STATUS after CPU_ON");
	expect((uint64_t)CALL_ON(OTHER, COMPLETE, 0), (uint64_t)SDEI_DENIED,
	       "COMPLETE after CPU_ON");
	expect((uint64_t)CALL_ON(OTHER, PRIVATE_RESET), 0,
	       "PRIVATE_RESET after CPU_ON");
	pes[OTHER].runs = 0;
	listen(OTHER, NULL);
	signal(OTHER);
	ran(OTHER, 1);
}

/*
 * A critical handler's CPU_OFF over a normal one's: both end. The normal event
 * is shared, so that others can see it.
 */
static uint32_t outer, inner;

static void off_on_top(struct pe *pe, struct record *r)
{
	if (r->at.x[0] != outer) {
		off_in_handler(pe, r);
		return;
	}
	rtc_source.quiet();
	raise(inner, pe->index);
	delay(A_WHILE);
}

static uint64_t nest_job(struct pe *pe, uint64_t unused)
{
	(void)unused;
	pe->handler = off_on_top;
	ASK(OK, REGISTER, outer, ENTRY, 0, SDEI_REGISTER_RM_PE, pe->mpidr);
	ASK(OK, ENABLE, outer);
	ASK(OK, REGISTER, inner, ENTRY, 0, 0, 0);
	ASK(OK, ENABLE, inner);
	ASK(OK, PE_UNMASK);
	return 0;
}

static void off_from_both(uint64_t unused)
{
	(void)unused;
	need_two();
	inner = need_critical(SDEI_TYPE_PRIVATE);
	outer = bind(&rtc_source);
	pe_run(OTHER, nest_job, 0);
	rtc_source.fire();
	expect(pe_wait_off(OTHER), true, "PE %u is off", OTHER);
	ASK_VALUE(3, STATUS, outer);
	ASK(OK, UNREGISTER, outer);
	ASK(OK, RELEASE, outer);
	turn_on(OTHER);
	expect((uint64_t)CALL_ON(OTHER, COMPLETE, 0), (uint64_t)SDEI_DENIED,
	       "COMPLETE after CPU_ON");
}

/* Others' events do not mind. */
static void others_unaffected(uint64_t unused)
{
	(void)unused;
	need_two();
	listen(0, NULL);
	turn_off(OTHER);
	ASK_VALUE(3, STATUS, 0);
	signal(0);
	ran(0, 1);
	turn_on(OTHER);
	ASK_VALUE(3, STATUS, 0);
	signal(0);
	ran(0, 2);
	ASK_VALUE(1, PE_MASK);
}

/*
 * Sleep on `pe` until its timer; interrupts are masked at the PE, so the timer
 * only wakes it. It is taken afterwards.
 */
static uint64_t sleep(uint64_t fid, uint64_t power_state)
{
	int64_t result;

	irq_mask();
	timer_set(NAP);
	result = suspend(fid, power_state, WAKE_ARGUMENT);
	timer_stop();
	irq_take();
	return (uint64_t)result;
}

/* The checks' own watchdog must be set again when PE 0 has slept. */
static void awake(void)
{
	timer_set(SECONDS(10));
	irq_unmask();
}

static void standby(uint64_t masked)
{
	uint64_t result;

	ASK(OK, REGISTER, 0, ENTRY, 0, 0, 0);
	ASK(OK, ENABLE, 0);
	if (!masked)
		ASK(OK, PE_UNMASK);
	result = sleep(PSCI_CPU_SUSPEND, 0);
	awake();
	if (result == (uint64_t)-2)
		skip("PSCI offers no standby state 0");
	expect(result, 0, "CPU_SUSPEND, standby");
	ASK_VALUE(3, STATUS, 0);
	ASK_VALUE(masked ? 0 : 1, PE_MASK);
	ASK(OK, PE_UNMASK);
	signal(0);
	ran(0, 1);
}

static const char no_power_down[] = "PSCI offers no power-down state 0x10000";

static uint64_t power_down(void)
{
	uint64_t result;

	pes[0].woken_argument = 0;
	result = sleep(PSCI_CPU_SUSPEND, PSCI_POWER_DOWN);
	awake();
	/* PSCI may come back as from a standby: KVM always does. */
	if (result != WOKEN && !pes[0].woken_argument)
		skip(no_power_down);
	expect(result, WOKEN, "woke at the entry point");
	expect(pes[0].woken_argument, WAKE_ARGUMENT, "x0 there");
	return result;
}

static void after_power_down(uint64_t was_masked)
{
	listen(0, NULL);
	if (was_masked)
		ASK_VALUE(1, PE_MASK);
	if (power_down() != WOKEN)
		return;
	ASK_VALUE(0, PE_MASK);
	ASK_VALUE(3, STATUS, 0);
	signal(0);
	ran_not(0, 0);
	ASK_VALUE(0, PE_UNMASK);
	ran(0, 1);
}

static void registered_power_down(uint64_t unused)
{
	(void)unused;
	ASK(OK, REGISTER, 0, ENTRY, ARGUMENT(0), 0, 0);
	if (power_down() != WOKEN)
		return;
	ASK_VALUE(1, STATUS, 0);
	ASK(DENIED, REGISTER, 0, ENTRY, 0, 0, 0);
	ASK(OK, ENABLE, 0);
	ASK(OK, PE_UNMASK);
	signal(0);
	ran(0, 1);
}

/* What was pending when the PE went down is there when it unmasks. */
static void pending_over_power_down(uint64_t unused)
{
	(void)unused;
	listen(0, NULL);
	ASK_VALUE(1, PE_MASK);
	signal(0);
	if (power_down() != WOKEN)
		return;
	ran_not(0, 0);
	ASK_VALUE(0, PE_UNMASK);
	ran(0, 1);
}

/* Answers how many handlers had run when it woke, or NO_POWER_DOWN. */
static uint64_t power_down_job(struct pe *pe, uint64_t nap)
{
	int64_t result;

	pe->woken_argument = 0;
	irq_mask();
	timer_set(nap);
	store(going_down, true);
	result = suspend(PSCI_CPU_SUSPEND, PSCI_POWER_DOWN, WAKE_ARGUMENT);
	timer_stop();
	irq_take();
	return result != WOKEN ? NO_POWER_DOWN : load(pe->runs);
}

/* False if the signal came before the PE slept; then it was taken, rightly. */
static bool signal_asleep(uint64_t nap)
{
	uint64_t answer = 0;

	events_reset(OTHER);
	listen(OTHER, NULL);
	going_down = false;
	pe_begin(OTHER, power_down_job, nap);
	wait_until(load(going_down), SOON);
	delay(nap / 4);
	signal(OTHER);
	if (!pe_wait(OTHER, &answer))
		leave();
	if (answer == NO_POWER_DOWN)
		skip(no_power_down);
	return answer == 0;
}

/* A signal to a PE that sleeps deeply waits until that PE unmasks. */
static void signal_to_sleeper(uint64_t unused)
{
	uint64_t nap = 100000;

	(void)unused;
	need_two();
	for (unsigned i = 0; i < 4 && !signal_asleep(nap); i++)
		nap *= 2;
	expect(load(pes[OTHER].woken_argument), WAKE_ARGUMENT, "x0 at waking");
	ran_not(OTHER, 0);
	expect((uint64_t)CALL_ON(OTHER, PE_UNMASK), 0, "PE_UNMASK");
	ran(OTHER, 1);
}

/* A power-down that is refused changes nothing. */
static void refused_power_down(uint64_t unused)
{
	int64_t result;

	(void)unused;
	listen(0, NULL);
	irq_mask();
	timer_set(NAP);
	result = CALL(PSCI_CPU_SUSPEND, 0xfcfe0000 | PSCI_POWER_DOWN, ENTRY, 0);
	timer_stop();
	irq_take();
	awake();
	if (result == 0)
		skip("PSCI refuses no power state, whatever its bits");
	ASK_VALUE(3, STATUS, 0);
	ASK_VALUE(1, PE_MASK);
}

static void system_suspend_denied(uint64_t unused)
{
	int64_t result;

	(void)unused;
	need_two();
	if (CALL(PSCI_FEATURES, PSCI_SYSTEM_SUSPEND) < 0)
		skip("PSCI offers no SYSTEM_SUSPEND");
	listen(0, NULL);
	result = suspend(PSCI_SYSTEM_SUSPEND, 0, WAKE_ARGUMENT);
	expect((uint64_t)result, (uint64_t)PSCI_DENIED,
	       "SYSTEM_SUSPEND while other PEs are on");
	irq_unmask();
	ASK_VALUE(3, STATUS, 0);
	ASK_VALUE(1, PE_MASK);
}

static void system_suspend(uint64_t unused)
{
	uint64_t result;

	(void)unused;
	if (CALL(PSCI_FEATURES, PSCI_SYSTEM_SUSPEND) < 0)
		skip("PSCI offers no SYSTEM_SUSPEND");
	listen(0, NULL);
	for (unsigned i = 1; i < pe_count; i++)
		turn_off(i);
	pes[0].woken_argument = 0;
	result = sleep(PSCI_SYSTEM_SUSPEND, 0);
	awake();
	expect(result, WOKEN, "woke at the entry point");
	expect(pes[0].woken_argument, WAKE_ARGUMENT, "x0 there");
	for (unsigned i = 1; i < pe_count; i++)
		turn_on(i);
	ASK_VALUE(0, PE_MASK);
	ASK_VALUE(3, STATUS, 0);
	ASK_VALUE(0, PE_UNMASK);
	signal(0);
	ran(0, 1);
}

static const struct check checks[] = {
	{ "6.5", "PSCI: VERSION, AFFINITY_INFO, FEATURES", psci, 0 },
	{ "5.1.12", "after CPU_ON: masked, nothing registered", first_start,
	  0 },
	{ "6.5", "CPU_OFF and CPU_ON: masked, what was registered is gone",
	  start_after_use, 0 },
	{ "6.5.2", "a signal to a PE that is off succeeds and wakes nobody",
	  signal_to_off, 0 },
	{ "6.5.4", "CPU_OFF within a handler completes it", off_from_handler,
	  0 },
	{ "6.5.4", "CPU_OFF in critical over normal completes both",
	  off_from_both, 0 },
	{ "6.5", "a PE going off and on leaves other PEs' events alone",
	  others_unaffected, 0 },
	{ "5.1.12", "standby keeps the mask: unmasked", standby, 0 },
	{ "5.1.12", "standby keeps the mask: masked", standby, 1 },
	{ "6.5.1", "power-down: masked after waking, still enabled",
	  after_power_down, 0 },
	{ "6.5.1", "power-down while masked: the same", after_power_down, 1 },
	{ "6.5.1", "power-down: a registered event stays registered, disabled",
	  registered_power_down, 0 },
	{ "6.5.1", "power-down: what is pending stays pending",
	  pending_over_power_down, 0 },
	{ "6.5.1", "a signal to a PE in power-down waits for its UNMASK",
	  signal_to_sleeper, 0 },
	{ "6.5.1", "a power-down that is refused changes nothing",
	  refused_power_down, 0 },
	{ "6.5", "SYSTEM_SUSPEND is denied while other PEs are on",
	  system_suspend_denied, 0 },
	{ "6.5", "SYSTEM_SUSPEND: masked after waking, still enabled",
	  system_suspend, 0 },
};

void suite_power(void)
{
	CHECKS(checks);
}
