/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's corrected memory errors, for a guest whose owner wants them. The
 * host's kernel tells nobody but its log of them, so that is read: GHES prints a
 * record's severity before the address, both behind the record's number, and
 * not more than two records in five seconds.
 */
#include "vmm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORD_MAX     8192 /* of /dev/kmsg: else EINVAL */
#define FACILITY_SHIFT 3    /* of the first number; 0: the kernel's own */

static int kmsg;
static char corrected[24]; /* "{7}": the corrected record being printed */

int forward_start(void)
{
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0)
		vmm_die("--forward reads the kernel's log: /dev/kmsg: %s",
			strerror(errno));
	return kmsg;
}

/* The text of a line that GHES printed, `number` the record's; else NULL. */
static const char *ghes_line(char *record, char number[sizeof(corrected)])
{
	static const char tag[] = "[Hardware Error]:";
	char *text = strchr(record, ';'), *end;
	size_t length;

	if (!text || strtoul(record, NULL, 10) >> FACILITY_SHIFT)
		return NULL;
	text++;
	end = strstr(text, tag);
	length = end ? (size_t)(end - text) : 0;
	if (length < 3 || length >= sizeof(corrected) || text[0] != '{')
		return NULL;
	memcpy(number, text, length);
	number[length] = '\0';
	return end + strlen(tag);
}

/* The address in a line of a corrected record; else 0. */
static uint64_t take_line(char *record)
{
	static const char severity[] = "event severity: ";
	static const char address[] = "physical_address: ";
	char number[sizeof(corrected)];
	const char *text = ghes_line(record, number), *at;

	if (!text)
		return 0;
	at = strstr(text, severity);
	if (at && !strncmp(at + strlen(severity), "corrected", 9))
		memcpy(corrected, number, sizeof(corrected));
	at = strstr(text, address);
	if (!at || strcmp(number, corrected))
		return 0;
	return strtoull(at + strlen(address), NULL, 16);
}

void forward_serve(struct vmm *vmm)
{
	char record[RECORD_MAX];
	struct outcome outcome;
	ssize_t size;

	/* EPIPE: some were overwritten before we came; the next ones are there. */
	while ((size = read(kmsg, record, sizeof(record) - 1)) > 0 ||
	       (size < 0 && errno == EPIPE)) {
		uint64_t physical, address;

		record[size > 0 ? size : 0] = '\0';
		physical = take_line(record);
		address = physical ? pagemap_guest(vmm, physical) : 0;
		if (!address)
			continue;
		trace_add("forward", vmm_events[EVENT_MEMORY_CORRECTED].number,
			  0, address);
		records_report_memory(vmm, SDEI_CPER_CORRECTED, address, 0,
				      &outcome);
	}
}
