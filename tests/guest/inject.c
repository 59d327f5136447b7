/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inject TYPE [WHERE [MASK [COUNT]]] - have the kernel's einj driver inject an
 * error, or the same one COUNT times, as fast as it goes.
 * TYPE as ACPI 6.5 table 18.30 numbers it: processor 0x1 corrected, 0x2
 * uncorrected non-fatal, 0x4 fatal; memory 0x8, 0x10, 0x20. WHERE is a
 * processor's number or a physical address, and MASK says which bits of that
 * count (all but the offset in a page). Of many some may be refused, since the
 * firmware's queue is full: it says how many.
 *
 * Prints "inject: time=N", the system counter in nanoseconds as the firmware
 * counts it, taken right before the error; and leaves a line with another one
 * in the kernel's log, so that the log's clock can be compared with it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EINJ      "/sys/kernel/debug/apei/einj"
#define PAGE_MASK "0xfffffffffffff000"

static unsigned long long counter_ns(void)
{
	uint64_t count, frequency;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(count));
	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
	return count / frequency * 1000000000 +
	       count % frequency * 1000000000 / frequency;
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), error = 0;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		error = errno;
	if (fd >= 0)
		close(fd);
	if (error)
		fprintf(stderr, "inject: writing %s to %s: %s\n", text, path,
			strerror(error));
	return error;
}

static void mark_log(void)
{
	char line[80];
	int fd = open("/dev/kmsg", O_WRONLY);

	if (fd < 0)
		return;
	snprintf(line, sizeof(line), "opensdei-guest: inject counter=%llu",
		 counter_ns());
	if (write(fd, line, strlen(line)) < 0)
		perror("inject: /dev/kmsg");
	close(fd);
}

static unsigned long storm(unsigned long count)
{
	int fd = open(EINJ "/error_inject", O_WRONLY);
	unsigned long refused = 0;

	for (unsigned long i = 0; i < count; i++)
		refused += write(fd, "1", 1) != 1;
	close(fd);
	return refused;
}

int main(int argc, char **argv)
{
	unsigned long long time;

	if (argc < 2 || argc > 5) {
		fprintf(stderr, "usage: inject TYPE [WHERE [MASK [COUNT]]]\n");
		return 2;
	}
	if (access(EINJ, F_OK) != 0) {
		fprintf(stderr, "inject: no " EINJ
				": the kernel has no einj, or the firmware no "
				"EINJ table\n");
		return 1;
	}
	/* Already here the driver refuses a type the firmware does not list. */
	if (put(EINJ "/error_type", argv[1]))
		return 1;
	/* The driver keeps what was written last: for another kind, maybe. */
	if (put(EINJ "/flags", "0") ||
	    put(EINJ "/param1", argc > 2 ? argv[2] : "0") ||
	    put(EINJ "/param2", argc > 3 ? argv[3] : PAGE_MASK))
		return 1;
	mark_log();
	if (argc > 4) {
		printf("inject: %lu refused\n",
		       storm(strtoul(argv[4], NULL, 0)));
		return 0;
	}
	time = counter_ns();
	if (put(EINJ "/error_inject", "1"))
		return 1;
	printf("inject: time=%llu\n", time);
	return 0;
}
