/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PSCI 1.1 (Arm DEN0022F). The machine has no power controller: an off PE
 * waits inside EL3.
 */
#ifndef EL3_PSCI_H
#define EL3_PSCI_H

#include "pe.h"

#include <sdei/dispatcher.h>

#define PSCI_FID_FIRST 0x84000000
#define PSCI_FID_LAST  0x8400001F

/* The same identifiers with bit 30 set are the 64-bit variants. */
static inline bool psci_is_call(uint64_t fid)
{
	uint32_t smc32 = (uint32_t)fid & ~(1u << 30);

	return smc32 >= PSCI_FID_FIRST && smc32 <= PSCI_FID_LAST;
}

/*
 * Serve the call in context->x[0]. CPU_OFF, a power-down CPU_SUSPEND and
 * SYSTEM_* return only by starting the client at a new entry point, or never.
 */
void psci_call(struct sdei_context *context);

enum power psci_power(unsigned pe);
/* PE 0 is on from the start. */
void psci_boot(void);
/* Go off, if another PE has asked for it (takeover.c). */
void psci_leave(void);
/* Wait, off, until CPU_ON; then start the client. */
void __attribute__((noreturn)) psci_wait_off(void);

#endif
