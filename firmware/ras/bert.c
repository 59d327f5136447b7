/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fatal error's record survives the reset that it leads to, and the next
 * kernel finds it in the BERT region (ACPI 6.5, 18.3.1).
 *
 * It is kept in Secure RAM that nothing initialises (.noinit), so at a cold
 * start anything may be there: only a record with the right magic number and
 * checksum is one. The first fatal error since the last showing is kept; it is
 * the cause, what follows it are consequences.
 */
#include <ras/internal.h>
#include <platform.h>

#define BERT_MAGIC	0x54524542u	/* "BERT" */

static struct {
	uint32_t magic;
	uint32_t checksum;
	struct cper_record record;
} kept __attribute__((section(".noinit")));

_Static_assert(sizeof(struct cper_record) <= PLAT_RAS_BERT_SIZE, "");

/* CRC-32 as in Ethernet, a bit at a time: this runs once a boot. */
static uint32_t checksum(const struct cper_record *record)
{
	const uint8_t *bytes = (const uint8_t *)record;
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < sizeof(*record); i++) {
		crc ^= bytes[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static bool is_kept(void)
{
	return kept.magic == BERT_MAGIC &&
	       kept.checksum == checksum(&kept.record) &&
	       cper_size(&kept.record) <= sizeof(kept.record);
}

void bert_keep(const struct cper_record *record)
{
	if (is_kept())
		return;
	kept.magic = BERT_MAGIC;
	kept.record = *record;
	kept.checksum = checksum(record);
}

void bert_show(void)
{
	if (is_kept())
		cper_write(PLAT_RAS_BERT, &kept.record);
	kept.magic = 0;
}
