/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls (5.1): what each checks, in which order, and what it answers.
 *
 * The order of checks, which the specification leaves open, is: the event, the
 * other parameters, the state. docs/choices.md gives the reasons.
 */
#include "internal.h"

/*
 * Each call is a function of the event that the PE sees under the number in x[1],
 * if that is one, the PE, and its frame with the arguments in x[1] to x[5]. The
 * answer goes to x[0], unless the frame becomes another.
 */
typedef void call(struct sdei_pe *p, struct sdei_context *frame,
		  struct event *e);

/* 5.1.1 */
static void version(struct sdei_pe *p, struct sdei_context *frame,
		    struct event *e)
{
	const struct sdei_config *c = &p->d->config;

	(void)e;
	answer(frame,
	       (int64_t)SDEI_VERSION_MAJOR << SDEI_VERSION_MAJOR_SHIFT |
		       (int64_t)c->version_minor << SDEI_VERSION_MINOR_SHIFT |
		       c->vendor_version);
}

/* 5.1.3 */
static void event_enable(struct sdei_pe *p, struct sdei_context *frame,
			 struct event *e)
{
	disp_change(p, frame, e, IN_ENABLE);
}

/* 5.1.4 */
static void event_disable(struct sdei_pe *p, struct sdei_context *frame,
			  struct event *e)
{
	disp_change(p, frame, e, IN_DISABLE);
}

/* 5.1.8 */
static void event_unregister(struct sdei_pe *p, struct sdei_context *frame,
			     struct event *e)
{
	disp_change(p, frame, e, IN_UNREGISTER);
}

/* 5.1.5. A saved register may look like an error; the client must know. */
static void event_context(struct sdei_pe *p, struct sdei_context *frame,
			  struct event *e)
{
	uint32_t parameter = (uint32_t)sdei_x(frame, 1);

	(void)e;
	if (parameter >= SDEI_CONTEXT_REGISTERS)
		answer(frame, SDEI_INVALID_PARAMETERS);
	else if (p->inner < 0)
		answer(frame, SDEI_DENIED);
	else
		sdei_x(frame, 0) =
			sdei_x(sdei_kept_context(&p->handler[p->inner].kept),
			       parameter);
}

/* 5.1.9 */
static void event_status(struct sdei_pe *p, struct sdei_context *frame,
			 struct event *e)
{
	(void)p;
	answer(frame, state_of(e));
}

/* 5.1.10; what is not of an event's kind is asked less often. */
static SELDOM void get_routing_info(struct sdei_pe *p,
				    struct sdei_context *frame, struct event *e)
{
	if ((uint32_t)sdei_x(frame, 2) <= SDEI_INFO_ROUTING_AFF && is_shared(e))
		disp_routing_get(p, frame, e);
	else
		answer(frame, SDEI_INVALID_PARAMETERS);
}

static void event_get_info(struct sdei_pe *p, struct sdei_context *frame,
			   struct event *e)
{
	const uint32_t what = (uint32_t)sdei_x(frame, 2);

	if (what > SDEI_INFO_PRIORITY)
		get_routing_info(p, frame, e);
	else
		answer(frame, e->traits >> what & 1);
}

/* 5.1.12: 1 if this call did the masking, 0 if events were masked before. */
static void pe_mask(struct sdei_pe *p, struct sdei_context *frame,
		    struct event *e)
{
	(void)e;
	answer(frame, !p->masked);
	if (p->masked)
		return;
	store(&p->masked, true);
	update_closed(p, true);
	pass_on(p);
}

/* 5.1.13 */
static void pe_unmask(struct sdei_pe *p, struct sdei_context *frame,
		      struct event *e)
{
	(void)e;
	answer(frame, SDEI_SUCCESS);
	store(&p->masked, false);
	update_closed(p, false);
	deliver_any(p, frame);
}

/* 5.1.15 */
static void interrupt_release(struct sdei_pe *p, struct sdei_context *frame,
			      struct event *e)
{
	(void)e;
	answer(frame, disp_release(p->d, (uint32_t)sdei_x(frame, 1)));
}

/* A signal that does not go straight to a handler of this PE. */
static SELDOM void signal_pe(struct sdei_pe *p, struct sdei_context *frame,
			     struct event *e)
{
	const uint64_t affinity = sdei_x(frame, 2);
	const int target = pe_with(p, affinity);

	if (target < 0) {
		answer(frame, SDEI_INVALID_PARAMETERS);
		return;
	}
	if ((unsigned)target == p->index)
		p->affinity = affinity;
	answer(frame, SDEI_SUCCESS);
	sdei_raise(p->d, p->index, e->info->number, (unsigned)target);
	disp_deliver(p, frame);
}

/*
 * 5.1.16: succeeds whatever the state of the target; edge semantics. Most signals
 * are for the PE itself: it is known by the name that it used the last time.
 */
static void event_signal(struct sdei_pe *p, struct sdei_context *frame,
			 struct event *e)
{
	if (!is_signalable(e)) {
		answer(frame, SDEI_INVALID_PARAMETERS);
		return;
	}
	answer(frame, SDEI_SUCCESS);
	if (sdei_x(frame, 2) == p->affinity && p->affinity != NAMED_BY_NONE &&
	    runs_at_once(p, e))
		disp_enter(p, frame, e);
	else
		signal_pe(p, frame, e);
}

/* 5.1.17 */
static void features(struct sdei_pe *p, struct sdei_context *frame,
		     struct event *e)
{
	const struct sdei_config *c = &p->d->config;

	(void)e;
	switch ((uint32_t)sdei_x(frame, 1)) {
	case SDEI_FEATURE_BIND_SLOTS:
		answer(frame,
		       (int64_t)c->shared_slots << 16 | c->private_slots);
		break;
	case SDEI_FEATURE_RELATIVE_MODE:
		answer(frame, 1);
		break;
	default:
		answer(frame, SDEI_INVALID_PARAMETERS);
	}
}

/* 5.1.18, 5.1.19 */
static SELDOM void reset(struct sdei_pe *p, struct sdei_context *frame,
			 struct event *e)
{
	const struct sdei_config *c = &p->d->config;
	bool shared = (uint32_t)sdei_x(frame, 0) == SDEI_FID_SHARED_RESET;

	(void)e;
	if (c->ops->reset)
		c->ops->reset(c->context, p->index, shared);
	answer(frame, disp_reset(p, shared));
}

/* SDEI's identifiers follow each other (Appendix B). */
#define CALL(fid) (-SDEI_FID_FIRST + (fid))
#define CALLS     (CALL(SDEI_FID_SHARED_RESET) + 1)

/* Those that take an event, whose number is in x1: nobody's is refused first. */
enum { NO_EVENT, AN_EVENT };

static const struct {
	call *serve;
	uint64_t takes;
} calls[CALLS] = {
	[CALL(SDEI_FID_VERSION)] = { version, NO_EVENT },
	[CALL(SDEI_FID_EVENT_REGISTER)] = { disp_register, AN_EVENT },
	[CALL(SDEI_FID_EVENT_ENABLE)] = { event_enable, AN_EVENT },
	[CALL(SDEI_FID_EVENT_DISABLE)] = { event_disable, AN_EVENT },
	[CALL(SDEI_FID_EVENT_CONTEXT)] = { event_context, NO_EVENT },
	[CALL(SDEI_FID_EVENT_COMPLETE)] = { disp_complete, NO_EVENT },
	[CALL(SDEI_FID_EVENT_COMPLETE_RESUME)] = { disp_complete_resume,
						   NO_EVENT },
	[CALL(SDEI_FID_EVENT_UNREGISTER)] = { event_unregister, AN_EVENT },
	[CALL(SDEI_FID_EVENT_STATUS)] = { event_status, AN_EVENT },
	[CALL(SDEI_FID_EVENT_GET_INFO)] = { event_get_info, AN_EVENT },
	[CALL(SDEI_FID_EVENT_ROUTING_SET)] = { disp_routing_set, AN_EVENT },
	[CALL(SDEI_FID_PE_MASK)] = { pe_mask, NO_EVENT },
	[CALL(SDEI_FID_PE_UNMASK)] = { pe_unmask, NO_EVENT },
	[CALL(SDEI_FID_INTERRUPT_BIND)] = { disp_bind, NO_EVENT },
	[CALL(SDEI_FID_INTERRUPT_RELEASE)] = { interrupt_release, NO_EVENT },
	[CALL(SDEI_FID_EVENT_SIGNAL)] = { event_signal, AN_EVENT },
	[CALL(SDEI_FID_FEATURES)] = { features, NO_EVENT },
	[CALL(SDEI_FID_PRIVATE_RESET)] = { reset, NO_EVENT },
	[CALL(SDEI_FID_SHARED_RESET)] = { reset, NO_EVENT },
};

/* Not found where it is looked for first. Apart, so that the rest needs no stack. */
static SELDOM void call_unhashed(struct sdei_pe *p, struct sdei_context *frame,
				 call *serve)
{
	struct event *e = disp_find(p, (uint32_t)sdei_x(frame, 1));

	if (e)
		serve(p, frame, e);
	else
		answer(frame, SDEI_INVALID_PARAMETERS);
}

static inline void call_with_event(struct sdei_pe *p,
				   struct sdei_context *frame, call *serve)
{
	const struct sdei_dispatcher *d = p->d;
	const uint32_t number = (uint32_t)sdei_x(frame, 1);
	const uint64_t entry = d->hash[hash(d, number)];

	if (HASH_NUMBER(entry) != number)
		call_unhashed(p, frame, serve);
	else if (is_shared_place(HASH_PLACE(entry)))
		serve(p, frame, shared_event_at(d, HASH_PLACE(entry)));
	else
		serve(p, frame, private_event_at(p, HASH_PLACE(entry)));
}

void sdei_pe_call(struct sdei_pe *p, struct sdei_context *frame)
{
	const uint32_t index = (uint32_t)sdei_x(frame, 0) - p->d->fid_first;

	/* M[4:2] of PSTATE: AArch64 at the client's exception level (4.1). */
	if ((sdei_pstate(frame) & 0x1c) != p->d->client_mode || index >= CALLS)
		answer(frame, SDEI_NOT_SUPPORTED);
	else if (calls[index].takes == NO_EVENT)
		calls[index].serve(p, frame, NULL);
	else
		call_with_event(p, frame, calls[index].serve);
}

void sdei_call(struct sdei_dispatcher *d, unsigned pe,
	       struct sdei_context *frame)
{
	sdei_pe_call(pe_at(d, pe), frame);
}
