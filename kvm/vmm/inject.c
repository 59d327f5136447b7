/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control socket's `inject`: from words, or a whole record in hexadecimal, to
 * errors that are reported, and back from what became of the last one.
 */
#include "vmm.h"

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

/* `time`: of before, since its handler may have run by now. */
static void say(FILE *out, const struct outcome *o, uint64_t time)
{
	static const char *const names[] = {
		[SDEI_RAS_DELIVERED] = "delivered",
		[SDEI_RAS_PENDING] = "pending",
		[SDEI_RAS_QUEUED] = "queued",
		[SDEI_RAS_DROPPED] = "dropped",
	};
	const struct sdei_ras_outcome *r = &o->report;

	fprintf(out, "ok sequence=%u event=0x%x disposition=%s", r->sequence,
		o->event, names[r->fate]);
	if (r->pe >= 0)
		fprintf(out, " pe=%d", r->pe);
	fprintf(out, " time=%llu%s%s\n", (unsigned long long)time,
		*r->why ? " reason=" : "", r->why);
}

/* `count` errors, each in the page behind the one before. */
static const char *memory(struct vmm *vmm, const char *request, int severity,
			  struct outcome *outcome)
{
	static const char *const known[] = { "memory", "severity=", "address=",
					     "count=" };
	uint64_t address = request_number(request, "address", 0);
	uint64_t count = request_number(request, "count", 1);
	const char *wrong = NULL;

	if (!has_only(request, known, sizeof(known) / sizeof(*known)))
		return "a guest's memory error has severity=, address= and count=, nothing else";
	if (severity < 0)
		return "the severity is corrected, recoverable or fatal";
	if (count < 1 || count > COUNT_MAX ||
	    !vmm_memory(vmm, address, (count - 1) * PAGE + 1))
		return "the address is outside the guest's RAM, or the count not 1 to 1000";
	for (uint64_t i = 0; i < count && !wrong; i++)
		wrong = records_report_memory(vmm, (unsigned)severity,
					      address + i * PAGE, 0, outcome);
	return wrong;
}

static const char *processor(struct vmm *vmm, const char *request, int severity,
			     struct outcome *outcome)
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
	return records_report(vmm, &r.record, outcome);
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
			  struct outcome *outcome)
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
	return records_report(vmm, r, outcome);
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

void inject_answer(struct vmm *vmm, FILE *out, const char *request)
{
	const uint64_t before = trace_now();
	const int severity = severity_in(request);
	struct outcome outcome;
	const char *wrong;

	if (!vmm->options.acpi)
		wrong = "errors are told by ACPI: this guest was started without --acpi";
	else if (begins(request, "memory "))
		wrong = memory(vmm, request, severity, &outcome);
	else if (begins(request, "processor "))
		wrong = processor(vmm, request, severity, &outcome);
	else if (begins(request, "record "))
		wrong = record(vmm, request, &outcome);
	else
		wrong = "there are memory errors, processor errors, and a record in hexadecimal";
	if (wrong)
		fprintf(out, "error %s\n", wrong);
	else
		say(out, &outcome, before);
}
