/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ERST, EINJ and BERT: requests in the client's memory, and memory that outlasts a
 * reset. PE 0 is the firmware's; PE 1 the client's, or whoever looks after a reset: by
 * then any part of what PE 0 wrote may be there that another PE may have seen. One
 * word of a record stands for all.
 */
#include "client_memory.h"
#include "litmus.h"

#include <sdei/apei.h>

#define HEADER      128u /* of a client's record */
#define LENGTH      (HEADER + 8)
#define ID          5
#define DATA        7
#define ERST_WRITE  1u
#define ERST_CLEAR  3u
#define NO_TYPE     0x4000u /* EINJ's: it is refused */
#define OLD_STATUS  9u
#define HALF        512u /* of BERT's store */
#define BERT_RECORD 128u

static uint64_t erst_registers[SDEI_ERST_SIZE / 8];
static uint64_t einj_registers[SDEI_EINJ_SIZE / 8];
static uint64_t range[LENGTH / 8];
static uint32_t store[2 * SDEI_ERST_SLOT(LENGTH) / 4]
	__attribute__((aligned(8)));
static uint32_t bert_store[2 * HALF / 4] __attribute__((aligned(8)));
static uint64_t einj_record[SDEI_RECORD_MAX / 8];
static uint64_t seen;

static const struct sdei_ras_ops ops = {
	.read = client_read,
	.write = client_write,
};
static struct sdei_erst erst;
static struct sdei_erst_config erst_config = {
	.range_size = LENGTH,
	.store = store,
	.store_size = sizeof(store),
	.ops = &ops,
};
static struct sdei_einj_config einj_config = {
	.types = SDEI_EINJ_MEMORY,
	.ops = &ops,
};
static const struct sdei_bert_config bert_config = {
	.region_size = 4096,
	.store = bert_store,
	.store_size = sizeof(bert_store),
	.ops = &ops,
};

#define ERST(what) (&erst_registers[SDEI_ERST_##what / 8])
#define EINJ(what) (&einj_registers[SDEI_EINJ_##what / 8])
/* A slot's first word makes it count. */
#define SLOT(i)      (&store[(i) * SDEI_ERST_SLOT(LENGTH) / 4])
#define SLOT_DATA(i) (SLOT(i) + (SDEI_ERST_SLOT(0) + HEADER) / 4)
/* The same of half of BERT's store; the third record, behind its entry's head. */
#define HALF_MAGIC      (&bert_store[0])
#define HALF_GENERATION (&bert_store[2])
#define HALF_THIRD      (&bert_store[(32 + 2 * BERT_RECORD + 16) / 4])

static void start(void)
{
	erst_config.registers = (uintptr_t)erst_registers;
	erst_config.range = (uintptr_t)range;
	einj_config.registers = (uintptr_t)einj_registers;
	einj_config.record = (struct sdei_record *)einj_record;
	sdei_erst_publish(&erst, &erst_config);
	sdei_einj_publish(&einj_config);
	name(ERST(BUSY), "erst_busy", 0);
	name(ERST(STATUS), "erst_status", 0);
	name(ERST(COMMAND), "erst_command", 0);
	name(EINJ(BUSY), "einj_busy", 0);
	name(EINJ(STATUS), "einj_status", 0);
	name(EINJ(TYPE), "einj_type", 0);
	name(SLOT(0), "magic", 0);
	name(SLOT(1), "magic", 1);
	name(SLOT_DATA(1), "record", 1);
	name(HALF_MAGIC, "half_magic", 0);
	name(HALF_GENERATION, "half_generation", 0);
	name(HALF_THIRD, "third", 0);
}

static void but(uint64_t thread, const void *place, uint64_t value)
{
	odd = (struct outcome){ place, value };
	odd_thread = thread;
}

static void count_only(const void *one, const void *other)
{
	only[0] = one;
	only[1] = other;
}

/* What PE 0 does. */

static void t0_erst(void)
{
	sdei_erst_serve(&erst);
}

static void t0_einj(void)
{
	sdei_einj_serve(&einj_config);
}

static void t0_keep(void)
{
	static uint64_t memory[16];
	struct sdei_record *record = (struct sdei_record *)memory;

	sdei_record_start(record, SDEI_CPER_FATAL, 0);
	sdei_record_memory(record, sizeof(memory), SDEI_CPER_FATAL);
	sdei_bert_keep(&bert_config, record);
}

/* A request is there before it counts, whoever rang; and the answer. */

static void t1_ask_erst(void)
{
	put(ERST(COMMAND), ERST_CLEAR);
	after_all();
	put(ERST(BUSY), 1);
}

static void b_ask_erst(void)
{
	start();
	but(0, ERST(COMMAND), 0);
	count_only(ERST(BUSY), ERST(COMMAND));
}

static void t1_ask_einj(void)
{
	put(EINJ(TYPE), NO_TYPE);
	after_all();
	put(EINJ(BUSY), 1);
}

static void b_ask_einj(void)
{
	start();
	but(0, EINJ(TYPE), 0);
	count_only(EINJ(BUSY), EINJ(TYPE));
}

static void t1_erst_answer(void)
{
	seen = get(ERST(BUSY));
	after_reading();
	seen = get(ERST(STATUS));
}

static void t1_einj_answer(void)
{
	seen = get(EINJ(BUSY));
	after_reading();
	seen = get(EINJ(STATUS));
}

static void b_erst_answer(void)
{
	start();
	*ERST(BUSY) = 1;
	*ERST(COMMAND) = ERST_CLEAR;
	*ERST(STATUS) = OLD_STATUS;
	but(1, ERST(STATUS), OLD_STATUS);
	count_only(ERST(BUSY), ERST(STATUS));
}

static void b_einj_answer(void)
{
	start();
	*EINJ(BUSY) = 1;
	*EINJ(TYPE) = NO_TYPE;
	*EINJ(STATUS) = OLD_STATUS;
	but(1, EINJ(STATUS), OLD_STATUS);
	count_only(EINJ(BUSY), EINJ(STATUS));
}

/* Nor is it served what the client asks for next, once it is answered. */

static void t1_ask_erst_again(void)
{
	seen = get(ERST(BUSY));
	after_all();
	put(ERST(COMMAND), ERST_WRITE);
}

static void b_ask_erst_again(void)
{
	b_erst_answer();
	but(0, ERST(COMMAND), ERST_WRITE);
	count_only(ERST(BUSY), ERST(COMMAND));
}

static void t1_ask_einj_again(void)
{
	seen = get(EINJ(BUSY));
	after_all();
	put(EINJ(TYPE), 8);
}

static void b_ask_einj_again(void)
{
	b_einj_answer();
	but(0, EINJ(TYPE), 8);
	count_only(EINJ(BUSY), EINJ(TYPE));
}

/* What is kept is all there before it counts, and before what it replaces goes. */

static void ask_to_write(void)
{
	static const char signature[] = "CPER\0\0\377\377\377\377";
	char *header = (char *)range;

	for (unsigned i = 0; i < sizeof(signature) - 1; i++)
		header[i] = signature[i];
	range[HEADER / 8] = DATA;
	header[20] = (char)LENGTH;
	header[96] = ID;
	*ERST(COMMAND) = ERST_WRITE;
	*ERST(BUSY) = 1;
}

static void t1_after_reset(void)
{
	seen = get(SLOT(1));
	after_reading();
	seen = get(SLOT_DATA(1));
}

static void b_write(void)
{
	start();
	ask_to_write();
	but(1, SLOT_DATA(1), 0);
	count_only(SLOT(1), SLOT_DATA(1));
}

static void t1_find(void)
{
	seen = get(SLOT(1));
	after_reading();
	seen = get(SLOT(0));
}

static void b_replace(void)
{
	b_write();
	t0_erst();
	ask_to_write();
	but(1, SLOT(0), 0);
	count_only(SLOT(1), SLOT(0));
}

/* Half of BERT's store is written anew: old and new do not count together. */

static void t1_open(void)
{
	seen = get(HALF_THIRD);
	after_reading();
	seen = get(HALF_MAGIC);
	after_reading();
	seen = get(HALF_GENERATION);
}

static void b_keep(void)
{
	start();
	t0_keep();
	t0_keep();
	but(1, HALF_GENERATION, 1);
	count_only(HALF_MAGIC, HALF_GENERATION);
	only[2] = HALF_THIRD;
}

const struct litmus tests[] = {
	{ "erst-request",
	  b_ask_erst,
	  { t0_erst, t1_ask_erst },
	  { AFTER(1), 0 } },
	{ "einj-request",
	  b_ask_einj,
	  { t0_einj, t1_ask_einj },
	  { AFTER(1), 0 } },
	{ "erst-answer",
	  b_erst_answer,
	  { t0_erst, t1_erst_answer },
	  { 0, AFTER(0) } },
	{ "einj-answer",
	  b_einj_answer,
	  { t0_einj, t1_einj_answer },
	  { 0, AFTER(0) } },
	{ "erst-next-request",
	  b_ask_erst_again,
	  { t0_erst, t1_ask_erst_again },
	  { 0, AFTER(0) } },
	{ "einj-next-request",
	  b_ask_einj_again,
	  { t0_einj, t1_ask_einj_again },
	  { 0, AFTER(0) } },
	{ "erst-kept", b_write, { t0_erst, t1_after_reset }, { 0, AFTER(0) } },
	{ "erst-replaced", b_replace, { t0_erst, t1_find }, { 0, AFTER(0) } },
	{ "bert-kept", b_keep, { t0_keep, t1_open }, { 0, AFTER(0) } },
	{ 0 },
};
