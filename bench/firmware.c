/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench.bin: what a client pays, on any firmware: each call, each event, from
 * the instruction that asks to the next one of the client's.
 */
#include "shot.h"
#include "support.h"

#include <sdei/abi.h>

/* bench_short.bin, for profile.py, does everything a few times only. */
#ifndef LOOPS
#define LOOPS 4096
#define SHOTS (64 * SHOT_PHASES)
#endif

#define UART_IMSC    0x09000038
#define UART_IMSC_TX (1u << 5)
#define UART_INTID   33
#define SHARED_EVENT 0x40000100 /* of OpenSDEI's qemu-virt platform */

static struct shot shot;

static uint64_t own_affinity(void)
{
	uint64_t mpidr;

	__asm__ volatile("mrs %0, mpidr_el1" : "=r"(mpidr));
	return mpidr & SDEI_AFFINITY_MASK;
}

static void must(const char *what, uint64_t result)
{
	if (!result)
		return;
	print("failed: ");
	print(what);
	print(" answered -");
	print_number(0 - result);
	print("\n");
	power_off();
}

/* `count` calls in a row, as one row. */
static void row_loop(const char *name, const struct arguments *arguments,
		     unsigned count, int known)
{
	uint64_t ticks = loop_calls(arguments, count, LOOPS);

	ticks -= loop_empty(arguments, count, LOOPS);
	print_row(name, (int64_t)ticks, LOOPS, known);
}

static void row_call(const char *name, uint64_t fid, uint64_t x1, uint64_t x2)
{
	row_loop(name, &(struct arguments){ { fid, x1, x2 } }, 1, 0);
}

/* Masking what is not masked, and back: each alone. */
static void rows_masking(void)
{
	const struct arguments mask = { { SDEI_FID_PE_MASK } };
	const struct arguments unmask = { { SDEI_FID_PE_UNMASK } };
	int64_t masking = 0, unmasking = 0;

	for (unsigned i = 0; i < SHOTS; i++) {
		shot_call(&shot, i % SHOT_PHASES, &mask);
		masking += (int64_t)(shot.back - shot.start);
		/* One delay a round, or phases would repeat. */
		shot_call(&shot, 0, &unmask);
		unmasking += (int64_t)(shot.back - shot.start);
	}
	print_row("mask", masking, SHOTS, OWN_CALL);
	print_row("unmask", unmasking, SHOTS, OWN_CALL);
}

static void register_event(uint64_t event, void (*entry)(void))
{
	must("EVENT_REGISTER", call(SDEI_FID_EVENT_REGISTER, event,
				    (uintptr_t)entry, (uintptr_t)&shot, 0, 0));
	must("EVENT_ENABLE", call(SDEI_FID_EVENT_ENABLE, event, 0, 0, 0, 0));
}

static void unregister_event(uint64_t event)
{
	must("EVENT_UNREGISTER",
	     call(SDEI_FID_EVENT_UNREGISTER, event, 0, 0, 0, 0));
}

static void rows_calls(void)
{
	row_call("version", SDEI_FID_VERSION, 0, 0);
	row_call("status", SDEI_FID_EVENT_STATUS, SDEI_EVENT_SIGNALLED, 0);
	row_call("get_info", SDEI_FID_EVENT_GET_INFO, SDEI_EVENT_SIGNALLED,
		 SDEI_INFO_TYPE);
	row_call("features", SDEI_FID_FEATURES, SDEI_FEATURE_BIND_SLOTS, 0);
	rows_masking();
}

/* ENABLE+DISABLE and REGISTER+UNREGISTER of an event nobody has. */
static void rows_pairs(const char *enable, const char *registration,
		       uint64_t event)
{
	const struct arguments life[] = {
		{ { SDEI_FID_EVENT_REGISTER, event, (uintptr_t)handler } },
		{ { SDEI_FID_EVENT_UNREGISTER, event } },
	};
	const struct arguments gate[] = {
		{ { SDEI_FID_EVENT_ENABLE, event } },
		{ { SDEI_FID_EVENT_DISABLE, event } },
	};

	row_loop(registration, life, 2, 0);
	must("EVENT_REGISTER",
	     call(SDEI_FID_EVENT_REGISTER, event, (uintptr_t)handler, 0, 0, 0));
	row_loop(enable, gate, 2, 0);
	unregister_event(event);
}

/* Sums of many passages of one event. */
struct passages {
	int64_t entry, handler, leave;
};

static void add_shot(struct passages *sum)
{
	sum->entry += (int64_t)(shot.entered - shot.start);
	sum->handler += (int64_t)(shot.leaving - shot.entered);
	sum->leave += (int64_t)(shot.back - shot.leaving);
}

static struct passages signals(void (*entry)(void))
{
	const struct arguments signal = { {
		SDEI_FID_EVENT_SIGNAL,
		SDEI_EVENT_SIGNALLED,
		own_affinity(),
	} };
	struct passages sum = { 0 };

	register_event(SDEI_EVENT_SIGNALLED, entry);
	for (unsigned i = 0; i < SHOTS; i++) {
		must("EVENT_SIGNAL",
		     shot_call(&shot, i % SHOT_PHASES, &signal));
		add_shot(&sum);
	}
	unregister_event(SDEI_EVENT_SIGNALLED);
	return sum;
}

static void rows_signal(void)
{
	const struct arguments signal = { {
		SDEI_FID_EVENT_SIGNAL,
		SDEI_EVENT_SIGNALLED,
		own_affinity(),
	} };
	struct passages sum = signals(handler);

	print_row("signal", sum.entry, SHOTS, OWN_CALL);
	print_row("complete", sum.leave, SHOTS, OWN_LEAVING);
	print_row("resume", signals(handler_resume).leave, SHOTS, OWN_LEAVING);
	print_row("context",
		  signals(handler_context).handler -
			  signals(handler_no_context).handler,
		  SHOTS, 0);
	register_event(SDEI_EVENT_SIGNALLED, handler_bare);
	row_loop("round_trip", &signal, 1, OWN_BARE);
	unregister_event(SDEI_EVENT_SIGNALLED);
}

/*
 * A bound level interrupt: the UART has room to transmit all the time, so its
 * transmit interrupt is pending exactly while it is not masked in the UART.
 */
static void rows_bound(void)
{
	uint64_t slots = call(SDEI_FID_FEATURES, SDEI_FEATURE_BIND_SLOTS, 0, 0,
			      0, 0);
	struct passages sum = { 0 };
	uint64_t event;

	if ((int64_t)slots <= 0 || !(slots >> 16 & 0xffff)) {
		print_note("bound", "no slots for shared events");
		print_note("bound_complete", "no slots for shared events");
		return;
	}
	event = call(SDEI_FID_INTERRUPT_BIND, UART_INTID, 0, 0, 0, 0);
	if ((int64_t)event < 0)
		must("INTERRUPT_BIND", event);
	register_event(event, handler_quiet);
	for (unsigned i = 0; i < SHOTS; i++) {
		shot_store(&shot, i % SHOT_PHASES, UART_IMSC, UART_IMSC_TX);
		add_shot(&sum);
	}
	unregister_event(event);
	must("INTERRUPT_RELEASE",
	     call(SDEI_FID_INTERRUPT_RELEASE, event, 0, 0, 0, 0));
	print_row("bound", sum.entry, SHOTS, OWN_STORE);
	print_row("bound_complete", sum.leave, SHOTS, OWN_LEAVING);
}

void bench_main(void)
{
	if ((int64_t)call(SDEI_FID_VERSION, 0, 0, 0, 0, 0) <= 0) {
		print("failed: no SDEI here\n");
		return;
	}
	call(SDEI_FID_PRIVATE_RESET, 0, 0, 0, 0, 0);
	call(SDEI_FID_SHARED_RESET, 0, 0, 0, 0, 0);
	must("PE_UNMASK", call(SDEI_FID_PE_UNMASK, 0, 0, 0, 0, 0));
	rows_calls();
	rows_pairs("enable_disable", "register_unregister",
		   SDEI_EVENT_SIGNALLED);
	if (call(SDEI_FID_EVENT_GET_INFO, SHARED_EVENT, SDEI_INFO_TYPE, 0, 0,
		 0) == SDEI_TYPE_SHARED)
		rows_pairs("enable_disable_shared",
			   "register_unregister_shared", SHARED_EVENT);
	rows_signal();
	rows_bound();
	print("end\n");
}
