/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Critical events and normal ones on one PE (4.3.2): who pre-empts whom. What
 * the handlers do is written down as it happens, N and n for begin and end of a
 * normal handler, C and c of the critical one, D and d of another critical one:
 * "NCcn" is nesting, "NnCc" is one after the other.
 */
#include "check.h"
#include "event.h"
#include "help.h"
#include "source.h"
#include "suites.h"

typedef void step(void);

static uint32_t critical, other, normal;
static step *in_normal, *in_critical; /* once each, then NULL */
static char order_buffer[32];
static struct text order;
static const struct source *source;

static void note(const char *what)
{
	text_add(&order, "%s", what);
}

static void take(step **once)
{
	step *run = *once;

	*once = NULL;
	if (run)
		run();
}

static void on_event_any(struct pe *pe, struct record *r)
{
	uint64_t event = r->at.x[0];

	expect(r->at.x[1], ARGUMENT(pe->index), "x1, the argument");
	if (event == critical) {
		note("C");
		take(&in_critical);
		note("c");
	} else if (event == other) {
		note("D");
		note("d");
	} else {
		expect(event, normal, "x0, the event's number");
		note("N");
		if (source)
			source->quiet();
		take(&in_normal);
		note("n");
	}
}

static uint64_t enable_job(struct pe *pe, uint64_t event)
{
	pe->handler = on_event_any;
	ASK(OK, REGISTER, event, ENTRY, ARGUMENT(pe->index),
	    SDEI_REGISTER_RM_PE, pe->mpidr);
	ASK(OK, ENABLE, event);
	return 0;
}

/* Both registered and enabled on a PE, which is unmasked. */
static void start_on(unsigned pe, uint64_t type, step *n, step *c)
{
	source = NULL;
	critical = need_critical((unsigned)type);
	normal = 0;
	other = critical;
	in_normal = n;
	in_critical = c;
	text_start(&order, order_buffer, sizeof(order_buffer));
	pe_run(pe, enable_job, critical);
	listen(pe, on_event_any);
}

static void start(uint64_t type, step *n, step *c)
{
	start_on(0, type, n, c);
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* The order of things, soon; and a while later no more. */
static void happened(const char *want)
{
	wait_until(same(order.at, want), SOON);
	delay(A_WHILE);
	if (!same(order.at, want))
		fail("handlers: %s; specification: %s", order.at, want);
}

static void raise_it(void)
{
	raise(critical, 0);
	delay(A_WHILE);
}

static void signal_it(void)
{
	signal(0);
	delay(A_WHILE);
}

/* On its own. */
static void status_inside(void)
{
	ASK_VALUE(7, STATUS, critical);
	ASK_VALUE(3, STATUS, normal);
}

static void arrives(uint64_t type)
{
	start(type, NULL, status_inside);
	raise_it();
	happened("Cc");
	ASK_VALUE(3, STATUS, critical);
	ASK(DENIED, COMPLETE, 0);
	raise_it();
	happened("CcCc");
}

/* Over a normal one: both run, then the normal one alone, then none. */
static void both_running(void)
{
	ASK_VALUE(7, STATUS, critical);
	ASK_VALUE(7, STATUS, normal);
}

static void be_preempted(void)
{
	raise_it();
	happened("NCc");
	ASK_VALUE(3, STATUS, critical);
	ASK_VALUE(7, STATUS, normal);
}

static void preempts(uint64_t type)
{
	start(type, be_preempted, both_running);
	signal(0);
	happened("NCcn");
	ASK_VALUE(3, STATUS, normal);
	ASK(DENIED, COMPLETE, 0);
	in_normal = be_preempted;
	text_start(&order, order_buffer, sizeof(order_buffer));
	signal(0);
	happened("NCcn");
}

/* The same over an event that is bound to an interrupt, twice. */
static void preempts_bound(uint64_t s)
{
	start(SDEI_TYPE_PRIVATE, be_preempted, both_running);
	source = (const struct source *)s;
	normal = bind(source);
	enable_job(this_pe(), normal);
	source->fire();
	happened("NCcn");
	ASK_VALUE(3, STATUS, normal);
	in_normal = be_preempted;
	text_start(&order, order_buffer, sizeof(order_buffer));
	source->fire();
	happened("NCcn");
}

/* Normal never pre-empts, neither a critical one nor the one below it. */
static void normal_waits(uint64_t type)
{
	start(type, NULL, signal_it);
	raise_it();
	happened("CcNn");
}

static void normal_waits_for_both(uint64_t type)
{
	start(type, raise_it, signal_it);
	signal(0);
	happened("NCcnNn");
}

/* Nor does critical pre-empt critical. */
static void critical_waits(uint64_t type)
{
	start(type, raise_it, raise_it);
	signal(0);
	happened("NCcCcn");
}

static void raise_other(void)
{
	raise(other, 0);
	delay(A_WHILE);
}

static void other_waits(uint64_t type)
{
	uint32_t second = need_critical(!type);

	start(type, raise_it, raise_other);
	other = second;
	enable_job(this_pe(), other);
	signal(0);
	happened("NCcDdn");
}

/* Both wait for UNMASK: the critical one is first. */
static void both_pending(uint64_t signal_first)
{
	start(SDEI_TYPE_PRIVATE, NULL, NULL);
	CALL(PE_MASK);
	if (signal_first)
		signal(0);
	raise_it();
	if (!signal_first)
		signal(0);
	happened("");
	ASK(OK, PE_UNMASK);
	happened("CcNn");
}

static void both_pending_shared(uint64_t unused)
{
	(void)unused;
	start(SDEI_TYPE_SHARED, NULL, NULL);
	CALL(PE_MASK);
	signal(0);
	raise_it();
	happened("");
	ASK(OK, PE_UNMASK);
	happened("CcNn");
}

/*
 * Masks inside. DEN0054C lets changes to events wait for the handler's end; the
 * mask is the PE's, and every dispatcher in the field has it hold at once.
 */
static void mask_and_raise(void)
{
	ASK_VALUE(1, PE_MASK);
	ASK_VALUE(0, PE_MASK);
	raise_it();
	note("m");
}

static void mask_raise_unmask(void)
{
	mask_and_raise();
	ASK(OK, PE_UNMASK);
	delay(A_WHILE);
}

static void masked_in_normal(uint64_t type)
{
	start(type, mask_raise_unmask, NULL);
	signal(0);
	happened("NmCcn");
	ASK_VALUE(1, PE_MASK);
}

static void masked_after_normal(uint64_t type)
{
	start(type, mask_and_raise, NULL);
	signal(0);
	happened("Nmn");
	ASK_VALUE(0, PE_MASK);
	ASK(OK, PE_UNMASK);
	happened("NmnCc");
}

static void mask_signal_raise(void)
{
	ASK_VALUE(1, PE_MASK);
	signal_it();
	raise_it();
}

static void masked_in_critical(uint64_t type)
{
	start(type, raise_it, mask_signal_raise);
	signal(0);
	happened("NCcn");
	ASK_VALUE(0, PE_MASK);
	ASK(OK, PE_UNMASK);
	happened("NCcnCcNn");
}

static void raise_disabled(void)
{
	ASK(OK, DISABLE, critical);
	raise_it();
	note("d");
	ASK(OK, ENABLE, critical);
	delay(A_WHILE);
}

static void disabled_in_normal(uint64_t type)
{
	start(type, raise_disabled, both_running);
	signal(0);
	happened("NdCcn");
}

/* The end of registrations while both run. */
static void unregister_normal(void)
{
	ASK(PENDING, UNREGISTER, normal);
	ASK_VALUE(4, STATUS, normal);
	ASK_VALUE(7, STATUS, critical);
}

static void unregister_critical(void)
{
	ASK(PENDING, UNREGISTER, critical);
	ASK_VALUE(4, STATUS, critical);
	ASK_VALUE(7, STATUS, normal);
}

static void unregistered(uint64_t which_normal)
{
	start(SDEI_TYPE_PRIVATE, raise_it,
	      which_normal ? unregister_normal : unregister_critical);
	signal(0);
	happened("NCcn");
	ASK_VALUE(which_normal ? 0 : 3, STATUS, normal);
	ASK_VALUE(which_normal ? 3 : 0, STATUS, critical);
	ASK(OK, UNREGISTER, which_normal ? critical : normal);
}

static void reset_inside(void)
{
	bool shared = CALL(GET_INFO, critical, SDEI_INFO_TYPE) ==
		      SDEI_TYPE_SHARED;

	ASK(DENIED, PRIVATE_RESET);
	ASK_VALUE(4, STATUS, normal);
	ASK_VALUE(shared ? 7 : 4, STATUS, critical);
	if (shared)
		ASK(DENIED, SHARED_RESET);
	ASK_VALUE(4, STATUS, critical);
}

static void reset_in_both(uint64_t type)
{
	start(type, raise_it, reset_inside);
	signal(0);
	happened("NCcn");
	ASK_VALUE(0, STATUS, normal);
	ASK_VALUE(0, STATUS, critical);
	ASK(OK, PRIVATE_RESET);
	ASK(OK, SHARED_RESET);
}

static const struct check checks[] = {
	{ "4.3.2", "a critical event arrives, private", arrives,
	  SDEI_TYPE_PRIVATE },
	{ "4.3.2", "a critical event arrives, shared", arrives,
	  SDEI_TYPE_SHARED },
	{ "4.3.2", "critical, private, pre-empts normal", preempts,
	  SDEI_TYPE_PRIVATE },
	{ "4.3.2", "critical, shared, pre-empts normal", preempts,
	  SDEI_TYPE_SHARED },
	{ "4.3.2", "critical pre-empts normal: bound PPI", preempts_bound,
	  (uint64_t)&timer_source },
	{ "4.3.2", "critical pre-empts normal: bound SPI, level",
	  preempts_bound, (uint64_t)&rtc_source },
	{ "4.3.2", "critical pre-empts normal: bound SPI, edge", preempts_bound,
	  (uint64_t)&rtc_edge_source },
	{ "4.3.2", "normal waits for critical, private", normal_waits,
	  SDEI_TYPE_PRIVATE },
	{ "4.3.2", "normal waits for critical, shared", normal_waits,
	  SDEI_TYPE_SHARED },
	{ "4.3.2", "normal waits for critical, private, over normal",
	  normal_waits_for_both, SDEI_TYPE_PRIVATE },
	{ "4.3.2", "normal waits for critical, shared, over normal",
	  normal_waits_for_both, SDEI_TYPE_SHARED },
	{ "4.3.2", "critical, private, waits for itself", critical_waits,
	  SDEI_TYPE_PRIVATE },
	{ "4.3.2", "critical, shared, waits for itself", critical_waits,
	  SDEI_TYPE_SHARED },
	{ "4.3.2", "critical, shared, waits for critical, private", other_waits,
	  SDEI_TYPE_PRIVATE },
	{ "4.3.2", "critical, private, waits for critical, shared", other_waits,
	  SDEI_TYPE_SHARED },
	{ "4.3.2", "both wait for UNMASK, critical is first, raised last",
	  both_pending, 1 },
	{ "4.3.2", "both wait for UNMASK, critical is first, raised first",
	  both_pending, 0 },
	{ "4.3.2", "both wait for UNMASK, critical, shared, is first",
	  both_pending_shared, 0 },
	{ "5.1.12", "PE_MASK in normal holds critical, private, until UNMASK",
	  masked_in_normal, SDEI_TYPE_PRIVATE },
	{ "5.1.12", "PE_MASK in normal holds critical, shared, until UNMASK",
	  masked_in_normal, SDEI_TYPE_SHARED },
	{ "5.1.12", "PE_MASK in normal holds critical, private, past COMPLETE",
	  masked_after_normal, SDEI_TYPE_PRIVATE },
	{ "5.1.12", "PE_MASK in normal holds critical, shared, past COMPLETE",
	  masked_after_normal, SDEI_TYPE_SHARED },
	{ "5.1.12", "PE_MASK in critical over normal holds past both",
	  masked_in_critical, SDEI_TYPE_PRIVATE },
	{ "5.1.3", "DISABLE, raise, ENABLE in normal: critical pre-empts then",
	  disabled_in_normal, SDEI_TYPE_PRIVATE },
	{ "5.1.8", "UNREGISTER in critical over normal, of the normal one",
	  unregistered, 1 },
	{ "5.1.8", "UNREGISTER in critical over normal, of itself",
	  unregistered, 0 },
	{ "5.1.18", "resets in critical, private, over normal", reset_in_both,
	  SDEI_TYPE_PRIVATE },
	{ "5.1.19", "resets in critical, shared, over normal", reset_in_both,
	  SDEI_TYPE_SHARED },
};

void suite_critical(void)
{
	CHECKS(checks);
}
