/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A CPU's life: switched by PSCI, with a base thread that does what others ask and
 * sleeps in between. The client is told at each of its points.
 */
#include "host.h"

#define PATIENCE SECONDS(5)
#define NAP_US   1000

#define PSCI_CPU_SUSPEND   0xC4000001
#define PSCI_CPU_ON        0xC4000003
#define PSCI_AFFINITY_INFO 0xC4000004
#define POWER_DOWN         0x10000
#define PSCI_OFF           1

extern char secondary_entry[], wake_entry[];
bool cpu_suspend_save(struct resume *resume);
void secondary_main(struct cpu *self);

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
static void cpu_idle(void)
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
	cpu_start(self);
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
	cpu_find_all();
	cpu_start(this_cpu());
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
	cpu_pan_on();
	host_client_resume();
	irq_restore(daif);
	return result;
}
