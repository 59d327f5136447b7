/* SPDX-License-Identifier: BSD-2-Clause */
/* Disks, and the boot loader that starts what is on one: disk.h. */
#define _GNU_SOURCE
#include "disk.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "sdei.h"

#define BOOT_LOADER "/usr/lib/u-boot/qemu_arm64/u-boot.bin"

/* QEMU would guess, and believe what the disk's owner wrote into its first sector. */
static const char *format_of(const char *path)
{
	char magic[4] = "";
	FILE *file = fopen(path, "rb");
	size_t got = file ? fread(magic, 1, sizeof(magic), file) : 0;

	if (file)
		fclose(file);
	return got == sizeof(magic) && memcmp(magic, "QFI\xfb", 4) == 0
		       ? "qcow2"
		       : "raw";
}

int disk_add(struct qemu_args *args, unsigned number, const char *path)
{
	char quoted[2 * PATH_MAX];
	const int status = check_file("disk", path);

	if (status != EXIT_OK)
		return status;
	quote(quoted, sizeof(quoted), path);
	addf(args, "-drive", "if=none,id=opensdei-disk%u,format=%s,file=%s",
	     number, format_of(path), quoted);
	addf(args, "-device", "virtio-blk-pci,drive=opensdei-disk%u", number);
	return EXIT_OK;
}

int disk_boot(struct qemu_args *args, const struct platform *platform,
	      const char *loader)
{
	char quoted[2 * PATH_MAX];
	FILE *file;

	if (platform->list)
		return fail(
			EXIT_USAGE,
			"a disk's own Linux is started on --machine %s alone: give --kernel",
			platform_names_with_disks());
	if (!loader)
		loader = BOOT_LOADER;
	file = fopen(loader, "rb");
	if (!file)
		return fail(
			EXIT_USAGE,
			"a disk's own Linux is started by U-Boot, %s: %s (apt-get install u-boot-qemu, or give --loader, or --kernel)",
			loader, strerror(errno));
	fclose(file);
	quote(quoted, sizeof(quoted), loader);
	addf(args, "-device", "loader,file=%s,addr=0x%" PRIx64 ",force-raw=on",
	     quoted, PLATFORM_PAYLOAD(platform));
	return EXIT_OK;
}
