/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error records for the guest's GHES driver: a status block for each source,
 * which holds one record until the guest acknowledges it (GHESv2; ACPI 6.5,
 * 18.3.2.8), and a bounded queue for what comes meanwhile.
 *
 * The blocks are guest memory: they are written, and of all that is in them
 * only the acknowledgement's bit 0 is believed.
 */
#include "state.h"

#include <stdio.h>
#include <string.h>

#define QUEUE_LENGTH	32
#define PACKED		__attribute__((packed))

/* A status block with one memory error (ACPI 6.5, 18.3.2.7.1; UEFI 2.10, N.2). */
struct PACKED record {
	uint32_t block_status;
	uint32_t raw_data_offset, raw_data_length;
	uint32_t data_length;
	uint32_t severity;
	struct PACKED {
		uint8_t section[16];
		uint32_t severity;
		uint16_t revision;
		uint8_t valid, flags;
		uint32_t data_length;
		uint8_t fru_id[16];
		char fru_text[20];
		uint64_t timestamp;
	} entry;
	struct PACKED {
		uint64_t valid;
		uint64_t status;
		uint64_t address, mask;
		uint8_t location[40];
		uint8_t type;
		uint8_t extended[7];
	} memory;
};
_Static_assert(sizeof(struct record) == 20 + 72 + 80, "ACPI, UEFI");

#define ENTRIES(n)		((n) << 4)
#define STATUS_UNCORRECTED	1
#define STATUS_CORRECTED	2
#define ENTRY_REVISION		0x300
#define ENTRY_HAS_TEXT		2
#define MEMORY_HAS_ADDRESS	(1u << 1)
#define MEMORY_HAS_MASK		(1u << 2)
#define MEMORY_HAS_TYPE		(1u << 14)
#define MEMORY_SINGLE_BIT	2
#define MEMORY_MULTI_BIT	3
#define PAGE_MASK		(~UINT64_C(0xfff))

struct error {
	uint64_t address;
	uint32_t sequence;
	enum severity severity;
};

struct source {
	struct error queue[QUEUE_LENGTH];
	unsigned first;
	struct source_counts counts;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct source sources[SOURCES];
static uint32_t last_sequence;

uint64_t source_register(unsigned source)
{
	return RAS_BASE + 16 * source;
}

uint64_t source_ack(unsigned source)
{
	return RAS_BASE + 16 * source + 8;
}

uint64_t source_block(unsigned source)
{
	return RAS_BASE + SOURCE_BLOCK_SIZE * (1 + source);
}

/* The text tells records apart: Linux drops one that repeats another. */
static struct record make(const struct error *e)
{
	static const uint8_t memory_section[] = {
		0x14, 0x11, 0xbc, 0xa5, 0x64, 0x6f, 0xde, 0x4e,
		0xb8, 0x63, 0x3e, 0x83, 0xed, 0x7c, 0x83, 0xb1,
	};
	bool corrected = e->severity == SEVERITY_CORRECTED;
	struct record r = {
		.data_length = sizeof(r.entry) + sizeof(r.memory),
		.severity = e->severity,
		.entry.revision = ENTRY_REVISION,
		.entry.valid = ENTRY_HAS_TEXT,
		.entry.data_length = sizeof(r.memory),
		.memory.valid = MEMORY_HAS_ADDRESS | MEMORY_HAS_MASK |
				MEMORY_HAS_TYPE,
		.memory.address = e->address,
		.memory.mask = PAGE_MASK,
		.memory.type = corrected ? MEMORY_SINGLE_BIT
					 : MEMORY_MULTI_BIT,
	};

	memcpy(r.entry.section, memory_section, sizeof(memory_section));
	r.entry.severity = r.severity;
	snprintf(r.entry.fru_text, sizeof(r.entry.fru_text), "seq %u",
		 e->sequence);
	r.block_status = ENTRIES(1) |
			 (corrected ? STATUS_CORRECTED : STATUS_UNCORRECTED);
	return r;
}

/* The block's first word says whether there is a record: it goes last. */
static void publish_next(struct vmm *vmm, unsigned source)
{
	struct source *s = &sources[source];
	struct record r = make(&s->queue[s->first]);
	struct record *block = vmm_memory(vmm, source_block(source), sizeof(r));
	uint64_t *ack = vmm_memory(vmm, source_ack(source), sizeof(*ack));

	s->first = (s->first + 1) % QUEUE_LENGTH;
	s->counts.queued--;
	__atomic_store_n(ack, 0, __ATOMIC_RELAXED);
	memcpy((uint8_t *)block + sizeof(uint32_t),
	       (uint8_t *)&r + sizeof(uint32_t), sizeof(r) - sizeof(uint32_t));
	__atomic_store_n((uint32_t *)(void *)block, r.block_status,
			 __ATOMIC_RELEASE);
	s->counts.busy = true;
	s->counts.published++;
	sdei_kvm_raise(vmm->sdei, vmm_events[source].number, 0);
}

static void look(struct vmm *vmm, unsigned source)
{
	struct source *s = &sources[source];
	uint64_t *ack = vmm_memory(vmm, source_ack(source), sizeof(*ack));

	if (s->counts.busy && __atomic_load_n(ack, __ATOMIC_ACQUIRE) & 1) {
		s->counts.busy = false;
		s->counts.acknowledged++;
	}
	if (!s->counts.busy && s->counts.queued)
		publish_next(vmm, source);
}

void records_start(struct vmm *vmm)
{
	memset(sources, 0, sizeof(sources));
	memset(vmm_memory(vmm, RAS_BASE, RAS_SIZE), 0, RAS_SIZE);
	for (unsigned i = 0; i < SOURCES; i++) {
		uint64_t *pointer = vmm_memory(vmm, source_register(i), 8);

		*pointer = source_block(i);
		pointer[1] = 1;
	}
}

const char *records_inject(struct vmm *vmm, enum severity severity,
			   uint64_t address, uint32_t *sequence)
{
	unsigned source = source_of(severity);
	struct source *s = &sources[source];
	const char *disposition = "dropped";

	pthread_mutex_lock(&lock);
	*sequence = ++last_sequence;
	s->counts.injected++;
	look(vmm, source);
	if (s->counts.queued < QUEUE_LENGTH) {
		unsigned last = (s->first + s->counts.queued++) % QUEUE_LENGTH;

		s->queue[last] = (struct error){ address, *sequence, severity };
		look(vmm, source);
		disposition = s->counts.queued ? "queued" : "delivered";
	} else {
		s->counts.dropped++;
	}
	pthread_mutex_unlock(&lock);
	return disposition;
}

void records_completed(struct vmm *vmm, unsigned source)
{
	pthread_mutex_lock(&lock);
	look(vmm, source);
	pthread_mutex_unlock(&lock);
}

struct source_counts records_count(struct vmm *vmm, unsigned source)
{
	struct source_counts counts;

	pthread_mutex_lock(&lock);
	look(vmm, source);
	counts = sources[source].counts;
	pthread_mutex_unlock(&lock);
	return counts;
}

void records_put(struct state *s)
{
	state_put(s, last_sequence);
	for (unsigned i = 0; i < SOURCES; i++) {
		const struct source *from = &sources[i];
		const struct source_counts *c = &from->counts;

		state_put(s, c->injected);
		state_put(s, c->published);
		state_put(s, c->acknowledged);
		state_put(s, c->dropped);
		state_put(s, c->busy);
		state_put(s, c->queued);
		for (unsigned n = 0; n < c->queued; n++) {
			unsigned at = (from->first + n) % QUEUE_LENGTH;

			state_put(s, from->queue[at].address);
			state_put(s, from->queue[at].sequence);
			state_put(s, from->queue[at].severity);
		}
	}
}

void records_get(struct vmm *vmm, struct state *s)
{
	last_sequence = (uint32_t)state_get(s);
	for (unsigned i = 0; i < SOURCES; i++) {
		struct source *to = &sources[i];
		struct source_counts *c = &to->counts;

		c->injected = state_get(s);
		c->published = state_get(s);
		c->acknowledged = state_get(s);
		c->dropped = state_get(s);
		c->busy = state_get_upto(s, 1, "a busy error source");
		c->queued = (unsigned)state_get_upto(s, QUEUE_LENGTH,
						     "an error queue's length");
		to->first = 0;
		for (unsigned n = 0; n < c->queued; n++) {
			to->queue[n].address = state_get(s);
			to->queue[n].sequence = (uint32_t)state_get(s);
			to->queue[n].severity = (enum severity)state_get_upto(
				s, SEVERITY_CORRECTED, "an error's severity");
			if (source_of(to->queue[n].severity) != i)
				state_fail(s, "a queued error has another's severity");
			if (!vmm_memory(vmm, to->queue[n].address, 1))
				state_fail(s, "a queued error is not in its memory");
		}
	}
}
