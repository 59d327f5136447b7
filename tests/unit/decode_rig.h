/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the decoder tells, as text, one line an item:
 *
 *   name{what      a structure begins (name[0]{what: one of several)
 *   name=1 (two)   a number and its name; 0x1 where it is hexadecimal
 *   name=0x5 a b   bits
 *   name=text, name:00ff, name=guid
 *   !name text 1 2 what is wrong
 *   }
 *
 * Whatever it tells of must lie in the bytes, and be told in its turn.
 */
#ifndef DECODE_RIG_H
#define DECODE_RIG_H

#include <sdei/cper.h>

/* The text is valid until the next call; *wrong may be NULL. */
const char *decoded(const void *bytes, size_t size, unsigned *wrong);

/* A record with one section of that kind: its body, to be filled in. */
void *start(enum sdei_section_kind kind, size_t size);
/* That record's block; its size. */
size_t block_of(uint8_t block[SDEI_RECORD_BLOCK_MAX]);
/* It is decoded as that kind with that body, and nothing is wrong. */
void body_is(const char *expected, const char *kind);

#endif
