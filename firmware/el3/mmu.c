/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EL3's address map: identity but for PCI configuration space, below 4 GiB,
 * nothing that is not needed. Code is
 * read-only, everything else is never executed, Non-secure memory is mapped as
 * such, and the page below each stack is missing.
 *
 * Built once by PE 0 with its own MMU off, so that the tables are in memory
 * when another PE, whose caches are still off, starts to walk them.
 */
#include "layout.h"
#include "pe.h"

#define VALID         (UINT64_C(1) << 0)
#define TABLE         (UINT64_C(1) << 1) /* in levels 1 and 2 */
#define PAGE          (UINT64_C(1) << 1) /* in level 3 */
#define ATTR(n)       ((uint64_t)(n) << 2)
#define NS            (UINT64_C(1) << 5)
#define AP_RES1       (UINT64_C(1) << 6) /* EL3 has no EL0 */
#define READ_ONLY     (UINT64_C(1) << 7)
#define INNER_SHARE   (UINT64_C(3) << 8)
#define ACCESSED      (UINT64_C(1) << 10)
#define NEVER_EXECUTE (UINT64_C(1) << 54)

#define NORMAL (VALID | ATTR(0) | AP_RES1 | INNER_SHARE | ACCESSED)
#define DEVICE (VALID | ATTR(1) | AP_RES1 | ACCESSED | NEVER_EXECUTE)
#define CODE   (NORMAL | READ_ONLY)
#define DATA   (NORMAL | NEVER_EXECUTE)
#define MAIR   UINT64_C(0x04FF) /* 1: nGnRE, 0: write-back */

/* T0SZ = 32, write-back inner-shareable walks, 4 KiB pages, 40-bit output. */
#define TCR      (UINT64_C(0x80800000) | 32 | 1 << 8 | 1 << 10 | 3 << 12 | 2 << 16)
#define SCTLR_ON UINT64_C(0x30C5183D) /* RES1, I, SA, C, M */

#define ENTRIES 512u
#define BLOCK   UINT64_C(0x200000)

static _Alignas(4096) uint64_t level1[ENTRIES];
static _Alignas(4096) uint64_t low[ENTRIES]; /* 0 to 1 GiB */
static _Alignas(4096) uint64_t ram[ENTRIES]; /* 1 to 2 GiB */
static _Alignas(4096) uint64_t stacks[ENTRIES];
static _Alignas(4096) uint64_t pcie[ENTRIES]; /* 3 to 4 GiB */

void mmu_build(void);
void mmu_enable(void);

static void map(uint64_t *level2, uint64_t base, uint64_t size, uint64_t how)
{
	for (uint64_t at = base; at < base + size; at += BLOCK)
		level2[at / BLOCK % ENTRIES] = at | how;
}

static void map_stacks(void)
{
	for (unsigned pe = 0; pe < PLAT_MAX_PES; pe++) {
		uint64_t at = STACKS_BASE + pe * STACK_STRIDE + STACK_GUARD;
		uint64_t end = at + STACK_SIZE;

		for (; at < end; at += 4096)
			stacks[at / 4096 % ENTRIES] = at | DATA | PAGE;
	}
	low[STACKS_BASE / BLOCK] = (uint64_t)stacks | VALID | TABLE;
}

_Static_assert(STACKS_BASE % BLOCK == 0, "stacks have a level 3 table");
_Static_assert(PLAT_MAX_PES *STACK_STRIDE <= BLOCK, "of their own");

void mmu_build(void)
{
	map(low, PLAT_FLASH_BASE, PLAT_FLASH_SIZE, CODE);
	map(low, PLAT_DEVICE_BASE, PLAT_DEVICE_SIZE, DEVICE);
	map(low, PLAT_SRAM_BASE, STACKS_BASE - PLAT_SRAM_BASE, DATA);
	map_stacks();
	map(ram, PLAT_RAM_BASE, PLAT_KERNEL_BASE - PLAT_RAM_BASE, DATA | NS);
	level1[0] = (uint64_t)low | VALID | TABLE;
	level1[1] = (uint64_t)ram | VALID | TABLE;
}

/* While one PE is on: nobody has an entry of this table cached. */
bool mmu_map_pcie(uint64_t start, uint64_t size)
{
	if (start % BLOCK || size % BLOCK || size > ENTRIES * BLOCK)
		return false;
	for (uint64_t i = 0; i < size / BLOCK; i++)
		pcie[i] = (start + i * BLOCK) | DEVICE | NS;
	level1[3] = (uint64_t)pcie | VALID | TABLE;
	__asm__ volatile("dsb	sy\n"
			 "isb\n"
			 :
			 :
			 : "memory");
	return true;
}

void mmu_enable(void)
{
	__asm__ volatile("tlbi	alle3\n"
			 "dsb	sy\n"
			 "msr	mair_el3, %0\n"
			 "msr	tcr_el3, %1\n"
			 "msr	ttbr0_el3, %2\n"
			 "isb\n"
			 "msr	sctlr_el3, %3\n"
			 "isb\n"
			 :
			 : "r"(MAIR), "r"(TCR), "r"(level1), "r"(SCTLR_ON)
			 : "memory");
}
