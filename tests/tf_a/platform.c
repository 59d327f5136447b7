/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A platform's part of SDEI, put in place of that of TF-A's QEMU port by build.sh: the
 * map of map.h; a call for each thing that only code at EL3 can ask for; a power-down
 * state that a PE wakes from, which that port has not got.
 */
#include <bl31/bl31.h>
#include <common/debug.h>
#include <common/runtime_svc.h>
#include <lib/psci/psci.h>
#include <lib/xlat_tables/xlat_mmu_helpers.h>
#include <plat/common/platform.h>
#include <platform_def.h>
#include <services/sdei.h>

#include "map.h"

static sdei_ev_map_t privates[] = { PRIVATES };
static sdei_ev_map_t shareds[] = { SHAREDS };

REGISTER_SDEI_MAP(privates, shareds);

/* The port's own. */
void qemu_pwr_gic_on_finish(void);
void qemu_pwr_gic_off(void);
extern const plat_psci_ops_t *psci_plat_pm_ops;

static const plat_psci_ops_t *ports;
static plat_psci_ops_t ops;
static bool sleeping[PLATFORM_CORE_COUNT];

static void suspend(const psci_power_state_t *state)
{
	sleeping[plat_my_core_pos()] = true;
	qemu_pwr_gic_off();
}

static void wake(const psci_power_state_t *state)
{
	sleeping[plat_my_core_pos()] = false;
	qemu_pwr_gic_on_finish();
}

/* It sleeps no longer than this. */
static void __dead2 power_down(const psci_power_state_t *state)
{
	if (sleeping[plat_my_core_pos()]) {
		disable_mmu_el3();
		bl31_warm_entrypoint();
	}
	ports->pwr_domain_pwr_down_wfi(state);
	panic();
}

void plat_sdei_setup(void)
{
	ports = psci_plat_pm_ops;
	ops = *ports;
	ops.pwr_domain_suspend = suspend;
	ops.pwr_domain_suspend_finish = wake;
	ops.pwr_domain_pwr_down_wfi = power_down;
	psci_plat_pm_ops = &ops;
}

/* SiP call 1: dispatch explicit event x1; as sdei_dispatch_event() answers. */
static uintptr_t serve(uint32_t fid, u_register_t x1, u_register_t x2,
		       u_register_t x3, u_register_t x4, void *cookie,
		       void *handle, u_register_t flags)
{
	if ((fid & FUNCID_NUM_MASK) != 1U)
		SMC_RET1(handle, SMC_UNK);
	SMC_RET1(handle, sdei_dispatch_event((int)x1));
}

DECLARE_RT_SVC(tests_sip, OEN_SIP_START, OEN_SIP_END, SMC_TYPE_FAST, NULL,
	       serve);
