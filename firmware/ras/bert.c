/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fatal error's record outlives the reset that it leads to: the next kernels
 * find it in the BERT region (ACPI 6.5, 18.3.1), until one has consumed it, as it
 * says by clearing the block's status word.
 *
 * What is kept lies in Secure RAM that nothing initialises (.noinit), so at a
 * cold start anything may be there: only what has the right magic number and
 * checksum is believed. The region is Non-secure, and is believed only as long as
 * it holds what was shown, all but the status word. A client that lies there
 * loses its own record.
 *
 * The first records are kept: the cause comes before its consequences. Those
 * that find no place are counted, and the last one that is shown tells.
 */
#include <ras/internal.h>
#include <platform.h>

#define BERT_MAGIC   0x32524542u /* "BER2" */
#define BERT_RECORDS 4

struct kept_record {
	struct cper_record record;
	uint32_t sequence;
	uint32_t lost; /* how many it tells of */
	bool shown;    /* since the latest start, at: */
	uint32_t offset;
};

static struct {
	uint32_t magic;
	uint32_t checksum; /* of what follows */
	struct kept {
		uint32_t count;
		uint32_t lost; /* in all that were not consumed */
		struct kept_record records[BERT_RECORDS];
	} kept;
} store __attribute__((section(".noinit")));

_Static_assert(BERT_RECORDS * sizeof(struct cper_record) +
			       sizeof(struct cper_status) <=
		       PLAT_RAS_BERT_SIZE,
	       "");

/* CRC-32 as in Ethernet, a bit at a time: this runs once a boot, and an error. */
static uint32_t checksum(const struct kept *kept)
{
	const uint8_t *bytes = (const uint8_t *)kept;
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < sizeof(*kept); i++) {
		crc ^= bytes[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static bool is_sound(const struct kept *k)
{
	if (k->count > BERT_RECORDS)
		return false;
	for (unsigned i = 0; i < k->count; i++)
		if (cper_size(&k->records[i].record) >
			    sizeof(k->records[i].record) ||
		    k->records[i].offset >
			    BERT_RECORDS * sizeof(struct cper_record))
			return false;
	return true;
}

/* What is kept; nothing, if nothing that can be believed is there. */
static struct kept *open(void)
{
	if (store.magic != BERT_MAGIC ||
	    store.checksum != checksum(&store.kept) || !is_sound(&store.kept))
		__builtin_memset(&store.kept, 0, sizeof(store.kept));
	return &store.kept;
}

static void close(void)
{
	store.magic = BERT_MAGIC;
	store.checksum = checksum(&store.kept);
}

void bert_keep(const struct cper_record *record, uint32_t sequence)
{
	struct kept *k = open();

	if (k->count < BERT_RECORDS)
		k->records[k->count++] = (struct kept_record){
			.record = *record,
			.sequence = sequence,
		};
	else
		k->lost++;
	close();
}

void bert_show(void)
{
	struct kept *k = open();
	uint32_t offset = 0;

	for (unsigned i = 0; i < k->count; i++) {
		struct kept_record *r = &k->records[i];
		bool last = i + 1 == k->count;

		r->lost = !last                     ? 0
			  : k->lost < CPER_LOST_MAX ? k->lost
						    : CPER_LOST_MAX;
		cper_tell(&r->record, r->sequence, r->lost);
		cper_write(PLAT_RAS_BERT + offset, &r->record);
		r->shown = true;
		r->offset = offset;
		offset += (uint32_t)cper_size(&r->record);
	}
	close();
}

/* Does the region hold the record still, but with its status word cleared? */
static bool is_consumed(const struct kept_record *r)
{
	const size_t word = sizeof(r->record.status.block_status);
	const char *at;

	if (!r->shown)
		return false;
	at = ras_memory(PLAT_RAS_BERT + r->offset);
	return !__atomic_load_n((const uint32_t *)at, __ATOMIC_ACQUIRE) &&
	       !__builtin_memcmp(at + word, (const char *)&r->record + word,
				 cper_size(&r->record) - word);
}

void bert_look(void)
{
	struct kept *k = open();
	unsigned left = 0;

	for (unsigned i = 0; i < k->count; i++) {
		if (is_consumed(&k->records[i]))
			k->lost -= k->records[i].lost;
		else
			k->records[left++] = k->records[i];
	}
	k->count = left;
	close();
}

void bert_count(struct ras_kept *kept)
{
	const struct kept *k = open();

	kept->kept = k->count;
	kept->lost = k->lost;
}
