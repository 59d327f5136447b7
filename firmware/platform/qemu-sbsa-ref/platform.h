/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's `sbsa-ref` machine, as the firmware uses it. Plain numbers only: see
 * hardware.h.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include "hardware.h"

/* How the machine must be started, for whoever has not. */
#define PLAT_HOW "give QEMU -machine sbsa-ref"

#define PLAT_HOW_KERNEL "sdei run --machine sbsa-ref --kernel IMAGE"
/* QEMU's device tree counts processors and memory: kernels start by ACPI alone. */
#define PLAT_TREE_BOOTS 0

/* Where EL3 sees the PEs' pages, and configuration space: of nothing that it needs. */
#define PLAT_PES_WINDOW  0x10000000
#define PLAT_PCIE_WINDOW 0xC0000000

/* What `sdei run` leaves in memory for the boot stage (common/given_list.h). */
#define PLAT_GIVEN_BASE (PLAT_RAM_BASE + GIVEN_OFFSET)

/* RAM's base is where QEMU leaves its device tree. */
#include "../common/areas.h"

#endif
