/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memhog [SECONDS] - own a page, say where it lies in physical memory, keep
 * using it and report the SIGBUS that comes when the kernel learns that the
 * page went bad. Exits 0 after a SIGBUS, 1 if none came in time (60 s).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGEMAP_PRESENT (1ull << 63)
#define PAGEMAP_PFN     ((1ull << 55) - 1)

/* 0 if the kernel does not say. */
static uint64_t physical(const void *address)
{
	uint64_t entry = 0, page = (uint64_t)sysconf(_SC_PAGESIZE);
	int fd = open("/proc/self/pagemap", O_RDONLY);
	off_t offset = (off_t)((uintptr_t)address / page * sizeof(entry));

	if (fd < 0)
		return 0;
	if (pread(fd, &entry, sizeof(entry), offset) != sizeof(entry))
		entry = 0;
	close(fd);
	return entry & PAGEMAP_PRESENT ? (entry & PAGEMAP_PFN) * page : 0;
}

static void on_sigbus(int number, siginfo_t *info, void *context)
{
	const char *why = info->si_code == BUS_MCEERR_AR   ? "BUS_MCEERR_AR"
			  : info->si_code == BUS_MCEERR_AO ? "BUS_MCEERR_AO"
							   : "other";

	(void)number;
	(void)context;
	/* The access it interrupted was our own loop's: stdio is not in use. */
	printf("memhog: SIGBUS %s address %p\n", why, info->si_addr);
	fflush(stdout);
	_exit(0);
}

int main(int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	struct sigaction action = { .sa_sigaction = on_sigbus,
				    .sa_flags = SA_SIGINFO };
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 60);
	volatile unsigned char *page;

	sigaction(SIGBUS, &action, NULL);
	page = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	if (page == MAP_FAILED) {
		perror("memhog: mmap");
		return 1;
	}
	memset((void *)page, 0x5a, size);
	printf("memhog: physical %#llx virtual %p\n",
	       (unsigned long long)physical((void *)page), (void *)page);
	fflush(stdout);
	while (time(NULL) < end) {
		page[0]++;
		nanosleep(&pause, NULL);
	}
	printf("memhog: no SIGBUS\n");
	return 1;
}
