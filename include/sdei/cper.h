/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error records: the Common Platform Error Record's sections (sections.h: UEFI
 * 2.10, appendix N) in a Generic Error Status Block (ACPI 6.5, 18.3.2.7.1).
 *
 * A record on its way through a source's queue is a struct sdei_record with its
 * sections behind it, which is shorter than what a kernel reads and has neither
 * addresses nor bits that say the same twice. sdei_record_write() turns it into
 * the kernel's bytes; sdei_cper_decode() (decode.h) turns those into words.
 *
 * All numbers in records are little-endian, and so is the machine.
 */
#ifndef SDEI_CPER_H
#define SDEI_CPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sdei/sections.h>

SDEI_BEGIN_C

/* Severities, of a record and of a section (UEFI 2.10, N.2.1). */
#define SDEI_CPER_RECOVERABLE 0
#define SDEI_CPER_FATAL       1
#define SDEI_CPER_CORRECTED   2
#define SDEI_CPER_INFORMATION 3

/* Kinds of section: the index of sdei_section_types[]. */
enum sdei_section_kind {
	SDEI_SECTION_MEMORY,       /* N.2.5 */
	SDEI_SECTION_MEMORY2,      /* N.2.6 */
	SDEI_SECTION_PROCESSOR,    /* Arm: N.2.4.4 */
	SDEI_SECTION_PCIE,         /* N.2.7 */
	SDEI_SECTION_FIRMWARE,     /* firmware error record reference: N.2.10 */
	SDEI_SECTION_CXL_PROTOCOL, /* N.2.13 */
	SDEI_SECTION_CXL_MEDIA,    /* component events: N.2.14 */
	SDEI_SECTION_CXL_DRAM,
	SDEI_SECTION_CXL_MODULE,
	SDEI_SECTION_VENDOR, /* the body begins with its GUID */
	SDEI_SECTION_KINDS,
};
/* Of the one section of a raw record, which is none. */
#define SDEI_SECTION_NONE 0xff

/* Each kind's GUID, as it lies in memory, and the fewest bytes of its body. */
struct sdei_section_type {
	SDEI_ALIGNED(8) uint8_t guid[16]; /* zeros: SDEI_SECTION_VENDOR */
	uint16_t least;
};
extern const struct sdei_section_type sdei_section_types[SDEI_SECTION_KINDS];

/* Generic Error Status Block (ACPI 6.5, 18.3.2.7.1). */
struct sdei_cper_status {
	uint32_t word; /* SDEI_STATUS_*; 0: there is no record */
	uint32_t raw_offset, raw_length;
	uint32_t data_length; /* of the data entries, which follow */
	uint32_t severity;    /* SDEI_CPER_* */
};

#define SDEI_STATUS_UNCORRECTED         (1u << 0)
#define SDEI_STATUS_CORRECTED           (1u << 1)
#define SDEI_STATUS_SEVERAL_UNCORRECTED (1u << 2)
#define SDEI_STATUS_SEVERAL_CORRECTED   (1u << 3)
#define SDEI_STATUS_ENTRIES(n)          ((uint32_t)(n) << 4)
#define SDEI_STATUS_ENTRY_COUNT(word)   ((word) >> 4 & 0x3ff)

/* Generic Error Data Entry, revision 3 (ACPI 6.5, 18.3.2.7.1). */
struct sdei_cper_entry {
	uint8_t type[16]; /* GUID of the section that follows */
	uint32_t severity;
	uint16_t revision; /* SDEI_ENTRY_REVISION */
	uint8_t valid;     /* SDEI_FRU_*, SDEI_ENTRY_HAS_TIME */
	uint8_t flags;     /* SDEI_SECTION_PRIMARY, ... */
	uint32_t length;   /* of the section */
	uint8_t fru_id[16];
	char fru_text[20];
	uint64_t time; /* struct sdei_cper_timestamp */
} SDEI_PACKED(4);

#define SDEI_ENTRY_REVISION 0x300
#define SDEI_ENTRY_HAS_TIME (1u << 2)

/* Flags of a section (UEFI 2.10, N.2.2). */
#define SDEI_SECTION_PRIMARY        (1u << 0)
#define SDEI_SECTION_NOT_CONTAINED  (1u << 1)
#define SDEI_SECTION_RESET          (1u << 2)
#define SDEI_SECTION_THRESHOLD      (1u << 3)
#define SDEI_SECTION_NOT_ACCESSIBLE (1u << 4)
#define SDEI_SECTION_LATENT         (1u << 5)
#define SDEI_SECTION_PROPAGATED     (1u << 6)
#define SDEI_SECTION_OVERFLOW       (1u << 7)

#define SDEI_RECORD_SECTIONS 8    /* of a record, at most */
#define SDEI_RECORD_MAX      2048 /* bytes of a struct sdei_record with all */
/* Bytes of a status block that holds any record. */
#define SDEI_RECORD_BLOCK_MAX 4096

/*
 * One error. `size` counts all of the sections behind it and is a multiple of
 * 8. `sequence`, `lost` and `state` are the source's to fill in.
 */
struct sdei_record {
	uint16_t size;     /* bytes, this structure included */
	uint16_t pe;       /* index of the PE whose error it is */
	uint32_t sequence; /* counts the reports of a struct sdei_ras from 1 */
	uint64_t time;     /* struct sdei_cper_timestamp; 0: not known */
	uint16_t lost;     /* it tells of so many that were dropped */
	uint8_t severity;  /* SDEI_CPER_* */
	uint8_t sections;  /* 1 to SDEI_RECORD_SECTIONS; 0: raw */
	uint8_t state;
	uint8_t reserved[3];
};

/*
 * A section: this, a struct sdei_fru if `fru` is not 0, and `size` bytes of
 * body, which end with zeros up to a multiple of 8. In a raw record one that
 * has no kind (SDEI_SECTION_NONE) and no FRU follows: its body is the whole
 * status block, as it is to be shown.
 */
struct sdei_section {
	SDEI_ALIGNED(8) uint16_t size;
	uint8_t kind;     /* enum sdei_section_kind */
	uint8_t severity; /* SDEI_CPER_* */
	uint8_t flags;    /* SDEI_SECTION_PRIMARY, ... */
	uint8_t fru;      /* SDEI_FRU_* */
	uint8_t reserved[2];
};

/* A field replaceable unit (N.2.2): validation bits of a data entry. */
#define SDEI_FRU_ID   (1u << 0)
#define SDEI_FRU_TEXT (1u << 1)

struct sdei_fru {
	SDEI_ALIGNED(8) uint8_t id[16];
	char text[20]; /* ends with a zero, or fills all */
	uint8_t reserved[4];
};

/* Two decimal digits a byte; UTC (N.2.1, table of the timestamp). */
struct sdei_cper_timestamp {
	uint8_t seconds, minutes, hours;
	uint8_t precise; /* bit 0: the moment of the error itself */
	uint8_t day, month, year, century;
};

/*
 * Seconds since 1970-01-01 00:00:00 UTC as a record's `time`, marked precise.
 * 0 to 253402300799 (year 9999); beyond, 0: not known.
 */
uint64_t sdei_cper_time(uint64_t seconds);

/* An empty record of that severity (SDEI_CPER_*), about PE `pe` (its index). */
void sdei_record_start(struct sdei_record *record, unsigned severity,
		       unsigned pe);

/*
 * Append a section with `size` bytes of body, all zero: returns the body, to be
 * filled in, aligned to 8. The first is marked primary (N.2.2). `fru` may be
 * NULL; `fru_valid` (SDEI_FRU_*) says what of it counts. `room`: bytes of memory
 * that begin at `record`. NULL, and nothing changed: no room, or SDEI_RECORD_MAX
 * or SDEI_RECORD_SECTIONS reached, or `size` is less than the kind's least, or it
 * is raw, or there is no such kind or severity.
 */
void *sdei_record_add(struct sdei_record *record, size_t room,
		      enum sdei_section_kind kind, unsigned severity,
		      size_t size, const struct sdei_fru *fru,
		      unsigned fru_valid);

/*
 * Make a started record, which has no section yet, raw: its status block will be
 * these `size` bytes (20 to SDEI_RECORD_MAX - 32), whatever they are. False: no
 * room for them, or too few or too many, or it has a section.
 */
bool sdei_record_raw(struct sdei_record *record, size_t room, const void *bytes,
		     size_t size);

/*
 * The usual sections, of an error of which no more is said than its kind and
 * severity: of memory, with its type (single-bit ECC if corrected, else multi-bit
 * ECC) and no address; of an Arm processor, one error of a cache, which is returned,
 * in a section that lacks its PE. NULL: as sdei_record_add().
 */
struct sdei_cper_memory *sdei_record_memory(struct sdei_record *record,
					    size_t room, unsigned severity);
struct sdei_cper_arm_error *sdei_record_processor(struct sdei_record *record,
						  size_t room,
						  unsigned severity);

/*
 * Fill in what a processor section does not say of its PE (N.2.4.4): MPIDR (its
 * affinity fields) and, with it, affinity level 0; MIDR if it is 0; whether it
 * runs, and, if it does not, its power state by PSCI.
 */
void sdei_cper_processor_pe(struct sdei_cper_processor *section, uint64_t mpidr,
			    uint64_t midr, bool running, uint32_t psci_state);

/*
 * Fill in what a PCIe section says of its function, from that function's
 * configuration space: ids, class, command and status, port type, slot, serial
 * number, PCIe and AER capability structures (PCI Express 6.0, 7.5 to 7.8), as far
 * as there are any. If its AER capability shows no error of that severity
 * (SDEI_CPER_*), one is added. `read` gives the 32 bits at an offset (0 to 0xffc, a
 * multiple of 4). False, and nothing changed: there is no such function.
 */
typedef uint32_t sdei_pcie_read(void *context, unsigned offset);
bool sdei_cper_pcie_function(struct sdei_cper_pcie *section, unsigned severity,
			     sdei_pcie_read *read, void *context);

/*
 * The section behind `previous`, or the first (NULL); NULL: there is none, which
 * is so for all of a raw record. Its body and FRU (NULL: it has none): valid as
 * long as the record.
 */
const struct sdei_section *
sdei_record_next(const struct sdei_record *record,
		 const struct sdei_section *previous);
void *sdei_section_body(const struct sdei_section *section);
struct sdei_fru *sdei_section_fru(const struct sdei_section *section);

/*
 * Is that a sound record? For `size` bytes, aligned to 8, that somebody else
 * made, of which it takes as many as it says: sizes, counts, kinds, severities
 * and the least size of each kind's body are right, what is reserved is zero.
 * NULL, or what is wrong, in words.
 */
const char *sdei_record_wrong(const void *bytes, size_t size);

/*
 * The status block that a record becomes: sdei_record_bytes() counts its bytes,
 * with its status word; sdei_record_word() is that word (not 0, but what a raw
 * record has). sdei_record_write() gives all that is behind the word to `put`, in
 * two pieces a section, `offset` counted from the block's start: false as soon as
 * `put` says false. The pieces are aligned to 4, and so is what they go to, as long
 * as all bodies but the last are.
 *
 * A section without a FRU text gets "seq N", with N the sequence number, if it
 * is the first such one, and " lost M" behind it if the record tells of lost
 * ones: whoever reads two equal errors can tell them apart. (Linux drops a record
 * that equals an earlier one of the last 10 s.)
 */
typedef bool sdei_record_put(void *context, size_t offset, const void *from,
			     size_t bytes);
size_t sdei_record_bytes(const struct sdei_record *record);
uint32_t sdei_record_word(const struct sdei_record *record);
bool sdei_record_write(const struct sdei_record *record, sdei_record_put *put,
		       void *context);
/* Has the record a section whose text can tell of lost ones? */
bool sdei_record_tells(const struct sdei_record *record);
/* As many lost records as there is room to tell of. */
#define SDEI_RECORD_LOST_MAX 999

SDEI_END_C

#endif
