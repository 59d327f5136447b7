/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's `virt` machine, as the firmware uses it. Plain numbers only: see hardware.h.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include "hardware.h"

/* How the machine must be started, for whoever has not. */
#define PLAT_HOW "give QEMU -machine virt,secure=on,gic-version=3"

#define PLAT_HOW_KERNEL "-kernel IMAGE"
/* The machine's device tree is one that kernels start by. */
#define PLAT_TREE_BOOTS 1

/* Where EL3 sees the PEs' pages, and configuration space: of nothing that it needs. */
#define PLAT_PES_WINDOW  0x20000000
#define PLAT_PCIE_WINDOW 0xC0000000

/* RAM's base is where QEMU leaves its device tree. */
#include "../common/areas.h"

#endif
