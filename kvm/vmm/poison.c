/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Host memory that went bad. The host's kernel tells by SIGBUS: early, of a page
 * that it took away (BUS_MCEERR_AO), or when somebody touches one
 * (BUS_MCEERR_AR), and each time again. If the page was the guest's, the guest is
 * told by an error record; if it was the VMM's own, the VMM ends.
 *
 * The one thing to know: nobody may be sent back to touch such a page for ever.
 * The VMM's own accesses go through guest_read() and guest_write(), which fail;
 * what reads more at once is under poison_guard(); and a vcpu that touches one
 * leaves KVM_RUN, so that its thread decides what becomes of it (abort.c).
 */
#include "vmm.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PAGE 4096

static int news[2];
static uintptr_t ram, ram_end;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t *told; /* when, for each page: ms, or 0 */
static uint64_t bad_pages;
/* Of the thread: who reads or writes the guest's memory; what a vcpu touched. */
static __thread sigjmp_buf *volatile reader;
static __thread uint64_t *touched;

static void end_with(const char *sentence)
{
	if (write(STDERR_FILENO, sentence, strlen(sentence)) < 0)
		_exit(1); /* nobody listens */
	_exit(1);
}

static bool is_guests(uintptr_t address)
{
	return address >= ram && address < ram_end;
}

/* In a signal handler: only what is safe there. */
static void on_sigbus(int number, siginfo_t *info, void *context)
{
	uintptr_t address = (uintptr_t)info->si_addr;
	bool access = info->si_code == BUS_MCEERR_AR;
	int error = errno;

	(void)context;
	if (!access && info->si_code != BUS_MCEERR_AO) {
		/* No bad memory. It comes again, and ends us. */
		signal(number, SIG_DFL);
		return;
	}
	if (!is_guests(address))
		end_with("sdei-vmm: memory of the VMM itself went bad\n");
	if (access && touched && !reader) {
		*touched = RAM_BASE + (address - ram);
		return;
	}
	/* A full pipe: it comes again when it is touched. */
	if (write(news[1], &address, sizeof(address)) < 0)
		errno = error;
	if (access && !reader)
		end_with("sdei-vmm: the VMM touched bad memory of its guest\n");
	if (access)
		siglongjmp(*reader, 1);
}

/*
 * Every thread inherits this: threads are made later. SA_NODEFER, because who is
 * got out of an access does not return from the handler.
 */
int poison_start(struct vmm *vmm)
{
	struct sigaction action = {
		.sa_sigaction = on_sigbus,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	ram = (uintptr_t)vmm->ram;
	ram_end = ram + vmm->options.memory;
	told = calloc(vmm->options.memory / PAGE, sizeof(*told));
	if (!told || pipe2(news, O_CLOEXEC | O_NONBLOCK) ||
	    sigaction(SIGBUS, &action, NULL))
		vmm_die("memory errors cannot be handled: %s", strerror(errno));
	/* A kernel without memory-failure handling has none to tell of. */
	prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0);
	return news[0];
}

void poison_attach(uint64_t *address)
{
	touched = address;
}

/* A moment that is never 0. */
static uint32_t now(void)
{
	return (uint32_t)time_ms() | 1;
}

/* How long ago, in ms; 0: this is the first time. */
static uint32_t note(uint64_t page)
{
	uint32_t ago = 0;

	pthread_mutex_lock(&lock);
	if (told[page]) {
		ago = (now() - told[page]) | 1;
	} else {
		told[page] = now();
		bad_pages++;
	}
	pthread_mutex_unlock(&lock);
	return ago;
}

enum poison_news poison_tell(struct vmm *vmm, uint64_t address, uint32_t *ago)
{
	struct outcome outcome;

	*ago = 0;
	address &= ~(uint64_t)(PAGE - 1);
	if (records_renew(vmm, address))
		return POISON_RENEWED;
	*ago = note((address - RAM_BASE) / PAGE);
	if (!vmm->options.acpi)
		return POISON_UNTOLD;
	if (*ago)
		return POISON_TOLD;
	trace_add("sigbus", vmm_events[EVENT_MEMORY_UNCORRECTED].number, 0,
		  address);
	/* All of the page is gone, and the record says so. */
	if (records_report_memory(vmm, SDEI_CPER_RECOVERABLE, address,
				  ~(uint64_t)(PAGE - 1), &outcome) ||
	    outcome.report.fate == SDEI_RAS_DROPPED)
		return POISON_UNTOLD;
	return POISON_TOLD;
}

void poison_serve(struct vmm *vmm)
{
	uintptr_t address;
	uint32_t ago;

	while (read(news[0], &address, sizeof(address)) == sizeof(address))
		poison_tell(vmm, RAM_BASE + (address - ram), &ago);
}

uint64_t poison_count(struct vmm *vmm)
{
	uint64_t count;

	poison_serve(vmm);
	pthread_mutex_lock(&lock);
	count = bad_pages;
	pthread_mutex_unlock(&lock);
	return count;
}

bool poison_guard(void (*access)(void *argument), void *argument)
{
	sigjmp_buf here, *volatile outer = reader;

	if (sigsetjmp(here, 0)) {
		reader = outer;
		return false;
	}
	reader = &here;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	access(argument);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	reader = outer;
	return true;
}

struct copy {
	void *to;
	const void *from;
	size_t size;
};

static bool is_word(const struct copy *c, size_t size)
{
	return c->size == size &&
	       !(((uintptr_t)c->to | (uintptr_t)c->from) % size);
}

/* A word is one access, for its other user is a vcpu. Order is the library's. */
static void copy(void *argument)
{
	const struct copy *c = argument;

	if (is_word(c, 8))
		__atomic_store_n((uint64_t *)c->to,
				 __atomic_load_n((const uint64_t *)c->from,
						 __ATOMIC_RELAXED),
				 __ATOMIC_RELAXED);
	else if (is_word(c, 4))
		__atomic_store_n((uint32_t *)c->to,
				 __atomic_load_n((const uint32_t *)c->from,
						 __ATOMIC_RELAXED),
				 __ATOMIC_RELAXED);
	else
		memcpy(c->to, c->from, c->size);
}

bool guest_read(struct vmm *vmm, uint64_t address, void *to, size_t size)
{
	struct copy c = { to, vmm_memory(vmm, address, size), size };

	return c.from && poison_guard(copy, &c);
}

bool guest_write(struct vmm *vmm, uint64_t address, const void *from,
		 size_t size)
{
	struct copy c = { vmm_memory(vmm, address, size), from, size };

	return c.to && poison_guard(copy, &c);
}

bool poison_renew(struct vmm *vmm, uint64_t address)
{
	uint64_t page = (address - RAM_BASE) / PAGE;

	return !madvise(vmm->ram + page * PAGE, PAGE, MADV_DONTNEED);
}

void poison_reset(struct vmm *vmm)
{
	pthread_mutex_lock(&lock);
	bad_pages = 0;
	memset(told, 0, vmm->options.memory / PAGE * sizeof(*told));
	pthread_mutex_unlock(&lock);
}
