/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device trees: QEMU's, which tells where RAM is, and the one that the kernel
 * gets. With ACPI that has /chosen alone, from which Linux knows that it is to
 * use ACPI; otherwise it is QEMU's with what our EL3 brings added.
 */
#include <libfdt.h>
#include <string.h>

#include "boot.h"

/* Enough for all that is added besides the command line. */
#define CHOSEN_SIZE (4 * KIB)

static void *const qemu_tree = (void *)PLAT_DTB_BASE;

/* Returns what it is given unless that is an error. */
static int must(int result, const char *what)
{
	if (result < 0)
		fail("the device tree cannot be prepared: %s: %s", what,
		     fdt_strerror(result));
	return result;
}

void tree_check(void)
{
	int error = fdt_check_full(qemu_tree, PLAT_DTB_SIZE);

	if (error)
		fail("the device tree at 0x%lx is corrupt: %s (magic 0x%x, size 0x%x; expected 0x%x, at most 0x%x)",
		     (uint64_t)PLAT_DTB_BASE, fdt_strerror(error),
		     fdt_magic(qemu_tree), fdt_totalsize(qemu_tree), FDT_MAGIC,
		     PLAT_DTB_SIZE);
}

static bool is_string(int node, const char *property, const char *value)
{
	int size;
	const void *text = fdt_getprop(qemu_tree, node, property, &size);

	return text && (size_t)size == strlen(value) + 1 &&
	       !memcmp(text, value, (size_t)size);
}

static uint64_t read_cells(const fdt32_t *cell, int count)
{
	uint64_t value = 0;

	while (count--)
		value = value << 32 | fdt32_to_cpu(*cell++);
	return value;
}

/* Calls back with the ranges of Non-secure RAM in `node`. */
static void node_memory(int node, void (*found)(uint64_t start, uint64_t size))
{
	int address_cells = must(fdt_address_cells(qemu_tree, 0),
				 "#address-cells");
	int size_cells = must(fdt_size_cells(qemu_tree, 0), "#size-cells");
	int entry = address_cells + size_cells, length;
	const fdt32_t *reg;

	if (!is_string(node, "device_type", "memory") ||
	    is_string(node, "status", "disabled"))
		return;
	reg = fdt_getprop(qemu_tree, node, "reg", &length);
	if (!reg)
		return;
	for (length /= (int)sizeof(*reg); length >= entry; length -= entry) {
		uint64_t start = read_cells(reg, address_cells);
		uint64_t size = read_cells(reg + address_cells, size_cells);

		if (start + size > start)
			found(start, size);
		reg += entry;
	}
}

void tree_each_memory(void (*found)(uint64_t start, uint64_t size))
{
	int node;

	fdt_for_each_subnode(node, qemu_tree, 0) node_memory(node, found);
}

#ifdef PLAT_PCIE_BASE
/* The machine's tree does not tell. */
bool tree_pcie(uint64_t *start, uint64_t *size)
{
	*start = PLAT_PCIE_BASE;
	*size = PLAT_PCIE_SIZE;
	return true;
}
#else
bool tree_pcie(uint64_t *start, uint64_t *size)
{
	const int node = fdt_node_offset_by_compatible(qemu_tree, -1,
						       "pci-host-ecam-generic");
	int length;
	const fdt32_t *reg =
		node < 0 ? NULL : fdt_getprop(qemu_tree, node, "reg", &length);

	if (!reg || length < 4 * (int)sizeof(*reg))
		return false;
	*start = read_cells(reg, 2);
	*size = read_cells(reg + 2, 2);
	return true;
}
#endif

/* Where the RAM ends that begins at PLAT_RAM_BASE, as far as is known. */
static uint64_t ram_end;

static void extend(uint64_t start, uint64_t size)
{
	if (start == ram_end)
		ram_end = start + size;
}

/* A machine with NUMA has a memory node for each of its nodes, in any order. */
uint64_t tree_ram_end(void)
{
	uint64_t end;

	ram_end = PLAT_RAM_BASE;
	do {
		end = ram_end;
		tree_each_memory(extend);
	} while (ram_end != end);
	if (end < PLAT_KERNEL_BASE)
		fail("the device tree has %lu MiB of memory at 0x%lx: at least %lu are needed (-m)",
		     (end - PLAT_RAM_BASE) / MIB, (uint64_t)PLAT_RAM_BASE,
		     (uint64_t)(PLAT_KERNEL_BASE - PLAT_RAM_BASE) / MIB);
	return end;
}

static int child(void *tree, int parent, const char *name)
{
	int node = fdt_subnode_offset(tree, parent, name);

	if (node == -FDT_ERR_NOTFOUND)
		node = fdt_add_subnode(tree, parent, name);
	return must(node, name);
}

static void set(void *tree, int node, const char *name, const void *value,
		size_t size)
{
	must(fdt_setprop(tree, node, name, value, (int)size), name);
}

static void set_string(void *tree, int node, const char *name,
		       const char *value)
{
	set(tree, node, name, value, strlen(value) + 1);
}

static void set_u32(void *tree, int node, const char *name, uint32_t value)
{
	must(fdt_setprop_u32(tree, node, name, value), name);
}

static void set_u64(void *tree, int node, const char *name, uint64_t value)
{
	must(fdt_setprop_u64(tree, node, name, value), name);
}

static void set_chosen(void *tree, int chosen, const struct kernel *kernel)
{
	set_string(tree, chosen, "bootargs", kernel->command_line);
	if (!kernel->initrd_size)
		return;
	set_u64(tree, chosen, "linux,initrd-start", kernel->initrd);
	set_u64(tree, chosen, "linux,initrd-end",
		kernel->initrd + kernel->initrd_size);
}

/* QEMU's random numbers for the kernel, if it gives any. */
static void copy_seeds(void *tree, int chosen)
{
	static const char *const names[] = { "kaslr-seed", "rng-seed" };
	int from = fdt_path_offset(qemu_tree, "/chosen");

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int size;
		const void *seed = fdt_getprop(qemu_tree, from, names[i],
					       &size);

		if (seed)
			set(tree, chosen, names[i], seed, (size_t)size);
	}
}

uint64_t tree_for_acpi(const struct kernel *kernel, const struct efi *efi)
{
	size_t size = CHOSEN_SIZE + strlen(kernel->command_line);
	void *tree = area_allocate(size, 8);
	int chosen;

	must(fdt_create_empty_tree(tree, (int)size), "a new one");
	/* For what kexec adds, such as a crash kernel's usable memory. */
	set_u32(tree, 0, "#address-cells", 2);
	set_u32(tree, 0, "#size-cells", 2);
	chosen = child(tree, 0, "chosen");
	set_chosen(tree, chosen, kernel);
	copy_seeds(tree, chosen);
	set_u64(tree, chosen, "linux,uefi-system-table", efi->system_table);
	set_u64(tree, chosen, "linux,uefi-mmap-start", efi->map);
	set_u32(tree, chosen, "linux,uefi-mmap-size", efi->map_size);
	set_u32(tree, chosen, "linux,uefi-mmap-desc-size", EFI_DESCRIPTOR_SIZE);
	set_u32(tree, chosen, "linux,uefi-mmap-desc-ver", 1);
	/* 2: off. Kernels with lockdown ignore the rest if it is not said. */
	set_u32(tree, chosen, "linux,uefi-secure-boot", 2);
	return (uint64_t)tree;
}

/* QEMU leaves PSCI to the firmware, so its tree says nothing of it. */
static void add_psci(void *tree)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";
	int psci = child(tree, 0, "psci"), cpus, node;

	set(tree, psci, "compatible", compatible, sizeof(compatible));
	set_string(tree, psci, "method", "smc");
	cpus = must(fdt_path_offset(tree, "/cpus"), "/cpus");
	fdt_for_each_subnode(node, tree,
			     cpus) if (is_string(node, "device_type", "cpu"))
		set_string(tree, node, "enable-method", "psci");
}

static void add_sdei(void *tree)
{
	int firmware = child(tree, 0, "firmware");
	int sdei = child(tree, firmware, "sdei");

	set_string(tree, sdei, "compatible", "arm,sdei-1.0");
	set_string(tree, sdei, "method", "smc");
}

/* In place: the area it lies in has room, and nobody else needs it. */
void tree_for_payload(bool traced)
{
	must(fdt_open_into(qemu_tree, qemu_tree, PLAT_DTB_SIZE),
	     "room for more");
	add_psci(qemu_tree);
	add_sdei(qemu_tree);
	if (traced)
		must(fdt_add_mem_rsv(qemu_tree, PLAT_TRACE_BASE,
				     PLAT_TRACE_SIZE),
		     "the trace's memory");
}

uint64_t tree_for_dt(const struct kernel *kernel)
{
	tree_for_payload(true);
	set_chosen(qemu_tree, child(qemu_tree, 0, "chosen"), kernel);
	if (kernel->base > PLAT_KERNEL_BASE)
		must(fdt_add_mem_rsv(qemu_tree, PLAT_KERNEL_BASE,
				     kernel->base - PLAT_KERNEL_BASE),
		     "a larger trace's memory");
	must(fdt_pack(qemu_tree), "packing");
	return PLAT_DTB_BASE;
}
