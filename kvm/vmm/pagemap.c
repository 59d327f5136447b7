/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of the host's memory is the guest's. Only root may know, and only of
 * pages that are there.
 */
#include "vmm.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PAGE            4096
#define PAGEMAP_PRESENT (UINT64_C(1) << 63)
#define PAGEMAP_FRAME   ((UINT64_C(1) << 55) - 1)

/* Entries of `count` pages from `at` on; all zero where we may not know. */
static void read_pagemap(const uint8_t *at, uint64_t *entries, size_t count)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	ssize_t size = (ssize_t)(count * sizeof(*entries));

	if (fd < 0 ||
	    pread(fd, entries, (size_t)size,
		  (off_t)((uintptr_t)at / PAGE * sizeof(*entries))) != size)
		memset(entries, 0, (size_t)size);
	if (fd >= 0)
		close(fd);
}

/* Its number is all zero for who is not root. */
static uint64_t frame(uint64_t entry)
{
	return entry & PAGEMAP_PRESENT ? entry & PAGEMAP_FRAME : 0;
}

uint64_t pagemap_physical(struct vmm *vmm, uint64_t address)
{
	uint64_t entry;

	read_pagemap(vmm_memory(vmm, address, 1), &entry, 1);
	return frame(entry) ? frame(entry) * PAGE + address % PAGE : 0;
}

uint64_t pagemap_guest(struct vmm *vmm, uint64_t physical)
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
