/* SPDX-License-Identifier: BSD-2-Clause */
/* A stranger's tool: makes a memory error's record and says it in words. */
#include <sdei/cper.h>
#include <sdei/decode.h>
#include <sdei/version.h>

#include <stdio.h>
#include <string.h>

struct block {
	uint8_t bytes[4096];
	size_t used;
};

static bool put(void *context, size_t offset, const void *from, size_t size)
{
	struct block *b = context;

	if (offset > sizeof(b->bytes) || size > sizeof(b->bytes) - offset)
		return false;
	memcpy(b->bytes + offset, from, size);
	return true;
}

static void tell(void *context, const struct sdei_decoded *item)
{
	(void)context;
	if (item->kind == SDEI_DECODED_HEX && item->name)
		printf("%s 0x%llx\n", item->name,
		       (unsigned long long)item->number);
}

int main(void)
{
	static _Alignas(8) uint8_t room[4096];
	struct sdei_record *record = (struct sdei_record *)room;
	static struct block block;
	struct sdei_cper_memory *memory;
	uint32_t word;

	sdei_record_start(record, SDEI_CPER_CORRECTED, 0);
	memory = sdei_record_memory(record, sizeof(room), SDEI_CPER_CORRECTED);
	if (!memory)
		return 1;
	memory->valid |= SDEI_MEMORY_HAS_ADDRESS;
	memory->physical_address = 0x12345000;
	word = sdei_record_word(record);
	memcpy(block.bytes, &word, sizeof(word));
	if (!sdei_record_write(record, put, &block))
		return 1;
	printf("library %#x\n", sdei_library_version());
	return sdei_cper_decode(block.bytes, sdei_record_bytes(record), tell,
				NULL) != 0;
}
