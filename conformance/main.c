/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of things: the conduit, the PEs, then each chapter's checks.
 *
 * The conduit is SMC at EL2. At EL1 it is SMC as well, unless the loader passes
 * x1 = CONDUIT_HVC or the device tree's /psci says "hvc". QEMU leaves its tree
 * at DTB_BASE, whatever it passes.
 */
#include "arch.h"
#include "check.h"
#include "event.h"
#include "probe.h"
#include "suites.h"

#define CONDUIT_HVC 0x435648 /* "HVC" */

#define FDT_MAGIC      0xd00dfeed
#define FDT_BEGIN_NODE 1
#define FDT_END_NODE   2
#define FDT_PROP       3
#define FDT_NOP        4

void conformance_main(uint64_t tree, uint64_t magic);

static uint32_t word(const uint32_t *p)
{
	return __builtin_bswap32(*p);
}

static bool starts(const char *text, const char *with)
{
	while (*with)
		if (*text++ != *with++)
			return false;
	return true;
}

static const uint32_t *after(const uint32_t *p, size_t bytes)
{
	return p + (bytes + 3) / 4;
}

/* Whether /psci has method = "hvc" (Devicetree Specification 0.4, 5.4). */
static bool tree_says_hvc(const uint32_t *tree)
{
	const uint32_t *p, *end;
	const char *strings;
	bool psci = false;

	if (word(tree) != FDT_MAGIC)
		return false;
	p = (const uint32_t *)((uint64_t)tree + word(&tree[2]));
	end = p + word(&tree[9]) / 4;
	strings = (const char *)tree + word(&tree[3]);
	while (p < end) {
		uint32_t token = word(p++);

		if (token == FDT_BEGIN_NODE) {
			const char *name = (const char *)p;
			size_t length = 0;

			while (name[length++])
				;
			psci = starts(name, "psci");
			p = after(p, length);
		} else if (token == FDT_PROP) {
			if (psci && starts(strings + word(&p[1]), "method"))
				return starts((const char *)(p + 2), "hvc");
			p = after(p + 2, word(p));
		} else if (token != FDT_END_NODE && token != FDT_NOP) {
			break;
		}
	}
	return false;
}

static void introduce(void)
{
	int64_t version = CALL(VERSION);

	print("# SDEI conformance, DEN0054C: client at EL%u by %s, %u PE%s\n",
	      client_el, conduit_is_hvc ? "HVC" : "SMC", pe_count,
	      pe_count > 1 ? "s" : "");
	print("# the dispatcher says: version %u.%u, vendor 0x%x, %u private and %u shared bind slots, relative mode %ld\n",
	      (unsigned)(version >> 48), (unsigned)(version >> 32 & 0xffff),
	      (unsigned)version, bind_slots_private(), bind_slots_shared(),
	      CALL(FEATURES, SDEI_FEATURE_RELATIVE_MODE));
}

void conformance_main(uint64_t tree, uint64_t magic)
{
	console_start();
	print("TAP version 13\n");
	machine_start();
	conduit_is_hvc =
		client_el == 1 &&
		(magic == CONDUIT_HVC ||
		 tree_says_hvc((const uint32_t *)(tree ? tree : DTB_BASE)));
	pe_start_others();
	if (CALL(VERSION) < 0)
		bail_out(
			"client at EL%u by %s: no dispatcher, SDEI_VERSION returns %ld",
			client_el, conduit_is_hvc ? "HVC" : "SMC",
			CALL(VERSION));
	introduce();
	for (unsigned i = 0; i < pe_count; i++)
		events_reset(i);
	suite_calls();
	suite_state();
	suite_entry();
	suite_pstate();
	suite_resume();
	suite_caller();
	suite_handler();
	suite_shared();
	suite_bind();
	suite_bound();
	suite_critical();
	suite_nested();
	suite_signal();
	suite_mask();
	suite_caller_waiting();
	suite_handler_waiting();
	suite_state_waiting();
	suite_power();
	check_end();
}
