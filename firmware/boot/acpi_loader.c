/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's table loader: a script of fixed-size commands by which QEMU, which
 * knows what its tables say but not where they will lie, has them linked
 * (QEMU's include/hw/acpi/bios-linker-loader.h).
 *
 * Every file goes into the ACPI area, and no command reaches out of its file.
 */
#include <string.h>

#include "boot.h"
#include "fwcfg.h"

#define SCRIPT      "etc/table-loader"
#define RSDP_FILE   "etc/acpi/rsdp"
#define TABLES_FILE "etc/acpi/tables"
#define MAX_FILES   32

enum {
	COMMAND_ALLOCATE = 1,
	COMMAND_POINTER,
	COMMAND_CHECKSUM,
	COMMAND_WRITE_POINTER
};

typedef char file_name[FWCFG_NAME_SIZE];

struct __attribute__((packed)) command {
	uint32_t code;
	union {
		struct __attribute__((packed)) {
			file_name file;
			uint32_t alignment;
			uint8_t zone; /* for PCs only */
		} allocate;
		struct __attribute__((packed)) {
			file_name to;     /* holds the pointer */
			file_name target; /* is pointed to */
			uint32_t offset;
			uint8_t size;
		} pointer;
		struct __attribute__((packed)) {
			file_name file;
			uint32_t offset; /* of the sum */
			uint32_t start;
			uint32_t size;
		} checksum;
		struct __attribute__((packed)) {
			file_name to; /* in QEMU, not in memory */
			file_name target;
			uint32_t offset;
			uint32_t target_offset;
			uint8_t size;
		} write_pointer;
		uint8_t all[124];
	};
};
_Static_assert(sizeof(struct command) == 128, "fixed by QEMU");

static struct loaded {
	file_name name;
	uint8_t *data;
	uint32_t size;
} files[MAX_FILES];
static unsigned file_count;

static struct loaded *find(const char *name)
{
	for (unsigned i = 0; i < file_count; i++)
		if (!strcmp(files[i].name, name))
			return &files[i];
	fail("QEMU's ACPI loader names %s before it allocates it", name);
}

static struct fwcfg_file offered(const char *name)
{
	struct fwcfg_file file;

	if (!fwcfg_find(name, &file))
		fail("QEMU offers no %s: with -machine acpi=off, boot by device tree (-fw_cfg name=opt/opensdei/boot,string=dt)",
		     name);
	return file;
}

/* The `size` bytes at `offset` of a file. */
static uint8_t *inside(const struct loaded *file, uint32_t offset,
		       uint32_t size)
{
	if (offset > file->size || size > file->size - offset)
		fail("QEMU's ACPI loader reaches beyond %s: %u bytes at %u of %u",
		     file->name, size, offset, file->size);
	return file->data + offset;
}

/* Fails unless `value` can be written as a number of `size` bytes. */
static void check_pointer(uint64_t value, unsigned size)
{
	bool known = size == 1 || size == 2 || size == 4 || size == 8;

	if (!known || (size < 8 && value >> (8 * size)))
		fail("QEMU's ACPI loader wants 0x%lx as a pointer of %u bytes",
		     value, size);
}

static void allocate(const char *name, uint32_t alignment)
{
	struct fwcfg_file offer = offered(name);
	struct loaded *file = &files[file_count];

	if (file_count == MAX_FILES)
		fail("QEMU offers more than %u ACPI files", MAX_FILES);
	if (!alignment || alignment & (alignment - 1) ||
	    alignment > PLAT_ACPI_SIZE)
		fail("QEMU's ACPI file %s is to be aligned to %u", name,
		     alignment);
	memcpy(file->name, name, sizeof(file->name));
	file->size = offer.size;
	file->data = area_allocate(offer.size, alignment);
	fwcfg_read(offer.item, 0, file->data, offer.size);
	file_count++;
}

/* The place holds an offset into the target: make it an address. */
static void add_pointer(const char *to, const char *target, uint32_t offset,
			unsigned size)
{
	const struct loaded *target_file = find(target);
	uint64_t value = 0;
	uint8_t *place;

	check_pointer(0, size);
	place = inside(find(to), offset, size);
	memcpy(&value, place, size);
	if (value > target_file->size)
		fail("QEMU's ACPI loader points beyond %s: 0x%lx of 0x%x",
		     target, value, target_file->size);
	value += (uint64_t)target_file->data;
	check_pointer(value, size);
	memcpy(place, &value, size);
}

static void add_checksum(const char *name, uint32_t offset, uint32_t start,
			 uint32_t size)
{
	const struct loaded *file = find(name);
	const uint8_t *byte = inside(file, start, size);
	uint8_t sum = 0;

	while (size--)
		sum += *byte++;
	*inside(file, offset, 1) -= sum;
}

/* QEMU asks to be told where the target lies. */
static void write_pointer(const char *to, const char *target, uint32_t offset,
			  uint32_t target_offset, unsigned size)
{
	uint64_t value = (uint64_t)inside(find(target), target_offset, 0);

	check_pointer(value, size);
	fwcfg_write(offered(to).item, offset, &value, size);
}

static void terminate(file_name name)
{
	name[sizeof(file_name) - 1] = '\0';
}

static void run(struct command *c)
{
	/* Every command has one name or two, in the same places. */
	terminate(c->pointer.to);
	if (c->code == COMMAND_POINTER || c->code == COMMAND_WRITE_POINTER)
		terminate(c->pointer.target);

	switch (c->code) {
	case COMMAND_ALLOCATE:
		allocate(c->allocate.file, c->allocate.alignment);
		break;
	case COMMAND_POINTER:
		add_pointer(c->pointer.to, c->pointer.target, c->pointer.offset,
			    c->pointer.size);
		break;
	case COMMAND_CHECKSUM:
		add_checksum(c->checksum.file, c->checksum.offset,
			     c->checksum.start, c->checksum.size);
		break;
	case COMMAND_WRITE_POINTER:
		write_pointer(c->write_pointer.to, c->write_pointer.target,
			      c->write_pointer.offset,
			      c->write_pointer.target_offset,
			      c->write_pointer.size);
		break;
	default: /* QEMU's header: unknown commands are to be skipped */
		break;
	}
}

/* Every table but the RSDP and the FACS has a checksum, so the script lists it. */
bool acpi_machine_find(const char *signature, struct acpi_file_part *part)
{
	struct fwcfg_file script, tables;
	struct command c;
	char found[4];

	if (!fwcfg_find(SCRIPT, &script) || !fwcfg_find(TABLES_FILE, &tables))
		return false;
	for (uint32_t at = 0; at + sizeof(c) <= script.size; at += sizeof(c)) {
		fwcfg_read(script.item, at, &c, sizeof(c));
		terminate(c.checksum.file);
		if (c.code != COMMAND_CHECKSUM ||
		    strcmp(c.checksum.file, TABLES_FILE) ||
		    c.checksum.size < sizeof(found) ||
		    c.checksum.start > tables.size ||
		    c.checksum.size > tables.size - c.checksum.start)
			continue;
		fwcfg_read(tables.item, c.checksum.start, found, sizeof(found));
		if (memcmp(found, signature, sizeof(found)))
			continue;
		*part = (struct acpi_file_part){
			{ tables.item, tables.size },
			c.checksum.start,
			c.checksum.size,
		};
		return true;
	}
	return false;
}

uint64_t acpi_machine_tables(size_t size)
{
	struct fwcfg_file script = offered(SCRIPT);
	struct command command;

	for (uint32_t offset = 0; offset + sizeof(command) <= script.size;
	     offset += sizeof(command)) {
		fwcfg_read(script.item, offset, &command, sizeof(command));
		run(&command);
	}
	return (uint64_t)inside(find(RSDP_FILE), 0, (uint32_t)size);
}
