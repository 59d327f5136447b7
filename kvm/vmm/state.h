/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that is saved: a file, and how its parts are put there and got back.
 *
 * The file is little-endian 64-bit words: a header (below); the state, parts in
 * the order of parts.c; the memory, runs of (offset, bytes, content), where what
 * is left out is zero, up to a run of no bytes; the checksum of all before.
 *
 * The one thing to know: whoever gets a part does not trust it. It checks what
 * would do harm here, and leaves to KVM what KVM checks.
 */
#ifndef STATE_H
#define STATE_H

#include "vmm.h"

/* The header's words. */
enum {
	HEADER_MAGIC,
	HEADER_VERSION,
	HEADER_VCPUS,
	HEADER_MEMORY,
	HEADER_ACPI,
	HEADER_STATE,
	HEADER_WORDS
};
#define STATE_MAGIC   UINT64_C(0x4d4d562d49454453) /* "SDEI-VMM" */
#define STATE_VERSION UINT64_C(5)
#define STATE_MAX     MIB /* bytes; 8 vcpus need a tenth */

/*
 * The state in memory. After the first failure, which `why` tells, nothing is
 * put any more, and what is got is zero.
 */
struct state {
	uint8_t *bytes;
	size_t size, at; /* being put: room and bytes; got: bytes, next */
	char why[200];
};

void state_put(struct state *s, uint64_t word);
uint64_t state_get(struct state *s);
/* One that is at most `max`; `what` names it. */
uint64_t state_get_upto(struct state *s, uint64_t max, const char *what);
/* A blob and its size; a NULL if there is no room, or not that much left. */
void *state_put_blob(struct state *s, size_t size);
const void *state_get_blob(struct state *s, size_t *size);
void state_fail(struct state *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A checksum. Each step is a bijection: one wrong word is always found. */
uint64_t state_sum(uint64_t sum, const void *words, size_t bytes);

/* parts.c: all but memory. No vcpu runs. */
void parts_put(struct vmm *vmm, struct state *s);
void parts_get(struct vmm *vmm, struct state *s);

/* The parts. What is got goes to a machine that is just made. */
void vcpu_put(struct vmm *vmm, unsigned i, struct state *s);
void vcpu_get(struct vmm *vmm, unsigned i, struct state *s);
void gic_put(struct vmm *vmm, struct state *s);
void gic_get(struct vmm *vmm, struct state *s);
void devices_put(struct state *s);
void devices_get(struct state *s);
void records_put(struct state *s);
void records_get(struct vmm *vmm, struct state *s);
/*
 * Time, the same for all vcpus: it stands still while the guest is saved. Read
 * before all else, and set behind all else.
 */
struct clock {
	uint64_t virtual_count, physical_count;
};
struct clock clock_read(struct vmm *vmm, struct state *s);
void clock_set(struct vmm *vmm, struct clock clock, struct state *s);

#endif
