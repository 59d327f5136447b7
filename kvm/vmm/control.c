/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control socket: requests in the words of the firmware's control line
 * (docs/control.md), answered by data lines and then `ok` or `error`. Meanwhile
 * nobody else is served, so a client has a few seconds, and one for each request.
 */
#include "vmm.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define REQUEST_MAX   4400 /* a record in hexadecimal */
#define CONNECTION_MS 3000
#define SILENCE_MS    1000

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

/* Where the guest's memory lies in the host's: for who injects an error there. */
static void where(struct vmm *vmm, FILE *out, const char *request)
{
	uint64_t address = request_number(request, "address", 0), physical = 0;

	if (vmm_memory(vmm, address, 1))
		physical = pagemap_physical(vmm, address);
	if (physical)
		fprintf(out, "ok physical=0x%llx\n",
			(unsigned long long)physical);
	else
		fprintf(out,
			"error it is not in memory, or only root may know\n");
}

/*
 * An event alone, whether it has an error source or not. What is answered is how
 * things stood when it was raised.
 */
static void raise_event(struct vmm *vmm, FILE *out, const char *request)
{
	uint32_t number = (uint32_t)request_number(request, "event", 0);
	unsigned vcpu = (unsigned)request_number(request, "vcpu", 0);
	const char *waits = NULL;

	for (unsigned i = 0; i < EVENTS; i++)
		if (vmm_events[i].number == number)
			waits = records_why_pending(vmm, i, vcpu);
	if (!sdei_kvm_raise(vmm->sdei, number, vcpu))
		fprintf(out, "error there is no such event or vcpu\n");
	else if (waits)
		fprintf(out, "ok disposition=pending reason=%s\n", waits);
	else
		fprintf(out, "ok disposition=delivered\n");
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
	const bool shared = vmm_events[i].type == SDEI_TYPE_SHARED;
	struct sdei_report r;
	int pe = (int)vcpu;

	if (!sdei_kvm_query(vmm->sdei, vcpu, i, &r) || !r.info)
		return;
	/* Of so few vcpus (VCPUS_MAX) the affinity is the number. */
	if (shared && r.running_on >= 0)
		pe = r.running_on;
	else if (shared)
		pe = r.routing_mode == SDEI_RM_PE ? (int)r.affinity : -1;
	fprintf(out, "event number=0x%x name=%s type=%s priority=%s",
		r.info->number, r.info->name, shared ? "shared" : "private",
		r.info->priority == SDEI_PRIORITY_CRITICAL ? "critical"
							   : "normal");
	if (shared)
		fprintf(out, " routing=%s",
			r.routing_mode == SDEI_RM_ANY ? "any" : "pe");
	if (pe >= 0)
		fprintf(out, " pe=%d", pe);
	fprintf(out,
		" registered=%d enabled=%d running=%d pending=%d entry=0x%llx\n",
		!!(r.status & SDEI_STATUS_REGISTERED),
		!!(r.status & SDEI_STATUS_ENABLED),
		!!(r.status & SDEI_STATUS_RUNNING), r.pending,
		(unsigned long long)r.entry_point);
}

/* Sources count milliseconds of the host's; the machine's time is the guest's. */
static uint64_t shown_since(const struct sdei_ras_counters *c)
{
	return c->since ? trace_now() - (time_ms() - c->since) * 1000000 : 0;
}

static void show_source(FILE *out, unsigned i)
{
	static const char *const states[SDEI_RAS_STATES] = {
		[SDEI_RAS_IS_FREE] = "free",
		[SDEI_RAS_IS_PUBLISHED] = "published",
		[SDEI_RAS_IS_SEEN] = "seen",
		[SDEI_RAS_IS_OVERDUE] = "overdue",
	};
	const struct sdei_ras_counters c = records_count(i);

	fprintf(out,
		"source name=%s event=0x%x injected=%llu published=%llu acknowledged=%llu queued=%u held=%llu dropped=%llu again=%llu withdrawn=%llu busy=%d state=%s since=%llu\n",
		vmm_sources[i].name, vmm_sources[i].vector,
		(unsigned long long)c.injected, (unsigned long long)c.published,
		(unsigned long long)c.acknowledged, c.queued,
		(unsigned long long)c.held, (unsigned long long)c.dropped,
		(unsigned long long)c.raised_again,
		(unsigned long long)c.withdrawn, c.state != SDEI_RAS_IS_FREE,
		states[c.state], (unsigned long long)shown_since(&c));
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
		show_source(out, i);
	storm_show(out, 0);
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
	if (__atomic_load_n(&vmm->ending, __ATOMIC_RELAXED) >= 0) {
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
	if (begins(request, "inject "))
		inject_answer(vmm, out, request + strlen("inject "));
	else if (begins(request, "raise "))
		raise_event(vmm, out, request);
	else if (begins(request, "where "))
		where(vmm, out, request);
	else if (begins(request, "storms"))
		inject_storms(out, request);
	else if (begins(request, "status"))
		status(vmm, out);
	else if (begins(request, "version"))
		fprintf(out, "ok opensdei=" OPENSDEI_VERSION
			     " sdei=1.1 protocol=1\n");
	else if (begins(request, "trace live") || begins(request, "trace off"))
		live_answer(out, begins(request, "trace live"));
	else if (begins(request, "trace"))
		trace_show(out);
	else if (begins(request, "save "))
		save_guest(vmm, out, request);
	else if (begins(request, "stop"))
		vmm_end(vmm, 0), fprintf(out, "ok\n");
	else
		fprintf(out,
			"error there are inject, raise, where, status, storms, trace, version, save and stop\n");
}

/* Does a request come? Storms do not wait for it. */
static bool comes(int fd)
{
	const uint64_t end = time_ms() + SILENCE_MS;
	struct pollfd line = { .fd = fd, .events = POLLIN };

	for (uint64_t now; (now = time_ms()) < end;) {
		const int next = storm_poll(), left = (int)(end - now);

		if (poll(&line, 1, next < 0 || next > left ? left : next) > 0)
			return true;
	}
	return false;
}

/* Two streams, for one that reads and writes has to be positioned in between. */
static void converse(struct vmm *vmm, FILE *in, FILE *out)
{
	const uint64_t end = time_ms() + CONNECTION_MS;
	char request[REQUEST_MAX + 2];

	while (time_ms() < end && comes(fileno(in)) &&
	       fgets(request, sizeof(request), in)) {
		request[strcspn(request, "\n")] = '\0';
		if (!request[0])
			continue;
		answer(vmm, out, request);
		fflush(out);
		if (__atomic_load_n(&vmm->ending, __ATOMIC_RELAXED) >= 0)
			break;
		records_poll(vmm);
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
	/* What is read ahead would not be seen to have come. */
	if (in)
		setvbuf(in, NULL, _IONBF, 0);
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
