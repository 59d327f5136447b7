/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the decoder's files share. A structure is a table of fields; what a table
 * cannot say has a function. All reading goes through offsets that were compared
 * with the number of bytes.
 */
#ifndef RAS_DECODE_H
#define RAS_DECODE_H

#include <sdei/cper.h>
#include <sdei/decode.h>

struct decode {
	const uint8_t *bytes;
	size_t size;
	sdei_decoded_tell *tell;
	void *context;
	unsigned wrong;
};

/* Some of the bytes, none of them beyond the end. */
struct span {
	size_t at, size;
};

/* Names of numbers, or of bits. */
struct names {
	const char *const *list;
	unsigned count;
};

#define NAMES(id, ...) \
	static const char *const id##_list[] = { __VA_ARGS__ }; \
	static const struct names id = { \
		id##_list, sizeof(id##_list) / sizeof(*id##_list) \
	}

struct field {
	const char *name;
	const struct names *names;
	uint16_t at;
	uint8_t size;         /* numbers: 1 to 8; signed ones: 2 */
	uint8_t kind;         /* enum sdei_decoded_kind */
	uint8_t shift, width; /* only these bits of a number; 0: all */
	bool keep;            /* they stay where they are */
	int8_t valid;         /* its validation bit; ALWAYS */
};

#define ALWAYS (-1)
#define FIELD(text, how, bit, s, f) \
	{ .name = (text), \
	  .kind = SDEI_DECODED_##how, \
	  .valid = (bit), \
	  .at = offsetof(struct s, f), \
	  .size = sizeof(((struct s *)0)->f) }
#define NAMED(text, how, bit, s, f, list) \
	{ .name = (text), \
	  .kind = SDEI_DECODED_##how, \
	  .valid = (bit), \
	  .at = offsetof(struct s, f), \
	  .size = sizeof(((struct s *)0)->f), \
	  .names = &(list) }
#define PART(text, how, bit, s, f, low, bits) \
	{ .name = (text), \
	  .kind = SDEI_DECODED_##how, \
	  .valid = (bit), \
	  .at = offsetof(struct s, f), \
	  .size = sizeof(((struct s *)0)->f), \
	  .shift = (low), \
	  .width = (bits) }
#define MASKED(text, bit, s, f, low, bits) \
	{ .name = (text), \
	  .kind = SDEI_DECODED_HEX, \
	  .valid = (bit), \
	  .at = offsetof(struct s, f), \
	  .size = sizeof(((struct s *)0)->f), \
	  .shift = (low), \
	  .width = (bits), \
	  .keep = true }
#define NAMED_PART(text, how, bit, s, f, low, bits, list) \
	{ .name = (text), \
	  .kind = SDEI_DECODED_##how, \
	  .valid = (bit), \
	  .at = offsetof(struct s, f), \
	  .size = sizeof(((struct s *)0)->f), \
	  .shift = (low), \
	  .width = (bits), \
	  .names = &(list) }

struct layout {
	const struct field *fields;
	uint8_t count;
	uint16_t size;
	uint8_t valid_size; /* 0: it has no validation bits */
	uint16_t valid_at;
	uint64_t also; /* validation bits that no field of it has */
};

#define LAYOUT(list, s, v, more) \
	{ .fields = (list), \
	  .count = sizeof(list) / sizeof(*(list)), \
	  .size = sizeof(struct s), \
	  .valid_at = offsetof(struct s, v), \
	  .valid_size = sizeof(((struct s *)0)->v), \
	  .also = (more) }
#define PLAIN_LAYOUT(list, s) \
	{ .fields = (list), \
	  .count = sizeof(list) / sizeof(*(list)), \
	  .size = sizeof(struct s) }

/* decode.c: a number of 0 to 8 bytes, which are there. */
uint64_t decode_get(const struct decode *d, size_t at, size_t size);
/* What is in `s` from `skip` on; nothing if that is beyond it. */
struct span decode_behind(struct span s, size_t skip);
/* The first `size` bytes of `s`, or all if it has fewer. */
struct span decode_first(struct span s, size_t size);

void decode_begin(struct decode *d, const char *name, const char *text,
		  struct span s);
void decode_begin_item(struct decode *d, const char *name, unsigned index,
		       const char *text, struct span s);
void decode_end(struct decode *d);
void decode_number(struct decode *d, enum sdei_decoded_kind kind,
		   const char *name, struct span s, uint64_t number,
		   const struct names *names);
/* Nothing is told of no bytes. */
void decode_bytes(struct decode *d, enum sdei_decoded_kind kind,
		  const char *name, struct span s);
void decode_wrong(struct decode *d, size_t at, const char *name,
		  const char *text, uint64_t number, uint64_t limit);

/* A structure's fields, or what is there of them. Returns its validation bits. */
uint64_t decode_layout(struct decode *d, struct span s,
		       const struct layout *layout);

/* decode_section.c: a section's body; its name. */
const char *decode_section_name(const uint8_t guid[16]);
void decode_section(struct decode *d, const uint8_t guid[16], struct span s);

/* decode_memory.c, decode_arm.c, decode_pcie.c, decode_cxl.c */
void decode_memory(struct decode *d, struct span s);
void decode_memory2(struct decode *d, struct span s);
void decode_processor(struct decode *d, struct span s);
void decode_pcie(struct decode *d, struct span s);
/* The capability structure in 60 bytes. */
void decode_pcie_capability(struct decode *d, struct span s);
void decode_cxl_protocol(struct decode *d, struct span s);
void decode_cxl_media(struct decode *d, struct span s);
void decode_cxl_dram(struct decode *d, struct span s);
void decode_cxl_module(struct decode *d, struct span s);
/* An event of which only the beginning is known. */
void decode_cxl_event(struct decode *d, struct span s);

#endif
