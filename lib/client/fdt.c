/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Discovery by device tree: /firmware/sdei, as it is described in
 * docs/bindings/firmware/arm,sdei.yaml. The only file that needs libfdt.
 */
#include <sdei/client.h>

#include <libfdt.h>

/* Is the property this string, and nothing else? */
static bool is_string(const void *tree, int node, const char *name,
		      const char *value)
{
	int size, i = 0;
	const char *text = fdt_getprop(tree, node, name, &size);

	if (!text)
		return false;
	while (i < size && value[i] && text[i] == value[i])
		i++;
	return i == size - 1 && !text[i] && !value[i];
}

/* No property is "okay". */
static bool is_okay(const void *tree, int node)
{
	return !fdt_getprop(tree, node, "status", NULL) ||
	       is_string(tree, node, "status", "okay") ||
	       is_string(tree, node, "status", "ok");
}

static enum sdei_conduit method(const void *tree, int node, const char **why)
{
	if (is_string(tree, node, "method", "smc"))
		return SDEI_CONDUIT_SMC;
	if (is_string(tree, node, "method", "hvc"))
		return SDEI_CONDUIT_HVC;
	*why = fdt_getprop(tree, node, "method", NULL)
		       ? "/firmware/sdei: method is neither smc nor hvc"
		       : "/firmware/sdei has no method";
	return SDEI_CONDUIT_NONE;
}

enum sdei_conduit sdei_fdt_conduit(const void *tree, const char **why)
{
	const char *ignored;
	int node;

	why = why ? why : &ignored;
	*why = NULL;
	node = fdt_check_header(tree);
	if (!node)
		node = fdt_path_offset(tree, "/firmware/sdei");
	if (node == -FDT_ERR_NOTFOUND)
		return SDEI_CONDUIT_NONE;
	if (node < 0) {
		*why = "the device tree is corrupt";
		return SDEI_CONDUIT_NONE;
	}
	if (!is_okay(tree, node))
		return SDEI_CONDUIT_NONE;
	if (fdt_stringlist_search(tree, node, "compatible", "arm,sdei-1.0") <
	    0) {
		*why = "/firmware/sdei is not compatible with arm,sdei-1.0";
		return SDEI_CONDUIT_NONE;
	}
	return method(tree, node, why);
}
