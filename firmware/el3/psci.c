/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PSCI (Arm DEN0022F; section numbers are its own): which PE is on, and what
 * each call answers. SDEI's side of a power change is taken care of here, in
 * one place: events are masked and private ones forgotten when a PE comes on,
 * masked when it wakes (DEN0054C 6.5).
 */
#include "psci.h"

#include "dispatch.h"
#include "gic.h"
#include "live.h"
#include "hooks.h"
#include "interrupt.h"
#include "takeover.h"
#include "watch.h"

#include <platform.h>

#include <ras.h>

#define VERSION           0x84000000
#define CPU_SUSPEND       0x84000001
#define CPU_OFF           0x84000002
#define CPU_ON            0x84000003
#define AFFINITY_INFO     0x84000004
#define MIGRATE_INFO_TYPE 0x84000006
#define SYSTEM_OFF        0x84000008
#define SYSTEM_RESET      0x84000009
#define FEATURES          0x8400000A
#define SYSTEM_SUSPEND    0x8400000E
#define SMCCC_VERSION     0x80000000
#define SMC64             (1u << 30)

#define SUCCESS            0
#define NOT_SUPPORTED      (-1)
#define INVALID_PARAMETERS (-2)
#define DENIED             (-3)
#define ALREADY_ON         (-4)
#define ON_PENDING         (-5)
#define INVALID_ADDRESS    (-9)

/* power_state of CPU_SUSPEND, original format (5.4.2). */
#define POWER_DOWN     (1u << 16)
#define POWER_LEVEL    (3u << 24)
#define POWER_RESERVED 0xFCFE0000u

#define NO_MIGRATION 2 /* 5.9: no Trusted OS */

static spinlock lock;

enum power psci_power(unsigned pe)
{
	return (enum power)__atomic_load_n(&pe_of(pe)->power, __ATOMIC_ACQUIRE);
}

static void set_power(struct pe *pe, enum power power)
{
	__atomic_store_n(&pe->power, (uint32_t)power, __ATOMIC_RELEASE);
}

void psci_boot(void)
{
	set_power(pe_of(0), POWER_ON);
}

/* Start the client on this PE, as after a reset. */
static _Noreturn void start_client(uint64_t entry_point, uint64_t context_id)
{
	struct sdei_context context;

	cpu_reset_client(&context, entry_point, context_id);
	el3_enter(&context);
}

void psci_wait_off(void)
{
	struct pe *pe = this_pe();

	/* Interrupts of ours that reach us here are still served. */
	while (psci_power(pe->index) != POWER_ON_PENDING) {
		__asm__ volatile("wfi");
		interrupt_serve();
	}
	__atomic_store_n(&pe->leave, false, __ATOMIC_RELAXED);
	gic_client_interrupts(1);
	dispatch_on(pe->index);
	set_power(pe, POWER_ON);
	watch_masked(CPU_ON | SMC64, pe->entry_point);
	live_note(TRACE_POWER, TRACE_POWER_ON, pe->entry_point);
	start_client(pe->entry_point, pe->context_id);
}

/* Some PE that is on, beside this one; or this one if there is none. */
static unsigned another_on(unsigned self)
{
	for (unsigned i = 0; i < machine_pe_count(); i++)
		if (i != self && psci_power(i) == POWER_ON)
			return i;
	return self;
}

static void __attribute__((noreturn)) cpu_off(void)
{
	struct pe *pe = this_pe();

	watch_off();
	dispatch_off(pe->index);
	gic_client_interrupts(0);
	spin_lock(&lock);
	set_power(pe, POWER_OFF);
	gic_route_ours(another_on(pe->index));
	spin_unlock(&lock);
	live_note(TRACE_POWER, TRACE_POWER_OFF);
	ras_pe_off(pe->index);
	el3_start_over(psci_wait_off);
}

void psci_leave(void)
{
	if (__atomic_load_n(&this_pe()->leave, __ATOMIC_ACQUIRE))
		cpu_off();
}

/* 5.1.4: an entry point that the client could not execute. */
static bool bad_entry(uint64_t entry_point)
{
	return entry_point % 4 != 0 || !dispatch_in_ram(entry_point);
}

/* PE index of an affinity value as PSCI passes it, or -1. */
static int find_pe(uint64_t affinity)
{
	for (unsigned i = 0; i < machine_pe_count(); i++)
		if (machine_affinity(i) == affinity)
			return (int)i;
	return -1;
}

/* 5.6 */
static int64_t cpu_on(uint64_t affinity, uint64_t entry_point,
		      uint64_t context_id)
{
	int index = find_pe(affinity);
	int64_t result = SUCCESS;
	struct pe *pe;

	if (index < 0)
		return INVALID_PARAMETERS;
	if (bad_entry(entry_point))
		return INVALID_ADDRESS;
	pe = pe_of((unsigned)index);
	spin_lock(&lock);
	switch (psci_power((unsigned)index)) {
	case POWER_OFF:
		pe->entry_point = entry_point;
		pe->context_id = context_id;
		takeover_pe_on(pe);
		set_power(pe, POWER_ON_PENDING);
		break;
	case POWER_ON_PENDING:
		result = ON_PENDING;
		break;
	default:
		result = ALREADY_ON;
		break;
	}
	spin_unlock(&lock);
	if (result == SUCCESS)
		gic_kick((unsigned)index);
	return result;
}

/* 5.7 */
static int64_t affinity_info(uint64_t affinity, uint64_t level)
{
	int index = find_pe(affinity);

	if (index < 0 || level != 0)
		return INVALID_PARAMETERS;
	return machine_psci_state((unsigned)index);
}

/* Sleep until an interrupt of the client is pending; serve ours meanwhile. */
static void sleep(void)
{
	while (!gic_client_pending()) {
		__asm__ volatile("wfi");
		interrupt_serve();
		psci_leave();
	}
}

static _Noreturn void power_down(uint64_t entry_point, uint64_t context_id)
{
	struct pe *pe = this_pe();

	dispatch_suspend(pe->index);
	set_power(pe, POWER_SUSPENDED);
	watch_masked(CPU_SUSPEND | SMC64, entry_point);
	live_note(TRACE_POWER, TRACE_POWER_SUSPENDED);
	sleep();
	set_power(pe, POWER_ON);
	live_note(TRACE_POWER, TRACE_POWER_RESUMED, entry_point);
	start_client(entry_point, context_id);
}

/* 5.4 */
static int64_t cpu_suspend(uint64_t power_state, uint64_t entry_point,
			   uint64_t context_id)
{
	if ((uint32_t)power_state & (POWER_RESERVED | POWER_LEVEL))
		return INVALID_PARAMETERS;
	if (!((uint32_t)power_state & POWER_DOWN)) {
		__asm__ volatile("wfi");
		return SUCCESS;
	}
	if (bad_entry(entry_point))
		return INVALID_ADDRESS;
	/* The handler could not go on where it was (DEN0054C 6.5.4). */
	if (dispatch_in_handler(machine_self()))
		return DENIED;
	power_down(entry_point, context_id);
}

/* 5.20: only with every other PE off. */
static int64_t system_suspend(uint64_t entry_point, uint64_t context_id)
{
	unsigned self = machine_self();

	for (unsigned i = 0; i < machine_pe_count(); i++)
		if (i != self && psci_power(i) != POWER_OFF)
			return DENIED;
	if (bad_entry(entry_point))
		return INVALID_ADDRESS;
	power_down(entry_point, context_id);
}

/* 5.15 */
static int64_t features(uint32_t fid)
{
	switch (fid) {
	case VERSION:
	case CPU_SUSPEND: /* original format, 5.15.2 */
	case CPU_SUSPEND | SMC64:
	case CPU_OFF:
	case CPU_ON:
	case CPU_ON | SMC64:
	case AFFINITY_INFO:
	case AFFINITY_INFO | SMC64:
	case MIGRATE_INFO_TYPE:
	case SYSTEM_OFF:
	case SYSTEM_RESET:
	case FEATURES:
	case SYSTEM_SUSPEND:
	case SYSTEM_SUSPEND | SMC64:
	case SMCCC_VERSION:
		return SUCCESS;
	default:
		return NOT_SUPPORTED;
	}
}

static int64_t serve(uint32_t fid, uint64_t x1, uint64_t x2, uint64_t x3)
{
	switch (fid) {
	case VERSION:
		return 0x00010001;
	case CPU_SUSPEND:
	case CPU_SUSPEND | SMC64:
		return cpu_suspend(x1, x2, x3);
	case CPU_OFF:
		cpu_off();
	case CPU_ON:
	case CPU_ON | SMC64:
		return cpu_on(x1, x2, x3);
	case AFFINITY_INFO:
	case AFFINITY_INFO | SMC64:
		return affinity_info(x1, x2);
	case MIGRATE_INFO_TYPE:
		return NO_MIGRATION;
	case SYSTEM_OFF:
		platform_power_off();
	case SYSTEM_RESET:
		platform_reset();
	case FEATURES:
		return features((uint32_t)x1);
	case SYSTEM_SUSPEND:
	case SYSTEM_SUSPEND | SMC64:
		return system_suspend(x1, x2);
	default:
		return NOT_SUPPORTED;
	}
}

void psci_call(struct sdei_context *c)
{
	uint32_t fid = (uint32_t)c->x[0];
	/* 32-bit calls see the lower halves of the registers (SMCCC 2.5). */
	uint64_t width = fid & SMC64 ? ~UINT64_C(0) : UINT64_C(0xFFFFFFFF);

	c->x[0] = (uint64_t)serve(fid, c->x[1] & width, c->x[2] & width,
				  c->x[3] & width);
}
