/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei-vmm's handling of host memory that went bad, told by signals of our own
 * that are like the kernel's.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include <kvm/vmm/vmm.h>

#define PAGE 4096

const struct sdei_event_info vmm_events[EVENTS];

static struct vmm vmm;
static unsigned injected;
static uint64_t last;

void vmm_die(const char *format, ...)
{
	(void)format;
	abort();
}

void *vmm_memory(struct vmm *v, uint64_t address, uint64_t size)
{
	(void)size;
	return v->ram + (address - RAM_BASE);
}

void trace_add(const char *what, uint32_t event, unsigned vcpu,
	       uint64_t address)
{
	(void)what, (void)event, (void)vcpu, (void)address;
}

const char *records_inject(struct vmm *v, enum severity severity,
			   uint64_t address, uint32_t *sequence)
{
	(void)v, (void)sequence;
	assert_int_equal(severity, SEVERITY_RECOVERABLE);
	injected++;
	last = address;
	return "delivered";
}

/* The kernel lets nobody but oneself send this. */
static void go_bad(uint64_t offset, int code)
{
	siginfo_t info = { .si_signo = SIGBUS, .si_code = code };

	info.si_addr = vmm.ram + offset;
	assert_int_equal(syscall(SYS_rt_tgsigqueueinfo, getpid(),
				 syscall(SYS_gettid), SIGBUS, &info), 0);
}

static struct sigaction handler;

/* In each test: around it cmocka has a handler of its own. */
static void start(void)
{
	sigaction(SIGBUS, &handler, NULL);
	poison_reset(&vmm);
	injected = 0;
}

static void once_a_page(void **state)
{
	(void)state;
	start();
	assert_int_equal(poison_count(&vmm), 0);
	go_bad(3 * PAGE + 8, BUS_MCEERR_AO);
	go_bad(3 * PAGE, BUS_MCEERR_AR);
	assert_int_equal(poison_count(&vmm), 1);
	assert_int_equal(injected, 1);
	assert_int_equal(last, RAM_BASE + 3 * PAGE);
}

/* Without error sources nobody is told, but it is known. */
static void without_acpi(void **state)
{
	(void)state;
	start();
	vmm.options.acpi = false;
	go_bad(5 * PAGE, BUS_MCEERR_AO);
	assert_int_equal(poison_count(&vmm), 1);
	assert_int_equal(injected, 0);
	vmm.options.acpi = true;
}

static bool behind;

static void read_bad(void *argument)
{
	behind = false;
	if (argument)
		go_bad(7 * PAGE, BUS_MCEERR_AR);
	behind = true;
}

/* Who reads bad memory is got out of it, and later reads are not disturbed. */
static void guarded(void **state)
{
	(void)state;
	start();
	for (unsigned i = 0; i < 2; i++) {
		assert_true(poison_guard(read_bad, NULL));
		assert_true(behind);
		assert_false(poison_guard(read_bad, &vmm));
		assert_false(behind);
	}
	assert_int_equal(poison_count(&vmm), 1);
	go_bad(9 * PAGE, BUS_MCEERR_AO);
	assert_int_equal(poison_count(&vmm), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(once_a_page),
		cmocka_unit_test(without_acpi),
		cmocka_unit_test(guarded),
	};

	vmm.options = (struct options){ .memory = 4 * MIB, .acpi = true };
	vmm.ram = malloc(vmm.options.memory);
	poison_start(&vmm);
	sigaction(SIGBUS, NULL, &handler);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
