/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How vcpus' threads are told of events: kvm/notes.c, and kvm/run.c, which looks.
 * Thread 1 is the vcpu's; what the C library and KVM do is left out, but that
 * KVM_RUN looks at immediate_exit.
 */
#include "litmus.h"

#include "../../kvm/internal.h"

#include "../../kvm/arm64.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#define VCPUS 2

static struct sdei_kvm vm;
static struct vcpu vcpus[VCPUS];
static struct kvm_run run;
static uint64_t notes[1], shared_notes[1], line_notes[1];
static const struct sdei_event_info event;
static uint64_t data, seen;
static unsigned char exits; /* what KVM_RUN saw of immediate_exit */

/* libgcc's atomics then are pairs of exclusive accesses, the weaker kind. */
extern bool __aarch64_have_lse_atomics;
bool __aarch64_have_lse_atomics;

int *__errno_location(void)
{
	static int number;

	return &number;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	(void)lock;
	return 0;
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	(void)lock;
	return 0;
}

int pthread_mutex_lock(pthread_mutex_t *lock)
{
	(void)lock;
	return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *lock)
{
	(void)lock;
	return 0;
}

void kvm_frame_forget(struct vcpu *v)
{
	(void)v;
}

void kvm_frame_fetch(struct vcpu *v, uint32_t mask)
{
	(void)v, (void)mask;
}

void kvm_frame_store(struct vcpu *v)
{
	(void)v;
}

/* The kernel that asks is another than the one that registered. */
uint64_t kvm_read(struct vcpu *v, uint64_t id)
{
	(void)v, (void)id;
	return 0x3001; /* SCTLR_EL1.M, and an address */
}

long syscall(long number, ...)
{
	(void)number;
	return 1;
}

int sigemptyset(sigset_t *set)
{
	(void)set;
	return 0;
}

int sigaddset(sigset_t *set, int signal)
{
	(void)set, (void)signal;
	return 0;
}

int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	(void)how, (void)set, (void)old;
	return 0;
}

/* The dispatcher has tests of its own. */
int sdei_raise(struct sdei_dispatcher *d, unsigned self, uint32_t number,
	       unsigned target)
{
	(void)d, (void)self, (void)number, (void)target;
	seen = *(volatile uint64_t *)&data;
	return 0;
}

bool sdei_interrupt(struct sdei_dispatcher *d, unsigned pe, uint32_t interrupt)
{
	(void)d, (void)pe, (void)interrupt;
	return true;
}

bool sdei_deliver(struct sdei_dispatcher *d, unsigned pe,
		  struct sdei_context *frame)
{
	(void)d, (void)pe, (void)frame;
	return false;
}

void sdei_call(struct sdei_dispatcher *d, unsigned pe,
	       struct sdei_context *frame)
{
	(void)d, (void)pe, (void)frame;
}

void sdei_pe_off(struct sdei_dispatcher *d, unsigned pe)
{
	(void)d, (void)pe;
}

bool sdei_pe_masked(const struct sdei_dispatcher *d, unsigned pe)
{
	(void)d, (void)pe;
	return false;
}

bool sdei_query(const struct sdei_dispatcher *d, unsigned pe, unsigned index,
		struct sdei_report *report)
{
	(void)d, (void)pe, (void)index, (void)report;
	return false;
}

/* KVM_RUN ends at once. */
static int kvm_ioctl(void *context, int fd, unsigned long request, void *value)
{
	(void)context, (void)fd, (void)value;
	if (request == KVM_RUN)
		exits = *(volatile __u8 *)&run.immediate_exit;
	errno = EINTR;
	return -1;
}

static void send_signal(void *context, int thread, int signal)
{
	(void)context, (void)thread, (void)signal;
}

static const struct sdei_kvm_system testing = {
	.ioctl = kvm_ioctl,
	.interrupt = send_signal,
};

/* Vcpu 1 is the one that runs; vcpu 0 is attached and leaves it alone. */
static void start(void)
{
	struct vcpu *v = &vcpus[1];

	vm.config.vcpu_count = VCPUS;
	vm.config.event_count = 1;
	vm.events = (struct sdei_event_info *)(uintptr_t)&event;
	vm.system = &testing;
	vm.vcpus = vcpus;
	vm.notes = shared_notes;
	vm.line_notes = line_notes;
	for (unsigned i = 0; i < VCPUS; i++)
		vcpus[i] = (struct vcpu){
			.vm = &vm,
			.index = i,
			.run = &run,
			.notes = notes,
			.thread = 1,
		};
	name(&v->kicked, "kicked", 1);
	name(&v->leave, "leave", 1);
	name(&v->thread, "thread", 1);
	name(&v->table, "table", 1);
	name(&run.immediate_exit, "immediate_exit", 1);
	name(notes, "notes", 1);
	name(&vm.stopping, "stopping", 0);
	name(&data, "data", 0);
}

static void t0_raise(void)
{
	*(volatile uint64_t *)&data = 1;
	sdei_kvm_raise(&vm, 0, 1);
}

static void t0_reset(void)
{
	kvm_takeover_reset(&vm, 0, true);
}

static void t1_run(void)
{
	sdei_kvm_run(&vm, 1);
}

static void t1_attach_run(void)
{
	sdei_kvm_attach(&vm, 1);
	sdei_kvm_run(&vm, 1);
}

/* Kicked already, it is not kicked again: so it looks at what was noted before. */
static void b_kicked(void)
{
	start();
	vcpus[1].kicked = true;
}

/* The same of a vcpu whose kernel is dead. */
static void b_leaves(void)
{
	b_kicked();
	vcpus[0].table = vcpus[1].table = 0x1000;
}

/* Kicked, its next KVM_RUN ends at once. */
static void b_exits(void)
{
	start();
	finals[0] = (struct outcome){ &run.immediate_exit, 0 };
}

/* Either its thread is known, and gets a signal, or it sees immediate_exit. */
static void b_attaches(void)
{
	start();
	vcpus[1].thread = 0;
	odd = (struct outcome){ &run.immediate_exit, 0 };
	odd_thread = 1;
	only[0] = &run.immediate_exit;
	only[1] = &vcpus[1].thread;
	only[2] = &vm.stopping; /* its load is what orders them */
}

/* Who sees a note sees what was written before. */
static void b_data(void)
{
	start();
	odd = (struct outcome){ &data, 0 };
	odd_thread = 1;
	only[0] = &data;
	only[1] = notes;
}

const struct litmus tests[] = {
	{ "kvm-kicked", b_kicked, { t0_raise, t1_run }, { 0 } },
	{ "kvm-leaves", b_leaves, { t0_reset, t1_run }, { 0 } },
	{ "kvm-exits", b_exits, { t0_raise, t1_run }, { 0 } },
	{ "kvm-attaches", b_attaches, { t0_raise, t1_attach_run }, { 0 } },
	{ "kvm-data", b_data, { t0_raise, t1_run }, { 0, AFTER(0) } },
	{ 0 },
};
