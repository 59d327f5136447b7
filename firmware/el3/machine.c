/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What machine.h promises to the rest of the firmware: PEs, time, locks, and
 * the way out when the firmware itself is wrong.
 */
#include "gic.h"
#include "pe.h"
#include "hooks.h"
#include "psci.h"

#include <platform.h>
#include <print.h>

unsigned machine_self(void)
{
	return this_pe()->index;
}

bool machine_pe_is_on(unsigned pe)
{
	return pe < machine_pe_count() && psci_power(pe) == POWER_ON;
}

unsigned machine_psci_state(unsigned pe)
{
	switch (psci_power(pe)) {
	case POWER_OFF:
		return 1;
	case POWER_ON_PENDING:
		return 2;
	default:
		return 0;
	}
}

uint64_t machine_affinity(unsigned pe)
{
	const uint64_t cluster = pe >> PLAT_CLUSTER_SHIFT;

	return cluster << 8 | (pe & ((1u << PLAT_CLUSTER_SHIFT) - 1));
}

uint64_t machine_time(void)
{
	uint64_t ticks;

	__asm__ volatile("isb\n"
			 "mrs %0, cntpct_el0"
			 : "=r"(ticks)
			 :
			 : "memory");
	return ticks;
}

uint64_t machine_time_hz(void)
{
	uint64_t hz;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
	return hz;
}

bool machine_pe_has_sgi(unsigned pe)
{
	return gic_has_sgi(pe);
}

void spin_lock(spinlock *lock)
{
	while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&lock->taken, __ATOMIC_RELAXED))
			;
}

bool spin_try(spinlock *lock)
{
	return !__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE);
}

void spin_unlock(spinlock *lock)
{
	__atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
}

void console_printf(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	uart_vprintf(PLAT_UART0_BASE, format, args);
	va_end(args);
}

void refuse(const char *format, ...)
{
	va_list args;

	console_printf("opensdei: ");
	va_start(args, format);
	uart_vprintf(PLAT_UART0_BASE, format, args);
	va_end(args);
	console_printf("\n");
	platform_power_off();
}

void panic(const char *format, ...)
{
	va_list args;

	console_printf("opensdei: panic on PE %u: ", machine_self());
	va_start(args, format);
	uart_vprintf(PLAT_UART0_BASE, format, args);
	va_end(args);
	console_printf("\n");
	for (;;)
		__asm__ volatile("wfi");
}
