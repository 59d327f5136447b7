/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace for the Perfetto viewer and trace_processor: protobuf, of which a few
 * messages serve (perfetto.protos.Trace). Each PE has a track of its handlers, nested
 * as they were, one of its calls, and one of all else at EL3; the kernel's lines have
 * one. A flow goes from an error's report to its handler and to its line in the log.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

/* Fields, of Trace, TracePacket, TrackDescriptor, ProcessDescriptor, TrackEvent and
 * DebugAnnotation. */
enum {
	TRACE_PACKET = 1,
	PACKET_TIMESTAMP = 8,
	PACKET_SEQUENCE = 10,
	PACKET_EVENT = 11,
	PACKET_TRACK = 60,
	TRACK_UUID = 1,
	TRACK_NAME = 2,
	TRACK_PROCESS = 3,
	TRACK_PARENT = 5,
	PROCESS_PID = 1,
	PROCESS_NAME = 6,
	EVENT_ANNOTATIONS = 4,
	EVENT_TYPE = 9,
	EVENT_TRACK = 11,
	EVENT_NAME = 23,
	EVENT_FLOWS = 47,
	EVENT_LAST_FLOWS = 48,
	ANNOTATION_STRING = 6,
	ANNOTATION_NAME = 10,
};

enum { SLICE_BEGIN = 1, SLICE_END, INSTANT };
enum { VARINT = 0, FIXED64 = 1, BYTES = 2 }; /* how a field is written */

/* Tracks: of each origin, and so many of each row (trace_rows()). */
enum { OF_HANDLERS, OF_CALLS, OF_ELSE, TRACKS };
#define UUID_ORIGINS 1u
#define UUID_ROWS    UINT64_C(0x100000000)

struct message {
	uint8_t *bytes;
	size_t used, room;
};

static void put(struct message *m, const void *bytes, size_t size)
{
	if (m->used + size > m->room) {
		m->room = 2 * (m->used + size);
		m->bytes = realloc(m->bytes, m->room);
		if (!m->bytes)
			exit(fail(EXIT_REFUSED, "no memory left"));
	}
	memcpy(m->bytes + m->used, bytes, size);
	m->used += size;
}

static void put_number(struct message *m, uint64_t value)
{
	do {
		const uint8_t byte = (uint8_t)((value & 0x7f) |
					       (value > 0x7f ? 0x80 : 0));

		put(m, &byte, 1);
		value >>= 7;
	} while (value);
}

static void field_number(struct message *m, unsigned field, uint64_t value)
{
	put_number(m, field << 3 | VARINT);
	put_number(m, value);
}

static void field_fixed(struct message *m, unsigned field, uint64_t value)
{
	put_number(m, field << 3 | FIXED64);
	for (unsigned i = 0; i < 8; i++)
		put(m, &(uint8_t){ (uint8_t)(value >> 8 * i) }, 1);
}

static void field_bytes(struct message *m, unsigned field, const void *bytes,
			size_t size)
{
	put_number(m, field << 3 | BYTES);
	put_number(m, size);
	put(m, bytes, size);
}

static void field_text(struct message *m, unsigned field, const char *text)
{
	field_bytes(m, field, text, strlen(text));
}

/* `inner` becomes a field, and is empty again. */
static void field_message(struct message *m, unsigned field,
			  struct message *inner)
{
	field_bytes(m, field, inner->bytes, inner->used);
	inner->used = 0;
}

struct writer {
	struct message file, packet, body, part;
};

static void end_packet(struct writer *w, unsigned field)
{
	field_message(&w->packet, field, &w->body);
	field_message(&w->file, TRACE_PACKET, &w->packet);
}

static void track(struct writer *w, uint64_t uuid, const char *name,
		  uint64_t parent)
{
	field_number(&w->body, TRACK_UUID, uuid);
	field_text(&w->body, TRACK_NAME, name);
	if (parent) {
		field_number(&w->body, TRACK_PARENT, parent);
	} else {
		field_number(&w->part, PROCESS_PID, uuid);
		field_text(&w->part, PROCESS_NAME, name);
		field_message(&w->body, TRACK_PROCESS, &w->part);
	}
	end_packet(w, PACKET_TRACK);
}

/* Begun here, ended by event(). */
static void begin_event(struct writer *w, unsigned type, uint64_t uuid,
			uint64_t time, const char *name)
{
	field_number(&w->packet, PACKET_TIMESTAMP, time);
	field_number(&w->packet, PACKET_SEQUENCE, 1);
	field_number(&w->body, EVENT_TYPE, type);
	field_number(&w->body, EVENT_TRACK, uuid);
	if (name)
		field_text(&w->body, EVENT_NAME, name);
}

static void annotate(struct writer *w, const char *text)
{
	field_text(&w->part, ANNOTATION_NAME, "step");
	field_text(&w->part, ANNOTATION_STRING, text);
	field_message(&w->body, EVENT_ANNOTATIONS, &w->part);
}

static void event(struct writer *w, unsigned type, uint64_t uuid, uint64_t time,
		  const char *name, const char *text)
{
	begin_event(w, type, uuid, time, name);
	if (text)
		annotate(w, text);
	end_packet(w, PACKET_EVENT);
}

static uint64_t uuid_of(unsigned row, unsigned track)
{
	return UUID_ROWS + (uint64_t)TRACKS * row + track;
}

static void tracks(struct writer *w, const struct trace *trace, unsigned rows)
{
	static const char *const names[TRACKS] = { "handlers", "calls", "EL3" };
	char row_text[24], name[64];

	for (unsigned i = 0; i < trace->origins; i++) {
		const char *vm = trace->origin[i].name;

		snprintf(name, sizeof(name), "%s%s",
			 *vm ? "guest " : "OpenSDEI machine", vm);
		track(w, UUID_ORIGINS + i, name, 0);
	}
	for (unsigned row = 0; row < rows; row++) {
		const unsigned of = row_name(trace, row, row_text,
					     sizeof(row_text));
		const struct origin *o = &trace->origin[of];

		/* What is no PE has one track. */
		if (row - o->first_row >= o->pes) {
			track(w, uuid_of(row, OF_ELSE), row_text,
			      UUID_ORIGINS + of);
			continue;
		}
		for (unsigned i = 0; i < TRACKS; i++) {
			snprintf(name, sizeof(name), "%s %s", row_text,
				 i == OF_ELSE && *o->name ? "else" : names[i]);
			track(w, uuid_of(row, i), name, UUID_ORIGINS + of);
		}
	}
}

/* An event as it is called in the viewer: by its name, or number. */
static const char *title(const struct trace *trace, const struct step *s)
{
	static char text[16];
	const char *name = event_name(trace, s->of, s->code);

	if (*name)
		return name;
	snprintf(text, sizeof(text), "event 0x%" PRIx32, s->code);
	return text;
}

/* `flow`: the report that this step belongs to. */
static void step(struct writer *w, const struct trace *trace,
		 const struct step *s, uint64_t flow, unsigned *depth,
		 bool *calling)
{
	const unsigned row = row_of_step(trace, s);
	char text[256];
	const char *name = NULL;

	step_words(trace, s, text, sizeof(text));
	switch (s->kind) {
	case TRACE_ENTERED:
		begin_event(w, SLICE_BEGIN, uuid_of(row, OF_HANDLERS), s->time,
			    title(trace, s));
		annotate(w, text);
		if (flow)
			field_fixed(&w->body, EVENT_FLOWS, flow);
		end_packet(w, PACKET_EVENT);
		depth[row]++;
		return;
	case TRACE_COMPLETED:
		if (calling[row])
			event(w, SLICE_END, uuid_of(row, OF_CALLS), s->time,
			      NULL, text);
		calling[row] = false;
		/* Begun before the trace was: nothing to end. */
		if (!depth[row])
			break;
		depth[row]--;
		event(w, SLICE_END, uuid_of(row, OF_HANDLERS), s->time, NULL,
		      text);
		return;
	case TRACE_CALL:
		/* One that never returned: CPU_OFF, a power-down. */
		if (calling[row])
			event(w, SLICE_END, uuid_of(row, OF_CALLS), s->time,
			      NULL, NULL);
		event(w, SLICE_BEGIN, uuid_of(row, OF_CALLS), s->time,
		      call_name(s->code), text);
		calling[row] = true;
		return;
	case TRACE_RESULT:
		if (calling[row])
			event(w, SLICE_END, uuid_of(row, OF_CALLS), s->time,
			      NULL, text);
		calling[row] = false;
		return;
	case TRACE_INTERRUPT:
	case TRACE_TRAP:
	case TRACE_POWER:
		name = kind_name(s->kind);
		break;
	default:
		name = title(trace, s);
		break;
	}
	begin_event(w, INSTANT, uuid_of(row, OF_ELSE), s->time,
		    name ? name : kind_name(s->kind));
	annotate(w, text);
	if (flow)
		field_fixed(&w->body, EVENT_FLOWS, flow);
	end_packet(w, PACKET_EVENT);
}

static int save(const struct message *m, const char *path)
{
	FILE *out = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
	bool whole;

	if (!out)
		return fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	whole = fwrite(m->bytes, 1, m->used, out) == m->used;
	if ((out == stdout ? fflush(out) : fclose(out)) != 0 || !whole)
		return fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	return EXIT_OK;
}

int trace_perfetto(struct trace *trace, const char *path)
{
	const unsigned rows = trace_rows(trace);
	unsigned *depth = calloc(rows + 1, sizeof(*depth));
	bool *calling = calloc(rows + 1, sizeof(*calling));
	uint64_t *flows = flows_of(trace);
	struct writer w = { 0 };
	int status;

	if (!depth || !calling || !flows)
		return fail(EXIT_REFUSED, "no memory left");
	tracks(&w, trace, rows);
	for (size_t i = 0; i < trace->steps; i++)
		step(&w, trace, &trace->step[i], flows[i], depth, calling);
	for (size_t i = 0; i < trace->remarks; i++) {
		const struct remark *r = &trace->remark[i];
		const uint64_t flow = flows[trace->steps + i];

		begin_event(&w, INSTANT,
			    uuid_of(row_of_log(trace, r->of), OF_ELSE), r->time,
			    r->text);
		if (flow)
			field_fixed(&w.body, EVENT_LAST_FLOWS, flow);
		end_packet(&w, PACKET_EVENT);
	}
	status = save(&w.file, path);
	free(flows);
	free(depth);
	free(calling);
	free(w.file.bytes);
	free(w.packet.bytes);
	free(w.body.bytes);
	free(w.part.bytes);
	return status;
}
