/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a dispatcher's memory holds: events, PEs, slots, and how they are found.
 * Who may touch what is in internal.h.
 */
#ifndef DISPATCHER_LAYOUT_H
#define DISPATCHER_LAYOUT_H

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

/* state.c: each step of the machine: where it leads, what the call answers. */
struct step {
	uint8_t next; /* enum state */
	int8_t answer;
};

extern const struct step disp_machine[INPUTS][STATES];

/* An event's registration: one for a shared event, one a PE for a private. */
struct event {
	uint8_t state;
	uint8_t traits;    /* of *info, for those in a hurry */
	uint8_t pending;   /* 0 or 1: is_pending() */
	bool relative;     /* entry_point is relative to VBAR (5.1.2) */
	uint16_t index;    /* among the events of its type */
	int16_t routed_to; /* shared, RM_PE: PE index; else -1 */
	uint64_t entry_point;
	uint64_t argument;
	const struct sdei_event_info *info;
};

/* What only a shared event has: of_shared(). */
struct shared_event {
	struct event event;
	uint32_t affinity;  /* RM_PE: pack_affinity() */
	int16_t running_on; /* PE index, the last one's; -1: never ran */
	uint8_t lock;
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
 * A place: where an event is. Of a private one: how many bytes behind each PE's
 * struct sdei_pe; of a shared one: this, and how many behind the first shared one.
 */
#define PLACE_SHARED (1u << 31)
#define PLACE_OF_SHARED(index) \
	(PLACE_SHARED | (index) * (unsigned)sizeof(struct shared_event))
#define PLACE_OF_PRIVATE(index) \
	((unsigned)(sizeof(struct sdei_pe) + (index) * sizeof(struct event)))

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
	struct event *event; /* NULL: none runs */
	struct sdei_kept kept;
};

/* A PE's sets of events. */
enum {
	INBOX,                       /* private, from other PEs */
	READY,                       /* private; for each priority */
	ROUTED = READY + PRIORITIES, /* shared, RM_PE to here; so, too */
	SETS = ROUTED + PRIORITIES
};

/* Lines of this size that two PEs write would be carried to and fro. */
#define LINE 64

/*
 * A PE. Its private events follow in memory, events of slots last, and then the
 * words of its sets: what is one PE's shares no line with what is another's.
 */
struct sdei_pe {
	struct sdei_dispatcher *d;
	/*
	 * 0 is written by this PE alone, before it looks; 1 by whoever has added
	 * to one of the sets below, or has put this PE into `hidden`, after that.
	 * So once both are done it does not stay 0 while something is there, or
	 * while this PE could take what d->able does not say that it can.
	 */
	uint64_t look;
	uint64_t affinity; /* as the client names this PE, once it has */
	unsigned index;
	bool masked;
	int8_t inner;  /* the innermost handler's priority, or NO_PRIORITY */
	int8_t held;   /* `inner` when it was held: sdei_hold(); or NOT_HELD */
	int8_t closed; /* takes nothing while `inner` is not above it */
	int8_t floor;  /* takes only events of a higher priority now */
	uint8_t ready_lock; /* of ROUTED */
	uint64_t hidden; /* priorities of which it is not in d->able, as bits */
	struct handler handler[PRIORITIES];
	struct set set[SETS];
};

#define NOT_HELD      (NO_PRIORITY - 1)
#define NAMED_BY_NONE UINT64_MAX /* no affinity, but a client may say it */

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
	unsigned pe_size;
	size_t pe_stride; /* bytes from one PE to the next */
	char *pes;
	struct shared_event *shared;
	struct slot *slots; /* private first */

	/*
	 * What follows is written while the dispatcher works: each by others, so
	 * each has lines of its own.
	 */
	char apart_1[LINE];
	uint8_t bind_lock;
	char apart_2[LINE];
	uint8_t ready_lock;         /* of `any` */
	struct set any[PRIORITIES]; /* shared, RM_ANY */
	char apart_3[LINE];
	uint8_t able_lock;
	struct set able[PRIORITIES]; /* PEs: pending.c */
	char apart_4[LINE];
};

#endif
