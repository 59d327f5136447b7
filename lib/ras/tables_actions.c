/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EINJ and ERST: what a client does to the registers for each action. What it
 * asks is executed when it rings, so it says that it is busy before it does.
 */
#include "tables.h"

/* Injection or serialization instruction entry (ACPI 6.5, 18.6.2, 18.5.1). */
struct entry {
	uint8_t action, instruction, flags, reserved;
	struct table_register at;
	uint64_t value, mask;
};
_Static_assert(sizeof(struct entry) == 32, "ACPI 6.5, 18.6.2");

void table_actions(struct table *t, const struct table_action *actions,
		   size_t count, uint64_t registers,
		   const struct sdei_doorbell *doorbell)
{
	/* The size is that of the header with the standard one in it. */
	const uint32_t header[3] = { 48, 0, (uint32_t)count };

	table_put(t, header, sizeof(header));
	for (const struct table_action *a = actions; a < actions + count; a++) {
		bool rings = a->at == TABLE_DOORBELL;
		unsigned width = rings ? doorbell->width : a->width;
		unsigned bits = rings ? width : a->mask;
		struct entry entry = {
			.action = a->action,
			.instruction = a->instruction,
			.at = TABLE_REGISTER(rings ? doorbell->address
						   : registers + a->at,
					     width),
			.value = rings ? doorbell->value : a->value,
			.mask = UINT64_MAX >> (64 - bits),
		};

		table_put(t, &entry, sizeof(entry));
	}
}

#define FLAG(action, at, value) \
	{ (action), WRITE_REGISTER_VALUE, (at), (value), 64, 64 }
#define READ(action, at)  { (action), READ_REGISTER, (at), 0, 64, 64 }
#define WRITE(action, at) { (action), WRITE_REGISTER, (at), 0, 64, 64 }
#define BUSY(action, at)  { (action), READ_REGISTER_VALUE, (at), 1, 64, 1 }
#define NOTHING(action)   { (action), NOOP, 0, 0, 64, 64 }
#define RING(action)      { (action), WRITE_REGISTER_VALUE, TABLE_DOORBELL, 0, 0, 0 }

size_t sdei_table_einj(void *to, size_t room, const struct sdei_table_id *id,
		       const struct sdei_einj_config *config)
{
	/* Numbered as in ACPI 6.5, table of the injection actions (18.6.1). */
	static const struct table_action actions[] = {
		NOTHING(0),
		READ(1, SDEI_EINJ_TRIGGER),
		{ 2, WRITE_REGISTER, SDEI_EINJ_TYPE, 0, 64, 32 },
		{ 3, READ_REGISTER, SDEI_EINJ_TYPES, 0, 64, 32 },
		NOTHING(4),
		FLAG(5, SDEI_EINJ_BUSY, 1),
		RING(5),
		BUSY(6, SDEI_EINJ_BUSY),
		READ(7, SDEI_EINJ_STATUS),
		{ 8, WRITE_REGISTER, SDEI_EINJ_TARGET, 0, 32, 32 },
		{ 0x11, READ_REGISTER, SDEI_EINJ_TYPES2, 0, 64, 32 },
	};
	struct table t = { to, room, 0 };

	table_begin(&t, "EINJ", id);
	table_actions(&t, actions,
		      sizeof(actions) / sizeof(actions[0]) - !config->types2,
		      config->registers, &config->doorbell);
	return table_end(&t);
}

size_t sdei_table_erst(void *to, size_t room, const struct sdei_table_id *id,
		       const struct sdei_erst_config *config)
{
	/* Numbered as in ACPI 6.5, table of the serialization actions (18.5.1.1);
	 * a command is its action and one. */
	static const struct table_action actions[] = {
		FLAG(0x0, SDEI_ERST_COMMAND, 0x0 + 1),
		FLAG(0x1, SDEI_ERST_COMMAND, 0x1 + 1),
		FLAG(0x2, SDEI_ERST_COMMAND, 0x2 + 1),
		FLAG(0x3, SDEI_ERST_COMMAND, 0),
		WRITE(0x4, SDEI_ERST_OFFSET),
		FLAG(0x5, SDEI_ERST_BUSY, 1),
		RING(0x5),
		BUSY(0x6, SDEI_ERST_BUSY),
		READ(0x7, SDEI_ERST_STATUS),
		READ(0x8, SDEI_ERST_NEXT),
		WRITE(0x9, SDEI_ERST_ID),
		READ(0xa, SDEI_ERST_COUNT),
		FLAG(0xb, SDEI_ERST_COMMAND, 0xb + 1),
		READ(0xd, SDEI_ERST_RANGE),
		READ(0xe, SDEI_ERST_RANGE_SIZE),
		READ(0xf, SDEI_ERST_ATTRIBUTES),
		READ(0x10, SDEI_ERST_TIMINGS),
	};
	struct table t = { to, room, 0 };

	table_begin(&t, "ERST", id);
	table_actions(&t, actions, sizeof(actions) / sizeof(actions[0]),
		      config->registers, &config->doorbell);
	return table_end(&t);
}
