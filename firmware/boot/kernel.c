/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel, initrd and command line into their places
 * (Linux: Documentation/arch/arm64/booting.rst).
 *
 * An Image does not say how long its file is. But Images of distributions are
 * also EFI programs, and a PE section table does: that is how a truncated file
 * is told from one whose bss lies behind its end.
 */
#include <string.h>

#include "boot.h"
#include "given.h"
#include "handoff.h"

#define IMAGE_MAGIC      0x644d5241 /* "ARM\x64" */
#define IMAGE_BIG_ENDIAN (1u << 0)
#define IMAGE_ALIGNMENT  (2 * MIB)
#define ZBOOT_MAGIC      0x676d697a /* "zimg", at offset 4 */
#define GZIP_MAGIC       0x8b1f     /* at offset 0 */
#define PE_MAGIC         0x00004550 /* "PE\0\0" */

/* Nobody's page is larger, so nothing shares one with the initrd. */
#define INITRD_ALIGNMENT (64 * KIB)

struct image_header {
	uint32_t code[2];
	uint64_t text_offset;
	uint64_t image_size; /* in memory, bss included */
	uint64_t flags;
	uint64_t reserved[3];
	uint32_t magic;
	uint32_t pe_offset; /* of struct pe_header; else 0 */
};
_Static_assert(sizeof(struct image_header) == 64, "booting.rst, section 4");

struct pe_header {
	uint32_t magic;
	uint16_t machine;
	uint16_t sections;
	uint32_t unused[3];
	uint16_t optional_size; /* sections follow behind this much */
	uint16_t characteristics;
};
_Static_assert(sizeof(struct pe_header) == 24, "PE format, COFF header");

struct pe_section {
	char name[8];
	uint32_t virtual_size;
	uint32_t virtual_address;
	uint32_t raw_size; /* in the file */
	uint32_t raw_offset;
	uint32_t unused[4];
};
_Static_assert(sizeof(struct pe_section) == 40, "PE format, section table");

_Static_assert(PLAT_KERNEL_BASE % IMAGE_ALIGNMENT == 0, "booting.rst");
_Static_assert(TRACE_ALIGNMENT % IMAGE_ALIGNMENT == 0, "a trace is below it");

static void check_magic(const struct image_header *header)
{
	if (header->magic == IMAGE_MAGIC)
		return;
	if ((header->code[0] & 0xffff) == GZIP_MAGIC)
		fail("the kernel is compressed with gzip: give the Image itself (gunzip it)");
	if (header->code[1] == ZBOOT_MAGIC)
		fail("the kernel is a compressed EFI program (zboot): give the arm64 Image that is inside it");
	fail("the kernel is not an arm64 Image: the word at 0x38 is 0x%x, not 0x%x (\"ARM\\x64\")",
	     header->magic, IMAGE_MAGIC);
}

static void check_header(const struct image_header *header, uint32_t size)
{
	if (size < sizeof(*header))
		fail("the kernel file has %u bytes: an arm64 Image begins with a header of %u",
		     size, (unsigned)sizeof(*header));
	check_magic(header);
	if (!header->image_size)
		fail("the kernel does not tell its size in memory: Linux before 3.17 cannot be started");
	if (header->flags & IMAGE_BIG_ENDIAN)
		fail("the kernel is big-endian: only little-endian ones can be started");
}

static void truncated(uint32_t size, uint64_t needed)
{
	if (needed > size)
		fail("the kernel file is truncated: it has %u bytes, its EFI header describes at least %lu",
		     size, needed);
}

/* Everything that the PE header describes must be in the file. */
static void check_sections(const uint8_t *image, uint32_t size)
{
	const struct image_header *image_header = (const void *)image;
	uint64_t offset = image_header->pe_offset;
	struct pe_header header;
	struct pe_section section;

	if (!offset)
		return;
	truncated(size, offset + sizeof(header));
	memcpy(&header, image + offset, sizeof(header));
	if (header.magic != PE_MAGIC)
		return;
	offset += sizeof(header) + header.optional_size;
	truncated(size, offset + (uint64_t)header.sections * sizeof(section));
	for (; header.sections; header.sections--, offset += sizeof(section)) {
		memcpy(&section, image + offset, sizeof(section));
		truncated(size,
			  (uint64_t)section.raw_offset + section.raw_size);
	}
}

/* Fails if [start, start + size) is not all RAM. Returns its end. */
static uint64_t fits(const char *what, uint64_t start, uint64_t size,
		     uint64_t ram_end)
{
	if (start > ram_end || size > ram_end - start)
		fail("the %s does not fit into memory: %lu KiB at 0x%lx, but RAM ends at 0x%lx (%lu MiB); give QEMU more with -m",
		     what, align_up(size, KIB) / KIB, start, ram_end,
		     (ram_end - PLAT_RAM_BASE) / MIB);
	return start + size;
}

/*
 * The initrd can be moved only when the kernel's end is known, and its place may be the
 * kernel's old one: so the kernel goes first, and must not go over the initrd.
 */
static void check_initrd_survives(uint64_t start, uint64_t size)
{
	struct given initrd;

	if (given_find("initrd", &initrd) &&
	    given_overlaps(&initrd, start, size))
		fail("the kernel's place, 0x%lx to 0x%lx, is where the initrd was loaded, 0x%lx: load it behind",
		     start, start + size, initrd.where);
}

/* Returns the end of the memory that the kernel needs. */
static uint64_t load_image(struct kernel *kernel, const struct given *file,
			   uint64_t ram_end)
{
	uint32_t size = file->size;
	struct image_header header = { 0 };
	uint64_t end;

	given_read(file, 0, &header,
		   size < sizeof(header) ? size : sizeof(header));
	check_header(&header, size);
	if (header.text_offset >= IMAGE_ALIGNMENT)
		fail("the kernel's text_offset is 0x%lx: it must be below 0x%lx",
		     header.text_offset, IMAGE_ALIGNMENT);
	kernel->entry = kernel->base + header.text_offset;
	/* A signature behind the sections makes some files the longer. */
	end = fits("kernel", kernel->entry,
		   header.image_size > size ? header.image_size : size,
		   ram_end);
	check_initrd_survives(kernel->entry, size);
	given_read(file, 0, (void *)kernel->entry, size);
	check_sections((const uint8_t *)kernel->entry, size);
	return end;
}

static void load_initrd(struct kernel *kernel, uint64_t start, uint64_t ram_end)
{
	struct given file;

	if (!given_find("initrd", &file))
		return;
	fits("initrd", start, file.size, ram_end);
	kernel->initrd = start;
	kernel->initrd_size = file.size;
	given_read(&file, 0, (void *)start, file.size);
}

static const char *load_command_line(void)
{
	struct given file;
	char *text;

	if (!given_find("cmdline", &file))
		return "";
	text = area_allocate((uint64_t)file.size + 1, 1);
	given_read(&file, 0, text, file.size);
	return text;
}

bool kernel_load(struct kernel *kernel, uint64_t ram_end)
{
	struct given file;
	uint64_t end;

	if (!given_find("kernel", &file))
		return false;
	/* Where these lie in memory already, the next one's place may reach theirs. */
	kernel->command_line = load_command_line();
	kernel->size = file.size;
	end = load_image(kernel, &file, ram_end);
	load_initrd(kernel, align_up(end, INITRD_ALIGNMENT), ram_end);
	return true;
}
