/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All of a guest but its memory, in the order in which it is put and got back.
 *
 * Registers come first: KVM makes the interrupt lines of the timers from them.
 * SDEI comes behind the GIC, because it has its vcpus look at their events at
 * once, and the error sources behind SDEI, which knows whose handlers run. The
 * clock comes last, when nothing is left to do but to run.
 */
#include "state.h"

static void sdei_put(struct vmm *vmm, struct state *s)
{
	size_t size = sdei_kvm_save(vmm->sdei, NULL, 0);
	void *at = state_put_blob(s, size);

	if (at)
		sdei_kvm_save(vmm->sdei, at, size);
}

static void sdei_get(struct vmm *vmm, struct state *s)
{
	size_t size;
	const void *at = state_get_blob(s, &size);
	const char *why;

	if (at && !sdei_kvm_load(vmm->sdei, at, size, &why))
		state_fail(s, "its SDEI: %s", why);
}

/* What SDEI has cost goes on being counted. */
static void counts_put(struct vmm *vmm, unsigned i, struct state *s)
{
	struct sdei_kvm_counts c = vcpus_count(vmm, i);

	state_put(s, c.calls);
	state_put(s, c.dispatches);
	state_put(s, c.completions);
	state_put(s, c.kicks);
	state_put(s, c.register_ioctls);
	state_put(s, c.dispatch_most);
	state_put(s, c.completion_most);
}

static void counts_get(struct vmm *vmm, unsigned i, struct state *s)
{
	struct sdei_kvm_counts *c = &vmm->earlier[i];

	c->calls = state_get(s);
	c->dispatches = state_get(s);
	c->completions = state_get(s);
	c->kicks = state_get(s);
	c->register_ioctls = state_get(s);
	c->dispatch_most = (unsigned)state_get(s);
	c->completion_most = (unsigned)state_get(s);
}

void parts_put(struct vmm *vmm, struct state *s)
{
	struct clock clock = clock_read(vmm, s);

	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		vcpu_put(vmm, i, s);
	gic_put(vmm, s);
	devices_put(s);
	sdei_put(vmm, s);
	records_put(s);
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		counts_put(vmm, i, s);
	state_put(s, clock.virtual_count);
	state_put(s, clock.physical_count);
}

void parts_get(struct vmm *vmm, struct state *s)
{
	struct clock clock;

	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		vcpu_get(vmm, i, s);
	gic_get(vmm, s);
	devices_get(s);
	sdei_get(vmm, s);
	records_get(vmm, s);
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		counts_get(vmm, i, s);
	clock.virtual_count = state_get(s);
	clock.physical_count = state_get(s);
	if (s->at != s->size)
		state_fail(s, "its state does not end where it should");
	clock_set(vmm, clock, s);
}
