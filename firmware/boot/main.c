/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of things. A kernel given with -kernel is started by ACPI or by
 * device tree; without one, a payload that QEMU has put at PLAT_PAYLOAD_BASE
 * is entered, and then no memory but the boot stage's own may be written, unless
 * the payload is to find us in the device tree.
 */
#include <offsets.h>
#include <string.h>
#include <trace_format.h>

#include "boot.h"
#include "given.h"
#include "handoff.h"

#define HOW \
	"give " PLAT_HOW_KERNEL \
	", or -device loader,file=PAYLOAD,addr=0x%lx,force-raw=on"

/* Indexes of the options' values, the default first. */
enum { BOOT_ACPI, BOOT_DT };
enum { ABI_1_1, ABI_1_0 };
enum { TEST_NONE, TEST_TIMER };
enum { TREE_UNTOUCHED, TREE_SDEI };
enum { TRACE_ASKED, TRACE_ON };

/* What the `sdei` command knows of the machine, and where it loads things. */
#define RUN(name, images, qemu, choices, ram, ...) \
	_Static_assert((ram) == PLAT_RAM_BASE, "run.h: where RAM begins");
#include <run.h>
_Static_assert(PLAT_PAYLOAD_BASE == PLAT_RAM_BASE + PAYLOAD_OFFSET,
	       "offsets.h");
#ifdef PLAT_GIVEN_BASE
_Static_assert(PLAT_GIVEN_BASE == PLAT_RAM_BASE + GIVEN_OFFSET, "offsets.h");
#endif
_Static_assert(PLAT_KERNEL_BASE - PLAT_RAM_BASE + TRACE_SIZE_MAX <=
		       GIVEN_OFFSET,
	       "a large trace is below what is given");

static void hand_off(uint64_t ram_end, uint64_t flags)
{
	uint64_t result = el3_call(BOOT_FID_HANDOFF, PLAT_RAM_BASE,
				   ram_end - PLAT_RAM_BASE, flags);

	if (result)
		fail("EL3 refuses the hand-off (SMC 0x%x returned 0x%lx): is this OpenSDEI's EL3, and the first start since reset?",
		     BOOT_FID_HANDOFF, result);
}

static struct start start_payload(uint64_t ram_end, bool edit_tree, bool traced)
{
	const uint64_t at = PLAT_PAYLOAD_BASE;

	if (ram_end <= at)
		fail("no kernel, and RAM ends at 0x%lx, below a payload's place; " HOW
		     " (with -m 1G or more)",
		     ram_end, at);
	if (!*(const volatile uint32_t *)at)
		fail("no kernel, and no payload at 0x%lx; " HOW, at, at);
	if (edit_tree) {
		tree_for_payload(traced);
		mmu_clean(PLAT_DTB_BASE, PLAT_DTB_SIZE);
	}
	say("payload at 0x%lx, RAM %lu MiB, EL%u%s",
	    (uint64_t)PLAT_PAYLOAD_BASE, (ram_end - PLAT_RAM_BASE) / MIB,
	    current_el(), edit_tree ? ", device tree with PSCI and SDEI" : "");
	return (struct start){ PLAT_PAYLOAD_BASE, PLAT_DTB_BASE };
}

/*
 * QEMU tells who assigns PCI resources how many root buses there are beside the
 * first. Nobody does here, and Linux finds no window to assign from: it takes
 * those of such a bus from what firmware has assigned there.
 */
static void warn_of_more_root_buses(void)
{
	struct given file;
	uint64_t count = 0;

	if (!given_find("etc/extra-pci-roots", &file) ||
	    file.size != sizeof(count))
		return;
	given_read(&file, 0, &count, sizeof(count));
	if (count)
		say("devices behind the %lu pxb bus(es) get no BARs and do not work: this firmware assigns no PCI resources; put them on pcie.0 or on a pcie-root-port of it",
		    count);
}

static struct start start_kernel(const struct kernel *kernel, uint64_t ram_end,
				 bool acpi)
{
	struct start start = { .entry = kernel->entry };

	if (acpi) {
		struct efi efi;

		efi_build(&efi, acpi_build(), kernel, ram_end);
		start.tree = tree_for_acpi(kernel, &efi);
	} else {
		start.tree = tree_for_dt(kernel);
	}
	warn_of_more_root_buses();
	say("kernel %lu KiB, initrd %lu KiB, %s, RAM %lu MiB, EL%u",
	    kernel->size / KIB, kernel->initrd_size / KIB,
	    acpi ? "ACPI" : "device tree", (ram_end - PLAT_RAM_BASE) / MIB,
	    current_el());
	mmu_clean(kernel->entry, kernel->size);
	mmu_clean(kernel->initrd, kernel->initrd_size);
	mmu_clean(PLAT_DTB_BASE, PLAT_DTB_SIZE);
	mmu_clean(PLAT_ACPI_BASE, PLAT_ACPI_SIZE);
	return start;
}

/* Without it EL3's records name a function and say no more. */
static void pcie_tell(void)
{
	uint64_t start, size;

	if (tree_pcie(&start, &size) && el3_call(BOOT_FID_PCIE, start, size, 0))
		say("PCI configuration space at 0x%lx (0x%lx bytes) is not aligned to 2 MiB or has more than 256 buses: error records will not have it",
		    start, size);
}

struct start boot_main(void)
{
	static const char *const boot_values[] = { "acpi", "dt" };
	static const char *const abi_values[] = { "1.1", "1.0" };
	static const char *const test_values[] = { "none", "timer" };
	static const char *const tree_values[] = { "untouched", "sdei" };
	static const char *const trace_values[] = { "asked", "on" };
	struct kernel kernel = { .base = PLAT_KERNEL_BASE };
	struct start start;
	uint64_t ram_end, flags = 0;
	unsigned trace_kib;
	bool acpi, edit_tree;

	console_start();
	tree_check();
	ram_end = tree_ram_end();
	mmu_map_ram(ram_end);
	given_check(ram_end);
	acpi = option_choice("opt/opensdei/boot", boot_values) == BOOT_ACPI;
	if (!acpi && !PLAT_TREE_BOOTS)
		fail("the option opt/opensdei/boot is \"dt\": this machine's device tree is not one for kernels, so it can be \"acpi\"");
	if (option_choice("opt/opensdei/abi", abi_values) == ABI_1_0)
		flags |= BOOT_HANDOFF_ABI_1_0;
	if (option_choice("opt/opensdei/test", test_values) == TEST_TIMER)
		flags |= BOOT_HANDOFF_TEST;
	if (option_choice("opt/opensdei/trace", trace_values) == TRACE_ON)
		flags |= BOOT_HANDOFF_TRACE | BOOT_HANDOFF_TRACE_ON;
	trace_kib = option_trace_size();
	if (trace_kib > PLAT_TRACE_SIZE / KIB)
		kernel.base += trace_kib * KIB;
	flags |= BOOT_HANDOFF_TRACE_SIZE(trace_kib);
	flags |= option_slots();
	edit_tree = option_choice("opt/opensdei/tree", tree_values) ==
		    TREE_SDEI;

	if (kernel_load(&kernel, ram_end)) {
		start = start_kernel(&kernel, ram_end, acpi);
		/* It is told of that memory; a payload's is its own. */
		flags |= BOOT_HANDOFF_TRACE;
		if (acpi)
			flags |= BOOT_HANDOFF_ACPI;
	} else {
		if (kernel.base > PLAT_KERNEL_BASE)
			fail("the option opt/opensdei/trace-size is %u: without a kernel it can be %u only, for a payload's memory is its own",
			     trace_kib, (unsigned)(PLAT_TRACE_SIZE / KIB));
		start = start_payload(ram_end, edit_tree,
				      flags & BOOT_HANDOFF_TRACE);
	}
	memory_tell();
	pcie_tell();
	hand_off(ram_end, flags);
	return start;
}
