/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest kernel that receives an event: it registers a handler for event 0,
 * signals the event to itself, twice, and turns the machine off. docs/client.md has
 * the steps.
 */
#include <sdei/client.h>

#define UART_DATA (*(volatile uint32_t *)UART) /* PL011: UARTDR, UARTFR */
#define UART_FLAG (*(volatile uint32_t *)(UART + 0x18))
#define UART_FULL (1u << 5)

/* How to call what is below: firmware if we are at EL2, a hypervisor if at EL1. A
 * kernel that must not guess asks sdei_acpi_conduit() or sdei_fdt_conduit(). */
static enum sdei_conduit conduit;
static int64_t (*call)(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		       uint64_t x4, uint64_t x5);

static void print(const char *text)
{
	for (; *text; text++) {
		while (UART_FLAG & UART_FULL)
			;
		UART_DATA = (uint32_t)*text;
	}
}

static void print_number(const char *text, uint64_t number)
{
	print(text);
	for (int shift = 60; shift >= 0; shift -= 4)
		print((char[]){ "0123456789abcdef"[number >> shift & 15], 0 });
	print("\r\n");
}

static _Noreturn void off(void)
{
	call(0x84000008, 0, 0, 0, 0, 0); /* PSCI: SYSTEM_OFF */
	for (;;)
		__asm__ volatile("wfi");
}

static void must(const char *what, int64_t result)
{
	if (result == SDEI_SUCCESS)
		return;
	print("kernel: this failed: ");
	print_number(what, (uint64_t)result);
	off();
}

/* From the vectors: nothing but handlers' ends comes there as long as all is well. */
void kernel_exception(void)
{
	must("an exception ", -1);
}

/* A compiler calls these, and would in here, too, were it not for volatile. */
void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((volatile char *)to)[i] = ((const char *)from)[i];
	return to;
}

void *memset(void *to, int byte, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((volatile char *)to)[i] = (char)byte;
	return to;
}

/* What the client asks of a kernel. With one CPU there is nobody else to reach. */
static unsigned this_cpu(void *context)
{
	return 0;
}

static bool run_on(void *context, unsigned cpu, void (*function)(void *),
		   void *argument)
{
	function(argument);
	return true;
}

static void on_trouble(void *context, enum sdei_trouble what, unsigned cpu,
		       uint32_t event, int64_t detail)
{
	must(sdei_trouble_text(what), detail ? detail : -1);
}

static struct sdei_client *make_client(void)
{
	static _Alignas(16) uint8_t memory[4096], stacks[2][4096];
	static struct sdei_client_cpu cpus[1];
	static const struct sdei_client_ops ops = {
		.cpu = this_cpu,
		.run_on = run_on,
		.trouble = on_trouble,
	};
	const struct sdei_client_config config = {
		.cpus = cpus,
		.cpu_count = 1,
		.ops = &ops,
		.event_count = 1,
		.stack_size = sizeof(stacks[0]),
		.conduit = conduit,
	};
	struct sdei_client *client;
	uint64_t mpidr;
	const char *why;

	__asm__("mrs %0, mpidr_el1" : "=r"(mpidr));
	cpus[0].affinity = mpidr & SDEI_AFFINITY_MASK;
	cpus[0].stack[0] = stacks[0], cpus[0].stack[1] = stacks[1];
	client = sdei_client_init(memory, sizeof(memory), &config, &why);
	must(client ? "" : why, client ? 0 : -1);
	return client;
}

/* Runs on a stack of its own with everything masked, whatever it interrupted. */
static int handler(const struct sdei_interrupted *interrupted, void *argument)
{
	volatile unsigned *count = argument;

	++*count;
	print_number("kernel: a handler; PSTATE was ", interrupted->pstate);
	return SDEI_HANDLED;
}

void kernel_main(unsigned el)
{
	static volatile unsigned handled;
	struct sdei_client *client;

	conduit = el == 2 ? SDEI_CONDUIT_SMC : SDEI_CONDUIT_HVC;
	call = el == 2 ? sdei_smc : sdei_hvc;
	print_number("kernel: at EL ", el);
	client = make_client();
	must("probe ", sdei_client_probe(client));
	print_number("kernel: SDEI version ", sdei_client_version(client));
	must("register ", sdei_client_register(client, SDEI_EVENT_SIGNALLED,
					       handler, (void *)&handled));
	must("enable ", sdei_client_enable(client, SDEI_EVENT_SIGNALLED));

	must("signal ", sdei_client_signal(client, 0));
	__asm__ volatile("msr daifclr, #2" ::: "memory"); /* open to IRQ */
	must("signal ", sdei_client_signal(client, 0));
	__asm__ volatile("msr daifset, #2" ::: "memory");
	print_number("kernel: handlers that ran ", handled);

	must("unregister ",
	     sdei_client_unregister(client, SDEI_EVENT_SIGNALLED));
	must("shutdown ", sdei_client_shutdown(client));
	print("kernel: done\r\n");
	off();
}
