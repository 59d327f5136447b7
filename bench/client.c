/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_client.bin: the client library on our firmware, at EL2: how many of its
 * own instructions lie between an event and its callback, and between that and
 * the call that ends it. What the firmware needs for these calls is measured
 * with bare handlers and taken off; an SMC counts as the client's.
 */
#include "shot.h"
#include "support.h"

#include <sdei/client.h>

#ifndef SHOTS
#define SHOTS (64 * SHOT_PHASES)
#endif
#define CONTEXTS  4 /* EVENT_CONTEXT calls of the client */
#define OWN_ENTRY 3 /* all of stamped_entry */

void stamped_entry(void);
sdei_handler stamped_callback;
extern char resume_vectors[];

static struct shot shot;
static unsigned char stacks[2][4096] __attribute__((aligned(16)));
static unsigned char memory[8192] __attribute__((aligned(16)));
static struct sdei_client_cpu cpu = { .stack = { stacks[0], stacks[1] } };

static unsigned op_cpu(void *context)
{
	(void)context;
	return 0;
}

static bool op_run_on(void *context, unsigned index, void (*function)(void *),
		      void *argument)
{
	(void)context, (void)index;
	function(argument);
	return true;
}

static void op_trouble(void *context, enum sdei_trouble what, unsigned index,
		       uint32_t event, int64_t detail)
{
	(void)context, (void)index, (void)event, (void)detail;
	print("failed: ");
	print(sdei_trouble_text(what));
	print("\n");
	power_off();
}

static const struct sdei_client_ops ops = {
	.cpu = op_cpu,
	.run_on = op_run_on,
	.trouble = op_trouble,
};

static void must(const char *what, int64_t result)
{
	if (!result)
		return;
	print("failed: ");
	print(what);
	print(" answered -");
	print_number(0 - (uint64_t)result);
	print("\n");
	power_off();
}

static struct sdei_client *start(uint32_t recreate)
{
	const struct sdei_client_config config = {
		.cpus = &cpu,
		.ops = &ops,
		.cpu_count = 1,
		.event_count = 4,
		.stack_size = sizeof(stacks[0]),
		.conduit = SDEI_CONDUIT_SMC,
		.recreate = recreate,
		.entry_point = (uintptr_t)stamped_entry,
	};
	const char *why = "";
	struct sdei_client *c;

	__asm__ volatile("mrs %0, mpidr_el1" : "=r"(cpu.affinity));
	cpu.affinity &= SDEI_AFFINITY_MASK;
	c = sdei_client_init(memory, sizeof(memory), &config, &why);
	if (!c) {
		print("failed: ");
		print(why);
		print("\n");
		power_off();
	}
	must("probe", sdei_client_probe(c));
	return c;
}

/* Ticks, summed over many events, of three passages. */
struct passages {
	int64_t entry, handler, leave;
};

static struct passages signal_often(void)
{
	const struct arguments signal = { {
		SDEI_FID_EVENT_SIGNAL,
		SDEI_EVENT_SIGNALLED,
		cpu.affinity,
	} };
	struct passages sum = { 0 };

	for (unsigned i = 0; i < SHOTS; i++) {
		must("signal",
		     (int64_t)shot_call(&shot, i % SHOT_PHASES, &signal));
		sum.entry += (int64_t)(shot.called - shot.entered);
		sum.handler += (int64_t)(shot.leaving - shot.entered);
		sum.leave += (int64_t)(shot.back - shot.leaving);
	}
	return sum;
}

static struct passages with_client(struct sdei_client *c)
{
	struct passages sum;

	must("register", sdei_client_register(c, SDEI_EVENT_SIGNALLED,
					      stamped_callback, &shot));
	must("enable", sdei_client_enable(c, SDEI_EVENT_SIGNALLED));
	sum = signal_often();
	must("unregister", sdei_client_unregister(c, SDEI_EVENT_SIGNALLED));
	return sum;
}

static struct passages without(void (*entry)(void))
{
	struct passages sum;

	must("EVENT_REGISTER",
	     (int64_t)call(SDEI_FID_EVENT_REGISTER, SDEI_EVENT_SIGNALLED,
			   (uintptr_t)entry, (uintptr_t)&shot, 0, 0));
	must("EVENT_ENABLE", (int64_t)call(SDEI_FID_EVENT_ENABLE,
					   SDEI_EVENT_SIGNALLED, 0, 0, 0, 0));
	sum = signal_often();
	must("EVENT_UNREGISTER",
	     (int64_t)call(SDEI_FID_EVENT_UNREGISTER, SDEI_EVENT_SIGNALLED, 0,
			   0, 0, 0));
	return sum;
}

/* As a kernel that can be interrupted: the event ends in its IRQ vector. */
static struct passages interruptible(struct sdei_client *c)
{
	struct passages sum;

	__asm__ volatile("msr vbar_el2, %0\n\tisb\n\tmsr daifclr, #2"
			 :
			 : "r"(resume_vectors)
			 : "memory");
	sum = with_client(c);
	__asm__ volatile("msr daifset, #2" : : : "memory");
	return sum;
}

void bench_main(void)
{
	struct sdei_client *c = start(0);
	struct passages sum = with_client(c), bare = without(handler);
	int64_t context = without(handler_context).handler -
			  without(handler_no_context).handler;
	int64_t resume = without(handler_resume).leave;

	print_row("client_entry", sum.entry - CONTEXTS * context, SHOTS,
		  OWN_ENTRY - CONTEXTS);
	print_row("client_complete", sum.leave - bare.leave, SHOTS, 0);
	print_row("client_resume", interruptible(c).leave - resume, SHOTS, 0);
	c = start(SDEI_RECREATE_PAN);
	print_row("client_entry_pan", with_client(c).entry - CONTEXTS * context,
		  SHOTS, OWN_ENTRY - CONTEXTS);
	c = start(SDEI_RECREATE_PAN | SDEI_RECREATE_TPIDR_EL1);
	sum = with_client(c);
	print_row("client_entry_base", sum.entry - CONTEXTS * context, SHOTS,
		  OWN_ENTRY - CONTEXTS);
	print_row("client_complete_base", sum.leave - bare.leave, SHOTS, 0);
	print("end\n");
}
