/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control socket: requests in the words of the firmware's control line
 * (docs/control.md), answered by data lines and then `ok` or `error`. Meanwhile
 * nobody else is served, so a client has few requests, and a second for each.
 */
#include "vmm.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define REQUEST_MAX  255
#define REQUESTS_MAX 8 /* a connection */
#define COUNT_MAX    1000
#define PAGE         4096

static int socket_at(const char *path, struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		vmm_die("%s: too long for a socket's name", path);
	memcpy(address->sun_path, path, strlen(path));
	if (fd < 0)
		vmm_die("%s: %s", path, strerror(errno));
	return fd;
}

int control_listen(const char *path)
{
	struct sockaddr_un address;
	int fd = socket_at(path, &address);
	mode_t mask = umask(077);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, 4))
		vmm_die("%s: %s", path, strerror(errno));
	umask(mask);
	/* A client may be gone before its answer: that is an error of a write. */
	signal(SIGPIPE, SIG_IGN);
	return fd;
}

/* The number behind `key=` among a request's words, or `missing`. */
static uint64_t word(const char *request, const char *key, uint64_t missing)
{
	size_t length = strlen(key);

	for (const char *at = request; (at = strstr(at, key)); at += length)
		if (at > request && at[-1] == ' ' && at[length] == '=')
			return strtoull(at + length + 1, NULL, 0);
	return missing;
}

/* Has `inject memory` words that a guest's record has no place for? */
static bool strange_words(const char *request)
{
	static const char *const known[] = { "inject", "memory", "severity=",
					     "address=", "count=" };

	for (const char *at = request; *at; at += strspn(at, " ")) {
		size_t i = 0, count = sizeof(known) / sizeof(*known);

		while (i < count && strncmp(at, known[i], strlen(known[i])))
			i++;
		if (i == count)
			return true;
		at += strcspn(at, " ");
	}
	return false;
}

/* Of a request; -1: it has none. */
static int severity_in(const char *request)
{
	static const char *const names[] = {
		[SEVERITY_RECOVERABLE] = " severity=recoverable",
		[SEVERITY_FATAL] = " severity=fatal",
		[SEVERITY_CORRECTED] = " severity=corrected",
	};

	for (int i = 0; i < (int)(sizeof(names) / sizeof(*names)); i++)
		if (strstr(request, names[i]))
			return i;
	return -1;
}

/* `count` errors, each in the page behind the one before. */
static void inject(struct vmm *vmm, FILE *out, const char *request)
{
	uint64_t address = word(request, "address", 0);
	uint64_t count = word(request, "count", 1);
	int severity = severity_in(request);
	struct disposition disposition = { 0 };
	unsigned long long before;
	uint32_t sequence = 0;

	if (strange_words(request)) {
		fprintf(out,
			"error a guest's memory error has severity=, address= and count=, nothing else\n");
		return;
	}
	if (severity < 0) {
		fprintf(out,
			"error the severity is corrected, recoverable or fatal\n");
		return;
	}
	if (count < 1 || count > COUNT_MAX ||
	    !vmm_memory(vmm, address, (count - 1) * PAGE + 1)) {
		fprintf(out,
			"error the address is outside the guest's RAM, or the count not 1 to %d\n",
			COUNT_MAX);
		return;
	}
	/* Its handler may have run by the time that it is injected. */
	before = trace_now();
	for (uint64_t i = 0; i < count; i++)
		disposition = records_inject(vmm, (enum severity)severity,
					     address + i * PAGE, &sequence);
	fprintf(out, "ok sequence=%u event=0x%x disposition=%s time=%llu%s%s\n",
		sequence, vmm_events[source_of((enum severity)severity)].number,
		disposition.what, before, disposition.why ? " reason=" : "",
		disposition.why ? disposition.why : "");
}

/* Where the guest's memory lies in the host's: for who injects an error there. */
static void where(struct vmm *vmm, FILE *out, const char *request)
{
	uint64_t address = word(request, "address", 0), physical = 0;

	if (vmm_memory(vmm, address, 1))
		physical = pagemap_physical(vmm, address);
	if (physical)
		fprintf(out, "ok physical=0x%llx\n",
			(unsigned long long)physical);
	else
		fprintf(out,
			"error it is not in memory, or only root may know\n");
}

/* For events that have no error source. */
static void raise_event(struct vmm *vmm, FILE *out, const char *request)
{
	uint32_t event = (uint32_t)word(request, "event", 0);
	unsigned vcpu = (unsigned)word(request, "vcpu", 0);

	if (sdei_kvm_raise(vmm->sdei, event, vcpu))
		fprintf(out, "ok\n");
	else
		fprintf(out, "error there is no such event or vcpu\n");
}

static void show_vcpu(struct vmm *vmm, FILE *out, unsigned i)
{
	struct sdei_kvm_counts c = vcpus_count(vmm, i);

	fprintf(out,
		"pe index=%u masked=%d calls=%llu dispatches=%llu completions=%llu kicks=%llu register_ioctls=%llu dispatch_most=%u completion_most=%u\n",
		i, sdei_kvm_masked(vmm->sdei, i), (unsigned long long)c.calls,
		(unsigned long long)c.dispatches,
		(unsigned long long)c.completions, (unsigned long long)c.kicks,
		(unsigned long long)c.register_ioctls, c.dispatch_most,
		c.completion_most);
}

static void show_event(struct vmm *vmm, FILE *out, unsigned vcpu, unsigned i)
{
	struct sdei_report r;

	if (!sdei_kvm_query(vmm->sdei, vcpu, i, &r) || !r.info)
		return;
	fprintf(out,
		"event number=0x%x name=%s type=%s priority=%s pe=%u registered=%d enabled=%d running=%d pending=%d entry=0x%llx\n",
		r.info->number, r.info->name,
		r.info->type == SDEI_TYPE_SHARED ? "shared" : "private",
		r.info->priority == SDEI_PRIORITY_CRITICAL ? "critical"
							   : "normal",
		vcpu, !!(r.status & SDEI_STATUS_REGISTERED),
		!!(r.status & SDEI_STATUS_ENABLED),
		!!(r.status & SDEI_STATUS_RUNNING), r.pending,
		(unsigned long long)r.entry_point);
}

static void show_source(struct vmm *vmm, FILE *out, unsigned i)
{
	struct source_counts c = records_count(vmm, i);

	fprintf(out,
		"source name=%s event=0x%x injected=%llu published=%llu acknowledged=%llu queued=%u held=%llu dropped=%llu again=%llu withdrawn=%llu busy=%d\n",
		vmm_events[i].name, vmm_events[i].number,
		(unsigned long long)c.injected, (unsigned long long)c.published,
		(unsigned long long)c.acknowledged, c.queued,
		(unsigned long long)c.held, (unsigned long long)c.dropped,
		(unsigned long long)c.again, (unsigned long long)c.withdrawn,
		c.busy);
}

static void show_machine(struct vmm *vmm, FILE *out)
{
	fprintf(out,
		"machine pes=%u time=%llu ram=0x%llx+0x%llx tables=%s client=EL1\n",
		vmm->options.vcpus, (unsigned long long)trace_now(),
		(unsigned long long)RAM_BASE,
		(unsigned long long)vmm->options.memory,
		vmm->options.acpi ? "acpi" : "none");
}

static void status(struct vmm *vmm, FILE *out)
{
	show_machine(vmm, out);
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		show_vcpu(vmm, out, i);
	for (unsigned i = 0; i < EVENTS; i++)
		for (unsigned v = 0; v < vmm->options.vcpus; v++) {
			if (v && vmm_events[i].type == SDEI_TYPE_SHARED)
				break;
			show_event(vmm, out, v, i);
		}
	for (unsigned i = 0; i < SOURCES && vmm->options.acpi; i++)
		show_source(vmm, out, i);
	fprintf(out, "ok\n");
}

/*
 * The guest is then in the file and nowhere else: this process ends. Its socket
 * goes before the answer does, so that who resumes it can have the same name.
 */
static void save_guest(struct vmm *vmm, FILE *out, const char *request)
{
	const char *path = strstr(request, " file=");
	char why[256];

	if (!path || !path[6]) {
		fprintf(out, "error save needs file=PATH\n");
		return;
	}
	vcpus_pause(vmm);
	if (__atomic_load_n(&vmm->ending, __ATOMIC_ACQUIRE) >= 0) {
		fprintf(out, "error the guest has just ended\n");
	} else if (save(vmm, path + 6, why, sizeof(why))) {
		unlink(vmm->options.control);
		vmm->options.control = NULL;
		vmm_end(vmm, 0);
		fprintf(out, "ok\n");
	} else {
		fprintf(out, "error %s\n", why);
		vcpus_start(vmm);
	}
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static void answer(struct vmm *vmm, FILE *out, const char *request)
{
	if (begins(request, "inject memory ") && vmm->options.acpi)
		inject(vmm, out, request);
	else if (begins(request, "inject "))
		fprintf(out, "error memory errors, for a guest with ACPI\n");
	else if (begins(request, "raise "))
		raise_event(vmm, out, request);
	else if (begins(request, "where "))
		where(vmm, out, request);
	else if (begins(request, "status"))
		status(vmm, out);
	else if (begins(request, "version"))
		fprintf(out, "ok opensdei=" OPENSDEI_VERSION
			     " sdei=1.1 protocol=1\n");
	else if (begins(request, "trace"))
		trace_show(out);
	else if (begins(request, "save "))
		save_guest(vmm, out, request);
	else if (begins(request, "stop"))
		vmm_end(vmm, 0), fprintf(out, "ok\n");
	else
		fprintf(out,
			"error there are inject, raise, where, status, trace, version, save and stop\n");
}

/* Two streams, for what is read ahead must not be lost by an answer. */
static void converse(struct vmm *vmm, FILE *in, FILE *out)
{
	char request[REQUEST_MAX + 2];

	for (unsigned i = 0;
	     i < REQUESTS_MAX && fgets(request, sizeof(request), in); i++) {
		request[strcspn(request, "\n")] = '\0';
		if (!request[0])
			continue;
		answer(vmm, out, request);
		fflush(out);
		if (__atomic_load_n(&vmm->ending, __ATOMIC_ACQUIRE) >= 0)
			break;
	}
}

void control_serve(struct vmm *vmm, int listening)
{
	const struct timeval second = { .tv_sec = 1 };
	int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC), copy;
	FILE *in, *out;

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
	copy = dup(fd);
	in = fdopen(fd, "r");
	out = fdopen(copy, "w");
	if (in && out)
		converse(vmm, in, out);
	if (out)
		fclose(out);
	else
		close(copy);
	if (in)
		fclose(in);
	else
		close(fd);
}

static int ask_once(const char *path, const char *request)
{
	struct sockaddr_un address;
	char line[1024] = "";
	int fd = socket_at(path, &address);
	FILE *stream = fdopen(fd, "r+");

	if (!stream ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)))
		vmm_die("%s: %s", path, strerror(errno));
	fprintf(stream, "%s\n", request);
	fflush(stream);
	shutdown(fd, SHUT_WR);
	while (fgets(line, sizeof(line), stream))
		fputs(line, stdout);
	fclose(stream);
	return begins(line, "ok") ? 0 : 1;
}

int control_ask(const char *path, const char *request)
{
	char line[REQUEST_MAX + 2];
	int failed = 0;

	if (strcmp(request, "-"))
		return ask_once(path, request);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		failed |= ask_once(path, line);
		fflush(stdout);
	}
	return failed;
}
