/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How to call firmware, from the device tree: PSCI's and SDEI's conduit. A tree
 * that says nothing of SDEI leaves it to probing, since this host also runs on
 * firmware that passes the machine's own tree.
 */
#include "host.h"

#include <libfdt.h>

#define TREE_DEFAULT 0x40000000 /* QEMU's, if x0 was 0 */

static bool psci_says_hvc(const void *tree)
{
	int node = fdt_path_offset(tree, "/psci"), size;
	const char *method;

	if (node < 0)
		return false;
	method = fdt_getprop(tree, node, "method", &size);
	return method && size == 4 && method[0] == 'h';
}

enum sdei_conduit discover(uint64_t address)
{
	const void *tree = virt(address ? address : TREE_DEFAULT);
	enum sdei_conduit conduit;
	const char *why;

	if (fdt_check_header(tree))
		return SDEI_CONDUIT_SMC;
	psci_by_hvc = !at_el2 && psci_says_hvc(tree);
	conduit = sdei_fdt_conduit(tree, &why);
	if (why)
		panic("%s", why);
	print("# SDEI %s\n", conduit == SDEI_CONDUIT_NONE
				     ? "is not in the device tree: probing"
				     : "is in the device tree");
	if (conduit != SDEI_CONDUIT_NONE)
		return conduit;
	return psci_by_hvc ? SDEI_CONDUIT_HVC : SDEI_CONDUIT_SMC;
}
