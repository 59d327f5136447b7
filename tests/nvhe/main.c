/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nvhe.bin: the client's stub on a host without VHE. Events that find the
 * kernel with interrupts masked and open, EL2 itself, and a guest. Prints TAP.
 */
#include "../../bench/support.h"

#include <sdei/client.h>

#define UART_INTID  33
#define UART_IMSC   (*(volatile uint32_t *)0x09000038)
#define HOST_TPIDR  0x4057
#define GUEST_TPIDR 0x6e57
#define PSTATE_I    (1u << 7)

#define read_sysreg(name) \
	({ \
		uint64_t value_; \
		__asm__ volatile("mrs %0, " #name \
				 : "=r"(value_) \
				 : \
				 : "memory"); \
		value_; \
	})

void nvhe_main(void);
void enter(void);
uint64_t signal_registers(uint64_t affinity, bool open);
extern uint32_t irqs;
extern uint64_t guest_exit[8];
extern char guest[], guest_end[], el1_vectors[];

static struct sdei_interrupted seen;
static uint64_t seen_tpidr, seen_vbar;
static unsigned handled, troubles, tests;
static bool crashed;
static unsigned char stacks[2][4096] __attribute__((aligned(16)));
static unsigned char memory[8192] __attribute__((aligned(16)));
static struct sdei_client_cpu cpu = { .stack = { stacks[0], stacks[1] } };

static void test(bool passed, const char *name)
{
	print(passed ? "ok " : "not ok ");
	print_number(++tests);
	print(" - ");
	print(name);
	print("\n");
}

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
	(void)context, (void)index, (void)event;
	troubles++;
	print("# ");
	print(sdei_trouble_text(what));
	print("\n");
	if (!crashed)
		return;
	test(what == SDEI_TROUBLE_REFUSED && detail == SDEI_DENIED,
	     "refused: told");
	if (troubles < 2)
		return;
	print("1..");
	print_number(tests);
	print("\nend\n");
	power_off();
}

static const struct sdei_client_ops ops = {
	.cpu = op_cpu,
	.run_on = op_run_on,
	.trouble = op_trouble,
};

static int on_event(const struct sdei_interrupted *interrupted, void *argument)
{
	struct sdei_client *c = argument;

	UART_IMSC = 0;
	seen = *interrupted;
	seen_tpidr = read_sysreg(tpidr_el1);
	seen_vbar = read_sysreg(vbar_el1);
	handled++;
	/* A call from inside goes through the stub, too. */
	if (sdei_client_info(c, SDEI_EVENT_SIGNALLED, SDEI_INFO_TYPE))
		troubles++;
	return SDEI_HANDLED;
}

static struct sdei_client *start(void)
{
	const struct sdei_client_config config = {
		.cpus = &cpu,
		.ops = &ops,
		.cpu_count = 1,
		.event_count = 4,
		.stack_size = sizeof(stacks[0]),
		.conduit = SDEI_CONDUIT_HVC,
		.entry_point = (uintptr_t)sdei_stub_entry,
		.stub = true,
	};

	cpu.affinity = read_sysreg(mpidr_el1) & SDEI_AFFINITY_MASK;
	return sdei_client_init(memory, sizeof(memory), &config, NULL);
}

static bool listen(struct sdei_client *c, uint32_t event)
{
	return !sdei_client_register(c, event, on_event, c) &&
	       !sdei_client_enable(c, event);
}

/*
 * A signal to itself by HVC arrives when the SMC that EL2 makes of it is done:
 * it is EL2 that is interrupted. What follows finds EL2's registers in use.
 */
static void from_el2(void)
{
	uint64_t elr = 0xe1e1, spsr = 0x3c5, far = 0xfa7;

	__asm__ volatile("msr elr_el1, %0; msr spsr_el1, %1; msr far_el1, %2"
			 :
			 : "r"(elr), "r"(spsr), "r"(far));
	test(!signal_registers(cpu.affinity, false), "EL2: registers intact");
	test(handled == 1 && seen.from == SDEI_FROM_EL2, "EL2: seen as EL2");
	test(seen.sp == (uint64_t)-16, "EL2: its stack pointer");
	test(seen.x[19] == 0x1919 && seen.x[29] == 0x2929,
	     "EL2: registers are the interrupted ones");
	test(read_sysreg(elr_el1) == elr && read_sysreg(spsr_el1) == spsr &&
		     read_sysreg(far_el1) == far,
	     "EL2: ELR, SPSR and FAR intact");
}

/* The bound interrupt comes to the kernel's own code. */
static void from_host(bool open)
{
	uint64_t before, after, marked = 0x1234;
	unsigned count = handled, taken = irqs;

	if (open)
		__asm__ volatile("msr daifclr, #2");
	__asm__ volatile("mov x21, %2\n\tmrs %0, tpidr_el1\n\t"
			 "str %w3, [%4]\n\tisb\n\tnop\n\tmov %1, x21"
			 : "=&r"(before), "=&r"(after)
			 : "r"(marked), "r"(0x20), "r"(&UART_IMSC)
			 : "x21", "memory");
	__asm__ volatile("msr daifset, #2");
	test(handled == count + 1 && seen.from == SDEI_FROM_HOST &&
		     seen.x[21] == marked,
	     open ? "host, open: handled" : "host, masked: handled");
	test(after == marked && before == HOST_TPIDR, "host: registers intact");
	test(irqs == taken + open,
	     open ? "host, open: through its interrupt vector"
		  : "host, masked: straight back");
	test(!(seen.pstate & PSTATE_I) == open, "host: PSTATE");
}

static void from_guest(void)
{
	unsigned count = handled;

	enter();
	test(handled == count + 1 && seen.from == SDEI_FROM_GUEST,
	     "guest: handled");
	test(seen.pc >= (uintptr_t)guest && seen.pc < (uintptr_t)guest_end &&
		     seen.x[20] == 0x2020 && seen.x[30] == 0x3030 &&
		     seen.sp == (uint64_t)-32,
	     "guest: its registers");
	test(seen_tpidr == HOST_TPIDR && seen_vbar == (uintptr_t)el1_vectors,
	     "guest: the handler has the kernel's world");
	test(guest_exit[0] == seen.pc && guest_exit[1] == seen.pstate,
	     "guest: left where it was interrupted");
	test(guest_exit[2] == GUEST_TPIDR && !guest_exit[4] &&
		     guest_exit[5] == (uint64_t)-32 &&
		     guest_exit[6] == 0x2020 && guest_exit[7] == 0x3030,
	     "guest: its state intact");
	test(read_sysreg(tpidr_el1) == HOST_TPIDR,
	     "guest: the kernel's is, too");
}

static int crash_here(const struct sdei_interrupted *interrupted,
		      void *argument)
{
	struct sdei_client *c = argument;

	(void)interrupted;
	UART_IMSC = 0;
	test(sdei_client_crash(c) == 1, "crash: one handler ended");
	test(read_sysreg(tpidr_el1) == HOST_TPIDR,
	     "crash: in the kernel's world");
	test(sdei_hvc(SDEI_FID_PRIVATE_RESET, 0, 0, 0, 0, 0) == 0 &&
		     sdei_hvc(SDEI_FID_SHARED_RESET, 0, 0, 0, 0, 0) == 0,
	     "crash: the next kernel can begin");
	/* It returns, which it must not: nobody takes its event back. */
	crashed = true;
	return SDEI_HANDLED;
}

void nvhe_main(void)
{
	struct sdei_client *c = start();
	uint32_t event = 0;

	test(c && !sdei_client_probe(c), "probe");
	test(listen(c, SDEI_EVENT_SIGNALLED), "event 0");
	from_el2();
	test(!sdei_client_bind(c, UART_INTID, &event) && listen(c, event),
	     "bind");
	from_host(false);
	from_host(true);
	from_guest();
	from_guest();
	from_host(true);
	test(!troubles, "no trouble");
	sdei_client_unregister(c, event);
	test(!sdei_client_register(c, event, crash_here, c) &&
		     !sdei_client_enable(c, event),
	     "a handler that crashes");
	enter();
}
