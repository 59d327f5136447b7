/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `sdei run --disk`: a machine's disks; and without a kernel U-Boot, which starts what is
 * on one of them by EFI.
 */
#ifndef SDEI_DISK_H
#define SDEI_DISK_H

#include "given.h"
#include "platform.h"

/* A virtio disk, raw or qcow2 as its file begins. Returns an exit status. */
int disk_add(struct qemu_args *args, unsigned number, const char *path);

/*
 * The boot loader, `loader` or Debian's U-Boot if that is NULL, as the payload. It is to
 * find SDEI in its device tree (option tree=sdei). Returns an exit status.
 */
int disk_boot(struct qemu_args *args, const struct platform *platform,
	      const char *loader);

#endif
