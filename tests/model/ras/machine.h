/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The library in a world, and the model beside it. One step does one thing to both
 * and compares all that can be seen: the client's memory, which events were raised
 * where, each answer. It is one object at one address: a copy of its bytes, put
 * back later, is the same machine again.
 */
#ifndef MODEL_RAS_MACHINE_H
#define MODEL_RAS_MACHINE_H

#include "model.h"

/* What must be true of a block, whatever the model thinks: see judge.c. */
struct judge {
	bool shown;
	bool seen[PES]; /* a handler runs that began when it was shown */
	unsigned ended; /* such handlers */
	uint64_t at;
};

struct machine {
	struct model model;
	struct world world;
	struct judge judge[SOURCES];
	uint64_t poll; /* the library asked for it; UINT64_MAX: did not */
	_Alignas(16) uint8_t library[SDEI_RAS_BOUND(SOURCES, PES, QUEUE)];
};

extern struct machine machine;

enum doing {
	REPORT,
	ENTER, /* a handler of the source, on the PE */
	LEAVE, /* the innermost on the PE ends */
	ACKNOWLEDGE,
	EMPTY,
	BEHIND, /* the client sends itself an interrupt; takes it */
	POLL,   /* the time has come that the library asked for */
	LATE,   /* it comes, and nobody polls */
	MASK,   /* the PE's events, or no more */
	POWER,  /* the PE goes off, or on */
	RESET,  /* another client */
	BAD,    /* the source's memory: `pe` is GOOD, ALL_BAD, BLOCK_BAD */
	RENEW,  /* registers (pe & 1) and block (pe & 2) replaced, and filled */
	PUBLISH,
	RELOAD,
	COUNT,
	DOINGS,
};

struct action {
	uint8_t doing, source, pe;
};

/* Which events are private, a bit each. */
void machine_start(unsigned private, unsigned preallocated);
bool possible(const struct action *a);
/* False at a difference: `difference` says which. */
bool step(const struct action *a);
extern char difference[512];
bool differs(const char *format, ...) __attribute__((format(printf, 1, 2)));
void print_action(const struct action *a);
void print_machine(void);

/*
 * From here on the client does its part, or all but acknowledge: do all errors get
 * through, or at least those that are not corrected to the client?
 */
bool client_lives(bool acknowledges);

/* judge.c: the library writes; a handler begins, ends; other rules for now. */
bool judge_write(uint64_t address, const void *from, size_t bytes);
/* It takes the acknowledgement back. */
bool judge_taken_back(unsigned s);
void judge_entered(unsigned s, unsigned pe);
void judge_left(unsigned s, unsigned pe);
void judge_new_client(void);
bool judge_polls(void);
extern bool judge_sleeps; /* the block is replaced at the embedder's wish */
extern bool judge_angry;

#endif
