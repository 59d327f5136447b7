/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client's embedding: its memory, the table of CPUs, its operations, and
 * the one call at each named point of a CPU's life.
 */
#include "host.h"

#define EVENTS     16
#define STACK_SIZE 0x1000

struct sdei_client *client;
enum sdei_conduit host_conduit;
bool at_el2;
struct trouble trouble;

static uint8_t memory[0x10000] __attribute__((aligned(16)));
static uint8_t stacks[MAX_CPUS][2][STACK_SIZE] __attribute__((aligned(16)));
static struct sdei_client_cpu table[MAX_CPUS];
static uint32_t lock_word;

static unsigned own_number(void *context)
{
	(void)context;
	return this_cpu()->index;
}

static bool run_on(void *context, unsigned cpu, void (*function)(void *),
		   void *argument)
{
	(void)context;
	if (!load(cpus[cpu].online))
		return false;
	cpu_call(cpu, function, argument);
	return true;
}

/* Interrupts stay on, so that whoever waits here can be reached. */
static void lock(void *context)
{
	(void)context;
	while (__atomic_exchange_n(&lock_word, 1, __ATOMIC_ACQUIRE))
		__asm__ volatile("yield");
}

static void unlock(void *context)
{
	(void)context;
	store(lock_word, 0);
}

static void on_trouble(void *context, enum sdei_trouble what, unsigned cpu,
		       uint32_t event, int64_t detail)
{
	(void)context;
	trouble = (struct trouble){ trouble.count + 1, what, cpu, event,
				    detail };
}

static const struct sdei_client_ops ops = {
	.cpu = own_number,
	.run_on = run_on,
	.lock = lock,
	.unlock = unlock,
	.trouble = on_trouble,
};

static void fill_table(void)
{
	for (unsigned i = 0; i < cpu_count; i++)
		table[i] = (struct sdei_client_cpu){
			.affinity = cpus[i].mpidr,
			.stack = { stacks[i][0], stacks[i][1] },
			.tpidr_el1 = (uint64_t)&cpus[i],
			.tpidr_el2 = (uint64_t)&cpus[i],
		};
}

void host_client_make(enum sdei_conduit conduit)
{
	static struct sdei_client_config config = {
		.cpus = table,
		.ops = &ops,
		.event_count = EVENTS,
		.stack_size = STACK_SIZE,
	};
	const char *why;

	fill_table();
	config.cpu_count = cpu_count;
	config.conduit = conduit;
	/* Of what is ours a guest can change nothing but, at EL1, TPIDR. */
	config.recreate = has_pan() ? SDEI_RECREATE_PAN : 0;
#if !HOST_VHE
	if (at_el2) {
		config.stub = true;
		config.conduit = SDEI_CONDUIT_HVC;
		config.el2_offset = phys(stacks) - (uint64_t)stacks;
		config.entry_point = (uint64_t)sdei_stub_entry +
				     config.el2_offset;
	}
#endif
	client = sdei_client_init(memory, sizeof(memory), &config, &why);
	if (!client)
		panic("no client: %s", why);
}

int64_t firmware_raise(uint32_t event, uint64_t ticks)
{
	if (psci_by_hvc)
		return -1;
#if !HOST_VHE
	if (at_el2)
		return sdei_hvc(RAISE_FID, event, ticks, 0, 0, 0);
#endif
	return sdei_smc(RAISE_FID, event, ticks, 0, 0, 0);
}

static void must(const char *what, int result)
{
	if (result)
		panic("%s: %d", what, result);
}

/* Before the client is made there is nothing to tell it. */
void host_client_up(void)
{
	if (client)
		must("CPU up", sdei_client_cpu_up(client));
}

void host_client_down(void)
{
	if (client)
		must("CPU down", sdei_client_cpu_down(client));
}

void host_client_suspend(void)
{
	if (client)
		must("CPU suspend", sdei_client_cpu_suspend(client));
}

void host_client_resume(void)
{
	if (client)
		must("CPU resume", sdei_client_cpu_resume(client));
}
