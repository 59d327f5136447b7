/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls (5.1): what each checks, in which order, and what it answers.
 *
 * The order of checks, which the specification leaves open, is: the event, the
 * other parameters, the state. docs/choices.md gives the reasons.
 */
#include "internal.h"

/*
 * Each call is a function of the dispatcher, the PE, its frame with the
 * arguments in x[1] to x[5], and, where x[1] is an event number, the event that
 * the PE sees under it, NULL if there is none.
 */

/* 5.1.1 */
static int64_t version(struct sdei_dispatcher *d, struct pe *p,
		       const struct sdei_context *frame)
{
	(void)p, (void)frame;
	return (int64_t)SDEI_VERSION_MAJOR << SDEI_VERSION_MAJOR_SHIFT |
	       (int64_t)d->config.version_minor << SDEI_VERSION_MINOR_SHIFT |
	       d->config.vendor_version;
}

/* Where a shared event goes: PE index, -1 for any, -2 for a bad request. */
static inline int routing(struct sdei_dispatcher *d, uint64_t mode,
			  uint64_t affinity)
{
	int pe;

	if (mode == SDEI_RM_ANY)
		return -1;
	if (mode != SDEI_RM_PE || affinity & ~SDEI_AFFINITY_MASK)
		return -2;
	pe = d->config.ops->pe_of_affinity(d->config.context, affinity);
	return pe < 0 || (unsigned)pe >= d->config.pe_count ? -2 : pe;
}

#define REGISTER_FLAGS \
	((uint64_t)(SDEI_REGISTER_RM_PE | SDEI_REGISTER_RELATIVE))

/* Is this entry point one that the client cannot mean? */
static bool bad_entry(uint64_t entry_point, uint64_t flags)
{
	if (flags & SDEI_REGISTER_RELATIVE)
		return entry_point % 4 != 0;
	return !entry_point || entry_point % 4 != 0;
}

/*
 * A slot's way out of "unregistered" is under the bind lock, or RELEASE could not
 * trust what it sees of other PEs' private handlers.
 */
static void lock_for_register(struct sdei_dispatcher *d, struct event *e)
{
	if (is_slot(e))
		spin_acquire(&d->bind_lock);
	event_lock(e);
}

static void unlock_for_register(struct sdei_dispatcher *d, struct event *e)
{
	event_unlock(e);
	if (is_slot(e))
		spin_release(&d->bind_lock);
}

/* 5.1.2. Routing is a shared event's; a private one ignores mode and affinity. */
static int64_t event_register(struct sdei_dispatcher *d, struct pe *p,
			      const struct sdei_context *frame, struct event *e)
{
	uint64_t entry_point = frame->x[2], flags = frame->x[4];
	int routed_to = -1;
	int result;

	if (!e || bad_entry(entry_point, flags) || flags & ~REGISTER_FLAGS)
		return SDEI_INVALID_PARAMETERS;
	if (is_shared(e))
		routed_to = routing(d, flags & SDEI_REGISTER_RM_PE,
				    frame->x[5]);
	if (routed_to < -1)
		return SDEI_INVALID_PARAMETERS;

	lock_for_register(d, e);
	result = is_slot(e) && !e->info->interrupt
			 ? SDEI_INVALID_PARAMETERS	/* just released */
			 : step(d, p, e, IN_REGISTER);
	if (result == SDEI_SUCCESS) {
		store(&e->entry_point, entry_point);
		e->argument = frame->x[3];
		e->relative = flags & SDEI_REGISTER_RELATIVE;
		store(&e->affinity, pack_affinity(frame->x[5]));
		store(&e->routed_to, (int16_t)routed_to);
	}
	unlock_for_register(d, e);
	return result;
}

static inline int64_t change(struct sdei_dispatcher *d, struct pe *p,
			     struct event *e, enum input input)
{
	int result;

	if (!e)
		return SDEI_INVALID_PARAMETERS;
	event_lock(e);
	result = step(d, p, e, input);
	event_unlock(e);
	return result;
}

/* 5.1.3 */
static int64_t event_enable(struct sdei_dispatcher *d, struct pe *p,
			    const struct sdei_context *frame, struct event *e)
{
	int64_t result = change(d, p, e, IN_ENABLE);

	(void)frame;
	/* It may have been waiting, and be for another PE than this one. */
	if (result == SDEI_SUCCESS && is_shared(e) && load(&e->pending))
		disp_offer(d, p, e);
	return result;
}

/* 5.1.4 */
static int64_t event_disable(struct sdei_dispatcher *d, struct pe *p,
			     const struct sdei_context *frame, struct event *e)
{
	(void)frame;
	return change(d, p, e, IN_DISABLE);
}

/* 5.1.8 */
static int64_t event_unregister(struct sdei_dispatcher *d, struct pe *p,
				const struct sdei_context *frame, struct event *e)
{
	(void)frame;
	disp_collect(d, p);
	return change(d, p, e, IN_UNREGISTER);
}

/* 5.1.5. A saved register may look like an error; the client must know. */
static int64_t event_context(struct sdei_dispatcher *d, struct pe *p,
			     const struct sdei_context *frame)
{
	uint32_t parameter = (uint32_t)frame->x[1];
	int priority = innermost(p);

	(void)d;
	if (parameter >= SDEI_CONTEXT_REGISTERS)
		return SDEI_INVALID_PARAMETERS;
	if (priority < 0)
		return SDEI_DENIED;
	return (int64_t)p->saved[priority].x[parameter];
}

/* 5.1.9 */
static int64_t event_status(struct sdei_dispatcher *d, struct pe *p,
			    const struct sdei_context *frame, struct event *e)
{

	(void)d, (void)p, (void)frame;
	return e ? (int64_t)state_of(e) : SDEI_INVALID_PARAMETERS;
}

/* Routing of a registered shared event: one consistent answer of the two. */
static int64_t routing_info(struct event *e, uint32_t what)
{
	int64_t result;

	event_lock(e);
	if (!(e->state & SDEI_STATUS_REGISTERED))
		result = SDEI_DENIED;
	else if (what == SDEI_INFO_ROUTING_MODE)
		result = e->routed_to < 0 ? SDEI_RM_ANY : SDEI_RM_PE;
	else
		result = e->routed_to < 0 ? SDEI_INVALID_PARAMETERS
					  : (int64_t)unpack_affinity(e->affinity);
	event_unlock(e);
	return result;
}

/* 5.1.10 */
static int64_t event_get_info(struct sdei_dispatcher *d, struct pe *p,
			      const struct sdei_context *frame, struct event *e)
{
	uint32_t what = (uint32_t)frame->x[2];

	(void)d, (void)p;
	if (!e)
		return SDEI_INVALID_PARAMETERS;
	switch (what) {
	case SDEI_INFO_TYPE:
		return is_shared(e) ? SDEI_TYPE_SHARED : SDEI_TYPE_PRIVATE;
	case SDEI_INFO_SIGNALED:
		return e->traits & SIGNALABLE ? SDEI_CAN_BE_SIGNALED
					      : SDEI_CANNOT_BE_SIGNALED;
	case SDEI_INFO_PRIORITY:
		return priority_of(e);
	case SDEI_INFO_ROUTING_MODE:
	case SDEI_INFO_ROUTING_AFF:
		if (is_shared(e))
			return routing_info(e, what);
		return SDEI_INVALID_PARAMETERS;
	default:
		return SDEI_INVALID_PARAMETERS;
	}
}

/* 5.1.11 */
static int64_t event_routing_set(struct sdei_dispatcher *d, struct pe *p,
				 const struct sdei_context *frame, struct event *e)
{
	int routed_to, result;

	if (!e || !is_shared(e))
		return SDEI_INVALID_PARAMETERS;
	routed_to = routing(d, frame->x[2], frame->x[3]);
	if (routed_to < -1)
		return SDEI_INVALID_PARAMETERS;
	event_lock(e);
	result = step(d, p, e, IN_ROUTING_SET);
	if (result == SDEI_SUCCESS) {
		store(&e->affinity, pack_affinity(frame->x[3]));
		store(&e->routed_to, (int16_t)routed_to);
	}
	event_unlock(e);
	return result;
}

/* 5.1.12: 1 if this call did the masking, 0 if events were masked before. */
static int64_t pe_mask(struct sdei_dispatcher *d, struct pe *p,
		       const struct sdei_context *frame)
{
	(void)frame;
	if (p->masked)
		return 0;
	store(&p->masked, true);
	store(&p->able, 0);
	look_after_writing();
	if (load(&d->any[0].summary) | load(&d->any[1].summary))
		disp_pass_on(d, p);
	return 1;
}

/* 5.1.13 */
static int64_t pe_unmask(struct sdei_dispatcher *d, struct pe *p,
			 const struct sdei_context *frame)
{
	(void)d, (void)frame;
	store(&p->masked, false);
	disp_update_able(p);
	return SDEI_SUCCESS;
}

/* 5.1.14 */
static int64_t interrupt_bind(struct sdei_dispatcher *d, struct pe *p,
			      const struct sdei_context *frame)
{
	return disp_bind(d, p, (uint32_t)frame->x[1]);
}

/* 5.1.15 */
static int64_t interrupt_release(struct sdei_dispatcher *d, struct pe *p,
				 const struct sdei_context *frame)
{
	(void)p;
	return disp_release(d, (uint32_t)frame->x[1]);
}

/* 5.1.16: succeeds whatever the state of the target; edge semantics. */
static void event_signal(struct sdei_dispatcher *d, struct pe *p,
			 struct sdei_context *frame, struct event *e)
{
	int target = routing(d, SDEI_RM_PE, frame->x[2]);

	if (!e || !(e->traits & SIGNALABLE) || target < 0) {
		frame->x[0] = (uint64_t)SDEI_INVALID_PARAMETERS;
		return;
	}
	frame->x[0] = SDEI_SUCCESS;
	if ((unsigned)target == p->index &&
	    disp_take_at_once(d, p, e, frame))
		return;
	disp_raise_private(d, p, &d->pes[target], e->index);
	disp_deliver(d, p, frame);
}

/* 5.1.17 */
static int64_t features(struct sdei_dispatcher *d, struct pe *p,
			const struct sdei_context *frame)
{
	(void)p;
	switch ((uint32_t)frame->x[1]) {
	case SDEI_FEATURE_BIND_SLOTS:
		return (int64_t)d->config.shared_slots << 16 |
		       d->config.private_slots;
	case SDEI_FEATURE_RELATIVE_MODE:
		return 1;
	default:
		return SDEI_INVALID_PARAMETERS;
	}
}

/* 5.1.18 */
static int64_t private_reset(struct sdei_dispatcher *d, struct pe *p,
			     const struct sdei_context *frame)
{
	(void)frame;
	if (d->config.ops->reset)
		d->config.ops->reset(d->config.context, p->index, false);
	return disp_private_reset(d, p);
}

/* 5.1.19 */
static int64_t shared_reset(struct sdei_dispatcher *d, struct pe *p,
			    const struct sdei_context *frame)
{
	(void)frame;
	if (d->config.ops->reset)
		d->config.ops->reset(d->config.context, p->index, true);
	return disp_shared_reset(d, p);
}

/* The calls as they are served: those above with their answer put in x0. */
typedef void served(struct sdei_dispatcher *d, struct pe *p,
		    struct sdei_context *frame, struct event *e);

#define SERVED(name, answer, after) \
	static void serve_##name(struct sdei_dispatcher *d, struct pe *p, \
				 struct sdei_context *frame, struct event *e) \
	{ \
		(void)e; \
		frame->x[0] = (uint64_t)answer; \
		after; \
	}
#define SERVE(name)	  SERVED(name, name(d, p, frame), )
#define SERVE_EVENT(name) SERVED(name, name(d, p, frame, e), )

SERVE(version)
SERVE_EVENT(event_register)
SERVE_EVENT(event_disable)
SERVE(event_context)
SERVE_EVENT(event_unregister)
SERVE_EVENT(event_status)
SERVE_EVENT(event_get_info)
SERVE_EVENT(event_routing_set)
SERVE(pe_mask)
SERVE(interrupt_bind)
SERVE(interrupt_release)
SERVE(features)
SERVE(private_reset)
SERVE(shared_reset)
/* After these an event may have become deliverable on this PE. */
SERVED(event_enable, event_enable(d, p, frame, e), disp_deliver(d, p, frame))
SERVED(pe_unmask, pe_unmask(d, p, frame), disp_deliver(d, p, frame))

/* 5.1.6 */
static void event_complete(struct sdei_dispatcher *d, struct pe *p,
			   struct sdei_context *frame, struct event *e)
{
	(void)e;
	disp_complete(d, p, frame, false);
}

/* 5.1.7 */
static void event_complete_resume(struct sdei_dispatcher *d, struct pe *p,
				  struct sdei_context *frame, struct event *e)
{
	(void)e;
	disp_complete(d, p, frame, true);
}

#define CALL(fid) ((fid) - SDEI_FID_FIRST)
#define BIT(fid)  (UINT32_C(1) << CALL(fid))

static served *const calls[] = {
	[CALL(SDEI_FID_VERSION)] = serve_version,
	[CALL(SDEI_FID_EVENT_REGISTER)] = serve_event_register,
	[CALL(SDEI_FID_EVENT_ENABLE)] = serve_event_enable,
	[CALL(SDEI_FID_EVENT_DISABLE)] = serve_event_disable,
	[CALL(SDEI_FID_EVENT_CONTEXT)] = serve_event_context,
	[CALL(SDEI_FID_EVENT_COMPLETE)] = event_complete,
	[CALL(SDEI_FID_EVENT_COMPLETE_RESUME)] = event_complete_resume,
	[CALL(SDEI_FID_EVENT_UNREGISTER)] = serve_event_unregister,
	[CALL(SDEI_FID_EVENT_STATUS)] = serve_event_status,
	[CALL(SDEI_FID_EVENT_GET_INFO)] = serve_event_get_info,
	[CALL(SDEI_FID_EVENT_ROUTING_SET)] = serve_event_routing_set,
	[CALL(SDEI_FID_PE_MASK)] = serve_pe_mask,
	[CALL(SDEI_FID_PE_UNMASK)] = serve_pe_unmask,
	[CALL(SDEI_FID_INTERRUPT_BIND)] = serve_interrupt_bind,
	[CALL(SDEI_FID_INTERRUPT_RELEASE)] = serve_interrupt_release,
	[CALL(SDEI_FID_EVENT_SIGNAL)] = event_signal,
	[CALL(SDEI_FID_FEATURES)] = serve_features,
	[CALL(SDEI_FID_PRIVATE_RESET)] = serve_private_reset,
	[CALL(SDEI_FID_SHARED_RESET)] = serve_shared_reset,
};

/* Those whose x1 is an event number. */
#define TAKE_EVENT \
	(BIT(SDEI_FID_EVENT_REGISTER) | BIT(SDEI_FID_EVENT_ENABLE) | \
	 BIT(SDEI_FID_EVENT_DISABLE) | BIT(SDEI_FID_EVENT_UNREGISTER) | \
	 BIT(SDEI_FID_EVENT_STATUS) | BIT(SDEI_FID_EVENT_GET_INFO) | \
	 BIT(SDEI_FID_EVENT_ROUTING_SET) | BIT(SDEI_FID_EVENT_SIGNAL))

/* Apart, so that sdei_call() needs no stack: it only jumps. */
static __attribute__((noinline)) void
call_unhashed(struct sdei_dispatcher *d, struct pe *p,
	      struct sdei_context *frame, served *call)
{
	call(d, p, frame, disp_find(d, p, (uint32_t)frame->x[1]));
}

void sdei_call(struct sdei_dispatcher *d, unsigned pe,
	       struct sdei_context *frame)
{
	uint32_t index = CALL((uint32_t)frame->x[0]);
	struct pe *p = &d->pes[pe];
	struct event *e = NULL;

	/* M[4:2] of PSTATE: AArch64 at the client's exception level (4.1). */
	if (index >= sizeof(calls) / sizeof(calls[0]) ||
	    (frame->pstate & 0x1c) != d->client_mode) {
		frame->x[0] = (uint64_t)SDEI_NOT_SUPPORTED;
		return;
	}
	if (TAKE_EVENT >> index & 1) {
		e = find_first(d, p, (uint32_t)frame->x[1]);
		if (!e) {
			call_unhashed(d, p, frame, calls[index]);
			return;
		}
	}
	calls[index](d, p, frame, e);
}
