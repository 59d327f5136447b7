/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CPUs, found by the GIC's redistributors, and what one asks of another. A
 * CPU's index is the lowest byte of its affinity, so that it can be told without
 * memory.
 */
#include "host.h"

#define GICR_TYPER       0x0008
#define GICR_TYPER_VLPIS (1u << 1) /* GICv4: twice the frames */
#define GICR_TYPER_LAST  (1u << 4)
#define AFFINITY_MASK    UINT64_C(0xff00ffffff)
#define PATIENCE         SECONDS(5)

struct cpu cpus[MAX_CPUS];
unsigned cpu_count;

void cpu_find_all(void)
{
	for (uint64_t frame = LINEAR_BASE + GICR_BASE;;) {
		uint64_t typer = *(volatile uint64_t *)(frame + GICR_TYPER);
		uint64_t a = typer >> 32;
		struct cpu *cpu = &cpus[a % MAX_CPUS];

		cpu->mpidr = (a & 0xffffff) | (a >> 24) << 32;
		cpu->index = (unsigned)(cpu - cpus);
		cpu->redistributor = frame;
		cpu->current = &cpu->base;
		cpu->base.cpu = cpu->index;
		cpu->base.state = THREAD_READY;
		cpu_count++;
		if (typer & GICR_TYPER_LAST || cpu_count == MAX_CPUS)
			return;
		frame += GICR_STRIDE << (typer & GICR_TYPER_VLPIS ? 1 : 0);
	}
}

bool has_pan(void)
{
	return read_sysreg(id_aa64mmfr1_el1) >> 20 & 0xf;
}

/* PAN, where there is one: no process's memory is read here by accident. */
void cpu_pan_on(void)
{
	if (has_pan())
		__asm__ volatile(".inst 0xd500419f"); /* msr pan, #1 */
}

void cpu_start(struct cpu *cpu)
{
	write_sysreg(EVENT_TIMER_CTL, 0); /* a former kernel's, perhaps */
	gic_start_cpu(cpu);
	cpu_pan_on();
	tick_again();
	store(cpu->online, true);
	irq_on();
}

void serve_call(struct cpu *cpu)
{
	work *call = load(cpu->call);

	if (!call)
		return;
	call(cpu->call_argument);
	store(cpu->call, NULL);
}

void cpu_call(unsigned i, work *call, void *argument)
{
	struct cpu *cpu = &cpus[i];
	uint64_t daif = irq_save();

	if (cpu == this_cpu()) {
		call(argument);
		irq_restore(daif);
		return;
	}
	irq_restore(daif);
	cpu->call_argument = argument;
	store(cpu->call, call);
	gic_send(cpu, SGI_CALL);
	if (!wait_until(!load(cpu->call), PATIENCE))
		panic("CPU %u does not answer", i);
}

void cpu_call_all(work *call, void *argument)
{
	for (unsigned i = 0; i < cpu_count; i++)
		if (load(cpus[i].online))
			cpu_call(i, call, argument);
}

void cpu_begin(unsigned i, work *job, void *argument)
{
	cpus[i].job_argument = argument;
	store(cpus[i].job, job);
	gic_send(&cpus[i], SGI_WAKE);
}

bool cpu_wait(unsigned i, uint64_t us)
{
	return wait_until(!load(cpus[i].job), us);
}
