/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Run folders: $XDG_RUNTIME_DIR/opensdei/NAME, or /tmp/opensdei-UID/NAME where
 * there is no such variable; a guest's, which sdei-vmm makes, have opensdei-vm
 * for opensdei (docs/control.md). Whoever can write there controls the machine, and
 * /tmp is everybody's: a folder that is not ours alone is refused.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sdei.h"

#define NAME_LENGTH_MAX 32
#define NAME_CHARACTERS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static void base_folder(char *path, size_t size, bool vm)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const char *kind = vm ? "opensdei-vm" : "opensdei";

	if (runtime && runtime[0] == '/')
		snprintf(path, size, "%s/%s", runtime, kind);
	else
		snprintf(path, size, "/tmp/%s-%u", kind, (unsigned)geteuid());
}

/* Is the folder there and nobody else's? Without `create` it may be missing. */
static int check_folder(const char *path, bool create)
{
	struct stat st;

	if (create && mkdir(path, 0700) != 0 && errno != EEXIST)
		return fail(EXIT_USAGE, "cannot make the run folder %s: %s",
			    path, strerror(errno));
	if (lstat(path, &st) != 0)
		return errno == ENOENT && !create
			       ? EXIT_OK
			       : fail(EXIT_USAGE, "run folder %s: %s", path,
				      strerror(errno));
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & 077) != 0)
		return fail(EXIT_USAGE,
			    "run folder %s: not a folder that only you can use "
			    "(owner you, mode 0700); remove it",
			    path);
	return EXIT_OK;
}

bool machine_name_valid(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= NAME_LENGTH_MAX && name[0] != '.' &&
	       name[0] != '-' && strspn(name, NAME_CHARACTERS) == length;
}

static int find(struct machine *machine, const char *name, bool create)
{
	char base[256], folder[320];
	int status;

	if (!machine_name_valid(name))
		return fail(EXIT_USAGE,
			    "'%s' cannot name a machine: 1 to %d letters, "
			    "digits, '.', '_', '-'",
			    name, NAME_LENGTH_MAX);
	machine->name = name;
	base_folder(base, sizeof(base), machine->vm);
	snprintf(folder, sizeof(folder), "%s/%s", base, name);
	if (strlen(folder) + sizeof("/control.sock") > SOCKET_PATH_MAX)
		return fail(EXIT_USAGE,
			    "%s: too long for a socket's path; set "
			    "XDG_RUNTIME_DIR to a shorter folder",
			    folder);
	status = check_folder(base, create);
	if (status == EXIT_OK)
		status = check_folder(folder, create);
	if (status != EXIT_OK)
		return status;

	/* The length was checked: "%.94s" tells the compiler. */
	snprintf(machine->control, SOCKET_PATH_MAX, "%.94s/control.sock",
		 folder);
	snprintf(machine->qmp, SOCKET_PATH_MAX, "%.94s/qmp.sock", folder);
	snprintf(machine->trace, SOCKET_PATH_MAX, "%.94s/trace.sock", folder);
	snprintf(machine->trace_memory, SOCKET_PATH_MAX, "%.94s/trace", folder);
	snprintf(machine->steps, SOCKET_PATH_MAX, "%.94s/steps", folder);
	snprintf(machine->trace_lock, SOCKET_PATH_MAX, "%.94s/trace.lock",
		 folder);
	snprintf(machine->lock, SOCKET_PATH_MAX, "%.94s/lock", folder);
	snprintf(machine->given, SOCKET_PATH_MAX, "%.94s/given", folder);
	snprintf(machine->control_lock, SOCKET_PATH_MAX, "%.94s/control.lock",
		 folder);
	return EXIT_OK;
}

int machine_find(struct machine *machine, const char *name, bool create)
{
	machine->vm = false;
	return find(machine, name, create);
}

int machine_choose(struct machine *machine, const struct talk_options *options)
{
	machine->vm = options->vm;
	return find(machine, options->name, false);
}

int machine_claim(const struct machine *machine)
{
	/* Not close-on-exec: QEMU inherits it, and the lock lives as long. */
	int fd = open(machine->lock, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);

	if (fd < 0)
		return fail(EXIT_USAGE, "%s: %s", machine->lock,
			    strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return EXIT_OK;
	close(fd);
	return fail(EXIT_USAGE,
		    "a machine named '%s' is running already; end it with "
		    "'sdei stop --name %s' or choose another --name",
		    machine->name, machine->name);
}

static bool locked(const char *path)
{
	int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	bool held;

	if (fd < 0)
		return false;
	held = flock(fd, LOCK_EX | LOCK_NB) != 0;
	close(fd);
	return held;
}

bool machine_running(const struct machine *machine)
{
	return locked(machine->lock);
}

int machine_each(bool vm, machine_seen *seen, void *context)
{
	struct machine machine = { .vm = vm };
	struct dirent **entries;
	char base[256], lock[600];
	int status, count;

	base_folder(base, sizeof(base), vm);
	status = check_folder(base, false);
	if (status != EXIT_OK)
		return status;
	count = scandir(base, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		snprintf(lock, sizeof(lock), "%s/%s/lock", base,
			 entries[i]->d_name);
		if (status == EXIT_OK &&
		    machine_name_valid(entries[i]->d_name) && locked(lock)) {
			status = find(&machine, entries[i]->d_name, false);
			if (status == EXIT_OK)
				seen(context, &machine);
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return status;
}

struct names {
	char text[256];
	size_t used;
};

static void add_name(void *context, const struct machine *machine)
{
	struct names *names = context;

	if (names->used < sizeof(names->text))
		names->used +=
			(size_t)snprintf(names->text + names->used,
					 sizeof(names->text) - names->used,
					 " %s", machine->name);
}

int machine_missing(const struct machine *machine)
{
	const char *what = machine->vm ? "guest" : "machine";
	struct names names = { .used = 0 };
	const int status = machine_each(machine->vm, add_name, &names);

	if (status != EXIT_OK)
		return status;
	if (names.used)
		return fail(EXIT_NO_MACHINE,
			    "no %s '%s' is running; these are:%s (choose with "
			    "--%s)",
			    what, machine->name, names.text,
			    machine->vm ? "vm" : "name");
	return fail(EXIT_NO_MACHINE, "no %s '%s' is running; start one with %s",
		    what, machine->name,
		    machine->vm ? "'sdei-vmm --name NAME --kernel FILE'"
				: "'sdei run --kernel FILE', or './run demo'");
}

int machine_connect(const struct machine *machine, const char *path,
		    struct channel *channel, int seconds)
{
	int64_t end = end_of(seconds);
	int error;

	for (;;) {
		if (!machine_running(machine))
			return machine_missing(machine);
		error = channel_open(channel, path, seconds);
		if (error == 0)
			return EXIT_OK;
		/* A machine that just starts has no sockets yet. */
		if (error != ENOENT || now_ms() > end)
			return fail(EXIT_NO_ANSWER, "machine '%s': %s: %s",
				    machine->name, path, strerror(error));
		sleep_ms(20);
	}
}
