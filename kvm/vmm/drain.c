/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much the guest has taken and not yet worked on.
 *
 * In a handler a kernel can do no more than copy a record. It works on the copy
 * later, by an interrupt that it sends itself, and until then the copy takes room
 * that all sources share in Linux: once that is full, Linux drops records of any
 * severity, without acknowledging. So no source has more out than the HEST asks
 * the kernel to make room for, until the guest is seen to be done with them:
 * every vcpu that entered a handler since is outside of handlers, and its
 * redistributor has no SGI pending or active. An SGI that means something else
 * errs on the safe side.
 *
 * How a handler ended does not tell: an idle Linux masks interrupts around WFI,
 * so its handlers end by COMPLETE as do those of a vcpu that hangs.
 */
#include "records.h"

#include <string.h>

static unsigned taken[SOURCES];
static bool suspected[VCPUS_MAX];

void drain_reset(void)
{
	memset(taken, 0, sizeof(taken));
	memset(suspected, 0, sizeof(suspected));
}

void drain_suspect(struct vmm *vmm)
{
	for (unsigned i = 0; i < SOURCES; i++)
		taken[i] = SOURCE_RECORDS;
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		suspected[i] = true;
}

void drain_entered(unsigned vcpu)
{
	suspected[vcpu] = true;
}

void drain_taken(unsigned source)
{
	taken[source]++;
}

bool drain_has_room(unsigned source)
{
	return taken[source] < SOURCE_RECORDS;
}

void drain_look(struct vmm *vmm)
{
	uint32_t sgis[VCPUS_MAX];
	bool inside[VCPUS_MAX], any = false;

	/* Before: a handler that ends meanwhile has sent its interrupt by then. */
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		inside[i] = vcpu_in_handler(vmm, i);
	if (!sdei_kvm_sgis(vmm->sdei, sgis))
		return;
	for (unsigned i = 0; i < vmm->options.vcpus; i++) {
		suspected[i] &= inside[i] || sgis[i];
		any |= suspected[i];
	}
	if (!any)
		memset(taken, 0, sizeof(taken));
}
