/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What whoever starts the machine gives it: files by name. given_fwcfg.c finds them in
 * QEMU's firmware configuration device; given_list.c, on machines that have none, in a
 * list that was loaded into memory (docs/firmware.md). Which of the two it is, the
 * platform's boot.mk says.
 *
 * "kernel", "initrd" and "cmdline" are what QEMU's -kernel, -initrd and -append name;
 * "opt/opensdei/..." are options (options.c); all others are QEMU's own.
 */
#ifndef BOOT_GIVEN_H
#define BOOT_GIVEN_H

#include <stdbool.h>
#include <stdint.h>

struct given {
	uint64_t where; /* for given_*.c */
	uint32_t size;  /* bytes */
};

/*
 * Before all else. fail()s if what should answer is missing or corrupt; where there is
 * no list, nothing is given. `ram_end`: RAM ends there.
 */
void given_check(uint64_t ram_end);
/* False: there is no such file. An empty kernel, initrd or command line is none. */
bool given_find(const char *name, struct given *file);
/* `size` bytes at `offset`, all within the file. `to` may overlap with where it lies. */
void given_read(const struct given *file, uint32_t offset, void *to,
		uint32_t size);
/* Would writing to [start, start + size) change the file? */
bool given_overlaps(const struct given *file, uint64_t start, uint64_t size);

#endif
