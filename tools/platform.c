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

const char *platform_names(void)
{
	static char names[256];
	size_t used = 0;

	for (unsigned i = 0; i < COUNT && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used,
					 "%s%s", i ? ", " : "",
					 platforms[i].name);
	return names;
}

char *platform_help(int key, int machine, const char *text)
{
	char *with;

	if (key != machine || asprintf(&with, "%s: %s (%s)", text,
				       platform_names(), platforms[0].name) < 0)
		return (char *)text;
	return with;
}
