/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error sources for the fuzzers, with three PEs and a client that writes what it
 * likes into its memory: between any two accesses of the library, too. Nothing
 * here looks into the library; what must be true is judged by its accesses, its
 * answers and its counters.
 */
#ifndef FUZZ_RAS_H
#define FUZZ_RAS_H

#include <sdei/ras.h>

#define PES     3u
#define SOURCES 4u
#define BLOCK   1024u
#define QUEUE   2048u
/* Registers, blocks and what lies between: nobody else's. */
#define GAP    64u
#define CLIENT (SOURCES * (SDEI_RAS_PAIR_SIZE + BLOCK + 2 * GAP))
#define BASE   0x40001000u
/* Bytes that sdei_ras_save() may want. */
#define STATE_MAX (SOURCES * (QUEUE + 128u) + 64u)

struct fuzz_pe {
	bool on, masked, behind;
	int running[2]; /* source: normal, critical; or -1 */
};

struct ras_world {
	/* What bytes are left to play. */
	const uint8_t *next, *end;
	struct sdei_ras_source sources[SOURCES];
	struct sdei_ras_config config;
	struct sdei_ras *ras;
	struct fuzz_pe pe[PES];
	bool pending[SOURCES][PES]; /* shared: the first */
	uint64_t now, poll;
	bool quiet;    /* the client does nothing, and memory is good */
	unsigned fail; /* so many accesses more, then one fails */
	bool trace;
	uint64_t reports[SOURCES]; /* that must be counted */
	_Alignas(16) uint8_t client[CLIENT];
	_Alignas(16) uint8_t library[SDEI_RAS_BOUND(SOURCES, PES, QUEUE)];
};

void ras_fail(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
void ras_make(struct ras_world *w, const uint8_t *bytes, size_t size);
/* Once more, as it was made, with what surrounds it as it is. */
void ras_make_library(struct ras_world *w);
unsigned ras_take(struct ras_world *w);
void ras_step(struct ras_world *w);
/* What is true at any time. */
void ras_check(struct ras_world *w);
/* The client does its part: everything must come through. */
void ras_settle(struct ras_world *w);

#endif
