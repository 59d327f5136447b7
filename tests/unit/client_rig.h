/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client and a real dispatcher in one process, with a conduit between them
 * that lies when it is told to. What entry.S does is played in C, so an event that
 * is delivered in the middle of a call runs its handler there.
 *
 * The test is one PE at a time; run_on() makes it another for a while.
 */
#ifndef UNIT_CLIENT_RIG_H
#define UNIT_CLIENT_RIG_H

#include "fake.h"
#include "../../lib/client/internal.h"
#include "client/arch.h"

#define STACK_SIZE  1024u
#define EVENT_SLOTS 6u
#define IN_HANDLER  0xfff0u /* PC of a PE while its handler runs */
#define ABANDONED   0xffe0u /* where client_abandon() resumes */
#define EL2H_OPEN   0x9u
#define EL2H_MASKED 0x89u

/* The `at`th call from now, or all from then on, is answered with `answer`. */
struct lie {
	uint64_t fid; /* counts only these; 0: all */
	int pe;       /* on this PE; -1: on any */
	unsigned at;
	bool for_ever;
	bool served; /* the dispatcher did it nevertheless */
	bool armed;
	int64_t answer;
};

struct rig {
	struct machine *m;
	struct sdei_client *c;
	struct sdei_client_config config;
	struct sdei_client_ops ops;
	struct sdei_client_cpu cpus[PES];
	bool online[PES];
	unsigned pe;
	struct lie lie;
	unsigned calls;          /* so far */
	uint64_t last_door[PES]; /* fid and argument of the last way out */
	uint64_t last_argument[PES];
	unsigned locked;
	unsigned troubles[5]; /* by enum sdei_trouble */
	uint32_t trouble_event;
	int64_t trouble_detail;
	uint64_t trouble_tpidr_el1; /* what it saw there */
	bool stopped[PES];          /* waits for ever */
	unsigned handled[PES];
	struct sdei_interrupted seen; /* by the last handler */
	int handler_result;
	void (*in_handler)(struct rig *r);
	void (*before_call)(struct rig *r, uint64_t fid);
	_Alignas(16) unsigned char stacks[PES][2][STACK_SIZE];
	_Alignas(16) unsigned char memory[32768];
};

extern struct rig *rig;

/* cmocka set-up: a client that is not probed yet; tear-down for both. */
int start_rig(void **state);
/* The same, probed. */
int start_probed(void **state);
int stop_rig(void **state);

/* The handler of all tests; its argument is the rig. */
int rig_handler(const struct sdei_interrupted *interrupted, void *argument);

/* As if by the conduit, past the lies. */
int64_t rig_call(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		 uint64_t x4, uint64_t x5);
/* Deliver to this PE what it can take, and run its handlers. */
void run_here(void);
/* EVENT_STATUS on a PE, past the client. */
int status_on(unsigned pe, uint32_t event);
/* Raise an event on a PE and run all that comes of it. */
void raise_on(unsigned pe, uint32_t event);
void lie_about(uint64_t fid, int pe, int64_t answer);

#endif
