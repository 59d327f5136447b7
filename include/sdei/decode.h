/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error records in words: the decoder of libsdei-ras, for tools. It reads status
 * blocks (ACPI 6.5, 18.3.2.7.1), BERT regions, which are status blocks behind each
 * other, and records with a header of their own, as ERST keeps them (UEFI 2.10,
 * N.2.1). It tells them apart by their bytes.
 *
 * Any bytes lead to an answer. What lies is said, with its offset, and what can
 * be read is read. The work is linear in the number of bytes.
 */
#ifndef SDEI_DECODE_H
#define SDEI_DECODE_H

#include <sdei/language.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

SDEI_BEGIN_C

enum sdei_decoded_kind {
	SDEI_DECODED_BEGIN,  /* a structure; `text`: what it is, or NULL */
	SDEI_DECODED_END,    /* of the latest that began */
	SDEI_DECODED_NUMBER, /* `text`: the number's name, or NULL */
	SDEI_DECODED_SIGNED, /* `number` as int64_t */
	SDEI_DECODED_HEX,    /* a number for people who think in bits */
	SDEI_DECODED_BITS,   /* each set bit has a name: bits[] */
	SDEI_DECODED_GUID,   /* 16 bytes, three fields of them little-endian */
	SDEI_DECODED_TEXT,   /* any bytes, meant to be read */
	SDEI_DECODED_BYTES,
	SDEI_DECODED_TIME,  /* struct sdei_cper_timestamp */
	SDEI_DECODED_WRONG, /* `text`, in which each # is a number */
};

/* What the decoder tells of; valid until the callback returns. */
struct sdei_decoded {
	enum sdei_decoded_kind kind;
	bool listed; /* BEGIN: one of several in a row, the `number`th from 0 */
	const char *name; /* lower case and underscores */
	size_t offset;    /* of `size` bytes, from the first one */
	size_t size;
	const uint8_t *bytes;
	uint64_t number; /* WRONG: the first # */
	uint64_t limit;  /* WRONG: the second # */
	const char *text;
	const char *const *bits; /* NULL: one that has no name */
	unsigned bit_count;
};

typedef void sdei_decoded_tell(void *context, const struct sdei_decoded *item);

/*
 * Decode `size` bytes. Returns how many things are wrong with them, each of which
 * was told; 0 as well if all of them are zero: no record, which is none told.
 */
unsigned sdei_cper_decode(const void *bytes, size_t size,
			  sdei_decoded_tell *tell, void *context);

SDEI_END_C

#endif
