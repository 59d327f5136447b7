/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's `sbsa-ref`: what EL3 needs of it beside hardware.h. */
#include <el3/gic_registers.h>
#include <el3/hooks.h>
#include <mmio.h>
#include <platform.h>

/* The embedded controller's only register. */
#define EC_COMMAND  PLAT_EC_BASE
#define EC_POWEROFF 1
#define EC_REBOOT   2

/* All redistributors are in one region, which ends with the last PE's. */
unsigned platform_pes(void)
{
	uint64_t frame = PLAT_GICR_BASE;
	unsigned n = 1;

	for (; !(mmio_read64(frame + GICR_TYPER) & GICR_TYPER_LAST); n++)
		frame += PLAT_GICR_STRIDE;
	return n;
}

static void __attribute__((noreturn)) command(uint32_t value)
{
	mmio_write32(EC_COMMAND, value);
	for (;;)
		__asm__ volatile("wfi");
}

void platform_power_off(void)
{
	command(EC_POWEROFF);
}

void platform_reset(void)
{
	command(EC_REBOOT);
}
