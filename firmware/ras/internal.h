/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of this folder share. Structures that the kernel reads are
 * packed because their specifications put 64-bit fields on 4-byte boundaries.
 */
#ifndef RAS_INTERNAL_H
#define RAS_INTERNAL_H

#include <ras/ras.h>
#include <ras/registers.h>

/* hardware.c: what the unit tests replace. */
/* Where EL3 sees physical address `address`. */
void *ras_memory(uint64_t address);
/* MIDR_EL1 of the calling PE. */
uint64_t ras_midr(void);
/* Seconds since 1970-01-01 00:00:00 UTC, by the real-time clock. */
uint32_t ras_time(void);

#define RAS_PACKED __attribute__((packed))

/* Severities in records (UEFI 2.10, N.2.1). */
#define CPER_RECOVERABLE 0
#define CPER_FATAL       1
#define CPER_CORRECTED   2

/* Generic Error Status Block (ACPI 6.5, 18.3.2.7.1). */
struct cper_status {
	uint32_t block_status; /* zero: there is no record */
	uint32_t raw_data_offset;
	uint32_t raw_data_length;
	uint32_t data_length; /* of what follows this structure */
	uint32_t severity;
} RAS_PACKED;

#define CPER_STATUS_UNCORRECTED (1u << 0)
#define CPER_STATUS_CORRECTED   (1u << 1)
#define CPER_STATUS_ENTRIES(n)  ((n) << 4)

/* Two decimal digits a byte; UTC (UEFI 2.10, N.2.1, table of the timestamp). */
struct cper_timestamp {
	uint8_t seconds, minutes, hours;
	uint8_t precise; /* the moment of the error itself */
	uint8_t day, month, year, century;
} RAS_PACKED;

/* Generic Error Data Entry, revision 3 (ACPI 6.5, 18.3.2.7.1). */
struct cper_entry {
	uint8_t section_type[16];
	uint32_t severity;
	uint16_t revision;
	uint8_t valid;
	uint8_t flags;
	uint32_t data_length; /* of the section that follows */
	uint8_t fru_id[16];
	char fru_text[20];
	struct cper_timestamp timestamp;
} RAS_PACKED;

#define CPER_ENTRY_REVISION  0x300
#define CPER_ENTRY_FRU_TEXT  (1u << 1)
#define CPER_ENTRY_TIMESTAMP (1u << 2)
#define CPER_ENTRY_PRIMARY   (1u << 0)

/* Memory Error Section (UEFI 2.10, N.2.5). */
struct cper_memory {
	uint64_t valid;
	uint64_t error_status;
	uint64_t address;
	uint64_t mask;
	uint16_t node, card, module, bank, device, row, column, bit;
	uint64_t requestor, responder, target;
	uint8_t type;
	uint8_t extended;
	uint16_t rank, card_handle, module_handle;
} RAS_PACKED;

#define CPER_MEMORY_ADDRESS    (1u << 1)
#define CPER_MEMORY_MASK       (1u << 2)
#define CPER_MEMORY_NODE       (1u << 3)
#define CPER_MEMORY_CARD       (1u << 4)
#define CPER_MEMORY_MODULE     (1u << 5)
#define CPER_MEMORY_BANK       (1u << 6)
#define CPER_MEMORY_ROW        (1u << 8)
#define CPER_MEMORY_COLUMN     (1u << 9)
#define CPER_MEMORY_TYPE       (1u << 14)
#define CPER_MEMORY_SINGLE_BIT 2
#define CPER_MEMORY_MULTI_BIT  3
#define CPER_MEMORY_TYPE_LAST  15

/* Arm Processor Error Section with one error in it (UEFI 2.10, N.2.4.4). */
struct cper_processor {
	uint32_t valid;
	uint16_t error_count;
	uint16_t context_count;
	uint32_t length;
	uint8_t affinity_level;
	uint8_t reserved[3];
	uint64_t mpidr;
	uint64_t midr;
	uint32_t running;
	uint32_t psci_state;
	struct cper_processor_error {
		uint8_t version;
		uint8_t length;
		uint16_t valid;
		uint8_t type;
		uint16_t multiple;
		uint8_t flags;
		uint64_t information;
		uint64_t virtual_address;
		uint64_t physical_address;
	} RAS_PACKED error;
} RAS_PACKED;

#define CPER_PROCESSOR_MPIDR       (1u << 0)
#define CPER_PROCESSOR_LEVEL       (1u << 1)
#define CPER_PROCESSOR_RUNNING     (1u << 2)
#define CPER_PROCESSOR_IS_RUNNING  (1u << 0)
#define CPER_ERROR_MULTIPLE        (1u << 0)
#define CPER_ERROR_INFORMATION     (1u << 2)
#define CPER_ERROR_PHYSICAL        (1u << 4)
#define CPER_ERROR_CACHE           (1u << 1)
#define CPER_CACHE_CORRUPT_VALID   (1u << 3)
#define CPER_CACHE_CORRECTED_VALID (1u << 4)
#define CPER_CACHE_CORRUPT         (1u << 25)
#define CPER_CACHE_CORRECTED       (1u << 26)

/* A whole record as it lies in a status block. */
struct cper_record {
	struct cper_status status;
	struct cper_entry entry;
	union {
		struct cper_memory memory;
		struct cper_processor processor;
	};
} RAS_PACKED;

/* As many lost records as one record's text has room to tell of. */
#define CPER_LOST_MAX 999

/*
 * cper.c: make the record of an error, the `sequence`th injected, that also
 * tells of `lost` (up to CPER_LOST_MAX) records that found the queue full.
 */
void cper_build(struct cper_record *record, const struct ras_error *error,
		uint32_t sequence, unsigned lost);
/* Bytes of a record, from its own lengths. */
size_t cper_size(const struct cper_record *record);
/* Show a record in the status block at physical address `block`. */
void cper_write(uint64_t block, const struct cper_record *record);

/* cper.c: have a finished record tell of `lost` ones. */
void cper_tell(struct cper_record *record, uint32_t sequence, unsigned lost);

/*
 * bert.c: keep a fatal record over resets; show at the start what is kept; see
 * whether the kernel has consumed what was shown (in a shared area that still
 * holds it: before the start clears it, too); count.
 */
void bert_keep(const struct cper_record *record, uint32_t sequence);
void bert_show(void);
void bert_look(void);
void bert_count(struct ras_kept *kept);

/* einj.c: fill the registers and arm the doorbell, or see that it is deaf. */
void einj_start(bool publish);

#endif
