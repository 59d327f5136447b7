/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei-vmm's tables and what a record looks like, in a guest's memory that is an
 * array.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <kvm/vmm/records.h>

const struct sdei_event_info vmm_events[EVENTS] = {
	[EVENT_MEMORY_CORRECTED] = { .number = 0x40000100 },
	[EVENT_MEMORY_UNCORRECTED] = { .number = 0x40000101 },
	[EVENT_MEMORY_FATAL] = { .number = 0x40000104 },
};

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

/* No page goes bad here: see test_vmm_records.c. */
bool guest_read(struct vmm *v, uint64_t address, void *to, size_t size)
{
	memcpy(to, vmm_memory(v, address, size), size);
	return true;
}

bool guest_write(struct vmm *v, uint64_t address, const void *from, size_t size)
{
	memcpy(vmm_memory(v, address, size), from, size);
	return true;
}

bool poison_renew(struct vmm *v, uint64_t address)
{
	(void)v, (void)address;
	return false;
}

static int start(void **state)
{
	(void)state;
	memset(vmm.ram, 0xa5, vmm.options.memory);
	for (unsigned i = 0; i < SOURCES; i++)
		assert_true(record_start(&vmm, i));
	return 0;
}

static uint64_t word_at(uint64_t address)
{
	uint64_t word;

	memcpy(&word, vmm_memory(&vmm, address, sizeof(word)), sizeof(word));
	return word;
}

/* ACPI 6.5, 18.3.2.7.1, and UEFI 2.10, N.2.5, by their offsets. */
static void a_record(void **state)
{
	const unsigned s = EVENT_MEMORY_UNCORRECTED;
	struct error error = { .address = 0x48001234,
			       .sequence = 77,
			       .severity = SEVERITY_RECOVERABLE,
			       .stamp = UINT64_C(0x2026112801235958) };
	uint64_t block = source_block(s);
	char text[21] = "";
	bool yes;

	(void)state;
	assert_int_equal(word_at(source_register(s)), block);
	assert_int_equal((uint32_t)word_at(block), 0);
	assert_true(record_acknowledged(&vmm, s, &yes) && yes);
	assert_true(record_show(&vmm, s, &error));
	assert_int_equal((uint32_t)word_at(block), 0x11);
	assert_int_equal((uint32_t)word_at(block + 12), 72 + 80);
	assert_int_equal((uint32_t)word_at(block + 16), 0);
	/* The entry: revision 3.0, a text and a time, 80 bytes. */
	assert_int_equal((uint32_t)word_at(block + 20 + 20), 0x00060300);
	assert_int_equal((uint32_t)word_at(block + 20 + 24), 80);
	memcpy(text, vmm_memory(&vmm, block + 20 + 44, 20), 20);
	assert_string_equal(text, "seq 77");
	assert_int_equal(word_at(block + 20 + 64), error.stamp);
	/* Address, mask and type are valid: nothing else is said. */
	assert_int_equal(word_at(block + 92), 0x4006);
	assert_int_equal(word_at(block + 92 + 16), 0x48001234);
	assert_int_equal(word_at(block + 92 + 24), ~UINT64_C(0xfff));
	assert_int_equal((uint8_t)word_at(block + 92 + 72), 3);
	assert_true(record_acknowledged(&vmm, s, &yes) && !yes);
}

static void severities(void **state)
{
	static const struct {
		enum severity severity;
		uint32_t status, value;
		uint8_t type;
	} good[] = {
		{ SEVERITY_RECOVERABLE, 0x11, 0, 3 },
		{ SEVERITY_FATAL, 0x11, 1, 3 },
		{ SEVERITY_CORRECTED, 0x12, 2, 2 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct error e = { .address = 0x48001000,
				   .severity = good[i].severity };
		unsigned s = source_of(e.severity);
		uint64_t block = source_block(s);

		assert_true(record_show(&vmm, s, &e));
		assert_int_equal((uint32_t)word_at(block), good[i].status);
		assert_int_equal((uint32_t)word_at(block + 16), good[i].value);
		assert_int_equal((uint32_t)word_at(block + 20 + 16),
				 good[i].value);
		assert_int_equal((uint8_t)word_at(block + 92 + 72),
				 good[i].type);
	}
}

/* As long as can be: cut off, and nothing behind it is touched. */
static void a_long_text(void **state)
{
	struct error e = { .address = 0x48001000,
			   .sequence = UINT32_MAX,
			   .lost = LOST_MAX,
			   .severity = SEVERITY_CORRECTED };
	char text[21] = "";

	(void)state;
	assert_true(record_show(&vmm, EVENT_MEMORY_CORRECTED, &e));
	memcpy(text, vmm_memory(&vmm, source_block(0) + 20 + 44, 20), 20);
	assert_string_equal(text, "seq 4294967295 lost ");
	assert_int_equal(word_at(source_block(0) + 20 + 64), 0);
}

/* BCD, seconds first; byte 3: it is precise. */
static void a_timestamp(void **state)
{
	uint64_t stamp = time_stamp();
	time_t now = time(NULL);
	struct tm tm = { 0 };
	const unsigned shifts[] = { 0, 8, 16, 32, 40, 48, 56 };
	unsigned field[7];

	(void)state;
	for (unsigned i = 0; i < 7; i++) {
		unsigned byte = stamp >> shifts[i] & 0xff;

		assert_true(byte >> 4 < 10 && (byte & 15) < 10);
		field[i] = (byte >> 4) * 10 + (byte & 15);
	}
	assert_int_equal(stamp >> 24 & 0xff, 1);
	tm.tm_sec = (int)field[0];
	tm.tm_min = (int)field[1];
	tm.tm_hour = (int)field[2];
	tm.tm_mday = (int)field[3];
	tm.tm_mon = (int)field[4] - 1;
	tm.tm_year = (int)(field[5] + field[6] * 100) - 1900;
	assert_true(now - timegm(&tm) <= 1 && timegm(&tm) - now <= 1);
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
		cmocka_unit_test_setup(a_record, start),
		cmocka_unit_test_setup(severities, start),
		cmocka_unit_test_setup(a_long_text, start),
		cmocka_unit_test(a_timestamp),
		cmocka_unit_test(runtime_services),
		cmocka_unit_test(dates),
		cmocka_unit_test_setup(tables, start),
	};

	vmm.options = (struct options){ .vcpus = 4, .memory = 4 * MIB };
	vmm.ram = malloc(vmm.options.memory);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
