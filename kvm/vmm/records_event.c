/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A source's event: raising it, and who can take it.
 *
 * sdei_kvm_raise() only leaves a note for a vcpu's thread: what becomes of it is
 * foretold by how vcpus are when it is raised, and until a handler is entered it
 * is remembered that there may be such a note.
 */
#include "records.h"

/*
 * A note that no vcpu has seen for so long was forgotten: a kernel reset its
 * events. Less than the time after which the library asks.
 */
#define NOTE_MS 900

/*
 * When its event was raised, and 1; 0: a handler was entered since. Asked with the
 * source's lock, which who enters a handler has had by then: no more order is needed.
 */
static uint64_t raised[SOURCES];

static void set_raised(unsigned source, uint64_t when)
{
	__atomic_store_n(&raised[source], when, __ATOMIC_RELAXED);
}

void records_event_reset(bool now)
{
	for (unsigned i = 0; i < SOURCES; i++)
		set_raised(i, now ? time_ms() + 1 : 0);
}

void records_event_entered(unsigned source)
{
	set_raised(source, 0);
}

/* Does a handler run there that one of this priority would wait for? */
static bool is_busy(const struct vmm *vmm, unsigned vcpu, unsigned priority)
{
	struct sdei_report r;

	for (unsigned e = 0; sdei_kvm_query(vmm->sdei, vcpu, e, &r); e++)
		if (r.info && r.status & SDEI_STATUS_RUNNING &&
		    r.info->priority >= priority && r.running_on == (int)vcpu)
			return true;
	return false;
}

enum trace_why records_why(const struct vmm *vmm, unsigned event, unsigned vcpu)
{
	const struct sdei_event_info *info = &vmm_events[event];
	struct sdei_report r = { 0 };

	sdei_kvm_query(vmm->sdei, vcpu, event, &r);
	if (!(r.status & SDEI_STATUS_REGISTERED))
		return TRACE_UNREGISTERED;
	if (!(r.status & SDEI_STATUS_ENABLED))
		return TRACE_DISABLED;
	if (r.status & SDEI_STATUS_RUNNING)
		return TRACE_RUNNING;
	if (info->type == SDEI_TYPE_PRIVATE)
		return sdei_kvm_masked(vmm->sdei, vcpu)     ? TRACE_MASKED
		       : is_busy(vmm, vcpu, info->priority) ? TRACE_BUSY
							    : TRACE_WAITS_NOT;
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		if (!sdei_kvm_masked(vmm->sdei, i))
			return TRACE_WAITS_NOT;
	return TRACE_ALL;
}

static const char *const why_words[TRACE_WHYS] = {
	[TRACE_UNREGISTERED] = "no handler is registered for the event",
	[TRACE_DISABLED] = "the event is not enabled",
	[TRACE_RUNNING] = "the event's handler is still running",
	[TRACE_MASKED] = "events are masked on its vcpu",
	[TRACE_BUSY] = "its vcpu runs another handler",
	[TRACE_ALL] = "every vcpu masks events",
};

const char *records_why_pending(const struct vmm *vmm, unsigned event,
				unsigned vcpu)
{
	return why_words[records_why(vmm, event, vcpu)];
}

int records_raise(void *context, unsigned source, unsigned vcpu,
		  const char **why)
{
	struct vmm *vmm = context;
	const enum trace_why waits = records_why(vmm, source, vcpu);

	if (waits)
		live_note(TRACE_PENDING, vmm_sources[source].vector,
			  vmm_sources[source].is_private ? vcpu : UINT64_MAX,
			  waits, 0);
	set_raised(source, time_ms() + 1);
	sdei_kvm_raise(vmm->sdei, vmm_sources[source].vector, vcpu);
	if (waits) {
		*why = why_words[waits];
		return SDEI_RAS_WAITS;
	}
	return vmm_sources[source].is_private ? (int)vcpu : SDEI_RAS_TAKEN;
}

bool records_out(void *context, unsigned source, unsigned vcpu)
{
	const struct vmm *vmm = context;
	const uint64_t when = __atomic_load_n(&raised[source],
					      __ATOMIC_RELAXED);
	struct sdei_report r = { 0 };

	sdei_kvm_query(vmm->sdei, vcpu, source, &r);
	return r.pending || r.status & SDEI_STATUS_RUNNING ||
	       (when && time_ms() + 1 - when < NOTE_MS);
}

/* One that is off masks events; whether it is, KVM would tell only if it stood. */
enum sdei_ras_readiness records_readiness(void *context, unsigned source,
					  unsigned vcpu)
{
	const unsigned wanted = SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED;
	const struct vmm *vmm = context;
	struct sdei_report r = { 0 };

	sdei_kvm_query(vmm->sdei, vcpu, source, &r);
	if (sdei_kvm_masked(vmm->sdei, vcpu) || (r.status & wanted) != wanted)
		return SDEI_RAS_ON;
	return vcpu_in_handler(vmm, vcpu) ? SDEI_RAS_ABLE : SDEI_RAS_FREE;
}
