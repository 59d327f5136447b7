/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that came with this program, and files that the user names. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sdei.h"

const char *own_folder(void)
{
	static char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *slash;

	path[length > 0 ? length : 0] = '\0';
	slash = strrchr(path, '/');
	if (slash)
		slash[1] = '\0';
	return path;
}

bool own_is_installed(void)
{
	const char *folder = own_folder();
	const size_t length = strlen(folder);

	return length >= 5 && strcmp(folder + length - 5, "/bin/") == 0;
}

char *own_file(const char *prefix, const char *name)
{
	char *file;

	if (asprintf(&file, "%s../share/opensdei/%s%s.bin", own_folder(),
		     prefix, name) < 0)
		exit(fail(EXIT_USAGE, "out of memory"));
	if (own_is_installed() || access(file, F_OK) == 0)
		return file;
	free(file);
	if (asprintf(&file, "%s%s%s.bin", own_folder(), prefix, name) < 0)
		exit(fail(EXIT_USAGE, "out of memory"));
	return file;
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
