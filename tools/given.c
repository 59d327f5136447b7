/* SPDX-License-Identifier: BSD-2-Clause */
/* From what is given to QEMU's arguments: given.h. */
#define _GNU_SOURCE
#include "given.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <given_list.h>

#include "sdei.h"

#define OPTION    "opt/opensdei/"
#define TEXT_MAX  0xf000u
#define ALIGNMENT UINT64_C(0x10000)
#define LIST_ROOM ALIGNMENT /* of the list and its texts */
#define LOADER    "loader,file=%s,addr=0x%" PRIx64 ",force-raw=on"
/* Of an option's. */
#define NAME_MAX_LENGTH \
	(sizeof(((struct given_entry *)0)->name) - sizeof(OPTION))
_Static_assert(sizeof(struct given_list) + TEXT_MAX <= LIST_ROOM, "room");

struct writer {
	struct qemu_args *args;
	uint64_t base; /* of the list */
	uint64_t next; /* where the next file can lie */
	struct given_list list;
	char text[TEXT_MAX];
	size_t used;
};

static struct given_entry *entry(struct writer *w, const char *name,
				 size_t length)
{
	struct given_entry *e = &w->list.entry[w->list.count];

	if (w->list.count == GIVEN_MAX || length >= sizeof(e->name))
		return NULL;
	memcpy(e->name, name, length);
	w->list.count++;
	return e;
}

static int too_much(void)
{
	return fail(
		EXIT_USAGE,
		"too much is given: at most %u files and options, with names of %zu bytes, and %u bytes of command line and options",
		GIVEN_MAX, NAME_MAX_LENGTH, TEXT_MAX);
}

static int give_text(struct writer *w, const char *name, size_t length,
		     const char *text)
{
	const size_t size = strlen(text);
	struct given_entry *e;

	if (size > TEXT_MAX - w->used)
		return too_much();
	e = entry(w, name, length);
	if (!e)
		return too_much();
	e->address = w->base + sizeof(w->list) + w->used;
	e->size = size;
	memcpy(w->text + w->used, text, size);
	w->used += size;
	return EXIT_OK;
}

static int give_file(struct writer *w, const char *name, const char *path)
{
	char quoted[2 * PATH_MAX];
	struct given_entry *e;
	struct stat st;

	if (!path)
		return EXIT_OK;
	if (stat(path, &st) != 0)
		return fail(EXIT_USAGE, "%s %s: %s", name, path,
			    strerror(errno));
	/* QEMU loads what has this many bytes now; a pipe's are not known. */
	if (!S_ISREG(st.st_mode))
		return fail(EXIT_USAGE, "%s %s: is no regular file", name,
			    path);
	if (st.st_size == 0)
		return EXIT_OK;
	e = entry(w, name, strlen(name));
	if (!e)
		return too_much();
	e->address = w->next;
	e->size = (uint64_t)st.st_size;
	w->next += (e->size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	quote(quoted, sizeof(quoted), path);
	addf(w->args, "-device", LOADER, quoted, e->address);
	return EXIT_OK;
}

static int write_list(struct writer *w, const char *path)
{
	char quoted[2 * PATH_MAX];
	FILE *file = fopen(path, "wb");
	bool good;

	if (!file)
		return fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	good = fwrite(&w->list, sizeof(w->list), 1, file) == 1 &&
	       fwrite(w->text, 1, w->used, file) == w->used;
	if (fclose(file) != 0 || !good)
		return fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	quote(quoted, sizeof(quoted), path);
	addf(w->args, "-device", LOADER, quoted, w->base);
	return EXIT_OK;
}

static int give_list(struct qemu_args *args, const struct platform *platform,
		     const struct gift *gift, const char *path)
{
	static struct writer w;
	int status;

	w = (struct writer){ .args = args,
			     .base = PLATFORM_MEMORY(platform),
			     .list = { .magic = GIVEN_MAGIC } };
	w.next = w.base + LIST_ROOM;
	status = give_file(&w, "kernel", gift->kernel);
	if (status == EXIT_OK)
		status = give_file(&w, "initrd", gift->initrd);
	if (status == EXIT_OK && gift->append)
		status = give_text(&w, "cmdline", strlen("cmdline"),
				   gift->append);
	for (unsigned i = 0; status == EXIT_OK && i < gift->options; i++) {
		const char *value = strchr(gift->option[i], '=');
		char name[64];

		snprintf(name, sizeof(name), OPTION "%.*s",
			 (int)(value - gift->option[i]), gift->option[i]);
		status = give_text(&w, name, strlen(name), value + 1);
	}
	return status == EXIT_OK ? write_list(&w, path) : status;
}

int give(struct qemu_args *args, const struct platform *platform,
	 const struct gift *gift, const char *path)
{
	if (platform->list)
		return give_list(args, platform, gift, path);
	add2(args, "-kernel", gift->kernel);
	add2(args, "-initrd", gift->initrd);
	add2(args, "-append", gift->append);
	for (unsigned i = 0; i < gift->options; i++) {
		const char *value = strchr(gift->option[i], '=');

		addf(args, "-fw_cfg", "name=" OPTION "%.*s,string=%s",
		     (int)(value - gift->option[i]), gift->option[i],
		     value + 1);
	}
	return EXIT_OK;
}
