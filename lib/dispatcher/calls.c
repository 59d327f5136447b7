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
 * arguments in x[1] to x[5], and, if x[1] is an event number, the event that the
 * PE sees under it. The answer goes to x[0], unless the frame becomes another.
 */
typedef void call(struct sdei_dispatcher *d, struct pe *p,
		  struct sdei_context *frame, struct event *e);

static inline void answer(struct sdei_context *frame, int64_t result)
{
	frame->x[0] = (uint64_t)result;
}

/* 5.1.1 */
static void version(struct sdei_dispatcher *d, struct pe *p,
		    struct sdei_context *frame, struct event *e)
{
	(void)p, (void)e;
	answer(frame,
	       (int64_t)SDEI_VERSION_MAJOR << SDEI_VERSION_MAJOR_SHIFT |
		       (int64_t)d->config.version_minor
			       << SDEI_VERSION_MINOR_SHIFT |
		       d->config.vendor_version);
}

/* The PE with an affinity, or -1. */
static inline int pe_with(const struct sdei_dispatcher *d, uint64_t affinity)
{
	const struct sdei_config *c = &d->config;
	int pe;

	if (affinity & ~SDEI_AFFINITY_MASK)
		return -1;
	pe = c->ops->pe_of_affinity(c->context, affinity);
	return (unsigned)pe < c->pe_count ? pe : -1;
}

int disp_routing(const struct sdei_dispatcher *d, uint64_t mode,
		 uint64_t affinity)
{
	int pe;

	if (mode == SDEI_RM_ANY)
		return -1;
	pe = mode == SDEI_RM_PE ? pe_with(d, affinity) : -1;
	return pe < 0 ? -2 : pe;
}

#define REGISTER_FLAGS \
	((uint64_t)(SDEI_REGISTER_RM_PE | SDEI_REGISTER_RELATIVE))

/* An event that is registered is not ready yet: the step is a quiet one. */
static __attribute__((noinline)) void
register_routed(struct sdei_context *frame, struct event *e, int routed_to)
{
	int result;

	event_lock(e);
	result = step_quietly(e, IN_REGISTER);
	if (result == SDEI_SUCCESS) {
		set_handler(e, frame->x[2], frame->x[3],
			    frame->x[4] & SDEI_REGISTER_RELATIVE);
		set_routing(e, frame->x[5], routed_to);
	}
	event_unlock(e);
	answer(frame, result);
}

/*
 * A slot's way out of "unregistered" is under the bind lock, or RELEASE could not
 * trust what it sees of other PEs' private handlers. Here it may turn out to have
 * been released just now.
 */
static __attribute__((noinline)) void
register_special(struct sdei_dispatcher *d, struct sdei_context *frame,
		 struct event *e)
{
	int routed_to = -1;

	if (is_shared(e))
		routed_to = disp_routing(d, frame->x[4] & SDEI_REGISTER_RM_PE,
				    frame->x[5]);
	if (is_slot(e))
		spin_acquire(&d->bind_lock);
	if (routed_to < -1 || (is_slot(e) && !e->info->interrupt))
		answer(frame, SDEI_INVALID_PARAMETERS);
	else
		register_routed(frame, e, routed_to);
	if (is_slot(e))
		spin_release(&d->bind_lock);
}

/* 5.1.2. Routing is a shared event's; a private one ignores mode and affinity. */
static void event_register(struct sdei_dispatcher *d, struct pe *p,
			   struct sdei_context *frame, struct event *e)
{
	uint64_t flags = frame->x[4];

	(void)p;
	if (flags & ~REGISTER_FLAGS ||
	    bad_entry(frame->x[2], flags & SDEI_REGISTER_RELATIVE))
		answer(frame, SDEI_INVALID_PARAMETERS);
	else if (is_slot(e) || (is_shared(e) && flags & SDEI_REGISTER_RM_PE))
		register_special(d, frame, e);
	else
		register_routed(frame, e, -1);
}

/* The rest of change() for an event that waits; its lock is held. */
static __attribute__((noinline)) void
change_pending(struct sdei_dispatcher *d, struct pe *p,
	       struct sdei_context *frame, struct event *e, enum input input)
{
	answer(frame, disp_step(d, p, e, input));
	disp_unlock(e);
	if (input != IN_ENABLE)
		return;
	/* It may be for this PE or for another. */
	if (is_shared(e))
		disp_offer(d, p, e);
	disp_deliver(d, p, frame);
}

static inline void change(struct sdei_dispatcher *d, struct pe *p,
			  struct sdei_context *frame, struct event *e,
			  enum input input)
{
	event_lock(e);
	if (is_pending(e)) {
		change_pending(d, p, frame, e, input);
		return;
	}
	answer(frame, step_quietly(e, input));
	event_unlock(e);
}

/* The same for those in no hurry, and for what still lies in the inbox. */
static __attribute__((noinline)) void
change_slowly(struct sdei_dispatcher *d, struct pe *p,
	      struct sdei_context *frame, struct event *e, enum input input)
{
	disp_collect(d, p);
	change(d, p, frame, e, input);
}

static inline bool in_inbox(const struct pe *p, const struct event *e)
{
	return !is_shared(e) && load(&p->inbox.summary);
}

/* 5.1.3 */
static void event_enable(struct sdei_dispatcher *d, struct pe *p,
			 struct sdei_context *frame, struct event *e)
{
	if (in_inbox(p, e))
		change_slowly(d, p, frame, e, IN_ENABLE);
	else
		change(d, p, frame, e, IN_ENABLE);
}

/* 5.1.4 */
static void event_disable(struct sdei_dispatcher *d, struct pe *p,
			  struct sdei_context *frame, struct event *e)
{
	change(d, p, frame, e, IN_DISABLE);
}

/* 5.1.8. A signal goes with the registration that it was sent to. */
static void event_unregister(struct sdei_dispatcher *d, struct pe *p,
			     struct sdei_context *frame, struct event *e)
{
	change_slowly(d, p, frame, e, IN_UNREGISTER);
}

/* 5.1.5. A saved register may look like an error; the client must know. */
static void event_context(struct sdei_dispatcher *d, struct pe *p,
			  struct sdei_context *frame, struct event *e)
{
	uint32_t parameter = (uint32_t)frame->x[1];
	int priority = innermost(p);

	(void)d, (void)e;
	if (parameter >= SDEI_CONTEXT_REGISTERS)
		answer(frame, SDEI_INVALID_PARAMETERS);
	else if (priority < 0)
		answer(frame, SDEI_DENIED);
	else
		frame->x[0] = p->saved[priority].x[parameter];
}

/* 5.1.9 */
static void event_status(struct sdei_dispatcher *d, struct pe *p,
			 struct sdei_context *frame, struct event *e)
{
	(void)d, (void)p;
	answer(frame, state_of(e));
}

/* Routing of a registered shared event: one consistent answer of the two. */
static __attribute__((noinline)) void
get_routing(struct sdei_dispatcher *d, struct pe *p,
	    struct sdei_context *frame, struct event *e)
{
	uint32_t what = (uint32_t)frame->x[2];
	int64_t result = SDEI_INVALID_PARAMETERS;

	(void)d, (void)p;
	disp_lock(e);
	if (is_shared(e) && !(e->state & SDEI_STATUS_REGISTERED))
		result = SDEI_DENIED;
	else if (is_shared(e) && what == SDEI_INFO_ROUTING_MODE)
		result = e->routed_to < 0 ? SDEI_RM_ANY : SDEI_RM_PE;
	else if (is_shared(e) && e->routed_to >= 0)
		result = (int64_t)unpack_affinity(e->affinity);
	disp_unlock(e);
	answer(frame, result);
}

/* 5.1.10 */
static void event_get_info(struct sdei_dispatcher *d, struct pe *p,
			   struct sdei_context *frame, struct event *e)
{
	uint32_t what = (uint32_t)frame->x[2];

	if (what <= SDEI_INFO_PRIORITY)
		answer(frame, e->traits >> what & 1);
	else if (what <= SDEI_INFO_ROUTING_AFF)
		get_routing(d, p, frame, e);
	else
		answer(frame, SDEI_INVALID_PARAMETERS);
}

/* 5.1.11 */
static void event_routing_set(struct sdei_dispatcher *d, struct pe *p,
			      struct sdei_context *frame, struct event *e)
{
	int result = SDEI_INVALID_PARAMETERS, routed_to = -2;

	(void)p;
	if (is_shared(e))
		routed_to = disp_routing(d, frame->x[2], frame->x[3]);
	if (routed_to >= -1) {
		disp_lock(e);
		result = step_quietly(e, IN_ROUTING_SET);
		if (result == SDEI_SUCCESS)
			set_routing(e, frame->x[3], routed_to);
		disp_unlock(e);
	}
	answer(frame, result);
}

/* 5.1.12: 1 if this call did the masking, 0 if events were masked before. */
static void pe_mask(struct sdei_dispatcher *d, struct pe *p,
		    struct sdei_context *frame, struct event *e)
{
	(void)e;
	answer(frame, !p->masked);
	if (p->masked)
		return;
	store(&p->masked, true);
	store(&p->able, 0);
	look_after_writing();
	if (load(&d->any[0].summary) | load(&d->any[1].summary))
		disp_pass_on(d, p);
}

/* 5.1.13 */
static void pe_unmask(struct sdei_dispatcher *d, struct pe *p,
		      struct sdei_context *frame, struct event *e)
{
	(void)e;
	answer(frame, SDEI_SUCCESS);
	store(&p->masked, false);
	update_able(p);
	deliver_any(d, p, frame);
}

/* 5.1.14 */
static void interrupt_bind(struct sdei_dispatcher *d, struct pe *p,
			   struct sdei_context *frame, struct event *e)
{
	(void)e;
	answer(frame, disp_bind(d, p, (uint32_t)frame->x[1]));
}

/* 5.1.15 */
static void interrupt_release(struct sdei_dispatcher *d, struct pe *p,
			      struct sdei_context *frame, struct event *e)
{
	(void)p, (void)e;
	answer(frame, disp_release(d, (uint32_t)frame->x[1]));
}

/* 5.1.16: succeeds whatever the state of the target; edge semantics. */
static void event_signal(struct sdei_dispatcher *d, struct pe *p,
			 struct sdei_context *frame, struct event *e)
{
	int target = pe_with(d, frame->x[2]);

	if (!is_signalable(e) || target < 0) {
		answer(frame, SDEI_INVALID_PARAMETERS);
		return;
	}
	answer(frame, SDEI_SUCCESS);
	if ((unsigned)target == p->index && at_once(d, p, e)) {
		step_from(e, ENABLED, IN_DISPATCH);
		disp_enter(d, p, frame, e, e->entry_point);
		return;
	}
	disp_raise_private(d, p, &d->pes[target], e->index);
	if ((unsigned)target == p->index)
		disp_deliver(d, p, frame);
}

/* 5.1.17 */
static void features(struct sdei_dispatcher *d, struct pe *p,
		     struct sdei_context *frame, struct event *e)
{
	(void)p, (void)e;
	switch ((uint32_t)frame->x[1]) {
	case SDEI_FEATURE_BIND_SLOTS:
		answer(frame, (int64_t)d->config.shared_slots << 16 |
				      d->config.private_slots);
		break;
	case SDEI_FEATURE_RELATIVE_MODE:
		answer(frame, 1);
		break;
	default:
		answer(frame, SDEI_INVALID_PARAMETERS);
	}
}

/* 5.1.18 */
static void private_reset(struct sdei_dispatcher *d, struct pe *p,
			  struct sdei_context *frame, struct event *e)
{
	(void)e;
	if (d->config.ops->reset)
		d->config.ops->reset(d->config.context, p->index, false);
	answer(frame, disp_private_reset(d, p));
}

/* 5.1.19 */
static void shared_reset(struct sdei_dispatcher *d, struct pe *p,
			 struct sdei_context *frame, struct event *e)
{
	(void)e;
	if (d->config.ops->reset)
		d->config.ops->reset(d->config.context, p->index, true);
	answer(frame, disp_shared_reset(d, p));
}

static void unknown(struct sdei_dispatcher *d, struct pe *p,
		    struct sdei_context *frame, struct event *e)
{
	(void)d, (void)p, (void)e;
	answer(frame, SDEI_NOT_SUPPORTED);
}

/* SDEI's identifiers are a block of 32, aligned (Appendix B). */
#define CALLS	  (SDEI_FID_LAST - SDEI_FID_FIRST + 1)
#define CALL(fid) ((fid) % CALLS)
#define BIT(fid)  (UINT64_C(1) << CALL(fid))

_Static_assert(CALLS == 32 && SDEI_FID_FIRST % CALLS == 0, "CALL");

static call *const calls[CALLS] = {
	[CALL(SDEI_FID_VERSION)] = version,
	[CALL(SDEI_FID_EVENT_REGISTER)] = event_register,
	[CALL(SDEI_FID_EVENT_ENABLE)] = event_enable,
	[CALL(SDEI_FID_EVENT_DISABLE)] = event_disable,
	[CALL(SDEI_FID_EVENT_CONTEXT)] = event_context,
	[CALL(SDEI_FID_EVENT_COMPLETE)] = disp_complete,
	[CALL(SDEI_FID_EVENT_COMPLETE_RESUME)] = disp_complete_resume,
	[CALL(SDEI_FID_EVENT_UNREGISTER)] = event_unregister,
	[CALL(SDEI_FID_EVENT_STATUS)] = event_status,
	[CALL(SDEI_FID_EVENT_GET_INFO)] = event_get_info,
	[CALL(SDEI_FID_EVENT_ROUTING_SET)] = event_routing_set,
	[CALL(SDEI_FID_PE_MASK)] = pe_mask,
	[CALL(SDEI_FID_PE_UNMASK)] = pe_unmask,
	[CALL(SDEI_FID_INTERRUPT_BIND)] = interrupt_bind,
	[CALL(SDEI_FID_INTERRUPT_RELEASE)] = interrupt_release,
	[CALL(SDEI_FID_EVENT_SIGNAL)] = event_signal,
	[CALL(SDEI_FID_FEATURES)] = features,
	[CALL(SDEI_FID_PRIVATE_RESET)] = private_reset,
	[CALL(SDEI_FID_SHARED_RESET)] = shared_reset,
	[CALL(SDEI_FID_SHARED_RESET) + 1 ... CALLS - 1] = unknown,
};

/* Those whose x1 is an event number: one that is nobody's is refused first. */
#define TAKE_EVENT \
	(BIT(SDEI_FID_EVENT_REGISTER) | BIT(SDEI_FID_EVENT_ENABLE) | \
	 BIT(SDEI_FID_EVENT_DISABLE) | BIT(SDEI_FID_EVENT_UNREGISTER) | \
	 BIT(SDEI_FID_EVENT_STATUS) | BIT(SDEI_FID_EVENT_GET_INFO) | \
	 BIT(SDEI_FID_EVENT_ROUTING_SET) | BIT(SDEI_FID_EVENT_SIGNAL))

/* Apart, so that sdei_call() needs no stack: it only jumps. */
static __attribute__((noinline)) void
call_unhashed(struct sdei_dispatcher *d, struct pe *p,
	      struct sdei_context *frame, call *function)
{
	struct event *e = disp_find(d, p, (uint32_t)frame->x[1]);

	if (e)
		function(d, p, frame, e);
	else
		answer(frame, SDEI_INVALID_PARAMETERS);
}

/* The event under a number if it is where it is looked for first, else NULL. */
static inline struct event *find_first(const struct sdei_dispatcher *d,
				       const struct pe *p, uint32_t number)
{
	uint64_t entry = d->hash[hash(d, number)];

	if (HASH_NUMBER(entry) != number)
		return NULL;
	return event_at(d, p, HASH_PLACE(entry));
}

void sdei_call(struct sdei_dispatcher *d, unsigned pe,
	       struct sdei_context *frame)
{
	uint32_t fid = (uint32_t)frame->x[0];
	uint64_t index = CALL(fid);
	struct pe *p = &d->pes[pe];
	struct event *e = NULL;
	call *function = calls[index];

	/* M[4:2] of PSTATE: AArch64 at the client's exception level (4.1). */
	if (((frame->pstate & 0x1c) != d->client_mode) |
	    (fid / CALLS != d->fid_block)) {
		answer(frame, SDEI_NOT_SUPPORTED);
		return;
	}
	if (TAKE_EVENT >> index & 1) {
		e = find_first(d, p, (uint32_t)frame->x[1]);
		if (!e) {
			call_unhashed(d, p, frame, function);
			return;
		}
	}
	function(d, p, frame, e);
}
