/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A list of files in memory, little-endian, at the platform's PLAT_GIVEN_BASE: `sdei
 * run` writes it, given_list.c reads it. The files may lie anywhere in the RAM behind
 * it.
 */
#ifndef BOOT_GIVEN_LIST_H
#define BOOT_GIVEN_LIST_H

#include <stdint.h>

#define GIVEN_MAGIC UINT64_C(0x3176696749454453) /* "SDEIgiv1" */
#define GIVEN_MAX   16

struct given_entry {
	char name[48]; /* ends with a zero */
	uint64_t address;
	uint64_t size; /* bytes, below 4 GiB */
};

struct given_list {
	uint64_t magic;
	uint64_t count; /* at most GIVEN_MAX */
	struct given_entry entry[GIVEN_MAX];
};
_Static_assert(sizeof(struct given_list) == 16 + 64 * GIVEN_MAX, "no padding");

#endif
