/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei-vmm's tables and records, in a guest's memory that is an array.
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

const struct sdei_event_info vmm_events[EVENTS] = {
	[EVENT_MEMORY_CORRECTED] = { .number = 0x40000100 },
	[EVENT_MEMORY_UNCORRECTED] = { .number = 0x40000101 },
};

static struct vmm vmm;
static unsigned raised[SOURCES];

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

bool sdei_kvm_raise(struct sdei_kvm *vm, uint32_t number, unsigned vcpu)
{
	assert_null(vm);
	assert_int_equal(vcpu, 0);
	raised[number - 0x40000100]++;
	return true;
}

static int start(void **state)
{
	(void)state;
	memset(raised, 0, sizeof(raised));
	memset(vmm.ram, 0xa5, vmm.options.memory);
	records_start(&vmm);
	return 0;
}

static uint64_t word_at(uint64_t address)
{
	uint64_t word;

	memcpy(&word, vmm_memory(&vmm, address, sizeof(word)), sizeof(word));
	return word;
}

static void acknowledge(unsigned source)
{
	*(uint64_t *)vmm_memory(&vmm, source_ack(source), 8) |= 1;
}

/* ACPI 6.5, 18.3.2.7.1, and UEFI 2.10, N.2.5, by their offsets. */
static void a_record(void **state)
{
	const unsigned s = EVENT_MEMORY_UNCORRECTED;
	uint64_t block = source_block(s);
	uint32_t sequence;

	(void)state;
	assert_int_equal(word_at(source_register(s)), block);
	assert_int_equal((uint32_t)word_at(block), 0);
	assert_string_equal(records_inject(&vmm, SEVERITY_RECOVERABLE,
					   0x48001234, &sequence),
			    "delivered");
	assert_int_equal(raised[s], 1);
	assert_int_equal((uint32_t)word_at(block), 0x11);
	assert_int_equal((uint32_t)word_at(block + 12), 72 + 80);
	assert_int_equal((uint32_t)word_at(block + 16), 0);
	assert_int_equal(word_at(block + 20 + 72 + 16), 0x48001234);
	assert_int_equal(word_at(source_ack(s)) & 1, 0);
	acknowledge(s);
	assert_int_equal(records_count(&vmm, s).acknowledged, 1);
	/* A fatal one by the same source: the block says so, and its entry. */
	records_inject(&vmm, SEVERITY_FATAL, 0x48005678, &sequence);
	assert_int_equal(raised[s], 2);
	assert_int_equal((uint32_t)word_at(block), 0x11);
	assert_int_equal((uint32_t)word_at(block + 16), 1);
	assert_int_equal((uint32_t)word_at(block + 20 + 16), 1);
	assert_int_equal(word_at(block + 20 + 72 + 16), 0x48005678);
}

/* One is out, 32 wait, the rest is counted; an acknowledgement moves on one. */
static void a_bounded_queue(void **state)
{
	const unsigned s = EVENT_MEMORY_CORRECTED;
	uint32_t sequence;

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		records_inject(&vmm, SEVERITY_CORRECTED, RAM_BASE + 4096 * i,
			       &sequence);
	assert_int_equal(raised[s], 1);
	assert_int_equal(records_count(&vmm, s).queued, 32);
	assert_int_equal(records_count(&vmm, s).dropped, 7);
	for (unsigned i = 0; i < 33; i++) {
		assert_int_equal(word_at(source_block(s) + 20 + 72 + 16),
				 RAM_BASE + 4096 * i);
		/* A handler that acknowledges nothing gets nothing. */
		records_completed(&vmm, s);
		assert_int_equal(records_count(&vmm, s).published, i + 1);
		acknowledge(s);
		records_completed(&vmm, s);
	}
	assert_int_equal(records_count(&vmm, s).acknowledged, 33);
	assert_false(records_count(&vmm, s).busy);
	assert_int_equal(raised[s], 33);
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
	/* The map covers RAM without a hole. */
	for (uint64_t at = efi.map; at < efi.map + efi.map_size; at += 40) {
		assert_int_equal(word_at(at + 8), end);
		end += 4096 * word_at(at + 24);
	}
	assert_int_equal(end, RAM_BASE + vmm.options.memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_record, start),
		cmocka_unit_test_setup(a_bounded_queue, start),
		cmocka_unit_test_setup(tables, start),
	};

	vmm.options = (struct options){ .vcpus = 4, .memory = 4 * MIB };
	vmm.ram = malloc(vmm.options.memory);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
