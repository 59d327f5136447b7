/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What surrounds a few error sources: PEs, the events that are pending and the
 * handlers that run, the client's memory. There are two of these in a step, one
 * that the library's operations work on and one for the model; they were equal
 * before it and must be so behind it.
 */
#ifndef MODEL_RAS_WORLD_H
#define MODEL_RAS_WORLD_H

#include <sdei/ras.h>

#define PES     2u
#define SOURCES 3u
#define BLOCK   1024u
#define QUEUE   2048u
#define PATIENT 10u   /* ticks until an event is raised again, at first */
#define SECOND  1000u /* and at last */

enum { CORRECTED, RECOVERABLE, FATAL };
enum { GOOD, ALL_BAD, BLOCK_BAD };

/* The table; a walk says which of them have a private event. */
extern struct sdei_ras_source sources[SOURCES];

#define REGISTERS(s) (0x1000u + 0x10u * (s))
#define BLOCK_AT(s)  (0x10000u + BLOCK * (s))

/*
 * An error: of PE 0 a vendor's section, three of which fill a queue; of PE 1 a raw
 * record, which is half as large again, and whose text cannot tell of lost ones.
 */
struct error {
	uint32_t sequence;
	uint16_t lost;
	uint8_t pe;
	bool shown, held;
};

struct pe {
	bool on, masked;
	bool behind;       /* an interrupt is pending that it sent itself */
	int8_t running[2]; /* source whose handler runs: normal, critical */
};

struct world {
	uint64_t now;
	struct pe pe[PES];
	bool pending[SOURCES][PES]; /* shared: the first */
	uint8_t raised[SOURCES][PES];
	uint8_t memory[SOURCES]; /* GOOD, ... */
	uint64_t registers[SOURCES][2];
	uint8_t block[SOURCES][BLOCK];
};

/* Bytes that an error takes in a queue. */
unsigned error_bytes(const struct error *e);
/* It as a record: `room` bytes at `record`. */
void error_record(unsigned s, const struct error *e, void *record, size_t room);

bool is_private(unsigned s);
bool may_enter(const struct world *w, unsigned s, unsigned pe);
/* How many PEs run a handler of it. */
unsigned handlers(const struct world *w, unsigned s);
bool inside(const struct world *w, unsigned pe);

/* What the operations do. */
int world_raise(struct world *w, unsigned s, unsigned pe);
bool world_out(const struct world *w, unsigned s, unsigned pe);
enum sdei_ras_readiness world_readiness(const struct world *w, unsigned pe);

/* The client's memory, as ACPI has it: false if it is bad. */
bool world_acknowledged(const struct world *w, unsigned s);
bool world_emptied(const struct world *w, unsigned s);
bool world_set_pair(struct world *w, unsigned s, bool acknowledged);
bool world_empty(struct world *w, unsigned s);
bool world_show(struct world *w, unsigned s, const struct error *e);

#endif
