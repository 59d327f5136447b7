/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the conformance payload cannot ask of TF-A, since it needs the platform of
 * platform.c with the map of test_tf_a.py: events that code at EL3 dispatches, events of
 * the platform's interrupts, power-down within a handler that is waited for, and sleep.
 * Prints a line for each check, `ok` or `not ok`, and `end`.
 */
#include "../../bench/support.h"

#include <sdei/abi.h>

enum { NORMAL = 100, CRITICAL = 101, PPI_EVENT = 110, SPI_EVENT = 200 };

#define DISPATCH      0xC2000001 /* platform.c */
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
static volatile enum { NOTHING, NEST, AGAIN, SIGNAL, GO_OFF } in_handler;
static volatile uint64_t inside, signalled_inside;
static volatile unsigned rounds;
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

void handle(uint64_t number)
{
	const unsigned signals = seen[0];

	seen[number & 255]++;
	if (number == PPI_EVENT)
		__asm__ volatile("msr cntp_ctl_el0, xzr\n"
				 "isb");
	if (number == SPI_EVENT) {
		*reg(PL031 + PL031_IMSC) = 0;
		*reg(PL031 + PL031_ICR) = 1;
	}
	if (number != NORMAL)
		return;
	if (in_handler == NEST)
		inside = dispatch(CRITICAL);
	if (in_handler == AGAIN)
		inside = dispatch(NORMAL);
	if (in_handler == SIGNAL) {
		inside = CALL(EVENT_SIGNAL, 0, my_affinity());
		signalled_inside = seen[0] != signals;
	}
	if (in_handler == GO_OFF)
		smc(CPU_OFF, 0, 0, 0, 0);
}

/* Until something has been seen so often, or a while. */
static int comes(unsigned number, unsigned times)
{
	for (unsigned i = 0; i < 50000000 && seen[number] < times; i++)
		;
	return seen[number] == times;
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
	in_handler = AGAIN;
	check(dispatch(NORMAL) == 0 && inside == no,
	      "explicit: normal in the handler of a normal one, refused");
	in_handler = SIGNAL;
	check(dispatch(NORMAL) == 0 && inside == 0 && !signalled_inside &&
		      comes(0, 1),
	      "explicit: a signal in the handler comes after the call's result");
	in_handler = NOTHING;
}

static void interrupts(void)
{
	start(PPI_EVENT, 3);
	start(SPI_EVENT, 4);
	for (unsigned i = 1; i <= 3; i++) {
		__asm__ volatile("msr cntp_tval_el0, %0\n"
				 "msr cntp_ctl_el0, %1\n"
				 "isb"
				 :
				 : "r"(UINT64_C(1000)), "r"(UINT64_C(1)));
		if (!comes(PPI_EVENT, i))
			break;
	}
	check(seen[PPI_EVENT] == 3, "static: a PPI's event, three times");
	for (unsigned i = 1; i <= 2; i++) {
		*reg(PL031 + PL031_MR) = *reg(PL031 + PL031_DR);
		*reg(PL031 + PL031_IMSC) = 1;
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

/* On the other PE. It does not return from the handler. */
void second_main(void)
{
	rounds++;
	start(NORMAL, 5);
	CALL(PE_UNMASK, 0, 0);
	in_handler = GO_OFF;
	dispatch(NORMAL);
	in_handler = NOTHING;
	print("not ok power: CPU_OFF returned\n");
}

static int off_again(unsigned times)
{
	const unsigned before = seen[NORMAL];

	smc(CPU_ON, 1, (uintptr_t)second, (uintptr_t)stacks[7], 0);
	for (unsigned i = 0; i < 50000000 && rounds < times; i++)
		;
	for (unsigned i = 0; i < 1000000; i++)
		if (smc(AFFINITY_INFO, 1, 0, 0, 0) == OFF)
			return rounds == times && seen[NORMAL] == before + 1;
	return 0;
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
	__asm__ volatile("msr cntp_tval_el0, %0\n"
			 "msr cntp_ctl_el0, %1\n"
			 "isb"
			 :
			 : "r"(UINT64_C(1000)), "r"(UINT64_C(1)));
	check(comes(PPI_EVENT, before + 1), "power: the PPI's event, too");
	check(dispatch(CRITICAL) == 0, "power: and one of EL3's");
}

void bench_main(void)
{
	explicit_events();
	interrupts();
	power();
	print("end\n");
}
