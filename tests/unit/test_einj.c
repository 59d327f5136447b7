/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EINJ, as a kernel drives it and as a hostile one does.
 */
#include "ras_fake.h"

/* The registers, where the EINJ table says that they are. */
#define BUSY   0x40101000
#define STATUS 0x40101008
#define TYPE   0x40101020
#define TARGET 0x40101040

/*
 * What Linux does: begin, the target, execute, busy until it is not. Returns
 * the command's status.
 */
static uint64_t einj(uint32_t type, uint32_t flags, uint32_t processor,
		     uint64_t address, uint64_t mask)
{
	put(BUSY, 1, 8);
	put(TARGET, type, 4);
	put(TARGET + 8, flags, 4);
	put(TARGET + 12, processor, 4);
	put(TARGET + 16, address, 8);
	put(TARGET + 24, mask, 8);
	rtc[4] = 1;
	ras_doorbell();
	assert_int_equal(rtc[4], 0);
	assert_int_equal(get(BUSY, 8), 0);
	return get(STATUS, 8);
}

static void registers_at_start(void **state)
{
	uint64_t trigger;

	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		assert_int_equal(get(0x40100000 + 16 * i, 8),
				 0x40104000 + 0x1000 * i);
		assert_int_equal(get(0x40100008 + 16 * i, 8), 1);
	}
	assert_int_equal(get(BUSY, 8), 0);
	/* Processor, memory, PCIe, platform, CXL, version 2, vendor. */
	assert_int_equal(get(0x40101010, 8), 0xc003ffff);
	trigger = get(0x40101018, 8);
	/* Trigger table: header size, revision, table size, entries. */
	assert_int_equal(get(trigger, 8), 16);
	assert_int_equal(get(trigger + 8, 8), 16);
	/* The alarm is set to now; its interrupt is masked. */
	assert_int_equal(rtc[1], 1234);
	assert_int_equal(rtc[4], 0);
}

static void all_types(void **state)
{
	static const struct {
		uint32_t type, event, severity;
	} cases[] = {
		{ 0x01, 0x40000102, 2 }, { 0x02, 0x40000103, 0 },
		{ 0x04, 0x40000105, 1 }, { 0x08, 0x40000100, 2 },
		{ 0x10, 0x40000101, 0 }, { 0x20, 0x40000104, 1 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned source = (cases[i].event & 7);
		bool memory = i >= 3;

		setup(state);
		assert_int_equal(einj(cases[i].type, memory ? 2 : 1, 3, ADDRESS,
				      0xfffffffffffff000),
				 0);
		assert_int_equal(raised_event, cases[i].event);
		assert_int_equal(get(block(source) + 16, 4), cases[i].severity);
		if (memory) {
			assert_int_equal(get(block(source) + 92, 8), 0x4006);
			assert_int_equal(get(block(source) + 92 + 16, 8),
					 ADDRESS);
			assert_int_equal(get(block(source) + 92 + 24, 8),
					 0xfffffffffffff000);
		} else {
			assert_int_equal(raised_target, 3);
			assert_int_equal(get(block(source) + 92 + 16, 8),
					 0x100000003);
			assert_int_equal(get(block(source) + 92 + 42, 2), 5);
		}
	}
}

/* A processor with an address; without a number it is the doorbell's PE. */
static void processor_targets(void **state)
{
	(void)state;
	self = 2;
	assert_int_equal(einj(1, 3, 1, ADDRESS, UINT64_MAX), 0);
	assert_int_equal(raised_target, 1);
	assert_int_equal(get(block(2) + 92 + 42, 2), 0x15);
	assert_int_equal(get(block(2) + 92 + 64, 8), ADDRESS);
	acknowledge(2);
	assert_int_equal(einj(1, 0, 77, 0, 0), 0);
	assert_int_equal(raised_target, 2);
}

/* Version 2: each section is of its own processor. */
static void several_processors(void **state)
{
	static const uint8_t uids[] = { 3, 0, 1 };

	(void)state;
	put(TARGET + 42, 3, 2);
	for (unsigned i = 0; i < 3; i++) {
		for (unsigned k = 0; k < 32; k++)
			put(TARGET + 44 + 32 * i + k, 0, 1);
		put(TARGET + 44 + 32 * i, uids[i], 1);
	}
	assert_int_equal(einj(1, 8, 0, 0, 0), 0);
	assert_int_equal(raised_target, 3);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(get(block(2) + 20 + 144 * i + 72 + 16, 8),
				 0x100000000 + uids[i]);
}

/* SET_ERROR_TYPE alone: enough for a processor, not for memory. */
static void type_without_target(void **state)
{
	(void)state;
	put(TYPE, 2, 8);
	assert_int_equal(einj(0, 1, 3, 0, 0), 0);
	assert_int_equal(raised_target, 0);
	put(TYPE, 8, 8);
	assert_int_equal(einj(0, 2, 3, ADDRESS, 0), 2);
	assert_int_equal(raises, 1);
}

/* A request is served once, however often the doorbell rings. */
static void served_once(void **state)
{
	(void)state;
	put(TYPE, 2, 8);
	assert_int_equal(einj(0, 0, 0, 0, 0), 0);
	ras_doorbell();
	put(BUSY, 1, 8);
	ras_doorbell();
	assert_int_equal(get(STATUS, 8), 2);
	assert_int_equal(einj(8, 2, 0, ADDRESS, 0), 0);
	ras_doorbell();
	assert_int_equal(counters(0).injected + counters(3).injected, 2);
}

static void refused(void **state)
{
	(void)state;
	assert_int_equal(einj(0, 2, 0, ADDRESS, 0), 2);
	assert_int_equal(einj(0x18, 2, 0, ADDRESS, 0), 2);
	assert_int_equal(einj(0x40, 2, 0, ADDRESS, 0), 2);
	assert_int_equal(einj(0x80000008, 2, 0, ADDRESS, 0), 2);
	assert_int_equal(einj(8, 10, 0, ADDRESS, 0), 2);
	assert_int_equal(einj(8, 1, 0, ADDRESS, 0), 2);
	assert_int_equal(einj(8, 2, 0, PLAT_SRAM_BASE, 0), 2);
	assert_int_equal(einj(8, 2, 0, PLAT_RAM_BASE + RAM_SIZE, 0), 2);
	assert_int_equal(einj(1, 1, PES, 0, 0), 2);
	assert_int_equal(einj(1, 1, UINT32_MAX, 0, 0), 2);
	assert_int_equal(raises, 0);
	/* Full queue: the kernel is told that this one failed. */
	for (unsigned i = 0; i < 1 + QUEUED; i++)
		assert_int_equal(einj(8, 2, 0, ADDRESS, 0), 0);
	assert_int_equal(einj(8, 2, 0, ADDRESS, 0), 1);
}

/* Another PE rewrites the registers once they were read. */
static void rewrite(void)
{
	put(TARGET, 0x20, 4);
	put(TARGET + 8, 2, 4);
	put(TARGET + 12, 0xffffffff, 4);
	put(TARGET + 16, PLAT_SRAM_BASE, 8);
}

static void rewritten_meanwhile(void **state)
{
	(void)state;
	on_self = rewrite;
	assert_int_equal(einj(8, 2, 0, ADDRESS, UINT64_MAX), 0);
	assert_int_equal(raised_event, PLAT_EVENT_MEMORY_CE);
	assert_int_equal(get(block(0) + 92 + 16, 8), ADDRESS);
	assert_int_equal(counters(1).injected, 0);
}

/*
 * Everything shared holds anything, the pointers and acknowledgements too.
 * Records still go to the real blocks, the answer is one of three, and nothing
 * else happens (the sanitizers and the fakes' assertions watch).
 */
static void random_registers(void **state)
{
	(void)state;
	srand(1);
	for (unsigned round = 0; round < 20000; round++) {
		unsigned before = raises;

		for (unsigned i = 0; i < 0x80; i++) {
			put(0x40100000 + i, (unsigned)rand(), 1);
			put(BUSY + i, (unsigned)rand(), 1);
		}
		if (round & 1)
			put(TARGET, 1u << rand() % 8, 4);
		if (round & 2)
			put(TARGET + 8, rand() % 4, 4);
		if (round & 4)
			put(TARGET + 16, 0x3fff0000 + rand() % 0x20020000, 8);
		self = round % PES;
		ras_doorbell();
		ras_poll();
		handled(PLAT_EVENT_MEMORY_CE + round % 6);
		assert_false(get(BUSY, 8) & 1);
		if (get(BUSY, 8))
			continue; /* no request */
		assert_in_range(get(STATUS, 8), 0, 2);
		if (get(STATUS, 8) == 2 && round < 4)
			assert_int_equal(raises, before);
	}
	assert_true(raises > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(registers_at_start, setup),
		cmocka_unit_test_setup(all_types, setup),
		cmocka_unit_test_setup(processor_targets, setup),
		cmocka_unit_test_setup(several_processors, setup),
		cmocka_unit_test_setup(type_without_target, setup),
		cmocka_unit_test_setup(served_once, setup),
		cmocka_unit_test_setup(refused, setup),
		cmocka_unit_test_setup(rewritten_meanwhile, setup),
		cmocka_unit_test_setup(random_registers, setup),
	};

	return cmocka_run_group_tests_name("einj", tests, NULL, NULL);
}
