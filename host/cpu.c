/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CPUs: found by the GIC's redistributors, switched by PSCI, each with a
 * base thread that does what others ask and sleeps in between. A CPU's index is
 * the lowest byte of its affinity, so that it can be told without memory.
 */
#include "host.h"

#define GICR_TYPER       0x0008
#define GICR_TYPER_VLPIS (1u << 1) /* GICv4: twice the frames */
#define GICR_TYPER_LAST  (1u << 4)
#define AFFINITY_MASK    UINT64_C(0xff00ffffff)
#define PATIENCE         SECONDS(5)
#define NAP_US           1000

#define PSCI_CPU_SUSPEND   0xC4000001
#define PSCI_CPU_ON        0xC4000003
#define PSCI_AFFINITY_INFO 0xC4000004
#define PSCI_SYSTEM_OFF    0x84000008
#define POWER_DOWN         0x10000
#define PSCI_OFF           1

struct cpu cpus[MAX_CPUS];
unsigned cpu_count;

extern char secondary_entry[], wake_entry[];
bool cpu_suspend_save(struct resume *resume);
void secondary_main(struct cpu *self);

int64_t psci(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3)
{
	return psci_by_hvc ? sdei_hvc(fid, x1, x2, x3, 0, 0)
			   : sdei_smc(fid, x1, x2, x3, 0, 0);
}

void machine_off(void)
{
	psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	for (;;)
		wfi();
}

static void find_cpus(void)
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

/* PAN, where there is one: no process's memory is read here by accident. */
static void pan_on(void)
{
	if (has_pan())
		__asm__ volatile(".inst 0xd500419f"); /* msr pan, #1 */
}

static void start_cpu(struct cpu *cpu)
{
	write_sysreg(EVENT_TIMER_CTL, 0); /* a former kernel's, perhaps */
	gic_start_cpu(cpu);
	pan_on();
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

static void go_off(struct cpu *self)
{
	if (self->power_hook)
		self->power_hook(self);
	irq_off();
	host_client_down();
	store(self->leaving, false);
	store(self->ready, false);
	store(self->online, false);
	psci(PSCI_CPU_OFF, 0, 0, 0);
	panic("CPU_OFF came back");
}

/* What a base thread does when it has nothing to do; once round. */
void cpu_idle(void)
{
	struct cpu *self = this_cpu();
	work *job = load(self->job);

	schedule();
	if (job) {
		job(self->job_argument);
		store(self->job, NULL);
		return;
	}
	if (load(self->leaving))
		go_off(self);
	irq_off();
	if (!load(self->job) && !load(self->leaving) && !self->need_resched)
		wfi();
	irq_on();
}

void secondary_main(struct cpu *self)
{
	self->current = &self->base;
	self->processes = NULL;
	start_cpu(self);
	if (self->power_hook)
		self->power_hook(self);
	host_client_up();
	store(self->ready, true);
	for (;;)
		cpu_idle();
}

/*
 * Wait for another CPU, asleep: so that with a clock that counts instructions
 * it is the other one's that count.
 */
#define nap_until(condition) \
	({ \
		uint64_t end_ = now() + microseconds(PATIENCE); \
		while (!(condition) && now() < end_) \
			nap(); \
		(condition); \
	})

void nap(void)
{
	irq_off();
	tick_once(NAP_US);
	wfi();
	irq_on();
}

bool cpu_up(unsigned i)
{
	uint64_t entry = phys(secondary_entry);

	if (psci(PSCI_CPU_ON, cpus[i].mpidr, entry, 0))
		return false;
	return nap_until(load(cpus[i].ready));
}

bool cpu_is_off(unsigned i)
{
	return psci(PSCI_AFFINITY_INFO, cpus[i].mpidr, 0, 0) == PSCI_OFF;
}

bool cpu_down(unsigned i)
{
	store(cpus[i].leaving, true);
	gic_send(&cpus[i], SGI_WAKE);
	return nap_until(!load(cpus[i].online) && cpu_is_off(i));
}

void cpu_start_others(void)
{
	find_cpus();
	start_cpu(this_cpu());
	for (unsigned i = 0; i < cpu_count; i++)
		if (&cpus[i] != this_cpu() && !cpu_up(i))
			panic("CPU %u did not start", i);
}

int64_t cpu_suspend(void)
{
	struct cpu *self = this_cpu();
	uint64_t daif = irq_save();
	int64_t result = 1;

	host_client_suspend();
	if (!cpu_suspend_save(&self->resume))
		result = psci(PSCI_CPU_SUSPEND, POWER_DOWN, phys(wake_entry),
			      0);
	else
		gic_start_cpu(self);
	pan_on();
	host_client_resume();
	irq_restore(daif);
	return result;
}
