/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine for EINJ's requests, and a kernel that makes them. */
#ifndef EINJ_RIG_H
#define EINJ_RIG_H

#include "apei_world.h"

#define REGISTERS (CLIENT + 0x1000)
#define TARGET    (REGISTERS + SDEI_EINJ_TARGET)
#define ADDRESS   0x50005040ull
#define MASK      0xfffffffffffff000ull
#define SBDF      0x01021b00u /* 1:02:03.3 */
#define PES       4

static const uint8_t vendor_guid[16] = { 1, 2, 3, [15] = 16 };
static const uint8_t platform_guid[16] = { 9, 8, 7, [15] = 99 };

static unsigned reports;
static _Alignas(8) uint8_t reported[SDEI_RECORD_MAX];
static enum sdei_einj_status answer;

static const struct sdei_record *record(void)
{
	return (const struct sdei_record *)reported;
}

static int processor(void *context, const uint32_t *uid,
		     struct sdei_cper_processor *section)
{
	assert_ptr_equal(context, client);
	assert_int_equal(section->error_count, 1);
	section->mpidr = 0x100 + (uid ? *uid : 2);
	return !uid ? 2 : *uid < PES ? (int)*uid : -1;
}

static bool address(void *context, uint64_t at)
{
	assert_ptr_equal(context, client);
	return at - 0x40000000 < 0x20000000;
}

/* What else a function says of itself. */
static uint64_t port_valid;
static uint32_t port_type;

static bool device(void *context, uint32_t sbdf, struct sdei_cper_pcie *section)
{
	assert_ptr_equal(context, client);
	section->id.vendor_id = 0x1b36;
	section->valid |= port_valid;
	section->port_type = port_type;
	section->id.slot = 7 << 3;
	section->id.class_code[1] = 4;
	section->id.class_code[2] = 6;
	memset(section->capability, 0x55, sizeof(section->capability));
	return sbdf == SBDF;
}

static enum sdei_einj_status report(void *context, struct sdei_record *r,
				    size_t room)
{
	assert_ptr_equal(context, client);
	assert_int_equal(room, SDEI_RECORD_MAX);
	assert_null(sdei_record_wrong(r, r->size));
	assert_in_range(r->sections, 1, 8);
	/* So that all of it must be there. */
	memset((uint8_t *)r + r->size, 0xee, room - r->size);
	memcpy(reported, r, room);
	reports++;
	return answer;
}

static const struct sdei_einj_ops einj_ops = { processor, address, device,
					       report };

static struct sdei_einj_config config;
static _Alignas(8) uint8_t request[SDEI_RECORD_MAX];

static int setup(void **state)
{
	(void)state;
	start_world();
	config = (struct sdei_einj_config){
		.record = (struct sdei_record *)request,
		.registers = REGISTERS,
		.types = 0x80000fff,
		.types2 = 7,
		.vendor_bytes = 20,
		.vendor_sbdf = SBDF,
		.vendor_id = 0x1234,
		.vendor_device = 0x5678,
		.vendor_revision = 9,
		.ops = &ops,
		.einj = &einj_ops,
		.context = client,
	};
	memcpy(config.vendor_guid, vendor_guid, 16);
	memcpy(config.platform_guid, platform_guid, 16);
	reports = 0;
	port_valid = 0;
	answer = SDEI_EINJ_SUCCESS;
	assert_true(sdei_einj_publish(&config));
	return 0;
}

static void components(unsigned count, ...)
{
	va_list list;

	va_start(list, count);
	put(TARGET + 42, count, 2);
	for (unsigned i = 0; i < count; i++) {
		put(TARGET + 44 + 32 * i, va_arg(list, uint64_t), 8);
		put(TARGET + 52 + 32 * i, 0, 8);
		put(TARGET + 60 + 32 * i, va_arg(list, uint64_t), 8);
		put(TARGET + 68 + 32 * i, 0, 8);
	}
	va_end(list);
}
#define C(id, syndrome) (uint64_t)(id), (uint64_t)(syndrome)

/* What Linux does: the target, execute, busy until it is not; the status. */
static uint64_t ring(void)
{
	put(REGISTERS + SDEI_EINJ_BUSY, 1, 8);
	put(REGISTERS + SDEI_EINJ_STATUS, 77, 8);
	sdei_einj_serve(&config);
	assert_int_equal(get(REGISTERS + SDEI_EINJ_BUSY, 8), 0);
	assert_int_equal(get(REGISTERS + SDEI_EINJ_TYPE, 8), 0);
	assert_int_equal(get(TARGET, 4), 0);
	return get(REGISTERS + SDEI_EINJ_STATUS, 8);
}

static uint64_t einj(uint32_t type, uint32_t flags)
{
	put(TARGET, type, 4);
	put(TARGET + 8, flags, 4);
	return ring();
}

static void target(uint32_t pe, uint64_t at, uint32_t sbdf)
{
	put(TARGET + 12, pe, 4);
	put(TARGET + 16, at, 8);
	put(TARGET + 24, MASK, 8);
	put(TARGET + 32, sbdf, 4);
}

/* Corrected, uncorrected, fatal; as UEFI 2.10 N.2.1 numbers them. */
static const uint8_t severities[] = { 2, 0, 1 };

static const void *section(unsigned index, enum sdei_section_kind kind,
			   unsigned severity)
{
	const struct sdei_section *s = NULL;

	for (unsigned i = 0; i <= index; i++)
		s = sdei_record_next(record(), s);
	assert_non_null(s);
	assert_int_equal(s->kind, kind);
	assert_int_equal(s->severity, severity);
	return sdei_section_body(s);
}

#endif
