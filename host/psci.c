/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of PSCI (Arm DEN0022), and the last of them.
 */
#include "host.h"

#define PSCI_SYSTEM_OFF 0x84000008

bool psci_by_hvc;

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
