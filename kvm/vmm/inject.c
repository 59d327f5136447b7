/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control socket's `inject`: from words, or a whole record in hexadecimal, to
 * errors that are reported, and back from what became of the last one.
 */
#include "vmm.h"

#include <sdei/storm.h>

#include <stdlib.h>
#include <string.h>

#define COUNT_MAX 1000
#define PAGE      4096

uint64_t request_number(const char *request, const char *key, uint64_t missing)
{
	size_t length = strlen(key);

	for (const char *at = request; (at = strstr(at, key)); at += length)
		if (at > request && at[-1] == ' ' && at[length] == '=')
			return strtoull(at + length + 1, NULL, 0);
	return missing;
}

/* Is each word one of these: itself, or what it begins with up to an '='? */
static bool has_only(const char *request, const char *const *known,
		     size_t count)
{
	for (const char *at = request; *at; at += strspn(at, " ")) {
		size_t i = 0;

		while (i < count && strncmp(at, known[i], strlen(known[i])))
			i++;
		if (i == count)
			return false;
		at += strcspn(at, " ");
	}
	return true;
}

/* Of a request; -1: it has none. */
static int severity_in(const char *request)
{
	static const char *const names[] = {
		[SDEI_CPER_RECOVERABLE] = " severity=recoverable",
		[SDEI_CPER_FATAL] = " severity=fatal",
		[SDEI_CPER_CORRECTED] = " severity=corrected",
	};

	for (int i = 0; i < (int)(sizeof(names) / sizeof(*names)); i++)
		if (strstr(request, names[i]))
			return i;
	return -1;
}

/* How often it is asked for, and what became of the last or the first one. */
struct often {
	uint64_t count, rate; /* 0 errors: no storm is asked for */
	uint32_t storm;       /* its id, or 0 */
	struct outcome outcome;
};

/* `time`: of before, since its handler may have run by now. */
static void say(FILE *out, const struct often *often, uint64_t time)
{
	static const char *const names[] = {
		[SDEI_RAS_DELIVERED] = "delivered",
		[SDEI_RAS_PENDING] = "pending",
		[SDEI_RAS_QUEUED] = "queued",
		[SDEI_RAS_DROPPED] = "dropped",
	};
	const struct sdei_ras_outcome *r = &often->outcome.report;

	fprintf(out, "ok sequence=%u event=0x%x disposition=%s", r->sequence,
		often->outcome.event, names[r->fate]);
	if (r->pe >= 0)
		fprintf(out, " pe=%d", r->pe);
	fprintf(out, " time=%llu", (unsigned long long)time);
	if (often->storm)
		fprintf(out, " storm=%u", often->storm);
	fprintf(out, "%s%s\n", *r->why ? " reason=" : "", r->why);
}

static const char *report(struct vmm *vmm, struct sdei_record *record,
			  struct often *often)
{
	struct sdei_storm *storm = NULL;
	const char *wrong = NULL;

	if (often->count)
		storm = storm_begin(record, often->count, often->rate, &wrong);
	if (!wrong)
		wrong = records_report(vmm, record, &often->outcome);
	if (!wrong && storm)
		often->storm = storm_go_on(storm, &often->outcome);
	return wrong;
}

/* `count` errors, each in the page behind the one before. */
static const char *memory(struct vmm *vmm, const char *request, int severity,
			  struct often *often)
{
	static const char *const known[] = { "memory", "severity=", "address=",
					     "count=" };
	uint64_t address = request_number(request, "address", 0);
	uint64_t count = request_number(request, "count", 1);
	const char *wrong = NULL;
	struct record_buffer r;

	if (!has_only(request, known, sizeof(known) / sizeof(*known)))
		return "a guest's memory error has severity=, address= and count=, nothing else";
	if (severity < 0)
		return "the severity is corrected, recoverable or fatal";
	if (count < 1 || count > COUNT_MAX ||
	    !vmm_memory(vmm, address, (count - 1) * PAGE + 1))
		return "the address is outside the guest's RAM, or the count not 1 to 1000";
	if (often->count && count > 1)
		return "a storm's errors are all of one address";
	for (uint64_t i = 0; i < count && !wrong; i++) {
		records_make_memory(&r, (unsigned)severity, address + i * PAGE,
				    0);
		wrong = report(vmm, &r.record, often);
	}
	return wrong;
}

static const char *processor(struct vmm *vmm, const char *request, int severity,
			     struct often *often)
{
	static const char *const known[] = { "processor", "severity=", "cpu=",
					     "vcpu=", "address=" };
	uint64_t vcpu = request_number(request, "vcpu",
				       request_number(request, "cpu", 0));
	struct record_buffer r;
	struct sdei_cper_arm_error *e;

	if (!has_only(request, known, sizeof(known) / sizeof(*known)))
		return "a guest's processor error has severity=, cpu= and address=, nothing else";
	if (severity < 0)
		return "the severity is corrected, recoverable or fatal";
	if (vcpu >= vmm->options.vcpus)
		return "there is no such vcpu, `status` lists those that there are";
	sdei_record_start(&r.record, (unsigned)severity, (unsigned)vcpu);
	e = sdei_record_processor(&r.record, sizeof(r), (unsigned)severity);
	if (strstr(request, " address=")) {
		e->valid |= SDEI_ARM_HAS_PHYSICAL;
		e->physical_address = request_number(request, "address", 0);
	}
	return report(vmm, &r.record, often);
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* How many bytes the text has in pairs of digits; -1: it is no such text. */
static int bytes_of(const char *text, uint8_t *bytes, size_t room)
{
	size_t count = 0;

	for (; *text; text += 2) {
		int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);

		if (low < 0 || count == room)
			return -1;
		bytes[count++] = (uint8_t)(high << 4 | low);
	}
	return (int)count;
}

static const char *record(struct vmm *vmm, const char *request,
			  struct often *often)
{
	_Alignas(8) uint8_t bytes[SDEI_RECORD_MAX];
	struct sdei_record *r = (struct sdei_record *)bytes;
	int size = bytes_of(request + strlen("record "), bytes, sizeof(bytes));
	const char *wrong;

	if (size < 0)
		return "a record is at most 2048 bytes, each two hexadecimal digits, and stands alone";
	wrong = sdei_record_wrong(bytes, (size_t)size);
	if (wrong)
		return wrong;
	if (r->size != size)
		return "something follows behind the record";
	return report(vmm, r, often);
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* `count=N rate=R ` in front of the kind, where *request then is. False: wrong. */
static bool take_often(const char **request, struct often *often)
{
	char *end;

	if (!begins(*request, "count="))
		return true;
	often->count = strtoull(*request + strlen("count="), &end, 10);
	if (!often->count || !begins(end, " rate="))
		return false;
	often->rate = strtoull(end + strlen(" rate="), &end, 10);
	if (end[-1] == '=' || *end != ' ')
		return false;
	*request = end + 1;
	return true;
}

/* `WORD [storm=N]`, 0 if there is none. False after having said what is wrong. */
static bool take_storm(FILE *out, const char *request, uint32_t *id)
{
	static const char *const known[] = { "stop", "storm=", "storms" };
	const uint64_t storm = request_number(request, "storm", 0);

	*id = (uint32_t)storm;
	if (has_only(request, known, 3) && storm <= UINT32_MAX &&
	    !storm == !strchr(request, ' '))
		return true;
	fprintf(out,
		"error there can be storm=, a number from 1 that `storms` tells, or nothing\n");
	return false;
}

static void stop(FILE *out, const char *request)
{
	uint32_t id;

	if (take_storm(out, request, &id))
		fprintf(out, "ok stopped=%u\n", storm_stop(id));
}

void inject_storms(FILE *out, const char *request)
{
	uint32_t id;

	if (!take_storm(out, request, &id))
		return;
	storm_show(out, id);
	fprintf(out, "ok\n");
}

void inject_answer(struct vmm *vmm, FILE *out, const char *request)
{
	const uint64_t before = trace_now();
	const int severity = severity_in(request);
	struct often often = { 0 };
	const char *wrong;

	if (begins(request, "stop")) {
		stop(out, request);
		return;
	}
	if (!vmm->options.acpi)
		wrong = "errors are told by ACPI: this guest was started without --acpi";
	else if (!take_often(&request, &often))
		wrong = "a storm has count=, 1 to 4294967295, and then rate=, 1 to 10000 a second or 0: as many as it goes";
	else if (begins(request, "memory "))
		wrong = memory(vmm, request, severity, &often);
	else if (begins(request, "processor "))
		wrong = processor(vmm, request, severity, &often);
	else if (begins(request, "record "))
		wrong = record(vmm, request, &often);
	else
		wrong = "there are memory errors, processor errors, a record in hexadecimal, and stop";
	if (wrong)
		fprintf(out, "error %s\n", wrong);
	else
		say(out, &often, before);
}
