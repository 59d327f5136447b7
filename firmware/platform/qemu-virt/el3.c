/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's `virt`: what EL3 needs of it beside hardware.h. */
#include <el3/hooks.h>
#include <mmio.h>
#include <platform.h>

/* A PL061 (Arm DDI 0190), whose lines QEMU wires to itself. */
#define GPIO_DIR       (PLAT_GPIO_BASE + 0x400)
#define GPIO_DATA(pin) (PLAT_GPIO_BASE + (0x4u << (pin)))
#define PIN_POWEROFF   0
#define PIN_RESET      1

/* fw_cfg's item 5, two bytes, the lower one first. */
unsigned platform_pes(void)
{
	volatile uint8_t *data = (uint8_t *)PLAT_FWCFG_BASE;
	unsigned low;

	*(volatile uint16_t *)(PLAT_FWCFG_BASE + 8) = __builtin_bswap16(5);
	low = *data;
	return low | (unsigned)*data << 8;
}

/* A rising edge on a line. */
static void __attribute__((noreturn)) pull(unsigned pin)
{
	mmio_write32(GPIO_DIR, 1u << pin);
	mmio_write32(GPIO_DATA(pin), 0);
	mmio_write32(GPIO_DATA(pin), 1u << pin);
	for (;;)
		__asm__ volatile("wfi");
}

void platform_power_off(void)
{
	pull(PIN_POWEROFF);
}

void platform_reset(void)
{
	pull(PIN_RESET);
}
