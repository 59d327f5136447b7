/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stranger's program for QEMU's `virt`, at EL1: links the dispatcher and the client
 * as installed, asks the one for SDEI_VERSION, calls through the other's functions by
 * pointers, prints what comes, and ends the machine. With BTI and pointer
 * authentication on (start.S): a landing pad that is not there ends it as well.
 */
#include <sdei/client.h>
#include <sdei/dispatcher.h>
#include <sdei/version.h>

#define UART            ((volatile uint32_t *)0x09000000)
#define PSCI_SYSTEM_OFF 0x84000008u

void *memset(void *to, int byte, size_t size)
{
	volatile uint8_t *p = to;

	while (size--)
		*p++ = (uint8_t)byte;
	return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
	volatile uint8_t *p = to;
	const uint8_t *f = from;

	while (size--)
		*p++ = *f++;
	return to;
}

static void print(const char *what, uint64_t value)
{
	int shift;

	while (*what)
		*UART = (uint8_t)*what++;
	for (shift = 60; shift >= 0; shift -= 4)
		*UART = (uint8_t)"0123456789abcdef"[value >> shift & 0xf];
	*UART = '\n';
}

static uint64_t read(void *context, unsigned pe, enum sdei_client_register reg)
{
	(void)context, (void)pe, (void)reg;
	return 0;
}

static void resume(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	(void)context, (void)pe, (void)elr, (void)spsr;
}

static void kick(void *context, unsigned target)
{
	(void)context, (void)target;
}

static int pe_of(void *context, uint64_t affinity)
{
	(void)context;
	return affinity ? -1 : 0;
}

static const struct sdei_event_info events[] = {
	{ .number = 0, .type = SDEI_TYPE_PRIVATE, .signalable = true },
};
static const struct sdei_ops ops = {
	.read = read,
	.resume = resume,
	.kick = kick,
	.pe_of_affinity = pe_of,
};
static const struct sdei_config config = {
	.events = events,
	.event_count = 1,
	.pe_count = 1,
	.client_el = 1,
	.version_minor = 1,
	.vendor_version = 0x51,
	.ops = &ops,
};
static _Alignas(64) uint8_t memory[4096];

/* For the compiler it may be any function. */
static int64_t (*volatile by_pointer)(uint64_t, uint64_t, uint64_t, uint64_t,
				      uint64_t, uint64_t) = sdei_hvc;

void stranger_exception(uint64_t syndrome);
void stranger_main(void);

void stranger_exception(uint64_t syndrome)
{
	print("exception ", syndrome);
	sdei_hvc(PSCI_SYSTEM_OFF, 0, 0, 0, 0, 0);
}

void stranger_main(void)
{
	struct sdei_context frame = { .x = { SDEI_FID_VERSION },
				      .pstate = 0x5 }; /* EL1h */
	struct sdei_dispatcher *d;
	const char *why = "";

	UART[12] = 0x101; /* UARTCR: enabled, transmits */
	print("library ", sdei_library_version());
	d = sdei_dispatcher_init(memory, sizeof(memory), &config, &why);
	if (d) {
		sdei_pe_on(d, 0);
		sdei_call(d, 0, &frame);
	}
	print("dispatcher ", frame.x[0]);
	print("client ", sdei_client_size(&(struct sdei_client_config){ 0 }));
	print("conduit ",
	      (uint64_t)by_pointer(SDEI_FID_VERSION, 0, 0, 0, 0, 0));
	by_pointer(PSCI_SYSTEM_OFF, 0, 0, 0, 0, 0);
}
