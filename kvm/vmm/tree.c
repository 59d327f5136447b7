/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device tree: of the whole machine, or, for a guest that has ACPI, only of
 * what an EFI boot loader would leave in /chosen.
 */
#include "vmm.h"

#include <libfdt.h>
#include <string.h>

#define PHANDLE_GIC   1
#define PHANDLE_CLOCK 2

/* A GIC's interrupt in a tree: type, number among its type, trigger. */
#define SPI(intid) 0, -32 + (intid), 4
#define PPI(intid) 1, -16 + (intid), 4

static int must(int result)
{
	if (result < 0)
		vmm_die("the device tree: %s", fdt_strerror(result));
	return result;
}

static void cells(void *tree, int node, const char *name, const uint32_t *value,
		  unsigned count)
{
	fdt32_t cell[16];

	for (unsigned i = 0; i < count; i++)
		cell[i] = cpu_to_fdt32(value[i]);
	must(fdt_setprop(tree, node, name, cell, (int)(count * sizeof(*cell))));
}
#define CELLS(tree, node, name, ...) \
	cells(tree, node, name, (const uint32_t[]){ __VA_ARGS__ }, \
	      sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))
/* A range of addresses, two cells each. */
#define REG(base, size) \
	(uint32_t)((uint64_t)(base) >> 32), (uint32_t)(base), \
		(uint32_t)((uint64_t)(size) >> 32), (uint32_t)(size)

static void text(void *tree, int node, const char *name, const char *value)
{
	must(fdt_setprop_string(tree, node, name, value));
}
/* A list of strings, each but the last with its \0 written out. */
#define TEXTS(tree, node, name, value) \
	must(fdt_setprop(tree, node, name, value, sizeof(value)))

static int add(void *tree, int parent, const char *name)
{
	return must(fdt_add_subnode(tree, parent, name));
}

static void add_chosen(void *tree, const struct vmm *vmm,
		       const char *command_line)
{
	int chosen = add(tree, 0, "chosen");

	text(tree, chosen, "bootargs", command_line);
	text(tree, chosen, "stdout-path", "/uart");
	if (!vmm->initrd_size)
		return;
	must(fdt_setprop_u64(tree, chosen, "linux,initrd-start", vmm->initrd));
	must(fdt_setprop_u64(tree, chosen, "linux,initrd-end",
			     vmm->initrd + vmm->initrd_size));
}

static void add_cpus(void *tree, const struct vmm *vmm)
{
	int cpus = add(tree, 0, "cpus");

	CELLS(tree, cpus, "#address-cells", 1);
	CELLS(tree, cpus, "#size-cells", 0);
	/* Each is put before those that there are. */
	for (unsigned i = vmm->options.vcpus; i-- > 0;) {
		char name[] = "cpu@0";
		int cpu;

		name[4] = (char)('0' + i);
		cpu = add(tree, cpus, name);
		text(tree, cpu, "device_type", "cpu");
		text(tree, cpu, "compatible", "arm,armv8");
		text(tree, cpu, "enable-method", "psci");
		CELLS(tree, cpu, "reg", i);
	}
}

static void add_firmware(void *tree)
{
	int psci = add(tree, 0, "psci"), sdei;

	TEXTS(tree, psci, "compatible", "arm,psci-1.0\0arm,psci-0.2");
	text(tree, psci, "method", "hvc");
	sdei = add(tree, add(tree, 0, "firmware"), "sdei");
	text(tree, sdei, "compatible", "arm,sdei-1.0");
	text(tree, sdei, "method", "hvc");
}

static void add_interrupts(void *tree, const struct vmm *vmm)
{
	int gic = add(tree, 0, "interrupt-controller"), timer;

	text(tree, gic, "compatible", "arm,gic-v3");
	CELLS(tree, gic, "#interrupt-cells", 3);
	must(fdt_setprop_empty(tree, gic, "interrupt-controller"));
	CELLS(tree, gic, "reg", REG(GICD_BASE, GICD_SIZE),
	      REG(GICR_BASE, GICR_STRIDE * vmm->options.vcpus));
	CELLS(tree, gic, "phandle", PHANDLE_GIC);
	timer = add(tree, 0, "timer");
	text(tree, timer, "compatible", "arm,armv8-timer");
	/* Secure, Non-secure, virtual, EL2's. */
	CELLS(tree, timer, "interrupts", PPI(29), PPI(IRQ_PHYSICAL_TIMER),
	      PPI(IRQ_VIRTUAL_TIMER), PPI(26));
}

static void add_devices(void *tree)
{
	int clock = add(tree, 0, "clock"), uart, rtc;

	text(tree, clock, "compatible", "fixed-clock");
	CELLS(tree, clock, "#clock-cells", 0);
	CELLS(tree, clock, "clock-frequency", 24000000);
	CELLS(tree, clock, "phandle", PHANDLE_CLOCK);
	uart = add(tree, 0, "uart");
	TEXTS(tree, uart, "compatible", "arm,pl011\0arm,primecell");
	CELLS(tree, uart, "reg", REG(UART_BASE, DEVICE_SIZE));
	CELLS(tree, uart, "interrupts", SPI(IRQ_UART));
	CELLS(tree, uart, "clocks", PHANDLE_CLOCK, PHANDLE_CLOCK);
	TEXTS(tree, uart, "clock-names", "uartclk\0apb_pclk");
	rtc = add(tree, 0, "rtc");
	TEXTS(tree, rtc, "compatible", "arm,pl031\0arm,primecell");
	CELLS(tree, rtc, "reg", REG(RTC_BASE, DEVICE_SIZE));
	CELLS(tree, rtc, "interrupts", SPI(IRQ_RTC));
	CELLS(tree, rtc, "clocks", PHANDLE_CLOCK);
	TEXTS(tree, rtc, "clock-names", "apb_pclk");
}

static void *begin(struct vmm *vmm)
{
	void *tree = vmm_memory(vmm, TREE_BASE, TREE_SIZE);

	must(fdt_create_empty_tree(tree, (int)TREE_SIZE));
	CELLS(tree, 0, "#address-cells", 2);
	CELLS(tree, 0, "#size-cells", 2);
	return tree;
}

void tree_make(struct vmm *vmm, const char *command_line)
{
	void *tree = begin(vmm);
	int memory;

	text(tree, 0, "compatible", "linux,dummy-virt");
	CELLS(tree, 0, "interrupt-parent", PHANDLE_GIC);
	memory = add(tree, 0, "memory");
	text(tree, memory, "device_type", "memory");
	CELLS(tree, memory, "reg", REG(RAM_BASE, vmm->options.memory));
	add_cpus(tree, vmm);
	add_firmware(tree);
	add_interrupts(tree, vmm);
	add_devices(tree);
	add_chosen(tree, vmm, command_line);
	must(fdt_pack(tree));
}

void tree_make_for_acpi(struct vmm *vmm, const char *command_line,
			const struct efi *efi)
{
	void *tree = begin(vmm);
	int chosen;

	add_chosen(tree, vmm, command_line);
	chosen = must(fdt_path_offset(tree, "/chosen"));
	must(fdt_delprop(tree, chosen, "stdout-path"));
	must(fdt_setprop_u64(tree, chosen, "linux,uefi-system-table",
			     efi->system_table));
	must(fdt_setprop_u64(tree, chosen, "linux,uefi-mmap-start", efi->map));
	must(fdt_setprop_u32(tree, chosen, "linux,uefi-mmap-size",
			     efi->map_size));
	must(fdt_setprop_u32(tree, chosen, "linux,uefi-mmap-desc-size", 40));
	must(fdt_setprop_u32(tree, chosen, "linux,uefi-mmap-desc-ver", 1));
	/* 2: off. Kernels with lockdown ignore the rest if it is not said. */
	must(fdt_setprop_u32(tree, chosen, "linux,uefi-secure-boot", 2));
	must(fdt_pack(tree));
}
