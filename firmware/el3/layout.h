/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the firmware's own memory lies in Secure RAM; for C, assembly and the
 * linker script. Each PE has a stack with an unmapped page below it, and a
 * small second one for reporting that the first has overflowed.
 */
#ifndef EL3_LAYOUT_H
#define EL3_LAYOUT_H

#include <platform.h>

#define STACKS_BASE     (PLAT_SRAM_BASE + 0x200000)
#define STACK_GUARD     0x1000
#define STACK_SIZE      0x2000
#define STACK_STRIDE    (STACK_GUARD + STACK_SIZE)
#define EMERGENCY_STACK 0x800

/* Where EL3 sees configuration space, which may lie beyond its 4 GiB. */
#define PCIE_WINDOW 0xC0000000

#endif
