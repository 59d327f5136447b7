/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machines that there is firmware for: one line of each folder below
 * firmware/platform, its run.h.
 */
#ifndef SDEI_PLATFORM_H
#define SDEI_PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#include <offsets.h>

struct platform {
	const char *name;   /* of --machine */
	const char *images; /* opensdei-IMAGES.bin */
	const char *qemu;   /* its -machine */
	bool choices; /* whether QEMU takes virtualization= and gic-version= */
	uint64_t ram; /* where RAM begins */
	bool list; /* files are given by a list in memory (given.c): no disks */
	const char *more[2]; /* one more argument of QEMU's, with its value */
};

/* The first is the default. NULL behind the last, or if none has this name. */
const struct platform *platform_number(unsigned index);
const struct platform *platform_find(const char *name);
/* Their names, with commas: for messages. */
const char *platform_names(void);
/* Of those that start a disk's own Linux: QEMU gives them the boot loader. */
const char *platform_names_with_disks(void);
/* An argp help_filter: behind the text of this option, --machine, goes which there are. */
char *platform_help(int key, int machine, const char *text);

/* Where a payload is loaded, and an address in RAM that nothing else uses. */
#define PLATFORM_PAYLOAD(p) ((p)->ram + PAYLOAD_OFFSET)
#define PLATFORM_MEMORY(p)  ((p)->ram + GIVEN_OFFSET)

#endif
