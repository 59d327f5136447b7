/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzing EINJ, ERST and BERT: a client that writes what it likes into registers,
 * range and region, also between any two accesses of the library's, and resets.
 * What is reported is a sound record; what is kept is as sound after a reset.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sdei/apei.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define EINJ   0x000
#define ERST   0x200
#define RANGE  0x280
#define REGION 0x500
#define END    0x900

static struct {
	const uint8_t *at, *end;
	bool pokes; /* the client writes before each access */
} input;
static _Alignas(8) uint8_t client[END], slots[3 * SDEI_ERST_SLOT(512)],
	halves[2048];

static void must(bool sound, const char *what)
{
	if (sound)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

static uint8_t next(void)
{
	return input.at < input.end ? *input.at++ : 0;
}

static void poke(void)
{
	unsigned at = next();

	at = (at << 8 | next()) % END;
	for (unsigned count = next() % 9; count--; at++)
		client[at % END] = next();
}

static bool read_client(void *context, uint64_t address, void *to, size_t bytes)
{
	must(!context && address + bytes <= END, "a wild read");
	if (input.pokes)
		poke();
	memcpy(to, client + address, bytes);
	return true;
}

static bool write_client(void *context, uint64_t address, const void *from,
			 size_t bytes)
{
	must(!context && address + bytes <= END, "a wild write");
	if (input.pokes)
		poke();
	memcpy(client + address, from, bytes);
	return true;
}

static int processor(void *context, const uint32_t *uid,
		     struct sdei_cper_processor *section)
{
	(void)context;
	section->mpidr = 1;
	return uid && *uid >= 4 ? -1 : 1;
}

static bool address(void *context, uint64_t at)
{
	(void)context;
	return !(at >> 40);
}

static bool device(void *context, uint32_t sbdf, struct sdei_cper_pcie *section)
{
	(void)context;
	return section->id.bus == (sbdf >> 16 & 0xff);
}

static const struct sdei_ras_ops ops = { .read = read_client,
					 .write = write_client };
static const struct sdei_bert_config bert = {
	.region = REGION,
	.region_size = END - REGION,
	.store = halves,
	.store_size = sizeof(halves),
	.ops = &ops,
};

static enum sdei_einj_status report(void *context, struct sdei_record *record,
				    size_t room)
{
	(void)context;
	must(room == SDEI_RECORD_MAX && record->sections &&
		     !sdei_record_wrong(record, record->size),
	     "an unsound record is reported");
	sdei_bert_keep(&bert, record);
	return SDEI_EINJ_SUCCESS;
}

static const struct sdei_einj_ops einj_ops = { processor, address, device,
					       report };
static _Alignas(8) uint8_t request[SDEI_RECORD_MAX];

static const struct sdei_einj_config einj = {
	.record = (struct sdei_record *)request,
	.registers = EINJ,
	.types = SDEI_EINJ_VENDOR | 0x3ffff,
	.types2 = 7,
	.vendor_bytes = SDEI_EINJ_VENDOR_MAX,
	.ops = &ops,
	.einj = &einj_ops,
};
static const struct sdei_erst_config erst_config = {
	.registers = ERST,
	.range = RANGE,
	.range_size = 512,
	.store = slots,
	.store_size = sizeof(slots),
	.ops = &ops,
};
static struct sdei_erst erst;

/* All that is kept outlasts it; not so the client's memory. */
static void reset(void)
{
	struct sdei_bert_kept before, after;
	unsigned records = sdei_erst_count(&erst);

	sdei_bert_look(&bert);
	sdei_bert_count(&bert, &before);
	memset(client, next(), sizeof(client));
	must(sdei_bert_show(&bert) && sdei_einj_publish(&einj) &&
		     sdei_erst_publish(&erst, &erst_config),
	     "good memory is refused");
	must(sdei_erst_count(&erst) == records, "a record of ERST is gone");
	sdei_bert_count(&bert, &after);
	must(after.kept == before.kept && after.lost == before.lost,
	     "a record of BERT is gone");
}

/* A record as ERST takes it, and BUSY. */
static void make_record(void)
{
	static const uint8_t head[] = { 'C', 'P', 'E', 'R', 0,
					1,   255, 255, 255, 255 };
	const uint16_t length = (uint16_t)(128 + next());

	memcpy(client + RANGE, head, sizeof(head));
	memcpy(client + RANGE + 20, &length, sizeof(length));
	memset(client + RANGE + 22, 0, 2);
	client[RANGE + 96] = next();
	client[ERST] = client[EINJ] = 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	input.at = bytes;
	input.end = bytes + size;
	input.pokes = false;
	memset(slots, 0, sizeof(slots));
	memset(halves, 0, sizeof(halves));
	erst = (struct sdei_erst){ .config = &erst_config };
	reset();
	while (input.at < input.end) {
		uint8_t what = next();

		input.pokes = what & 8;
		switch (what & 7) {
		case 0:
			reset();
			break;
		case 1:
			sdei_einj_serve(&einj);
			break;
		case 2:
			sdei_erst_serve(&erst);
			break;
		case 3:
			make_record();
			break;
		case 4:
			sdei_bert_look(&bert);
			break;
		default:
			poke();
			break;
		}
	}
	return 0;
}
