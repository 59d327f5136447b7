/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A platform's part of SDEI, put in place of that of TF-A's QEMU port by build.sh: the
 * map of map.h; a call for each thing that only code at EL3 can ask for; a power-down
 * state that a PE wakes from, which that port has not got, and that keeps a
 * redistributor's state, as boards do.
 */
#include <bl31/bl31.h>
#include <bl31/interrupt_mgmt.h>
#include <common/debug.h>
#include <common/runtime_svc.h>
#include <drivers/arm/gicv3.h>
#include <lib/psci/psci.h>
#include <lib/xlat_tables/xlat_mmu_helpers.h>
#include <plat/common/platform.h>
#include <platform_def.h>
#include <services/sdei.h>

#include "map.h"

static sdei_ev_map_t privates[] = { PRIVATES };
static sdei_ev_map_t shareds[] = { SHAREDS };

REGISTER_SDEI_MAP(privates, shareds);

/* An SPI that is the Secure world's. */
#define SECURE_SPI 60

/* The port's own. */
void qemu_pwr_gic_off(void);
extern const plat_psci_ops_t *psci_plat_pm_ops;

static const plat_psci_ops_t *ports;
static plat_psci_ops_t ops;
static bool sleeping[PLATFORM_CORE_COUNT];
/* Whoever sleeps does until another PE has gone off. */
static volatile bool stay;

static void suspend(const psci_power_state_t *state)
{
	sleeping[plat_my_core_pos()] = true;
	qemu_pwr_gic_off();
}

static void wake(const psci_power_state_t *state)
{
	const unsigned self = plat_my_core_pos();

	sleeping[self] = false;
	/* Not qemu_pwr_gic_on_finish(): QEMU's redistributor has kept everything. */
	gicv3_rdistif_on(self);
	gicv3_cpuif_enable(self);
}

/* It sleeps no longer than this, or till then. */
static void __dead2 power_down(const psci_power_state_t *state)
{
	if (sleeping[plat_my_core_pos()]) {
		while (stay)
			;
		disable_mmu_el3();
		bl31_warm_entrypoint();
	}
	stay = false;
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
	plat_ic_set_interrupt_type(SECURE_SPI, INTR_TYPE_S_EL1);
}

/*
 * SiP call 1: dispatch explicit event x1; as sdei_dispatch_event() answers. 2: sleepers
 * stay until another PE is off. 3: does PE x1 sleep?
 */
static uintptr_t serve(uint32_t fid, u_register_t x1, u_register_t x2,
		       u_register_t x3, u_register_t x4, void *cookie,
		       void *handle, u_register_t flags)
{
	switch (fid & FUNCID_NUM_MASK) {
	case 1:
		SMC_RET1(handle, sdei_dispatch_event((int)x1));
	case 2:
		stay = true;
		SMC_RET1(handle, 0);
	case 3:
		SMC_RET1(handle, sleeping[x1]);
	default:
		SMC_RET1(handle, SMC_UNK);
	}
}

DECLARE_RT_SVC(tests_sip, OEN_SIP_START, OEN_SIP_END, SMC_TYPE_FAST, NULL,
	       serve);
