/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a machine is given, by name: as QEMU's own options, or, where the machine has no
 * fw_cfg, as a list in memory (firmware/platform/common/given_list.h) that QEMU's loader
 * device puts there with the files behind it.
 */
#ifndef SDEI_GIVEN_H
#define SDEI_GIVEN_H

#include <stddef.h>

#include "platform.h"

/* Arguments for a program; there is always a NULL behind them. */
#define QEMU_ARGS_MAX 128
struct qemu_args {
	char *arg[QEMU_ARGS_MAX + 1];
	unsigned count;
};
/* run.c. add2(): nothing if the value is NULL. They exit if there are too many. */
void add(struct qemu_args *args, const char *text);
void add2(struct qemu_args *args, const char *option, const char *value);
void addf(struct qemu_args *args, const char *option, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* QEMU's options separate their parts by commas; ",," stands for one. */
void quote(char *to, size_t size, const char *from);

/* What is given; NULL: is not. An option is NAME=VALUE. */
struct gift {
	const char *kernel, *initrd, *append;
	char *option[QEMU_ARGS_MAX];
	unsigned options;
};

/*
 * The arguments by which QEMU hands it over; a list is written to the file `path`.
 * Returns an exit status.
 */
int give(struct qemu_args *args, const struct platform *platform,
	 const struct gift *gift, const char *path);

#endif
