/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each validation bit alone has a field told that no other one has told, in every
 * kind of section that has such bits. And the kinds that nobody makes here: the generic
 * processor error (UEFI 2.10, N.2.4.1) and the PCI bus error (N.2.8).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "decode_rig.h"

/* As a vendor's section: what it is its GUID says. */
static const uint8_t generic[16] = { 0xad, 0xcc, 0x76, 0x98, 0xb4, 0x47,
				     0xdb, 0x4b, 0xb6, 0x5e, 0x16, 0xf1,
				     0x93, 0xc4, 0xf3, 0xdb };
static const uint8_t bus[16] = {
	0x63, 0x39, 0x75, 0xc5, 0x84, 0x3b, 0x95, 0x40,
	0xbf, 0x78, 0xed, 0xda, 0xd3, 0xf9, 0xc9, 0xdd
};

static char names[4096]; /* " name name ", of what was told so far */

/* Of the body's lines: returns how many names are new. */
static unsigned new_names(const char *text)
{
	const char *line = strstr(text, "body{\n") + strlen("body{\n");
	unsigned depth = 0, count = 0;

	for (; depth || *line != '}'; line = strchr(line, '\n') + 1) {
		char name[64] = " ";
		size_t length = strcspn(line, "=:[{\n");

		if (*line == '}') {
			depth--;
			continue;
		}
		assert_true(length < sizeof(name) - 2);
		strncat(name, line, length);
		strcat(name, " ");
		if (!depth && !strstr(names, name)) {
			strcat(names, name);
			count++;
		}
		depth += line[strcspn(line, "{\n")] == '{';
	}
	return count;
}

static void each_bit(unsigned kind, const uint8_t *guid, size_t size, size_t at,
		     unsigned bits)
{
	uint8_t block[SDEI_RECORD_BLOCK_MAX];

	names[0] = '\0';
	for (unsigned i = 0; i <= bits; i++) {
		uint8_t *body = start((enum sdei_section_kind)kind,
				      size + (guid ? 16 : 0));
		/* First with none: what is told always. */
		const uint64_t valid = i ? UINT64_C(1) << (i - 1) : 0;

		if (guid) {
			memcpy(body, guid, 16);
			body += 16;
		}
		memcpy(body + at, &valid, sizeof(valid));
		if (!new_names(decoded(block, block_of(block), NULL)))
			fail_msg("kind %u: bit %u tells of nothing new", kind,
				 i - 1);
	}
}

static void bits(void **state)
{
	(void)state;
	each_bit(SDEI_SECTION_MEMORY, NULL, 80, 0, 18);
	each_bit(SDEI_SECTION_MEMORY2, NULL, 96, 0, 22);
	each_bit(SDEI_SECTION_PCIE, NULL, 208, 0, 8);
	each_bit(SDEI_SECTION_CXL_PROTOCOL, NULL, 116, 0, 7);
	each_bit(SDEI_SECTION_CXL_MEDIA, NULL, 144, 4, 3);
	each_bit(SDEI_SECTION_VENDOR, generic, 192, 0, 13);
	each_bit(SDEI_SECTION_VENDOR, bus, 72, 0, 9);
}

static uint8_t *start_vendor(const uint8_t *guid, size_t size)
{
	uint8_t *body = start(SDEI_SECTION_VENDOR, 16 + size);

	memcpy(body, guid, 16);
	for (size_t i = 0; i < size; i++)
		body[16 + i] = (uint8_t)(i + 1);
	return body + 16;
}

static void generic_processor(void **state)
{
	uint8_t *p = start_vendor(generic, 192 + 1);

	(void)state;
	memcpy(p, "\xff\x1f\0\0\0\0\0\0\x02\x04\x05\x01\x0a", 13);
	memset(p + 24, 0, 128);
	memcpy(p + 24, "Neoverse", 8);
	body_is("validation_bits=0x1fff\nprocessor_type=2 (Arm)\n"
		"processor_isa=4 (Arm A64)\n"
		"error_type=0x5 cache error bus error\n"
		"operation=1 (data read)\nflags=0xa precise IP corrected\n"
		"level=14\ncpu_version=0x1817161514131211\n"
		"cpu_brand=Neoverse\nprocessor_id=0xa09f9e9d9c9b9a99\n"
		"target_address=0xa8a7a6a5a4a3a2a1\n"
		"requestor_id=0xb0afaeadacabaaa9\n"
		"responder_id=0xb8b7b6b5b4b3b2b1\n"
		"instruction_pointer=0xc0bfbebdbcbbbab9\nmore:c1\n",
		"generic processor error");
}

static void pci_bus(void **state)
{
	uint8_t *p = start_vendor(bus, 72);

	(void)state;
	memcpy(p, "\xff\x01\0\0\0\0\0\0", 8);
	memcpy(p + 16, "\x03\0", 2);
	body_is("validation_bits=0x1ff\nerror_status=0x100f0e0d0c0b0a09\n"
		"error_type=3 (master abort)\nbus=0x13\nsegment=0x14\n"
		"bus_address=0x201f1e1d1c1b1a19\nbus_data=0x2827262524232221\n"
		"bus_command=0x302f2e2d2c2b2a29\n"
		"requestor_id=0x3837363534333231\n"
		"completer_id=0x403f3e3d3c3b3a39\n"
		"target_id=0x4847464544434241\n",
		"PCI bus error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bits),
		cmocka_unit_test(generic_processor),
		cmocka_unit_test(pci_bus),
	};

	return cmocka_run_group_tests_name("decode_bits", tests, NULL, NULL);
}
