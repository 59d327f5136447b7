/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei campaign: the work is done by tools/campaign, in Python, which this process
 * becomes. It lies beside the program where it was built, or in share/opensdei.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sdei.h"

/* Debian's, for which its packages are; or what there is. */
#define PYTHON       "/usr/bin/python3"
#define OTHER_PYTHON "python3"

/* This program's path; its folder ends at the last slash. */
static bool own_path(char *path, size_t size)
{
	const ssize_t length = readlink("/proc/self/exe", path, size - 1);

	path[length > 0 ? length : 0] = '\0';
	return strchr(path, '/') != NULL;
}

static bool find(char *folder, size_t size, const char *path)
{
	static const char *const places[] = { "../share/opensdei/campaign",
					      "campaign" };
	const int length = (int)(strrchr(path, '/') + 1 - path);
	char file[2 * PATH_MAX];

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(folder, size, "%.*s%s", length, path, places[i]);
		snprintf(file, sizeof(file), "%s/__main__.py", folder);
		if (access(file, R_OK) == 0)
			return true;
	}
	return false;
}

int command_campaign(int argc, char **argv)
{
	char path[PATH_MAX], folder[PATH_MAX + 64];
	char **args;

	if (!own_path(path, sizeof(path)) ||
	    !find(folder, sizeof(folder), path))
		return fail(
			EXIT_USAGE,
			"its part in Python is not installed beside this program");
	args = calloc((size_t)argc + 4, sizeof(*args));
	if (!args)
		return fail(EXIT_USAGE, "out of memory");
	setenv("OPENSDEI_SDEI", path, 1);
	args[0] = PYTHON;
	args[1] = "-B";
	args[2] = folder;
	memcpy(args + 3, argv + 1, (size_t)argc * sizeof(*args));
	execv(PYTHON, args);
	execvp(OTHER_PYTHON, args);
	free(args);
	return fail(EXIT_USAGE,
		    "cannot start " OTHER_PYTHON
		    ": %s; apt-get install python3-yaml "
		    "python3-jsonschema brings it",
		    strerror(errno));
}
