/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei run: arguments become QEMU's, and this process becomes QEMU: the
 * terminal, signals and exit status are its own. The lock on the machine's name
 * is inherited and ends with it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sdei.h"

#define FIRMWARE_NAME "opensdei-qemu-virt.bin"
#define QEMU_NAME     "qemu-system-aarch64"
#define MACHINE       "virt,secure=on,virtualization=%s,gic-version=%s"
#define ARGS_MAX      128

enum {
	KEY_CPU = KEY_OWN,
	KEY_SMP,
	KEY_MEMORY,
	KEY_KERNEL,
	KEY_INITRD,
	KEY_APPEND,
	KEY_BOOT,
	KEY_SLOTS,
	KEY_EL2,
	KEY_GIC,
	KEY_FIRMWARE,
	KEY_QEMU,
	KEY_QEMU_ARG,
};

struct run {
	const char *name, *cpu, *smp, *memory, *kernel, *initrd, *append;
	const char *boot, *slots, *el2, *gic, *firmware, *qemu;
	char *args[ARGS_MAX + 1]; /* of QEMU */
	char *extra[ARGS_MAX];    /* the user's own for it: the last word */
	unsigned count, extra_count;
};

static void add(struct run *run, const char *text)
{
	if (run->count == ARGS_MAX)
		exit(fail(EXIT_USAGE, "too many arguments for QEMU"));
	run->args[run->count] = strdup(text);
	if (!run->args[run->count++])
		exit(fail(EXIT_USAGE, "out of memory"));
}

static void add_extra(struct run *run, char *text)
{
	if (run->extra_count == ARGS_MAX)
		exit(fail(EXIT_USAGE, "too many arguments for QEMU"));
	run->extra[run->extra_count++] = text;
}

/* An option and its value; nothing if the value is NULL. */
static void add2(struct run *run, const char *option, const char *value)
{
	if (!value)
		return;
	add(run, option);
	add(run, value);
}

static void addf(struct run *run, const char *option, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void addf(struct run *run, const char *option, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	add2(run, option, text);
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

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run *run = state->input;

	/* clang-format off */
	switch (key) {
	case KEY_NAME:		run->name = arg; return 0;
	case KEY_CPU:		run->cpu = arg; return 0;
	case KEY_SMP:		run->smp = arg; return 0;
	case KEY_MEMORY:	run->memory = arg; return 0;
	case KEY_KERNEL:	run->kernel = arg; return 0;
	case KEY_INITRD:	run->initrd = arg; return 0;
	case KEY_APPEND:	run->append = arg; return 0;
	case KEY_GIC:		run->gic = arg; return 0;
	case KEY_FIRMWARE:	run->firmware = arg; return 0;
	case KEY_QEMU:		run->qemu = arg; return 0;
	case KEY_QEMU_ARG:	add_extra(run, arg); return 0;
	/* clang-format on */
	case KEY_EL2:
		run->el2 = arg;
		if (strcmp(arg, "on") != 0 && strcmp(arg, "off") != 0)
			argp_error(state, "--el2: '%s' is neither on nor off",
				   arg);
		return 0;
	case KEY_SLOTS:
		run->slots = arg;
		if (!are_slots(arg))
			argp_error(
				state,
				"--slots: '%s' is not PRIVATE:SHARED, two numbers",
				arg);
		return 0;
	case KEY_BOOT:
		run->boot = arg;
		if (strcmp(arg, "acpi") != 0 && strcmp(arg, "dt") != 0)
			argp_error(state, "--boot: '%s' is neither acpi nor dt",
				   arg);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is one argument too many", arg);
		return 0;
	case ARGP_KEY_END:
		if (!run->kernel && (run->initrd || run->append))
			argp_error(state,
				   "--initrd and --append need --kernel");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "name", KEY_NAME, "NAME", 0,
	  "What the other commands call it (" DEFAULT_NAME ")", 1 },
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
	{ "firmware", KEY_FIRMWARE, "FILE", 0,
	  "Firmware (" FIRMWARE_NAME " beside this program)", 4 },
	{ "qemu", KEY_QEMU, "PROGRAM", 0, "QEMU (" QEMU_NAME ")", 4 },
	{ "qemu-arg", KEY_QEMU_ARG, "ARG", 0,
	  "One more argument for QEMU, behind ours, which it overrides; may be "
	  "repeated",
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
	"  sdei run --name two --qemu-arg=-device "
	"--qemu-arg=loader,file=payload.bin,addr=0x60000000,force-raw=on\n"
	"\n"
	"While it runs, in another terminal:\n"
	"  sdei inject memory --severity corrected --address 0x50005000";

static const struct argp argp = { .options = options,
				  .parser = parse,
				  .doc = help };

/* The firmware that was built with this program. */
static const char *own_firmware(void)
{
	static char path[PATH_MAX + sizeof(FIRMWARE_NAME)];
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *slash;

	path[length > 0 ? length : 0] = '\0';
	slash = strrchr(path, '/');
	strcpy(slash ? slash + 1 : path, FIRMWARE_NAME);
	return path;
}

int check_file(const char *what, const char *path)
{
	struct stat st;

	if (!path)
		return EXIT_OK;
	if (access(path, R_OK) != 0 || stat(path, &st) != 0)
		return fail(EXIT_USAGE, "%s %s: %s", what, path,
			    strerror(errno));
	if (S_ISDIR(st.st_mode))
		return fail(EXIT_USAGE, "%s %s: is a folder", what, path);
	return EXIT_OK;
}

/* QEMU's options separate their parts by commas; ",," stands for one. */
static void quote(char *to, size_t size, const char *from)
{
	size_t i = 0;

	for (; *from && i + 2 < size; from++) {
		if (*from == ',')
			to[i++] = ',';
		to[i++] = *from;
	}
	to[i] = '\0';
}

static void compose(struct run *run, const struct machine *machine)
{
	char path[2 * SOCKET_PATH_MAX];

	addf(run, "-machine", MACHINE, run->el2, run->gic);
	add2(run, "-cpu", run->cpu);
	add2(run, "-smp", run->smp);
	add2(run, "-m", run->memory);
	add2(run, "-bios", run->firmware);
	add2(run, "-kernel", run->kernel);
	add2(run, "-initrd", run->initrd);
	add2(run, "-append", run->append);
	addf(run, "-name", "opensdei-%s", run->name);
	add(run, "-nographic");
	add2(run, "-nic", "none");
	add2(run, "-serial", "mon:stdio");
	quote(path, sizeof(path), machine->control);
	addf(run, "-chardev",
	     "socket,id=opensdei-control,path=%s,server=on,wait=off", path);
	add2(run, "-serial", "chardev:opensdei-control");
	quote(path, sizeof(path), machine->qmp);
	addf(run, "-qmp", "unix:%s,server=on,wait=off", path);
	if (run->boot)
		addf(run, "-fw_cfg", "name=opt/opensdei/boot,string=%s",
		     run->boot);
	if (run->slots)
		addf(run, "-fw_cfg", "name=opt/opensdei/slots,string=%s",
		     run->slots);
	for (unsigned i = 0; i < run->extra_count; i++)
		add(run, run->extra[i]);
}

int command_run(int argc, char **argv)
{
	struct run run = { .name = DEFAULT_NAME,
			   .cpu = "neoverse-n1",
			   .smp = "4",
			   .memory = "1G",
			   .el2 = "on",
			   .gic = "3",
			   .qemu = QEMU_NAME,
			   .firmware = own_firmware() };
	struct machine machine;
	int status;

	add(&run, ""); /* QEMU's name, known after parsing */
	argp_parse(&argp, argc, argv, 0, NULL, &run);
	run.args[0] = (char *)run.qemu;
	status = check_file("firmware", run.firmware);
	if (status == EXIT_OK)
		status = check_file("kernel", run.kernel);
	if (status == EXIT_OK)
		status = check_file("initrd", run.initrd);
	if (status == EXIT_OK)
		status = machine_find(&machine, run.name, true);
	if (status == EXIT_OK)
		status = machine_claim(&machine);
	if (status != EXIT_OK)
		return status;
	compose(&run, &machine);
	fprintf(stderr, "sdei: machine '%s', control line %s\n", run.name,
		machine.control);
	execvp(run.qemu, run.args);
	return fail(EXIT_USAGE, "cannot start %s: %s", run.qemu,
		    strerror(errno));
}
