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
typedef void call(struct event *e, struct pe *p, struct sdei_context *frame);

static inline void answer(struct sdei_context *frame, int64_t result)
{
	frame->x[0] = (uint64_t)result;
}

/* 5.1.1 */
static void version(struct event *e, struct pe *p, struct sdei_context *frame)
{
	const struct sdei_config *c = &p->d->config;

	(void)e;
	answer(frame,
	       (int64_t)SDEI_VERSION_MAJOR << SDEI_VERSION_MAJOR_SHIFT |
		       (int64_t)c->version_minor << SDEI_VERSION_MINOR_SHIFT |
		       c->vendor_version);
}

/* 5.1.3 */
static void event_enable(struct event *e, struct pe *p,
			 struct sdei_context *frame)
{
	disp_change(e, p, frame, IN_ENABLE);
}

/* 5.1.4 */
static void event_disable(struct event *e, struct pe *p,
			  struct sdei_context *frame)
{
	disp_change(e, p, frame, IN_DISABLE);
}

/* 5.1.8 */
static void event_unregister(struct event *e, struct pe *p,
			     struct sdei_context *frame)
{
	disp_change(e, p, frame, IN_UNREGISTER);
}

/* 5.1.5. A saved register may look like an error; the client must know. */
static void event_context(struct event *e, struct pe *p,
			  struct sdei_context *frame)
{
	uint32_t parameter = (uint32_t)frame->x[1];

	(void)e;
	if (parameter >= SDEI_CONTEXT_REGISTERS)
		answer(frame, SDEI_INVALID_PARAMETERS);
	else if (p->inner < 0)
		answer(frame, SDEI_DENIED);
	else
		frame->x[0] = p->handler[p->inner].interrupted.x[parameter];
}

/* 5.1.9 */
static void event_status(struct event *e, struct pe *p,
			 struct sdei_context *frame)
{
	(void)p;
	answer(frame, state_of(e));
}

/* 5.1.10 */
static void event_get_info(struct event *e, struct pe *p,
			   struct sdei_context *frame)
{
	uint32_t what = (uint32_t)frame->x[2];

	(void)p;
	if (what <= SDEI_INFO_PRIORITY)
		answer(frame, e->traits >> what & 1);
	else if (what <= SDEI_INFO_ROUTING_AFF && is_shared(e))
		disp_routing_get(e, frame);
	else
		answer(frame, SDEI_INVALID_PARAMETERS);
}

/* 5.1.12: 1 if this call did the masking, 0 if events were masked before. */
static void pe_mask(struct event *e, struct pe *p, struct sdei_context *frame)
{
	(void)e;
	answer(frame, !p->masked);
	if (p->masked)
		return;
	mask(p);
	look_after_writing();
	if (anything_shared(p->d))
		disp_pass_on(p);
}

/* 5.1.13 */
static void pe_unmask(struct event *e, struct pe *p, struct sdei_context *frame)
{
	(void)e;
	answer(frame, SDEI_SUCCESS);
	unmask(p);
	disp_deliver_any(p, frame);
}

/* 5.1.15 */
static void interrupt_release(struct event *e, struct pe *p,
			      struct sdei_context *frame)
{
	(void)e;
	answer(frame, disp_release(p->d, (uint32_t)frame->x[1]));
}

/* 5.1.16: succeeds whatever the state of the target; edge semantics. */
static void event_signal(struct event *e, struct pe *p,
			 struct sdei_context *frame)
{
	int target = pe_with(p, frame->x[2]);

	if (!is_signalable(e) || target < 0) {
		answer(frame, SDEI_INVALID_PARAMETERS);
		return;
	}
	answer(frame, SDEI_SUCCESS);
	if ((unsigned)target == p->index && at_once(p, e)) {
		step_from(e, ENABLED, IN_DISPATCH);
		disp_enter(e, p, frame, e->entry_point);
		return;
	}
	sdei_raise(p->d, p->index, e->info->number, (unsigned)target);
	disp_deliver(p, frame);
}

/* 5.1.17 */
static void features(struct event *e, struct pe *p, struct sdei_context *frame)
{
	const struct sdei_config *c = &p->d->config;

	(void)e;
	switch ((uint32_t)frame->x[1]) {
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
static SELDOM void reset(struct event *e, struct pe *p,
			 struct sdei_context *frame)
{
	const struct sdei_config *c = &p->d->config;
	bool shared = (uint32_t)frame->x[0] == SDEI_FID_SHARED_RESET;

	(void)e;
	if (c->ops->reset)
		c->ops->reset(c->context, p->index, shared);
	answer(frame, disp_reset(p, shared));
}

/* SDEI's identifiers follow each other (Appendix B). */
#define CALL(fid) (-SDEI_FID_FIRST + (fid))
#define CALLS     (CALL(SDEI_FID_SHARED_RESET) + 1)
#define BIT(fid)  (UINT64_C(1) << CALL(fid))

static call *const calls[CALLS] = {
	[CALL(SDEI_FID_VERSION)] = version,
	[CALL(SDEI_FID_EVENT_REGISTER)] = disp_register,
	[CALL(SDEI_FID_EVENT_ENABLE)] = event_enable,
	[CALL(SDEI_FID_EVENT_DISABLE)] = event_disable,
	[CALL(SDEI_FID_EVENT_CONTEXT)] = event_context,
	[CALL(SDEI_FID_EVENT_COMPLETE)] = disp_complete,
	[CALL(SDEI_FID_EVENT_COMPLETE_RESUME)] = disp_complete_resume,
	[CALL(SDEI_FID_EVENT_UNREGISTER)] = event_unregister,
	[CALL(SDEI_FID_EVENT_STATUS)] = event_status,
	[CALL(SDEI_FID_EVENT_GET_INFO)] = event_get_info,
	[CALL(SDEI_FID_EVENT_ROUTING_SET)] = disp_routing_set,
	[CALL(SDEI_FID_PE_MASK)] = pe_mask,
	[CALL(SDEI_FID_PE_UNMASK)] = pe_unmask,
	[CALL(SDEI_FID_INTERRUPT_BIND)] = disp_bind,
	[CALL(SDEI_FID_INTERRUPT_RELEASE)] = interrupt_release,
	[CALL(SDEI_FID_EVENT_SIGNAL)] = event_signal,
	[CALL(SDEI_FID_FEATURES)] = features,
	[CALL(SDEI_FID_PRIVATE_RESET)] = reset,
	[CALL(SDEI_FID_SHARED_RESET)] = reset,
};

/* Those whose x1 is an event number: one that is nobody's is refused first. */
#define TAKE_EVENT \
	(BIT(SDEI_FID_EVENT_REGISTER) | BIT(SDEI_FID_EVENT_ENABLE) | \
	 BIT(SDEI_FID_EVENT_DISABLE) | BIT(SDEI_FID_EVENT_UNREGISTER) | \
	 BIT(SDEI_FID_EVENT_STATUS) | BIT(SDEI_FID_EVENT_GET_INFO) | \
	 BIT(SDEI_FID_EVENT_ROUTING_SET) | BIT(SDEI_FID_EVENT_SIGNAL))

/* Apart, so that sdei_call() needs no stack: it only jumps. */
static SELDOM void call_unhashed(call *function, struct pe *p,
				 struct sdei_context *frame)
{
	struct event *e = disp_find(p, (uint32_t)frame->x[1]);

	if (e)
		function(e, p, frame);
	else
		answer(frame, SDEI_INVALID_PARAMETERS);
}

void sdei_call(struct sdei_dispatcher *d, unsigned pe,
	       struct sdei_context *frame)
{
	uint32_t index = (uint32_t)frame->x[0] - d->fid_first;
	uint32_t number = (uint32_t)frame->x[1];
	struct pe *p = &d->pes[pe];
	struct event *e = NULL;
	uint64_t entry;

	/* M[4:2] of PSTATE: AArch64 at the client's exception level (4.1). */
	if (((frame->pstate & 0x1c) != d->client_mode) | (index >= CALLS)) {
		answer(frame, SDEI_NOT_SUPPORTED);
		return;
	}
	if (TAKE_EVENT >> index & 1) {
		/* Where it is looked for first, it mostly is. */
		entry = d->hash[hash(d, number)];
		if (HASH_NUMBER(entry) != number) {
			call_unhashed(calls[index], p, frame);
			return;
		}
		e = event_at(d, p, HASH_PLACE(entry));
	}
	calls[index](e, p, frame);
}
