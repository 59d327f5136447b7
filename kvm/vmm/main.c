/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei-vmm - run one guest with SDEI under KVM: a Linux kernel, or a bare
 * payload such as conformance.bin. Its console is standard input and output.
 */
#include "vmm.h"

#include <argp.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define EXIT_USAGE 2

enum { KEY_ASK = 256, KEY_FORWARD, KEY_TRACE_SIZE };

struct arguments {
	struct options options;
	const char *ask;
};

const char *argp_program_version = "sdei-vmm (OpenSDEI) " OPENSDEI_VERSION;

static const struct argp_option argp_options[] = {
	{ "kernel", 'k', "FILE", 0, "arm64 kernel Image", 0 },
	{ "initrd", 'i', "FILE", 0, "its initial file system", 0 },
	{ "append", 'a', "TEXT", 0, "its command line", 0 },
	{ "payload", 'p', "FILE", 0,
	  "instead of a kernel: a bare payload, run at 0x60000000", 0 },
	{ "smp", 's', "N", 0, "vcpus, 1 to 8 (1)", 0 },
	{ "memory", 'm', "MIB", 0, "memory in MiB, 128 to 3072 (256)", 0 },
	{ "acpi", 'A', NULL, 0,
	  "describe the machine by ACPI, error sources with it", 0 },
	{ "name", 'n', "NAME", 0,
	  "take requests of 'sdei --vm NAME'; 1 to 32 letters, digits, . _ -",
	  0 },
	{ "resume", 'r', "FILE", 0,
	  "go on with a guest that the request `save` has saved; vcpus, memory "
	  "and --acpi are the file's, and a kernel is only for a later reset",
	  0 },
	{ "control", 'c', "SOCKET", 0, "take requests there", 0 },
	{ "forward", KEY_FORWARD, "SEVERITY", 0,
	  "corrected: pass on the host's corrected errors in the guest's "
	  "memory, too; needs root",
	  0 },
	{ "trace-size", KEY_TRACE_SIZE, "KIB", 0,
	  "of the live trace of 'sdei trace --vm NAME --follow', 64 to 4096 (256)",
	  0 },
	{ "ask", KEY_ASK, "REQUEST", 0,
	  "send a request to --control's SOCKET and print the answer; -: each "
	  "line of the input",
	  0 },
	{ 0 }
};

static uint64_t number(const char *text, unsigned long min, unsigned long max,
		       struct argp_state *state)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || end == text || value < min || value > max)
		argp_error(state, "'%s' is not a number from %lu to %lu", text,
			   min, max);
	return value;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *a = state->input;
	struct options *o = &a->options;

	switch (key) {
	case 'k':
		o->kernel = text;
		break;
	case 'i':
		o->initrd = text;
		break;
	case 'a':
		o->append = text;
		break;
	case 'p':
		o->payload = text;
		break;
	case 's':
		o->vcpus = (unsigned)number(text, 1, VCPUS_MAX, state);
		break;
	case 'm':
		o->memory = number(text, MEMORY_MIN, MEMORY_MAX, state) * MIB;
		break;
	case 'A':
		o->acpi = true;
		break;
	case 'r':
		o->resume = text;
		break;
	case 'c':
		o->control = text;
		break;
	case 'n':
		if (!name_valid(text))
			argp_error(state,
				   "'%s' cannot name a guest: 1 to %d "
				   "letters, digits, '.', '_', '-'",
				   text, NAME_LENGTH_MAX);
		o->name = text;
		break;
	case KEY_TRACE_SIZE:
		o->trace_size = number(text, TRACE_MIN, TRACE_MAX, state);
		break;
	case KEY_FORWARD:
		if (strcmp(text, "corrected"))
			argp_error(
				state,
				"'%s' cannot be forwarded by choice, "
				"only corrected: uncorrected ones always are",
				text);
		o->forward = true;
		break;
	case KEY_ASK:
		a->ask = text;
		break;
	case ARGP_KEY_END:
		if (o->name && o->control)
			argp_error(state, "either --name or --control");
		if (o->forward && !o->acpi && !o->resume)
			argp_error(state, "--forward needs --acpi");
		if (a->ask ? !o->control
			   : !o->kernel == !o->payload &&
				     (!o->resume || o->kernel))
			argp_error(state,
				   a->ask ? "--ask needs --control"
					  : "either --kernel or --payload");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse,
	.doc = "Run a guest with SDEI on unmodified KVM.\v"
	       "Exit status: 0 the guest switched itself off or was saved, 1 something "
	       "failed, 2 wrong arguments. A reset starts the guest again.",
};

void vmm_die(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	fputs("sdei-vmm: ", stderr);
	vfprintf(stderr, format, list);
	fputc('\n', stderr);
	va_end(list);
	exit(1);
}

void *vmm_memory(struct vmm *vmm, uint64_t address, uint64_t size)
{
	uint64_t offset = address - RAM_BASE;

	if (address < RAM_BASE || offset > vmm->options.memory ||
	    size > vmm->options.memory - offset)
		return NULL;
	return vmm->ram + offset;
}

void vmm_end(struct vmm *vmm, int status)
{
	int running = -1;

	__atomic_compare_exchange_n(&vmm->ending, &running, status, false,
				    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	eventfd_write(vmm->wake, 1);
}

/* What has news for the main thread; -1: nothing. */
struct inputs {
	int listening, poisoned, forwarded;
};

/* Do what is due; in how many ms there is more to do, or -1. */
static int work(struct vmm *vmm)
{
	const int storm = storm_poll(), records = records_poll(vmm);

	return storm < 0 || (records >= 0 && records < storm) ? records : storm;
}

/*
 * What is typed goes to the guest, a socket's requests are answered, the host's
 * bad memory is passed on.
 */
static void serve(struct vmm *vmm, const struct inputs *inputs)
{
	struct pollfd fds[] = {
		{ .fd = vmm->wake, .events = POLLIN },
		{ .fd = inputs->listening, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = inputs->poisoned, .events = POLLIN },
		{ .fd = inputs->forwarded, .events = POLLIN },
	};
	uint8_t typed;

	eventfd_t ignored;

	while (__atomic_load_n(&vmm->ending, __ATOMIC_RELAXED) < 0) {
		if (poll(fds, sizeof(fds) / sizeof(*fds), work(vmm)) < 0 &&
		    errno != EINTR)
			vmm_die("poll: %s", strerror(errno));
		if (fds[0].revents & POLLIN)
			eventfd_read(vmm->wake, &ignored);
		if (fds[3].revents & POLLIN)
			poison_serve(vmm);
		if (fds[4].revents)
			forward_serve(vmm);
		if (fds[2].revents && read(STDIN_FILENO, &typed, 1) == 1)
			devices_type(vmm, typed);
		else if (fds[2].revents)
			fds[2].fd = -1;
		/* Last: a guest that is saved has all that was typed. */
		if (fds[1].revents & POLLIN)
			control_serve(vmm, inputs->listening);
	}
}

/* What the guest begins with. */
static void fill_memory(void *argument)
{
	struct vmm *vmm = argument;

	if (vmm->options.resume) {
		restore(vmm);
	} else {
		image_load(vmm);
		records_start(vmm);
	}
}

/* From its reset on, or from where it was saved, once. */
static void run_guest(struct vmm *vmm, const struct inputs *inputs)
{
	eventfd_t ignored;

	vmm->ending = -1;
	storm_reset(vmm);
	eventfd_read(vmm->wake, &ignored);
	if (!poison_guard(fill_memory, vmm))
		vmm_die("some of the guest's memory went bad while it was filled");
	if (vmm->options.resume)
		vcpus_start(vmm);
	else
		vcpus_boot(vmm);
	vmm->options.resume = NULL;
	serve(vmm, inputs);
	vcpus_stop(vmm);
}

static int run(const struct options *options)
{
	struct vmm *vmm = calloc(1, sizeof(*vmm));
	struct inputs inputs = { -1, -1, -1 };
	char *trace = NULL;

	if (!vmm)
		vmm_die("no memory");
	vmm->options = *options;
	vmm->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (options->resume)
		restore_open(vmm, options->resume);
	machine_make(vmm);
	inputs.poisoned = poison_start(vmm);
	if (options->forward)
		inputs.forwarded = forward_start();
	if (options->name) {
		vmm->options.control = name_claim(options->name, &trace);
		live_open(vmm, trace);
	}
	if (vmm->options.control)
		inputs.listening = control_listen(vmm->options.control);
#ifndef UNCONFINED /* sanitizers have wishes of their own */
	/* Before there are other threads: they are confined as well. */
	confine();
#endif
	run_guest(vmm, &inputs);
	while (vmm->ending == GUEST_RESET) {
		if (!options->kernel && !options->payload)
			vmm_die("the guest was resumed, and reset itself: there is no --kernel to start it with");
		machine_reset(vmm);
		run_guest(vmm, &inputs);
	}
	if (vmm->options.control)
		unlink(vmm->options.control);
	if (trace)
		unlink(trace);
	free(trace);
	sdei_kvm_destroy(vmm->sdei);
	return vmm->ending;
}

int main(int argc, char **argv)
{
	struct arguments a = {
		.options = { .append = "",
			     .vcpus = 1,
			     .memory = 256 * MIB,
			     .trace_size = 256 },
	};

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &a);
	if (a.ask)
		return control_ask(a.options.control, a.ask);
	return run(&a.options);
}
