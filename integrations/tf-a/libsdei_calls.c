/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ways in: a client's SMC, an interrupt of an event's, a caller at EL3 that has a
 * handler run and waits for it.
 *
 * The one thing to know: who waits has its C frames on this PE's stack while the client
 * runs. TF-A saves where the stack is when it leaves EL3 and goes on below, so the call
 * that ends the handler finds them and jumps back (sdei_dispatch.S, setjmp.h).
 */
#include "libsdei.h"

#include <bl31/ehf.h>
#include <drivers/arm/gic_common.h>
#include <lib/el3_runtime/context_mgmt.h>

/* TF-A's sdei_dispatch.S: leave EL3; returns when somebody has jumped back. */
void begin_sdei_synchronous_dispatch(jmp_buf *back);

static struct sdei_context *frame_of(void *handle)
{
	return handle;
}

/* TF-A's world is the client's from here on. */
static struct sdei_context *enter_normal_world(void)
{
	cm_el1_sysregs_context_restore(NON_SECURE);
	cm_set_next_eret_context(NON_SECURE);
	return cm_get_context(NON_SECURE);
}

void libsdei_set_wait(struct libsdei_pe *pe, struct libsdei_wait *wait)
{
	const unsigned self = libsdei_index(pe);

	pe->wait = wait;
	libsdei_fast[self] = wait == NULL ? sdei_pe(libsdei, self) : NULL;
}

/* What ran before something is to run that is waited for. */
static struct libsdei_wait before(struct libsdei_pe *pe)
{
	const unsigned self = libsdei_index(pe);

	return (struct libsdei_wait){
		.outer = pe->wait,
		.handlers = sdei_pe_handlers(libsdei, self),
		.priority = sdei_pe_priority(libsdei, self),
	};
}

/*
 * Its handler has been entered. Run it to its end; nothing else is delivered but
 * critical events on top of it. What has come meanwhile is delivered when the caller
 * lets the PE go on: by a kick, since the frame is the caller's until then.
 */
static void run(struct libsdei_pe *pe, struct libsdei_wait *wait)
{
	const unsigned self = libsdei_index(pe);

	sdei_hold_at(libsdei, self, wait->priority);
	libsdei_set_wait(pe, wait);
	begin_sdei_synchronous_dispatch(&wait->back);
	/* Back again, by end_wait(). One further out keeps the PE held. */
	if (pe->wait != NULL)
		sdei_hold_at(libsdei, self, pe->wait->priority);
	else
		sdei_hold(libsdei, self, false);
	libsdei_kick(NULL, self);
}

/* A call has been served: was it the end of what is waited for? */
static __attribute__((noinline)) void end_wait(struct libsdei_pe *pe)
{
	struct libsdei_wait *wait = pe->wait;

	if (sdei_pe_handlers(libsdei, libsdei_index(pe)) > wait->handlers)
		return;
	libsdei_set_wait(pe, wait->outer);
	longjmp(wait->back, 1);
}

/* PSTATE.M[4:2]: AArch64, at the client's exception level. Others are not served. */
static bool is_from_client(const struct sdei_context *frame)
{
	return ((unsigned)sdei_pstate(frame) >> MODE_EL_SHIFT & 7U) ==
	       libsdei_client_el;
}

/* What a platform says of addresses, if it does (plat_sdei_validate_entry_point). */
static bool platform_refuses(const struct sdei_context *frame, uint32_t fid,
			     unsigned self)
{
	uint64_t address = sdei_x(frame, 1);

	if (fid == SDEI_EVENT_COMPLETE_AND_RESUME) {
		if (!sdei_pe_in_handler(libsdei, self))
			return false;
	} else {
		address = sdei_x(frame, 2);
		if (sdei_x(frame, 4) & SDEI_REGISTER_RELATIVE)
			address += libsdei_client_el == 2U ? read_vbar_el2()
							   : read_vbar_el1();
	}
	return plat_sdei_validate_entry_point(address, libsdei_client_el) != 0;
}

/* Calls that a platform may refuse, by the last bits of their identifiers. */
#define LAST_BITS(fid) (1U << ((fid) & 31U))
#define REFUSABLE \
	(LAST_BITS(SDEI_EVENT_REGISTER) | \
	 LAST_BITS(SDEI_EVENT_COMPLETE_AND_RESUME))

static inline bool is_refusable(uint32_t fid)
{
	return (REFUSABLE >> (fid & 31U) & 1U) != 0U;
}

/* Such a call, or one while a caller at EL3 waits. */
static __attribute__((noinline)) void call_with_care(struct sdei_context *frame)
{
	struct libsdei_pe *pe = libsdei_this_pe();
	const unsigned self = libsdei_index(pe);
	const uint32_t fid = (uint32_t)sdei_x(frame, 0);

	/* Last, since it is so most of the time; of others' the answer is dropped. */
	if (is_refusable(fid) && platform_refuses(frame, fid, self) &&
	    is_from_client(frame)) {
		sdei_x(frame, 0) = (uint64_t)SDEI_INVALID_PARAMETERS;
		return;
	}
	if (pe->wait == NULL) {
		sdei_pe_call(libsdei_fast[self], frame);
		return;
	}
	sdei_call(libsdei, self, frame);
	end_wait(pe);
}

uint64_t sdei_smc_handler(uint32_t smc_fid, uint64_t x1, uint64_t x2,
			  uint64_t x3, uint64_t x4, void *cookie, void *handle,
			  uint64_t flags)
{
	struct sdei_context *frame = frame_of(handle);
	struct sdei_pe *pe = NULL;

	if (get_interrupt_src_ss(flags) != NON_SECURE) {
		sdei_x(frame, 0) = (uint64_t)SDEI_NOT_SUPPORTED;
		return (uintptr_t)handle;
	}
	/* As it came it may have SMCCC's hint about SVE in it. */
	sdei_x(frame, 0) = smc_fid;
	if (!is_refusable(smc_fid))
		pe = libsdei_fast[plat_my_core_pos()];
	if (pe != NULL)
		sdei_pe_call(pe, frame);
	else
		call_with_care(frame);
	return (uintptr_t)handle;
}

/* An event's; or the kick, or one that is no event's any more. */
static void take(unsigned self, unsigned interrupt, struct sdei_context *frame)
{
	if (sdei_pe_take_interrupt(sdei_pe(libsdei, self), interrupt, frame))
		return;
	libsdei_deactivate(interrupt);
	if (interrupt >= MIN_PPI_ID)
		libsdei_gic_stray(self, interrupt);
	sdei_deliver(libsdei, self, frame);
}

/*
 * In the Secure world. The handler runs in the Normal world, and when it has ended the
 * Secure world goes on. If it may not run now, nothing has changed there.
 */
static void interrupt_secure(struct libsdei_pe *pe, unsigned interrupt)
{
	const unsigned self = libsdei_index(pe);
	/* By a yielding call: the priority mask is the Normal world's already. */
	const bool preemptible = ehf_is_ns_preemption_allowed() != 0U;
	struct libsdei_wait wait = before(pe);
	struct sdei_context *frame = cm_get_context(NON_SECURE);

	/* What the client's registers say is asked when a handler is entered. */
	cm_el1_sysregs_context_save(SECURE);
	cm_el1_sysregs_context_restore(NON_SECURE);
	take(self, interrupt, frame);
	if (sdei_pe_handlers(libsdei, self) > wait.handlers) {
		cm_set_next_eret_context(NON_SECURE);
		run(pe, &wait);
	}
	cm_el1_sysregs_context_save(NON_SECURE);
	/* It puts into x0 what it is told: what is there. */
	if (preemptible)
		ehf_allow_ns_preemption(sdei_x(frame, 0));
	cm_el1_sysregs_context_restore(SECURE);
	cm_set_next_eret_context(SECURE);
}

/* EHF has acknowledged it. With its priority dropped it holds nothing back. */
int libsdei_interrupt(uint32_t raw, uint32_t flags, void *handle, void *cookie)
{
	const unsigned interrupt = plat_ic_get_interrupt_id(raw);

	libsdei_drop_priority(raw);
	if (get_interrupt_src_ss(flags) == NON_SECURE)
		take(plat_my_core_pos(), interrupt, frame_of(handle));
	else
		interrupt_secure(libsdei_this_pe(), interrupt);
	return 0;
}

/* Can its handler be entered here and now? It is private, so nobody else changes it. */
static bool is_dispatchable(unsigned self, uint32_t number)
{
	struct sdei_report report;

	for (unsigned i = 0; sdei_query(libsdei, self, i, &report); i++) {
		const struct sdei_event_info *info = report.info;

		if (info == NULL || info->number != number)
			continue;
		return info->type == SDEI_TYPE_PRIVATE &&
		       info->interrupt == 0U && !info->signalable &&
		       report.status ==
			       (SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED) &&
		       !sdei_pe_masked(libsdei, self) &&
		       (int)info->priority > sdei_pe_priority(libsdei, self);
	}
	return false;
}

/*
 * An explicit event, for callers at EL3: 0 when its handler has completed, -1 if it
 * cannot run now, and nothing has changed. On success the Normal world is the next to
 * go on. No priority of EHF's is activated meanwhile: the dispatcher says what may
 * interrupt what, so an interrupt need not be ended before.
 */
int sdei_dispatch_event(int ev_num)
{
	struct libsdei_pe *pe = libsdei_this_pe();
	const unsigned self = libsdei_index(pe);
	struct libsdei_wait wait = before(pe);

	if (!is_dispatchable(self, (uint32_t)ev_num))
		return -1;
	(void)sdei_dispatch_now(libsdei, self, (uint32_t)ev_num,
				enter_normal_world());
	run(pe, &wait);
	return 0;
}
