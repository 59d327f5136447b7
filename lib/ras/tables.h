/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How ACPI tables are written: what begins each of them (ACPI 6.5, 5.2.6), and the
 * lists of actions that EINJ and ERST are (18.5.1, 18.6.2).
 */
#ifndef RAS_TABLES_H
#define RAS_TABLES_H

#include <sdei/apei.h>

/* A table on its way: `at` may be beyond `room`. */
struct table {
	uint8_t *to;
	size_t room;
	size_t at;
};

struct table_header {
	char signature[4];
	uint32_t length;
	uint8_t revision;
	uint8_t checksum;
	char oem[6];
	char oem_table[8];
	uint32_t oem_revision;
	char creator[4];
	uint32_t creator_revision;
};
_Static_assert(sizeof(struct table_header) == 36, "ACPI 6.5, 5.2.6");

/* Generic address structure of a register in memory (ACPI 6.5, 5.2.3.2). */
struct table_register {
	uint8_t space; /* 0: system memory */
	uint8_t width, offset;
	uint8_t access; /* 3: 32 bits, 4: 64 bits */
	uint64_t address;
} SDEI_PACKED(4);

#define TABLE_REGISTER(at, bits) \
	(struct table_register) \
	{ \
		.width = (bits), .access = (bits) == 32 ? 3 : 4, \
		.address = (at) \
	}

void table_begin(struct table *table, const char *signature,
		 const struct sdei_table_id *id);
void table_put(struct table *table, const void *from, size_t bytes);
size_t table_end(struct table *table);

/* Instructions (ACPI 6.5, 18.5.1.2 and 18.6.2). */
enum table_instruction {
	READ_REGISTER,
	READ_REGISTER_VALUE,
	WRITE_REGISTER,
	WRITE_REGISTER_VALUE,
	NOOP,
};

/*
 * One action's instruction. Its register is `at` bytes behind the first one, or
 * the doorbell; it is 64 bits wide, unless `width` is 32; `mask` is the number of its
 * bits that count.
 */
struct table_action {
	uint8_t action, instruction;
	uint8_t at, value;
	uint8_t width, mask;
};

#define TABLE_DOORBELL 0xff

/* All that is behind the header. */
void table_actions(struct table *table, const struct table_action *actions,
		   size_t count, uint64_t registers,
		   const struct sdei_doorbell *doorbell);

#endif
