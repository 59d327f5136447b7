/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzing the decoder with any bytes: what it tells lies in them, in its turn,
 * is not more than a few times as much as they are, and what it counts as wrong it
 * has told.
 */
#include <stdio.h>
#include <stdlib.h>

#include <sdei/decode.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct told {
	const uint8_t *bytes;
	size_t size, items, covered;
	unsigned depth, wrong;
};

static void must(bool sound, const char *what)
{
	if (sound)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

static void tell(void *context, const struct sdei_decoded *item)
{
	struct told *told = context;
	volatile uint8_t last;

	told->items++;
	if (item->kind == SDEI_DECODED_END) {
		must(told->depth-- > 0, "ends what has not begun");
		return;
	}
	told->depth += item->kind == SDEI_DECODED_BEGIN;
	told->wrong += item->kind == SDEI_DECODED_WRONG;
	must(told->depth <= 8, "too deep");
	must(item->name && *item->name, "no name");
	must(item->offset <= told->size &&
		     item->size <= told->size - item->offset &&
		     item->bytes == told->bytes + item->offset,
	     "it lies elsewhere");
	if (item->size) {
		last = item->bytes[item->size - 1];
		(void)last;
	}
	if (item->kind == SDEI_DECODED_TEXT || item->kind == SDEI_DECODED_BYTES)
		told->covered += item->size;
	if (item->kind == SDEI_DECODED_GUID)
		must(item->size == 16, "a GUID of other than 16 bytes");
	if (item->kind == SDEI_DECODED_TIME)
		must(item->size == 8, "a time of other than 8 bytes");
	if (item->kind == SDEI_DECODED_WRONG)
		must(item->text && *item->text, "wrong, but not what");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct told told = { .bytes = bytes, .size = size };
	unsigned wrong = sdei_cper_decode(bytes, size, tell, &told);

	must(told.depth == 0, "something does not end");
	must(told.wrong == wrong, "it counts otherwise than it tells");
	must(told.items <= 64 + 4 * size, "more items than the bytes can have");
	must(told.covered <= 2 * size, "bytes are told again and again");
	return 0;
}
