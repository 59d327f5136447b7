/* SPDX-License-Identifier: BSD-2-Clause */
/* What is given by QEMU's fw_cfg: `where` is an item. */
#include <string.h>

#include "fwcfg.h"
#include "given.h"

/* Items with a fixed number, and one with each one's size. */
static const struct {
	const char *name;
	uint16_t size, data;
} fixed[] = {
	{ "kernel", FWCFG_KERNEL_SIZE, FWCFG_KERNEL_DATA },
	{ "initrd", FWCFG_INITRD_SIZE, FWCFG_INITRD_DATA },
	{ "cmdline", FWCFG_COMMAND_SIZE, FWCFG_COMMAND_DATA },
};

void given_check(uint64_t ram_end)
{
	(void)ram_end;
	fwcfg_check();
}

bool given_find(const char *name, struct given *file)
{
	struct fwcfg_file found;

	for (unsigned i = 0; i < sizeof(fixed) / sizeof(*fixed); i++) {
		if (strcmp(name, fixed[i].name))
			continue;
		*file = (struct given){ fixed[i].data,
					fwcfg_size(fixed[i].size) };
		return file->size != 0;
	}
	if (!fwcfg_find(name, &found))
		return false;
	*file = (struct given){ found.item, found.size };
	return true;
}

void given_read(const struct given *file, uint32_t offset, void *to,
		uint32_t size)
{
	fwcfg_read((uint16_t)file->where, offset, to, size);
}

bool given_overlaps(const struct given *file, uint64_t start, uint64_t size)
{
	(void)file;
	(void)start;
	(void)size;
	return false;
}
