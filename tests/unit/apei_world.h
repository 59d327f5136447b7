/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client's memory for the tests of EINJ, ERST and BERT, and a store that
 * power may leave at any byte.
 */
#ifndef APEI_WORLD_H
#define APEI_WORLD_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <sdei/apei.h>

#include "../../lib/ras/keep.h"

#define CLIENT      0x40100000ull
#define CLIENT_SIZE 0x8000

static _Alignas(16) uint8_t client[CLIENT_SIZE];
static bool client_is_bad;      /* every access fails */
static unsigned bad_after;      /* so many accesses; 0: never */
static void (*on_access)(void); /* somebody else writes there, before each */

static bool may_access(uint64_t address, size_t bytes)
{
	assert_in_range(address, CLIENT, CLIENT + CLIENT_SIZE);
	assert_in_range(bytes, 1, CLIENT + CLIENT_SIZE - address);
	if (on_access)
		on_access();
	if (bad_after && !--bad_after)
		client_is_bad = true;
	return !client_is_bad;
}

static bool client_read(void *context, uint64_t address, void *to, size_t bytes)
{
	assert_ptr_equal(context, client);
	if (!may_access(address, bytes))
		return false;
	memcpy(to, client + (address - CLIENT), bytes);
	return true;
}

static bool client_write(void *context, uint64_t address, const void *from,
			 size_t bytes)
{
	assert_ptr_equal(context, client);
	if (!may_access(address, bytes))
		return false;
	memcpy(client + (address - CLIENT), from, bytes);
	return true;
}

static const struct sdei_ras_ops ops = { .read = client_read,
					 .write = client_write };

static inline uint64_t get(uint64_t address, unsigned size)
{
	uint64_t value = 0;

	memcpy(&value, client + (address - CLIENT), size);
	return value;
}

static inline void put(uint64_t address, uint64_t value, unsigned size)
{
	memcpy(client + (address - CLIENT), &value, size);
}

/*
 * lib/ras/keep.c's place. Power goes when `power` bytes more are written; within
 * one call they come in either order.
 */
static unsigned long power = ULONG_MAX, written;
static bool backwards;
static jmp_buf reset;

void keep_write(void *to, const void *from, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		size_t at = backwards ? bytes - 1 - i : i;

		if (written == power)
			longjmp(reset, 1);
		((uint8_t *)to)[at] = ((const uint8_t *)from)[at];
		written++;
	}
}

static inline void start_world(void)
{
	memset(client, 0xa5, sizeof(client));
	client_is_bad = backwards = false;
	bad_after = 0;
	on_access = NULL;
	power = ULONG_MAX;
	written = 0;
}

static inline void hostile_byte(void)
{
	client[(unsigned)rand() % sizeof(client)] = (uint8_t)rand();
}

#endif
