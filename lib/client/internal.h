/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the client's files share.
 *
 * The one thing to know: an event brings one pointer, x1, and everything its
 * handler needs hangs on it: the registration, from there the level (this CPU's
 * context and stack for events of this priority) and the event. On one CPU
 * there is at most one normal handler and one critical (4.3.2), so two levels
 * are all there is to save into. Only a shared event's registration does not
 * know its CPU: entry.S looks for it by MPIDR_EL1, which nobody below EL2 can
 * change.
 */
#ifndef CLIENT_INTERNAL_H
#define CLIENT_INTERNAL_H

#include "layout.h"

#include <sdei/client.h>

#define PRIORITIES 2

struct level;
struct event;

struct registration {
	struct level *level; /* NULL: a shared event's */
	struct event *event;
	uint64_t level_el2; /* non-VHE hosts: the same, as EL2 sees it */
};

/* Where a CPU is found by its affinity, packed as in pack_affinity(). */
struct place {
	uint64_t affinity;
	struct cpu *cpu; /* NULL: an empty place */
};

/* What stub.S keeps at EL2 while the handler runs at EL1. */
struct stub {
	uint64_t world; /* the CPU's, as EL2 sees it */
	uint64_t entry; /* where EL1 goes on */
	uint64_t offset;
	uint64_t sp; /* SP_EL2 as it was */
	uint64_t x[6], x30;
	uint64_t elr, spsr, esr, far, vbar;
	uint64_t back[2];
	uint64_t going[4];
	uint64_t live[WORLD_WORDS];
};

/* A CPU's handlers of one priority: what they interrupt and where they run. */
struct level {
	struct sdei_interrupted interrupted;
	/* The event whose handler runs, or NULL; and the one that came last. */
	struct registration *running, *arrived;
	uint64_t stack_top;
	uint64_t el2;    /* this level, as EL2 sees it */
	uint32_t hvc;    /* else SMC */
	uint32_t nested; /* events that came while one runs */
	uint64_t own_sp; /* SP_ELx as it was found */
	struct stub stub;
	uint64_t (*call)(uint64_t fid, uint64_t x1);
	const struct sdei_client *client;
	const struct sdei_client_cpu *cpu;
	uintptr_t *canary;           /* stack's lowest word: its address */
	uint64_t elr, spsr;          /* the live ones at entry */
	struct sdei_client_cpu kept; /* base registers: swap_bases() */
	uint32_t recreate;
	uint32_t mode; /* PSTATE.M[4:0] of a handler */
	uint32_t refusals;
};

struct event {
	struct registration registration; /* a shared event's */
	uint64_t scratch[4];
	const struct place *places;
	uint64_t el2_offset;
	uint32_t shift;        /* of the places' hash */
	uint32_t level_offset; /* of its level, in struct cpu */
	uint32_t number;
	uint32_t interrupt;           /* bound; else 0 */
	struct registration *private; /* a private event's, by CPU */
	sdei_handler *handler;
	void *argument;
	int route; /* index of a CPU, or -1: any */
	bool shared;
	bool enabled, registered;
	bool leaving; /* unregistered, but a handler may run */
};

struct cpu {
	struct level level[PRIORITIES];
	uint64_t world[WORLD_WORDS + 2]; /* and VBAR_EL2 */
	unsigned index;
	bool up;    /* counts for "every CPU" */
	bool slept; /* masked by cpu_suspend() */
};

enum client_state {
	UNPROBED,
	READY,
	FROZEN,
	DISABLED,
};

struct sdei_client {
	struct sdei_client_config config;
	int64_t (*call)(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
			uint64_t x4, uint64_t x5);
	uint64_t version;
	enum client_state state;
	unsigned asked; /* the last call: which, if it disabled us */
	uint32_t place_shift;
	struct place *places;
	struct cpu *cpus, *cpus_end;
	struct event *events, *events_end;
	/* Private events': cpu_count of the first, then the next's. */
	struct registration *registrations;
};

/* Aff3 and Aff2-0 in 32 bits, as entry.S packs MPIDR_EL1. */
static inline uint32_t pack_affinity(uint64_t affinity)
{
	return (uint32_t)(affinity >> 32) << 24 |
	       (uint32_t)(affinity & 0xFFFFFF);
}

/* An entry is in use while anything may still come of it. */
static inline bool client_in_use(const struct event *e)
{
	return e->registered || e->leaving || e->interrupt;
}

/* The number of the entries that are not in use. */
#define NO_EVENT UINT32_MAX

/* A call is named by the last five bits of its function identifier. */
#define CALL_OF(fid) ((fid) % 32)

/* call.c: a call's answer, if it is one that this call has; else an error. */
int64_t client_ask(struct sdei_client *c, unsigned call, uint64_t x1,
		   uint64_t x2, uint64_t x3);

/*
 * task.c. A task is the inside of a [task] function: the lock is held, the
 * client is ready (or in the state `wanted`), and `e` is the event with the
 * number, or NULL.
 */
typedef int task(struct sdei_client *c, struct event *e, uintptr_t value);
int client_task(struct sdei_client *c, uint32_t number, task *f,
		uintptr_t value);
int client_task_in(struct sdei_client *c, uint32_t number, task *f,
		   uintptr_t value, enum client_state wanted);

/*
 * A step is what is done on one CPU, by run_on(); it returns an error or not.
 * client_on() does it on one, or returns SDEI_ERROR_CPU; client_each() on all
 * that are up, or, if `e` is a shared event, once. It goes on after errors and
 * returns the first of them, SDEI_PENDING only if there is no other, or 0.
 */
typedef int step(struct sdei_client *c, struct event *e, unsigned value);
int client_on(struct sdei_client *c, struct event *e, step *f, unsigned value,
	      const struct cpu *cpu);
int client_each(struct sdei_client *c, struct event *e, step *f,
		unsigned value);
/* A step for every event in use, here; the first error ends it. */
int client_walk(struct sdei_client *c, step *f, unsigned value);

/*
 * events.c: the step that is one call, about `e` or about the PE; the second
 * alone; the first on each CPU.
 */
int client_step(struct sdei_client *c, struct event *e, unsigned call);
int client_pe(struct sdei_client *c, unsigned call);
int client_step_each(struct sdei_client *c, struct event *e, unsigned call);
/* The entry with a number, or NULL. NO_EVENT: one that is not in use. */
struct event *client_find(struct sdei_client *c, uint32_t number);
/* SDEI_DENIED if an event is registered, or a handler of it still runs. */
int client_settle(struct sdei_client *c, struct event *e);

/* restore.c: the number of a bound interrupt's event, or an error. */
int client_bind(struct sdei_client *c, uint32_t interrupt);
int client_set_route(struct sdei_client *c, struct event *e, int cpu);
/* A step for what is routed to a CPU that comes or goes: route it again. */
int client_reroute(struct sdei_client *c, struct event *e, unsigned cpu);
/* A step that registers and enables this CPU's events, the shared, or both. */
int client_restore(struct sdei_client *c, struct event *e, unsigned which);
#define PRIVATE_EVENTS 1u
#define SHARED_EVENTS  2u

/* init.c: this CPU; and its levels take what they need from the tables. */
struct cpu *client_this_cpu(const struct sdei_client *c);
int client_fill_cpu(struct sdei_client *c);

/* probe.c: the steps to a CPU that is up, and what is shared. */
int client_reset(struct sdei_client *c, struct event *e, unsigned value);
int client_prepare(struct sdei_client *c, struct event *e, unsigned value);
int client_start(struct sdei_client *c, struct event *e, uintptr_t value);

/* power.c: the task of shutdown(); `value` is the state after it. */
int client_end(struct sdei_client *c, struct event *e, uintptr_t value);
/* End the handlers that run here; how many there were. */
unsigned client_abandon_all(struct sdei_client *c);

/*
 * deliver.c, for entry.S. How to leave a handler: x0 and x1 of the call. A fid
 * of 0: not at all.
 */
struct door {
	uint64_t fid, argument;
};

struct door client_event(struct level *l, const struct registration *r);
struct door client_refused(struct level *l, int64_t answer);

/*
 * call.S: end the innermost handler on this PE, without returning to what it
 * interrupted. How many it ended: 1, or 0. `world_el2` is for a stub.
 */
unsigned client_abandon(uint64_t fid, uint32_t hvc, uint64_t world_el2);
/* sdei_smc() and sdei_hvc() for one argument. */
uint64_t client_smc(uint64_t fid, uint64_t x1);
uint64_t client_hvc(uint64_t fid, uint64_t x1);

#endif
