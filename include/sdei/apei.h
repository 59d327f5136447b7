/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands around error sources (ACPI 6.5, chapter 18): the tables that
 * announce them, injection (EINJ), a store for the client's records (ERST), and
 * records of the boot before (BERT).
 *
 * Each has a configuration that the embedder keeps as long as it is used; tables
 * are built from the same ones as the code works by. Of a configuration's `ops` only
 * read and write are used here, always with physical addresses of the client's
 * memory. That memory may change under every read, and hold anything.
 *
 * There are no locks here: no two calls with one configuration at a time.
 */
#ifndef SDEI_APEI_H
#define SDEI_APEI_H

#include <sdei/ras.h>

SDEI_BEGIN_C

/*
 * Tables. Each function writes one finished table, with length and checksum, to
 * `to` and returns its bytes. If `room` is too small for it, it returns the bytes
 * that it needs and what is at `to` is no table.
 */
struct sdei_table_id {
	char oem[6];   /* filled up with spaces */
	char table[8]; /* of the OEM's table, filled up with spaces */
	uint32_t revision;
};

/* HEST with a GHESv2 entry a source, numbered by its index (18.3.2.8). */
size_t sdei_table_hest(void *to, size_t room, const struct sdei_table_id *id,
		       const struct sdei_ras_config *config);
/* SDEI: says that the interface is there (DEN0054C, appendix C). */
size_t sdei_table_sdei(void *to, size_t room, const struct sdei_table_id *id);

/*
 * AGDI: by what the client is asked to dump its state (DEN0093): an SDEI event, or
 * a GSIV if `by_interrupt`.
 */
size_t sdei_table_agdi(void *to, size_t room, const struct sdei_table_id *id,
		       bool by_interrupt, uint32_t vector);

/*
 * What the client writes to have a command executed: it rings, the embedder calls
 * sdei_einj_serve() or sdei_erst_serve().
 */
struct sdei_doorbell {
	uint64_t address; /* in system memory */
	uint64_t value;   /* 0 to 255 */
	uint8_t width;    /* bits: 32, 64 */
};

/*
 * EINJ: the client asks for an error (18.6). Types of version 1 come in threes:
 * corrected, uncorrected non-fatal, fatal.
 */
#define SDEI_EINJ_PROCESSOR 0x00007u
#define SDEI_EINJ_MEMORY    0x00038u
#define SDEI_EINJ_PCIE      0x001c0u
#define SDEI_EINJ_PLATFORM  0x00e00u
#define SDEI_EINJ_CXL_CACHE 0x07000u /* of a port: a PCIe function */
#define SDEI_EINJ_CXL_MEM   0x38000u
#define SDEI_EINJ_VENDOR    0x80000000u
/* Of version 2, which has no severity in its type. */
#define SDEI_EINJ2_PROCESSOR 1u
#define SDEI_EINJ2_MEMORY    2u
#define SDEI_EINJ2_PCIE      4u
/* Components of a request of version 2, at most. */
#define SDEI_EINJ_COMPONENTS SDEI_RECORD_SECTIONS

/* Command status (18.6.1). */
enum sdei_einj_status {
	SDEI_EINJ_SUCCESS,
	SDEI_EINJ_UNKNOWN_FAILURE,
	SDEI_EINJ_INVALID_ACCESS,
};

/*
 * The registers: client's memory, this many bytes, aligned to 8. 64 bits each up
 * to the target (SET_ERROR_TYPE_WITH_ADDRESS), which has behind it what version 2
 * and vendors add. The trigger table is the last.
 */
#define SDEI_EINJ_BUSY    0x00
#define SDEI_EINJ_STATUS  0x08
#define SDEI_EINJ_TYPES   0x10 /* of version 1 */
#define SDEI_EINJ_TRIGGER 0x18 /* address of the trigger table */
#define SDEI_EINJ_TYPE    0x20
#define SDEI_EINJ_TYPES2  0x28 /* of version 2 */
#define SDEI_EINJ_TARGET  0x40
#define SDEI_EINJ_SIZE    0x200
/* Bytes that a vendor's error can have beside its GUID, at most. */
#define SDEI_EINJ_VENDOR_MAX 0x40

struct sdei_einj_ops {
	/*
	 * Complete the section with what is known of the PE of that ACPI
	 * processor UID; NULL: of the one whose error it is if the client does not
	 * say. Returns its index; negative: there is none.
	 */
	int (*processor)(void *context, const uint32_t *uid,
			 struct sdei_cper_processor *section);
	/* Can an error be injected there? */
	bool (*address)(void *context, uint64_t address);
	/*
	 * Complete the section with what is known of that function: bits 31:24
	 * segment, 23:16 bus, 15:11 device, 10:8 function (18.6.4). False: there
	 * is none.
	 */
	bool (*device)(void *context, uint32_t sbdf,
		       struct sdei_cper_pcie *section);
	/* Report it (`room` bytes of memory begin at `record`); returns the
	 * command's status. */
	enum sdei_einj_status (*report)(void *context,
					struct sdei_record *record,
					size_t room);
};

struct sdei_einj_config {
	uint64_t registers; /* physical address */
	struct sdei_doorbell doorbell;
	uint32_t types;  /* offered: SDEI_EINJ_* */
	uint32_t types2; /* SDEI_EINJ2_*; 0: there is no version 2 */
	/* Of a vendor's errors: the section's GUID, bytes behind it (0 to
	 * SDEI_EINJ_VENDOR_MAX), and who defines them (18.6.4, table of the vendor
	 * error type extension). */
	uint8_t vendor_guid[16];
	uint32_t vendor_bytes;
	uint32_t vendor_sbdf;
	uint16_t vendor_id, vendor_device;
	uint8_t vendor_revision;
	uint8_t platform_guid[16]; /* of a platform error's record reference */
	/* Where a request becomes a record, one at a time: SDEI_RECORD_MAX bytes. */
	struct sdei_record *record;
	const struct sdei_ras_ops *ops;
	const struct sdei_einj_ops *einj;
	void *context; /* of both */
};

size_t sdei_table_einj(void *to, size_t room, const struct sdei_table_id *id,
		       const struct sdei_einj_config *config);

/* Fill the registers, for a client that begins. False: its memory is bad. */
bool sdei_einj_publish(const struct sdei_einj_config *config);

/*
 * The doorbell rang: take the request out of the registers, so that it is served
 * once, report a record and answer. A request of version 2 becomes one section a
 * component, the record as severe as the worst. A component's syndrome says in its
 * first byte how severe: 0 corrected, 1 uncorrected non-fatal, 2 fatal; the rest is
 * zero. Its identifier: of a processor its ACPI UID, of a memory device its number,
 * of a PCIe function its SBDF. A vendor's type may have one of SDEI_EINJ_PLATFORM's
 * bits to say how severe it is; without, it is corrected.
 */
void sdei_einj_serve(const struct sdei_einj_config *config);

/*
 * ERST: the client keeps records over resets (18.5). The store is memory that
 * outlasts a reset and may hold anything at a cold start. A record is there as a
 * whole or not at all, wherever power went while it was written, replaced or
 * cleared.
 */
enum sdei_erst_status {
	SDEI_ERST_SUCCESS,
	SDEI_ERST_NO_SPACE,
	SDEI_ERST_NO_HARDWARE,
	SDEI_ERST_FAILED,
	SDEI_ERST_EMPTY,
	SDEI_ERST_NOT_FOUND,
};

/* The registers: client's memory, this many bytes, aligned to 8; 64 bits each. */
#define SDEI_ERST_BUSY       0x00
#define SDEI_ERST_STATUS     0x08
#define SDEI_ERST_COMMAND    0x10 /* the action that began it + 1; 0: none */
#define SDEI_ERST_OFFSET     0x18
#define SDEI_ERST_ID         0x20 /* the record to read or clear */
#define SDEI_ERST_NEXT       0x28 /* GET_RECORD_IDENTIFIER */
#define SDEI_ERST_COUNT      0x30
#define SDEI_ERST_RANGE      0x38
#define SDEI_ERST_RANGE_SIZE 0x40
#define SDEI_ERST_ATTRIBUTES 0x48
#define SDEI_ERST_TIMINGS    0x50
#define SDEI_ERST_SIZE       0x58

/* No record: what SDEI_ERST_NEXT holds if there is none. */
#define SDEI_ERST_NONE UINT64_MAX

struct sdei_erst_config {
	uint64_t registers; /* physical address */
	uint64_t range;     /* error log address range: client's memory */
	uint32_t
		range_size; /* multiple of 8, 128 to 65536; the longest record */
	struct sdei_doorbell doorbell;
	/* How long an operation may take, in us; a client with patience waits for
	 * `longest_us` (18.5.1.1, GET_EXECUTE_OPERATION_TIMINGS). */
	uint32_t usual_us, longest_us;
	/*
	 * `store_size` bytes aligned to 8: as many records as there are times
	 * SDEI_ERST_SLOT(range_size) in it. To replace a record one must be free.
	 */
	void *store;
	size_t store_size;
	const struct sdei_ras_ops *ops;
	void *context;
};

#define SDEI_ERST_SLOT(range_size) (32 + (size_t)(range_size))

size_t sdei_table_erst(void *to, size_t room, const struct sdei_table_id *id,
		       const struct sdei_erst_config *config);

/* A store and its client. `last` is the place in the list of records. */
struct sdei_erst {
	const struct sdei_erst_config *config;
	uint64_t last;
};

/*
 * A client begins: look what of the store can be believed (the rest is free), and
 * fill the registers. False: its memory is bad.
 */
bool sdei_erst_publish(struct sdei_erst *erst,
		       const struct sdei_erst_config *config);

/*
 * The doorbell rang: execute the command and answer. GET_RECORD_IDENTIFIER then
 * gives the record behind the last one that was read, in the order in which they
 * were written; behind the last, those written since, then the first again.
 */
void sdei_erst_serve(struct sdei_erst *erst);

/* Records in the store. */
unsigned sdei_erst_count(const struct sdei_erst *erst);

/*
 * BERT: records that outlive the reset that they lead to (18.3.1). Kept in memory
 * that outlasts a reset, shown at each start until a client has consumed them,
 * which it says by clearing their status words. The first ones are kept: the cause
 * comes before its consequences. More are counted, and a record that is shown tells.
 */
struct sdei_bert_config {
	uint64_t region; /* client's memory: physical address, aligned to 8 */
	uint32_t region_size;
	/* Memory aligned to 8. Everything is in it twice: half of it takes records
	 * of `size` + 16 bytes each, behind 32 bytes. As many are kept as have room
	 * there, and as blocks in the region. */
	void *store;
	uint32_t store_size;
	const struct sdei_ras_ops *ops;
	void *context;
};

struct sdei_bert_kept {
	unsigned kept; /* not consumed by any client */
	unsigned lost; /* had no place */
};

size_t sdei_table_bert(void *to, size_t room, const struct sdei_table_id *id,
		       const struct sdei_bert_config *config);

/* Keep a record, with its sequence number. Touches no client's memory. */
void sdei_bert_keep(const struct sdei_bert_config *config,
		    const struct sdei_record *record);
/*
 * A client begins: show what is kept in the region, from its beginning, the rest
 * zero. sdei_bert_look() first, if it may still hold what was shown before. False:
 * the client's memory is bad.
 */
bool sdei_bert_show(const struct sdei_bert_config *config);
/*
 * Has the client consumed what it was shown? Believed only while the region holds
 * that, all but the status word: then the record is dropped here.
 */
void sdei_bert_look(const struct sdei_bert_config *config);
void sdei_bert_count(const struct sdei_bert_config *config,
		     struct sdei_bert_kept *kept);

SDEI_END_C

#endif
