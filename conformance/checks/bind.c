/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * INTERRUPT_BIND and INTERRUPT_RELEASE (5.1.14, 5.1.15): what they refuse, the
 * numbers they give, and whose the interrupt is. checks/bound.c lets them fire.
 */
#include "check.h"
#include "event.h"
#include "source.h"
#include "suites.h"

#define SECURE_TIMER 29
#define SECURE_UART  40
#define A_PRIORITY   0xb0
#define FIRST_SPI    32
/* PPIs that have no device on this machine. */
#define SPARE_PPIS 16, 17, 18, 19, 20, 21, 22
#define MANY       256

static uint64_t slots(void)
{
	int64_t n = CALL(FEATURES, SDEI_FEATURE_BIND_SLOTS);

	return n < 0 ? 0 : (uint64_t)n;
}

unsigned bind_slots_private(void)
{
	return slots() & 0xffff;
}

unsigned bind_slots_shared(void)
{
	return slots() >> 16 & 0xffff;
}

void need_slots(bool shared)
{
	if (!(shared ? bind_slots_shared() : bind_slots_private()))
		skip(shared ? "FEATURES says no shared bind slots"
			    : "FEATURES says no private bind slots");
}

/*
 * Behind a hypervisor the timers are often not the dispatcher's to divert: it
 * then has to refuse them, and may.
 */
bool can_bind_timer(void)
{
	int64_t event = CALL(BIND, timer_source.intid);

	if (conduit_is_hvc && event == SDEI_INVALID_PARAMETERS)
		return false;
	if (event >= 0)
		CALL(RELEASE, (uint64_t)event);
	return true;
}

uint32_t bind(const struct source *s)
{
	int64_t event;

	need_slots(s->shared);
	if (!s->shared && !can_bind_timer())
		skip("a hypervisor keeps the timer's interrupt to itself");
	s->quiet();
	irq_enable(s->intid, false);
	irq_set_edge(s->intid, s->edge);
	irq_set_pending(s->intid, false);
	event = CALL(BIND, s->intid);
	if (event < 0) {
		ASK(OK, BIND, s->intid);
		leave();
	}
	return (uint32_t)event;
}

/* Never an event, whatever slots there are. */
static void refused(uint64_t intid)
{
	ASK(slots() ? INVALID : INVALID | NO_RESOURCE, BIND, intid);
}

static void no_slots(uint64_t unused)
{
	(void)unused;
	if (!bind_slots_private())
		ASK(NO_RESOURCE, BIND, timer_source.intid);
	if (!bind_slots_shared())
		ASK(NO_RESOURCE, BIND, rtc_source.intid);
	if (bind_slots_private() && bind_slots_shared())
		skip("there are slots");
}

/* 6.3: at least two of each kind. */
static void enough_slots(uint64_t unused)
{
	(void)unused;
	if (!slots())
		skip("FEATURES says no bind slots");
	expect(bind_slots_private() >= 2, true, "two private slots or more");
	expect(bind_slots_shared() >= 2, true, "two shared slots or more");
}

static void secure(uint64_t unused)
{
	(void)unused;
	need_slots(false);
	if (conduit_is_hvc)
		skip("no Secure world behind a hypervisor");
	ASK(INVALID, BIND, SECURE_TIMER);
}

static void secure_spi(uint64_t unused)
{
	(void)unused;
	need_slots(true);
	irq_set_priority(SECURE_UART, A_PRIORITY);
	if (irq_priority(SECURE_UART))
		skip("INTID 40 is the client's here");
	ASK(INVALID, BIND, SECURE_UART);
}

/* Number, type, priority, signalling; and the same number again. */
static void number(uint64_t source)
{
	const struct source *s = (const struct source *)source;
	uint64_t e = bind(s);

	expect(e & SDEI_EVENT_RESERVED_MASK, 0, "bits 31 and 29:24 of 0x%lx",
	       e);
	expect(e & SDEI_EVENT_VENDOR, SDEI_EVENT_VENDOR,
	       "the vendor bit of 0x%lx", e);
	ASK_VALUE(s->shared, GET_INFO, e, SDEI_INFO_TYPE);
	ASK_VALUE(SDEI_PRIORITY_NORMAL, GET_INFO, e, SDEI_INFO_PRIORITY);
	ASK_VALUE(SDEI_CANNOT_BE_SIGNALED, GET_INFO, e, SDEI_INFO_SIGNALED);
	ASK_VALUE(0, STATUS, e);
	ASK_VALUE((int64_t)e, BIND, s->intid);
	ASK_VALUE((int64_t)e, BIND, s->intid | UINT64_C(0xdead) << 32);
	ASK(INVALID, SIGNAL, e, pes[0].mpidr);
	if (pe_count > 1)
		expect((uint64_t)CALL_ON(1, BIND, s->intid), e, "BIND on PE 1");
}

/* The first of the SPIs has no device on this machine; it is shared as any is. */
static void first_spi(uint64_t unused)
{
	int64_t e;

	(void)unused;
	need_slots(true);
	irq_enable(FIRST_SPI, false);
	e = CALL(BIND, FIRST_SPI);
	if (e < 0)
		skip("INTID 32 is not the client's");
	ASK_VALUE(SDEI_TYPE_SHARED, GET_INFO, (uint64_t)e, SDEI_INFO_TYPE);
	ASK(OK, RELEASE, (uint64_t)e);
}

/* After RELEASE no call knows the number. */
static void released(uint64_t source)
{
	static const uint64_t fids[] = { ENABLE, DISABLE,  UNREGISTER,
					 STATUS, GET_INFO, ROUTING_SET,
					 RELEASE };
	uint32_t e = bind((const struct source *)source);

	ASK(OK, RELEASE, e);
	for (unsigned i = 0; i < COUNT(fids); i++)
		ASK(INVALID, fids[i], e, 0, 0);
	ASK(INVALID, REGISTER, e, ENTRY, 0, 0, 0);
}

static void release_states(uint64_t source)
{
	uint32_t e = bind((const struct source *)source);

	ASK(OK, REGISTER, e, ENTRY, 0, 0, 0);
	ASK(DENIED, RELEASE, e);
	ASK_VALUE(1, STATUS, e);
	ASK(OK, ENABLE, e);
	ASK(DENIED, RELEASE, e);
	ASK_VALUE(3, STATUS, e);
	ASK(OK, UNREGISTER, e);
	ASK(OK, RELEASE, e);
}

/* A private event is not free while any PE has it. */
static void registered_elsewhere(uint64_t unused)
{
	uint32_t e = bind(&timer_source);

	(void)unused;
	if (pe_count < 2)
		skip("one PE");
	expect((uint64_t)CALL_ON(1, REGISTER, e, ENTRY), 0, "REGISTER on PE 1");
	ASK_VALUE(0, STATUS, e);
	ASK(DENIED, RELEASE, e);
	ASK(DENIED, SHARED_RESET);
	expect((uint64_t)CALL_ON(1, STATUS, e), 1, "STATUS on PE 1");
	expect((uint64_t)CALL_ON(1, PRIVATE_RESET), 0, "PRIVATE_RESET on PE 1");
	ASK(OK, RELEASE, e);
}

static void shared_reset(uint64_t unused)
{
	uint32_t ppi, spi;

	(void)unused;
	need_slots(true);
	ppi = bind(&timer_source);
	spi = bind(&rtc_source);
	ASK(OK, REGISTER, ppi, ENTRY, 0, 0, 0);
	ASK(OK, REGISTER, spi, ENTRY, 0, 0, 0);
	ASK(DENIED, SHARED_RESET);
	ASK_VALUE(1, STATUS, ppi);
	ASK(OK, PRIVATE_RESET);
	ASK_VALUE(0, STATUS, ppi);
	ASK(OK, SHARED_RESET);
	ASK(INVALID, STATUS, ppi);
	ASK(INVALID, STATUS, spi);
}

/* PRIVATE_RESET releases nothing. */
static void private_reset(uint64_t unused)
{
	uint32_t e = bind(&timer_source);

	(void)unused;
	ASK(OK, REGISTER, e, ENTRY, 0, 0, 0);
	ASK(OK, PRIVATE_RESET);
	ASK_VALUE(0, STATUS, e);
	ASK_VALUE(e, BIND, timer_source.intid);
}

/* All slots taken: the next is refused, a bound one keeps its number. */
static void exhaust(const uint32_t *intids, unsigned n, unsigned count)
{
	int64_t first = CALL(BIND, intids[0]);

	if (conduit_is_hvc && first == SDEI_INVALID_PARAMETERS)
		skip("a hypervisor offers no interrupt without a device");
	if (n <= count)
		skip("more slots than spare interrupts");
	for (unsigned i = 1; i < count; i++)
		if (CALL(BIND, intids[i]) < 0) {
			ASK(OK, BIND, intids[i]);
			return;
		}
	ASK(NO_RESOURCE, BIND, intids[count]);
	ASK_VALUE(first, BIND, intids[0]);
	ASK(OK, RELEASE, (uint64_t)first);
	if (CALL(BIND, intids[count]) < 0)
		ASK(OK, BIND, intids[count]);
	ASK(NO_RESOURCE, BIND, intids[0]);
}

static void private_slots(uint64_t unused)
{
	static const uint32_t ppis[] = { SPARE_PPIS };

	(void)unused;
	need_slots(false);
	exhaust(ppis, COUNT(ppis), bind_slots_private());
	expect(bind_slots_private() > 0, true, "FEATURES(0) with all bound");
}

static void shared_slots(uint64_t unused)
{
	static uint32_t spis[MANY];

	(void)unused;
	need_slots(true);
	/* From the RTC upwards; a Secure one in between is not to be had. */
	for (unsigned i = 0, intid = 80; i < MANY; i++)
		spis[i] = intid++;
	exhaust(spis, MANY - 80, bind_slots_shared());
}

/* Active or pending: not Inactive, so it cannot be bound. */
static void not_inactive(uint64_t source)
{
	const struct source *s = (const struct source *)source;

	need_slots(s->shared);
	if (!s->shared && !can_bind_timer())
		skip("a hypervisor keeps the timer's interrupt to itself");
	s->quiet();
	irq_enable(s->intid, false);
	irq_set_active(s->intid, true);
	ASK(DENIED, BIND, s->intid);
	irq_set_active(s->intid, false);
	irq_set_edge(s->intid, true);
	irq_set_pending(s->intid, true);
	ASK(DENIED, BIND, s->intid);
	irq_set_pending(s->intid, false);
	bind(s);
}

/* Back with the client: disabled, configured as it was, and it interrupts. */
static void given_back(uint64_t source)
{
	const struct source *s = (const struct source *)source;
	uint64_t route = pes[pe_count - 1].mpidr;
	uint32_t intid;

	irq_set_priority(s->intid, A_PRIORITY);
	if (s->shared)
		irq_set_route(s->intid, route);
	ASK(OK, RELEASE, bind(s));
	expect(irq_is_enabled(s->intid), false, "enabled after RELEASE");
	expect(irq_is_edge(s->intid), s->edge, "edge-triggered after RELEASE");
	expect(irq_priority(s->intid), A_PRIORITY, "priority after RELEASE");
	if (s->shared)
		expect(irq_route(s->intid), route, "IROUTER after RELEASE");
	irq_mask();
	irq_route_here(s->intid);
	irq_enable(s->intid, true);
	s->fire();
	delay(A_WHILE);
	intid = irq_take();
	irq_enable(s->intid, false);
	s->quiet();
	irq_unmask();
	expect(intid, s->intid, "the interrupt that the client gets");
}

static const struct check checks[] = {
	{ "5.1.14", "INTERRUPT_BIND without slots: OUT_OF_RESOURCE", no_slots,
	  0 },
	{ "6.3", "at least two private and two shared slots", enough_slots, 0 },
	{ "5.1.14", "INTERRUPT_BIND of a Secure interrupt", secure, 0 },
	{ "5.1.14", "INTERRUPT_BIND of a Secure SPI, the Secure UART's",
	  secure_spi, 0 },
	{ "5.1.14", "INTERRUPT_BIND of a PPI: number and properties", number,
	  (uint64_t)&timer_source },
	{ "5.1.14", "INTERRUPT_BIND of an SPI: number and properties", number,
	  (uint64_t)&rtc_source },
	{ "5.1.14", "INTERRUPT_BIND of INTID 32, the first SPI: shared",
	  first_spi, 0 },
	{ "5.1.14", "INTERRUPT_BIND of a PPI that is active or pending",
	  not_inactive, (uint64_t)&timer_source },
	{ "5.1.14", "INTERRUPT_BIND of an SPI that is active or pending",
	  not_inactive, (uint64_t)&rtc_source },
	{ "5.1.14", "INTERRUPT_BIND of PPIs until no slot is left",
	  private_slots, 0 },
	{ "5.1.14", "INTERRUPT_BIND of SPIs until no slot is left",
	  shared_slots, 0 },
	{ "5.1.15", "INTERRUPT_RELEASE of a PPI: the number is gone", released,
	  (uint64_t)&timer_source },
	{ "5.1.15", "INTERRUPT_RELEASE of an SPI: the number is gone", released,
	  (uint64_t)&rtc_source },
	{ "5.1.15", "INTERRUPT_RELEASE of a registered private event",
	  release_states, (uint64_t)&timer_source },
	{ "5.1.15", "INTERRUPT_RELEASE of a registered shared event",
	  release_states, (uint64_t)&rtc_source },
	{ "5.1.15", "INTERRUPT_RELEASE of what another PE has registered",
	  registered_elsewhere, 0 },
	{ "5.1.15", "INTERRUPT_RELEASE: a PPI is the client's again",
	  given_back, (uint64_t)&timer_source },
	{ "5.1.15", "INTERRUPT_RELEASE: a level SPI is the client's again",
	  given_back, (uint64_t)&rtc_source },
	{ "5.1.15", "INTERRUPT_RELEASE: an edge SPI is the client's again",
	  given_back, (uint64_t)&rtc_edge_source },
	{ "5.1.19", "SHARED_RESET releases bindings, if none is registered",
	  shared_reset, 0 },
	{ "5.1.18", "PRIVATE_RESET releases no binding", private_reset, 0 },
};

void suite_bind(void)
{
	static const struct {
		uint32_t intid;
		const char *name;
	} bad[] = {
		{ 0, "SGI 0" },
		{ 15, "SGI 15" },
		{ 1020, "special 1020" },
		{ 1023, "special 1023" },
		{ 1024, "1024" },
		{ 8191, "8191" },
		{ 8192, "LPI 8192" },
		{ 0x7fffffff, "0x7fffffff" },
		{ 0xffffffff, "0xffffffff" },
	};

	for (unsigned i = 0; i < COUNT(bad); i++)
		check("5.1.14", refused, bad[i].intid,
		      "INTERRUPT_BIND: %s is refused", bad[i].name);
	CHECKS(checks);
}
