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

/* Stay in the state: 010 does not exist, so it can say that. */
#define SAME SDEI_STATUS_ENABLED

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
	bool pending;
	bool relative;		/* entry_point is relative to VBAR (5.1.2) */
};

#define SHARED		(1u << 0)
#define CRITICAL	(1u << 1)
#define SIGNALABLE	(1u << 2)
#define INTERRUPT	(1u << 3)	/* may have one: a slot, or the table's */
#define WATCHED		(1u << 4)

/* Aff3 and Aff2-0 (5.1.2) fit in 32 bits. */
static inline uint32_t pack_affinity(uint64_t affinity)
{
	return (uint32_t)(affinity >> 32) << 24 | (uint32_t)(affinity & 0xFFFFFF);
}

static inline uint64_t unpack_affinity(uint32_t packed)
{
	return (uint64_t)(packed >> 24) << 32 | (packed & 0xFFFFFF);
}

/* A place: the index of a private event, or this and that of a shared one. */
#define PLACE_SHARED 0x8000u

/*
 * Where the event with a number is. Event 0 always exists and is entry 0, which
 * its number leads to, and no other entry: so an empty one can have number 0,
 * and the first try needs no test for it.
 */
struct hash_entry {
	uint32_t number;	/* 0: empty, but for entry 0 */
	uint16_t place;		/* see PLACE_SHARED */
	uint16_t info;		/* index in the embedder's table */
};

/* Priorities double as indices of what exists once for each. */
#define PRIORITIES 2

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
	 * Set by who adds to one of the sets above, after it has; cleared by
	 * this PE before it looks. While it is clear they are all empty.
	 */
	bool look;
};

struct sdei_dispatcher {
	struct sdei_config config;
	uint32_t hash_factor;
	uint32_t hash_shift;
	uint32_t hash_mask;
	uint32_t client_mode;	/* PSTATE.M[4:2] of a client */
	struct hash_entry *hash;
	uint64_t inherited;	/* of the interrupted PSTATE: pstate.c */
	uint64_t fixed;
	uint16_t *interrupts;	/* INTID -> place + 1, 0 for none */
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
	return e->info->number >= SDEI_EVENT_BOUND;
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

/* Others may look at a state while its owner changes it: sdei_query(). */
static inline enum state state_of(const struct event *e)
{
	return (enum state)load(&e->state);
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

/* deliver.c: keep an event where the PEs that can run it look. */
void disp_place_private(struct pe *p, struct event *e);
void disp_place_shared(struct sdei_dispatcher *d, struct event *e);

/*
 * An event is in a ready set exactly while it is pending and its handler
 * enabled and not running.
 */
static inline void place(struct sdei_dispatcher *d, struct pe *p,
			 struct event *e)
{
	if (is_shared(e))
		disp_place_shared(d, e);
	else
		disp_place_private(p, e);
}

static inline void set_pending(struct sdei_dispatcher *d, struct pe *p,
			       struct event *e, bool pending)
{
	store(&e->pending, pending);
	place(d, p, e);
}

/* state.c: what a step means for an event that was pending. */
void disp_step_pending(struct sdei_dispatcher *d, struct pe *p,
		       struct event *e, enum input input);

/*
 * One step of the state machine; the event's lock is held. Returns the call's
 * answer.
 */
static inline int step(struct sdei_dispatcher *d, struct pe *p,
		       struct event *e, enum input input)
{
	const struct transition *t = &disp_machine[input][e->state];

	if (t->next != SAME) {
		/* RELEASE, on another PE, acts on what it sees here. */
		__atomic_store_n(&e->state, t->next, __ATOMIC_RELEASE);
		if (load(&e->pending))
			disp_step_pending(d, p, e, input);
	}
	return t->result;
}

/* The registration at a place, as this PE sees it. */
static inline struct event *event_at(const struct sdei_dispatcher *d,
				     const struct pe *p, unsigned place)
{
	if (place & PLACE_SHARED)
		return &d->shared[place & ~PLACE_SHARED];
	return &p->events[place];
}

#define HASH(d, number) (((number) * (d)->hash_factor) >> (d)->hash_shift)

/* events.c: the table's event with this number, or NULL; a slot's, too. */
const struct hash_entry *disp_find_entry(const struct sdei_dispatcher *d,
					 uint32_t number);
struct event *disp_find(const struct sdei_dispatcher *d, const struct pe *p,
			uint32_t number);

/*
 * The event with this number as this PE sees it, if it is where it is looked
 * for first. NULL says nothing: disp_find() knows.
 */
static inline struct event *find_first(const struct sdei_dispatcher *d,
				       const struct pe *p, uint32_t number)
{
	const struct hash_entry *entry = &d->hash[HASH(d, number)];

	if (entry->number != number)
		return NULL;
	return event_at(d, p, entry->place);
}

/* Where slot `slot` is: PLACE_SHARED | index, or the index of a private one. */
unsigned disp_place_of_slot(const struct sdei_dispatcher *d, unsigned slot);

/* deliver.c */
void disp_update_able(struct pe *p);
bool disp_take_at_once(struct sdei_dispatcher *d, struct pe *p,
		       struct event *e, struct sdei_context *frame);
void disp_collect(struct sdei_dispatcher *d, struct pe *p);
int disp_offer(struct sdei_dispatcher *d, struct pe *p, struct event *e);
int disp_raise_private(struct sdei_dispatcher *d, struct pe *p,
		       struct pe *target, unsigned index);
void disp_pass_on(struct sdei_dispatcher *d, struct pe *p);
void disp_deliver(struct sdei_dispatcher *d, struct pe *p,
		  struct sdei_context *frame);
void disp_complete(struct sdei_dispatcher *d, struct pe *p,
		   struct sdei_context *frame, bool resume);
void disp_abandon(struct sdei_dispatcher *d, struct pe *p);

/* bind.c: as the calls answer. */
int64_t disp_bind(struct sdei_dispatcher *d, struct pe *p, uint32_t interrupt);
int disp_release(struct sdei_dispatcher *d, uint32_t number);
int disp_release_all(struct sdei_dispatcher *d);

/* reset.c: as the calls answer, SUCCESS or DENIED. */
int disp_private_reset(struct sdei_dispatcher *d, struct pe *p);
int disp_shared_reset(struct sdei_dispatcher *d, struct pe *p);

/* pstate.c: once, what depends on the configuration alone; then each time. */
void disp_prepare_pstate(struct sdei_dispatcher *d);
uint64_t disp_entry_pstate(const struct sdei_dispatcher *d, const struct pe *p,
			   uint64_t interrupted);

#endif
