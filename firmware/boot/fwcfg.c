/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fw_cfg transfers. Everything in the DMA interface and in the directory is
 * big-endian; the size items are little-endian.
 */
#include <string.h>

#include "boot.h"
#include "fwcfg.h"

#define DMA_REGISTER (PLAT_FWCFG_BASE + 16)

#define DMA_ERROR  (1u << 0)
#define DMA_READ   (1u << 1)
#define DMA_SKIP   (1u << 2)
#define DMA_SELECT (1u << 3)
#define DMA_WRITE  (1u << 4)

struct dma_request {
	uint32_t control;
	uint32_t length;
	uint64_t address;
};
_Static_assert(sizeof(struct dma_request) == 16, "fixed by QEMU");

struct directory_entry {
	uint32_t size;
	uint16_t item;
	uint16_t reserved;
	char name[FWCFG_NAME_SIZE];
};
_Static_assert(sizeof(struct directory_entry) == 64, "fixed by QEMU");

#define be16(x) __builtin_bswap16(x)
#define be32(x) __builtin_bswap32(x)
#define be64(x) __builtin_bswap64(x)

static void transfer(uint32_t control, uint64_t address, uint32_t size)
{
	struct dma_request request = { be32(control), be32(size),
				       be64(address) };
	volatile struct dma_request *seen = &request;

	__asm__ volatile("dsb sy" : : : "memory");
	*(volatile uint64_t *)DMA_REGISTER = be64((uint64_t)&request);
	while (seen->control & ~be32(DMA_ERROR))
		;
	__asm__ volatile("dsb sy" : : : "memory");
	if (seen->control)
		fail("fw_cfg refuses request 0x%x for %u bytes", control, size);
}

static void select_at(uint16_t item, uint32_t offset)
{
	transfer((uint32_t)item << 16 | DMA_SELECT | DMA_SKIP, 0, offset);
}

void fwcfg_read(uint16_t item, uint32_t offset, void *to, uint32_t size)
{
	select_at(item, offset);
	transfer(DMA_READ, (uint64_t)to, size);
}

void fwcfg_write(uint16_t item, uint32_t offset, const void *from,
		 uint32_t size)
{
	select_at(item, offset);
	transfer(DMA_WRITE, (uint64_t)from, size);
}

uint32_t fwcfg_size(uint16_t item)
{
	uint32_t size;

	fwcfg_read(item, 0, &size, sizeof(size));
	return size;
}

bool fwcfg_find(const char *name, struct fwcfg_file *file)
{
	struct directory_entry entry;
	uint32_t count;

	fwcfg_read(FWCFG_DIRECTORY, 0, &count, sizeof(count));
	for (uint32_t i = 0; i < be32(count); i++) {
		fwcfg_read(FWCFG_DIRECTORY,
			   (uint32_t)(sizeof(count) + i * sizeof(entry)),
			   &entry, sizeof(entry));
		entry.name[FWCFG_NAME_SIZE - 1] = '\0';
		if (strcmp(entry.name, name))
			continue;
		file->size = be32(entry.size);
		file->item = be16(entry.item);
		return true;
	}
	return false;
}

void fwcfg_check(void)
{
	volatile uint64_t *dma = (volatile uint64_t *)DMA_REGISTER;

	/* Reading the DMA register gives "QEMU CFG" where there is DMA. */
	if (be64(*dma) != UINT64_C(0x51454d5520434647))
		fail("no fw_cfg device with DMA at 0x%x: " PLAT_HOW,
		     PLAT_FWCFG_BASE);
}
