/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls, and how a person reads them.
 */
#include "call.h"

uint32_t conduit_is_hvc;

struct function {
	uint32_t fid;
	const char *name;
	unsigned arguments;
};

static const struct function functions[] = {
	{ VERSION, "SDEI_VERSION", 0 },
	{ REGISTER, "SDEI_EVENT_REGISTER", 5 },
	{ ENABLE, "SDEI_EVENT_ENABLE", 1 },
	{ DISABLE, "SDEI_EVENT_DISABLE", 1 },
	{ CONTEXT, "SDEI_EVENT_CONTEXT", 1 },
	{ COMPLETE, "SDEI_EVENT_COMPLETE", 1 },
	{ COMPLETE_AND_RESUME, "SDEI_EVENT_COMPLETE_AND_RESUME", 1 },
	{ UNREGISTER, "SDEI_EVENT_UNREGISTER", 1 },
	{ STATUS, "SDEI_EVENT_STATUS", 1 },
	{ GET_INFO, "SDEI_EVENT_GET_INFO", 2 },
	{ ROUTING_SET, "SDEI_EVENT_ROUTING_SET", 3 },
	{ PE_MASK, "SDEI_PE_MASK", 0 },
	{ PE_UNMASK, "SDEI_PE_UNMASK", 0 },
	{ BIND, "SDEI_INTERRUPT_BIND", 1 },
	{ RELEASE, "SDEI_INTERRUPT_RELEASE", 1 },
	{ SIGNAL, "SDEI_EVENT_SIGNAL", 2 },
	{ FEATURES, "SDEI_FEATURES", 1 },
	{ PRIVATE_RESET, "SDEI_PRIVATE_RESET", 0 },
	{ SHARED_RESET, "SDEI_SHARED_RESET", 0 },
	{ PSCI_VERSION, "PSCI_VERSION", 0 },
	{ PSCI_CPU_SUSPEND, "PSCI_CPU_SUSPEND", 3 },
	{ PSCI_CPU_OFF, "PSCI_CPU_OFF", 0 },
	{ PSCI_CPU_ON, "PSCI_CPU_ON", 3 },
	{ PSCI_AFFINITY_INFO, "PSCI_AFFINITY_INFO", 2 },
	{ PSCI_SYSTEM_OFF, "PSCI_SYSTEM_OFF", 0 },
	{ PSCI_FEATURES, "PSCI_FEATURES", 1 },
	{ PSCI_SYSTEM_SUSPEND, "PSCI_SYSTEM_SUSPEND", 2 },
};

static const struct function *find(uint64_t fid)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (functions[i].fid == fid)
			return &functions[i];
	return NULL;
}

const char *function_name(uint64_t fid)
{
	const struct function *f = find(fid);

	return f ? f->name : "unknown function";
}

int64_t call(const uint64_t c[6])
{
	uint64_t x[18];

	for (unsigned i = 0; i < 18; i++)
		x[i] = i < 6 ? c[i] : 0;
	conduit_call(x);
	return (int64_t)x[0];
}

void call_text(struct text *t, const uint64_t c[6])
{
	const struct function *f = find(c[0]);
	unsigned n = f ? f->arguments : 5;

	if (f)
		text_add(t, "%s(", f->name);
	else
		text_add(t, "0x%lx(", c[0]);
	for (unsigned i = 1; i <= n; i++)
		text_add(t, "%s0x%lx", i > 1 ? ", " : "", c[i]);
	text_add(t, ")");
}

void result_text(struct text *t, int64_t result)
{
	static const char *const names[] = {
		[0] = "SUCCESS",
		[1] = "NOT_SUPPORTED",
		[2] = "INVALID_PARAMETERS",
		[3] = "DENIED",
		[5] = "PENDING",
		[10] = "OUT_OF_RESOURCE",
	};

	if (result <= 0 && result >= -10 && names[-result])
		text_add(t, "%ld %s", result, names[-result]);
	else
		text_add(t, "0x%lx", (uint64_t)result);
}
