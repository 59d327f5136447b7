/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of `sdei inject` share. From the command line to the request:
 *
 *   inject.c          the options, as argp knows them, and which belong to what
 *   inject_fields.c   the table of what can be said of each kind of section
 *   inject_value.c    texts become numbers, bytes, GUIDs, addresses, times
 *   inject_section.c  what was given becomes a section's bytes
 *   inject_record.c   sections become a record, and a record a request
 *   inject_storm.c    the request for many, and what becomes of them
 *
 * Whoever finds a wrong value says it with argp_error(), which ends the process.
 */
#ifndef INJECT_H
#define INJECT_H

#include <sdei/cper.h>

#include "sdei.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* What can be injected, as people call it: the index of inject_kinds[]. */
enum kind {
	KIND_MEMORY,
	KIND_PROCESSOR,
	KIND_PCIE,
	KIND_CXL,
	KIND_PLATFORM,
	KIND_VENDOR,
	KIND_RECORD,
	KIND_DUMP,
	KIND_STOP,
	KINDS,
};
#define KIND_NONE KINDS

extern const struct inject_kind {
	const char *name, *doc;
	unsigned sections; /* a bit each: enum sdei_section_kind */
} inject_kinds[KINDS];

/* A word for a number. A list ends with a name that is NULL. */
struct inject_word {
	const char *name;
	uint64_t value;
};

/* What a field's text is. */
enum form {
	FORM_NUMBER, /* or one of the words, if there are any */
	FORM_SIGNED,
	FORM_BITS,    /* words with commas between them, or a number */
	FORM_BYTES,   /* hexadecimal digits, or @FILE; zeros follow */
	FORM_APPEND,  /* the same, for a part that is as long as they are */
	FORM_CONTEXT, /* TYPE:HEX */
	FORM_GUID,
	FORM_PCIE, /* SSSS:BB:DD.F, as N.2.7 has it */
	FORM_CXL,  /* the same, as N.2.13 and N.2.14 have it */
};

/* Of which part of a section a field is one. */
enum part {
	PART_BODY,
	PART_ERROR, /* Arm error information: the latest --error */
	PART_FIRST, /* what follows of variable length, first... */
	PART_LAST,  /* ...and last */
	PARTS,
};

struct inject_field {
	const char *name;
	unsigned sections; /* a bit each: enum sdei_section_kind */
	uint8_t form, part;
	uint8_t types; /* PART_ERROR: of errors of these types: SDEI_ARM_* */
	uint16_t offset;
	uint8_t size;        /* bytes */
	uint8_t shift, bits; /* 0: all bits of its size */
	uint8_t has_at;      /* offset of the validation bits */
	uint64_t has;        /* which of them says that it counts */
	uint64_t max;        /* 0: what its bits hold */
	const struct inject_word *words;
	const char *doc;
};

extern const struct inject_field inject_fields[];
extern const size_t inject_field_count;
extern const struct inject_word inject_severities[], inject_section_flags[],
	inject_error_types[], inject_contexts[], inject_events[];

/* What was given for a section, in the order of the command line. */
#define GIVEN_MAX 96

struct inject_given {
	enum kind kind;
	/* Texts of the options that more than one kind has; NULL: not given. */
	const char *severity, *flags, *fru_id, *fru_text;
	const char *memory2, *event; /* which of its sections a kind means */
	unsigned count;
	struct {
		const char *name, *text;
	} option[GIVEN_MAX];
};

struct inject {
	struct talk_options talk;
	struct argp_state *state; /* for messages */
	struct inject_given section[SDEI_RECORD_SECTIONS];
	unsigned sections;
	const char *file; /* of a raw record */
	const char *cpu, *time, *count, *rate;
	char request[2 * SDEI_RECORD_MAX + 64];
};

/* A field's text in what was given: the last one, or NULL. */
const char *inject_text(const struct inject_given *given, const char *name);

/* inject_value.c: is the text one? Nothing is changed if it is not. */
bool value_number(const char *text, uint64_t max, uint64_t *value);
bool value_word(const char *text, const struct inject_word *words,
		uint64_t *value);
bool value_guid(const char *text, uint8_t *guid);
bool value_time(const char *text, uint64_t *seconds);
bool value_pci(const char *text, unsigned *segment, unsigned *bus,
	       unsigned *device, unsigned *function);
/* The same, and the process ends with a message about --NAME if it is not. */
uint64_t take_number(struct argp_state *state, const char *name,
		     const char *text, uint64_t max,
		     const struct inject_word *words);
uint64_t take_bits(struct argp_state *state, const char *name, const char *text,
		   uint64_t max, const struct inject_word *words);
/* How many bytes: at most `room`. */
size_t take_bytes(struct argp_state *state, const char *name, const char *text,
		  uint8_t *to, size_t room);
void take_guid(struct argp_state *state, const char *name, const char *text,
	       uint8_t *guid);
/* The same of a file ("-": standard input). */
size_t take_file(struct argp_state *state, const char *path, uint8_t *to,
		 size_t room);
/* "a, b, c": the words of a list, for messages. */
void list_words(const struct inject_word *words, char *text, size_t size);

/* inject_section.c: append what was given to the record. */
void inject_section(struct argp_state *state, const struct inject_given *given,
		    unsigned severity, struct sdei_record *record, size_t room);

/* inject_record.c: the request, and what it is about, for people. */
void inject_request(struct inject *inject);
void inject_describe(const struct inject *inject, char *what, size_t size);

/* inject_storm.c: ask for a storm and follow it; an exit status. */
int inject_storm(const struct machine *machine, const char *request);

#endif
