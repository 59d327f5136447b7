/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which PE's memory a private event's way writes: that of the PE it is for, and
 * nobody else's. Each PE's part is a page here, and so is what they share; while a PE
 * works, all pages but its own are read-only. A store into one of them is a SIGSEGV.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "fake.h"

#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE      4096u
#define COMMON    (4 * PAGE)
#define MPIDR(pe) (0x100 + (pe))
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, start_apart, stop_apart)

static unsigned char *memory;
static sigjmp_buf faulted;

static unsigned char *part(unsigned pe)
{
	return memory + COMMON + pe * PAGE;
}

static int start_apart(void **state)
{
	struct machine *m;

	start_machine(state);
	m = *state;
	memory = mmap(NULL, COMMON + PES * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	memset(memory, 0xA5, COMMON + PES * PAGE);
	m->config.pe_memory = part(0);
	m->config.pe_stride = PAGE;
	m->d = sdei_dispatcher_init(memory, COMMON, &m->config, NULL);
	assert_non_null(m->d);
	for (unsigned pe = 0; pe < PES; pe++) {
		sdei_pe_on(m->d, pe);
		fill_frame(m, pe);
		listen(m, pe, SIGNALLED);
		listen(m, pe, PRIVATE);
		listen(m, pe, PRIVATE_CRIT);
		listen(m, pe, WATCHDOG);
		CALL(m, pe, SDEI_FID_PE_UNMASK, 0);
	}
	return 0;
}

static int stop_apart(void **state)
{
	munmap(memory, COMMON + PES * PAGE);
	return stop_machine(state);
}

/* From here on PE `pe` works: it may write its own part, and `other`'s. */
static void only(unsigned pe, unsigned other)
{
	mprotect(memory, COMMON + PES * PAGE, PROT_READ);
	mprotect(part(pe), PAGE, PROT_READ | PROT_WRITE);
	mprotect(part(other), PAGE, PROT_READ | PROT_WRITE);
}

static void anybody(void)
{
	mprotect(memory, COMMON + PES * PAGE, PROT_READ | PROT_WRITE);
}

static void complete(struct machine *m, unsigned pe, uint32_t event)
{
	assert_true(at_handler(m, pe, event));
	CALL(m, pe, SDEI_FID_EVENT_COMPLETE, 0);
	assert_false(at_handler(m, pe, event));
}

/* Triggers on the PE itself, one within the other, and all ways to end. */
static void here(void **state)
{
	struct machine *m = *state;

	for (unsigned pe = 0; pe < PES; pe++) {
		only(pe, pe);
		CALL(m, pe, SDEI_FID_EVENT_SIGNAL, SIGNALLED, MPIDR(pe));
		complete(m, pe, SIGNALLED);
		CALL(m, pe, SDEI_FID_EVENT_SIGNAL, SIGNALLED, MPIDR(pe));
		assert_int_equal(sdei_raise(m->d, pe, PRIVATE_CRIT, pe), pe);
		assert_true(deliver(m, pe));
		complete(m, pe, PRIVATE_CRIT);
		complete(m, pe, SIGNALLED);
		sdei_raise(m->d, pe, PRIVATE, pe);
		assert_true(deliver(m, pe));
		assert_true(at_handler(m, pe, PRIVATE));
		CALL(m, pe, SDEI_FID_EVENT_COMPLETE_RESUME, 0x1000);
		assert_true(fire(m, pe, WATCHDOG_PPI));
		assert_true(deliver(m, pe));
		complete(m, pe, WATCHDOG);
		assert_true(sdei_take_interrupt(m->d, pe, WATCHDOG_PPI,
						&m->frame[pe]));
		complete(m, pe, WATCHDOG);
	}
}

/* Held back by a mask or disabled, and then delivered. */
static void later(void **state)
{
	struct machine *m = *state;

	for (unsigned pe = 0; pe < PES; pe++) {
		only(pe, pe);
		CALL(m, pe, SDEI_FID_PE_MASK, 0);
		CALL(m, pe, SDEI_FID_EVENT_SIGNAL, SIGNALLED, MPIDR(pe));
		CALL(m, pe, SDEI_FID_PE_UNMASK, 0);
		complete(m, pe, SIGNALLED);
		CALL(m, pe, SDEI_FID_EVENT_DISABLE, PRIVATE);
		sdei_raise(m->d, pe, PRIVATE, pe);
		CALL(m, pe, SDEI_FID_EVENT_ENABLE, PRIVATE);
		complete(m, pe, PRIVATE);
	}
}

/* From another PE: that one writes into the target's inbox, nowhere else. */
static void from_another(void **state)
{
	struct machine *m = *state;

	for (unsigned pe = 0; pe < PES; pe++) {
		const unsigned from = (pe + 1) % PES;

		only(from, pe);
		CALL(m, from, SDEI_FID_EVENT_SIGNAL, SIGNALLED, MPIDR(pe));
		sdei_raise(m->d, from, PRIVATE_CRIT, pe);
		only(pe, pe);
		assert_true(deliver(m, pe));
		complete(m, pe, PRIVATE_CRIT);
		complete(m, pe, SIGNALLED);
	}
}

static void on_fault(int signal_number, siginfo_t *info, void *context)
{
	(void)signal_number, (void)context;
	siglongjmp(faulted, (unsigned char *)info->si_addr < part(0) ? 1 : 2);
}

/* The guard itself: a shared event is everybody's, a foreign part is seen. */
static void others_are_noticed(void **state)
{
	struct sigaction watch = { .sa_sigaction = on_fault,
				   .sa_flags = SA_SIGINFO | SA_NODEFER };
	struct machine *m = *state;
	struct sigaction before;
	int where;

	listen(m, 0, SHARED);
	sigaction(SIGSEGV, &watch, &before);
	only(1, 1);
	where = sigsetjmp(faulted, 1);
	if (!where)
		sdei_raise(m->d, 1, SHARED, 1);
	assert_int_equal(where, 1);
	where = sigsetjmp(faulted, 1);
	if (!where)
		CALL(m, 1, SDEI_FID_EVENT_SIGNAL, SIGNALLED, MPIDR(2));
	assert_int_equal(where, 2);
	sigaction(SIGSEGV, &before, NULL);
	anybody();
}

/* What init refuses of them, and what the two bounds say. */
static void places(void **state)
{
	struct machine *m = *state;
	struct sdei_config c = m->config;
	const char *why = NULL;
	const size_t bound = SDEI_PE_BOUND(4 + PRIVATE_SLOTS, 3 + SHARED_SLOTS);

	assert_true(sdei_dispatcher_size(&c) <=
		    SDEI_COMMON_BOUND(PES, 4 + PRIVATE_SLOTS, 3 + SHARED_SLOTS,
				      INTERRUPTS));
	for (unsigned pe = 0; pe < PES; pe++) {
		assert_ptr_equal(sdei_pe(m->d, pe), part(pe));
		for (unsigned i = (unsigned)bound; i < PAGE; i++)
			assert_int_equal(part(pe)[i], 0xA5);
	}
	c.pe_memory = part(0) + 32;
	assert_null(sdei_dispatcher_init(memory, COMMON, &c, &why));
	assert_string_equal(why,
			    "the PEs' parts are not aligned to 64, or overlap");
	c.pe_memory = part(0);
	c.pe_stride = PAGE + 32;
	assert_null(sdei_dispatcher_init(memory, COMMON, &c, &why));
	c.pe_stride = 64;
	assert_null(sdei_dispatcher_init(memory, COMMON, &c, &why));
	assert_int_equal(sdei_dispatcher_size(&c), 0);
	c.pe_stride = bound;
	assert_non_null(sdei_dispatcher_init(memory, COMMON, &c, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(here),         TEST(later),
		TEST(from_another), TEST(others_are_noticed),
		TEST(places),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
