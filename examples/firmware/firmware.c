/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest EL3 firmware with SDEI, as docs/dispatcher.md has the steps, for one PE of
 * QEMU's xlnx-versal-virt. It starts what was loaded at PAYLOAD and answers its calls.
 * Event 0 is all that it has itself; the client may bind interrupts.
 */
#include "machine.h"

#include <sdei/dispatcher.h>

#define SLOTS 2 /* bound interrupts of each type: what 6.3 asks for */
_Static_assert(offsetof(struct sdei_context, pc) == 144, "start.S: FRAME_PC");

static struct sdei_dispatcher *dispatcher;

static _Noreturn void stop(const char *text)
{
	for (; *text; text++) {
		while (reg32(UART_BASE + 0x18) & 1 << 5) /* UARTFR.TXFF */
			;
		reg32(UART_BASE) = (uint32_t)*text;
	}
	for (;;)
		__asm__ volatile("wfi");
}

/* An exception in EL3 itself, or a trap to it that nobody has asked for. */
void firmware_panic(struct sdei_context *frame)
{
	stop("firmware: an exception that nobody serves\r\n");
}

/* A compiler calls these, and would in here, too, were it not for volatile. */
void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((volatile char *)to)[i] = ((const char *)from)[i];
	return to;
}

void *memset(void *to, int byte, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((volatile char *)to)[i] = (char)byte;
	return to;
}

static uint64_t read_client(void *context, unsigned pe,
			    enum sdei_client_register reg)
{
	return reg == SDEI_SCTLR_ELC  ? read_sysreg(sctlr_el2)
	       : reg == SDEI_VBAR_ELC ? read_sysreg(vbar_el2)
				      : read_sysreg(hcr_el2);
}

static void resume(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	write_sysreg(elr_el2, elr);
	write_sysreg(spsr_el2, spsr);
}

/* Never called for the calling PE, and there is no other. */
static void kick(void *context, unsigned target)
{
}

static int pe_of_affinity(void *context, uint64_t affinity)
{
	return affinity == 0 ? 0 : -1;
}

static void make_dispatcher(void)
{
	static _Alignas(64) uint8_t
		memory[SDEI_DISPATCHER_BOUND(1, 1 + SLOTS, SLOTS, INTERRUPTS)];
	/* Number 0, private, of normal priority. */
	static const struct sdei_event_info event_0 = { .signalable = true };
	static const struct sdei_ops ops = {
		.read = read_client,
		.resume = resume,
		.kick = kick,
		.pe_of_affinity = pe_of_affinity,
		.interrupt_check = gic_check,
		.interrupt_take = gic_take,
		.interrupt_end = gic_end,
		.interrupt_give = gic_give,
	};
	const struct sdei_config config = {
		.events = &event_0,
		.event_count = 1,
		.private_slots = SLOTS,
		.shared_slots = SLOTS,
		.interrupt_count = INTERRUPTS,
		.pe_count = 1,
		.client_el = 2,
		.version_minor = 1,
		.ops = &ops, /* features: a Cortex-A72 has none of these */
	};
	const char *why;

	dispatcher = sdei_dispatcher_init(memory, sizeof(memory), &config,
					  &why);
	if (!dispatcher)
		stop(why);
}

void firmware_start(struct sdei_context *frame)
{
	gic_start();
	make_dispatcher();
	sdei_pe_on(dispatcher, 0);
	frame->pc = PAYLOAD;
	frame->pstate = 0x3c9; /* EL2h, everything masked */
}

/* PSCI, as little of it as a payload can do with. */
static uint64_t other_call(const struct sdei_context *frame)
{
	switch (frame->x[0]) {
	case 0x84000000: /* PSCI_VERSION */
		return 0x10000;
	case 0xc4000004: /* AFFINITY_INFO: PE 0 is on, no other is there */
		return (uint64_t)(frame->x[1] ? SDEI_INVALID_PARAMETERS : 0);
	case 0x84000008: /* SYSTEM_OFF: this machine cannot */
		stop("firmware: off\r\n");
	default:
		return (uint64_t)SDEI_NOT_SUPPORTED;
	}
}

void firmware_sync(struct sdei_context *frame)
{
	uint64_t class = read_sysreg(esr_el3) >> 26 & 0x3f;

	if (class != 0x17 && class != 0x13) /* SMC by AArch64, by AArch32 */
		firmware_panic(frame);
	else if (sdei_is_call(frame->x[0]))
		sdei_call(dispatcher, 0, frame);
	else
		frame->x[0] = other_call(frame);
}

/* A bound interrupt: it stays active until its handler has ended, see gic_end(). */
void firmware_fiq(struct sdei_context *frame)
{
	uint32_t interrupt = (uint32_t)read_sysreg(S3_0_C12_C8_0); /* IAR0 */

	if (interrupt >= INTERRUPTS) /* it has gone by itself */
		return;
	write_sysreg(S3_0_C12_C8_1, interrupt); /* EOIR0: drops the priority */
	if (!sdei_take_interrupt(dispatcher, 0, interrupt, frame))
		gic_end(NULL, 0, interrupt);
}
