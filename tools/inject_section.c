/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei inject: what was given for a section becomes its bytes. A section begins as
 * the usual one of its kind; then each option changes what its line in the table
 * of fields says, in the order of the command line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inject.h"

/* A PCI Express extended capability's header: AER (ID 1), version 2. */
#define AER_HEADER 0x00020001u

struct draft {
	struct argp_state *state;
	const struct inject_given *given;
	enum sdei_section_kind kind;
	unsigned severity;
	unsigned errors; /* of a processor, begun */
	bool named;      /* the first one by an --error */
	struct {
		_Alignas(8) uint8_t bytes[SDEI_RECORD_MAX];
		size_t size;
	} part[PARTS];
};

static const char *kind_name(const struct draft *d)
{
	return inject_kinds[d->given->kind].name;
}

static struct sdei_cper_arm_error *latest_error(struct draft *d)
{
	return (struct sdei_cper_arm_error *)d->part[PART_ERROR].bytes +
	       d->errors - 1;
}

/* The usual section of this kind, in a record of its own. */
union usual {
	struct sdei_record record;
	uint64_t room[32];
};

static void begin_memory(struct draft *d)
{
	union usual usual;

	sdei_record_start(&usual.record, d->severity, 0);
	memcpy(d->part[PART_BODY].bytes,
	       sdei_record_memory(&usual.record, sizeof(usual), d->severity),
	       sizeof(struct sdei_cper_memory));
}

static void begin_memory2(struct draft *d)
{
	struct sdei_cper_memory2 *m = (void *)d->part[PART_BODY].bytes;
	const struct sdei_cper_memory *first = (void *)m;
	uint8_t type;

	begin_memory(d);
	type = first->error_type;
	memset(m, 0, sizeof(*m));
	m->valid = SDEI_MEMORY2_HAS_ERROR_TYPE;
	m->error_type = type;
}

/* One more error of a processor, as the usual one is. */
static void begin_error(struct draft *d, unsigned type)
{
	struct sdei_cper_arm_error *e;
	union usual usual;

	if ((d->errors + 1) * sizeof(*e) >
	    sizeof(d->part[PART_ERROR].bytes) / 2)
		argp_error(d->state,
			   "--error: too many, a record can have %d "
			   "bytes",
			   SDEI_RECORD_MAX);
	d->errors++;
	e = latest_error(d);
	sdei_record_start(&usual.record, d->severity, 0);
	*e = *sdei_record_processor(&usual.record, sizeof(usual), d->severity);
	e->type = (uint8_t)type;
	if (type == SDEI_ARM_VENDOR) {
		e->valid &= (uint16_t)~SDEI_ARM_HAS_INFORMATION;
		e->information = 0;
	}
	d->part[PART_ERROR].size = d->errors * sizeof(*e);
}

static unsigned error_type(const struct draft *d, const char *text)
{
	char list[128];
	uint64_t type = 0;

	list_words(inject_error_types, list, sizeof(list));
	if (!value_word(text, inject_error_types, &type))
		argp_error(d->state, "--error: '%s' is none of %s", text, list);
	return (unsigned)type;
}

static void begin_processor(struct draft *d)
{
	const char *type = "cache";

	for (unsigned i = d->given->count; i--;)
		if (strcmp(d->given->option[i].name, "error") == 0)
			type = d->given->option[i].text;
	d->part[PART_BODY].size = sizeof(struct sdei_cper_processor);
	begin_error(d, error_type(d, type));
}

static void begin(struct draft *d)
{
	void *body = d->part[PART_BODY].bytes;
	struct sdei_cper_cxl_media *event = body;
	struct sdei_cper_firmware *reference = body;

	d->part[PART_BODY].size = sdei_section_types[d->kind].least;
	switch (d->kind) {
	case SDEI_SECTION_MEMORY:
		begin_memory(d);
		return;
	case SDEI_SECTION_MEMORY2:
		begin_memory2(d);
		return;
	case SDEI_SECTION_PROCESSOR:
		begin_processor(d);
		return;
	case SDEI_SECTION_FIRMWARE:
		reference->type = reference->revision = 2;
		return;
	case SDEI_SECTION_CXL_MEDIA:
	case SDEI_SECTION_CXL_DRAM:
	case SDEI_SECTION_CXL_MODULE:
		event->event.valid = SDEI_CXL_EVENT_HAS_LOG;
		event->event.length = sizeof(*event);
		event->record.length = 128;
		return;
	default:
		return;
	}
}

static const char *type_name(unsigned type)
{
	const struct inject_word *word = inject_error_types;

	while (word->name && word->value != type)
		word++;
	return word->name;
}

/* The field of that name which this kind of section has. */
static const struct inject_field *find_field(const struct draft *d,
					     const char *name)
{
	const char *other = NULL;

	for (size_t i = 0; i < inject_field_count; i++) {
		const struct inject_field *f = &inject_fields[i];

		if (strcmp(f->name, name) != 0 || !(f->sections >> d->kind & 1))
			continue;
		if (f->part != PART_ERROR ||
		    f->types & latest_error((struct draft *)d)->type)
			return f;
		other = type_name(latest_error((struct draft *)d)->type);
	}
	if (other)
		argp_error(d->state, "a %s error of a processor has no --%s",
			   other, name);
	if (d->given->kind == KIND_CXL)
		argp_error(d->state,
			   "such a CXL section has no --%s; which "
			   "one it is says --event",
			   name);
	argp_error(d->state, "a %s error %s has no --%s", kind_name(d),
		   d->kind == SDEI_SECTION_MEMORY ? "without --memory2"
						  : "with --memory2",
		   name);
	return NULL;
}

static void set_number(uint8_t *to, const struct inject_field *f,
		       uint64_t value)
{
	uint64_t mask = f->bits ? (UINT64_C(1) << f->bits) - 1 : UINT64_MAX;
	uint64_t word = 0;

	memcpy(&word, to, f->size);
	word &= ~(mask << f->shift);
	word |= value << f->shift;
	memcpy(to, &word, f->size);
}

static uint64_t most(const struct inject_field *f)
{
	unsigned bits = f->bits ? f->bits : f->size * 8u;

	return f->max ? f->max : UINT64_MAX >> (64 - bits);
}

static void set_signed(struct argp_state *state, uint8_t *to,
		       const struct inject_field *f, const char *text)
{
	const bool minus = text[0] == '-';
	uint64_t value;

	if (!value_number(text + minus, minus ? 0x8000 : 0x7fff, &value))
		argp_error(state,
			   "--%s: '%s' is not a number from -32768 to 32767",
			   f->name, text);
	set_number(to, f, minus ? -value : value);
}

/* Function, device, and then segment and bus or the other way round. */
static void set_device(struct argp_state *state, uint8_t *to,
		       const struct inject_field *f, const char *text)
{
	unsigned segment, bus, device, function;

	if (!value_pci(text, &segment, &bus, &device, &function))
		argp_error(state,
			   "--%s: '%s' is not a function like 0000:00:1f.7: "
			   "segment, bus, device (to 1f), function (to 7)",
			   f->name, text);
	to[0] = (uint8_t)function;
	to[1] = (uint8_t)device;
	to[f->form == FORM_PCIE ? 4 : 2] = (uint8_t)bus;
	to += f->form == FORM_PCIE ? 2 : 3;
	to[0] = (uint8_t)segment;
	to[1] = (uint8_t)(segment >> 8);
}

static void append(struct draft *d, const struct inject_field *f,
		   const char *text)
{
	size_t *size = &d->part[f->part].size;

	*size += take_bytes(d->state, f->name, text,
			    d->part[f->part].bytes + *size,
			    sizeof(d->part[f->part].bytes) - *size);
}

/* TYPE:HEX: a header with the type and the number of bytes, and these. */
static void append_context(struct draft *d, const struct inject_field *f,
			   const char *text)
{
	const char *colon = strchr(text, ':');
	struct sdei_cper_arm_context head = { 0 };
	struct sdei_cper_processor *p = (void *)d->part[PART_BODY].bytes;
	size_t at = d->part[f->part].size;
	char type[32];

	if (!colon || (size_t)(colon - text) >= sizeof(type))
		argp_error(d->state,
			   "--%s: '%s' is not TYPE:HEX, a type of context and "
			   "its registers",
			   f->name, text);
	snprintf(type, sizeof(type), "%.*s", (int)(colon - text), text);
	if (at + sizeof(head) > sizeof(d->part[f->part].bytes))
		argp_error(d->state, "--%s: too many", f->name);
	head.type = (uint16_t)take_number(d->state, f->name, type, UINT16_MAX,
					  f->words);
	d->part[f->part].size += sizeof(head);
	append(d, f, colon + 1);
	head.size = (uint32_t)(d->part[f->part].size - at - sizeof(head));
	memcpy(d->part[f->part].bytes + at, &head, sizeof(head));
	p->context_count++;
}

/* Where the field's part begins: for one of a fixed place, with all of it. */
static uint8_t *base(struct draft *d, const struct inject_field *f)
{
	if (f->part == PART_ERROR)
		return (uint8_t *)latest_error(d);
	if (f->part == PART_LAST &&
	    d->part[f->part].size < sizeof(struct sdei_cxl_ras))
		d->part[f->part].size = sizeof(struct sdei_cxl_ras);
	return d->part[f->part].bytes;
}

static void set(struct draft *d, const struct inject_field *f, const char *text)
{
	uint8_t *to;

	if (f->form == FORM_APPEND || f->form == FORM_CONTEXT) {
		(f->form == FORM_APPEND ? append : append_context)(d, f, text);
		return;
	}
	to = base(d, f) + f->offset;
	switch (f->form) {
	case FORM_NUMBER:
		set_number(to, f,
			   take_number(d->state, f->name, text, most(f),
				       f->words));
		return;
	case FORM_BITS:
		set_number(to, f,
			   take_bits(d->state, f->name, text, most(f),
				     f->words));
		return;
	case FORM_SIGNED:
		set_signed(d->state, to, f, text);
		return;
	case FORM_BYTES:
		memset(to, 0, f->size);
		take_bytes(d->state, f->name, text, to, f->size);
		return;
	case FORM_GUID:
		take_guid(d->state, f->name, text, to);
		return;
	default:
		set_device(d->state, to, f, text);
	}
}

/* The validation bits that say of a field that it counts. */
static void validate(struct draft *d, const struct inject_field *f)
{
	uint8_t *valid = (f->part == PART_ERROR ? (uint8_t *)latest_error(d)
						: d->part[PART_BODY].bytes) +
			 f->has_at;
	uint64_t has = f->has;

	for (; has; has >>= 8)
		*valid++ |= has & 0xff;
}

/* What was said before the first --error is said of that one, too. */
static void take_error(struct draft *d, const char *text)
{
	if (d->named)
		begin_error(d, error_type(d, text));
	d->named = true;
}

static void take_all(struct draft *d)
{
	for (unsigned i = 0; i < d->given->count; i++) {
		const char *name = d->given->option[i].name;
		const char *text = d->given->option[i].text;
		const struct inject_field *f;

		if (d->kind == SDEI_SECTION_PROCESSOR &&
		    strcmp(name, "error") == 0) {
			take_error(d, text);
			continue;
		}
		f = find_field(d, name);
		set(d, f, text);
		validate(d, f);
	}
}

static void need(const struct draft *d, const char *name)
{
	if (!inject_text(d->given, name))
		argp_error(d->state, "a %s error needs --%s", kind_name(d),
			   name);
}

/* Lengths and counts, and what one option means for another field. */
static void finish(struct draft *d)
{
	void *body = d->part[PART_BODY].bytes;
	struct sdei_cper_processor *processor = body;
	struct sdei_cper_pcie *pcie = body;
	struct sdei_cper_firmware *reference = body;
	struct sdei_cper_cxl_protocol *cxl = body;
	const uint32_t header = AER_HEADER;

	switch (d->given->kind) {
	case KIND_MEMORY:
		need(d, "address");
		return;
	case KIND_PROCESSOR:
		processor->error_count = (uint16_t)d->errors;
		processor->length = (uint32_t)(sizeof(*processor) +
					       d->part[PART_ERROR].size +
					       d->part[PART_FIRST].size +
					       d->part[PART_LAST].size);
		return;
	case KIND_PCIE:
		need(d, "device");
		if (pcie->valid & SDEI_PCIE_HAS_AER &&
		    !inject_text(d->given, "aer"))
			memcpy(pcie->aer, &header, sizeof(header));
		return;
	case KIND_CXL:
		if (d->kind != SDEI_SECTION_CXL_PROTOCOL)
			return;
		cxl->dvsec_length = (uint16_t)d->part[PART_FIRST].size;
		cxl->log_length = (uint16_t)d->part[PART_LAST].size;
		return;
	case KIND_PLATFORM:
		if (inject_text(d->given, "guid"))
			return;
		need(d, "record-id");
		if (!inject_text(d->given, "revision"))
			reference->revision = 0;
		return;
	default:
		need(d, "guid");
	}
}

/* Which of its sections a kind means: memory and CXL have several. */
static enum sdei_section_kind section_kind(struct argp_state *state,
					   const struct inject_given *given)
{
	unsigned first = 0;
	uint64_t kind;
	char list[128];

	while (!(inject_kinds[given->kind].sections >> first & 1))
		first++;
	if (given->memory2)
		return SDEI_SECTION_MEMORY2;
	if (!given->event)
		return (enum sdei_section_kind)first;
	list_words(inject_events, list, sizeof(list));
	if (!value_word(given->event, inject_events, &kind))
		argp_error(state, "--event: '%s' is none of %s", given->event,
			   list);
	return (enum sdei_section_kind)kind;
}

static unsigned take_fru(struct argp_state *state,
			 const struct inject_given *given, struct sdei_fru *fru)
{
	const char *id = given->fru_id, *text = given->fru_text;

	memset(fru, 0, sizeof(*fru));
	if (id)
		take_guid(state, "fru-id", id, fru->id);
	if (text && strlen(text) > sizeof(fru->text))
		argp_error(state,
			   "--fru-text: '%s' has %zu characters, it can have "
			   "%zu",
			   text, strlen(text), sizeof(fru->text));
	if (text)
		memcpy(fru->text, text, strlen(text));
	return (id ? SDEI_FRU_ID : 0) | (text ? SDEI_FRU_TEXT : 0);
}

void inject_section(struct argp_state *state, const struct inject_given *given,
		    unsigned severity, struct sdei_record *record, size_t room)
{
	static struct draft d;
	const struct sdei_section *section = NULL, *last = NULL;
	struct sdei_fru fru;
	unsigned fru_valid = take_fru(state, given, &fru), i;
	size_t size = 0;
	uint8_t *body;

	memset(&d, 0, sizeof(d));
	d.state = state;
	d.given = given;
	d.kind = section_kind(state, given);
	d.severity = severity;
	begin(&d);
	take_all(&d);
	finish(&d);
	for (i = 0; i < PARTS; i++)
		size += d.part[i].size;
	body = sdei_record_add(record, room, d.kind, severity, size, &fru,
			       fru_valid);
	if (!body)
		argp_error(state,
			   "the record is too long: all its sections can have "
			   "%d bytes",
			   SDEI_RECORD_MAX);
	for (i = 0; i < PARTS; body += d.part[i++].size)
		memcpy(body, d.part[i].bytes, d.part[i].size);
	while ((section = sdei_record_next(record, section)))
		last = section;
	if (given->flags)
		((struct sdei_section *)last)->flags =
			(uint8_t)take_bits(state, "section-flags", given->flags,
					   UINT8_MAX, inject_section_flags);
}
