/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control line's `status` and `trace`: what the firmware knows, in lines
 * of key=value.
 */
#include "control.h"

#include "dispatch.h"
#include "live.h"
#include "pe.h"
#include "psci.h"
#include "reflect.h"
#include "ram.h"
#include "trace.h"

#include <events.h>
#include <handoff.h>
#include <ras.h>
#include <sources.h>

static void print_machine(void)
{
	const struct handoff *h = dispatch_handed_over();

	reply("machine pes=%u time=%lu ram=0x%lx+0x%lx tables=%s client=EL%u\n",
	      machine_pe_count(), control_nanoseconds(machine_time()),
	      h->ram_base, h->ram_size,
	      h->flags & BOOT_HANDOFF_ACPI ? "acpi" : "none", cpu_client_el());
}

static void print_memory(void)
{
	const struct ram_range *range;

	for (unsigned i = 0; (range = ram_range(i)); i++)
		reply("memory start=0x%lx end=0x%lx\n", range->start,
		      range->last + 1);
}

static void print_pes(const struct sdei_dispatcher *d)
{
	static const char *const powers[] = { "off", "on", "off", "suspended" };

	for (unsigned i = 0; i < machine_pe_count(); i++) {
		const bool masked = !d || sdei_pe_masked(d, i);
		const struct live_mask *mask = &live_masks[i];

		reply("pe index=%u affinity=0x%lx power=%s masked=%u undefined=%lu",
		      i, machine_affinity(i), powers[psci_power(i)], masked,
		      reflect_count(i));
		/* Known if it was traced when it did so, and since. */
		if (live_on && masked && mask->since)
			reply(" since=%lu by=0x%x at=0x%lx",
			      control_nanoseconds(mask->since), mask->by,
			      mask->at);
		reply("\n");
	}
}

/* Where a shared event is or will be: running there, else routed there. */
static int shared_pe(const struct sdei_report *r)
{
	if (r->running_on >= 0)
		return r->running_on;
	if (r->routing_mode != SDEI_RM_PE)
		return -1;
	for (unsigned i = 0; i < machine_pe_count(); i++)
		if (machine_affinity(i) == r->affinity)
			return (int)i;
	return -1;
}

static void print_event(const struct sdei_report *r, int pe)
{
	reply("event number=0x%x name=%s type=%s priority=%s routing=%s",
	      r->info->number, r->info->name,
	      r->info->type == SDEI_TYPE_SHARED ? "shared" : "private",
	      r->info->priority == SDEI_PRIORITY_CRITICAL ? "critical"
							  : "normal",
	      r->info->type == SDEI_TYPE_SHARED &&
			      r->routing_mode == SDEI_RM_ANY
		      ? "any"
		      : "pe");
	if (pe >= 0)
		reply(" pe=%d", pe);
	if (r->info->interrupt)
		reply(" interrupt=%u", r->info->interrupt);
	reply(" registered=%u enabled=%u running=%u pending=%u entry=0x%lx\n",
	      !!(r->status & SDEI_STATUS_REGISTERED),
	      !!(r->status & SDEI_STATUS_ENABLED),
	      !!(r->status & SDEI_STATUS_RUNNING), r->pending, r->entry_point);
}

static void print_events(const struct sdei_dispatcher *d)
{
	struct sdei_report r;

	for (unsigned i = 0; sdei_query(d, 0, i, &r); i++) {
		if (!r.info)
			continue; /* a free bind slot */
		if (r.info->type == SDEI_TYPE_SHARED) {
			print_event(&r, shared_pe(&r));
			continue;
		}
		for (unsigned pe = 0; sdei_query(d, pe, i, &r); pe++)
			print_event(&r, (int)pe);
	}
}

static void print_sources(void)
{
	static const char *const states[SDEI_RAS_STATES] = {
		"free", "published", "seen", "overdue"
	};
	struct sdei_ras_counters c;
	struct ras_kept k;

	for (unsigned i = 0; ras_source(i, &c); i++)
		reply("source name=%s event=0x%x injected=%lu published=%lu acknowledged=%lu queued=%u held=%lu dropped=%lu again=%lu withdrawn=%lu busy=%u state=%s since=%lu\n",
		      platform_sources[i].name, platform_sources[i].vector,
		      c.injected, c.published, c.acknowledged, c.queued, c.held,
		      c.dropped, c.raised_again, c.withdrawn,
		      c.state != SDEI_RAS_IS_FREE, states[c.state],
		      control_nanoseconds(c.since));
	ras_kept(&k);
	reply("bert kept=%u lost=%u\n", k.kept, k.lost);
	storm_print(0);
}

void status_print(void)
{
	const struct sdei_dispatcher *d = dispatch_instance();

	print_machine();
	print_memory();
	print_pes(d);
	if (d) {
		print_events(d);
		print_sources();
	}
	reply("ok\n");
}

static void print_entry(const struct trace_entry *e, unsigned pe)
{
	static const char *const endings[] = { "complete", "resume", "off" };

	reply("trace time=%lu pe=%u", control_nanoseconds(e->time), pe);
	if (e->kind == TRACE_ENTER)
		reply(" enter event=0x%x pc=0x%lx pstate=0x%lx\n", e->event,
		      e->pc, e->pstate);
	else
		reply(" complete event=0x%x how=%s\n", e->event,
		      endings[e->kind]);
}

void trace_print(void)
{
	/* Under the control line's lock: one reader at a time. */
	const uint64_t lost = trace_begin();
	const struct trace_entry *e;
	unsigned pe;

	while ((e = trace_next(&pe)))
		print_entry(e, pe);
	reply("ok lost=%lu\n", lost);
}
