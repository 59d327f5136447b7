/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei doctor: what this machine lacks for which command, and what mends it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sdei.h"

#define FOUND_MAX  256
#define QEMU_MAJOR 7 /* Debian 12's is 7.2: the oldest that is tested */

/* What was looked for; `mend` is a command or NULL: nothing is wrong. */
struct finding {
	const char *what, *needed_by;
	bool required; /* for `sdei run` */
	char text[FOUND_MAX];
	const char *mend;
};

/* The first line that a program prints. False: it cannot be started, or fails. */
static bool first_line(const char *command, char *line, size_t size)
{
	FILE *out = popen(command, "re");
	bool any = out && fgets(line, (int)size, out);
	char rest[256];

	if (any)
		line[strcspn(line, "\n")] = '\0';
	while (out && fgets(rest, sizeof(rest), out))
		;
	return out && pclose(out) == 0 && any;
}

static void look_for_qemu(struct finding *f)
{
	char line[FOUND_MAX];
	const char *version;

	f->what = "QEMU for arm64";
	f->needed_by = "sdei run, sdei conformance";
	f->mend = "apt-get install qemu-system-arm";
	if (!first_line("qemu-system-aarch64 --version 2>/dev/null", line,
			sizeof(line))) {
		snprintf(f->text, sizeof(f->text),
			 "qemu-system-aarch64 is not installed");
		return;
	}
	version = strstr(line, "version ");
	snprintf(f->text, sizeof(f->text), "%s", line);
	if (version && atoi(version + strlen("version ")) >= QEMU_MAJOR)
		f->mend = NULL;
}

static void look_for_firmware(struct finding *f)
{
	char *path = own_file("opensdei-", "qemu-virt");

	f->what = "firmware";
	f->needed_by = "sdei run, sdei conformance";
	f->mend = access(path, R_OK) ? "make" : NULL;
	snprintf(f->text, sizeof(f->text), "%s%s%s", path, f->mend ? ": " : "",
		 f->mend ? strerror(errno) : "");
}

static void look_for_kvm(struct finding *f)
{
#ifdef __aarch64__
	const int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	else
		f->mend = errno == EACCES
				  ? "usermod -aG kvm $USER"
				  : "a host whose CPUs and firmware have EL2";
	snprintf(f->text, sizeof(f->text), "/dev/kvm%s%s", fd < 0 ? ": " : "",
		 fd < 0 ? strerror(errno) : "");
#else
	f->mend = "an arm64 host, or './run demo-kvm', which emulates one";
	snprintf(f->text, sizeof(f->text), "this host is not arm64");
#endif
	f->what = "KVM for arm64";
	f->needed_by = "sdei-vmm";
}

static void show(const struct finding *f, json_t *json)
{
	if (json) {
		json_array_append_new(
			json,
			json_pack("{s:s, s:b, s:s, s:s, s:b, s:s*}", "what",
				  f->what, "ok", !f->mend, "found", f->text,
				  "needed_by", f->needed_by, "required",
				  f->required, "mend", f->mend));
		return;
	}
	printf("%-7s  %s: %s\n",
	       !f->mend      ? "ok"
	       : f->required ? "MISSING"
			     : "without",
	       f->what, f->text);
	if (f->mend)
		printf("         %s needs it: %s\n", f->needed_by, f->mend);
}

static const struct {
	void (*look)(struct finding *f);
	bool required;
} looks[] = {
	{ look_for_qemu, true },
	{ look_for_firmware, true },
	{ look_for_kvm, false },
};

static const char help[] =
	"Say what this machine lacks, which command needs it, and the command "
	"that mends it."
	"\v"
	"The exit status is 1 if 'sdei run' would not work here. What a build "
	"needs './run setup' installs.";

int command_doctor(int argc, char **argv)
{
	int status = EXIT_OK;
	json_t *json;

	parse_json_only(argc, argv, help);
	json = json_wanted ? json_array() : NULL;
	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++) {
		struct finding f = { .required = looks[i].required };

		looks[i].look(&f);
		show(&f, json);
		if (f.mend && f.required)
			status = EXIT_REFUSED;
	}
	if (json)
		print_json(json);
	return status;
}
