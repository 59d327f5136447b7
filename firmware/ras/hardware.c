/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The three things that error reporting needs of the machine it runs on and that
 * machine.h does not give. The unit tests bring their own instead of this file.
 */
#include <ras/internal.h>
#include <platform.h>

/* EL3's map is one to one; memory below RAM's base is mapped as device. */
void *ras_memory(uint64_t address)
{
	return (void *)(uintptr_t)address;
}

uint64_t ras_midr(void)
{
	uint64_t midr;

	__asm__("mrs %0, midr_el1" : "=r"(midr));
	return midr;
}

/* PL031, RTCDR. Reading it touches neither the alarm nor its mask. */
uint32_t ras_time(void)
{
	return *(const volatile uint32_t *)PLAT_RTC_BASE;
}
