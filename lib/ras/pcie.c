/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a PCI Express error's section says of its function, from the function's
 * configuration space (PCI Express Base 6.0, 7.5 to 7.8).
 *
 * The one thing to know: that space is a device's, and may be anybody's. Every
 * chain in it is followed for as many steps as it can have, and no more.
 */
#include <sdei/cper.h>

/* Configuration space, by 32-bit words. */
#define ID             0x00
#define COMMAND_STATUS 0x04
#define CLASS          0x08 /* revision below */
#define HEADER_TYPE    0x0c /* bits 22:16 */
#define BUSES          0x18 /* bridges: secondary in 15:8 */
#define BRIDGE_STATUS  0x1c /* secondary status in 31:16 */
#define CAPABILITIES   0x34
#define BRIDGE_CONTROL 0x3c /* in 31:16 */
#define EXTENDED       0x100
#define END            0x1000

#define STATUS_CAPABILITIES (1u << 20) /* of COMMAND_STATUS */
#define CAPABILITY_PCIE     0x10
#define EXTENDED_AER        0x0001
#define EXTENDED_SERIAL     0x0003
#define CHAIN_MAX           48 /* capabilities of 4 bytes in 192 */
#define EXTENDED_CHAIN_MAX  960

/* The AER capability, by 32-bit words (7.8.4). */
#define AER_UNCORRECTED 1
#define AER_SEVERITY    3
#define AER_CORRECTED   4
/* Errors to report if the function has none: they need no further data. */
#define AER_RECEIVER_ERROR     (1u << 0)  /* corrected */
#define AER_COMPLETION_TIMEOUT (1u << 14) /* non-fatal */
#define AER_DATA_LINK          (1u << 4)  /* fatal */

struct function {
	sdei_pcie_read *read;
	void *context;
};

static uint32_t get(const struct function *f, unsigned offset)
{
	return f->read(f->context, offset & ~3u);
}

/* A capability's offset, or 0. */
static unsigned find_capability(const struct function *f, unsigned id)
{
	unsigned at = get(f, CAPABILITIES) & 0xfc;

	if (!(get(f, COMMAND_STATUS) & STATUS_CAPABILITIES))
		return 0;
	for (unsigned n = 0; at >= 0x40 && n < CHAIN_MAX; n++) {
		const uint32_t word = get(f, at);

		if ((word & 0xff) == id)
			return at;
		at = word >> 8 & 0xfc;
	}
	return 0;
}

static unsigned find_extended(const struct function *f, unsigned id)
{
	unsigned at = EXTENDED;

	for (unsigned n = 0; at >= EXTENDED && n < EXTENDED_CHAIN_MAX; n++) {
		const uint32_t word = get(f, at);

		if (!word || word == UINT32_MAX)
			return 0;
		if ((word & 0xffff) == id)
			return at;
		at = word >> 20 & 0xffc;
	}
	return 0;
}

/* Whole words, as many as there are up to the end of their space. */
static void copy(const struct function *f, unsigned at, unsigned end, void *to,
		 size_t bytes)
{
	for (size_t i = 0; i < bytes && at + i < end; i += 4) {
		const uint32_t word = get(f, at + (unsigned)i);

		__builtin_memcpy((uint8_t *)to + i, &word, sizeof(word));
	}
}

static void fill_bridge(const struct function *f, struct sdei_cper_pcie *p)
{
	if ((get(f, HEADER_TYPE) >> 16 & 0x7f) != 1)
		return;
	p->valid |= SDEI_PCIE_HAS_BRIDGE;
	p->id.secondary_bus = (uint8_t)(get(f, BUSES) >> 8);
	p->bridge_secondary_status = (uint16_t)(get(f, BRIDGE_STATUS) >> 16);
	p->bridge_control = (uint16_t)(get(f, BRIDGE_CONTROL) >> 16);
}

static void fill_capability(const struct function *f, struct sdei_cper_pcie *p)
{
	const unsigned at = find_capability(f, CAPABILITY_PCIE);

	if (!at)
		return;
	p->valid |= SDEI_PCIE_HAS_CAPABILITY | SDEI_PCIE_HAS_PORT_TYPE;
	copy(f, at, EXTENDED, p->capability, sizeof(p->capability));
	p->port_type = p->capability[2] >> 4;
	/* Slot implemented, and its number (7.5.3.2, 7.5.3.9). */
	if (p->capability[3] & 1)
		p->id.slot = (uint16_t)(get(f, at + 0x14) >> 19 << 3);
}

static void fill_serial(const struct function *f, struct sdei_cper_pcie *p)
{
	const unsigned at = find_extended(f, EXTENDED_SERIAL);

	if (!at)
		return;
	p->valid |= SDEI_PCIE_HAS_SERIAL;
	p->serial_lower = get(f, at + 4);
	p->serial_upper = get(f, at + 8);
}

/* As the function has it; an error that it has not noticed itself is added. */
static void fill_aer(const struct function *f, struct sdei_cper_pcie *p,
		     unsigned severity)
{
	const unsigned at = find_extended(f, EXTENDED_AER);
	uint32_t aer[sizeof(p->aer) / 4] = { 0 };

	if (!at)
		return;
	p->valid |= SDEI_PCIE_HAS_AER;
	copy(f, at, END, aer, sizeof(aer));
	if (severity == SDEI_CPER_CORRECTED && !aer[AER_CORRECTED])
		aer[AER_CORRECTED] = AER_RECEIVER_ERROR;
	else if (severity == SDEI_CPER_RECOVERABLE && !aer[AER_UNCORRECTED])
		aer[AER_UNCORRECTED] = AER_COMPLETION_TIMEOUT;
	else if (severity == SDEI_CPER_FATAL && !aer[AER_UNCORRECTED])
		aer[AER_UNCORRECTED] = AER_DATA_LINK;
	if (severity == SDEI_CPER_FATAL)
		aer[AER_SEVERITY] |= aer[AER_UNCORRECTED];
	__builtin_memcpy(p->aer, aer, sizeof(aer));
}

bool sdei_cper_pcie_function(struct sdei_cper_pcie *section, unsigned severity,
			     sdei_pcie_read *read, void *context)
{
	const struct function f = { read, context };
	const uint32_t id = get(&f, ID), class = get(&f, CLASS);

	if (id == UINT32_MAX || !id)
		return false;
	section->valid |= SDEI_PCIE_HAS_ID | SDEI_PCIE_HAS_COMMAND |
			  SDEI_PCIE_HAS_VERSION;
	section->version.major = 1;
	section->command = (uint16_t)get(&f, COMMAND_STATUS);
	section->status = (uint16_t)(get(&f, COMMAND_STATUS) >> 16);
	section->id.vendor_id = (uint16_t)id;
	section->id.device_id = (uint16_t)(id >> 16);
	section->id.class_code[0] = (uint8_t)(class >> 8);
	section->id.class_code[1] = (uint8_t)(class >> 16);
	section->id.class_code[2] = (uint8_t)(class >> 24);
	fill_bridge(&f, section);
	fill_capability(&f, section);
	fill_serial(&f, section);
	fill_aer(&f, section, severity);
	return true;
}
