/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What sdei-vmm's litmus tests find beside it: memory, a clock, and a KVM whose
 * KVM_RUN looks at immediate_exit and ends at once. What is in neither returns 0.
 */
#include "vmm_world.h"

#include <kvm/internal.h>

#undef load
#undef store
#undef exchange
#define state event_state /* state.h has another */
#include <lib/dispatcher/internal.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

#define VCPUS   2u
#define GUEST   1u /* the vcpu that something happens to */
#define HANDLER 0x1000

#define THREAD_ENDS ((void (*)(void))0x10) /* STOP in tracer.py */

struct vmm vmm;
struct kvm_run runs[VCPUS];
uint8_t guest[RAS_SIZE] __attribute__((aligned(4096)));
uint8_t live[LIVE_KIB * 1024] __attribute__((aligned(4096)));
uint64_t milliseconds;

static uint8_t heap[0x10000] __attribute__((aligned(16)));
static size_t heap_used;
static void *(*thread)(void *argument);
static void *thread_argument;
static unsigned runs_left;
static volatile unsigned char exits; /* what KVM_RUN saw of immediate_exit */

/* libgcc's atomics then are pairs of exclusive accesses, the weaker kind. */
extern bool __aarch64_have_lse_atomics;
bool __aarch64_have_lse_atomics;

int *__errno_location(void)
{
	static __thread int number;

	return &number;
}

void *calloc(size_t n, size_t size)
{
	void *at = heap + heap_used;

	heap_used += (n * size + 15) & ~(size_t)15;
	return at;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	(void)alignment;
	return calloc(1, size);
}

int pthread_create(pthread_t *id, const pthread_attr_t *attributes,
		   void *(*function)(void *), void *argument)
{
	(void)id, (void)attributes;
	thread = function;
	thread_argument = argument;
	return 0;
}

/* A thread that finds a lock taken waits: then the other one runs. */
long syscall(long number, ...)
{
	(void)number;
	turn();
	return 0;
}

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t off)
{
	(void)at, (void)size, (void)protection, (void)flags, (void)fd,
		(void)off;
	return live;
}

uint64_t time_ms(void)
{
	return milliseconds;
}

uint64_t trace_ticks(void)
{
	return 1;
}

static int kvm_ioctl(void *context, int fd, unsigned long request, void *value)
{
	(void)context, (void)fd, (void)value;
	if (request != KVM_RUN)
		return 0;
	exits = *(volatile __u8 *)&runs[GUEST].immediate_exit;
	if (!runs_left--)
		THREAD_ENDS();
	errno = EINTR;
	return -1;
}

static void send_signal(void *context, int number, int signal)
{
	(void)context, (void)number, (void)signal;
}

static void entered(void *context, unsigned vcpu, uint32_t number)
{
	(void)context, (void)number;
	records_entered(PE_CE, vcpu);
}

static void make_sdei(void)
{
	static const struct sdei_kvm_system testing = {
		.ioctl = kvm_ioctl,
		.interrupt = send_signal,
	};
	const struct sdei_kvm_vcpu vcpus[VCPUS] = { { 0, &runs[0] },
						    { 1, &runs[1] } };
	const struct sdei_kvm_config config = {
		.vcpus = vcpus,
		.vcpu_count = VCPUS,
		.events = vmm_events,
		.event_count = EVENTS,
		.private_slots = 1,
		.shared_slots = 1,
		.signal = SIGUSR1,
		.entered = entered,
		.context = &vmm,
		.system = &testing,
	};

	vmm.sdei = sdei_kvm_create(&config, NULL);
}

static void call(uint32_t fid, uint64_t x1, uint64_t x2)
{
	struct sdei_context frame = { .x = { fid, x1, x2 }, .pstate = 0x3c5 };

	sdei_call(vmm.sdei->dispatcher, GUEST, &frame);
}

static void enable(unsigned event)
{
	call(SDEI_FID_EVENT_REGISTER, vmm_events[event].number, HANDLER);
	call(SDEI_FID_EVENT_ENABLE, vmm_events[event].number, 0);
}

void start(void)
{
	vmm.options.vcpus = VCPUS;
	vmm.options.acpi = true;
	vmm.options.memory = 128 * MIB;
	vmm.options.trace_size = LIVE_KIB;
	vmm.ram = (uint8_t *)((uintptr_t)guest - (RAS_BASE - RAM_BASE));
	vmm.ending = -1;
	for (unsigned i = 0; i < VCPUS; i++)
		vmm.vcpus[i].run = &runs[i];
	milliseconds = 1000;
	make_sdei();
	records_start(&vmm);
	live_open(&vmm, "");
	enable(CE);
	enable(PE_CE);
	call(SDEI_FID_PE_UNMASK, 0, 0);
	vcpus_start(&vmm);
	for (unsigned i = 0; i < VCPUS; i++)
		name(&runs[i].immediate_exit, "immediate_exit", i);
	name(&vmm.ending, "ending", 0);
	name(&vmm.paused, "paused", 0);
	name(state_of_handler(), "state", PE_CE);
	name(guest, "guest", 0);
	name(live, "head", 0);
	name(live + TRACE_HEADS, "slot", 0);
}

static struct event *handler(void)
{
	return disp_find(sdei_pe(vmm.sdei->dispatcher, GUEST),
			 vmm_events[PE_CE].number);
}

const void *state_of_handler(void)
{
	return &handler()->state;
}

void enter_handler(void)
{
	struct sdei_context frame = { .pstate = 0x3c5 };

	sdei_raise(vmm.sdei->dispatcher, GUEST, vmm_events[PE_CE].number,
		   GUEST);
	sdei_deliver(vmm.sdei->dispatcher, GUEST, &frame);
}

void run_vcpu_once(void)
{
	runs_left = 1;
	thread(thread_argument);
}

void last(const void *place, uint64_t value)
{
	finals[0] = (struct litmus_outcome){ place, value };
}

void but(uint64_t odd_one, const void *place, uint64_t value)
{
	odd = (struct litmus_outcome){ place, value };
	odd_thread = odd_one;
}

void count_only(const void *one, const void *other, const void *third)
{
	only[0] = one;
	only[1] = other;
	only[2] = third;
}
