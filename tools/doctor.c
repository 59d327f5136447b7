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

#include "platform.h"
#include "sdei.h"

#define FOUND_MAX 256
/* Debian 12's: the oldest that is tested. */
#define QEMU_MAJOR 7u
#define QEMU_MINOR 2u

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
	char line[FOUND_MAX - 64];
	unsigned major, minor;
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
	if (!version || sscanf(version, "version %u.%u", &major, &minor) != 2) {
		snprintf(f->text, sizeof(f->text), "%s: tells no version",
			 line);
	} else if (major < QEMU_MAJOR ||
		   (major == QEMU_MAJOR && minor < QEMU_MINOR)) {
		snprintf(f->text, sizeof(f->text),
			 "%s: too old, %u.%u is the oldest that serves", line,
			 QEMU_MAJOR, QEMU_MINOR);
	} else {
		snprintf(f->text, sizeof(f->text), "%s", line);
		f->mend = NULL;
	}
}

/* What brings the images, by where this program came from. */
static const char *images_mend(void)
{
	if (!own_is_installed())
		return "make";
	if (strcmp(own_folder(), "/usr/bin/") == 0)
		return "apt-get install opensdei-firmware";
	return "'make install PARTS=firmware' in OpenSDEI's tree, with its PREFIX=";
}

/* Of a platform; the first is what `sdei run` starts if nothing else is said. */
static void look_for_firmware(struct finding *f,
			      const struct platform *platform)
{
	char *path = own_file("opensdei-", platform->images);
	static char what[2][FOUND_MAX];

	snprintf(what[0], sizeof(what[0]), "firmware for %s", platform->name);
	snprintf(what[1], sizeof(what[1]), "sdei run --machine %s",
		 platform->name);
	f->what = what[0];
	f->needed_by = f->required ? "sdei run, sdei conformance" : what[1];
	f->mend = access(path, R_OK) ? images_mend() : NULL;
	snprintf(f->text, sizeof(f->text), "%s%s%s", path, f->mend ? ": " : "",
		 f->mend ? strerror(errno) : "");
	free(path);
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

static void look_for_python(struct finding *f)
{
	char line[FOUND_MAX - 64];

	f->what = "Python for campaigns";
	f->needed_by = "sdei campaign";
	f->mend = "apt-get install python3-yaml python3-jsonschema";
	/* tools/campaign.c looks for it so. */
	if (first_line("p=/usr/bin/python3; [ -x $p ] || p=python3; "
		       "$p -c 'import yaml, jsonschema, platform; "
		       "print(platform.python_version())' 2>/dev/null",
		       line, sizeof(line))) {
		snprintf(f->text, sizeof(f->text), "python3 %s", line);
		f->mend = NULL;
	} else {
		snprintf(f->text, sizeof(f->text),
			 "python3 with yaml and jsonschema is not installed");
	}
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

static const char help[] =
	"Say what this machine lacks, which command needs it, and the command "
	"that mends it."
	"\v"
	"The exit status is 1 if 'sdei run' would not work here. What a build "
	"needs './run setup' installs.";

int command_doctor(int argc, char **argv)
{
	struct finding qemu = { .required = true }, kvm = { 0 }, python = { 0 };
	const struct platform *platform;
	int status = EXIT_OK;
	json_t *json;

	parse_json_only(argc, argv, help);
	json = json_wanted ? json_array() : NULL;
	look_for_qemu(&qemu);
	show(&qemu, json);
	if (qemu.mend)
		status = EXIT_REFUSED;
	for (unsigned i = 0; (platform = platform_number(i)); i++) {
		struct finding firmware = { .required = i == 0 };

		look_for_firmware(&firmware, platform);
		show(&firmware, json);
		if (firmware.mend && firmware.required)
			status = EXIT_REFUSED;
	}
	look_for_kvm(&kvm);
	show(&kvm, json);
	look_for_python(&python);
	show(&python, json);
	if (json)
		print_json(json);
	return status;
}
