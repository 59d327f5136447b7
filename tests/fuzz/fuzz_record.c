/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzing a record that somebody else made: if it is sound, its block has as many
 * bytes as promised, in pieces in their order, and its sections are what
 * sdei_record_add() would have made of them; if not, it is said why.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sdei/cper.h>
#include <sdei/decode.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct block {
	uint8_t bytes[SDEI_RECORD_BLOCK_MAX];
	size_t size;
	unsigned pieces;
};

static void must(bool sound, const char *what)
{
	if (sound)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

static bool put(void *context, size_t offset, const void *from, size_t bytes)
{
	struct block *block = context;

	must(offset == block->size, "a piece is missing");
	must(bytes <= sizeof(block->bytes) - offset, "longer than any block");
	memcpy(block->bytes + offset, from, bytes);
	block->size += bytes;
	block->pieces++;
	return true;
}

/* Made again from its parts, it is the same. */
static void again(const struct sdei_record *record)
{
	static _Alignas(8) uint8_t memory[SDEI_RECORD_MAX];
	struct sdei_record *copy = (struct sdei_record *)memory;
	const struct sdei_section *s = NULL, *to = NULL;
	unsigned count = 0;

	sdei_record_start(copy, record->severity, record->pe);
	while ((s = sdei_record_next(record, s))) {
		void *body = sdei_record_add(copy, sizeof(memory), s->kind,
					     s->severity, s->size,
					     sdei_section_fru(s), s->fru);

		must(body, "what is sound cannot be made");
		memcpy(body, sdei_section_body(s), s->size);
		to = sdei_record_next(copy, to);
		((struct sdei_section *)to)->flags = s->flags;
		count++;
	}
	must(count == record->sections, "it has other sections than it says");
	copy->sequence = record->sequence;
	copy->time = record->time;
	copy->lost = record->lost;
	copy->state = record->state;
	must(copy->size == record->size && !memcmp(copy, record, copy->size),
	     "made again it is another");
}

struct seen {
	unsigned sections, records;
};

static void tell(void *context, const struct sdei_decoded *item)
{
	struct seen *seen = context;

	if (item->kind != SDEI_DECODED_BEGIN)
		return;
	seen->sections += !strcmp(item->name, "section");
	seen->records += !strcmp(item->name, "record") && item->listed;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct sdei_record *record = aligned_alloc(8, (size + 8) & ~(size_t)7);
	struct block block = { .size = 4 };
	struct seen seen = { 0 };
	const char *wrong;
	uint32_t word;

	if (!record)
		abort();
	memcpy(record, bytes, size);
	wrong = sdei_record_wrong(record, size);
	if (wrong) {
		must(*wrong, "wrong, but not why");
		free(record);
		return 0;
	}
	word = sdei_record_word(record);
	memcpy(block.bytes, &word, sizeof(word));
	must(sdei_record_write(record, put, &block), "it was not written");
	must(block.size == sdei_record_bytes(record), "of another size");
	if (record->sections) {
		must(word, "a status word of 0");
		must(block.pieces == 2u * record->sections, "in other pieces");
		sdei_cper_decode(block.bytes, block.size, tell, &seen);
		must(seen.records == 1 && seen.sections == record->sections,
		     "decoded it is another");
		again(record);
	} else {
		must(!sdei_record_next(record, NULL), "raw, with a section");
		must(!sdei_record_tells(record), "raw, and tells");
	}
	free(record);
	return 0;
}
