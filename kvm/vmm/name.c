/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's name: a run folder where the sdei command looks for its control
 * socket (docs/control.md). Whoever can write there controls the guest, and
 * /tmp is everybody's: a folder that is not ours alone is refused.
 */
#include "vmm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAUSE_US 100000
#define PATIENCE 20

bool name_valid(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= NAME_LENGTH_MAX && name[0] != '.' &&
	       name[0] != '-' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789._-") == length;
}

static void make_folder(const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) && errno != EEXIST)
		vmm_die("the run folder %s: %s", path, strerror(errno));
	if (lstat(path, &st))
		vmm_die("the run folder %s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || st.st_mode & 077)
		vmm_die("the run folder %s: not a folder that only you can use (owner you, mode 0700); remove it",
			path);
}

static char *join(const char *folder, const char *file)
{
	char *path;

	if (asprintf(&path, "%s/%s", folder, file) < 0)
		vmm_die("no memory");
	return path;
}

/*
 * The lock lives as long as this process: it says that the guest runs. One that
 * was saved and answered so may need a moment to end.
 */
static void claim(const char *folder, const char *name)
{
	char *path = join(folder, "lock");
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		vmm_die("%s: %s", path, strerror(errno));
	for (int i = 0; i < PATIENCE && flock(fd, LOCK_EX | LOCK_NB); i++)
		usleep(PAUSE_US);
	if (flock(fd, LOCK_EX | LOCK_NB))
		vmm_die("a guest named '%s' runs already", name);
	free(path);
}

static char *base_folder(void)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char *path;

	if (runtime && runtime[0] == '/')
		return join(runtime, "opensdei-vm");
	if (asprintf(&path, "/tmp/opensdei-vm-%u", (unsigned)geteuid()) < 0)
		vmm_die("no memory");
	return path;
}

const char *name_claim(const char *name, char **trace)
{
	char *base = base_folder(), *folder = join(base, name);
	char *path = join(folder, "control.sock");

	make_folder(base);
	make_folder(folder);
	claim(folder, name);
	/* Whoever had the name before us is gone, its socket may not be. */
	unlink(path);
	*trace = join(folder, "steps");
	free(base);
	free(folder);
	return path;
}
