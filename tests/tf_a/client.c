/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the conformance payload cannot ask of TF-A, since it needs the platform of
 * platform.c with the map of test_tf_a.py: events that code at EL3 dispatches, events of
 * the platform's interrupts, power-down within a handler that is waited for, and sleep.
 * Prints a line for each check, `ok` or `not ok`, and `end`.
 */
#include "../../bench/support.h"

#include <sdei/abi.h>

enum {
	NORMAL = 100,
	CRITICAL = 101,
	PPI_EVENT = 110,
	CRITICAL_PPI_EVENT = 111,
	SPI_EVENT = 200
};

/* platform.c */
#define DISPATCH  0xC2000001
#define STAY      0xC2000002
#define IS_ASLEEP 0xC2000003

#define CPU_OFF       0x84000002
#define CPU_ON        0xC4000003
#define AFFINITY_INFO 0xC4000004
#define OFF           1
#define POWER_DOWN    0x10002 /* the QEMU port's, of one PE */

#define PL031      0x09010000
#define PL031_DR   0x00
#define PL031_MR   0x04
#define PL031_IMSC 0x10
#define PL031_ICR  0x1c

void handler(void);
void second(void);
uint64_t sleep(uint64_t state);
void handle(uint64_t number);
void second_main(void);

static volatile unsigned seen[256];
/* In the handler of NORMAL: what to do there, and what came of it. */
static volatile enum {
	NOTHING,
	NEST,
	NEST_PREEMPT,
	AGAIN,
	SIGNAL,
	GO_OFF
} in_handler;
static volatile uint64_t inside, signalled_inside;
static volatile unsigned rounds;
/* The other PE takes leave of one that sleeps, and has released this. */
static volatile uint64_t bound;
static volatile int released = -1, there;
static _Alignas(16) char stacks[8][2048];

static uint64_t smc(uint64_t fid, uint64_t a, uint64_t b, uint64_t c,
		    uint64_t d)
{
	register uint64_t x0 __asm__("x0") = fid;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;
	register uint64_t x3 __asm__("x3") = c;
	register uint64_t x4 __asm__("x4") = d;
	register uint64_t x5 __asm__("x5") = 0;

	__asm__ volatile("smc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4),
			   "+r"(x5)
			 :
			 : "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
			   "x14", "x15", "x16", "x17", "memory");
	return x0;
}

#define CALL(name, a, b) smc(SDEI_FID_##name, a, b, 0, 0)

static volatile uint32_t *reg(uint64_t address)
{
	return (volatile uint32_t *)address;
}

static uint64_t dispatch(uint64_t event)
{
	return smc(DISPATCH, event, 0, 0, 0);
}

static void check(int right, const char *what)
{
	print(right ? "ok " : "not ok ");
	print(what);
	print("\n");
}

static void start(uint64_t event, unsigned stack)
{
	smc(SDEI_FID_EVENT_REGISTER, event, (uintptr_t)handler,
	    (uintptr_t)stacks[stack + 1], 0);
	CALL(EVENT_ENABLE, event, 0);
}

static uint64_t my_affinity(void)
{
	uint64_t mpidr;

	__asm__ volatile("mrs %0, mpidr_el1" : "=r"(mpidr));
	return mpidr & SDEI_AFFINITY_MASK;
}

/* Until something has been seen so often, or a while. */
static int comes(unsigned number, unsigned times)
{
	for (unsigned i = 0; i < 50000000 && seen[number] < times; i++)
		;
	return seen[number] == times;
}

/* A timer fires: PPI 30 (cntp), 27 (cntv) or, EL2's, 26 (cnthp). */
#define FIRE(tval, ctl) \
	__asm__ volatile("msr " tval ", %0\n" \
			 "msr " ctl ", %1\n" \
			 "isb" \
			 : \
			 : "r"(UINT64_C(1000)), "r"(UINT64_C(1)))

void handle(uint64_t number)
{
	const unsigned signals = seen[0];

	seen[number & 255]++;
	if (number == PPI_EVENT)
		__asm__ volatile("msr cntp_ctl_el0, xzr\n"
				 "isb");
	if (number == CRITICAL_PPI_EVENT)
		__asm__ volatile("msr cntv_ctl_el0, xzr\n"
				 "isb");
	if (number == SPI_EVENT) {
		*reg(PL031 + PL031_IMSC) = 0;
		*reg(PL031 + PL031_ICR) = 1;
	}
	if (number != NORMAL)
		return;
	if (in_handler == NEST)
		inside = dispatch(CRITICAL);
	if (in_handler == NEST_PREEMPT) {
		inside = dispatch(CRITICAL);
		FIRE("cntv_tval_el0", "cntv_ctl_el0");
		signalled_inside = comes(CRITICAL_PPI_EVENT, 1);
	}
	if (in_handler == AGAIN)
		inside = dispatch(NORMAL);
	if (in_handler == SIGNAL) {
		inside = CALL(EVENT_SIGNAL, 0, my_affinity());
		signalled_inside = seen[0] != signals;
	}
	if (in_handler == GO_OFF)
		smc(CPU_OFF, 0, 0, 0, 0);
}

static void explicit_events(void)
{
	const uint64_t no = (uint64_t)-1;

	check(dispatch(NORMAL) == no, "explicit: not registered, refused");
	start(0, 0);
	start(NORMAL, 1);
	start(CRITICAL, 2);
	check(dispatch(NORMAL) == no && !seen[NORMAL],
	      "explicit: masked, refused");
	CALL(PE_UNMASK, 0, 0);
	check(!seen[NORMAL], "explicit: what was refused is not pending");
	check(dispatch(NORMAL) == 0 && seen[NORMAL] == 1,
	      "explicit: normal, handled when the call returns");
	check(dispatch(CRITICAL) == 0 && seen[CRITICAL] == 1,
	      "explicit: critical");
	check(dispatch(0) == no && dispatch(SPI_EVENT) == no &&
		      dispatch(PPI_EVENT) == no && dispatch(77) == no,
	      "explicit: event 0, an interrupt's and an unknown one, refused");
	in_handler = NEST;
	check(dispatch(NORMAL) == 0 && inside == 0 && seen[CRITICAL] == 2,
	      "explicit: critical in the handler of a normal one");
	check(dispatch(NORMAL) == 0 && inside == 0 && seen[CRITICAL] == 3,
	      "explicit: and again");
	start(CRITICAL_PPI_EVENT, 5);
	in_handler = NEST_PREEMPT;
	check(dispatch(NORMAL) == 0 && inside == 0 && signalled_inside,
	      "explicit: a critical interrupt after the nested one pre-empts");
	in_handler = AGAIN;
	check(dispatch(NORMAL) == 0 && inside == no,
	      "explicit: normal in the handler of a normal one, refused");
	in_handler = SIGNAL;
	check(dispatch(NORMAL) == 0 && inside == 0 && !signalled_inside &&
		      comes(0, 1),
	      "explicit: a signal in the handler comes after the call's result");
	in_handler = NOTHING;
}

static void fire_spi(void)
{
	*reg(PL031 + PL031_MR) = *reg(PL031 + PL031_DR);
	*reg(PL031 + PL031_IMSC) = 1;
}

static void interrupts(void)
{
	start(PPI_EVENT, 3);
	start(SPI_EVENT, 4);
	for (unsigned i = 1; i <= 3; i++) {
		FIRE("cntp_tval_el0", "cntp_ctl_el0");
		if (!comes(PPI_EVENT, i))
			break;
	}
	check(seen[PPI_EVENT] == 3, "static: a PPI's event, three times");
	for (unsigned i = 1; i <= 2; i++) {
		fire_spi();
		if (!comes(SPI_EVENT, i))
			break;
	}
	check(seen[SPI_EVENT] == 2, "static: an SPI's event, twice");
	check(CALL(INTERRUPT_BIND, 30, 0) ==
			      (uint64_t)SDEI_INVALID_PARAMETERS &&
		      CALL(INTERRUPT_BIND, 34, 0) ==
			      (uint64_t)SDEI_INVALID_PARAMETERS,
	      "static: neither can be bound");
}

/* On the other PE. It goes off; not by a return from the handler. */
void second_main(void)
{
	if (bound != 0U) {
		there = 1;
		while (smc(IS_ASLEEP, 0, 0, 0, 0) == 0U)
			;
		released = (int)CALL(INTERRUPT_RELEASE, bound, 0);
		smc(CPU_OFF, 0, 0, 0, 0);
	}
	rounds++;
	start(NORMAL, 6);
	CALL(PE_UNMASK, 0, 0);
	in_handler = GO_OFF;
	dispatch(NORMAL);
	in_handler = NOTHING;
	print("not ok power: CPU_OFF returned\n");
}

static int off_again(unsigned times)
{
	const unsigned before = seen[NORMAL];

	smc(CPU_ON, 1, (uintptr_t)second, (uintptr_t)stacks[8], 0);
	for (unsigned i = 0; i < 50000000 && rounds < times; i++)
		;
	for (unsigned i = 0; i < 1000000; i++)
		if (smc(AFFINITY_INFO, 1, 0, 0, 0) == OFF)
			return rounds == times && seen[NORMAL] == before + 1;
	return 0;
}

/* What the other PE does and leaves behind is put right when this one wakes. */
static void asleep_while_the_other_goes(void)
{
	const unsigned before = seen[SPI_EVENT];

	CALL(PE_UNMASK, 0, 0);
	bound = CALL(INTERRUPT_BIND, 26, 0);
	check((int64_t)bound > 0, "sleep: a PPI is bound");
	smc(STAY, 0, 0, 0, 0);
	smc(CPU_ON, 1, (uintptr_t)second, (uintptr_t)stacks[8], 0);
	while (!there)
		;
	check(sleep(POWER_DOWN) == 0 && released == 0,
	      "sleep: till the other PE has released the PPI, and is off");
	CALL(PE_UNMASK, 0, 0);
	fire_spi();
	check(comes(SPI_EVENT, before + 1),
	      "sleep: an SPI's event comes here when the other PE is off");
	FIRE("cnthp_tval_el2", "cnthp_ctl_el2");
	for (volatile unsigned i = 0; i < 1000000; i++)
		;
	check(1, "sleep: what was released is the client's, EL3 leaves it");
	__asm__ volatile("msr cnthp_ctl_el2, xzr");
	check(CALL(INTERRUPT_BIND, 26, 0) == bound,
	      "sleep: and may be bound again");
}

static void power(void)
{
	unsigned before;

	check(off_again(1), "power: CPU_OFF in a handler that EL3 waits for");
	check(off_again(2), "power: and again, on the same PE");
	in_handler = NOTHING;
	before = seen[NORMAL];
	check(dispatch(NORMAL) == 0 && seen[NORMAL] == before + 1,
	      "power: this PE is as it was");
	check(sleep(POWER_DOWN) == 0, "power: suspended to power-down, woken");
	before = seen[0];
	CALL(EVENT_SIGNAL, 0, my_affinity());
	check(seen[0] == before, "power: masked when it has woken");
	CALL(PE_UNMASK, 0, 0);
	check(comes(0, before + 1), "power: registered as before, delivered");
	before = seen[PPI_EVENT];
	FIRE("cntp_tval_el0", "cntp_ctl_el0");
	check(comes(PPI_EVENT, before + 1), "power: the PPI's event, too");
	check(dispatch(CRITICAL) == 0, "power: and one of EL3's");
}

void bench_main(void)
{
	explicit_events();
	interrupts();
	power();
	asleep_while_the_other_goes();
	print("end\n");
}
