/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An error's whole way, in one process: a record is made, reported at an error source,
 * shown in the memory that a kernel would read, decoded from there, and acknowledged.
 * Prints the record in words; with --json, as one JSON object. docs/ras.md has the steps.
 */
#include <sdei/decode.h>
#include <sdei/ras.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The kernel's memory, as firmware or a VMM sees it: at an address of its own. */
#define MEMORY_BASE 0x40000000
#define REGISTERS   0x40000000
#define BLOCK       0x40001000
#define BLOCK_SIZE  4096
#define QUEUE_SIZE  SDEI_RECORD_MAX
#define EVENT       0x40000100 /* of the source; here nobody listens to it */

static _Alignas(8) uint8_t client_memory[0x2000];

static const struct sdei_ras_source sources[] = {
	{ .name = "memory-corrected",
	  .error_class = SDEI_RAS_MEMORY,
	  .severity = SDEI_CPER_CORRECTED,
	  .notify = SDEI_RAS_NOTIFY_SDEI,
	  .vector = EVENT,
	  .registers = REGISTERS,
	  .block = BLOCK },
};

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "record: %s\n", what);
	exit(1);
}

/* What the sources ask of firmware. */
static void *at(uint64_t address, size_t bytes)
{
	must(address >= MEMORY_BASE &&
		     address - MEMORY_BASE + bytes <= sizeof(client_memory),
	     "not the client's memory");
	return client_memory + (address - MEMORY_BASE);
}

static bool read_memory(void *context, uint64_t address, void *to, size_t bytes)
{
	memcpy(to, at(address, bytes), bytes);
	return true;
}

static bool write_memory(void *context, uint64_t address, const void *from,
			 size_t bytes)
{
	memcpy(at(address, bytes), from, bytes);
	return true;
}

static uint64_t now(void *context)
{
	return 0; /* nothing here lasts long enough to be repeated */
}

static void poll_at(void *context, uint64_t time)
{
}

/* Firmware calls sdei_raise() here. PE 0 takes the event at once. */
static int raise_event(void *context, unsigned source, unsigned pe,
		       const char **why)
{
	fprintf(stderr, "record: event 0x%" PRIx32 " is raised\n",
		sources[source].vector);
	return 0;
}

static bool is_out(void *context, unsigned source, unsigned pe)
{
	return false;
}

static struct sdei_ras *make_sources(void)
{
	static _Alignas(16) uint8_t memory[SDEI_RAS_BOUND(1, 1, QUEUE_SIZE)];
	static const struct sdei_ras_ops ops = {
		.read = read_memory,
		.write = write_memory,
		.now = now,
		.poll_at = poll_at,
		.raise = raise_event,
		.out = is_out,
	};
	const struct sdei_ras_config config = {
		.sources = sources,
		.source_count = 1,
		.pe_count = 1,
		.preallocated = 64,
		.block_size = BLOCK_SIZE,
		.queue_size = QUEUE_SIZE,
		.tick_hz = 1000,
		.ops = &ops,
	};
	const char *why = "";
	struct sdei_ras *ras = sdei_ras_init(memory, sizeof(memory), &config,
					     &why);

	must(ras, why);
	must(sdei_ras_publish(ras), "the client's memory is bad");
	return ras;
}

/* A corrected single-bit error of a memory module that has a name. */
static void report(struct sdei_ras *ras)
{
	static _Alignas(8) uint8_t room[SDEI_RECORD_MAX];
	struct sdei_record *record = (struct sdei_record *)room;
	const struct sdei_fru fru = { .text = "DIMM B1" };
	struct sdei_cper_memory *memory;
	struct sdei_ras_outcome outcome;

	sdei_record_start(record, SDEI_CPER_CORRECTED, 0);
	record->time = sdei_cper_time(1796000000); /* 2026-11-30 00:53:20 */
	memory = sdei_record_add(record, sizeof(room), SDEI_SECTION_MEMORY,
				 SDEI_CPER_CORRECTED, sizeof(*memory), &fru,
				 SDEI_FRU_TEXT);
	must(memory, "the record is full");
	memory->valid = SDEI_MEMORY_HAS_ADDRESS | SDEI_MEMORY_HAS_ERROR_TYPE;
	memory->physical_address = 0x48001040;
	memory->error_type = SDEI_MEMORY_SINGLE_BIT;

	must(sdei_ras_report(ras, (unsigned)sdei_ras_find(ras, record), record,
			     &outcome),
	     "no source takes such a record");
	must(outcome.fate == SDEI_RAS_DELIVERED, outcome.why);
}

/* How far a decoded record is told: for words the depth, for JSON where it stands. */
struct telling {
	bool json, first;
	unsigned depth;
	size_t length[16]; /* of path, at each depth */
	char path[512];
};

static void put_value(const struct sdei_decoded *item, bool json)
{
	const char *quote = json ? "\"" : "";

	switch (item->kind) {
	case SDEI_DECODED_NUMBER:
		printf("%" PRIu64, item->number);
		break;
	case SDEI_DECODED_SIGNED:
		printf("%" PRId64, (int64_t)item->number);
		break;
	case SDEI_DECODED_HEX:
	case SDEI_DECODED_BITS:
		printf("%s0x%" PRIx64 "%s", quote, item->number, quote);
		break;
	case SDEI_DECODED_TEXT:
		printf("\"%.*s\"", (int)item->size, (const char *)item->bytes);
		break;
	default: /* GUIDs, times, bytes */
		printf("%s", quote);
		for (size_t i = 0; i < item->size; i++)
			printf("%02x", item->bytes[i]);
		printf("%s", quote);
	}
}

static void tell(void *context, const struct sdei_decoded *item)
{
	struct telling *t = context;
	char number[24] = "";

	must(item->kind != SDEI_DECODED_WRONG, item->text);
	if (item->kind == SDEI_DECODED_END) {
		t->path[t->length[--t->depth]] = '\0';
	} else if (item->kind == SDEI_DECODED_BEGIN) {
		t->length[t->depth++] = strlen(t->path);
		if (item->listed)
			snprintf(number, sizeof(number), "%" PRIu64,
				 item->number);
		snprintf(t->path + strlen(t->path),
			 sizeof(t->path) - strlen(t->path), "%s%s.", item->name,
			 number);
		if (!t->json)
			printf("%*s%s%s\n", 2 * (int)t->depth - 2, "",
			       item->name, number);
	} else if (t->json) {
		printf("%s\n\t\"%s%s\": ", t->first ? "{" : ",", t->path,
		       item->name);
		put_value(item, true);
		t->first = false;
	} else {
		printf("%*s%s: ", 2 * (int)t->depth, "", item->name);
		put_value(item, false);
		printf(item->text ? " (%s)\n" : "\n", item->text);
	}
}

int main(int argc, char **argv)
{
	struct telling telling = {
		.json = argc > 1 && !strcmp(argv[1], "--json"), .first = true
	};
	const struct sdei_cper_status *block = at(BLOCK, BLOCK_SIZE);
	struct sdei_ras *ras = make_sources();
	struct sdei_ras_counters counters;
	uint64_t acknowledged = 1;

	report(ras);
	/* The kernel's handler: it reads the block, */
	sdei_ras_entered(ras, 0, 0);
	must(!sdei_cper_decode(block, sizeof(*block) + block->data_length, tell,
			       &telling),
	     "the record is wrong");
	printf(telling.json ? "\n}\n" : "");
	/* acknowledges (ACPI 6.5, 18.3.2.8), and ends. */
	memcpy(at(REGISTERS + SDEI_RAS_PAIR_ACK, 8), &acknowledged, 8);
	sdei_ras_left(ras, 0, 0);
	must(sdei_ras_count(ras, 0, &counters) && counters.acknowledged == 1,
	     "the acknowledgement is not seen");
	return 0;
}
