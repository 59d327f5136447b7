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
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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
	uint64_t offset = address - RAM_BASE;

	if (address < RAM_BASE || offset > v->options.memory ||
	    size > v->options.memory - offset)
		return NULL;
	return v->ram + offset;
}

void trace_add(const char *what, uint32_t event, unsigned vcpu,
	       uint64_t address)
{
	(void)what, (void)event, (void)vcpu, (void)address;
}

static bool is_dropped;

const char *records_report_memory(struct vmm *v, unsigned severity,
				  uint64_t address, uint64_t mask,
				  struct outcome *outcome)
{
	(void)v;
	assert_int_equal(severity, SDEI_CPER_RECOVERABLE);
	assert_int_equal(mask, ~UINT64_C(0xfff));
	injected++;
	last = address;
	outcome->report.fate = is_dropped ? SDEI_RAS_DROPPED
					  : SDEI_RAS_DELIVERED;
	return NULL;
}

bool records_renew(struct vmm *v, uint64_t address)
{
	(void)v;
	assert_int_equal(address % PAGE, 0);
	return address >= RAS_BASE && address < RAS_BASE + RAS_SIZE;
}

/* The kernel lets nobody but oneself send this. */
static void send_at(void *address, int code)
{
	siginfo_t info = { .si_signo = SIGBUS, .si_code = code };

	info.si_addr = address;
	assert_int_equal(syscall(SYS_rt_tgsigqueueinfo, getpid(),
				 syscall(SYS_gettid), SIGBUS, &info),
			 0);
}

static void go_bad(uint64_t offset, int code)
{
	send_at(vmm.ram + offset, code);
}

static struct sigaction handler;

/* In each test: around it cmocka has a handler of its own. */
static void start(void)
{
	sigaction(SIGBUS, &handler, NULL);
	poison_count(&vmm); /* of the test before this one */
	poison_reset(&vmm);
	injected = 0;
	is_dropped = false;
}

/* What a touch of bad memory is that nobody guards: an end, with a sentence. */
static void told_to_end(void (*touch)(void), const char *sentence)
{
	char said[100] = "";
	int status, ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		touch();
		_exit(0);
	}
	close(ends[1]);
	assert_true(read(ends[0], said, sizeof(said) - 1) > 0);
	close(ends[0]);
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	assert_string_equal(said, sentence);
}

static void once_a_page(void **state)
{
	(void)state;
	start();
	assert_int_equal(poison_count(&vmm), 0);
	go_bad(3 * PAGE + 8, BUS_MCEERR_AO);
	go_bad(3 * PAGE, BUS_MCEERR_AO);
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

/* News of another page do not get anybody out of what he does. */
static void read_while_another_goes_bad(void *argument)
{
	(void)argument;
	go_bad(8 * PAGE, BUS_MCEERR_AO);
	behind = true;
}

static void not_got_out_by_news(void **state)
{
	(void)state;
	start();
	behind = false;
	assert_true(poison_guard(read_while_another_goes_bad, NULL));
	assert_true(behind);
	assert_int_equal(poison_count(&vmm), 1);
}

/* One guard in another: each gets out of its own. */
static void read_twice(void *argument)
{
	(void)argument;
	assert_false(poison_guard(read_bad, &vmm));
	behind = false;
	go_bad(7 * PAGE, BUS_MCEERR_AR);
	behind = true;
}

static void nested(void **state)
{
	(void)state;
	start();
	assert_false(poison_guard(read_twice, NULL));
	assert_false(behind);
}

static void accessors(void **state)
{
	uint64_t word = 77;
	uint8_t many[100] = { 1, 2, 3 }, back[100];

	(void)state;
	start();
	assert_true(guest_write(&vmm, RAM_BASE + 64, &word, 8));
	word = 0;
	assert_true(guest_read(&vmm, RAM_BASE + 64, &word, 8));
	assert_int_equal(word, 77);
	/* Not aligned, as a vendor's eight bytes in a record. */
	assert_true(guest_write(&vmm, RAM_BASE + 92, &word, 8));
	assert_true(guest_read(&vmm, RAM_BASE + 92, back, 8));
	assert_memory_equal(back, &word, 8);
	assert_true(guest_write(&vmm, RAM_BASE + 101, many, sizeof(many)));
	assert_true(guest_read(&vmm, RAM_BASE + 101, back, sizeof(back)));
	assert_memory_equal(back, many, sizeof(many));
	assert_false(guest_read(&vmm, RAM_BASE - 8, &word, 8));
	assert_false(
		guest_write(&vmm, RAM_BASE + vmm.options.memory - 4, &word, 8));
}

/* A vcpu's thread is told what made its run end, and nobody else is. */
static void a_vcpu_that_touches(void **state)
{
	uint64_t touched = 0;
	uint32_t ago;

	(void)state;
	start();
	poison_attach(&touched);
	go_bad(6 * PAGE + 16, BUS_MCEERR_AR);
	assert_int_equal(touched, RAM_BASE + 6 * PAGE + 16);
	assert_int_equal(poison_count(&vmm), 0);
	/* What the thread itself reads is guarded, there as elsewhere. */
	touched = 0;
	assert_false(poison_guard(read_bad, &vmm));
	assert_int_equal(touched, 0);
	poison_attach(NULL);
	assert_int_equal(poison_tell(&vmm, RAM_BASE + 6 * PAGE + 16, &ago),
			 POISON_TOLD);
	assert_int_equal(ago, 0);
	usleep(3000);
	assert_int_equal(poison_tell(&vmm, RAM_BASE + 6 * PAGE, &ago),
			 POISON_TOLD);
	assert_in_range(ago, 1, 60000);
	is_dropped = true;
	assert_int_equal(poison_tell(&vmm, RAM_BASE + 11 * PAGE, &ago),
			 POISON_UNTOLD);
	vmm.options.acpi = false;
	assert_int_equal(poison_tell(&vmm, RAM_BASE + 12 * PAGE, &ago),
			 POISON_UNTOLD);
	vmm.options.acpi = true;
}

/* Memory that the VMM can fill again is no news to the guest. */
static void renewed(void **state)
{
	uint32_t ago;

	(void)state;
	start();
	assert_int_equal(poison_tell(&vmm, RAS_BASE + 0x1010, &ago),
			 POISON_RENEWED);
	go_bad(RAS_BASE - RAM_BASE, BUS_MCEERR_AO);
	assert_int_equal(poison_count(&vmm), 0);
	assert_int_equal(injected, 0);
	memset(vmm.ram, 0x5a, PAGE);
	assert_true(poison_renew(&vmm, RAM_BASE));
	assert_int_equal(vmm.ram[7], 0);
}

static void touch_own(void)
{
	send_at(&vmm, BUS_MCEERR_AR);
}

static void touch_unguarded(void)
{
	go_bad(4 * PAGE, BUS_MCEERR_AR);
}

static void ends_with_a_sentence(void **state)
{
	(void)state;
	start();
	told_to_end(touch_own, "sdei-vmm: memory of the VMM itself went bad\n");
	told_to_end(touch_unguarded,
		    "sdei-vmm: the VMM touched bad memory of its guest\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_got_out_by_news),
		cmocka_unit_test(nested),
		cmocka_unit_test(accessors),
		cmocka_unit_test(a_vcpu_that_touches),
		cmocka_unit_test(renewed),
		cmocka_unit_test(ends_with_a_sentence),
		cmocka_unit_test(once_a_page),
		cmocka_unit_test(without_acpi),
		cmocka_unit_test(guarded),
	};

	vmm.options = (struct options){ .memory = 4 * MIB, .acpi = true };
	vmm.ram = mmap(NULL, vmm.options.memory, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	poison_start(&vmm);
	sigaction(SIGBUS, NULL, &handler);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
