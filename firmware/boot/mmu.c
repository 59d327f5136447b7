/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The identity map and what it takes to leave it.
 *
 * One table of 1 GiB blocks reaches 512 GiB, far more than is touched here; where RAM
 * does not begin in the first 512, it has one of its own. They start with the devices
 * and the first GiB of RAM; the rest is mapped when the size of RAM is known, so that
 * no block without RAM is ever cacheable.
 */
#include "boot.h"

#define BLOCK_SHIFT 30
#define BLOCK_VALID UINT64_C(0x001)
/* The memory type is an index into MAIR (start.S). */
#define BLOCK_DEVICE (UINT64_C(0) << 2)
#define BLOCK_NORMAL (UINT64_C(1) << 2)
/*
 * Read-write for the level that runs. AP[1], RES1 and ignored at EL2, must be
 * 0 at EL1: what EL0 may write, EL1 may not execute.
 */
#define BLOCK_AP       (UINT64_C(0) << 6)
#define BLOCK_INNER    (UINT64_C(3) << 8)
#define BLOCK_ACCESSED (UINT64_C(1) << 10)
#define BLOCK_XN       (UINT64_C(1) << 54)
/* PXN at EL1; reserved, ignored at EL2. */
#define BLOCK_PXN (UINT64_C(1) << 53)

#define DEVICE \
	(BLOCK_VALID | BLOCK_DEVICE | BLOCK_AP | BLOCK_ACCESSED | BLOCK_XN | \
	 BLOCK_PXN)
#define RAM \
	(BLOCK_VALID | BLOCK_NORMAL | BLOCK_AP | BLOCK_INNER | BLOCK_ACCESSED)

#define ENTRIES   512
#define RAM_ENTRY (PLAT_RAM_BASE >> BLOCK_SHIFT)

_Static_assert(PLAT_RAM_BASE == RAM_ENTRY << BLOCK_SHIFT,
	       "RAM begins in the middle of a block");
#define DEVICE_ENTRY ((PLAT_DEVICE_BASE + UINT64_C(0)) >> BLOCK_SHIFT)
_Static_assert((PLAT_DEVICE_BASE + UINT64_C(0) + PLAT_DEVICE_SIZE - 1) >>
			       BLOCK_SHIFT ==
		       DEVICE_ENTRY,
	       "devices reach beyond one block");

/* In the data section: it must be right before anything can be written. */
#define TABLE static uint64_t __attribute__((aligned(4096), section(".data")))
extern uint64_t mmu_table[ENTRIES]; /* start.S has its address */

#if RAM_ENTRY >= ENTRIES
#define NEXT 3 /* of a table: valid, a table */
TABLE devices[ENTRIES] = {
	[DEVICE_ENTRY] = (DEVICE_ENTRY << BLOCK_SHIFT) | DEVICE,
};
TABLE ram_table[ENTRIES] = { [RAM_ENTRY % ENTRIES] = PLAT_RAM_BASE | RAM };
uint64_t mmu_table[ENTRIES] __attribute__((aligned(4096), section(".data"))) = {
	[0] = (uint64_t)devices + NEXT,
	[RAM_ENTRY / ENTRIES] = (uint64_t)ram_table + NEXT,
};
#else
#define ram_table mmu_table
uint64_t mmu_table[ENTRIES] __attribute__((aligned(4096), section(".data"))) = {
	[DEVICE_ENTRY] = (DEVICE_ENTRY << BLOCK_SHIFT) | DEVICE,
	[RAM_ENTRY] = PLAT_RAM_BASE | RAM,
};
#endif

void mmu_map_ram(uint64_t end)
{
	static const uint8_t bits[] = { 32, 36 }; /* else 39 or more */
	uint64_t range, limit = (RAM_ENTRY / ENTRIES + 1) * ENTRIES;

	__asm__("mrs %0, id_aa64mmfr0_el1" : "=r"(range));
	range &= 0xf;
	if (range < sizeof(bits))
		limit = UINT64_C(1) << (bits[range] - BLOCK_SHIFT);
	for (uint64_t i = RAM_ENTRY + 1; i < limit && i << BLOCK_SHIFT < end;
	     i++)
		ram_table[i % ENTRIES] = (i << BLOCK_SHIFT) | RAM;
	__asm__ volatile("dsb ishst; isb" : : : "memory");
}

void mmu_clean(uint64_t start, uint64_t size)
{
	uint64_t ctr, line, address;

	__asm__("mrs %0, ctr_el0" : "=r"(ctr));
	line = UINT64_C(4) << (ctr >> 16 & 0xf);
	for (address = start & ~(line - 1); address < start + size;
	     address += line)
		__asm__ volatile("dc cvac, %0" : : "r"(address) : "memory");
	__asm__ volatile("dsb sy" : : : "memory");
}

unsigned current_el(void)
{
	uint64_t el;

	__asm__("mrs %0, CurrentEL" : "=r"(el));
	return el >> 2 & 3;
}
