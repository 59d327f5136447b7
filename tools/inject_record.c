/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei inject: the request. An error of memory or of a processor of which no more
 * is said than could always be said goes out in words, which firmware and VMMs of
 * any age understand; all others as a record.
 */
#include <stdio.h>
#include <string.h>

#include <sdei/storm.h>

#include "inject.h"

/* What every firmware takes as key=value, in the order of the request. */
static const struct {
	const char *name;
	enum kind kind;
	uint64_t max;
} old[] = {
	{ "address", KIND_MEMORY, UINT64_MAX },
	{ "mask", KIND_MEMORY, UINT64_MAX },
	{ "node", KIND_MEMORY, UINT16_MAX },
	{ "card", KIND_MEMORY, UINT16_MAX },
	{ "module", KIND_MEMORY, UINT16_MAX },
	{ "bank", KIND_MEMORY, UINT16_MAX },
	{ "row", KIND_MEMORY, UINT16_MAX },
	{ "column", KIND_MEMORY, UINT16_MAX },
	{ "type", KIND_MEMORY, SDEI_MEMORY_TYPE_LAST },
	{ "address", KIND_PROCESSOR, UINT64_MAX },
};

const char *inject_text(const struct inject_given *given, const char *name)
{
	for (unsigned i = given->count; i--;)
		if (strcmp(given->option[i].name, name) == 0)
			return given->option[i].text;
	return NULL;
}

static unsigned severity_of(const struct inject *inject,
			    const struct inject_given *given)
{
	const char *text = given->severity ? given->severity
					   : inject->section[0].severity;
	uint64_t severity;

	if (!text)
		argp_error(inject->state,
			   "--severity is missing: corrected, recoverable, "
			   "fatal or informational");
	if (!value_word(text, inject_severities, &severity))
		argp_error(inject->state,
			   "--severity: '%s' is none of corrected, "
			   "recoverable, fatal, informational",
			   text);
	return (unsigned)severity;
}

static bool is_old_name(enum kind kind, const char *name)
{
	for (size_t i = 0; i < LENGTH(old); i++)
		if (old[i].kind == kind && strcmp(old[i].name, name) == 0)
			return true;
	return false;
}

static bool is_old(const struct inject *inject)
{
	const struct inject_given *given = &inject->section[0];

	if (inject->sections != 1 || inject->time || given->flags ||
	    given->fru_id || given->fru_text || given->memory2 ||
	    (inject->cpu && given->kind == KIND_MEMORY) ||
	    severity_of(inject, given) == SDEI_CPER_INFORMATION)
		return false;
	for (unsigned i = 0; i < given->count; i++)
		if (!is_old_name(given->kind, given->option[i].name))
			return false;
	return given->kind == KIND_MEMORY || given->kind == KIND_PROCESSOR;
}

static void old_request(const struct inject *inject, char *request, size_t size)
{
	const struct inject_given *given = &inject->section[0];
	size_t used = (size_t)snprintf(request, size, "%s severity=%s",
				       inject_kinds[given->kind].name,
				       given->severity);

	for (size_t i = 0; i < LENGTH(old); i++) {
		const char *text = inject_text(given, old[i].name);

		if (!text || old[i].kind != given->kind)
			continue;
		used += (size_t)snprintf(
			request + used, size - used,
			old[i].max > UINT16_MAX ? " %s=%#llx" : " %s=%llu",
			old[i].name,
			(unsigned long long)take_number(inject->state,
							old[i].name, text,
							old[i].max, NULL));
	}
	if (given->kind == KIND_MEMORY && !inject_text(given, "address"))
		argp_error(inject->state, "a memory error needs --address");
	if (inject->cpu)
		snprintf(request + used, size - used, " cpu=%llu",
			 (unsigned long long)take_number(inject->state, "cpu",
							 inject->cpu,
							 UINT16_MAX, NULL));
}

/* A whole status block, whatever it is. */
static void raw(const struct inject *inject, struct sdei_record *record,
		size_t room)
{
	uint8_t bytes[SDEI_RECORD_MAX - sizeof(struct sdei_record) -
		      sizeof(struct sdei_section)];
	size_t size;

	if (!inject->file)
		argp_error(inject->state,
			   "a record needs a FILE, or '-' for standard input");
	size = take_file(inject->state, inject->file, bytes, sizeof(bytes));
	if (!sdei_record_raw(record, room, bytes, size))
		argp_error(inject->state,
			   "%s: a status block has %zu to %zu bytes, not %zu",
			   inject->file, sizeof(struct sdei_cper_status),
			   sizeof(bytes), size);
}

static void make_record(const struct inject *inject, struct sdei_record *record,
			size_t room)
{
	const unsigned severity = severity_of(inject, &inject->section[0]);
	uint64_t pe = 0, seconds;

	if (inject->cpu)
		pe = take_number(inject->state, "cpu", inject->cpu, UINT16_MAX,
				 NULL);
	sdei_record_start(record, severity, (unsigned)pe);
	if (inject->section[0].kind == KIND_RECORD)
		raw(inject, record, room);
	else
		for (unsigned i = 0; i < inject->sections; i++)
			inject_section(inject->state, &inject->section[i],
				       severity_of(inject, &inject->section[i]),
				       record, room);
	if (!inject->time)
		return;
	if (!value_time(inject->time, &seconds))
		argp_error(inject->state,
			   "--time: '%s' is no time like 2026-01-31T23:59:59 "
			   "(UTC), and no number of seconds since 1970 up to "
			   "253402300799",
			   inject->time);
	record->time = sdei_cper_time(seconds);
}

/* "inject ", and for a storm how many and how often; how long that is. */
static size_t begin_request(struct inject *inject)
{
	const size_t size = sizeof(inject->request);
	uint64_t count, rate = 0;

	if (inject->rate && !inject->count)
		argp_error(inject->state, "--rate needs --count");
	if (!inject->count)
		return (size_t)snprintf(inject->request, size, "inject ");
	count = take_number(inject->state, "count", inject->count, UINT32_MAX,
			    NULL);
	if (!count)
		argp_error(inject->state,
			   "--count: '0' is not a number from 1 to %u",
			   UINT32_MAX);
	if (inject->rate)
		rate = take_number(inject->state, "rate", inject->rate,
				   SDEI_STORM_RATE_MAX, NULL);
	return (size_t)snprintf(inject->request, size,
				"inject count=%llu rate=%llu ",
				(unsigned long long)count,
				(unsigned long long)rate);
}

void inject_request(struct inject *inject)
{
	const size_t begun = begin_request(inject);
	const size_t size = sizeof(inject->request) - begun;
	char *request = inject->request + begun;
	union {
		struct sdei_record record;
		uint64_t room[SDEI_RECORD_MAX / 8];
	} r;
	const uint8_t *bytes = (const uint8_t *)&r;
	int used;

	if (inject->section[0].kind >= KIND_DUMP) {
		snprintf(request, size, "%s",
			 inject_kinds[inject->section[0].kind].name);
		return;
	}
	if (is_old(inject)) {
		old_request(inject, request, size);
		return;
	}
	make_record(inject, &r.record, sizeof(r));
	used = snprintf(request, size, "record ");
	for (unsigned i = 0; i < r.record.size; i++)
		used += snprintf(request + used, size - (size_t)used, "%02x",
				 bytes[i]);
}

void inject_describe(const struct inject *inject, char *what, size_t size)
{
	const char *severity = inject->section[0].severity;
	const char *address = inject_text(&inject->section[0], "address");
	int used = 0;

	for (unsigned i = 0; i < inject->sections; i++)
		used += snprintf(what + used, size - (size_t)used, "%s%s",
				 i ? "+" : "",
				 inject_kinds[inject->section[i].kind].name);
	if (severity)
		used += snprintf(what + used, size - (size_t)used, " %s",
				 severity);
	if (address) {
		uint64_t value = 0;

		value_number(address, UINT64_MAX, &value);
		snprintf(what + used, size - (size_t)used, " %#llx",
			 (unsigned long long)value);
	}
}
