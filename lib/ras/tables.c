/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ACPI tables of error sources, and of what is one structure behind the header.
 * A table is written from its beginning to its end; what would lie beyond the room
 * that there is gets counted, not written.
 */
#include "tables.h"

void table_put(struct table *t, const void *from, size_t bytes)
{
	if (t->at + bytes <= t->room)
		__builtin_memcpy(t->to + t->at, from, bytes);
	t->at += bytes;
}

void table_begin(struct table *t, const char *signature,
		 const struct sdei_table_id *id)
{
	struct table_header header = {
		.revision = 1,
		.oem_revision = id->revision,
		.creator = { 'S', 'D', 'E', 'I' },
		.creator_revision = 1,
	};

	__builtin_memcpy(header.signature, signature, sizeof(header.signature));
	__builtin_memcpy(header.oem, id->oem, sizeof(header.oem));
	__builtin_memcpy(header.oem_table, id->table, sizeof(header.oem_table));
	table_put(t, &header, sizeof(header));
}

size_t table_end(struct table *t)
{
	const uint32_t length = (uint32_t)t->at;
	uint8_t sum = 0;

	if (t->at > t->room)
		return t->at;
	__builtin_memcpy(t->to + offsetof(struct table_header, length), &length,
			 sizeof(length));
	for (size_t i = 0; i < t->at; i++)
		sum += t->to[i];
	t->to[offsetof(struct table_header, checksum)] -= sum;
	return t->at;
}

/* GHESv2 (ACPI 6.5, 18.3.2.8), its notification (18.3.2.9) in it. */
struct ghes2 {
	uint16_t type;
	uint16_t id;
	uint16_t related; /* 0xffff: none */
	uint8_t reserved;
	uint8_t enabled;
	uint32_t records, sections, raw_length;
	struct table_register status_address;
	struct {
		uint8_t type, length;
		uint16_t write_enable;
		uint32_t poll_ms, vector;
		uint32_t polling_threshold, polling_window;
		uint32_t error_threshold, error_window;
	} notify;
	uint32_t block_length;
	struct table_register ack;
	uint64_t ack_preserve, ack_write;
} SDEI_PACKED(4);
_Static_assert(sizeof(struct ghes2) == 92, "ACPI 6.5, 18.3.2.8");

#define TYPE_GHES2 10

size_t sdei_table_hest(void *to, size_t room, const struct sdei_table_id *id,
		       const struct sdei_ras_config *config)
{
	struct table t = { to, room, 0 };
	const uint32_t count = config->source_count;

	table_begin(&t, "HEST", id);
	table_put(&t, &count, sizeof(count));
	for (uint32_t i = 0; i < count; i++) {
		const struct sdei_ras_source *source = &config->sources[i];
		struct ghes2 entry = {
			.type = TYPE_GHES2,
			.id = (uint16_t)i,
			.related = 0xffff,
			.enabled = 1,
			.records = config->preallocated,
			.sections = SDEI_RECORD_SECTIONS,
			.raw_length = config->block_size,
			.status_address = TABLE_REGISTER(
				source->registers + SDEI_RAS_PAIR_BLOCK, 64),
			.notify = { .type = source->notify,
				    .length = sizeof(entry.notify),
				    .poll_ms = source->poll_ms,
				    .vector = source->vector },
			.block_length = config->block_size,
			.ack = TABLE_REGISTER(source->registers +
						      SDEI_RAS_PAIR_ACK,
					      64),
			.ack_preserve = ~UINT64_C(1),
			.ack_write = 1,
		};

		table_put(&t, &entry, sizeof(entry));
	}
	return table_end(&t);
}

size_t sdei_table_sdei(void *to, size_t room, const struct sdei_table_id *id)
{
	struct table t = { to, room, 0 };

	table_begin(&t, "SDEI", id);
	return table_end(&t);
}

size_t sdei_table_agdi(void *to, size_t room, const struct sdei_table_id *id,
		       bool by_interrupt, uint32_t vector)
{
	struct table t = { to, room, 0 };
	const struct {
		uint32_t flags; /* bit 0: by interrupt; 31:8 reserved */
		uint32_t event, gsiv;
	} body = { by_interrupt, by_interrupt ? 0 : vector,
		   by_interrupt ? vector : 0 };

	table_begin(&t, "AGDI", id);
	table_put(&t, &body, sizeof(body));
	return table_end(&t);
}

size_t sdei_table_bert(void *to, size_t room, const struct sdei_table_id *id,
		       const struct sdei_bert_config *config)
{
	struct table t = { to, room, 0 };
	const struct {
		uint32_t size;
		uint64_t region;
	} SDEI_PACKED(4) body = { config->region_size, config->region };

	table_begin(&t, "BERT", id);
	table_put(&t, &body, sizeof(body));
	return table_end(&t);
}
