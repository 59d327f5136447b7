/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the firmware's own memory lies in Secure RAM; for C, assembly and the
 * linker script.
 *
 * What belongs to one PE is one page: its stack, which grows down from the page's
 * struct pe, and this (pe.h). It is seen at another address than it has, where
 * nothing lies below a page, so that a stack that overflows is noticed. That is
 * reported on a stack that all PEs share.
 */
#ifndef EL3_LAYOUT_H
#define EL3_LAYOUT_H

#include <platform.h>

#define PES_MEMORY      (PLAT_SRAM_BASE + 0x200000)
#define PE_PAGE         0x1000
#define PE_STRIDE       (2 * PE_PAGE) /* in the window */
#define STACK_SIZE      0x900
#define EMERGENCY_STACK 0x400
/* Where the first PE's struct pe is seen; the others', by PE_STRIDE. */
#define PES (PLAT_PES_WINDOW + PE_PAGE + STACK_SIZE)

#endif
