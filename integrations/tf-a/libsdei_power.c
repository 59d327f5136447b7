/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher's life: made with TF-A's services, then each PE as PSCI has it.
 */
#include "libsdei.h"

#include <bl31/bl31.h>
#include <bl31/ehf.h>
#include <lib/el3_runtime/pubsub_events.h>
#include <lib/psci/psci.h>

/* PSCI's way to the platform; TF-A tells nobody else that a PE goes off. */
extern const plat_psci_ops_t *psci_plat_pm_ops;
static const plat_psci_ops_t *platform_ops;
static plat_psci_ops_t watched_ops;

void libsdei_start_pe(struct libsdei_pe *pe)
{
	pe->mpidr = read_mpidr_el1() & SDEI_AFFINITY_MASK;
	/* Whoever waited has lost its stack. */
	libsdei_set_wait(pe, NULL);
	libsdei_gic_on(pe);
}

/* Handlers end, and what it had is others' (6.5.4). */
static void stop_pe(struct libsdei_pe *pe, bool sleeps)
{
	libsdei_set_wait(pe, NULL);
	libsdei_gic_off(pe, sleeps);
}

/*
 * While this PE's caches are still on: the first thing that PSCI does. It goes on
 * whatever the platform answers, but for PSCI_E_DENIED.
 */
static int off_early(const psci_power_state_t *state)
{
	struct libsdei_pe *pe = libsdei_this_pe();

	if (platform_ops->pwr_domain_off_early != NULL &&
	    platform_ops->pwr_domain_off_early(state) == PSCI_E_DENIED)
		return PSCI_E_DENIED;
	stop_pe(pe, false);
	sdei_pe_off(libsdei, libsdei_index(pe));
	return PSCI_E_SUCCESS;
}

void libsdei_watch_power(void)
{
	platform_ops = psci_plat_pm_ops;
	watched_ops = *platform_ops;
	watched_ops.pwr_domain_off_early = off_early;
	psci_plat_pm_ops = &watched_ops;
	flush_dcache_range((uintptr_t)&psci_plat_pm_ops,
			   sizeof(psci_plat_pm_ops));
	flush_dcache_range((uintptr_t)&watched_ops, sizeof(watched_ops));
}

static void *cpu_on(const void *arg)
{
	struct libsdei_pe *pe = libsdei_this_pe();

	libsdei_start_pe(pe);
	sdei_pe_on(libsdei, libsdei_index(pe));
	return NULL;
}

static void *suspend(const void *arg)
{
	struct libsdei_pe *pe = libsdei_this_pe();

	stop_pe(pe, true);
	sdei_pe_suspend(libsdei, libsdei_index(pe));
	return NULL;
}

/* Masked since it went. */
static void *wake(const void *arg)
{
	libsdei_start_pe(libsdei_this_pe());
	return NULL;
}

/* Not by TF-A's macro: in 2.12 link-time optimisation drops what that makes. */
#define SUBSCRIBE(event, function) \
	static pubsub_cb_t \
		__attribute__((used, \
			       section(".__pubsub_" #event))) to_##event = \
			(function)

SUBSCRIBE(psci_cpu_on_finish, cpu_on);
SUBSCRIBE(psci_suspend_pwrdown_start, suspend);
SUBSCRIBE(psci_suspend_pwrdown_finish, wake);
