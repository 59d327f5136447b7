/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configuration space of PCI segment 0 (ECAM; PCI Express 6.0, 7.2.2), read for
 * error records. The boot stage says where it is.
 */
#include "machine.h"

#include "layout.h"

#define MIB       UINT64_C(0x100000)
#define BUS_MAX   256
#define FUNCTION  UINT64_C(0x1000)
#define NO_DEVICE UINT32_MAX

static unsigned buses;

bool pcie_set(uint64_t start, uint64_t size)
{
	if (!size || size % MIB || size / MIB > BUS_MAX ||
	    !mmu_map_pcie(start, size))
		return false;
	buses = (unsigned)(size / MIB);
	return true;
}

uint32_t machine_pcie_read(uint32_t sbdf, unsigned offset)
{
	const unsigned bus = sbdf >> 16 & 0xff;

	if (sbdf >> 24 || bus >= buses || offset >= FUNCTION)
		return NO_DEVICE;
	return mmio_read32(PLAT_PCIE_WINDOW + (sbdf >> 8 & 0xffff) * FUNCTION +
			   offset);
}
