/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that outlasts a reset, which may come between any two bytes. Whoever
 * keeps something there writes it where nothing believes in it yet, and at the
 * end one word that makes it count.
 */
#ifndef RAS_KEEP_H
#define RAS_KEEP_H

#include <stddef.h>
#include <stdint.h>

/* All of these bytes are there before any of a later call's. */
void keep_write(void *to, const void *from, size_t bytes);

/* CRC-32 as in Ethernet, carried on from `crc`: 0 for the first bytes. */
uint32_t keep_crc(uint32_t crc, const void *from, size_t bytes);

#endif
