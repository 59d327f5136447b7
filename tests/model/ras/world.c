/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The surroundings, and what an error looks like in a status block, byte for byte
 * (ACPI 6.5, 18.3.2.7.1; UEFI 2.10, N.2.2).
 */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VENDOR_BODY 648u /* of which 16 are its GUID */
#define RAW_BODY    1000u

struct sdei_ras_source sources[SOURCES] = {
	[CORRECTED] = { .name = "corrected",
			.error_class = SDEI_RAS_PLATFORM,
			.severity = SDEI_CPER_CORRECTED,
			.notify = SDEI_RAS_NOTIFY_SDEI,
			.vector = 0x40000100,
			.registers = REGISTERS(CORRECTED),
			.block = BLOCK_AT(CORRECTED) },
	[RECOVERABLE] = { .name = "recoverable",
			  .error_class = SDEI_RAS_PLATFORM,
			  .severity = SDEI_CPER_RECOVERABLE,
			  .notify = SDEI_RAS_NOTIFY_SDEI,
			  .vector = 0x40000101,
			  .registers = REGISTERS(RECOVERABLE),
			  .block = BLOCK_AT(RECOVERABLE) },
	[FATAL] = { .name = "fatal",
		    .error_class = SDEI_RAS_PLATFORM,
		    .severity = SDEI_CPER_FATAL,
		    .notify = SDEI_RAS_NOTIFY_SDEI,
		    .vector = 0x40000104,
		    .registers = REGISTERS(FATAL),
		    .block = BLOCK_AT(FATAL) },
};

/* Never zero: a raw record's first bytes are its status word. */
static uint8_t pattern(const struct error *e)
{
	return (uint8_t)(e->sequence % 255 + 1);
}

unsigned error_bytes(const struct error *e)
{
	return 24 + 8 + (e->pe ? RAW_BODY : VENDOR_BODY);
}

void error_record(unsigned s, const struct error *e, void *record, size_t room)
{
	uint8_t bytes[RAW_BODY], *body;

	memset(bytes, pattern(e), sizeof(bytes));
	sdei_record_start(record, sources[s].severity, e->pe);
	if (e->pe) {
		if (!sdei_record_raw(record, room, bytes, RAW_BODY))
			abort();
		return;
	}
	body = sdei_record_add(record, room, SDEI_SECTION_VENDOR,
			       sources[s].severity, VENDOR_BODY, NULL, 0);
	if (!body)
		abort();
	memcpy(body, bytes, VENDOR_BODY);
}

bool is_private(unsigned s)
{
	return sources[s].is_private;
}

static unsigned priority(unsigned s)
{
	return s != CORRECTED;
}

bool inside(const struct world *w, unsigned pe)
{
	return w->pe[pe].running[0] >= 0 || w->pe[pe].running[1] >= 0;
}

bool may_enter(const struct world *w, unsigned s, unsigned pe)
{
	const struct pe *p = &w->pe[pe];

	return p->on && !p->masked && p->running[1] < 0 &&
	       (priority(s) || p->running[0] < 0) &&
	       (is_private(s) || !handlers(w, s));
}

unsigned handlers(const struct world *w, unsigned s)
{
	unsigned count = 0;

	for (unsigned pe = 0; pe < PES; pe++)
		count += w->pe[pe].running[priority(s)] == (int)s;
	return count;
}

int world_raise(struct world *w, unsigned s, unsigned pe)
{
	w->raised[s][pe]++;
	w->pending[s][is_private(s) ? pe : 0] = true;
	if (may_enter(w, s, pe))
		return (int)pe;
	for (unsigned other = 0; !is_private(s) && other < PES; other++)
		if (may_enter(w, s, other))
			return (int)other;
	return SDEI_RAS_WAITS;
}

bool world_out(const struct world *w, unsigned s, unsigned pe)
{
	if (!is_private(s))
		return w->pending[s][0] || handlers(w, s);
	return w->pending[s][pe] || w->pe[pe].running[priority(s)] == (int)s;
}

enum sdei_ras_readiness world_readiness(const struct world *w, unsigned pe)
{
	const struct pe *p = &w->pe[pe];

	return !p->on          ? SDEI_RAS_OFF
	       : p->masked     ? SDEI_RAS_ON
	       : inside(w, pe) ? SDEI_RAS_ABLE
			       : SDEI_RAS_FREE;
}

bool world_acknowledged(const struct world *w, unsigned s)
{
	return w->memory[s] != ALL_BAD && w->registers[s][1] & 1;
}

bool world_emptied(const struct world *w, unsigned s)
{
	return w->memory[s] == GOOD && !memcmp(w->block[s], "\0\0\0\0", 4);
}

bool world_set_pair(struct world *w, unsigned s, bool acknowledged)
{
	if (w->memory[s] == ALL_BAD)
		return false;
	w->registers[s][0] = BLOCK_AT(s);
	w->registers[s][1] = acknowledged;
	return true;
}

bool world_empty(struct world *w, unsigned s)
{
	if (w->memory[s] != GOOD)
		return false;
	memset(w->block[s], 0, 4);
	return true;
}

static uint8_t *number(uint8_t *to, uint64_t value, unsigned bytes)
{
	while (bytes--) {
		*to++ = (uint8_t)value;
		value >>= 8;
	}
	return to;
}

static void vendor_block(uint8_t *to, unsigned s, const struct error *e)
{
	const unsigned severity = sources[s].severity;
	const unsigned length = VENDOR_BODY - 16;
	char text[20] = "";

	snprintf(text, sizeof(text), e->lost ? "seq %u lost %u" : "seq %u",
		 e->sequence % 1000000, e->lost);
	/* One entry; bit 0: uncorrected, bit 1: corrected. */
	to = number(to, 1u << 4 | (s == CORRECTED ? 2 : 1), 4);
	to = number(to, 0, 8);
	to = number(to, 72 + length, 4);
	to = number(to, severity, 4);
	memset(to, pattern(e), 16); /* the GUID */
	to = number(to + 16, severity, 4);
	to = number(to, 0x300, 2);
	to = number(to, 2, 1); /* valid: the text of the FRU */
	to = number(to, 1, 1); /* primary */
	to = number(to, length, 4);
	memset(to, 0, 16);
	memcpy(to + 16, text, sizeof(text));
	to = number(to + 16 + sizeof(text), 0, 8);
	memset(to, pattern(e), length);
}

bool world_show(struct world *w, unsigned s, const struct error *e)
{
	if (w->memory[s] != GOOD)
		return false;
	if (e->pe)
		memset(w->block[s], pattern(e), RAW_BODY);
	else
		vendor_block(w->block[s], s, e);
	return true;
}
