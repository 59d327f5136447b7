/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel that dies leaves PEs behind, in a handler or in some loop. The next
 * one, started by kdump, resets SDEI from the PE that it runs on and knows
 * nothing of the others. That it is another is seen here: on a PE that has not
 * been off, translations begin at another table than at the last reset or
 * CPU_ON. That is a takeover. Handlers of the old client on this PE end then, and
 * PEs that have been on since before the takeover go off as if they had called
 * CPU_OFF: their handlers end (DEN0054C 6.5.4), no event goes there any more, and
 * the new client can switch them on.
 *
 * A client that keeps its table, or has one for each PE, is never taken for
 * another; nor is one with its MMU off, of which nothing is known.
 */
#include "takeover.h"

#include "dispatch.h"
#include "gic.h"
#include "pe.h"
#include "psci.h"
#include "watch.h"

#define SCTLR_M    UINT64_C(1)
#define HCR_E2H    (UINT64_C(1) << 34)
#define TTBR_BADDR UINT64_C(0x0000FFFFFFFFFFFE) /* no ASID, no CnP */
#define PATIENCE_S 1

#define read_sysreg(name) \
	({ \
		uint64_t value_; \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)); \
		value_; \
	})

/* Takeovers so far; pe->epoch is how many there were when its client came. */
static uint32_t takeovers;

/* Where the client's translations begin, or 0 with its MMU off. */
static uint64_t client_table(void)
{
	uint64_t table;

	if (cpu_client_el() == 1) {
		if (!(read_sysreg(sctlr_el1) & SCTLR_M))
			return 0;
		table = read_sysreg(ttbr1_el1);
	} else {
		if (!(read_sysreg(sctlr_el2) & SCTLR_M))
			return 0;
		table = read_sysreg(hcr_el2) & HCR_E2H
				? read_sysreg(S3_4_C2_C0_1) /* TTBR1_EL2 */
				: read_sysreg(ttbr0_el2);
	}
	return table & TTBR_BADDR;
}

static uint32_t takeovers_so_far(void)
{
	return __atomic_load_n(&takeovers, __ATOMIC_ACQUIRE);
}

static void set_epoch(struct pe *pe)
{
	__atomic_store_n(&pe->epoch, takeovers_so_far(), __ATOMIC_RELAXED);
}

static bool left_behind(const struct pe *pe)
{
	return psci_power(pe->index) != POWER_OFF &&
	       __atomic_load_n(&pe->epoch, __ATOMIC_RELAXED) !=
		       takeovers_so_far();
}

/* Somebody may want us off at the same time: he need not wait for us. */
static void switch_off(struct pe *pe)
{
	uint64_t end = machine_time() + PATIENCE_S * machine_time_hz();

	__atomic_store_n(&pe->leave, true, __ATOMIC_RELEASE);
	gic_kick(pe->index);
	while (psci_power(pe->index) != POWER_OFF && machine_time() < end)
		psci_leave();
}

/* Is the calling PE another client's than when it was last looked at? */
static void notice(void)
{
	struct pe *self = this_pe();
	uint64_t table = client_table();

	if (!table)
		return;
	if (self->table && self->table != table) {
		watch_off();
		dispatch_abandon(self->index);
		__atomic_fetch_add(&takeovers, 1, __ATOMIC_ACQ_REL);
		set_epoch(self);
	}
	self->table = table;
}

void takeover_reset(bool shared)
{
	notice();
	for (unsigned i = 0; shared && i < machine_pe_count(); i++)
		if (left_behind(pe_of(i)))
			switch_off(pe_of(i));
}

void takeover_pe_on(struct pe *pe)
{
	notice();
	pe->table = 0;
	set_epoch(pe);
}
