/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Here because libfdt's header asks for it. It needs strtoul() in overlays
 * only, which the boot stage does not use.
 */
#ifndef BOOT_STDLIB_H
#define BOOT_STDLIB_H
#endif
