/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boot stage: fetches a kernel from QEMU, prepares what the kernel is to
 * discover, tells EL3 and starts it. What its files offer each other.
 *
 * Whatever cannot be done ends in fail(): there is nobody to return an error
 * to, only a person at the console, who is told what is wrong with which value
 * and what would be right.
 */
#ifndef BOOT_H
#define BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platform.h>

#include "given.h"

#define KIB UINT64_C(0x400)
#define MIB UINT64_C(0x100000)

static inline uint64_t align_up(uint64_t value, uint64_t alignment)
{
	return (value + alignment - 1) & ~(alignment - 1);
}

/* What is fetched for the kernel and where it lies. */
struct kernel {
	uint64_t base; /* PLAT_KERNEL_BASE, or behind a larger live trace */
	uint64_t entry;
	uint64_t size;   /* of the file, bytes */
	uint64_t initrd; /* address; 0: none */
	uint64_t initrd_size;
	const char *command_line;
};

#define EFI_DESCRIPTOR_SIZE 40 /* of one entry of the memory map */

/* What the UEFI properties of a device tree name. */
struct efi {
	uint64_t system_table;
	uint64_t map;
	uint32_t map_size;
};

/* Where the last instruction jumps; start.S takes both from x0 and x1. */
struct start {
	uint64_t entry;
	uint64_t tree;
};

/* start.S calls these two. */
struct start boot_main(void);
void boot_exception(uint64_t esr, uint64_t elr, uint64_t far)
	__attribute__((noreturn));

/* console.c: one line, "opensdei: ..." and "opensdei: error: ..."; then halt. */
void console_start(void);
void __attribute__((format(printf, 1, 2))) say(const char *text, ...);
void fail(const char *text, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* mmu.c: map RAM up to `end`; clean a range to the point of coherency. */
void mmu_map_ram(uint64_t end);
void mmu_clean(uint64_t start, uint64_t size);
unsigned current_el(void);

/*
 * area.c: zeroed memory from the area that the kernel is told to keep for ACPI
 * (PLAT_ACPI_BASE). `alignment` is a power of two. Never returns NULL.
 */
void *area_allocate(uint64_t size, uint64_t alignment);
bool area_contains(uint64_t address, uint64_t size);

/* smc.c: an SMC to EL3; its x0. */
uint64_t el3_call(uint64_t function, uint64_t x1, uint64_t x2, uint64_t x3);

/*
 * options.c: what is given as opt/opensdei/...; any other value than these is refused.
 * Which of its two values an option has, the first without the option; the client's
 * bind slots, as BOOT_HANDOFF_SLOTS; and the KiB of a live trace.
 */
unsigned option_choice(const char *name, const char *const values[2]);
uint64_t option_slots(void);
unsigned option_trace_size(void);

/* memory.c: tell EL3 of all that can be RAM. */
void memory_tell(void);

/*
 * kernel.c: fetch kernel, initrd and command line, to kernel->base and behind it.
 * False: QEMU has no kernel.
 */
bool kernel_load(struct kernel *kernel, uint64_t ram_end);

/*
 * tree.c: QEMU's device tree is sound, or fail(); the end of RAM that begins at
 * PLAT_RAM_BASE; the tree to start a kernel with (its address), either way.
 */
void tree_check(void);
uint64_t tree_ram_end(void);
/* Configuration space of PCI segment 0 (ECAM). False: the machine has none. */
bool tree_pcie(uint64_t *start, uint64_t *size);
/* Calls back with every range of Non-secure RAM. */
void tree_each_memory(void (*found)(uint64_t start, uint64_t size));
uint64_t tree_for_acpi(const struct kernel *kernel, const struct efi *efi);
uint64_t tree_for_dt(const struct kernel *kernel);
/* QEMU's tree, where it lies, with what our EL3 brings added; the live trace's memory
 * (PLAT_TRACE_BASE) reserved, if it is EL3's. */
void tree_for_payload(bool traced);

/*
 * acpi_loader.c, by QEMU's table loader script; or a platform's own: the machine's
 * tables, in the ACPI area. Returns the address of the RSDP, of at least `size` bytes.
 */
uint64_t acpi_machine_tables(size_t size);
/*
 * Where QEMU keeps the table with this signature, before the script has run.
 * False: QEMU has no such table, or no tables at all.
 */
struct acpi_file_part {
	struct given file;
	uint32_t offset, size; /* bytes */
};
bool acpi_machine_find(const char *signature, struct acpi_file_part *part);
/* acpi.c: QEMU's tables corrected and ours added. Returns the RSDP. */
uint64_t acpi_build(void);
/* efi.c: the system table and the memory map, in the ACPI area. */
void efi_build(struct efi *efi, uint64_t rsdp, const struct kernel *kernel,
	       uint64_t ram_end);

#endif
