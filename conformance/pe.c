/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PEs: found by the GIC's redistributors, started by PSCI, then asleep
 * until PE 0 has a job for them. PE 1 also wakes to see whether PE 0 still
 * lives: a dispatcher may have swallowed it, with its interrupts.
 */
#include "machine.h"

#include "arch.h"
#include "check.h"

#define GICR_TYPER       0x0008
#define GICR_TYPER_VLPIS (1u << 1) /* GICv4: twice the frames */
#define GICR_TYPER_LAST  (1u << 4)
#define GRACE            SECONDS(10)

FAR struct pe pes[MAX_PES];
unsigned pe_count;
uint64_t watchdog_deadline;

extern char secondary_entry[], wake_entry[];

static void init_pe(struct pe *pe, uint64_t affinity, uint64_t redistributor)
{
	__builtin_memset(pe, 0, offsetof(struct pe, exception_stack));
	pe->index = (unsigned)(pe - pes);
	pe->mpidr = affinity;
	pe->redistributor = redistributor;
	pe->record = (struct record *)(pe->levels + LEVELS) - 1;
	pe->stack_top = (uint64_t)(pe + 1);
	pe->exception_top =
		(uint64_t)(pe->exception_stack + sizeof(pe->exception_stack));
}

#if GICR2_BASE
/* QEMU's own count: fw_cfg's item 5, two bytes, the lower one first. */
static unsigned count_cpus(void)
{
	volatile uint8_t *data = (uint8_t *)FWCFG_BASE;
	unsigned low;

	*(volatile uint16_t *)(FWCFG_BASE + 8) = __builtin_bswap16(5);
	low = *data;
	return low | (unsigned)*data << 8;
}

/* Behind the last frame of the first region: only when that is full is there more. */
static uint64_t next_region(uint64_t frame, uint64_t next, unsigned seen)
{
	if (frame >= GICR2_BASE || next + (next - frame) <= GICR_END ||
	    seen >= count_cpus())
		return 0;
	return GICR2_BASE;
}
#else
static uint64_t next_region(uint64_t frame, uint64_t next, unsigned seen)
{
	(void)frame, (void)next, (void)seen;
	return 0;
}
#endif

/* The next redistributor's frame, or 0. */
static uint64_t next_frame(uint64_t frame, uint64_t typer, unsigned seen)
{
	const uint64_t next = frame + (GICR_STRIDE
				       << (typer & GICR_TYPER_VLPIS ? 1 : 0));

	return typer & GICR_TYPER_LAST ? next_region(frame, next, seen) : next;
}

static void find_pes(void)
{
	uint64_t self = read_sysreg(mpidr_el1) & AFFINITY_MASK;
	unsigned seen = 0;

	pe_count = 1;
	for (uint64_t frame = GICR_BASE, typer; frame;
	     frame = next_frame(frame, typer, ++seen)) {
		uint64_t a;

		typer = *(volatile uint64_t *)(frame + GICR_TYPER);
		a = typer >> 32;

		a = (a & 0xffffff) | (a >> 24) << 32;
		if (a == self)
			init_pe(&pes[0], a, frame);
		else if (pe_count < MAX_PES)
			init_pe(&pes[pe_count++], a, frame);
	}
}

bool pe_power_on(unsigned i)
{
	uint64_t entry = (uint64_t)secondary_entry;

	if (CALL(PSCI_CPU_ON, pes[i].mpidr, entry, 0x0c0ffee0 + i) != 0)
		return false;
	return wait_until(load(pes[i].online), SOON);
}

bool pe_wait_off(unsigned i)
{
	return wait_until(CALL(PSCI_AFFINITY_INFO, pes[i].mpidr, 0) == PSCI_OFF,
			  SOON);
}

void pe_start_others(void)
{
	find_pes();
	pes[0].online = true;
	/* PE 1 looks at once, and time did not begin with us. */
	store(watchdog_deadline, now());
	gic_start_pe(&pes[0]);
	for (unsigned i = 1; i < pe_count; i++)
		if (!pe_power_on(i))
			print("# PE %u (0x%lx) did not start\n", i,
			      pes[i].mpidr);
}

void pe_main(struct pe *pe, uint64_t argument)
{
	pe->job = NULL;
	pe->level = 0;
	pe->record = (struct record *)(pe->levels + LEVELS) - 1;
	pe->woken_argument = argument;
	gic_start_pe(pe);
	store(pe->online, true);
	for (;;) {
		work *job = load(pe->job);

		if (job) {
			pe->answer = job(pe, pe->argument);
			store(pe->job, NULL);
			continue;
		}
		if (pe->index == 1) {
			if (now() >
			    load(watchdog_deadline) + microseconds(GRACE))
				bail_out("PE 0 does not return");
			timer_set(GRACE / 2);
		}
		wfi();
		irq_take();
	}
}

void pe_begin(unsigned i, work *job, uint64_t argument)
{
	if (!load(pes[i].online))
		skip("a PE did not start, or does not answer");
	pes[i].used = true;
	pes[i].argument = argument;
	store(pes[i].job, job);
	gic_wake(&pes[i]);
}

bool pe_wait(unsigned i, uint64_t *answer)
{
	if (!wait_until(!load(pes[i].job), SOON)) {
		store(pes[i].online, false);
		fail("PE %u does not come back", i);
		return false;
	}
	*answer = pes[i].answer;
	return true;
}

uint64_t pe_run(unsigned i, work *job, uint64_t argument)
{
	uint64_t answer = 0;

	if (i == this_pe()->index)
		return job(this_pe(), argument);
	pe_begin(i, job, argument);
	pe_wait(i, &answer);
	return answer;
}

static uint64_t call_job(struct pe *pe, uint64_t argument)
{
	(void)pe;
	return (uint64_t)call((const uint64_t *)argument);
}

int64_t call_on(unsigned i, const uint64_t c[6])
{
	return (int64_t)pe_run(i, call_job, (uint64_t)c);
}

int64_t suspend(uint64_t fid, uint64_t power_state, uint64_t argument)
{
	struct pe *pe = this_pe();
	uint64_t entry = (uint64_t)wake_entry;

	if (context_save(&pe->wake)) {
		gic_start_pe(pe);
		return 1;
	}
	if (fid == PSCI_SYSTEM_SUSPEND)
		return CALL(fid, entry, argument);
	return CALL(fid, power_state, entry, argument);
}
