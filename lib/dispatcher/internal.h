/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the dispatcher's files share.
 *
 * The one thing to know: a private event on a PE is changed by that PE alone, with
 * two exceptions: others leave signals in its inbox, and RELEASE clears `pending`
 * of its slots (trigger() has the other half of that). Others also write a PE's
 * `look` and `hidden`, and read its `floor`. A shared event is changed with its lock
 * held, what is bound under the bind lock. Lock order: bind, event, ready set;
 * `able_lock` is taken with no other held. `completed` and `entered` are called with
 * no lock held, the interrupt operations of BIND and RELEASE with the bind lock.
 */
#ifndef DISPATCHER_INTERNAL_H
#define DISPATCHER_INTERNAL_H

#include "layout.h"

static inline struct sdei_pe *pe_at(const struct sdei_dispatcher *d,
				    unsigned index)
{
	return (struct sdei_pe *)(d->pes + index * d->pe_stride);
}

static inline struct event *private_events(const struct sdei_pe *p)
{
	return (struct event *)(p + 1);
}

/* The event with an index: of this PE's private ones, or of the shared ones. */
static inline struct event *nth_event(const struct sdei_pe *p, bool shared,
				      unsigned index)
{
	return shared ? &p->d->shared[index].event : &private_events(p)[index];
}

static inline bool is_shared(const struct event *e)
{
	return e->traits & SHARED;
}

static inline struct shared_event *of_shared(const struct event *e)
{
	return (struct shared_event *)e;
}

static inline unsigned priority_of(const struct event *e)
{
	return e->traits & CRITICAL ? SDEI_PRIORITY_CRITICAL
				    : SDEI_PRIORITY_NORMAL;
}

static inline bool is_slot(const struct event *e)
{
	return e->traits & SLOT;
}

static inline bool is_signalable(const struct event *e)
{
	return !(e->traits & NOT_SIGNALABLE);
}

static inline bool is_pending(const struct event *e)
{
	return load(&e->pending) & 1;
}

/* Others may look at a state while its owner changes it: sdei_query(). */
static inline enum state state_of(const struct event *e)
{
	return (enum state)load(&e->state);
}

/* Can this PE take an event of this priority now (5.1.2)? Asked by any PE. */
static inline bool is_able(const struct sdei_pe *p, unsigned priority)
{
	return (int)priority > load(&p->floor);
}

/* Call after `inner` changed, before looking for events. */
static inline void update_floor(struct sdei_pe *p)
{
	const int8_t inner = p->inner;

	store(&p->floor,
	      inner <= p->closed ? (int8_t)SDEI_PRIORITY_CRITICAL : inner);
}

/* The same after `masked`, which is now that, or `held` changed. */
static inline void update_closed(struct sdei_pe *p, bool masked)
{
	p->closed = masked ? (int8_t)SDEI_PRIORITY_CRITICAL : p->held;
	update_floor(p);
}

/* Is there a shared event that any PE may take? */
static inline uint64_t any_waits(const struct sdei_dispatcher *d)
{
	return load(&d->any[SDEI_PRIORITY_NORMAL].summary) |
	       load(&d->any[SDEI_PRIORITY_CRITICAL].summary);
}

static inline bool may_run_on(const struct event *e, const struct sdei_pe *p)
{
	return e->routed_to < 0 || e->routed_to == (int)p->index;
}

/* Out of the way of what comes often. */
#define SELDOM __attribute__((noinline, cold))

/* A shared event's lock; a private event needs none. */
static inline void lock_event(struct event *e)
{
	if (is_shared(e))
		spin_acquire(&of_shared(e)->lock);
}

static inline void unlock_event(struct event *e)
{
	if (is_shared(e))
		spin_release(&of_shared(e)->lock);
}

/*
 * pending.c: an event is in a ready set, where those PEs look that can run it,
 * exactly while it is pending and its handler enabled and not running.
 */
void disp_place(struct sdei_pe *p, struct event *e);
void disp_set_pending(struct sdei_pe *p, struct event *e, bool pending);
void disp_collect(struct sdei_pe *p);

static inline void collect(struct sdei_pe *p)
{
	if (load(&p->set[INBOX].summary))
		disp_collect(p);
}

/* Is it pending for this PE, as the event says or a note that it did not see yet? */
bool disp_waits(const struct sdei_pe *p, const struct event *e);
int disp_offer(struct sdei_pe *p, struct event *e);
/* Deliver what can be delivered now. Returns true if the frame is a handler's. */
bool disp_deliver(struct sdei_pe *p, struct sdei_context *frame);
/* What any PE may take and this one cannot take now: wake one that can. */
void disp_pass_on(struct sdei_pe *p);

static inline void pass_on(struct sdei_pe *p)
{
	look_after_writing();
	if (any_waits(p->d))
		disp_pass_on(p);
}

/* RELEASE, on another PE, acts on what it sees here. */
static inline void set_state(struct event *e, enum state state)
{
	__atomic_store_n(&e->state, (uint8_t)state, __ATOMIC_RELEASE);
}

/*
 * One step of the state machine; the event's lock is held, and it is not pending
 * or the step does not make it ready or unready. Returns the call's answer.
 */
static inline int64_t step_quietly(struct event *e, enum input input)
{
	const struct step step = disp_machine[input][e->state];

	set_state(e, step.next);
	return step.answer;
}

/* state.c: any step of an event that is pending; its lock is held. */
int64_t disp_step_pending(struct sdei_pe *p, struct event *e, enum input input);

/* Any step. Returns the call's answer. */
static inline int64_t step(struct sdei_pe *p, struct event *e, enum input input)
{
	int64_t result;

	lock_event(e);
	result = is_pending(e) ? disp_step_pending(p, e, input)
			       : step_quietly(e, input);
	unlock_event(e);
	return result;
}

/* ENABLE, DISABLE, UNREGISTER: a step that may make an event ready or unready. */
void disp_change(struct sdei_pe *p, struct sdei_context *frame, struct event *e,
		 enum input input);

static inline bool is_shared_place(unsigned place)
{
	return place & PLACE_SHARED;
}

static inline struct event *shared_event_at(const struct sdei_dispatcher *d,
					    unsigned place)
{
	return (struct event *)((char *)d->shared + (place & ~PLACE_SHARED));
}

static inline struct event *private_event_at(const struct sdei_pe *p,
					     unsigned place)
{
	return (struct event *)((uintptr_t)p + place);
}

/* The registration at a place, as this PE sees it. */
static inline struct event *event_at(const struct sdei_pe *p, unsigned place)
{
	return is_shared_place(place) ? shared_event_at(p->d, place)
				      : private_event_at(p, place);
}

/* Where a number is looked for first: the factor spreads, the size scales. */
static inline uint32_t hash(const struct sdei_dispatcher *d, uint32_t number)
{
	return (uint64_t)(number * d->hash_factor) * d->hash_size >> 32;
}

/* The place of the event that an interrupt triggers and 1; 0: of none. */
static inline uint32_t triggered_place(const struct sdei_dispatcher *d,
				       uint32_t interrupt)
{
	return interrupt < d->config.interrupt_count
		       ? load(&d->interrupts[interrupt])
		       : 0;
}

/* That event, as this PE sees it, or NULL. */
static inline struct event *triggered(const struct sdei_pe *p,
				      uint32_t interrupt)
{
	const uint32_t place = triggered_place(p->d, interrupt);

	return place ? event_at(p, place - 1) : NULL;
}

/* events.c: where the table's event with this number is in the hash, or would be. */
uint64_t *disp_entry(const struct sdei_dispatcher *d, uint32_t number);
/* The event with this number, of the table or bound, or NULL. */
struct event *disp_find(const struct sdei_pe *p, uint32_t number);

/* The same; where it is looked for first, it mostly is. */
static inline struct event *find(const struct sdei_pe *p, uint32_t number)
{
	const struct sdei_dispatcher *d = p->d;
	const uint64_t entry = d->hash[hash(d, number)];

	return HASH_NUMBER(entry) == number ? event_at(p, HASH_PLACE(entry))
					    : disp_find(p, number);
}

/* deliver.c: its handler runs, by IN_DISPATCH; the frame becomes the handler's. */
void disp_enter(struct sdei_pe *p, struct sdei_context *frame, struct event *e);
void disp_complete(struct sdei_pe *p, struct sdei_context *frame,
		   struct event *e);
void disp_complete_resume(struct sdei_pe *p, struct sdei_context *frame,
			  struct event *e);
void disp_abandon(struct sdei_pe *p);

/* register.c: EVENT_REGISTER, EVENT_ROUTING_SET, EVENT_GET_INFO of the routing. */
void disp_register(struct sdei_pe *p, struct sdei_context *frame,
		   struct event *e);
void disp_routing_set(struct sdei_pe *p, struct sdei_context *frame,
		      struct event *e);
void disp_routing_get(struct sdei_pe *p, struct sdei_context *frame,
		      struct event *e);

/*
 * The PE that a client names, or -1. It may do so as it reads MPIDR_EL1, whose bits
 * 31 to 24 are no affinity (5.1.2, 5.1.11, 5.1.16; docs/choices.md).
 */
static inline int pe_with(const struct sdei_pe *p, uint64_t affinity)
{
	const struct sdei_config *c = &p->d->config;
	int pe;

	affinity &= ~(uint64_t)SDEI_MPIDR_OTHER;
	if (affinity & ~SDEI_AFFINITY_MASK)
		return -1;
	pe = c->ops->pe_of_affinity(c->context, affinity);
	return (unsigned)pe < c->pe_count ? pe : -1;
}

/* bind.c: INTERRUPT_BIND; then as RELEASE answers. */
void disp_bind(struct sdei_pe *p, struct sdei_context *frame, struct event *e);
int64_t disp_release(struct sdei_dispatcher *d, uint32_t number);
/* May an event of this type have this interrupt? */
bool disp_fits(const struct sdei_config *c, uint64_t interrupt, unsigned type);
/* A slot gets an interrupt; the bind lock is held. */
void disp_connect(struct sdei_dispatcher *d, struct slot *slot,
		  uint32_t interrupt);

/*
 * check.c: what is wrong with the configuration, for people; NULL: nothing, and
 * the events and slots are counted.
 */
const char *disp_check_config(struct sdei_dispatcher *d);
extern const char disp_twice[];

/* reset.c: as the calls answer, SUCCESS or DENIED. */
int64_t disp_reset(struct sdei_pe *p, bool shared);

/* pstate.c: what of a handler's PSTATE depends on the configuration alone. */
void disp_prepare_pstate(struct sdei_dispatcher *d);

/* A register of the client's on this PE. */
static inline uint64_t disp_read(const struct sdei_pe *p,
				 enum sdei_client_register reg)
{
	const struct sdei_config *c = &p->d->config;

	return c->ops->read(c->context, p->index, reg);
}

/* Is there anything for this PE, or a shared event that any PE may take? */
static inline bool anything(const struct sdei_pe *p)
{
	return load(&p->look) | any_waits(p->d);
}

static inline void set_running_on(struct event *e, const struct sdei_pe *p)
{
	store(&of_shared(e)->running_on, (int16_t)p->index);
}

/*
 * A ready event's handler runs on this PE from here on. Then it is pending no more:
 * who sees that, of a shared one, sees who runs it, which is set before. Its lock is
 * held, and it leaves its ready set next.
 */
static inline void begin_handler(struct event *e)
{
	set_state(e, RUNNING_ENABLED); /* IN_DISPATCH */
	__atomic_store_n(&e->pending, 0, __ATOMIC_RELEASE);
}

/*
 * A trigger on this PE: does its handler run here and now, with nothing else
 * waiting anywhere? Then the event is not pending and never need be, and
 * disp_enter() is next. Its lock is held.
 */
static inline bool runs_at_once(struct sdei_pe *p, struct event *e)
{
	if (e->state != ENABLED || !is_able(p, priority_of(e)) || anything(p))
		return false;
	/* IN_DISPATCH, which every event takes: it need not be looked up. */
	set_state(e, RUNNING_ENABLED);
	if (is_shared(e))
		set_running_on(e, p);
	return true;
}

/* Deliver what there may be. */
static inline void deliver_any(struct sdei_pe *p, struct sdei_context *frame)
{
	look_after_writing();
	if (anything(p))
		disp_deliver(p, frame);
}

static inline void answer(struct sdei_context *frame, int64_t result)
{
	sdei_x(frame, 0) = (uint64_t)result;
}

#endif
