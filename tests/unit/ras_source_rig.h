/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Four error sources and a client's memory, for tests that ask one thing at a time.
 * Each operation sees that it is called with or without a lock, as ras.h says.
 */
#ifndef RAS_SOURCE_RIG_H
#define RAS_SOURCE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <sdei/ras.h>

#define SOURCES 4u
#define PES     2u
#define QUEUE   2048u

static const struct sdei_ras_source table[SOURCES] = {
	{ "memory-corrected", SDEI_RAS_MEMORY, SDEI_CPER_CORRECTED,
	  SDEI_RAS_NOTIFY_SDEI, false, 0x100, 0, 0x1000, 0x2000 },
	{ "processor-recoverable", SDEI_RAS_PROCESSOR, SDEI_CPER_RECOVERABLE,
	  SDEI_RAS_NOTIFY_SDEI, true, 0x101, 0, 0x1010, 0x2400 },
	{ "pcie-fatal", SDEI_RAS_PCIE, SDEI_CPER_FATAL, SDEI_RAS_NOTIFY_SDEI,
	  false, 0x102, 0, 0x1020, 0x2800 },
	{ "platform-corrected", SDEI_RAS_PLATFORM, SDEI_CPER_CORRECTED,
	  SDEI_RAS_NOTIFY_POLLED, false, 0, 100, 0x1030, 0x2c00 },
};

static uint8_t client[0x3000]; /* from 0x1000 on */
static int writes_left = -1;   /* until one fails; -1: none does */
static int locked;
static const struct sdei_ras_lock *whose;
static uint64_t polled, moment = 1000;
static bool out = true;
static _Alignas(16) uint8_t memory[SDEI_RAS_BOUND(SOURCES, PES, QUEUE)];

static bool op_read(void *context, uint64_t address, void *to, size_t bytes)
{
	(void)context;
	assert_int_equal(locked, 1);
	memcpy(to, &client[address - 0x1000], bytes);
	return true;
}

static bool op_write(void *context, uint64_t address, const void *from,
		     size_t bytes)
{
	(void)context;
	assert_int_equal(locked, 1);
	if (!writes_left)
		return false;
	writes_left -= writes_left > 0;
	memcpy(&client[address - 0x1000], from, bytes);
	return true;
}

static uint64_t op_now(void *context)
{
	(void)context;
	return moment;
}

/* Whoever takes a lock in there must not meet a source's. */
static void op_poll_at(void *context, uint64_t at)
{
	(void)context;
	assert_int_equal(locked, 0);
	polled = at;
}

static int op_raise(void *context, unsigned source, unsigned pe,
		    const char **why)
{
	(void)context;
	(void)source;
	(void)why;
	assert_int_equal(locked, 1);
	return (int)pe;
}

static bool op_out(void *context, unsigned source, unsigned pe)
{
	(void)context;
	(void)source;
	(void)pe;
	return out;
}

static enum sdei_ras_readiness op_readiness(void *context, unsigned source,
					    unsigned pe)
{
	(void)context;
	(void)source;
	(void)pe;
	return SDEI_RAS_FREE;
}

/* One at a time, each source's own. */
static void op_lock(void *context, struct sdei_ras_lock *lock)
{
	(void)context;
	assert_int_equal(locked++, 0);
	assert_int_equal(lock->taken, 0);
	lock->taken = 1;
	whose = lock;
}

static void op_unlock(void *context, struct sdei_ras_lock *lock)
{
	(void)context;
	assert_ptr_equal(lock, whose);
	assert_int_equal(locked--, 1);
	lock->taken = 0;
}

static const struct sdei_ras_ops ops = {
	.read = op_read,
	.write = op_write,
	.now = op_now,
	.poll_at = op_poll_at,
	.raise = op_raise,
	.out = op_out,
	.readiness = op_readiness,
	.lock = op_lock,
	.unlock = op_unlock,
};

static const struct sdei_ras_config good = {
	.sources = table,
	.source_count = SOURCES,
	.pe_count = PES,
	.preallocated = 1,
	.block_size = 1024,
	.queue_size = QUEUE,
	.tick_hz = 1000,
	.ops = &ops,
};

static struct sdei_ras *made(void)
{
	const char *why = NULL;
	struct sdei_ras *ras = sdei_ras_init(memory, sizeof(memory), &good,
					     &why);

	assert_non_null(ras);
	assert_null(why);
	return ras;
}

/* A raw record, so that its block's first bytes are `text`. */
static void report(struct sdei_ras *ras, unsigned source, const char *text,
		   struct sdei_ras_outcome *o)
{
	_Alignas(8) uint8_t bytes[SDEI_RECORD_MAX];
	struct sdei_record *r = (void *)bytes;

	sdei_record_start(r, table[source].severity, 0);
	assert_true(sdei_record_raw(r, sizeof(bytes), text, 24));
	assert_true(sdei_ras_report(ras, source, r, o));
}

#define TEXT "one record, 24 bytes long"

#endif
