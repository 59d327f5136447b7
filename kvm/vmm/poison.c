/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Host memory that went bad. The host's kernel tells by SIGBUS: early, of a page
 * that it took away (BUS_MCEERR_AO), or when a vcpu touches one
 * (BUS_MCEERR_AR). If the page was the guest's, the guest gets an error record
 * for it; if it was the VMM's own, the VMM ends, as it would without this.
 *
 * The handler only passes the address on: the main thread does the rest. When
 * the main thread itself reads the guest's memory, it is got out of there: else
 * it would touch the page for ever.
 */
#include "vmm.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PAGE		4096
#define PAGEMAP_PRESENT	(UINT64_C(1) << 63)
#define PAGEMAP_FRAME	((UINT64_C(1) << 55) - 1)

static int news[2];
static uintptr_t ram, ram_end;
static uint8_t *reported;	/* a bit a page */
static uint64_t bad_pages;
static __thread sigjmp_buf *reader;

static void on_sigbus(int number, siginfo_t *info, void *context)
{
	uintptr_t address = (uintptr_t)info->si_addr;
	int error = errno;

	(void)context;
	if ((info->si_code != BUS_MCEERR_AO && info->si_code != BUS_MCEERR_AR) ||
	    address < ram || address >= ram_end) {
		/* It comes again, and ends us. */
		signal(number, SIG_DFL);
		return;
	}
	/* A full pipe: it comes again when it is touched. */
	if (write(news[1], &address, sizeof(address)) < 0)
		errno = error;
	if (reader)
		siglongjmp(*reader, 1);
}

/* Every thread inherits this: threads are made later. */
int poison_start(struct vmm *vmm)
{
	struct sigaction action = {
		.sa_sigaction = on_sigbus,
		.sa_flags = SA_SIGINFO,
	};

	ram = (uintptr_t)vmm->ram;
	ram_end = ram + vmm->options.memory;
	reported = calloc(vmm->options.memory / PAGE / 8, 1);
	if (!reported || pipe2(news, O_CLOEXEC | O_NONBLOCK) ||
	    sigaction(SIGBUS, &action, NULL))
		vmm_die("memory errors cannot be handled: %s", strerror(errno));
	/* A kernel without memory-failure handling has none to tell of. */
	prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0);
	return news[0];
}

/* A vcpu that waits for its guest to react touches the page again and again. */
static bool first_time(uint64_t page)
{
	uint8_t bit = 1 << page % 8;
	bool first = !(reported[page / 8] & bit);

	reported[page / 8] |= bit;
	bad_pages += first;
	return first;
}

void poison_serve(struct vmm *vmm)
{
	uintptr_t address;
	uint32_t sequence;

	while (read(news[0], &address, sizeof(address)) == sizeof(address)) {
		uint64_t offset = (address - ram) & ~(uint64_t)(PAGE - 1);

		if (!first_time(offset / PAGE) || !vmm->options.acpi)
			continue;
		trace_add("sigbus",
			  vmm_events[EVENT_MEMORY_UNCORRECTED].number, 0,
			  RAM_BASE + offset);
		records_inject(vmm, SEVERITY_RECOVERABLE,
			       RAM_BASE + offset, &sequence);
	}
}

uint64_t poison_count(struct vmm *vmm)
{
	poison_serve(vmm);
	return bad_pages;
}

bool poison_guard(void (*read_memory)(void *argument), void *argument)
{
	sigjmp_buf here;

	if (!sigsetjmp(here, 1)) {
		reader = &here;
		read_memory(argument);
		reader = NULL;
		return true;
	}
	reader = NULL;
	return false;
}

void poison_reset(struct vmm *vmm)
{
	bad_pages = 0;
	memset(reported, 0, vmm->options.memory / PAGE / 8);
}

/* Entries of `count` pages from `at` on; all zero where we may not know. */
static void read_pagemap(const uint8_t *at, uint64_t *entries, size_t count)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	ssize_t size = (ssize_t)(count * sizeof(*entries));

	if (fd < 0 || pread(fd, entries, (size_t)size,
			    (off_t)((uintptr_t)at / PAGE * sizeof(*entries))) !=
			      size)
		memset(entries, 0, (size_t)size);
	if (fd >= 0)
		close(fd);
}

/* Its number is all zero for who is not root. */
static uint64_t frame(uint64_t entry)
{
	return entry & PAGEMAP_PRESENT ? entry & PAGEMAP_FRAME : 0;
}

uint64_t poison_physical(struct vmm *vmm, uint64_t address)
{
	uint64_t entry;

	read_pagemap(vmm_memory(vmm, address, 1), &entry, 1);
	return frame(entry) ? frame(entry) * PAGE + address % PAGE : 0;
}

uint64_t poison_guest(struct vmm *vmm, uint64_t physical)
{
	uint64_t entries[512];
	const size_t count = sizeof(entries) / sizeof(*entries);

	if (!(physical / PAGE))
		return 0;
	for (uint64_t at = 0; at < vmm->options.memory; at += count * PAGE) {
		read_pagemap(vmm->ram + at, entries, count);
		for (size_t i = 0; i < count; i++)
			if (frame(entries[i]) == physical / PAGE)
				return RAM_BASE + at + i * PAGE +
				       physical % PAGE;
	}
	return 0;
}
