/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei-vmm's tables, in a guest's memory that is an array.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <kvm/vmm/vmm.h>

static struct vmm vmm;

/* Not this machine's code: runtime.S in short. */
const uint8_t runtime_code[16] = "get set no other";
__asm__(".globl runtime_get_time, runtime_set_time\n"
	".globl runtime_unsupported, runtime_code_end\n"
	".set runtime_get_time, runtime_code\n"
	".set runtime_set_time, runtime_code + 4\n"
	".set runtime_unsupported, runtime_code + 8\n"
	".set runtime_code_end, runtime_code + 16\n");

void vmm_die(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	abort();
}

void *vmm_memory(struct vmm *v, uint64_t address, uint64_t size)
{
	uint64_t offset = address - RAM_BASE;

	assert_true(offset <= v->options.memory &&
		    size <= v->options.memory - offset);
	return v->ram + offset;
}

static int start(void **state)
{
	(void)state;
	memset(vmm.ram, 0xa5, vmm.options.memory);
	return 0;
}

static uint64_t word_at(uint64_t address)
{
	uint64_t word;

	memcpy(&word, vmm_memory(&vmm, address, sizeof(word)), sizeof(word));
	return word;
}

static void check_table(uint64_t address, const char *signature)
{
	uint32_t size = (uint32_t)(word_at(address) >> 32);
	const uint8_t *table = vmm_memory(&vmm, address, size);
	uint8_t sum = 0;

	assert_memory_equal(table, signature, 4);
	for (uint32_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + table[i]);
	assert_int_equal(sum, 0);
}

/* 18.3.2.8, by its offsets: twelve sources, their memory apart and in its place. */
static void check_sources(uint64_t hest)
{
	assert_int_equal((uint32_t)word_at(hest + 36), 12);
	for (unsigned i = 0; i < 12; i++) {
		const uint64_t at = hest + 40 + 92 * i;
		const struct sdei_event_info *event = &vmm_events[i];

		assert_int_equal((uint32_t)word_at(at), 10 | i << 16);
		assert_int_equal(word_at(at + 20 + 4), RAS_BASE + 16 * i);
		assert_int_equal((uint8_t)word_at(at + 32), 11);
		assert_int_equal((uint32_t)word_at(at + 40), 0x40000100 + i);
		assert_int_equal(event->number, 0x40000100 + i);
		assert_int_equal(event->type == SDEI_TYPE_PRIVATE,
				 i == 2 || i == 3 || i == 5);
		assert_int_equal(event->priority == SDEI_PRIORITY_CRITICAL,
				 i != 0 && i != 2 && i != 6 && i != 9);
		assert_int_equal((uint32_t)word_at(at + 60), 4096);
		assert_int_equal(word_at(at + 64 + 4), RAS_BASE + 16 * i + 8);
	}
}

static void tables(void **state)
{
	static const char *const names[] = { "FACP", "APIC", "GTDT",
					     "SPCR", "HEST", "SDEI" };
	uint64_t rsdp = acpi_make(&vmm), xsdt = word_at(rsdp + 24), dsdt;
	struct efi efi = efi_make(&vmm, rsdp);
	uint64_t end = RAM_BASE;

	(void)state;
	check_table(xsdt, "XSDT");
	for (unsigned i = 0; i < 6; i++)
		check_table(word_at(xsdt + 36 + 8 * i), names[i]);
	check_sources(word_at(xsdt + 36 + 8 * 4));
	dsdt = word_at(word_at(xsdt + 36) + 140);
	check_table(dsdt, "DSDT");
	assert_int_equal(word_at(efi.system_table), 0x5453595320494249);
	/* The map covers RAM without a hole, behind the clock's registers. */
	assert_int_equal(word_at(efi.map + 8), RTC_BASE);
	for (uint64_t at = efi.map + 40; at < efi.map + efi.map_size;
	     at += 40) {
		assert_int_equal(word_at(at + 8), end);
		end += 4096 * word_at(at + 24);
	}
	assert_int_equal(end, RAM_BASE + vmm.options.memory);
}

/* UEFI 2.10, 4.5 and 7.2.3: mapped where they lie, all of them somewhere. */
static void runtime_services(void **state)
{
	struct efi efi = efi_make(&vmm, 0);
	uint64_t table = word_at(efi.system_table + 88), at = efi.map;

	(void)state;
	assert_int_equal(word_at(table), 0x56524553544e5552);
	while ((uint32_t)word_at(at) != 5)
		at += 40;
	assert_int_equal(word_at(at + 8), table);
	assert_int_equal(word_at(at + 16), table);
	assert_true(word_at(at + 32) >> 63);
	assert_int_equal(word_at(table + 24), table + 136);
	assert_int_equal(word_at(table + 32), table + 136 + 4);
	for (unsigned i = 2; i < 14; i++)
		assert_int_equal(word_at(table + 24 + 8 * i), table + 136 + 8);
	assert_memory_equal(vmm_memory(&vmm, table + 136, 16), runtime_code,
			    16);
	tables_reset();
}

/* UEFI 2.10, 8.3.1: year, month, day, hour, minute, second. */
static void dates(void **state)
{
	static const struct {
		uint64_t efi;
		uint32_t seconds;
	} good[] = {
		{ 0x00000000010107b2, 0 },
		{ 0x003b3b171f0c07cf, 946684799 },
		{ 0x000000001d0207d0, 951782400 },
		{ 0x000f1c060702083a, UINT32_MAX },
	};
	static const uint64_t bad[] = {
		0x00000000000007b2, 0x00000000010d07b2,
		0x000000001e0207d0, 0x00000018010107d0,
		0x00003c00010107b2, 0x00101c060702083a,
		0x003b3b171f0c07b1, 0,
		UINT64_MAX,
	};
	uint32_t seconds;

	(void)state;
	for (unsigned i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(time_to_efi(good[i].seconds), good[i].efi);
		assert_true(time_from_efi(good[i].efi, &seconds));
		assert_int_equal(seconds, good[i].seconds);
	}
	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(time_from_efi(bad[i], &seconds));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runtime_services),
		cmocka_unit_test(dates),
		cmocka_unit_test_setup(tables, start),
	};

	vmm.options = (struct options){ .vcpus = 4, .memory = 4 * MIB };
	vmm.ram = malloc(vmm.options.memory);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
