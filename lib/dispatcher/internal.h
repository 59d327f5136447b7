/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the dispatcher's files share.
 *
 * The one thing to know: everything about a private event on a PE is touched
 * by that PE alone, but for its inbox, where others leave signals; everything
 * about a shared event is touched with that event's lock held. What is bound is
 * changed under the bind lock. Lock order: bind, event, ready set. `completed`
 * and `entered` are called with no lock held, the interrupt operations of BIND
 * and RELEASE with the bind lock.
 */
#ifndef DISPATCHER_INTERNAL_H
#define DISPATCHER_INTERNAL_H

#include "set.h"

#include <sdei/dispatcher.h>

/* A handler's state: the three bits of EVENT_STATUS (5.1.9, Table 13). */
enum state {
	UNREGISTERED = 0,
	REGISTERED = SDEI_STATUS_REGISTERED,
	ENABLED = SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED,
	UNREGISTER_PENDING = SDEI_STATUS_RUNNING,
	RUNNING_DISABLED = REGISTERED | SDEI_STATUS_RUNNING,
	RUNNING_ENABLED = ENABLED | SDEI_STATUS_RUNNING,
	STATES = 8
};

/* What moves a handler from one state to another. */
enum input {
	IN_REGISTER,
	IN_ENABLE,
	IN_DISABLE,
	IN_UNREGISTER,
	IN_ROUTING_SET,
	IN_RESET,
	IN_DISPATCH,
	IN_COMPLETE,
	INPUTS
};

struct transition {
	int8_t result;
	uint8_t next;
};

/* state.c */
extern const struct transition disp_machine[INPUTS][STATES];

/* An event's registration: one for a shared event, one a PE for a private. */
struct event {
	uint64_t entry_point;
	uint64_t argument;
	const struct sdei_event_info *info;
	uint32_t affinity;	/* shared, RM_PE: pack_affinity() */
	uint16_t index;		/* among the events of its type */
	int16_t routed_to;	/* shared, RM_PE: PE index; else -1 */
	int16_t running_on;	/* shared: PE index; else -1 */
	uint8_t lock;		/* shared */
	uint8_t traits;		/* of *info, for those in a hurry */
	uint8_t state;
	uint8_t pending;	/* 0 or 1: is_pending() */
	bool relative;		/* entry_point is relative to VBAR (5.1.2) */
	bool direct;		/* neither that nor watched */
};

/* Traits: first what EVENT_GET_INFO tells, each bit its answer. */
#define SHARED		(1u << SDEI_INFO_TYPE)
#define NOT_SIGNALABLE	(1u << SDEI_INFO_SIGNALED)
#define CRITICAL	(1u << SDEI_INFO_PRIORITY)
#define SLOT		(1u << 3)
#define INTERRUPT	(1u << 4)	/* may have one: a slot, or the table's */
#define WATCHED		(1u << 5)

/* Aff3 and Aff2-0 (5.1.2) fit in 32 bits. */
static inline uint32_t pack_affinity(uint64_t affinity)
{
	return (uint32_t)(affinity >> 32) << 24 | (uint32_t)(affinity & 0xFFFFFF);
}

static inline uint64_t unpack_affinity(uint32_t packed)
{
	return (uint64_t)(packed >> 24) << 32 | (packed & 0xFFFFFF);
}

/*
 * A place: how many bytes behind the first private event one is, or this and how
 * many behind the first shared one.
 */
#define PLACE_SHARED	(1u << 31)
#define PLACE_OF(index) ((index) * (unsigned)sizeof(struct event))

/*
 * Where the event with a number is: place and number, in one word that is loaded
 * at once. Event 0 always exists and is entry 0, which its number leads to, and
 * no other entry: so an empty one can have number 0, and the first try needs no
 * test for it.
 */
#define HASH_ENTRY(place, number) ((uint64_t)(place) << 32 | (number))
#define HASH_NUMBER(entry)	  ((uint32_t)(entry))
#define HASH_PLACE(entry)	  ((uint32_t)((entry) >> 32))

/* Priorities double as indices of what exists once for each. */
#define PRIORITIES 2

#define ABLE_NORMAL	(1u << SDEI_PRIORITY_NORMAL)
#define ABLE_CRITICAL	(1u << SDEI_PRIORITY_CRITICAL)

struct pe {
	struct sdei_context saved[PRIORITIES];	/* what handlers interrupted */
	struct event *running[PRIORITIES];
	struct event *events;			/* the private ones, then slots */
	struct set inbox;			/* private, from other PEs */
	struct set ready[PRIORITIES];		/* private */
	struct set routed[PRIORITIES];		/* shared, RM_PE to here */
	unsigned index;
	bool masked;
	uint8_t able;		/* bit per priority: can take one now */
	/*
	 * 1 by who adds to one of the sets above, after it has; 0 by this PE
	 * before it looks. While it is 0 they are all empty.
	 */
	uint64_t look;
};

struct sdei_dispatcher {
	struct sdei_config config;
	uint32_t hash_factor;
	uint32_t hash_size;	/* entries */
	uint32_t client_mode;	/* PSTATE.M[4:2] of a client */
	uint32_t fid_block;	/* a function identifier of SDEI's / 32 */
	uint64_t *hash;		/* HASH_ENTRY() */
	/* pstate.c: bits of a handler's PSTATE, by where they come from. */
	uint64_t inherited;	/* the interrupted PSTATE */
	uint64_t fixed;		/* set */
	uint64_t dssbs, span, spintmask;	/* these bits of SCTLR_ELC */
	uint32_t *interrupts;	/* INTID -> place + 1, 0 for none */
	unsigned private_count, shared_count;	/* of the table */
	unsigned privates, shareds;		/* with slots */
	struct event *shared;
	struct set any[PRIORITIES];		/* shared, RM_ANY */
	struct pe *pes;
	/* One for each slot, private first; free while its interrupt is 0. */
	struct sdei_event_info *slots;
	uint8_t bind_lock;
};

static inline bool is_shared(const struct event *e)
{
	return e->traits & SHARED;
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

static inline void event_lock(struct event *e)
{
	if (is_shared(e))
		spin_acquire(&e->lock);
}

static inline void event_unlock(struct event *e)
{
	if (is_shared(e))
		spin_release(&e->lock);
}

/* Is this an entry point that REGISTER refuses (5.1.2)? */
static inline bool bad_entry(uint64_t entry_point, bool relative)
{
	return entry_point % 4 != 0 || (!entry_point && !relative);
}

/* What REGISTER gives an event; its lock is held. */
static inline void set_handler(struct event *e, uint64_t entry_point,
			       uint64_t argument, bool relative)
{
	store(&e->entry_point, entry_point);
	e->argument = argument;
	e->relative = relative;
	e->direct = !relative && !(e->traits & WATCHED);
}

static inline void set_routing(struct event *e, uint64_t affinity,
			       int routed_to)
{
	store(&e->affinity, pack_affinity(affinity));
	store(&e->routed_to, (int16_t)routed_to);
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

/* A private event may be pending as a note that its PE has not seen yet. */
static inline bool seems_pending(const struct pe *p, const struct event *e)
{
	return is_pending(e) ||
	       (!is_shared(e) && set_has(&p->inbox, e->index));
}

/* Can this PE take an event of this priority now (5.1.2)? Asked by any PE. */
static inline bool is_able(const struct pe *p, unsigned priority)
{
	return load(&p->able) >> priority & 1;
}

/* Priority of the innermost handler that runs on this PE, or -1. */
static inline int innermost(const struct pe *p)
{
	if (p->running[SDEI_PRIORITY_CRITICAL])
		return SDEI_PRIORITY_CRITICAL;
	return p->running[SDEI_PRIORITY_NORMAL] ? SDEI_PRIORITY_NORMAL : -1;
}

/*
 * pending.c: an event is in a ready set, where those PEs look that can run it,
 * exactly while it is pending and its handler enabled and not running.
 */
void disp_place(struct sdei_dispatcher *d, struct pe *p, struct event *e);
void disp_set_pending(struct sdei_dispatcher *d, struct pe *p, struct event *e,
		      bool pending);
/* event_lock() and event_unlock() for those in no hurry. */
void disp_lock(struct event *e);
void disp_unlock(struct event *e);

/* RELEASE, on another PE, acts on what it sees here. */
static inline void set_state(struct event *e, uint8_t state)
{
	__atomic_store_n(&e->state, state, __ATOMIC_RELEASE);
}

/*
 * One step of the state machine; the event's lock is held, and it is not pending
 * or the step does not make it ready or unready. Returns the call's answer.
 */
static inline int step_quietly(struct event *e, enum input input)
{
	const struct transition *t = &disp_machine[input][e->state];

	set_state(e, t->next);
	return t->result;
}

/* The same where the state is known. */
static inline void step_from(struct event *e, enum state from, enum input input)
{
	set_state(e, disp_machine[input][from].next);
}

/* state.c: any step; the event's lock is held. */
int disp_step(struct sdei_dispatcher *d, struct pe *p, struct event *e,
	      enum input input);

/* The registration at a place, as this PE sees it. */
static inline struct event *event_at(const struct sdei_dispatcher *d,
				     const struct pe *p, unsigned place)
{
	if (place & PLACE_SHARED)
		return (struct event *)((char *)d->shared +
					(place & ~PLACE_SHARED));
	return (struct event *)((char *)p->events + place);
}

/* The event that an interrupt triggers, as PE `p` sees it, or NULL. */
static inline struct event *triggered(const struct sdei_dispatcher *d,
				      const struct pe *p, uint32_t interrupt)
{
	unsigned place;

	if (interrupt >= d->config.interrupt_count)
		return NULL;
	place = load(&d->interrupts[interrupt]);
	return place ? event_at(d, p, place - 1) : NULL;
}

/* Where a number is looked for first: the factor spreads, the size scales. */
static inline uint32_t hash(const struct sdei_dispatcher *d, uint32_t number)
{
	return (uint64_t)(number * d->hash_factor) * d->hash_size >> 32;
}

/* events.c: the table's event with this number, or NULL; a slot's, too. */
const uint64_t *disp_find_entry(const struct sdei_dispatcher *d,
				uint32_t number);
struct event *disp_find(const struct sdei_dispatcher *d, const struct pe *p,
			uint32_t number);

/* Where slot `slot` is. */
unsigned disp_place_of_slot(const struct sdei_dispatcher *d, unsigned slot);

/* deliver.c */
struct event *disp_next(struct sdei_dispatcher *d, struct pe *p,
			unsigned priority);
bool disp_enter(struct sdei_dispatcher *d, struct pe *p,
		struct sdei_context *frame, struct event *e,
		uint64_t entry_point);
void disp_collect(struct sdei_dispatcher *d, struct pe *p);
int disp_offer(struct sdei_dispatcher *d, struct pe *p, struct event *e);
int disp_raise_private(struct sdei_dispatcher *d, struct pe *p,
		       struct pe *target, unsigned index);
void disp_pass_on(struct sdei_dispatcher *d, struct pe *p);
bool disp_deliver(struct sdei_dispatcher *d, struct pe *p,
		  struct sdei_context *frame);
void disp_complete(struct sdei_dispatcher *d, struct pe *p,
		   struct sdei_context *frame, struct event *e);
void disp_complete_resume(struct sdei_dispatcher *d, struct pe *p,
			  struct sdei_context *frame, struct event *e);
void disp_abandon(struct sdei_dispatcher *d, struct pe *p);

/* calls.c: where a shared event goes: PE index, -1: any, -2: a bad request. */
int disp_routing(const struct sdei_dispatcher *d, uint64_t mode,
		 uint64_t affinity);

/* bind.c: as the calls answer. */
int64_t disp_bind(struct sdei_dispatcher *d, struct pe *p, uint32_t interrupt);
int disp_release(struct sdei_dispatcher *d, uint32_t number);
int disp_release_all(struct sdei_dispatcher *d);

/* reset.c: as the calls answer, SUCCESS or DENIED. */
int disp_private_reset(struct sdei_dispatcher *d, struct pe *p);
int disp_shared_reset(struct sdei_dispatcher *d, struct pe *p);

/*
 * pstate.c: once, what depends on the configuration alone; then each time: the
 * frame goes on at `pc` as if by an exception. Returns true.
 */
void disp_prepare_pstate(struct sdei_dispatcher *d);
bool disp_take_exception(const struct sdei_dispatcher *d, const struct pe *p,
			 struct sdei_context *frame, uint64_t pc);

/* Call after `masked` or `running` changed, before looking for events. */
static inline void update_able(struct pe *p)
{
	unsigned able = ABLE_NORMAL | ABLE_CRITICAL;

	if (p->running[SDEI_PRIORITY_NORMAL])
		able = ABLE_CRITICAL;
	if (p->masked || p->running[SDEI_PRIORITY_CRITICAL])
		able = 0;
	store(&p->able, (uint8_t)able);
}

/* Is there anything for this PE, or for any? */
static inline bool anything(const struct sdei_dispatcher *d, const struct pe *p)
{
	return load(&p->look) | load(&d->any[0].summary) |
	       load(&d->any[1].summary);
}

/*
 * Can a trigger go to its handler here and now, by disp_enter(), with nothing
 * else waiting anywhere? Then the event is not pending and never need be. Its
 * lock is held.
 */
static inline bool at_once(const struct sdei_dispatcher *d, const struct pe *p,
			   const struct event *e)
{
	return e->state == ENABLED && e->direct && e->routed_to < 0 &&
	       p->able >> priority_of(e) & 1 && !anything(d, p);
}

/* Deliver what there may be. */
static inline void deliver_any(struct sdei_dispatcher *d, struct pe *p,
			struct sdei_context *frame)
{
	look_after_writing();
	if (anything(d, p))
		disp_deliver(d, p, frame);
}

#endif
