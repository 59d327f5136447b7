/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kexec load|crash KERNEL INITRD COMMAND-LINE - have the kernel keep another
 * one ready: to be run by `kexec run`, or when this one panics (which needs
 * crashkernel= on its command line).
 * kexec run - run the one that was loaded.
 *
 * The next kernel is handed what this one was: its device tree, with another
 * command line and initrd. Debian's kexec-tools cannot serve here: they do not
 * run without the libraries of one certain Xen.
 */
#define _GNU_SOURCE
#include <libfdt.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE       UINT64_C(0x1000)
#define BLOCK      UINT64_C(0x200000) /* a kernel begins at one */
#define TREE_ROOM  0x10000            /* to put into the tree */
#define IMAGE_SIZE 16                 /* in the Image's header */
#define RANGES     64

struct range {
	uint64_t start, end; /* the first byte and that behind the last */
};

struct file {
	void *data;
	size_t size;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void check(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "kexec: %s: %s\n", what, fdt_strerror(result));
	exit(1);
}

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) / to * to;
}

static struct file read_file(const char *path)
{
	struct file file = { NULL, 0 };
	FILE *stream = fopen(path, "rb");
	size_t got;

	if (!stream)
		die(path);
	do {
		file.data = realloc(file.data, file.size + BLOCK);
		if (!file.data)
			die(path);
		got = fread((char *)file.data + file.size, 1, BLOCK, stream);
		file.size += got;
	} while (got);
	if (ferror(stream))
		die(path);
	fclose(stream);
	return file;
}

/* The ranges of /proc/iomem with this name, in order; how many. */
static unsigned find_ranges(const char *name, struct range ranges[RANGES])
{
	FILE *stream = fopen("/proc/iomem", "r");
	unsigned long long start, end;
	unsigned count = 0;
	char line[256], got[128];

	if (!stream)
		die("/proc/iomem");
	while (count < RANGES && fgets(line, sizeof(line), stream))
		if (sscanf(line, " %llx-%llx : %127[^\n]", &start, &end, got) ==
			    3 &&
		    strcmp(got, name) == 0)
			ranges[count++] = (struct range){ start, end + 1 };
	fclose(stream);
	return count;
}

static bool is_free(uint64_t start, uint64_t size, const struct range *taken,
		    unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (start < taken[i].end && taken[i].start < start + size)
			return false;
	return true;
}

/*
 * A place for everything, and in *room the range it lies in. What is
 * "reserved" the next kernel needs as it is: the GIC's tables, say.
 */
static uint64_t find_place(bool crash, uint64_t size, struct range *room)
{
	struct range ram[RANGES], taken[RANGES];
	unsigned rams = find_ranges(crash ? "Crash kernel" : "System RAM", ram);
	unsigned takens = find_ranges("reserved", taken);

	for (unsigned i = 0; i < rams; i++) {
		uint64_t at = round_up(ram[i].start, BLOCK);

		for (*room = ram[i]; at + size <= ram[i].end; at += BLOCK)
			if (crash || is_free(at, size, taken, takens))
				return at;
	}
	fprintf(stderr, "kexec: no place for %#llx bytes%s\n",
		(unsigned long long)size,
		crash ? ": is there crashkernel= on the command line?" : "");
	exit(1);
}

/* This kernel's tree, with room for what goes in. */
static struct file read_tree(void)
{
	struct file file = read_file("/sys/firmware/fdt"), tree;

	tree.size = file.size + TREE_ROOM;
	tree.data = malloc(tree.size);
	if (!tree.data)
		die("device tree");
	check(fdt_open_into(file.data, tree.data, (int)tree.size), "the tree");
	return tree;
}

static void edit_tree(void *tree, const char *command_line,
		      const struct range *initrd, const struct range *usable)
{
	int chosen = fdt_path_offset(tree, "/chosen");

	check(chosen, "/chosen");
	check(fdt_setprop_string(tree, chosen, "bootargs", command_line),
	      "bootargs");
	check(fdt_setprop_u64(tree, chosen, "linux,initrd-start",
			      initrd->start),
	      "initrd");
	check(fdt_setprop_u64(tree, chosen, "linux,initrd-end", initrd->end),
	      "initrd");
	if (!usable)
		return;
	check(fdt_setprop_u64(tree, chosen, "linux,usable-memory-range",
			      usable->start),
	      "memory");
	check(fdt_appendprop_u64(tree, chosen, "linux,usable-memory-range",
				 usable->end - usable->start),
	      "memory");
}

/* What runs first: it gives the kernel its tree. */
struct stub {
	uint32_t code[6];
	uint64_t tree, kernel;
};

/* clang-format off */
static const struct stub stub_code = { .code = {
	0x580000C0,	/* ldr	x0, tree */
	0x580000E4,	/* ldr	x4, kernel */
	0xAA1F03E1,	/* mov	x1, xzr */
	0xAA1F03E2,	/* mov	x2, xzr */
	0xAA1F03E3,	/* mov	x3, xzr */
	0xD61F0080,	/* br	x4 */
} };
/* clang-format on */

static struct kexec_segment segment(const void *data, size_t size, uint64_t at,
				    uint64_t room)
{
	return (struct kexec_segment){ data, size, (const void *)at,
				       round_up(room, PAGE) };
}

static int load(bool crash, const char *kernel_path, const char *initrd_path,
		const char *command_line)
{
	struct file kernel = read_file(kernel_path);
	struct file initrd = read_file(initrd_path);
	struct file tree = read_tree();
	struct kexec_segment segments[4];
	struct stub stub = stub_code;
	struct range usable, initrd_at;
	uint64_t kernel_size, tree_at, stub_at;

	/* The kernel wants more than its file has: it zeroes that itself. */
	memcpy(&kernel_size, (char *)kernel.data + IMAGE_SIZE, 8);
	kernel_size = round_up(kernel_size, BLOCK);
	stub.kernel =
		find_place(crash,
			   kernel_size + initrd.size + tree.size + 4 * PAGE,
			   &usable);
	initrd_at.start = stub.kernel + kernel_size;
	initrd_at.end = initrd_at.start + initrd.size;
	tree_at = round_up(initrd_at.end, PAGE);
	stub_at = round_up(tree_at + tree.size, PAGE);
	stub.tree = tree_at;
	edit_tree(tree.data, command_line, &initrd_at, crash ? &usable : NULL);

	segments[0] = segment(kernel.data, kernel.size, stub.kernel,
			      kernel_size);
	segments[1] = segment(initrd.data, initrd.size, initrd_at.start,
			      initrd.size);
	segments[2] = segment(tree.data, tree.size, tree_at, tree.size);
	segments[3] = segment(&stub, sizeof(stub), stub_at, sizeof(stub));
	if (syscall(SYS_kexec_load, stub_at, 4L, segments,
		    KEXEC_ARCH_AARCH64 | (crash ? KEXEC_ON_CRASH : 0)))
		die("kexec: kexec_load");
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (argc == 5 &&
	    (strcmp(what, "load") == 0 || strcmp(what, "crash") == 0))
		return load(what[0] == 'c', argv[2], argv[3], argv[4]);
	if (argc == 2 && strcmp(what, "run") == 0) {
		syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
			LINUX_REBOOT_CMD_KEXEC, NULL);
		die("kexec: reboot");
	}
	fprintf(stderr, "usage: kexec load|crash KERNEL INITRD COMMAND-LINE\n"
			"       kexec run\n");
	return 2;
}
