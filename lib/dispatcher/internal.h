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
	STATE_BITS = 3,
	STATES = 1 << STATE_BITS
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

/* state.c: each step, which is the next state and above it the call's answer. */
extern const int8_t disp_machine[INPUTS][STATES];

static inline enum state next_of(int64_t step)
{
	return (enum state)(step & (STATES - 1));
}

static inline int64_t result_of(int64_t step)
{
	return step >> STATE_BITS;
}

/* An event's registration: one for a shared event, one a PE for a private. */
struct event {
	uint8_t state;
	uint8_t lock;    /* shared */
	uint8_t traits;  /* of *info, for those in a hurry */
	uint8_t pending; /* 0 or 1: is_pending() */
	bool relative;   /* entry_point is relative to VBAR (5.1.2) */
	bool direct;     /* neither that nor watched nor routed */
	uint16_t index;  /* among the events of its type */
	uint64_t entry_point;
	uint64_t argument;
	const struct sdei_event_info *info;
	uint32_t affinity;  /* shared, RM_PE: pack_affinity() */
	int16_t routed_to;  /* shared, RM_PE: PE index; else -1 */
	int16_t running_on; /* shared: PE index, the last one's; else -1 */
};

/* Traits: first what EVENT_GET_INFO tells, each bit its answer. */
#define SHARED         (1u << SDEI_INFO_TYPE)
#define NOT_SIGNALABLE (1u << SDEI_INFO_SIGNALED)
#define CRITICAL       (1u << SDEI_INFO_PRIORITY)
#define SLOT           (1u << 3)
#define INTERRUPT      (1u << 4) /* the table gives it one */
#define WATCHED        (1u << 5)

/* Aff3 and Aff2-0 (5.1.2) fit in 32 bits. */
static inline uint32_t pack_affinity(uint64_t affinity)
{
	return (uint32_t)(affinity >> 32) << 24 |
	       (uint32_t)(affinity & 0xFFFFFF);
}

static inline uint64_t unpack_affinity(uint32_t packed)
{
	return (uint64_t)(packed >> 24) << 32 | (packed & 0xFFFFFF);
}

/*
 * A place: how many bytes behind the first private event one is, or this and how
 * many behind the first shared one.
 */
#define PLACE_SHARED    (1u << 31)
#define PLACE_OF(index) ((index) * (unsigned)sizeof(struct event))

/*
 * Where the event with a number is: place and number, in one word that is loaded
 * at once. Event 0 always exists and is entry 0, which its number leads to, and
 * no other entry: so an empty one can have number 0, and the first try needs no
 * test for it.
 */
#define HASH_ENTRY(place, number) ((uint64_t)(place) << 32 | (number))
#define HASH_NUMBER(entry)        ((uint32_t)(entry))
#define HASH_PLACE(entry)         ((uint32_t)((entry) >> 32))

/* Priorities double as indices of what exists once for each. */
#define PRIORITIES 2

#define NO_PRIORITY (-1)

/* A handler that runs on a PE. */
struct handler {
	struct sdei_context interrupted;
	struct event *event; /* NULL: none runs */
};

/* A PE's sets of events. */
enum {
	INBOX,                       /* private, from other PEs */
	READY,                       /* private; for each priority */
	ROUTED = READY + PRIORITIES, /* shared, RM_PE to here; so, too */
	SETS = ROUTED + PRIORITIES
};

struct pe {
	struct handler handler[PRIORITIES];
	struct sdei_dispatcher *d;
	struct event *events; /* the private ones, then slots */
	struct set set[SETS];
	unsigned index;
	bool masked;
	int8_t inner;       /* the innermost handler's, or NO_PRIORITY */
	int8_t floor;       /* takes only events of a higher one now */
	uint8_t ready_lock; /* of ROUTED */
	/*
	 * 1 by who adds to one of the sets above, after it has, and by this PE
	 * when it adds to one of any PE's; 0 by this PE before it looks. While
	 * it is 0 the sets above are all empty.
	 */
	uint64_t look;
};

/* An event for an interrupt that the client binds; free while it is 0. */
struct slot {
	struct sdei_event_info info;
	unsigned place;
};

struct sdei_dispatcher {
	struct sdei_config config;
	uint32_t hash_factor;
	uint32_t hash_size;   /* entries */
	uint32_t client_mode; /* PSTATE.M[4:2] of a client */
	uint32_t fid_first;   /* SDEI_FID_FIRST */
	uint64_t *hash;       /* HASH_ENTRY() */
	/* pstate.c: bits of a handler's PSTATE, by where they come from. */
	uint64_t inherited;              /* the interrupted PSTATE */
	uint64_t fixed;                  /* set */
	uint64_t dssbs, span, spintmask; /* these bits of SCTLR_ELC */
	uint32_t *interrupts;            /* INTID -> place + 1, 0 for none */
	unsigned privates, shareds;      /* events, with slots */
	unsigned slot_count;
	struct event *shared;
	struct set any[PRIORITIES]; /* shared, RM_ANY */
	struct pe *pes;
	struct slot *slots; /* private first */
	uint8_t bind_lock;
	uint8_t ready_lock; /* of `any` */
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
static inline bool is_able(const struct pe *p, unsigned priority)
{
	return (int)priority > load(&p->floor);
}

/* Call after `masked` or `inner` changed, before looking for events. */
static inline void update_floor(struct pe *p)
{
	store(&p->floor, p->masked ? (int8_t)SDEI_PRIORITY_CRITICAL : p->inner);
}

/* The same where it is known which of them it will be. */
static inline void mask(struct pe *p)
{
	store(&p->masked, true);
	store(&p->floor, (int8_t)SDEI_PRIORITY_CRITICAL);
}

static inline void unmask(struct pe *p)
{
	store(&p->masked, false);
	store(&p->floor, p->inner);
}

/* What is seldom gone through is built for size and stays out of the way. */
#define SELDOM __attribute__((noinline, cold))

/* pending.c: the locks for those in no hurry. */
void disp_acquire(uint8_t *lock);
void disp_lock(struct event *e);
void disp_unlock(struct event *e);

/*
 * pending.c: an event is in a ready set, where those PEs look that can run it,
 * exactly while it is pending and its handler enabled and not running.
 */
void disp_place(struct pe *p, struct event *e);
void disp_set_pending(struct pe *p, struct event *e, bool pending);
void disp_collect(struct pe *p);
/* Is it pending for this PE, as the event says or a note that it did not see yet? */
bool disp_waits(const struct pe *p, const struct event *e);
struct event *disp_next(struct pe *p, unsigned priority);
int disp_offer(struct pe *p, struct event *e);
void disp_pass_on(struct pe *p);

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
	const int64_t step = disp_machine[input][e->state];

	set_state(e, next_of(step));
	return result_of(step);
}

/* The same where it is known to succeed: the answer is 0, there is no more. */
static inline void step_from(struct event *e, enum state from, enum input input)
{
	set_state(e, (enum state)disp_machine[input][from]);
}

/* state.c: any step; the event's lock is held. */
int64_t disp_step(struct pe *p, struct event *e, enum input input);
/* The same, and takes the lock. */
int64_t disp_step_locked(struct pe *p, struct event *e, enum input input);

/* ENABLE, DISABLE, UNREGISTER: a step that may make an event ready or unready. */
void disp_change(struct event *e, struct pe *p, struct sdei_context *frame,
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

/* Where a number is looked for first: the factor spreads, the size scales. */
static inline uint32_t hash(const struct sdei_dispatcher *d, uint32_t number)
{
	return (uint64_t)(number * d->hash_factor) * d->hash_size >> 32;
}

/* events.c: event_at() for those in no hurry. */
struct event *disp_at(const struct pe *p, unsigned place);
/* The event that an interrupt triggers, as PE `p` sees it, or NULL. */
struct event *disp_triggered(const struct pe *p, uint32_t interrupt);
/* Where the table's event with this number is in the hash, or would be. */
uint64_t *disp_entry(const struct sdei_dispatcher *d, uint32_t number);
/* The event with this number, of the table or bound, or NULL. */
struct event *disp_find(const struct pe *p, uint32_t number);

/* deliver.c */
bool disp_enter(struct event *e, struct pe *p, struct sdei_context *frame,
		uint64_t entry_point);
bool disp_deliver(struct pe *p, struct sdei_context *frame);
/* deliver_any() for those in no hurry. */
void disp_deliver_any(struct pe *p, struct sdei_context *frame);
void disp_complete(struct event *e, struct pe *p, struct sdei_context *frame);
void disp_complete_resume(struct event *e, struct pe *p,
			  struct sdei_context *frame);
void disp_abandon(struct pe *p);

/* register.c: EVENT_REGISTER, EVENT_ROUTING_SET, EVENT_GET_INFO of the routing. */
void disp_register(struct event *e, struct pe *p, struct sdei_context *frame);
void disp_routing_set(struct event *e, struct pe *p,
		      struct sdei_context *frame);
void disp_routing_get(struct event *e, struct sdei_context *frame);

/*
 * The PE that a client names, or -1. It may do so as it reads MPIDR_EL1, whose bits
 * 31 to 24 are no affinity (5.1.2, 5.1.11, 5.1.16; docs/choices.md).
 */
static inline int pe_with(const struct pe *p, uint64_t affinity)
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
void disp_bind(struct event *e, struct pe *p, struct sdei_context *frame);
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
int64_t disp_reset(struct pe *p, bool shared);

/*
 * pstate.c: once, what depends on the configuration alone; then each time: the
 * frame goes on at `pc` as if by an exception. Returns true.
 */
void disp_prepare_pstate(struct sdei_dispatcher *d);
bool disp_take_exception(uint64_t pc, const struct pe *p,
			 struct sdei_context *frame);

/* A register of the client's on this PE. */
uint64_t disp_read(const struct pe *p, enum sdei_client_register reg);

/* Is there a shared event that any PE may take? */
static inline bool anything_shared(const struct sdei_dispatcher *d)
{
	return load(&d->any[0].summary) | load(&d->any[1].summary);
}

/* Is there anything for this PE, or for any? */
static inline bool anything(const struct pe *p)
{
	return load(&p->look) | load(&p->d->any[0].summary) |
	       load(&p->d->any[1].summary);
}

/*
 * Can a trigger go to its handler here and now, by disp_enter(), with nothing
 * else waiting anywhere? Then the event is not pending and never need be. Its
 * lock is held.
 */
static inline bool at_once(const struct pe *p, const struct event *e)
{
	return e->state == ENABLED && e->direct && is_able(p, priority_of(e)) &&
	       !anything(p);
}

/* Deliver what there may be. */
static inline void deliver_any(struct pe *p, struct sdei_context *frame)
{
	look_after_writing();
	if (anything(p))
		disp_deliver(p, frame);
}

#endif
