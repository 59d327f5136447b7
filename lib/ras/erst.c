/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ERST: the client's records, kept over resets (ACPI 6.5, 18.5).
 *
 * The store is slots of one size, each a head and a record. A slot counts if its
 * magic number is right, which is written last and wiped first; at the start of a
 * client all else that it says is looked at, too. So a record is in the store as a
 * whole or not at all. One that replaces another is there before that goes: after a
 * reset in between, the newer one counts.
 */
#include <sdei/apei.h>

#include "keep.h"

#define MAGIC 0x32535245u /* "ERS2" */

/* A record's header (UEFI 2.10, N.2.1), as far as the store goes by it. */
struct cper {
	char signature[4];
	uint16_t revision;
	uint32_t end;
	uint8_t skipped[10];
	uint32_t length;
	uint8_t skipped_too[72];
	uint64_t id;
	uint8_t skipped_last[24];
} SDEI_PACKED(2);
_Static_assert(offsetof(struct cper, length) == 20, "UEFI 2.10, N.2.1");
_Static_assert(offsetof(struct cper, id) == 96, "UEFI 2.10, N.2.1");
_Static_assert(sizeof(struct cper) == 128, "UEFI 2.10, N.2.1");

struct slot {
	uint32_t magic;
	uint32_t crc;      /* of the rest of this and of the record */
	uint64_t sequence; /* of writing, from 1 */
	uint64_t id;
	uint32_t size; /* of the record */
	uint32_t room; /* for one */
};
_Static_assert(sizeof(struct slot) == SDEI_ERST_SLOT(0), "");
#define CRC_FROM offsetof(struct slot, sequence)

/* What the client writes, as it was when the doorbell rang. */
struct request {
	uint64_t busy, status;
	uint64_t command, offset, id;
};
_Static_assert(offsetof(struct request, id) == SDEI_ERST_ID, "");

enum command { NONE, WRITE = 0x0 + 1, READ, CLEAR, DUMMY_WRITE = 0xb + 1 };

#define ATTRIBUTES (1u << 2) /* slow: see usual_us, longest_us */

static unsigned slots(const struct sdei_erst_config *c)
{
	return (unsigned)(c->store_size / SDEI_ERST_SLOT(c->range_size));
}

static struct slot *slot(const struct sdei_erst_config *c, unsigned index)
{
	return (struct slot *)((uint8_t *)c->store +
			       index * SDEI_ERST_SLOT(c->range_size));
}

static void wipe(struct slot *s)
{
	const uint32_t none = 0;

	keep_write(&s->magic, &none, sizeof(none));
}

static uint32_t crc_of_head(const struct slot *s)
{
	return keep_crc(0, (const uint8_t *)s + CRC_FROM,
			sizeof(*s) - CRC_FROM);
}

static bool slot_is_sound(const struct sdei_erst_config *c,
			  const struct slot *s)
{
	return s->magic == MAGIC && s->room == c->range_size &&
	       s->size >= sizeof(struct cper) && s->size <= s->room &&
	       keep_crc(crc_of_head(s), s + 1, s->size) == s->crc;
}

/* The record of that identifier, in slot `from` or behind; NULL: there is none. */
static struct slot *find_slot(const struct sdei_erst_config *c, uint64_t id,
			      unsigned from)
{
	for (unsigned i = from; i < slots(c); i++) {
		struct slot *s = slot(c, i);

		if (s->magic == MAGIC && s->id == id)
			return s;
	}
	return NULL;
}

/* The first written after `sequence`; NULL: there is none. */
static const struct slot *first_after(const struct sdei_erst_config *c,
				      uint64_t sequence)
{
	const struct slot *first = NULL;

	for (unsigned i = 0; i < slots(c); i++) {
		const struct slot *s = slot(c, i);

		if (s->magic == MAGIC && s->sequence > sequence &&
		    (!first || s->sequence < first->sequence))
			first = s;
	}
	return first;
}

unsigned sdei_erst_count(const struct sdei_erst *erst)
{
	unsigned count = 0;

	for (unsigned i = 0; i < slots(erst->config); i++)
		count += slot(erst->config, i)->magic == MAGIC;
	return count;
}

static bool read_range(const struct sdei_erst_config *c, uint64_t offset,
		       void *to, size_t bytes)
{
	return c->ops->read(c->context, c->range + offset, to, bytes);
}

/* Is there a record at that offset, as a client may give one? */
static bool read_header(const struct sdei_erst_config *c, uint64_t offset,
			struct cper *header)
{
	return offset <= c->range_size - sizeof(*header) &&
	       read_range(c, offset, header, sizeof(*header)) &&
	       !__builtin_memcmp(header->signature, "CPER", 4) &&
	       header->end == UINT32_MAX && header->length >= sizeof(*header) &&
	       header->length <= c->range_size - offset && header->id &&
	       header->id != SDEI_ERST_NONE;
}

/*
 * The record's bytes, in pieces: what the client changes meanwhile is changed in
 * its record, not in what we go by.
 */
static bool fill(const struct sdei_erst_config *c, uint64_t offset,
		 const struct cper *header, struct slot *s, uint32_t *crc)
{
	uint64_t piece[32];
	uint8_t *to = (uint8_t *)(s + 1);
	uint32_t at = sizeof(*header), bytes;

	keep_write(to, header, sizeof(*header));
	*crc = keep_crc(*crc, header, sizeof(*header));
	for (; at < header->length; at += bytes) {
		bytes = header->length - at;
		if (bytes > sizeof(piece))
			bytes = sizeof(piece);
		if (!read_range(c, offset + at, piece, bytes))
			return false;
		keep_write(to + at, piece, bytes);
		*crc = keep_crc(*crc, piece, bytes);
	}
	return true;
}

static enum sdei_erst_status write_record(const struct sdei_erst_config *c,
					  uint64_t offset)
{
	struct cper header;
	struct slot head = { .magic = MAGIC, .sequence = 1 }, *s = NULL, *old;

	if (!read_header(c, offset, &header))
		return SDEI_ERST_FAILED;
	for (unsigned i = 0; i < slots(c); i++) {
		struct slot *at = slot(c, i);

		if (at->magic != MAGIC)
			s = at;
		else if (at->sequence >= head.sequence)
			head.sequence = at->sequence + 1;
	}
	if (!s)
		return SDEI_ERST_NO_SPACE;
	old = find_slot(c, header.id, 0);
	head.id = header.id;
	head.size = header.length;
	head.room = c->range_size;
	head.crc = crc_of_head(&head);
	if (!fill(c, offset, &header, s, &head.crc))
		return SDEI_ERST_FAILED;
	keep_write(&s->crc, &head.crc,
		   sizeof(head) - offsetof(struct slot, crc));
	keep_write(&s->magic, &head.magic, sizeof(head.magic));
	if (old)
		wipe(old);
	return SDEI_ERST_SUCCESS;
}

static enum sdei_erst_status read_record(struct sdei_erst *erst,
					 const struct slot *s, uint64_t offset)
{
	const struct sdei_erst_config *c = erst->config;

	if (offset > c->range_size || s->size > c->range_size - offset ||
	    !slot_is_sound(c, s) ||
	    !c->ops->write(c->context, c->range + offset, s + 1, s->size))
		return SDEI_ERST_FAILED;
	erst->last = s->sequence;
	return SDEI_ERST_SUCCESS;
}

static enum sdei_erst_status execute(struct sdei_erst *erst,
				     const struct request *request)
{
	const struct sdei_erst_config *c = erst->config;
	struct slot *s;

	switch (request->command) {
	case WRITE:
		return write_record(c, request->offset);
	case DUMMY_WRITE:
		return SDEI_ERST_SUCCESS;
	case READ:
	case CLEAR:
		break;
	default:
		return SDEI_ERST_FAILED;
	}
	s = find_slot(c, request->id, 0);
	if (!s)
		return first_after(c, 0) ? SDEI_ERST_NOT_FOUND
					 : SDEI_ERST_EMPTY;
	if (request->command == READ)
		return read_record(erst, s, request->offset);
	wipe(s);
	return SDEI_ERST_SUCCESS;
}

static bool put_register(const struct sdei_erst_config *c, unsigned at,
			 const void *from, size_t bytes)
{
	return c->ops->write(c->context, c->registers + at, from, bytes);
}

/* What the client finds next, and how many there are. */
static bool put_list(const struct sdei_erst *erst)
{
	const struct slot *s = first_after(erst->config, erst->last);
	uint64_t list[2];

	if (!s)
		s = first_after(erst->config, 0);
	list[0] = s ? s->id : SDEI_ERST_NONE;
	list[1] = sdei_erst_count(erst);
	return put_register(erst->config, SDEI_ERST_NEXT, list, sizeof(list));
}

bool sdei_erst_publish(struct sdei_erst *erst,
		       const struct sdei_erst_config *config)
{
	const uint64_t request[5] = { 0 };
	const uint64_t range[4] = { config->range, config->range_size,
				    ATTRIBUTES,
				    (uint64_t)config->longest_us << 32 |
					    config->usual_us };

	*erst = (struct sdei_erst){ .config = config };
	for (unsigned i = 0; i < slots(config); i++)
		if (!slot_is_sound(config, slot(config, i)))
			wipe(slot(config, i));
	for (unsigned i = 0; i < slots(config); i++) {
		struct slot *s = slot(config, i), *twin;

		if (s->magic == MAGIC &&
		    (twin = find_slot(config, s->id, i + 1)))
			wipe(s->sequence < twin->sequence ? s : twin);
	}
	return put_register(config, 0, request, sizeof(request)) &&
	       put_list(erst) &&
	       put_register(config, SDEI_ERST_RANGE, range, sizeof(range));
}

void sdei_erst_serve(struct sdei_erst *erst)
{
	const struct sdei_erst_config *c = erst->config;
	struct request request;
	uint64_t status, busy = 0, idle = 0;

	/* Most often it is for somebody else that was rung. */
	if (!c->ops->read(c->context, c->registers, &busy, sizeof(busy)) ||
	    !(busy & 1))
		return;
	/* It has not rung for it yet if another's doorbell brought us here: then
	 * nothing else orders the request behind `busy`. */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (!c->ops->read(c->context, c->registers, &request, sizeof(request)))
		return;
	status = execute(erst, &request);
	put_list(erst);
	put_register(c, SDEI_ERST_STATUS, &status, sizeof(status));
	__atomic_thread_fence(__ATOMIC_RELEASE);
	put_register(c, SDEI_ERST_BUSY, &idle, sizeof(idle));
}
