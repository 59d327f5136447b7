/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei run: arguments become QEMU's, and this process becomes QEMU: the
 * terminal, signals and exit status are its own. The lock on the machine's name
 * is inherited and ends with it.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>
#include <unistd.h>

#include "disk.h"
#include "given.h"
#include "sdei.h"

#define QEMU_NAME "qemu-system-aarch64"
#define ARGS_MAX  QEMU_ARGS_MAX
#define DISKS_MAX 8
#define GDB_PORT  "1234"

enum {
	KEY_MACHINE = KEY_OWN,
	KEY_CPU,
	KEY_SMP,
	KEY_MEMORY,
	KEY_KERNEL,
	KEY_INITRD,
	KEY_APPEND,
	KEY_BOOT,
	KEY_SLOTS,
	KEY_TRACE,
	KEY_TRACE_SIZE,
	KEY_OPTION,
	KEY_EL2,
	KEY_GIC,
	KEY_FIRMWARE,
	KEY_QEMU,
	KEY_QEMU_ARG,
	KEY_DISK,
	KEY_LOADER,
	KEY_SNAPSHOT,
	KEY_GDB,
};

struct run {
	const struct platform *platform;
	const char *name, *cpu, *smp, *memory, *el2, *gic, *firmware, *qemu;
	const char *disk[DISKS_MAX], *loader, *gdb;
	unsigned disks;
	bool snapshot;
	struct gift gift;
	struct qemu_args args; /* of QEMU */
	char *extra[ARGS_MAX]; /* the user's own for it: the last word */
	unsigned extra_count;
};

void add(struct qemu_args *args, const char *text)
{
	if (args->count == ARGS_MAX)
		exit(fail(EXIT_USAGE, "too many arguments for QEMU"));
	args->arg[args->count] = strdup(text);
	if (!args->arg[args->count++])
		exit(fail(EXIT_USAGE, "out of memory"));
}

static void add_extra(struct run *run, char *text)
{
	if (run->extra_count == ARGS_MAX)
		exit(fail(EXIT_USAGE, "too many arguments for QEMU"));
	run->extra[run->extra_count++] = text;
}

void add2(struct qemu_args *args, const char *option, const char *value)
{
	if (!value)
		return;
	add(args, option);
	add(args, value);
}

void addf(struct qemu_args *args, const char *option, const char *format, ...)
{
	char text[2 * PATH_MAX + 64];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	add2(args, option, text);
}

/* The number of this option of the firmware's; how many there are if it is none. */
static unsigned find_option(const struct gift *gift, const char *name)
{
	const size_t length = strlen(name);
	unsigned i;

	for (i = 0; i < gift->options; i++)
		if (strncmp(gift->option[i], name, length) == 0 &&
		    gift->option[i][length] == '=')
			break;
	return i;
}

/* An option of the firmware's, as NAME=VALUE: of two with one name, the last. */
static void add_option(struct run *run, const char *name, const char *value)
{
	struct gift *gift = &run->gift;
	unsigned i = find_option(gift, name);
	char *text;

	if (i == ARGS_MAX || asprintf(&text, "%s=%s", name, value) < 0)
		exit(fail(EXIT_USAGE, "too many options"));
	if (i == gift->options)
		gift->options++;
	else
		free(gift->option[i]);
	gift->option[i] = text;
}

bool are_slots(const char *text)
{
	const char digits[] = "0123456789";
	size_t private = strspn(text, digits);
	size_t shared = text[private] == ':'
				? strspn(text + private + 1, digits)
				: 0;

	return private && shared && !text[private + 1 + shared];
}

static bool is_trace_size(const char *text)
{
	char *end;
	const unsigned long kib = strtoul(text, &end, 10);

	return isdigit((unsigned char)*text) && !*end &&
	       kib >= TRACE_SIZE_MIN / 1024 && kib <= TRACE_SIZE_MAX / 1024;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run *run = state->input;

	/* clang-format off */
	switch (key) {
	case KEY_NAME:		run->name = arg; return 0;
	case KEY_CPU:		run->cpu = arg; return 0;
	case KEY_SMP:		run->smp = arg; return 0;
	case KEY_MEMORY:	run->memory = arg; return 0;
	case KEY_KERNEL:	run->gift.kernel = arg; return 0;
	case KEY_INITRD:	run->gift.initrd = arg; return 0;
	case KEY_APPEND:	run->gift.append = arg; return 0;
	case KEY_GIC:		run->gic = arg; return 0;
	case KEY_FIRMWARE:	run->firmware = arg; return 0;
	case KEY_QEMU:		run->qemu = arg; return 0;
	case KEY_QEMU_ARG:	add_extra(run, arg); return 0;
	case KEY_LOADER:	run->loader = arg; return 0;
	case KEY_SNAPSHOT:	run->snapshot = true; return 0;
	case KEY_GDB:		run->gdb = arg ? arg : GDB_PORT; return 0;
	/* clang-format on */
	case KEY_DISK:
		if (run->disks == DISKS_MAX)
			argp_error(state, "--disk: %d disks are the most",
				   DISKS_MAX);
		run->disk[run->disks++] = arg;
		return 0;
	case KEY_MACHINE:
		run->platform = platform_find(arg);
		if (!run->platform)
			argp_error(state, "--machine: '%s' is none of %s", arg,
				   platform_names());
		return 0;
	case KEY_OPTION:
		/* Without a value QEMU would say that it wants one of three. */
		if (!strchr(arg, '=') || arg[0] == '=' || strchr(arg, ',') ||
		    !strchr(arg, '=')[1])
			argp_error(state, "--option: '%s' is not NAME=VALUE",
				   arg);
		*strchr(arg, '=') = '\0';
		add_option(run, arg, arg + strlen(arg) + 1);
		return 0;
	case KEY_EL2:
		run->el2 = arg;
		if (strcmp(arg, "on") != 0 && strcmp(arg, "off") != 0)
			argp_error(state, "--el2: '%s' is neither on nor off",
				   arg);
		return 0;
	case KEY_SLOTS:
		if (!are_slots(arg))
			argp_error(
				state,
				"--slots: '%s' is not PRIVATE:SHARED, two numbers",
				arg);
		add_option(run, "slots", arg);
		return 0;
	case KEY_TRACE:
		add_option(run, "trace", "on");
		return 0;
	case KEY_TRACE_SIZE:
		if (!is_trace_size(arg))
			argp_error(
				state,
				"--trace-size: '%s' is no number of KiB from %u to %u",
				arg, (unsigned)TRACE_SIZE_MIN / 1024,
				(unsigned)TRACE_SIZE_MAX / 1024);
		add_option(run, "trace-size", arg);
		return 0;
	case KEY_BOOT:
		if (strcmp(arg, "acpi") != 0 && strcmp(arg, "dt") != 0)
			argp_error(state, "--boot: '%s' is neither acpi nor dt",
				   arg);
		add_option(run, "boot", arg);
		return 0;
	case ARGP_KEY_ARG:
		/* Behind "--" all is QEMU's. */
		if (state->quoted && state->next > state->quoted)
			add_extra(run, arg);
		else
			argp_error(
				state,
				"'%s' is one argument too many; what is QEMU's stands behind --",
				arg);
		return 0;
	case ARGP_KEY_END:
		if (!run->gift.kernel && (run->gift.initrd || run->gift.append))
			argp_error(state,
				   "--initrd and --append need --kernel");
		if (!run->platform->choices && (run->el2 || run->gic))
			argp_error(state,
				   "--el2 and --gic: a %s has EL2 and a GICv3",
				   run->platform->name);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "name", KEY_NAME, "NAME", 0,
	  "What the other commands call it (" DEFAULT_NAME ")", 1 },
	{ "machine", KEY_MACHINE, "MACHINE", 0, "QEMU's machine", 2 },
	{ "cpu", KEY_CPU, "MODEL", 0, "CPU model (neoverse-n1)", 2 },
	{ "smp", KEY_SMP, "N", 0, "Number of CPUs (4)", 2 },
	{ "memory", KEY_MEMORY, "SIZE", 0, "RAM, as QEMU's -m takes it (1G)",
	  2 },
	{ "el2", KEY_EL2, "on|off", 0,
	  "Whether the CPUs have EL2; without it the client is at EL1 (on)",
	  2 },
	{ "gic", KEY_GIC, "VERSION", 0,
	  "GIC, as QEMU's gic-version= takes it: 3, 4 or max (3)", 2 },
	{ "kernel", KEY_KERNEL, "FILE", 0, "arm64 kernel Image", 3 },
	{ "initrd", KEY_INITRD, "FILE", 0, "Its initial file system", 3 },
	{ "append", KEY_APPEND, "TEXT", 0, "Its command line", 3 },
	{ "boot", KEY_BOOT, "acpi|dt", 0,
	  "What describes the machine to it (acpi)", 3 },
	{ "slots", KEY_SLOTS, "PRIVATE:SHARED", 0,
	  "Bind slots that SDEI's client is offered (all)", 3 },
	{ "trace", KEY_TRACE, NULL, 0,
	  "Trace all that passes through EL3 from the kernel's start, for 'sdei "
	  "trace --follow' and 'sdei explain'",
	  3 },
	{ "trace-size", KEY_TRACE_SIZE, "KIB", 0,
	  "Memory of the live trace of a kernel, 256 to 65536 (256); above 256 "
	  "in steps of 2 MiB",
	  3 },
	{ "option", KEY_OPTION, "NAME=VALUE", 0,
	  "One more option of the firmware's (docs/firmware.md); may be "
	  "repeated",
	  3 },
	{ "firmware", KEY_FIRMWARE, "FILE", 0,
	  "Firmware (OpenSDEI's for the machine, which came with this program)",
	  4 },
	{ "qemu", KEY_QEMU, "PROGRAM", 0, "QEMU (" QEMU_NAME ")", 4 },
	{ "qemu-arg", KEY_QEMU_ARG, "ARG", 0,
	  "One more argument for QEMU, behind ours, which it overrides; may be "
	  "repeated. So are all that stand behind --",
	  4 },
	{ "disk", KEY_DISK, "FILE", 0,
	  "A virtio disk, raw or qcow2; may be repeated. Without --kernel U-Boot "
	  "starts the Linux that is on it, by EFI",
	  3 },
	{ "loader", KEY_LOADER, "FILE", 0,
	  "The boot loader that does so (Debian's, of the package u-boot-qemu)",
	  3 },
	{ "snapshot", KEY_SNAPSHOT, NULL, 0,
	  "What is written to the disks is gone when the machine ends", 3 },
	{ "gdb", KEY_GDB, "PORT", OPTION_ARG_OPTIONAL,
	  "Wait for a debugger on that port (" GDB_PORT
	  ") before the first instruction; its command is printed",
	  4 },
	{ 0 }
};

static const char help[] =
	"Start a machine with the OpenSDEI firmware. Its console is this "
	"terminal: Ctrl-A x ends the machine, Ctrl-A h tells more."
	"\v"
	"Examples:\n"
	"  sdei run --kernel vmlinuz --initrd initrd.cpio.gz --smp 2\n"
	"  sdei run --kernel vmlinuz --boot dt --append 'earlycon loglevel=8'\n"
	"  sdei run --disk debian.qcow2 --snapshot --memory 2G\n"
	"  sdei run --name two -- -device "
	"loader,file=payload.bin,addr=0x60000000,force-raw=on\n"
	"\n"
	"While it runs, in another terminal:\n"
	"  sdei inject memory --severity corrected --address 0x50005000";

/* The last machine in the list is the one to show that there are others. */
static char *filter(int key, const char *text, void *input)
{
	const struct platform *last = platform_number(0);
	char *with;

	(void)input;
	for (unsigned i = 1; platform_number(i); i++)
		last = platform_number(i);
	if (key != ARGP_KEY_HELP_POST_DOC || last == platform_number(0) ||
	    asprintf(
		    &with,
		    "%s\n\nOn another machine:\n"
		    "  sdei run --machine %s --kernel vmlinuz --initrd initrd.cpio.gz",
		    text, last->name) < 0)
		return platform_help(key, KEY_MACHINE, text);
	return with;
}

static const struct argp argp = {
	.options = options, .parser = parse, .doc = help, .help_filter = filter
};

void quote(char *to, size_t size, const char *from)
{
	size_t i = 0;

	for (; *from && i + 2 < size; from++) {
		if (*from == ',')
			to[i++] = ',';
		to[i++] = *from;
	}
	to[i] = '\0';
}

static void add_machine(struct run *run)
{
	const struct platform *p = run->platform;

	if (p->choices)
		addf(&run->args, "-machine",
		     "%s,virtualization=%s,gic-version=%s", p->qemu,
		     run->el2 ? run->el2 : "on", run->gic ? run->gic : "3");
	else
		add2(&run->args, "-machine", p->qemu);
	if (p->more[0])
		add2(&run->args, p->more[0], p->more[1]);
}

static int add_disks(struct run *run)
{
	int status = EXIT_OK;

	for (unsigned i = 0; i < run->disks && status == EXIT_OK; i++)
		status = disk_add(&run->args, i, run->disk[i]);
	if (status == EXIT_OK && run->disks && !run->gift.kernel) {
		status = disk_boot(&run->args, run->platform, run->loader);
		/* Unless the user has said how it is to be. */
		if (find_option(&run->gift, "tree") == run->gift.options)
			add_option(run, "tree", "sdei");
	}
	if (run->snapshot)
		add(&run->args, "-snapshot");
	return status;
}

/* Where it was built, the default machine's symbols lie beside the firmware. */
static void add_gdb(struct run *run)
{
	const bool first = run->platform == platform_number(0);
	const char *end = strrchr(run->firmware, '/');
	char elf[PATH_MAX];
	bool there;

	snprintf(elf, sizeof(elf), "%.*s%s%sopensdei.elf",
		 end ? (int)(end + 1 - run->firmware) : 0, run->firmware,
		 first ? "" : run->platform->images, first ? "" : "/");
	there = access(elf, R_OK) == 0;
	add(&run->args, "-S");
	addf(&run->args, "-gdb", "tcp:127.0.0.1:%s", run->gdb);
	fprintf(stderr,
		"sdei: the machine waits; go on with: gdb-multiarch %s%s"
		"-ex 'target remote 127.0.0.1:%s'\n",
		there ? elf : "", there ? " " : "", run->gdb);
}

static int compose(struct run *run, const struct machine *machine)
{
	struct qemu_args *args = &run->args;
	char path[2 * SOCKET_PATH_MAX];
	int status;

	add(args, run->qemu);
	add_machine(run);
	add2(args, "-cpu", run->cpu);
	add2(args, "-smp", run->smp);
	add2(args, "-m", run->memory);
	add2(args, "-bios", run->firmware);
	status = add_disks(run);
	if (status == EXIT_OK)
		status = give(args, run->platform, &run->gift, machine->given);
	if (status != EXIT_OK)
		return status;
	if (run->gdb)
		add_gdb(run);
	addf(args, "-name", "opensdei-%s", run->name);
	add(args, "-nographic");
	add2(args, "-nic", "none");
	add2(args, "-serial", "mon:stdio");
	quote(path, sizeof(path), machine->control);
	addf(args, "-chardev",
	     "socket,id=opensdei-control,path=%s,server=on,wait=off", path);
	add2(args, "-serial", "chardev:opensdei-control");
	quote(path, sizeof(path), machine->qmp);
	addf(args, "-qmp", "unix:%s,server=on,wait=off", path);
	quote(path, sizeof(path), machine->trace);
	addf(args, "-chardev",
	     "socket,id=opensdei-trace,path=%s,server=on,wait=off", path);
	add2(args, "-mon", "chardev=opensdei-trace,mode=readline");
	for (unsigned i = 0; i < run->extra_count; i++)
		add(args, run->extra[i]);
	return EXIT_OK;
}

int command_run(int argc, char **argv)
{
	struct run run = { .platform = platform_number(0),
			   .name = DEFAULT_NAME,
			   .cpu = "neoverse-n1",
			   .smp = "4",
			   .memory = "1G",
			   .qemu = QEMU_NAME };
	struct machine machine;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &run);
	if (!run.firmware)
		run.firmware = own_file("opensdei-", run.platform->images);
	status = check_file("firmware", run.firmware);
	if (status == EXIT_OK)
		status = check_file("kernel", run.gift.kernel);
	if (status == EXIT_OK)
		status = check_file("initrd", run.gift.initrd);
	if (status == EXIT_OK)
		status = machine_find(&machine, run.name, true);
	if (status == EXIT_OK)
		status = machine_claim(&machine);
	if (status == EXIT_OK)
		status = compose(&run, &machine);
	if (status != EXIT_OK)
		return status;
	fprintf(stderr, "sdei: machine '%s', control line %s\n", run.name,
		machine.control);
	execvp(run.qemu, run.args.arg);
	return fail(EXIT_USAGE, "cannot start %s: %s", run.qemu,
		    strerror(errno));
}
