/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's firmware configuration device, through its DMA interface (QEMU's
 * docs/specs/fw_cfg). Any transfer that QEMU refuses ends in fail().
 */
#ifndef BOOT_FWCFG_H
#define BOOT_FWCFG_H

#include <stdbool.h>
#include <stdint.h>

/* Items with a fixed number. An absent one reads as zeroes. */
enum {
	FWCFG_KERNEL_SIZE = 0x08,
	FWCFG_INITRD_SIZE = 0x0b,
	FWCFG_KERNEL_DATA = 0x11,
	FWCFG_INITRD_DATA = 0x12,
	FWCFG_COMMAND_SIZE = 0x14,
	FWCFG_COMMAND_DATA = 0x15,
	FWCFG_DIRECTORY = 0x19,
};

#define FWCFG_NAME_SIZE 56

struct fwcfg_file {
	uint32_t size; /* bytes */
	uint16_t item;
};

/* The device is there and has DMA. */
void fwcfg_check(void);
void fwcfg_read(uint16_t item, uint32_t offset, void *to, uint32_t size);
void fwcfg_write(uint16_t item, uint32_t offset, const void *from,
		 uint32_t size);
/* One of the size items. */
uint32_t fwcfg_size(uint16_t item);
/* Look up a name in the directory. */
bool fwcfg_find(const char *name, struct fwcfg_file *file);

#endif
