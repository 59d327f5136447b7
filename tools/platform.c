/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of machines: make has put the platforms' run.h together in platforms.h. */
#define _GNU_SOURCE
#include "platform.h"

#include <stdio.h>
#include <string.h>

static const struct platform platforms[] = {
#define RUN(name, images, qemu, choices, ram, list, option, value) \
	{ name, images, qemu, choices, ram, list, { option, value } },
#include <platforms.h>
};
#define COUNT (sizeof(platforms) / sizeof(*platforms))

const struct platform *platform_number(unsigned index)
{
	return index < COUNT ? &platforms[index] : NULL;
}

const struct platform *platform_find(const char *name)
{
	for (unsigned i = 0; i < COUNT; i++)
		if (strcmp(platforms[i].name, name) == 0)
			return &platforms[i];
	return NULL;
}

/* All, or those whose files are not given by a list. */
static const char *names_of(char *names, size_t size, bool all)
{
	size_t used = 0;

	for (unsigned i = 0; i < COUNT && used < size; i++)
		if (all || !platforms[i].list)
			used += (size_t)snprintf(names + used, size - used,
						 "%s%s", used ? ", " : "",
						 platforms[i].name);
	return names;
}

const char *platform_names(void)
{
	static char names[256];

	return names_of(names, sizeof(names), true);
}

const char *platform_names_with_disks(void)
{
	static char names[256];

	return names_of(names, sizeof(names), false);
}

char *platform_help(int key, int machine, const char *text)
{
	char *with;

	if (key != machine || asprintf(&with, "%s: %s (%s)", text,
				       platform_names(), platforms[0].name) < 0)
		return (char *)text;
	return with;
}
