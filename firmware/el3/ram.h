/* SPDX-License-Identifier: BSD-2-Clause */
/* The ranges of Non-secure RAM; machine.h has machine_is_ram(). */
#ifndef EL3_RAM_H
#define EL3_RAM_H

#include "machine.h"

#include <handoff.h>

struct ram_range {
	uint64_t start, last; /* addresses of its first and last byte */
};

/*
 * BOOT_FID_MEMORY, before the hand-off. False: it is empty, does not end below
 * 2^64 - 1, or there are BOOT_MEMORY_RANGES that do not touch it.
 */
bool ram_add(uint64_t start, uint64_t size);
/* The range with this index, in the order of their addresses; NULL: no more. */
const struct ram_range *ram_range(unsigned index);

#endif
