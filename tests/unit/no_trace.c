/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests in which sdei-vmm's live trace is off, and must not be written. */
#include <stdlib.h>

#include <kvm/vmm/vmm.h>

bool live_on;

void live_add(enum trace_kind kind, uint32_t code, uint64_t v0, uint64_t v1,
	      uint64_t v2)
{
	(void)kind, (void)code, (void)v0, (void)v1, (void)v2;
	abort();
}
