/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the guest runs: an arm64 Linux Image with an initrd, or a bare payload
 * at the address it is linked for.
 */
#include "vmm.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Documentation/arch/arm64/booting.rst: what an Image begins with. */
struct image_header {
	uint32_t code[2];
	uint64_t text_offset;
	uint64_t image_size;
	uint64_t flags;
	uint64_t reserved[3];
	uint32_t magic;
	uint32_t pe_offset;
};
_Static_assert(sizeof(struct image_header) == 64, "fixed by Linux");
#define IMAGE_MAGIC 0x644d5241 /* "ARM\x64" */
#define ALIGN       (2 * MIB)

/* Reads a whole file into guest memory; returns its size. */
static uint64_t load(struct vmm *vmm, const char *path, uint64_t address)
{
	FILE *file = fopen(path, "rb");
	struct stat status;
	void *to;

	if (!file || fstat(fileno(file), &status))
		vmm_die("%s: %s", path, strerror(errno));
	to = vmm_memory(vmm, address, (uint64_t)status.st_size);
	if (!to)
		vmm_die("%s does not fit into the guest's memory", path);
	if (fread(to, 1, (size_t)status.st_size, file) !=
	    (size_t)status.st_size)
		vmm_die("%s cannot be read: %s", path, strerror(errno));
	fclose(file);
	return (uint64_t)status.st_size;
}

static uint64_t file_size(const char *path)
{
	struct stat status;

	if (stat(path, &status))
		vmm_die("%s: %s", path, strerror(errno));
	return (uint64_t)status.st_size;
}

/* Returns where the kernel's memory ends. */
static uint64_t load_kernel(struct vmm *vmm, const char *path)
{
	uint64_t size = load(vmm, path, KERNEL_BASE);
	const struct image_header *header = vmm_memory(vmm, KERNEL_BASE,
						       sizeof(*header));

	if (size < sizeof(*header) || header->magic != IMAGE_MAGIC)
		vmm_die("%s is no arm64 kernel Image", path);
	if (header->text_offset)
		vmm_die("%s wants an offset of 0x%llx: Linux before 5.8", path,
			(unsigned long long)header->text_offset);
	vmm->start = KERNEL_BASE;
	vmm->argument = TREE_BASE;
	return KERNEL_BASE +
	       (header->image_size > size ? header->image_size : size);
}

/* At the top of memory, where the kernel's own needs are not. */
static void load_initrd(struct vmm *vmm, const char *path, uint64_t kernel_end)
{
	uint64_t size = file_size(path), end = RAM_BASE + vmm->options.memory;

	if (size > end - RAM_BASE)
		vmm_die("%s does not fit into the guest's memory", path);
	vmm->initrd = (end - size) & ~(ALIGN - 1);
	if (vmm->initrd < kernel_end)
		vmm_die("%s and the kernel do not fit into the guest's memory",
			path);
	vmm->initrd_size = load(vmm, path, vmm->initrd);
}

static void load_linux(struct vmm *vmm)
{
	const struct options *o = &vmm->options;
	uint64_t kernel_end = load_kernel(vmm, o->kernel);

	if (o->initrd)
		load_initrd(vmm, o->initrd, kernel_end);
	if (o->acpi) {
		struct efi efi = efi_make(vmm, acpi_make(vmm));

		tree_make_for_acpi(vmm, o->append, &efi);
	} else {
		tree_make(vmm, o->append);
	}
}

void image_load(struct vmm *vmm)
{
	if (!vmm->options.payload) {
		load_linux(vmm);
		return;
	}
	load(vmm, vmm->options.payload, PAYLOAD_BASE);
	tree_make(vmm, "");
	vmm->start = PAYLOAD_BASE;
	vmm->argument = TREE_BASE;
}
