/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher's embedding: its memory, its operations, its birth.
 */
#include "dispatch.h"

#include "gic.h"
#include "live.h"
#include "pe.h"
#include "takeover.h"
#include "trace.h"

#include <events.h>
#include <handoff.h>
#include <platform.h>
#include <ras.h>

/* Without the PEs' parts, which are in their pages. */
static _Alignas(64) uint8_t memory[SDEI_COMMON_BOUND(
	PLAT_MAX_PES, PLATFORM_PRIVATES, PLATFORM_SHAREDS, 1020)];
static struct sdei_dispatcher *dispatcher;
static unsigned pe_count;
static struct handoff handed_over;

#define read_sysreg(name) \
	({ \
		uint64_t value_; \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)); \
		value_; \
	})

static uint64_t read_client_el2(void *context, unsigned pe,
				enum sdei_client_register reg)
{
	(void)context, (void)pe;
	switch (reg) {
	case SDEI_SCTLR_ELC:
		return read_sysreg(sctlr_el2);
	case SDEI_VBAR_ELC:
		return read_sysreg(vbar_el2);
	case SDEI_HCR_EL2:
		return read_sysreg(hcr_el2);
	case SDEI_GCSCR_ELC:
		return read_sysreg(S3_4_C2_C5_0);
	}
	panic("the dispatcher asked for register %u", reg);
}

static uint64_t read_client_el1(void *context, unsigned pe,
				enum sdei_client_register reg)
{
	(void)context, (void)pe;
	switch (reg) {
	case SDEI_SCTLR_ELC:
		return read_sysreg(sctlr_el1);
	case SDEI_VBAR_ELC:
		return read_sysreg(vbar_el1);
	case SDEI_GCSCR_ELC:
		return read_sysreg(S3_0_C2_C5_0);
	default:
		panic("the dispatcher asked for register %u", reg);
	}
}

static void resume_el2(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	(void)context, (void)pe;
	__asm__ volatile("msr elr_el2, %0\n"
			 "msr spsr_el2, %1"
			 :
			 : "r"(elr), "r"(spsr));
}

static void resume_el1(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	(void)context, (void)pe;
	__asm__ volatile("msr elr_el1, %0\n"
			 "msr spsr_el1, %1"
			 :
			 : "r"(elr), "r"(spsr));
}

static void kick(void *context, unsigned target)
{
	(void)context;
	gic_kick(target);
}

int dispatch_pe_of_affinity(uint64_t affinity)
{
	uint64_t pe = (affinity >> 8 << PLAT_CLUSTER_SHIFT) + (affinity & 0xff);

	if ((affinity & 0xff) >> PLAT_CLUSTER_SHIFT || affinity >> 16 ||
	    pe >= pe_count)
		return -1;
	return (int)pe;
}

static int pe_of_affinity(void *context, uint64_t affinity)
{
	(void)context;
	return dispatch_pe_of_affinity(affinity);
}

static int interrupt_check(void *context, uint32_t interrupt)
{
	(void)context;
	return gic_bind_check(interrupt);
}

static void interrupt_take(void *context, unsigned pe, uint32_t interrupt)
{
	(void)context;
	gic_bind_take(interrupt, pe);
}

static void interrupt_end(void *context, unsigned pe, uint32_t interrupt)
{
	(void)context;
	gic_deactivate(interrupt, pe);
}

static void interrupt_give(void *context, uint32_t interrupt)
{
	(void)context;
	gic_bind_give(interrupt);
}

static void reset_pe(void *context, unsigned pe, bool shared)
{
	(void)context, (void)pe;
	takeover_reset(shared);
	if (shared)
		ras_client_reset();
}

static void entered(void *context, unsigned pe, uint32_t number,
		    const struct sdei_context *interrupted)
{
	(void)context;
	trace_enter(this_pe()->trace, number, sdei_pc(interrupted),
		    sdei_pstate(interrupted));
	ras_entered(number, pe);
}

static void completed(void *context, unsigned pe, uint32_t number,
		      enum sdei_ending how, uint32_t status)
{
	(void)context, (void)status;
	trace_complete(this_pe()->trace, number, how);
	ras_completed(number, pe);
}

/* clang-format off */
#define OPS(el) { \
	.read = read_client_el##el, \
	.resume = resume_el##el, \
	.kick = kick, \
	.pe_of_affinity = pe_of_affinity, \
	.interrupt_check = interrupt_check, \
	.interrupt_take = interrupt_take, \
	.interrupt_end = interrupt_end, \
	.interrupt_give = interrupt_give, \
	.reset = reset_pe, \
	.entered = entered, \
	.completed = completed, \
}
/* clang-format on */

static const struct sdei_ops ops_el1 = OPS(1);
static const struct sdei_ops ops_el2 = OPS(2);

unsigned dispatch_minor(void)
{
	return handed_over.flags & BOOT_HANDOFF_ABI_1_0 ? 0 : 1;
}

static void make_dispatcher(void)
{
	struct sdei_config config = {
		.events = platform_events,
		.event_count = PLATFORM_EVENTS,
		.private_slots = BOOT_HANDOFF_PRIVATE(handed_over.flags),
		.shared_slots = BOOT_HANDOFF_SHARED(handed_over.flags),
		.interrupt_count = gic_interrupt_count(),
		.pe_count = machine_pe_count(),
		.client_el = cpu_client_el(),
		.version_minor = dispatch_minor(),
		.features = cpu_sdei_features(),
		.ops = cpu_client_el() == 2 ? &ops_el2 : &ops_el1,
		.pe_memory = pe_of(0)->sdei_memory,
		.pe_stride = PE_STRIDE,
	};
	const char *why;

	pe_count = config.pe_count;
	dispatcher = sdei_dispatcher_init(memory, sizeof(memory), &config,
					  &why);
	if (!dispatcher)
		panic("no dispatcher: %s", why);
	for (unsigned pe = 0; pe < machine_pe_count(); pe++) {
		pe_of(pe)->dispatcher = dispatcher;
		pe_of(pe)->sdei = sdei_pe(dispatcher, pe);
		pe_of(pe)->sdei_block = SDEI_FID_FIRST / 32;
	}
}

int64_t dispatch_handoff(const struct handoff *handoff)
{
	bool acpi = handoff->flags & BOOT_HANDOFF_ACPI;

	if (dispatcher ||
	    BOOT_HANDOFF_PRIVATE(handoff->flags) > PLAT_PRIVATE_SLOTS ||
	    BOOT_HANDOFF_SHARED(handoff->flags) > PLAT_SHARED_SLOTS ||
	    !live_size(BOOT_HANDOFF_TRACE_KIB(handoff->flags),
		       handoff->ram_size))
		return -1;
	handed_over = *handoff;
	make_dispatcher();
	sdei_pe_on(dispatcher, machine_self());
	ras_start(dispatcher, acpi);
	if (handoff->flags & BOOT_HANDOFF_TRACE)
		live_own(handoff->flags & BOOT_HANDOFF_TRACE_ON);
	if (acpi)
		gic_take_spi(PLAT_IRQ_RTC, machine_self());
	return 0;
}

struct sdei_dispatcher *dispatch_instance(void)
{
	return dispatcher;
}

const struct handoff *dispatch_handed_over(void)
{
	return &handed_over;
}

bool dispatch_owns_rtc(void)
{
	return handed_over.flags & BOOT_HANDOFF_ACPI;
}

bool dispatch_in_ram(uint64_t address)
{
	return !dispatcher || machine_is_ram(address);
}

void dispatch_on(unsigned pe)
{
	if (dispatcher)
		sdei_pe_on(dispatcher, pe);
}

void dispatch_off(unsigned pe)
{
	if (dispatcher)
		sdei_pe_off(dispatcher, pe);
}

/* The calling PE's frame, while so many handlers run on it: context.h. */
static struct sdei_context *frame_of_call(unsigned pe, unsigned handlers)
{
	return (struct sdei_context *)((uintptr_t)pe_of(pe) -
				       (handlers + 1) * FRAME_ROOM);
}

/*
 * Handlers that will never end leave their frames on the stack. It begins anew
 * with this call's, or a client that comes again and again in this way would fill it.
 */
void dispatch_abandon(unsigned pe)
{
	struct sdei_context *frame;

	if (!dispatch_in_handler(pe)) {
		dispatch_off(pe);
		return;
	}
	frame = frame_of_call(pe, sdei_pe_handlers(dispatcher, pe));
	dispatch_off(pe);
	frame->go_on = (struct sdei_context *)FRAME_RESTART;
}

void dispatch_suspend(unsigned pe)
{
	if (dispatcher)
		sdei_pe_suspend(dispatcher, pe);
}

bool dispatch_in_handler(unsigned pe)
{
	return dispatcher && sdei_pe_in_handler(dispatcher, pe);
}
