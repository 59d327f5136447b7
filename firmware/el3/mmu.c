/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EL3's address map: identity but for PCI configuration space and for the PEs' pages,
 * between which nothing is mapped; and nothing that is not needed. Code is read-only,
 * everything else is never executed, Non-secure memory is mapped as such.
 *
 * Built once by PE 0 with its own MMU off, so that the tables are in memory
 * when another PE, whose caches are still off, starts to walk them.
 */
#include <trace_format.h>

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

/* Memory from 512 GiB on takes one level more: 44 bits of address instead of 39. */
#if PLAT_RAM_BASE >> 39
#define T0SZ 20
#define SIZE (4 << 16) /* output: 44 bits */
#else
#define T0SZ 25
#define SIZE (2 << 16) /* 40 bits */
#endif
/* Write-back inner-shareable walks, 4 KiB pages. */
#define TCR      (UINT64_C(0x80800000) | T0SZ | 1 << 8 | 1 << 10 | 3 << 12 | SIZE)
#define SCTLR_ON UINT64_C(0x30C5183D) /* RES1, I, SA, C, M */

#define ENTRIES 512u
#define BLOCK   UINT64_C(0x200000)
#define GIB     UINT64_C(0x40000000)
/* Of level 3, which the window of the PEs' pages takes. */
#define PAGE_TABLES (PLAT_MAX_PES * PE_STRIDE / BLOCK)

static _Alignas(4096) uint64_t level1[ENTRIES];
static _Alignas(4096) uint64_t low[ENTRIES];                 /* 0 to 1 GiB */
static _Alignas(4096) uint64_t ram[ENTRIES];                 /* its first GiB */
static _Alignas(4096) uint64_t pages[PAGE_TABLES * ENTRIES]; /* the PEs' */
static _Alignas(4096) uint64_t pcie[ENTRIES]; /* PLAT_PCIE_WINDOW */

void mmu_build(void);
void mmu_enable(void);

static void map(uint64_t *level2, uint64_t base, uint64_t size, uint64_t how)
{
	for (uint64_t at = base; at < base + size; at += BLOCK)
		level2[at / BLOCK % ENTRIES] = at | how;
}

/* Every other page of the window: that of a PE, above one that is missing. */
static void map_pes(void)
{
	for (unsigned pe = 0; pe < PLAT_MAX_PES; pe++)
		pages[2 * pe + 1] = (PES_MEMORY + pe * PE_PAGE) | DATA | PAGE;
	for (unsigned i = 0; i < PAGE_TABLES; i++)
		low[PLAT_PES_WINDOW / BLOCK + i] =
			(uint64_t)&pages[i * ENTRIES] | VALID | TABLE;
}

/* What a platform's numbers must keep to (docs/porting.md). */
#define END(name) (name##_BASE + UINT64_C(0) + name##_SIZE)
#define APART(a, b) \
	_Static_assert(END(a) <= b##_BASE || END(b) <= a##_BASE, \
		       #a " and " #b " overlap")
#define PLAT_PES_BASE PLAT_PES_WINDOW /* as END() wants it */
#define PLAT_PES_SIZE (PAGE_TABLES * BLOCK)
#define IN_LOW(name) \
	_Static_assert(name##_BASE % BLOCK == 0 && END(name) <= GIB, \
		       #name ": in the first GiB, at a multiple of 2 MiB")
/* A GiB of its own in level 1, whose first is `low`. */
#define GIB_APART(a, b) \
	_Static_assert((a) / GIB != (b) / GIB, #a ": its GiB is taken, " #b)

IN_LOW(PLAT_FLASH);
IN_LOW(PLAT_SRAM);
IN_LOW(PLAT_PES);
APART(PLAT_FLASH, PLAT_SRAM);
APART(PLAT_FLASH, PLAT_DEVICE);
APART(PLAT_FLASH, PLAT_PES);
APART(PLAT_SRAM, PLAT_DEVICE);
APART(PLAT_SRAM, PLAT_PES);
APART(PLAT_DEVICE, PLAT_PES);
_Static_assert(PES_MEMORY + PLAT_MAX_PES * PE_PAGE <=
		       PLAT_SRAM_BASE + PLAT_SRAM_SIZE,
	       "the PEs' pages: in Secure RAM");
_Static_assert(PLAT_DEVICE_BASE % GIB + PLAT_DEVICE_SIZE <= GIB,
	       "the devices: in one GiB");
_Static_assert(PLAT_DEVICE_BASE >= GIB || PLAT_DEVICE_BASE % BLOCK == 0,
	       "the devices: in the first GiB at a multiple of 2 MiB");
_Static_assert(PLAT_DEVICE_BASE < ENTRIES * GIB, "level1 ends there");
_Static_assert(PLAT_RAM_BASE >= GIB && PLAT_RAM_BASE % GIB == 0,
	       "`ram` begins with it");
GIB_APART(PLAT_RAM_BASE, PLAT_DEVICE_BASE);
_Static_assert(PLAT_PCIE_WINDOW >= GIB && PLAT_PCIE_WINDOW % GIB == 0 &&
		       PLAT_PCIE_WINDOW < ENTRIES * GIB,
	       "PLAT_PCIE_WINDOW: a GiB below 512, not the first");
GIB_APART(PLAT_PCIE_WINDOW, PLAT_RAM_BASE);
GIB_APART(PLAT_PCIE_WINDOW, PLAT_DEVICE_BASE);
#if PLAT_GICR2_BASE
_Static_assert(PLAT_GICR2_BASE >= GIB && PLAT_GICR2_BASE < ENTRIES * GIB,
	       "PLAT_GICR2_BASE: below 512 GiB, not in the first");
GIB_APART(PLAT_GICR2_BASE, PLAT_RAM_BASE);
GIB_APART(PLAT_GICR2_BASE, PLAT_PCIE_WINDOW);
#endif

#if PLAT_RAM_BASE >> 39
static _Alignas(4096) uint64_t root[ENTRIES];  /* of 512 GiB each */
static _Alignas(4096) uint64_t upper[ENTRIES]; /* those with RAM */

static void map_ram(void)
{
	root[0] = (uint64_t)level1 | VALID | TABLE;
	root[PLAT_RAM_BASE >> 39] = (uint64_t)upper | VALID | TABLE;
	upper[PLAT_RAM_BASE / GIB % ENTRIES] = (uint64_t)ram | VALID | TABLE;
}
#else
#define root level1

static void map_ram(void)
{
	level1[PLAT_RAM_BASE / GIB] = (uint64_t)ram | VALID | TABLE;
}
#endif

void mmu_build(void)
{
	map(low, PLAT_FLASH_BASE, PLAT_FLASH_SIZE, CODE);
	if (PLAT_DEVICE_BASE < GIB)
		map(low, PLAT_DEVICE_BASE, PLAT_DEVICE_SIZE, DEVICE);
	else
		level1[PLAT_DEVICE_BASE / GIB] = PLAT_DEVICE_BASE / GIB * GIB |
						 DEVICE;
	map(low, PLAT_SRAM_BASE, PES_MEMORY - PLAT_SRAM_BASE, DATA);
	map_pes();
	map(ram, PLAT_RAM_BASE, PLAT_KERNEL_BASE - PLAT_RAM_BASE, DATA | NS);
	level1[0] = (uint64_t)low | VALID | TABLE;
	map_ram();
}

/* What was added is seen by the calling PE, and by others once their MMU is on. */
static void publish(void)
{
	__asm__ volatile("dsb	sy\n"
			 "isb\n"
			 :
			 :
			 : "memory");
}

/* All of the GiB that it is in: behind it is what PCI has of its own. */
void mmu_map_gicr2(void)
{
	level1[PLAT_GICR2_BASE / GIB] = PLAT_GICR2_BASE / GIB * GIB | DEVICE;
	publish();
}

_Static_assert(PLAT_KERNEL_BASE - PLAT_RAM_BASE + TRACE_SIZE_MAX <= GIB,
	       "a large trace: in the GiB that `ram` maps");

void mmu_map_trace(uint64_t size)
{
	map(ram, PLAT_KERNEL_BASE, size, DATA | NS);
	publish();
}

/* While one PE is on: nobody has an entry of this table cached. */
bool mmu_map_pcie(uint64_t start, uint64_t size)
{
	if (start % BLOCK || size % BLOCK || size > ENTRIES * BLOCK)
		return false;
	for (uint64_t i = 0; i < size / BLOCK; i++)
		pcie[i] = (start + i * BLOCK) | DEVICE | NS;
	level1[PLAT_PCIE_WINDOW / GIB] = (uint64_t)pcie | VALID | TABLE;
	publish();
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
			 : "r"(MAIR), "r"(TCR), "r"(root), "r"(SCTLR_ON)
			 : "memory");
}
